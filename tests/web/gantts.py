"""Charts to test: procedures written in a line, projects run through the services."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields
from datetime import date
from functools import cache
from typing import Any

from flask import Flask, render_template_string
from flask_babel import force_locale
from lxml import etree

from api.web import assets
from api.web.gantt import Gantt, Stage, Words, procedure_gantt, project_gantt
from api.web.language import speak
from engine.analysis.critical_path import report
from engine.analysis.forecast import forecast
from engine.analysis.network import ActivityNetwork
from engine.analysis.progress import Progress
from engine.rules import china
from engine.rules.procedure import OPEN, START, Activity, Kind
from engine.service import projects
from engine.service.views import ItemView
from tests.service.city import City

TEMPLATES = assets.BUILT.parent / "templates"
PAGE = (
    '{% from "gantt/gantt.html.jinja" import gantt with context %}'
    "<main>{% for chart in charts %}{{ gantt(chart, 'g%d' % loop.index) }}{% endfor %}</main>"
)
#: Monday
MONDAY = date(2014, 9, 1)
WORDS = Words(
    items={"A-1": "选址意见书", "A-2": "节能审查", "B-1": "施工许可证"},
    departments={"PLAN": "规划局", "HOUS": "建委", "APPL": "建设单位"},
    stages={"approval": Stage("项目审批", "PLAN"), "construction": Stage("施工许可", "HOUS")},
)


@cache
def application() -> Flask:
    """An application that has templates and speaks both languages, and nothing else."""
    app = Flask(__name__, template_folder=str(TEMPLATES))
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.autoescape = True
    speak(app)
    return app


@contextmanager
def speaking(language: str = "zh") -> Iterator[None]:
    """Inside a request of somebody who reads a language."""
    with application().test_request_context(), force_locale(language):
        yield


def rendered(*charts: Gantt, language: str = "zh") -> Any:
    """The page with these charts, parsed; it must be well-formed to be read at all."""
    with speaking(language):
        text = render_template_string(PAGE, charts=charts)
    return etree.fromstring(text, etree.HTMLParser(recover=False))


def activity(line: str) -> Activity:
    """Read `id days after=A,B decides=C by=APPL kind=applicant stage=approval`."""
    identifier, days, *more = line.split()
    given = dict(each.split("=") for each in more)
    return Activity(
        id=identifier,
        name=identifier,
        stage=given.get("stage", "approval"),
        department=given.get("by", "PLAN"),
        kind=Kind(given.get("kind", "approval")),
        days=int(days),
        predecessors=tuple(filter(None, given.get("after", START).split(","))),
        decision_waits_for=tuple(filter(None, given.get("decides", "").split(","))),
    )


def network(*lines: str, opens_after: str) -> ActivityNetwork:
    """A procedure of these activities, and construction start after one of them."""
    start = Activity(START, "start", "", "", Kind.MILESTONE, 0)
    opening = Activity(
        OPEN, "opening", "construction", "", Kind.MILESTONE, 0, tuple(opens_after.split(","))
    )
    return ActivityNetwork([start, *map(activity, lines), opening])


def on_paper(*lines: str, opens_after: str, view: str = "counted") -> Gantt:
    """The chart of a procedure."""
    with speaking():
        found = report("paper", network(*lines, opens_after=opens_after))
        return procedure_gantt(found, WORDS, view=view)


def underway(
    found: ActivityNetwork, progress: Mapping[str, Progress], today: date, start_on: date = MONDAY
) -> dict[str, Any]:
    """The report of a project that has come so far: what the services answer of theirs."""
    outlook = forecast(
        found,
        progress,
        calendar=china.calendar(),
        start_on=start_on,
        today=today,
        window_months=3,
    )
    dates = {each.id: each for each in outlook.activities}
    plan = report("paper", found)
    for row in plan["activities"]:
        if known := dates.get(row["id"]):
            row |= {"state": str(known.state), "start_on": known.start_on}
            row |= {"finish_on": known.finish_on, "late_days": known.late_days}
            row |= {"remaining_float": known.total_float}
    return plan | {
        "project": 1,
        "state": "running",
        "as_of_on": today,
        "suspended_on": None,
        "forecast_finish_on": outlook.finish_on,
        "planned_finish_on": outlook.planned_finish_on,
        "window_ends_on": outlook.window_ends_on,
    }


def opening(on: date) -> ItemView:
    """Construction start, reached on a day."""
    known: dict[str, Any] = {"id": OPEN, "kind": "milestone", "state": "reached", "decided_on": on}
    rest: dict[str, Any] = {each.name: None for each in fields(ItemView)}
    return ItemView(**(rest | known))


def drawn(found: dict[str, Any], *items: ItemView, axis: str = "dates", **more: Any) -> Gantt:
    """The chart of a report."""
    with speaking():
        today = found.get("as_of_on", MONDAY)
        return project_gantt(found, items, china.calendar(), today, WORDS, axis=axis, **more)


def of_city(city: City, project: int, *, axis: str = "dates", **more: Any) -> Gantt:
    """The chart of a project as it stands in a city."""
    found, items = city.see(projects.critical_path, project), city.project(project).items
    with speaking():
        return project_gantt(found, items, city.calendar, city.today, WORDS, axis=axis, **more)


def bar(chart: Gantt, identifier: str) -> Any:
    """The bar of an activity."""
    return next(row.bar for row in chart.rows if row.id == identifier)


def looks(chart: Gantt, identifier: str) -> list[str]:
    """How the parts of an activity's bar are filled, from left to right."""
    return [piece.look for piece in bar(chart, identifier).pieces]


def notes(chart: Gantt, identifier: str) -> list[str]:
    """The words beside an activity's bar."""
    return [note.words for row in chart.rows if row.id == identifier for note in row.notes]


def flag(chart: Gantt, look: str) -> Any:
    """The flag of a line, None where there is none."""
    return next((each for each in chart.flags if each.look == look), None)
