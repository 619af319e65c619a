"""Scenarios proposed and decided; their files and reports."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from api.archive import ZIP, packed
from api.call import Call, Content
from api.route import Route
from api.schemas import Body
from api.v1.scenario_answers import Decision, ReportQuery
from api.v1.scenarios import CHANGE, SCENARIO, TAG, get
from engine.service.scenarios import proposals, report, scenarios
from engine.service.scenarios.views import ScenarioView


def propose(call: Call) -> ScenarioView:
    proposals.propose(call.work, call.path["scenario"], call.expected_version)
    return get(call)


def withdraw(call: Call) -> ScenarioView:
    proposals.withdraw(call.work, call.path["scenario"], call.expected_version)
    return get(call)


def approve(call: Call) -> ScenarioView:
    key, note = call.path["scenario"], call.body.note
    proposals.approve(call.work, key, note, call.expected_version)
    return get(call)


def reject(call: Call) -> ScenarioView:
    key, reason = call.path["scenario"], call.body.note
    proposals.reject(call.work, key, reason, call.expected_version)
    return get(call)


def files(call: Call) -> Content:
    view = scenarios.get(call.work, call.path["scenario"])
    found = proposals.files(call.work, view.id)
    name = f"{view.target_procedure}.zip"
    return Content(packed(found, view.target_procedure), ZIP, name)


def report_file(form: str) -> Callable[[Call], Content]:
    """Return the handler that answers a report in a form."""

    def handler(call: Call) -> Content:
        key, query = call.path["scenario"], call.query
        name, content = report.file(call.work, key, form, query.language, query.target)
        return Content(content, report.FORMS[form][0], name)

    return handler


#: why a scenario is not deployed
REFUSED = ("scenario_outdated", "scenario_not_proposable", "not_composable")


def move(
    name: str,
    handler: Callable[[Call], ScenarioView],
    summary: str,
    body: type[Body] | None = None,
    **more: Any,
) -> Route:
    """Return the route of a move between states."""
    path = f"{SCENARIO}/{name}"
    called = f"{name}_scenario"
    answer = ScenarioView
    return Route(called, "POST", path, handler, summary, answer=answer, body=body, **CHANGE, **more)


def reported(form: str, what: str) -> Route:
    """Return the route of a report in a form."""
    return Route(
        f"scenario_report_{form}",
        "GET",
        f"{SCENARIO}/report.{form}",
        report_file(form),
        f"Get the report of a scenario as {what}, with charts",
        answer=Content,
        media=(report.FORMS[form][0],),
        query=ReportQuery,
        **TAG,
    )


ROUTES = (
    move(
        "propose",
        propose,
        "Ask a second person to look at a scenario and to deploy it",
        problems=REFUSED,
        description=(
            "It must break no law, hold no conflict, change something, and stand on the newest "
            "version of its procedure; what is in the way is told in `reasons`."
        ),
    ),
    move("withdraw", withdraw, "Take a proposal back, to change it"),
    move(
        "approve",
        approve,
        "Deploy a proposed scenario as a version of its target procedure",
        Decision,
        problems=(*REFUSED, "second_person"),
        description=(
            "By another person than who proposed it, or wrote it last. Projects that run keep the "
            "version they started with."
        ),
    ),
    move(
        "reject",
        reject,
        "Give a proposed scenario back with a reason, in `note`",
        Decision,
        problems=("second_person",),
    ),
    Route(
        "scenario_files",
        "GET",
        f"{SCENARIO}/files",
        files,
        "Get a scenario as the files of a procedure, as it would be deployed",
        answer=Content,
        media=(ZIP,),
        problems=("not_composable",),
        **TAG,
    ),
    reported("docx", "a Word document"),
    reported("xlsx", "an Excel workbook"),
)
