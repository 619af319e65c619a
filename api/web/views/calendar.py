"""The business calendar by year: twelve months, who decided what, and what was published."""

from __future__ import annotations

from flask_babel import gettext as _

from api.permissions import allowed
from api.web import export
from api.web.export import Column
from api.web.language import named
from api.web.page import Answer, Shown, show
from api.web.views import calendar_words
from api.web.views.calendar_words import reason_word
from api.web.visit import Visit
from engine.service import calendars
from engine.service.calendars import ExceptionalDay

REVISIONS = 20


def shown_year(visit: Visit) -> int:
    """Return the year that is asked for: this one where none, or none there is, is."""
    calendar, text = visit.work.calendar, visit.argument("year") or visit.text("year")
    years = range(calendar.first_on.year, calendar.last_on.year + 1)
    asked = int(text) if text.isascii() and text.isdecimal() and len(text) <= len("2050") else 0
    return asked if asked in years else visit.work.today.year


def year(visit: Visit) -> Answer:
    """Show a year of the calendar."""
    work, number = visit.work, shown_year(visit)
    found = calendars.year(work, number)
    if export.wanted(visit):
        return export.file(visit, f"calendar-{number}", columns(), found.days)
    calendar = work.calendar
    values = {
        "found": found,
        "months": calendar_words.months(calendar, number),
        "spans": list(calendar_words.spans(found.days)),
        "years": range(calendar.first_on.year, calendar.last_on.year + 1),
        "revisions": calendars.revisions(
            work, cursor=visit.argument("cursor") or None, limit=REVISIONS
        ),
        "provisional_tasks": calendars.provisional_tasks(work),
        "may_publish": may_publish(visit),
        **calendar_words.words(),
    }
    return Shown("calendar.html.jinja", {"section": "/calendar", **values})


def may_publish(visit: Visit) -> bool:
    """Tell whether the visitor may publish a revision."""
    free = ("coordinator", "") in visit.actor.roles
    return visit.actor.is_admin or (free and visit.actor.has(*allowed("publish_calendar")))


def columns() -> list[Column[ExceptionalDay]]:
    """Return the columns of a year's exceptional days as a file."""
    return [
        Column(_("日期"), lambda day: day.on),
        Column(_("类别"), lambda day: reason_word(day.reason)),
        Column(_("名称"), lambda day: named(day.name)),
        Column(_("是否上班"), lambda day: _("上班") if day.working else _("休息")),
        Column(_("暂定"), lambda day: _("是") if day.provisional else ""),
        Column(_("依据"), lambda day: day.source),
        Column(_("修订号"), lambda day: day.revision),
    ]


PAGES = (show("calendar", "/calendar", year, "get_calendar_year"),)
