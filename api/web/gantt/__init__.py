"""Gantt charts of projects and procedures: geometry here, drawn as SVG by a template.

    chart = project_gantt(report, items, calendar, today, words, axis="dates", links=links)

    {% from "gantt/gantt.html.jinja" import gantt with context %}
    {{ gantt(chart, "g") }}

Words come from gettext, so a chart is made inside a request, for one language.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from api.web.gantt.activity import Row
from api.web.gantt.chart import AXES, Axis, Gantt
from api.web.gantt.drawing import draw_alike
from api.web.gantt.plan import Plan, View
from api.web.gantt.project import Project
from api.web.gantt.words import Stage, StageName, Words
from engine.rules.calendar import BusinessCalendar
from engine.service.views import ItemView

__all__ = [
    "AXES",
    "Axis",
    "Gantt",
    "Stage",
    "StageName",
    "View",
    "Words",
    "compared_gantts",
    "procedure_gantt",
    "project_gantt",
]


def project_gantt(
    report: Row,
    items: Iterable[ItemView],
    calendar: BusinessCalendar,
    today: date,
    words: Words,
    *,
    axis: str = "dates",
    links: Mapping[str, str] | None = None,
) -> Gantt:
    """Return the chart of a project.

    `report` is what `engine.service.projects.critical_path` answers, `items` its project's
    activities, `links` the address of each by its id. `axis` is `dates` or `days`; any other is
    taken for `dates`. A project that has not started has no dates: it is drawn as its plan, in
    days, and `axes` of the chart then offers nothing else.
    """
    if "project" not in report:
        return Plan(report, words, links=links or {}, paper=False).gantt()
    by_id = {item.id: item for item in items}
    drawn: Axis = "days" if axis == "days" else "dates"
    return Project(report, by_id, calendar, today, words, drawn, links or {}).gantt()


def procedure_gantt(
    report: Row,
    words: Words,
    *,
    view: str = "counted",
    links: Mapping[str, str] | None = None,
) -> Gantt:
    """Return the chart of a procedure on paper, in working days from its start.

    `report` is that of `engine.analysis.critical_path`. `view` is `counted` (the departments'
    promised days) or `elapsed` (everybody's); any other is taken for `counted`.
    """
    drawn: View = "elapsed" if view == "elapsed" else "counted"
    return Plan(report, words, drawn, links or {}).gantt()


def compared_gantts(
    reports: Iterable[Row], words: Words, width: float, *, view: str = "counted"
) -> list[Gantt]:
    """Return the charts of several reports on axes of the same scale, up to construction start.

    `width` is what a page leaves beside the names, in pixels.
    """
    drawn: View = "elapsed" if view == "elapsed" else "counted"
    plans = [Plan(each, words, drawn, width=width, opening=True) for each in reports]
    least = max((plan.reach for plan in plans), default=1)
    sheets = [replace(plan, least=least).sheet() for plan in plans]
    return draw_alike(sheets)
