"""Scenarios: a procedure changed on paper, its effect, and the cheapest of its operations."""

from __future__ import annotations

from typing import Any

from api.call import Call, Reply
from api.route import Route
from api.v1.scenario_answers import (
    CopyName,
    EffectAnswer,
    NewScenario,
    OperationGiven,
    OptimumAnswer,
    ScenarioChanges,
    ScenarioQuery,
    Switch,
    TargetQuery,
)
from engine.service.scenarios import effects, scenarios
from engine.service.scenarios.scenarios import Wanted
from engine.service.scenarios.views import ScenarioRow, ScenarioView
from engine.service.views import Page
from engine.service.work import Work
from engine.store.database import transaction


def create(call: Call) -> Reply:
    body = call.body
    key = scenarios.create(
        call.work,
        body.name,
        body.procedure,
        given(body.operations),
        body.note,
        version_id=body.version,
        target_procedure=body.target_procedure,
    )
    return made(call, key)


def made(call: Call, key: int) -> Reply:
    """Return the answer to the making of a scenario."""
    location = {"Location": f"/api/v1/scenarios/{key}"}
    return Reply(scenarios.get(call.work, key), headers=location)


def given(operations: list[OperationGiven] | None) -> list[dict[str, Any]] | None:
    """Return the operations of a body as plain data."""
    if operations is None:
        return None
    return [each.model_dump(exclude_none=True) for each in operations]


def find(call: Call) -> Page[ScenarioRow]:
    query = dict(call.query)
    place = {name: query.pop(name) for name in ("cursor", "limit")}
    return scenarios.find(call.work, Wanted(**query), **place)


def get(call: Call) -> ScenarioView:
    return scenarios.get(call.work, call.path["scenario"])


def change(call: Call) -> ScenarioView:
    body = call.body
    scenarios.update(
        call.work,
        call.path["scenario"],
        call.expected_version,
        name=body.name,
        note=body.note,
        operations=given(body.operations),
        target_procedure=body.target_procedure,
    )
    return get(call)


def toggle(call: Call) -> ScenarioView:
    key, operation = call.path["scenario"], call.path["operation"]
    scenarios.toggle(call.work, key, operation, call.body.enabled, call.expected_version)
    return get(call)


def copy(call: Call) -> Reply:
    return made(call, scenarios.copy(call.work, call.path["scenario"], call.body.name))


def rebase(call: Call) -> ScenarioView:
    scenarios.rebase(call.work, call.path["scenario"], call.expected_version)
    return get(call)


def remove(call: Call) -> None:
    scenarios.remove(call.work, call.path["scenario"], call.expected_version)


def effect(call: Call) -> dict[str, Any]:
    return effects.effect(call.work, call.path["scenario"])


def optimum(call: Call) -> dict[str, Any]:
    service = call.service
    with transaction(service.engine, read_only=True) as db:
        work = Work(db, service.clock.now(), call.actor, service.settings)
        asked = effects.question(work, call.path["scenario"], call.query.target)
    # no transaction is held while it is computed
    return effects.at_once(asked)


SCENARIOS = "/scenarios"
SCENARIO = f"{SCENARIOS}/<key:scenario>"
TAG: dict[str, Any] = {"tag": "Scenarios"}
CHANGE: dict[str, Any] = {**TAG, "etag": True, "conditional": True, "conflicts": True}
#: why an operation is not taken, and why a scenario cannot be changed
REFUSED = ("operation_inapplicable", "operation_unlawful")
FIXED = (*REFUSED, "scenario_fixed")

ROUTES = (
    Route(
        "create_scenario",
        "POST",
        SCENARIOS,
        create,
        "Make a scenario: operations on a version of a procedure, which itself stays as it is",
        answer=ScenarioView,
        status=201,
        body=NewScenario,
        etag=True,
        conflicts=True,
        problems=REFUSED,
        description=(
            "Every operation that is on must apply after those before it, and break no law in "
            "itself; what does not is refused with the cause, the items and the article. Without "
            "operations the city's published list is taken as far as it fits the version; the "
            "note says what was left out or switched off."
        ),
        **TAG,
    ),
    Route(
        "list_scenarios",
        "GET",
        SCENARIOS,
        find,
        "List scenarios, the newest first",
        answer=Page[ScenarioRow],
        query=ScenarioQuery,
        **TAG,
    ),
    Route(
        "get_scenario",
        "GET",
        SCENARIO,
        get,
        "Get a scenario with its operations",
        answer=ScenarioView,
        etag=True,
        **TAG,
    ),
    Route(
        "change_scenario",
        "PATCH",
        SCENARIO,
        change,
        "Change a draft: its name, its note, its operations",
        answer=ScenarioView,
        body=ScenarioChanges,
        problems=FIXED,
        description="A rejected scenario becomes a draft again.",
        **CHANGE,
    ),
    Route(
        "switch_operation",
        "PATCH",
        f"{SCENARIO}/operations/<name:operation>",
        toggle,
        "Switch one operation on or off",
        answer=ScenarioView,
        body=Switch,
        problems=FIXED,
        description=(
            "Switching one off is never refused: what can then no longer be applied is a "
            "conflict, which the effect shows."
        ),
        **CHANGE,
    ),
    Route(
        "remove_scenario",
        "DELETE",
        SCENARIO,
        remove,
        "Remove a draft",
        status=204,
        conditional=True,
        conflicts=True,
        **TAG,
    ),
    Route(
        "copy_scenario",
        "POST",
        f"{SCENARIO}/copy",
        copy,
        "Make a draft with the same base and operations",
        answer=ScenarioView,
        status=201,
        body=CopyName,
        etag=True,
        **TAG,
    ),
    Route(
        "rebase_scenario",
        "POST",
        f"{SCENARIO}/rebase",
        rebase,
        "Put a draft on the newest version of its procedure",
        answer=ScenarioView,
        problems=FIXED,
        description=(
            "Nothing else does that. It is refused with all `reasons` where operations no longer "
            "apply there."
        ),
        **CHANGE,
    ),
    Route(
        "scenario_effect",
        "GET",
        f"{SCENARIO}/effect",
        effect,
        "Get what a scenario does: totals, each operation's share, critical paths, who does what",
        answer=EffectAnswer,
        **TAG,
    ),
    Route(
        "scenario_optimum",
        "GET",
        f"{SCENARIO}/optimum",
        optimum,
        "Get the cheapest of a scenario's operations that reach a target, exactly",
        answer=OptimumAnswer,
        query=TargetQuery,
        transaction=False,
        description="All its operations may be chosen, whether they are on or off.",
        **TAG,
    ),
)
