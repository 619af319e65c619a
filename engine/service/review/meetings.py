"""Meetings of departments (联审会): planned with an agenda of projects, moved, cancelled, held.

Each place on an agenda is a round of a joint review. Locks are taken in one order: the one of those
who plan meetings, projects by id, the meeting.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from engine.errors import Conflict, Invalid
from engine.rules.joint_review import Mode, check_meeting_day
from engine.rules.meeting import Slot, check_deadline, check_slot, deadline_on
from engine.service import access, deployments
from engine.service.projects import checked
from engine.service.review import (
    bookings,
    guest_letters,
    letters,
    people,
    postponing,
    rooms,
    rounds,
    schedule,
)
from engine.service.review.rounds import NewRound
from engine.service.review.schedule import AgendaView, MeetingView
from engine.service.work import Work

PLACE_LENGTH = 200
#: so many projects on one agenda
MOST_PROJECTS = 50


@dataclass(frozen=True, slots=True)
class Line:
    """A project to be put on an agenda; what it leaves out is as in `NewRound`."""

    project: int
    stage: str
    items: tuple[str, ...] = ()
    departments: tuple[str, ...] = ()
    papers: str = ""
    complex_case: bool = False


@dataclass(frozen=True, slots=True)
class NewMeeting:
    """A meeting to be planned, in one of the city's rooms or at another place.

    `representatives` are users by the department they come for. The convenor, by default who
    plans it, comes too.
    """

    title: str
    starts_at: datetime
    ends_at: datetime
    agenda: tuple[Line, ...]
    room: int | None = None
    place: str = ""
    convenor: str | None = None
    representatives: Mapping[str, str] = field(default_factory=dict)

    @property
    def slot(self) -> Slot:
        """When it is."""
        return Slot(self.starts_at, self.ends_at)


@dataclass(frozen=True, slots=True)
class Changes:
    """What is to be another of a meeting; None stays. `room` 0 is none of the city's rooms."""

    starts_at: datetime | None = None
    ends_at: datetime | None = None
    room: int | None = None
    place: str | None = None
    title: str | None = None


def plan(work: Work, given: NewMeeting) -> int:
    """Plan a meeting, and launch a round of each project on its agenda. Returns its id.

    Raises Invalid naming the field for a day or time that cannot be, Booked where the room or
    somebody is taken, Forbidden, Conflict, NotFound; nothing is written then.
    """
    bookings.lock(work)
    check_agenda(given.agenda)
    lead = lead_of(work, given.agenda)
    rounds.check_lead(work, lead)
    convenor = given.convenor or work.actor.name
    check_convenor(work, convenor, lead)
    check_time(work, given.slot, given.agenda)
    check_place(work, given.room, given.place)
    bookings.check(work, given.slot, given.room, {convenor, *given.representatives.values()})
    row = {
        "title": checked("title", given.title),
        "lead": lead,
        "room_id": given.room,
        "place": given.place.strip(),
        "starts_at": given.starts_at,
        "ends_at": given.ends_at,
        "convenor": convenor,
        "uid": f"{uuid.uuid4()}@lianshen",
    }
    key = schedule.write(work, row)
    launch(work, key, given.slot, given.agenda, 1)
    view = seat(work, key, given.representatives)
    schedule.record(work, key, "meeting.planned", **told(view))
    letters.invite(work, view)
    return key


def add(
    work: Work,
    identifier: int,
    given: Line,
    representatives: Mapping[str, str] | None = None,
    version: int | None = None,
) -> MeetingView:
    """Put one more project on the agenda; whoever comes for a department comes for it too.

    Raises Invalid, Booked, Stale, Forbidden, Conflict for a meeting that is not planned.
    """
    bookings.lock(work)
    before = planned(work, identifier, version)
    check_agenda((*(Line(each.project, each.stage) for each in before.agenda), given))
    if lead_of(work, (given,)) != before.lead:
        raise Invalid(f"another than {before.lead} leads this stage", field="stage")
    slot, newly = Slot(before.starts_at, before.ends_at), dict(representatives or {})
    check_time(work, slot, (given,))
    bookings.check(work, slot, None, newly.values(), but=identifier)
    last = max((each.place for each in before.agenda), default=0)
    launch(work, identifier, slot, (given,), last + 1)
    schedule.lock(work, identifier, version)
    schedule.change(work, identifier)
    view = seat(work, identifier, {**before.representatives, **newly}, but=before.agenda)
    schedule.record(work, identifier, "meeting.agenda_added", project=given.project)
    letters.update(work, view, before)
    guest_letters.update(work, view, before)
    return view


