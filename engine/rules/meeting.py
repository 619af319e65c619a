"""When and where a meeting of departments (联审会) can be held, and why not at another time.

Pure: what is taken already (rooms, people) is an argument, times are in the service's time zone.
The lead time and the deadline are those of joint reviews (`engine/rules/joint_review.py`); office
hours are a default of ours (proposed).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, tzinfo

from engine.errors import Conflict, Invalid
from engine.rules.calendar import BusinessCalendar
from engine.rules.deadline import DayUnit, due_on
from engine.rules.joint_review import ReviewRules

#: how long a meeting may take, in hours: longer is a mistake in a date
LONGEST_HOURS = 12


@dataclass(frozen=True, slots=True)
class MeetingRules:
    """Within which hours dates are proposed, as data per city (proposed)."""

    morning_from: time = time(9, 0)
    morning_to: time = time(12, 0)
    afternoon_from: time = time(14, 0)
    afternoon_to: time = time(17, 30)
    #: minutes between two beginnings that are tried
    step_minutes: int = 30
    #: how many dates are proposed
    proposals: int = 3

    def __post_init__(self) -> None:
        """Refuse hours that never pass. Raises Invalid."""
        if self.step_minutes < 1 or self.proposals < 1:
            raise Invalid("city.yaml: meetings.step_minutes and proposals are 1 at least")

    @property
    def hours(self) -> tuple[tuple[time, time], ...]:
        """The hours of a working day."""
        return (
            (self.morning_from, self.morning_to),
            (self.afternoon_from, self.afternoon_to),
        )


class Booked(Conflict):
    """The room or a representative is taken at that time."""

    code = "booked"
    remedy = "Choose another time or room, or another representative; proposals name free ones."


@dataclass(frozen=True, slots=True)
class Slot:
    """A time from one instant until another; it ends before the second."""

    starts_at: datetime
    ends_at: datetime

    def overlaps(self, other: Slot) -> bool:
        """Tell whether both take the same moment; one may begin when the other ends."""
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at


@dataclass(frozen=True, slots=True)
class Taken:
    """A meeting that takes a room, None for none of the city's, and people."""

    slot: Slot
    title: str
    room: int | None = None
    people: frozenset[str] = frozenset()
    meeting: int = 0


