"""A joint review is launched: on paper, or as a meeting with several projects on its agenda."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from flask_babel import gettext as _

from api.web import review_words
from api.web.language import named
from api.web.page import Answer, Page, Redirect, Shown, act, show
from api.web.rendering import department_names
from api.web.review_words import WORDS
from api.web.views import review_agenda
from api.web.views.review_agenda import Chosen, is_key
from api.web.views.review_points import SECTION
from api.web.visit import Visit
from engine.errors import Conflict, Invalid
from engine.rules.joint_review import Mode
from engine.service.review import candidates, meetings, proposals, rooms, rounds, schedule
from engine.service.review.meetings import NewMeeting
from engine.service.review.proposals import Ask, ProposalsView
from engine.service.review.rounds import NewRound
from engine.service.review.schedule import MeetingView
from engine.service.review.sheet import APPLICANT

LAUNCH, PLAN = "/joint-reviews/new", "/meetings/new"
#: the radio button of a time of one's own
OWN = "own"


@dataclass(frozen=True, slots=True)
class Slot:
    """When and where a meeting is to be."""

    starts_at: datetime
    ends_at: datetime
    room: int | None
    place: str = ""


def form(visit: Visit) -> Answer:
    """Ask for everything that a round or a meeting needs; keep what was typed."""
    meeting = meeting_of(visit)
    agenda = review_agenda.chosen(visit)
    lead = meeting.lead if meeting else agenda[0].stage.lead if agenda else ""
    on_agenda = {each.offer.id for each in agenda}
    text = sought(visit)
    found = candidates.search(visit.work, text, lead) if text else []
    names = department_names(visit.work)
    values = {
        "section": SECTION,
        "action": PLAN if visit.here.startswith(PLAN) else LAUNCH,
        "meeting": meeting,
        "mode": mode_of(visit, meeting),
        "agenda": agenda,
        "lead": lead,
        "q": text,
        "found": [each for each in found if each.id not in on_agenda],
        "others": [(code, name) for code, name in names.items() if code not in {lead, APPLICANT}],
        "proposed": proposed(visit, agenda, meeting),
        "rooms": [(each.id, room_word(each)) for each in rooms.find(visit.work, active=True)],
        "rules": visit.work.rules.joint_review,
        "title": title(agenda),
        "zone": visit.work.settings.zone,
        "names_of": review_words.names_of(visit),
        **WORDS,
    }
    return Shown("review/launch.html.jinja", values)


def sought(visit: Visit) -> str:
    """Return what projects are searched for: not any more once one was found and chosen."""
    typed = visit.text("more") if visit.text("then") in {"", "search"} else ""
    return typed or visit.argument("q")


def meeting_of(visit: Visit) -> MeetingView | None:
    """Return the planned meeting that one more project is put on the agenda of."""
    key = visit.argument("meeting") or visit.text("meeting")
    return schedule.get(visit.work, int(key)) if is_key(key) else None


def mode_of(visit: Visit, meeting: MeetingView | None) -> str:
    """Return how the round is to be held."""
    if meeting is not None or (visit.here.startswith(PLAN) and not visit.form):
        return Mode.MEETING
    wanted = visit.text("mode") or visit.argument("mode")
    return wanted if wanted in tuple(Mode) else Mode.CIRCULATE


def title(agenda: Sequence[Chosen]) -> str:
    """Return what the meeting is called where nobody says."""
    if not agenda:
        return ""
    stage, names = named(agenda[0].stage.name), [each.offer.name for each in agenda]
    if len(names) == 1:
        return str(_("%(project)s联审会", project=names[0]))
    return str(_("%(stage)s阶段联审会（%(n)s 个项目）", stage=stage, n=len(names)))


def room_word(room: rooms.RoomView) -> str:
    """Return a room with its seats."""
    return str(_("%(name)s（%(n)s 座）", name=room.name, n=room.seats)) if room.seats else room.name


def proposed(
    visit: Visit, agenda: Sequence[Chosen], meeting: MeetingView | None
) -> ProposalsView | None:
    """Return the times that suit, where they were asked for."""
    if visit.text("then") != "propose" or not agenda or meeting or visit.error:
        return None
    lines = tuple(each.line() for each in agenda)
    return proposals.propose(visit.work, Ask(lines, minutes=visit.whole("minutes") or 0))


# -- done ------------------------------------------------------------------------------------------


def launch(visit: Visit) -> Answer:
    """Launch what the form asks for, or show it again with what its button asked for."""
    if visit.text("then"):
        return form(visit)
    agenda, meeting = review_agenda.chosen(visit), meeting_of(visit)
    if not agenda:
        raise Invalid("no project is chosen", field="agenda")
    if meeting is not None:
        return joined(visit, agenda, meeting)
    if visit.text("mode") == Mode.MEETING:
        return planned(visit, agenda)
    return circulated(visit, agenda)


def circulated(visit: Visit, agenda: Sequence[Chosen]) -> Answer:
    """Launch a round on paper of each project."""
    due_on = day(visit, "opinion_due_on")
    made = [rounds.launch(visit.work, each.offer.id, on_paper(each, due_on)) for each in agenda]
    return Redirect(f"{SECTION}/{made[0]}", _("联审已发起，各部门收到通知和任务。"))


def on_paper(each: Chosen, due_on: date | None) -> NewRound:
    """Return a round on paper."""
    line = each.line()
    return NewRound(
        line.stage,
        items=line.items,
        departments=line.departments,
        papers=line.papers,
        complex_case=line.complex_case,
        opinion_due_on=due_on,
    )


def planned(visit: Visit, agenda: Sequence[Chosen]) -> Answer:
    """Plan a meeting about the agenda."""
    slot = slot_of(visit)
    given = NewMeeting(
        title=visit.text("title") or title(agenda),
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        agenda=tuple(each.line() for each in agenda),
        room=slot.room,
        place=slot.place,
    )
    key = meetings.plan(visit.work, given)
    return Redirect(f"/meetings/{key}", _("会议已安排，通知已发给各部门。"))


def joined(visit: Visit, agenda: Sequence[Chosen], meeting: MeetingView) -> Answer:
    """Put the projects on the agenda of a meeting that is planned."""
    for each in agenda:
        meetings.add(visit.work, meeting.id, each.line())
    return Redirect(f"/meetings/{meeting.id}", _("已列入议程，通知已更新。"))


def slot_of(visit: Visit) -> Slot:
    """Return the time that was chosen: one that was proposed, or one's own. Raises Invalid."""
    starts, _mark, rest = visit.text("slot").partition("|")
    ends, _mark, room = rest.partition("|")
    if visit.text("slot") in {"", OWN}:
        return own_slot(visit)
    try:
        begin, end = datetime.fromisoformat(starts), datetime.fromisoformat(ends)
    except ValueError as error:
        raise Invalid("the time that was proposed cannot be read", field="starts_at") from error
    if begin.tzinfo is None or end.tzinfo is None:
        raise Conflict("the time that was proposed has no time zone", field="starts_at")
    return Slot(begin, end, int(room) if is_key(room) else None)


