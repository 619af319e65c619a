"""Simulations: runs queued, watched, cancelled, removed; results and logs are in their own part."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from api.call import Call, Reply
from api.route import Route
from api.v1.simulation_answers import (
    AssumptionsAnswer,
    AssumptionsQuery,
    NewSimulation,
    SimulationQuery,
)
from engine.service.simulations import defaults, runs
from engine.service.simulations.runs import Wanted
from engine.service.simulations.views import RunRow, RunView
from engine.service.views import Page
from engine.service.work import Work
from engine.store.database import transaction


@dataclass(frozen=True, slots=True)
class SimulationView(RunView):
    """A run, and the path of its result once there is one."""

    result: str | None


def prepare(call: Call) -> dict[str, Any]:
    """Return the row of the run that is asked for, before anything is locked."""
    service, body = call.service, call.body
    with transaction(service.engine, read_only=True) as db:
        return runs.prepared(
            Work(db, service.clock.now(), call.actor, service.settings),
            name=body.name,
            source=body.source.model_dump(exclude_none=True),
            assumptions=body.assumptions,
            plan=body.plan.model_dump(),
            sensitivity=body.sensitivity,
        )


def create(call: Call) -> Reply:
    key = runs.add(call.work, call.prepared)
    return Reply(shown(call, key), headers={"Location": f"/api/v1/simulations/{key}"})


def find(call: Call) -> Page[RunRow]:
    query = dict(call.query)
    place = {name: query.pop(name) for name in ("cursor", "limit")}
    return runs.find(call.work, Wanted(**query), **place)


def shown(call: Call, key: int) -> SimulationView:
    """Return a run with the path of its result."""
    found = runs.get(call.work, key)
    path = f"/api/v1/simulations/{key}/result" if found.state == "done" else None
    return SimulationView(**asdict(found), result=path)


def get(call: Call) -> SimulationView:
    return shown(call, call.path["simulation"])


def cancel(call: Call) -> SimulationView:
    runs.cancel(call.work, call.path["simulation"])
    return get(call)


def remove(call: Call) -> None:
    runs.remove(call.work, call.path["simulation"])


def assumptions(call: Call) -> AssumptionsAnswer:
    procedure = call.query.procedure
    return {"procedure": procedure, "assumptions": defaults.of(call.work, procedure)}


SIMULATIONS = "/simulations"
SIMULATION = f"{SIMULATIONS}/<key:simulation>"
TAG: dict[str, Any] = {"tag": "Simulations"}

ROUTES = (
    Route(
        "create_simulation",
        "POST",
        SIMULATIONS,
        create,
        "Queue a run of a procedure, a scenario, or the portfolio from where it stands",
        answer=SimulationView,
        status=202,
        body=NewSimulation,
        prepare=prepare,
        problems=(
            "not_found",
            "invalid_plan",
            "invalid_assumptions",
            "invalid_model",
            "not_composable",
        ),
        description=(
            "What is played is frozen: the diagram, the calendar, the projects under way. A "
            "worker takes it up within a second or two; `Location` says where to look how far it "
            "is. The same source, assumptions and plan give the same result."
        ),
        **TAG,
    ),
    Route(
        "list_simulations",
        "GET",
        SIMULATIONS,
        find,
        "List runs, the newest first",
        answer=Page[RunRow],
        query=SimulationQuery,
        **TAG,
    ),
    Route(
        "simulation_assumptions",
        "GET",
        f"{SIMULATIONS}/assumptions",
        assumptions,
        "Get what the city assumes beyond the diagram of a procedure, to be changed and sent back",
        answer=AssumptionsAnswer,
        query=AssumptionsQuery,
        **TAG,
    ),
    Route(
        "get_simulation",
        "GET",
        SIMULATION,
        get,
        "Get a run: its state, how far it is, what it was made of",
        answer=SimulationView,
        **TAG,
    ),
    Route(
        "cancel_simulation",
        "POST",
        f"{SIMULATION}/cancel",
        cancel,
        "End a run before its time; its worker lets go of it within a second or two",
        answer=SimulationView,
        conflicts=True,
        **TAG,
    ),
    Route(
        "remove_simulation",
        "DELETE",
        SIMULATION,
        remove,
        "Remove a run and its result; one that is running is to be cancelled first",
        status=204,
        conflicts=True,
        **TAG,
    ),
)
