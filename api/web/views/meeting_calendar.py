"""Meetings by month or week, with the days that are no working days, rooms and calendars."""

from __future__ import annotations

import calendar
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from flask_babel import format_date
from flask_babel import gettext as _

from api.permissions import allowed
from api.web import export, review_words
from api.web.export import Column
from api.web.language import CHINESE, language
from api.web.page import Answer, Page, Redirect, Shown, act, show
from api.web.rendering import department_names
from api.web.review_words import MEETING_STATES, WORDS
from api.web.views import calendar_words
from api.web.visit import Visit
from engine.errors import Forbidden
from engine.rules.calendar import Day
from engine.service import views
from engine.service.review import feeds, rooms, schedule, signing
from engine.service.review.feeds import FeedView
from engine.service.review.schedule import MeetingRow, Wanted

SECTION, CALENDAR = "/joint-reviews", "/meetings"
MONTH, WEEK = "month", "week"
#: more meetings than this are not drawn; the export has them
MOST = 200


@dataclass(frozen=True, slots=True)
class Drawn:
    """A day of the calendar with its meetings; `outside` belongs to another month."""

    day: Day
    outside: bool
    meetings: list[MeetingRow]


@dataclass(frozen=True, slots=True)
class Span:
    """What is looked at: a month or a week; what lies beside it, as arguments of the address."""

    kind: str
    first_on: date
    last_on: date
    name: str
    before: str
    after: str
    weeks: list[list[date]]
    month: int


def look(visit: Visit) -> Answer:
    """Show the meetings of a month or a week."""
    span, place = span_of(visit), visit.argument("department")
    zone = visit.work.settings.zone
    begins = datetime.combine(span.first_on, time(), zone)
    ends = datetime.combine(span.last_on + timedelta(days=1), time(), zone)
    wanted = Wanted(begins, ends, place or None)

    def part(cursor: str | None, limit: int) -> views.Page[MeetingRow]:
        return schedule.find(visit.work, wanted, cursor=cursor, limit=limit)

    if export.wanted(visit):
        return export.file(visit, "meetings", columns(visit), export.every(part))
    found = part(None, MOST)
    values = {
        "section": SECTION,
        "span": span,
        "found": found,
        "weeks": weeks(visit, span, found.items),
        "place": place,
        "own": signing.own_departments(visit.actor),
        "feeds": subscriptions(visit),
        "rooms": rooms.find(visit.work, active=True),
        "used": used(found.items),
        "zone": zone,
        "may_plan": visit.actor.has(*allowed("plan_meeting")),
        "may_revoke": visit.actor.has(*allowed("revoke_calendar_feed")),
        "names_of": review_words.names_of(visit),
        **calendar_words.words(),
        **WORDS,
    }
    return Shown("meetings/calendar.html.jinja", values)


# -- what is looked at -----------------------------------------------------------------------------


def span_of(visit: Visit) -> Span:
    """Return the month or week that the address names, this one where it names none."""
    kind = WEEK if visit.argument("view") == WEEK else MONTH
    on = asked_day(visit)
    return week_of(on) if kind == WEEK else month_of(on)


def asked_day(visit: Visit) -> date:
    """Return the day that is asked for, today where it is none of the calendar's."""
    known, text = visit.work.calendar, visit.argument("on")
    try:
        on = date.fromisoformat(text if len(text) > len("2014-10") else f"{text}-01")
    except ValueError:
        return visit.work.today
    inside = known.first_on + timedelta(days=40) <= on <= known.last_on - timedelta(days=40)
    return on if inside else visit.work.today


def month_of(on: date) -> Span:
    """Return a month, in whole weeks."""
    drawn = calendar.Calendar().monthdatescalendar(on.year, on.month)
    first = on.replace(day=1)
    last = (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    return Span(
        MONTH,
        drawn[0][0],
        drawn[-1][-1],
        str(format_date(on, "yyyy 年 M 月" if language() == CHINESE else "MMMM yyyy")),
        f"{first - timedelta(days=1):%Y-%m}",
        f"{last + timedelta(days=1):%Y-%m}",
        drawn,
        on.month,
    )


def week_of(on: date) -> Span:
    """Return a week, Monday first."""
    monday = on - timedelta(days=on.weekday())
    days = [monday + timedelta(days=n) for n in range(7)]
    name = _("%(first)s 至 %(last)s", first=f"{days[0]:%Y-%m-%d}", last=f"{days[-1]:%m-%d}")
    before, after = (str(monday + timedelta(days=n)) for n in (-7, 7))
    return Span(WEEK, days[0], days[-1], str(name), before, after, [days], 0)


def weeks(visit: Visit, span: Span, meetings: Iterable[MeetingRow]) -> list[list[Drawn]]:
    """Return the days that are drawn, each with its meetings."""
    zone, on = visit.work.settings.zone, defaultdict(list)
    for each in meetings:
        on[each.starts_at.astimezone(zone).date()].append(each)
    known = visit.work.calendar

    def drawn(day: date) -> Drawn:
        outside = span.kind == MONTH and day.month != span.month
        return Drawn(known.day(day), outside, on[day])

    return [[drawn(day) for day in week] for week in span.weeks]


def used(meetings: Iterable[MeetingRow]) -> Mapping[int, int]:
    """Return how many meetings take each room."""
    found: dict[int, int] = defaultdict(int)
    for each in meetings:
        if each.room is not None and each.state != schedule.CANCELLED:
            found[each.room] += 1
    return found


# -- subscriptions ---------------------------------------------------------------------------------


def subscriptions(visit: Visit) -> list[FeedView]:
    """Return the calendars that the visitor's departments can be subscribed to by."""
    secret, wanted = visit.service.secret_key, visit.argument("department")
    own = signing.own_departments(visit.actor)
    if not own and wanted and visit.actor.has("coordinator", "supervisor"):
        own = [wanted]
    found = []
    for each in own:
        try:
            found.append(feeds.address(visit.work, secret, each))
        except Forbidden:  # pragma: no cover - one's own department is one's own
            continue
    return found


def revoke(visit: Visit) -> Answer:
    """Give a department's calendar another address."""
    feeds.revoke(visit.work, visit.service.secret_key, visit.text("department"))
    return Redirect(CALENDAR, _("订阅地址已更换，原来的地址不再有效。"))


def back(_visit: Visit) -> Answer:
    """Lead to the calendar."""
    return Redirect(CALENDAR)


def columns(visit: Visit) -> list[Column[MeetingRow]]:
    """Return the columns of the list as a file."""
    names = department_names(visit.work)
    called: Any = review_words.names_of(visit)
    return [
        Column(_("会议"), lambda row: row.title),
        Column(_("开始"), lambda row: row.starts_at),
        Column(_("结束"), lambda row: row.ends_at),
        Column(_("地点"), lambda row: row.room_name or row.place),
        Column(_("牵头部门"), lambda row: names.get(row.lead, row.lead)),
        Column(_("状态"), lambda row: MEETING_STATES[row.state]),
        Column(_("项目"), lambda row: "、".join(row.projects)),
        Column(_("参加部门"), lambda row: called(row.departments)),
    ]


PAGES: tuple[Page, ...] = (
    show("meetings", CALENDAR, look, "list_meetings"),
    act(
        "meeting_feed_revoke", f"{CALENDAR}/feed/revoke", revoke, "revoke_calendar_feed", form=look
    ),
    show("meeting_feed_again", f"{CALENDAR}/feed/revoke", back, "list_meetings"),
)
