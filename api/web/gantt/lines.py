"""The vertical lines of a running project: today, the target, the window; or its end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from api.web.gantt import telling
from api.web.gantt.activity import Row
from api.web.gantt.count import Count
from api.web.gantt.flags import Line
from api.web.gantt.words import gettext as _

MONTHS = 12


def lines_of(report: Row, count: Count, drawn: Sequence[Row]) -> Iterator[Line]:
    """Yield a project's lines as far as they say something; `drawn` are the rows with bars."""
    yield from now(report, count, drawn)
    if count.suspended_on:
        yield line(count, "paused", count.suspended_on, _("中止"))
    if report["forecast_finish_on"] is not None:
        yield line(count, "target", report["planned_finish_on"], _("计划"))
    if report["window_ends_on"] is not None:
        name = window_name(count.days.start_on, report["window_ends_on"])
        yield line(count, "window", report["window_ends_on"], name)


def now(report: Row, count: Count, drawn: Sequence[Row]) -> Iterator[Line]:
    """Yield where a project stands: nothing is late or to come once all is finished."""
    if count.given_up:
        ended = _("撤销") if report["state"] == "cancelled" else _("终止")
        yield line(count, "ended", count.as_of_on, ended)
    elif any(row.get("state") in {"open", "not_started"} for row in drawn):
        yield line(count, "today", count.as_of_on, _("今天"))


def line(count: Count, look: str, on: date, name: str) -> Line:
    """Return a line with its date, or on the axis of counted days with its number."""
    if count.axis == "dates":
        words = _("%(what)s %(date)s", what=name, date=telling.short(on))
    else:
        words = _("%(what)s 第 %(day)s 天", what=name, day=count.number(on))
    return Line(look, count.at(on), words)


def window_name(start_on: date, end_on: date) -> str:
    """Return the window by its months."""
    months = (end_on.year - start_on.year) * MONTHS + end_on.month - start_on.month
    return _("%(months)s 个月窗口", months=months)
