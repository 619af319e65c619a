"""The page of one project: where it stands, what holds it, what is open, what happened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from api.web.gantt import Gantt, Stage, Words, project_gantt
from api.web.labels import STEPS
from api.web.page import Answer, Shown, show
from api.web.rendering import department_names
from api.web.views import project_entries, project_notices, project_promises, project_reviews
from api.web.views.project_figures import day_bar, holds, light_words, plan_day, stage_lines
from api.web.views.project_marks import marks
from api.web.views.project_moves import Question, offered
from api.web.views.project_names import Names
from api.web.views.project_open import open_rows
from api.web.visit import SEEN, Visit
from engine.service import attachments, changes, chronicle, dossier, incidents
from engine.service.clock import news
from engine.service.dossier import Dossier
from engine.service.views import EventView, IncidentView

#: who may see why a step failed
OVERSIGHT = ("coordinator", "analyst", "supervisor")
NEWEST_FILES = 6


def page(visit: Visit) -> Answer:
    """Show a project."""
    return shown(visit)


def shown(visit: Visit, question: Question | None = None) -> Shown:
    """Show a project, and above it what the visitor is asked to confirm."""
    found = dossier.read(visit.work, visit.path["project"], visit.argument("stage"))
    names = Names.of(found.built, found.view)
    departments = department_names(visit.work)
    values = {
        "section": "/projects",
        "project": found.view,
        "row": found.row,
        **project_entries.words(names),
        "question": question,
        "moves": offered(visit.work.actor, found),
        "seen": found.latest.last,
        "changes": meanwhile(visit, found, names),
    }
    values |= figures(visit, found, names, departments)
    values |= work_in_hand(visit, found, names, departments)
    values |= project_promises.values(visit, found, names)
    return Shown("project/page.html.jinja", values | papers(visit, found, names))


def figures(
    visit: Visit, found: Dossier, names: Names, departments: Mapping[str, str]
) -> dict[str, Any]:
    """Return the numbers at the top: days, forecast, what holds it, the stages."""
    return {
        "light_text": light_words(found.view),
        "bar": day_bar(found.view),
        "window_months": found.built.procedure.window_months,
        "plan": plan_day(visit.work.calendar, found),
        "holds": holds(found, names, departments),
        "lines": stage_lines(found, names),
    }


def work_in_hand(
    visit: Visit, found: Dossier, names: Names, departments: Mapping[str, str]
) -> dict[str, Any]:
    """Return the diagram's elements, the Gantt chart and what is open."""
    work = visit.work
    rows, owner = open_rows(work, found, names, departments), work.actor.owns(found.row)
    return {
        "stage": found.stage,
        "marks": {
            stage: marks(work.calendar, found, stage, names, departments) for stage in found.courses
        },
        "chart": chart(visit, found, names, departments),
        "rows": rows,
        "mine": [each for each in found.tasks if each.mine],
        "again_mine": [row for row in rows if owner and row.again],
        "owner": owner,
        "STEPS": STEPS,
    }


def papers(visit: Visit, found: Dossier, names: Names) -> dict[str, Any]:
    """Return what is written: history, files, notices, incidents."""
    files = attachments.of_project(visit.work, found.view.id)
    answers = chronicle.notices(visit.work, found.view.id)
    return {
        "latest": found.latest,
        **project_reviews.values(visit, found),
        "files": files[:NEWEST_FILES],
        "file_count": len(files),
        "notices": [project_notices.line(each, names) for each in answers],
        "incidents": open_incidents(visit, found),
        "moved_dates": news.recent(visit.work, (each.event for each in found.latest.entries)),
        "extended": [(names.item(item), row) for item, row in found.extended.items()],
    }


def open_incidents(visit: Visit, found: Dossier) -> list[IncidentView]:
    """Return the steps that failed, for who may see them."""
    if not found.latest.incidents or not visit.work.actor.has(*OVERSIGHT):
        return []
    return incidents.find(visit.work, project=found.view.id).items


def meanwhile(visit: Visit, found: Dossier, names: Names) -> list[EventView]:
    """Return what others did since the form was shown that is refused now."""
    seen = visit.whole(SEEN) if visit.error else None
    if seen is None:
        return []
    events = changes.since(visit.work, found.view.id, seen)
    return [replace(each, item=names.item(each.item) or None) for each in events]


def chart(visit: Visit, found: Dossier, names: Names, departments: Mapping[str, str]) -> Gantt:
    """Return the project's Gantt chart, on dates or on working days."""
    leads = {stage.id: stage.lead for stage in found.view.stages}
    stages = {key: Stage(name, leads.get(key, "")) for key, name in names.stages.items()}
    links = {each.task.item: f"/tasks/{each.task.id}" for each in found.steps}
    return project_gantt(
        dict(found.path),
        found.view.items,
        visit.work.calendar,
        visit.work.today,
        Words(names.items, departments, stages),
        axis=visit.argument("axis") or "dates",
        links=links,
    )


PAGES = (show("project", "/projects/<key:project>", page, "get_project"),)
