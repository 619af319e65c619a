"""The first times and rooms that suit a meeting, with the reason each earlier one does not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from engine.errors import Invalid
from engine.rules import meeting as rules
from engine.rules.meeting import LONGEST_HOURS, FreeRoom, Taken, deadline_on
from engine.service import access, deployments
from engine.service.review import bookings, meetings, postponing, rooms, rounds, sheet
from engine.service.review.meetings import Line
from engine.service.review.rounds import NewRound
from engine.service.work import Work

SHORTEST_MINUTES = 15


@dataclass(frozen=True, slots=True)
class Ask:
    """What a meeting is to be about: an agenda to be planned, or a meeting to be moved.

    `minutes` 0 is the city's default; `room` only this one, `people` must be free.
    """

    agenda: tuple[Line, ...] = ()
    meeting: int | None = None
    minutes: int = 0
    room: int | None = None
    people: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ProposalView:
    """A time that suits, and the rooms free then, the smallest that will do first."""

    starts_at: datetime
    ends_at: datetime
    rooms: list[FreeRoom]


@dataclass(frozen=True, slots=True)
class UnsuitedView:
    """A day, or a time of it, that does not suit, and why."""

    on: date
    starts_at: datetime | None
    reason: str
    text: str


@dataclass(frozen=True, slots=True)
class ProposalsView:
    """What suits, in order, until the day opinions are due; and what before it does not."""

    deadline_on: date
    proposals: list[ProposalView] = field(default_factory=list)
    unsuited: list[UnsuitedView] = field(default_factory=list)


def propose(work: Work, ask: Ask) -> ProposalsView:
    """Return when and where a meeting can be. Raises Invalid, NotFound, Forbidden, Conflict."""
    minutes = ask.minutes or work.rules.joint_review.meeting_minutes
    if not SHORTEST_MINUTES <= minutes <= LONGEST_HOURS * 60:
        text = f"minutes must be {SHORTEST_MINUTES} to {LONGEST_HOURS * 60}"
        raise Invalid(text, field="minutes")
    last, people, seats = of_meeting(work, ask) if ask.meeting else of_agenda(work, ask)
    wanted = rules.Wanted(
        noticed_on=work.today,
        deadline_on=last,
        not_before=work.now,
        minutes=minutes,
        people=frozenset(people) | frozenset(ask.people),
        seats=seats,
        rooms=offered(work, ask.room),
    )
    found = rules.propose(
        work.calendar,
        work.rules.joint_review,
        work.rules.meetings,
        wanted,
        taken(work, last, ask.meeting),
        work.settings.zone,
    )
    proposals = [ProposalView(x.starts_at, x.ends_at, list(x.rooms)) for x in found.found]
    unsuited = [UnsuitedView(x.on, x.starts_at, x.reason, x.text) for x in found.unsuited]
    return ProposalsView(last, proposals, unsuited)


Needs = tuple[date, Iterable[str], int]


def of_agenda(work: Work, ask: Ask) -> Needs:
    """Return until when, for whom and for how many a meeting about an agenda is to be."""
    meetings.check_agenda(ask.agenda)
    rounds.check_lead(work, meetings.lead_of(work, ask.agenda))
    asked = {name for each in ask.agenda for name in departments(work, each)}
    calendar, review = work.calendar, work.rules.joint_review
    last = min(
        deadline_on(calendar, work.today, review, complex_case=each.complex_case)
        for each in ask.agenda
    )
    people = ask.people or (work.actor.name,)
    return last, people, len(asked) + 1


def departments(work: Work, given: Line) -> list[str]:
    """Return who would be asked in a round."""
    row = access.row_of(work, given.project)
    built = deployments.deployment(work.db, row["version_id"])
    new = NewRound(given.stage, items=given.items, departments=given.departments)
    items = rounds.covered(work, given.project, built, new)
    return rounds.asked_in(work, items, given.departments, meetings.stage_lead(work, given))


def of_meeting(work: Work, ask: Ask) -> Needs:
    """Return until when, for whom and for how many a planned meeting is to be."""
    view = meetings.planned(work, ask.meeting or 0, None)
    lasts = [
        deadline_on(
            work.calendar,
            row["noticed_on"],
            work.rules.joint_review,
            complex_case=row["complex"],
            still=postponing.still(work, row["project_id"]),
        )
        for row in (sheet.read(work, each.round).row for each in view.agenda)
        if row["state"] == rounds.OPEN
    ]
    people = (view.convenor, *view.representatives.values())
    return min(lasts, default=work.today), people, len(view.departments) + 1


def offered(work: Work, room: int | None) -> tuple[FreeRoom, ...]:
    """Return the rooms a meeting may be in: one, or all."""
    found = [rooms.offered(work, room)] if room else rooms.find(work, active=True)
    return tuple(FreeRoom(each.id, each.name, each.seats) for each in found)


def taken(work: Work, last: date, but: int | None) -> list[Taken]:
    """Return what meetings take from now until the end of a day."""
    until = datetime.combine(last + timedelta(days=1), time(), work.settings.zone)
    return bookings.taken(work, work.now, until, but=but)