@dataclass(frozen=True, slots=True)
class FreeRoom:
    """A room that can be taken; seats 0 where nobody has counted them."""

    id: int
    name: str
    seats: int = 0


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a meeting needs: how long, for whom, in which rooms, until when.

    Notice goes out on `noticed_on`; nothing before `not_before` is proposed.
    """

    noticed_on: date
    deadline_on: date
    not_before: datetime
    minutes: int
    people: frozenset[str] = frozenset()
    seats: int = 0
    rooms: tuple[FreeRoom, ...] = ()


@dataclass(frozen=True, slots=True)
class Proposal:
    """A time that suits, and the rooms free then, the smallest that will do first."""

    starts_at: datetime
    ends_at: datetime
    rooms: tuple[FreeRoom, ...]


@dataclass(frozen=True, slots=True)
class Unsuited:
    """A day, or a time of it, that does not suit; `reason` is a code, `detail` names what."""

    on: date
    starts_at: datetime | None
    reason: str
    text: str
    detail: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Proposals:
    """The first times that suit, and why each earlier one does not."""

    found: tuple[Proposal, ...]
    unsuited: tuple[Unsuited, ...]


# -- one meeting -------------------------------------------------------------------------------


def check_slot(slot: Slot, now: datetime) -> None:
    """Raise Invalid for a meeting that ends before it starts, takes days, or is past."""
    if slot.ends_at <= slot.starts_at:
        raise Invalid("a meeting ends after it starts", field="ends_at")
    if slot.ends_at - slot.starts_at > timedelta(hours=LONGEST_HOURS):
        raise Invalid(f"a meeting takes {LONGEST_HOURS} hours at most", field="ends_at")
    if slot.starts_at <= now:
        raise Invalid("the meeting would have begun already", field="starts_at")


def deadline_on(
    calendar: BusinessCalendar,
    noticed_on: date,
    rules: ReviewRules,
    *,
    complex_case: bool,
    still: Iterable[date] = (),
) -> date:
    """The day by which opinions are due, however the round is held.

    `still`: dates on which the clock of the project stood still since, which do not count.
    """
    days = rules.complex_opinion_days if complex_case else rules.opinion_days
    return due_on(calendar, noticed_on, days, DayUnit.WORKING, not_counted=frozenset(still))


def days_until(
    calendar: BusinessCalendar, given_on: date, on: date, still: Iterable[date] = ()
) -> int:
    """Working days after a day until another, but for those on which the clock stood still.

    So many days make a task that was given on the one due on the other.
    """
    lost = [day for day in set(still) if given_on < day <= on and calendar.is_working_day(day)]
    return calendar.between(given_on, on) - len(lost)


def check_deadline(meeting_on: date, deadline: date) -> None:
    """Raise Invalid for a meeting after the day by which opinions are due."""
    if meeting_on > deadline:
        text = f"opinions are due on {deadline}: the meeting cannot be after that"
        raise Invalid(text, field="starts_at", deadline_on=str(deadline))


def check_free(slot: Slot, room: int | None, people: Iterable[str], taken: Iterable[Taken]) -> None:
    """Raise Booked where the room or somebody is taken at that time."""
    wanted = frozenset(people)
    for each in taken:
        if not each.slot.overlaps(slot):
            continue
        if room is not None and each.room == room:
            text = f"the room is taken by {each.title!r}"
            raise Booked(text, field="room", meeting=each.meeting)
        both = sorted(wanted & each.people)
        if both:
            text = f"{', '.join(both)} takes part in {each.title!r} at that time"
            raise Booked(text, field="representatives", meeting=each.meeting, people=both)


# -- proposals ---------------------------------------------------------------------------------


def propose(
    calendar: BusinessCalendar,
    rules: ReviewRules,
    hours: MeetingRules,
    wanted: Wanted,
    taken: Iterable[Taken],
    zone: tzinfo,
) -> Proposals:
    """Return the first times and rooms that suit, none overlapping another."""
    known = tuple(taken)
    found: list[Proposal] = []
    unsuited: list[Unsuited] = []
    for on in days(wanted):
        reason = day_reason(calendar, rules, wanted, on)
        if reason is not None:
            unsuited.append(reason)
            continue
        for slot in slots(hours, on, wanted.minutes, zone):
            if found and slot.starts_at < found[-1].ends_at:
                continue
            looked = look(wanted, slot, on, known)
            if isinstance(looked, Unsuited):
                unsuited.append(looked)
                continue
            found.append(looked)
            if len(found) == hours.proposals:
                return Proposals(tuple(found), tuple(unsuited))
    return Proposals(tuple(found), tuple(unsuited))


def days(wanted: Wanted) -> Iterator[date]:
    """Yield every day from the notice to the deadline."""
    for more in range(1, (wanted.deadline_on - wanted.noticed_on).days + 1):
        yield wanted.noticed_on + timedelta(days=more)


def day_reason(
    calendar: BusinessCalendar, rules: ReviewRules, wanted: Wanted, on: date
) -> Unsuited | None:
    """Return why no meeting can be on a day; None where one can."""
    if not calendar.is_working_day(on):
        why = calendar.day(on).reason
        return Unsuited(on, None, "rest_day", f"no working day: {why}", {"day": str(why)})
    earliest = calendar.add(wanted.noticed_on, rules.notice_days)
    if on < earliest:
        text = f"notice comes {rules.notice_days} working days ahead: {earliest} at the earliest"
        return Unsuited(on, None, "lead_time", text, {"earliest_on": str(earliest)})
    return None


def slots(hours: MeetingRules, on: date, minutes: int, zone: tzinfo) -> Iterator[Slot]:
    """Yield the times of a day within office hours, so many minutes long."""
    length, step = timedelta(minutes=minutes), timedelta(minutes=hours.step_minutes)
    for begins, ends in hours.hours:
        at, last = datetime.combine(on, begins, zone), datetime.combine(on, ends, zone)
        while at + length <= last:
            yield Slot(at, at + length)
            at += step


def look(wanted: Wanted, slot: Slot, on: date, taken: tuple[Taken, ...]) -> Proposal | Unsuited:
    """Return a time as a proposal, or why it does not suit."""
    here = [each for each in taken if each.slot.overlaps(slot)]
    for reason in REASONS:
        found = reason(wanted, slot, here)
        if found is not None:
            code, text, detail = found
            return Unsuited(on, slot.starts_at, code, text, detail)
    return Proposal(slot.starts_at, slot.ends_at, free_rooms(wanted, here))


def free_rooms(wanted: Wanted, here: Iterable[Taken]) -> tuple[FreeRoom, ...]:
    """Return the rooms that are free and large enough, the smallest first."""
    busy = {each.room for each in here}
    free = [each for each in wanted.rooms if each.id not in busy and seats(each, wanted)]
    return tuple(sorted(free, key=lambda each: (each.seats, each.id)))


def seats(room: FreeRoom, wanted: Wanted) -> bool:
    """Tell whether a room holds everybody; one whose seats nobody counted does."""
    return room.seats == 0 or room.seats >= wanted.seats


Why = tuple[str, str, dict[str, str]] | None


def is_past(wanted: Wanted, slot: Slot, _here: list[Taken]) -> Why:
    """A time that has passed."""
    return ("past", "it has passed", {}) if slot.starts_at <= wanted.not_before else None


def people_busy(wanted: Wanted, _slot: Slot, here: list[Taken]) -> Why:
    """Somebody who is to come takes part in another meeting."""
    busy = {name: each for each in here for name in wanted.people & each.people}
    if not busy:
        return None
    names = ", ".join(sorted(busy))
    title = min(each.title for each in busy.values())
    text = f"{names} takes part in {title!r}"
    return "person_busy", text, {"people": names, "title": title}


def rooms_busy(wanted: Wanted, _slot: Slot, here: list[Taken]) -> Why:
    """Every room is taken or too small; nothing where the city has named none."""
    if not wanted.rooms or free_rooms(wanted, here):
        return None
    if not any(seats(each, wanted) for each in wanted.rooms):
        return "no_seats", f"no room has {wanted.seats} seats", {"seats": str(wanted.seats)}
    return "rooms_busy", "every room that is large enough is taken", {}


REASONS: tuple[Callable[[Wanted, Slot, list[Taken]], Why], ...] = (
    is_past,
    people_busy,
    rooms_busy,
)