def remove(
    work: Work,
    identifier: int,
    round_id: int,
    reason: str,
    *,
    on_paper: bool = False,
    version: int | None = None,
) -> MeetingView:
    """Take a project off the agenda: its round is given up, or goes on on paper.

    Raises Invalid for a round of another meeting, Conflict for the last one or one that is
    concluded, Stale, Forbidden.
    """
    bookings.lock(work)
    before = planned(work, identifier, version)
    found = next((each for each in before.agenda if each.round == round_id), None)
    if found is None:
        raise Invalid("the round is not on the agenda of this meeting", field="round")
    if len(before.agenda) == 1:
        raise Conflict("the agenda would be empty: cancel the meeting instead")
    postponing.release(work, found, reason, on_paper=on_paper, keep=False)
    schedule.lock(work, identifier, version)
    schedule.change(work, identifier)
    view = schedule.get(work, identifier)
    data = {"project": found.project, "reason": reason, "on_paper": on_paper}
    schedule.record(work, identifier, "meeting.agenda_removed", round=round_id, **data)
    letters.update(work, view, before)
    guest_letters.update(work, view, before)
    return view


def move(work: Work, identifier: int, changes: Changes, version: int | None = None) -> MeetingView:
    """Move a meeting to another time, room or place; its rounds are due on its day then.

    Raises Invalid, Booked, Stale, Forbidden, Conflict for a meeting that is not planned.
    """
    bookings.lock(work)
    before = planned(work, identifier, version)
    slot = Slot(changes.starts_at or before.starts_at, changes.ends_at or before.ends_at)
    room = before.room if changes.room is None else changes.room or None
    place = before.place if changes.place is None else changes.place
    check_slot(slot, work.now)
    check_place(work, room if room != before.room else None, place)
    opened = [each for each in before.agenda if each.state == rounds.OPEN]
    day = day_of(work, slot)
    if day != day_of(work, Slot(before.starts_at, before.ends_at)):
        postponing.check_day(work, opened, day, earlier=slot.starts_at < before.starts_at)
    coming = {before.convenor, *before.representatives.values()}
    bookings.check(work, slot, room, coming, but=identifier)
    postponing.postpone(work, opened, identifier, slot, day)
    schedule.lock(work, identifier, version)
    title = before.title if changes.title is None else checked("title", changes.title)
    values = {"starts_at": slot.starts_at, "ends_at": slot.ends_at, "title": title}
    schedule.change(work, identifier, **values, room_id=room, place=place.strip())
    view = schedule.get(work, identifier)
    schedule.record(work, identifier, "meeting.moved", was=told(before), now=told(view))
    letters.update(work, view, before)
    guest_letters.update(work, view, before)
    return view


def cancel(
    work: Work,
    identifier: int,
    reason: str,
    *,
    on_paper: bool = False,
    version: int | None = None,
) -> MeetingView:
    """Cancel a meeting: its rounds are given up, or go on on paper, as those of standing projects.

    Raises Invalid without a reason, Stale, Forbidden, Conflict for one that is not planned.
    """
    bookings.lock(work)
    before = planned(work, identifier, version)
    if not reason.strip():
        raise Invalid("a meeting is cancelled for a reason", field="reason")
    for each in by_project(before.agenda):
        if each.state == rounds.OPEN:
            postponing.release(work, each, reason, on_paper=on_paper, keep=True)
    schedule.lock(work, identifier, version)
    schedule.change(work, identifier, state=schedule.CANCELLED)
    view = schedule.get(work, identifier)
    schedule.record(work, identifier, "meeting.cancelled", reason=reason, on_paper=on_paper)
    letters.cancel(work, view, reason)
    guest_letters.cancel(work, view, reason)
    return view


def hold(work: Work, identifier: int, version: int | None = None) -> MeetingView:
    """Note that a meeting takes place, once it has begun; nothing of it moves any more.

    Raises Conflict before it begins and for one that is not planned, Stale, Forbidden.
    """
    before = planned(work, identifier, version)
    if work.now < before.starts_at:
        raise Conflict("the meeting has not begun yet", starts_at=before.starts_at)
    schedule.lock(work, identifier, version)
    schedule.change(work, identifier, state=schedule.HELD)
    schedule.record(work, identifier, "meeting.held")
    return schedule.get(work, identifier)


# -- what may be -------------------------------------------------------------------------------


def planned(work: Work, identifier: int, version: int | None) -> MeetingView:
    """Return a planned meeting that the actor may change.

    Raises NotFound, Stale, Forbidden, Conflict; its row is looked at again once it is locked.
    """
    view = schedule.get(work, identifier)
    access.check_version(view.version, version)
    rounds.check_lead(work, view.lead)
    if view.state != schedule.PLANNED:
        raise Conflict(f"the meeting is {view.state}", state=view.state)
    return view


