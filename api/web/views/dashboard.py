"""The dashboard: what is mine, what is late, where the city's cases are, what is at risk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l

from api.web.language import named
from api.web.page import Answer, Shown, show
from api.web.track import track
from api.web.views import project_entries
from api.web.views.coaching import OF_CENTRE
from api.web.views.inbox import GROUPS
from api.web.views.inbox_wanted import usual
from api.web.visit import Visit
from engine.rules.light import Light
from engine.service import dashboard, inbox, inbox_facets, reminders
from engine.service.clock import news
from engine.service.clock.news import Moved
from engine.service.coaching import register
from engine.service.dashboard import CITY, INBOXES, Trend
from engine.service.inbox import InboxRow
from engine.service.inbox_query import ALL, MINE, Wanted
from engine.service.supervision import cards
from engine.service.supervision.card_rows import CardView
from engine.service.views import Page

SCOPES: Mapping[str, Any] = {"mine": _l("我的"), "department": _l("本部门"), "city": _l("全市")}
TASKS, RISKS, HOLDERS, CARDS = 9, 6, 8, 3
#: the city's goal for decisions in time, in percent
TARGET_PERCENT = 95


def look(visit: Visit) -> Answer:
    """Show the dashboard of a scope."""
    offered = dashboard.scopes(visit.work.actor)
    chosen = visit.argument("scope", dict.fromkeys(offered)) or first(visit, offered)
    group = visit.argument("light", GROUPS) or "all"
    seen = dashboard.show(visit.work, chosen, risks=RISKS)
    of_inbox = INBOXES[chosen]
    tasks = inbox.find(visit.work, Wanted(of_inbox, group=group), limit=TASKS)
    values = {
        "section": "/",
        "seen": seen,
        "tasks": Page(paused_last(tasks.items), tasks.next),
        "inbox_scope": of_inbox,
        "scopes": [(each, SCOPES[each], None) for each in offered],
        "groups": [(each, word, seen.counts[each]) for each, word in GROUPS.items()],
        "group": group,
        "tracks": {
            row.id: track(row.day, row.forecast_counted_days, row.counted_days)
            for row in seen.risks
        },
        "late": late(visit, of_inbox),
        "cards": asked(visit),
        "reminders": reminders.own(visit.work),
        "moved_dates": moved(visit),
        "chart": chart(seen.trend),
        "target": TARGET_PERCENT,
        "asked_of": asked_of(visit),
        "cause": project_entries.cause,
        "own": {place for _role, place in visit.work.actor.roles if place},
    }
    return Shown("dashboard.html.jinja", values)


def moved(visit: Visit) -> list[tuple[Moved, str]]:
    """Return the dates that moved of late in the visitor's own projects, in words."""
    found = news.of_applicant(visit.work)
    return [(each, project_entries.moved(each.event, named(each.item_name))) for each in found]


def asked(visit: Visit) -> list[CardView]:
    """Return the cards whose cause the visitor is to name."""
    return cards.awaiting(visit.work, CARDS) if cards.answers_for_some(visit.work.actor) else []


def first(visit: Visit, offered: tuple[str, ...]) -> str:
    """Return the scope that opens: one's own tasks, or the city for who has none by their role."""
    wanted = CITY if usual(visit) == ALL else MINE
    return wanted if wanted in offered else offered[0]


def asked_of(visit: Visit) -> str:
    """Return how an address names the one whose questions wait here, '' where of several."""
    places = sorted(register.answering(visit.work.actor))
    return (places[0] or OF_CENTRE) if len(places) == 1 else ""


def paused_last(rows: Sequence[InboxRow]) -> list[InboxRow]:
    """Return rows with those last whose clock stands still: they wait for nobody here."""
    return sorted(rows, key=lambda row: row.light is Light.PAUSED)


def late(visit: Visit, scope: str) -> list[tuple[str, int]]:
    """Return whom overdue tasks lie with, and how many; the most first."""
    found = inbox_facets.late_by_department(visit.work, scope)
    known = [(place, number) for place, number in found.items() if place]
    return sorted(known, key=lambda each: (-each[1], each[0]))[:HOLDERS]


def chart(trend: Trend) -> dict[str, Any]:
    """Return the trend as the chart's options."""
    values = [None if each.percent is None else round(each.percent, 1) for each in trend.months]
    known = [each for each in values if each is not None]
    lowest = min([*known, TARGET_PERCENT], default=0)
    return {
        "labels": [month(each.month_on) for each in trend.months],
        "series": [{"name": str(_l("按期办结率")), "values": values}],
        "target": TARGET_PERCENT,
        "unit": "%",
        "min": int(max(0, lowest - 5) // 5 * 5),
        "max": 100,
    }


def month(on: date) -> str:
    """Return a month as axes name it."""
    return f"{on.year % 100:02}-{on.month:02}"


PAGES = (show("dashboard", "/", look, "list_tasks"),)
