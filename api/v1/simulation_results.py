"""What came of simulations: results, two of them compared, the event log of a replication."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from api.call import Call, Content
from api.route import Route
from api.v1.simulation_answers import ComparisonAnswer, PairQuery, ReplicationQuery, ResultAnswer
from api.v1.simulations import SIMULATION, SIMULATIONS, TAG
from engine.service.simulations import events, runs
from engine.service.work import Work
from engine.store.database import transaction


def result(call: Call) -> dict[str, Any]:
    return runs.result(call.work, call.path["simulation"])


def compare(call: Call) -> dict[str, Any]:
    return runs.compare(call.work, call.query.first, call.query.second)


def log(form: str) -> Callable[[Call], Content]:
    """Return the handler that answers the events of a replication in a form."""

    def handler(call: Call) -> Content:
        service, key = call.service, call.path["simulation"]
        with transaction(service.engine, read_only=True) as db:
            work = Work(db, service.clock.now(), call.actor, service.settings)
            kept = runs.kept(work, key)
        # no transaction is held while it is played again
        number = call.query.replication
        found = events.parts(kept, number, form, service.settings)
        return Content(found, events.FORMS[form].media, f"simulation-{key}-{number}.{form}")

    return handler


def logged(form: str, what: str) -> Route:
    """Return the route of a log in a form."""
    return Route(
        f"simulation_events_{form}",
        "GET",
        f"{SIMULATION}/events.{form}",
        log(form),
        f"Get the event log of one replication as {what}",
        answer=Content,
        media=(events.FORMS[form].media.partition(";")[0],),
        query=ReplicationQuery,
        transaction=False,
        description=(
            "It is played again from what the run keeps, and comes in pieces. Each event has its "
            "instants of readiness, start and end, who did it and of which department."
        ),
        **TAG,
    )


ROUTES = (
    Route(
        "simulation_result",
        "GET",
        f"{SIMULATION}/result",
        result,
        "Get the result of a run that is done",
        answer=ResultAnswer,
        conflicts=True,
        problems=("simulation_not_done",),
        description=(
            "Days are working days of the clock, hours those on the wall; intervals are of 95 %, "
            "over replications."
        ),
        **TAG,
    ),
    Route(
        "compare_simulations",
        "GET",
        f"{SIMULATIONS}/compare",
        compare,
        "Compare two runs replication by replication: what the second has over the first",
        answer=ComparisonAnswer,
        query=PairQuery,
        conflicts=True,
        problems=("not_found", "simulation_not_done", "not_paired"),
        description=(
            "Both must have the same plan: then the same chance befalls both, and the interval of "
            "their difference is narrower than that of either."
        ),
        **TAG,
    ),
    logged("xes", "XES (IEEE 1849)"),
    logged("csv", "CSV"),
)