def check_agenda(agenda: Iterable[Line]) -> None:
    """Raise Invalid for an agenda that is empty, too long, or names a round twice."""
    places = [(each.project, each.stage) for each in agenda]
    if not places or len(places) > MOST_PROJECTS:
        raise Invalid(f"an agenda has 1 to {MOST_PROJECTS} projects", field="agenda")
    if len(set(places)) != len(places):
        raise Invalid("a stage of a project is on the agenda twice", field="agenda")


def lead_of(work: Work, agenda: Iterable[Line]) -> str:
    """Return the department that leads all stages of an agenda.

    Raises NotFound for a project, Invalid for a stage there is not, or where several lead.
    """
    leads = {stage_lead(work, each) for each in agenda}
    if len(leads) > 1:
        text = f"one department leads a meeting; these stages have {', '.join(sorted(leads))}"
        raise Invalid(text, field="agenda")
    return leads.pop()


def stage_lead(work: Work, given: Line) -> str:
    """Return the department that leads a stage of a project."""
    row = access.row_of(work, given.project)
    built = deployments.deployment(work.db, row["version_id"])
    found = [each.lead for each in built.procedure.stages if each.id == given.stage]
    if not found:
        raise Invalid(f"the procedure has no stage {given.stage!r}", field="stage")
    return found[0]


def check_convenor(work: Work, name: str, lead: str) -> None:
    """Raise Invalid unless somebody may chair a meeting of a lead: who plans it may."""
    if name != work.actor.name and not people.may_convene(work, name, lead):
        text = f"{name} is neither of {lead}, nor a coordinator, nor the government's head"
        raise Invalid(text, field="convenor")


def check_time(work: Work, slot: Slot, agenda: Iterable[Line]) -> None:
    """Raise Invalid for a time at which rounds that are launched today cannot meet."""
    check_slot(slot, work.now)
    day, rules = day_of(work, slot), work.rules.joint_review
    check_meeting_day(work.calendar, work.today, day, rules)
    for each in agenda:
        last = deadline_on(work.calendar, work.today, rules, complex_case=each.complex_case)
        check_deadline(day, last)


def check_place(work: Work, room: int | None, place: str) -> None:
    """Raise Invalid for a room that is not offered, or a place of too many words."""
    if room is not None:
        rooms.offered(work, room)
    if len(place) > PLACE_LENGTH or not place.isprintable():
        text = f"a place has {PLACE_LENGTH} printable characters at most"
        raise Invalid(text, field="place")


def day_of(work: Work, slot: Slot) -> date:
    """Return the day a meeting begins on, in the service's time zone."""
    return slot.starts_at.astimezone(work.settings.zone).date()


# -- rounds ------------------------------------------------------------------------------------


def launch(work: Work, identifier: int, slot: Slot, agenda: Iterable[Line], first: int) -> None:
    """Launch the rounds of an agenda, their projects locked by id."""
    day = day_of(work, slot)
    places = list(enumerate(agenda, first))
    for place, each in sorted(places, key=lambda pair: pair[1].project):
        given = NewRound(
            each.stage,
            mode=Mode.MEETING,
            items=each.items,
            departments=each.departments,
            papers=each.papers,
            complex_case=each.complex_case,
            meeting=identifier,
            place=place,
            opinion_due_on=day,
        )
        rounds.launch(work, each.project, given)


def seat(
    work: Work,
    identifier: int,
    representatives: Mapping[str, str],
    but: Iterable[AgendaView] = (),
) -> MeetingView:
    """Name who comes for which department, in all rounds of a meeting but those named.

    Raises Invalid for somebody who does not work for the department, or one nobody asks.
    """
    view = schedule.get(work, identifier)
    strange = sorted(set(representatives) - set(view.departments))
    if strange:
        text = f"{', '.join(strange)} does not take part in this meeting"
        raise Invalid(text, field="representatives")
    known = {each.round for each in but}
    for line in by_project(each for each in view.agenda if each.round not in known):
        for each in line.departments:
            if each.department in representatives:
                name = representatives[each.department]
                rounds.represent(work, line.round, each.department, name)
    return schedule.get(work, identifier) if representatives else view


def by_project(agenda: Iterable[AgendaView]) -> list[AgendaView]:
    """Return an agenda in the order in which its projects are locked."""
    return sorted(agenda, key=lambda each: (each.project, each.round))


def told(view: MeetingView) -> dict[str, object]:
    """Return a meeting as the history keeps it."""
    return {
        "title": view.title,
        "lead": view.lead,
        "starts_at": view.starts_at.isoformat(),
        "ends_at": view.ends_at.isoformat(),
        "room": view.room,
        "place": view.where,
        "convenor": view.convenor,
        "rounds": [each.round for each in view.agenda],
    }
