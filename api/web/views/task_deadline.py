"""A task's due date explained day by day, as it is read and printed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from api.web import law
from api.web.language import named
from api.web.page import Answer, Shown, show
from api.web.visit import Visit
from engine.rules.calendar import REASONS, Reason
from engine.rules.explanation import PROPOSED, Mark
from engine.service import identity
from engine.service.clock import explain
from engine.service.clock.explained import CountedDay, DeadlineView

#: which clock a date is of
CLOCKS: Mapping[str, Any] = {
    "item": _l("事项的法定时钟"),
    "step": _l("本环节的法定期限"),
    "review": _l("联审的期限"),
}
TERMS: Mapping[str, Any] = {"promised": _l("承诺时限"), "statutory": _l("法定时限")}


def look(visit: Visit) -> Answer:
    """Show the explanation."""
    told = explain.explain(visit.work, visit.path["task"])
    return Shown(
        "task_deadline.html.jinja",
        {
            "section": "/tasks",
            "told": told,
            "clock_word": CLOCKS[told.clock],
            "terms": TERMS,
            "noted_by": identity.called(visit.work, told.start.noted_by),
            "calendar_word": calendar_word,
            "count_word": lambda day: count_word(told, day),
            "source": source,
        },
    )


def calendar_word(day: CountedDay) -> str:
    """Return what the calendar says of a day."""
    return named(day.name) if day.name else named(REASONS[Reason(day.kind)])


def count_word(told: DeadlineView, day: CountedDay) -> str:
    """Return what a day is to the count."""
    stop = told.stops[day.stop - 1] if day.stop else None
    words: Mapping[str, str] = {
        Mark.START: _("%(start)s，当日不计", start=named(told.start.words)),
        Mark.COUNTED: _("第 %(n)s 天", n=day.number),
        Mark.EXTENDED: _("第 %(n)s 天（延长期内）", n=day.number),
        Mark.REST: _("休息日，不计"),
        Mark.STOPPED: _("中止，不计：%(reason)s", reason=named(stop.words) if stop else ""),
        Mark.RESUMED: _("恢复当日，不计"),
        Mark.ROLLED: _("最后一天是休息日，顺延"),
    }
    return words[day.mark]


def source(text: str) -> str:
    """Return a law and its article in the page's language, or that a rule is a default of ours."""
    return _("默认规则") if text == PROPOSED else law.law(text)


PAGES = (show("task_deadline", "/tasks/<name:task>/deadline", look, "task_deadline"),)