def own_slot(visit: Visit) -> Slot:
    """Return the time and place that were typed. Raises Invalid."""
    on = day(visit, "on")
    if on is None:
        raise Invalid("the meeting needs a day", field="starts_at")
    begins, ends = (hour(visit, name) for name in ("from", "to"))
    zone = visit.work.settings.zone
    start, end = (datetime.combine(on, each, zone) for each in (begins, ends))
    return Slot(start, end, visit.whole("room"), visit.text("place"))


def day(visit: Visit, name: str) -> date | None:
    """Return a date that was typed, None for none. Raises Invalid."""
    text = visit.text(name)
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise Invalid(f"{name} must be a date such as 2014-10-16", field=name) from error


def hour(visit: Visit, name: str) -> time:
    """Return a time of the day that was typed. Raises Invalid."""
    try:
        return time.fromisoformat(visit.text(name)).replace(tzinfo=None)
    except ValueError as error:
        field = {"from": "starts_at", "to": "ends_at"}[name]
        raise Invalid("a time is written 09:30", field=field) from error


PAGES: tuple[Page, ...] = (
    show("review_new", LAUNCH, form, "launch_joint_review"),
    act("review_launch", LAUNCH, launch, "launch_joint_review", form=form),
    show("meeting_new", PLAN, form, "plan_meeting"),
    act("meeting_plan", PLAN, launch, "plan_meeting", form=form),
)
