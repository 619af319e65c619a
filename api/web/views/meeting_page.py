"""One meeting: its agenda and who comes; moved, cancelled, held, its agenda changed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from api.web import review_words
from api.web.page import Answer, Page, Redirect, Shown, act, show
from api.web.review_words import WORDS
from api.web.views.review_launch import day, hour, room_word
from api.web.visit import Visit
from engine.service.review import meetings, podium, proposals, rooms, schedule
from engine.service.review.meetings import Changes
from engine.service.review.proposals import Ask, ProposalsView
from engine.service.review.rounds import LEADS
from engine.service.review.schedule import MeetingView

SECTION, CALENDAR = "/joint-reviews", "/meetings"
MEETING = f"{CALENDAR}/<key:meeting>"


def look(visit: Visit) -> Answer:
    """Show a meeting, to its lead with what can be done about it."""
    view = schedule.get(visit.work, visit.path["meeting"])
    zone, actor = visit.work.settings.zone, visit.actor
    leads = actor.has("coordinator") or actor.has(*LEADS, department=view.lead)
    planned = view.state == schedule.PLANNED
    open_rooms = rooms.find(visit.work, active=True) if leads and planned else []
    values = {
        "section": SECTION,
        "view": view,
        "leads": leads and planned,
        "begun": visit.work.now >= view.starts_at,
        "starts": view.starts_at.astimezone(zone),
        "ends": view.ends_at.astimezone(zone),
        "zone": zone,
        "rooms": [(each.id, room_word(each)) for each in open_rooms],
        "people": podium.called(visit.work, view.representatives.values()),
        "proposed": proposed(visit, view),
        "names_of": review_words.names_of(visit),
        **WORDS,
    }
    return Shown("meetings/meeting.html.jinja", values)


def proposed(visit: Visit, view: MeetingView) -> ProposalsView | None:
    """Return other times that suit, where they were asked for."""
    if visit.text("then") != "propose" or visit.error:
        return None
    minutes = int((view.ends_at - view.starts_at).total_seconds() // 60)
    return proposals.propose(visit.work, Ask(meeting=view.id, minutes=minutes))


def move(visit: Visit) -> Answer:
    """Move the meeting to another time, room or place; or say first which times suit."""
    if visit.text("then"):
        return look(visit)
    on, zone = day(visit, "on"), visit.work.settings.zone
    given: dict[str, Any] = {"title": visit.text("title") or None}
    if on is not None:
        given["starts_at"] = datetime.combine(on, hour(visit, "from"), zone)
        given["ends_at"] = datetime.combine(on, hour(visit, "to"), zone)
    given["room"], given["place"] = visit.whole("room") or 0, visit.text("place")
    changes = Changes(**given)
    meetings.move(visit.work, visit.path["meeting"], changes, visit.expected_version)
    return back(visit, _("会议已变更，通知已更新。"))


def cancel(visit: Visit) -> Answer:
    """Cancel the meeting; its rounds go on on paper, or are given up."""
    meetings.cancel(
        visit.work,
        visit.path["meeting"],
        visit.text("reason"),
        on_paper=visit.text("on_paper") == "yes",
        version=visit.expected_version,
    )
    return back(visit, _("会议已取消，通知已发出。"))


def hold(visit: Visit) -> Answer:
    """Note that the meeting takes place."""
    meetings.hold(visit.work, visit.path["meeting"], visit.expected_version)
    return back(visit, _("已记为召开。"))


def remove(visit: Visit) -> Answer:
    """Take a project off the agenda."""
    meetings.remove(
        visit.work,
        visit.path["meeting"],
        visit.whole("round") or 0,
        visit.text("reason"),
        on_paper=visit.text("on_paper") == "yes",
        version=visit.expected_version,
    )
    return back(visit, _("已移出议程，通知已更新。"))


def back(visit: Visit, notice: str = "") -> Redirect:
    """Return to the meeting."""
    return Redirect(f"{CALENDAR}/{visit.path['meeting']}", notice)


VERBS = {
    "move": (move, "move_meeting"),
    "cancel": (cancel, "cancel_meeting"),
    "hold": (hold, "hold_meeting"),
    "remove": (remove, "remove_from_agenda"),
}
PAGES: tuple[Page, ...] = (
    show("meeting", MEETING, look, "get_meeting"),
    *(
        act(f"meeting_{name}", f"{MEETING}/{name}", verb, operation, form=look)
        for name, (verb, operation) in VERBS.items()
    ),
    *(show(f"meeting_{name}_again", f"{MEETING}/{name}", back, "get_meeting") for name in VERBS),
)
