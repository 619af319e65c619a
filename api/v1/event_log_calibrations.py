"""What event logs tell: durations, shares, arrivals, people; counts and times on a diagram."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from api.call import Call, Content
from api.route import Route
from api.v1.event_log_answers import (
    CalibrationAnswer,
    CalibrationGiven,
    HeatAnswer,
    LogComparisonAnswer,
    ProcedureQuery,
    RunQuery,
)
from api.v1.event_logs import LOG, TAG, XML
from engine.service.logs import calibrating, fitting, found_diagram
from engine.service.work import Work
from engine.store.database import transaction


@contextmanager
def working(call: Call, *, read_only: bool = True) -> Iterator[Work]:
    """Open a transaction for what lies before or behind a long computation."""
    service = call.service
    with transaction(service.engine, read_only=read_only) as db:
        yield Work(db, service.clock.now(), call.actor, service.settings)


def calibrate(call: Call) -> dict[str, Any]:
    key, body = call.path["log"], call.body
    with working(call) as work:
        asked = calibrating.question(work, key, body.procedure, body.matches, body.timezone)
    # no transaction is held while it is computed
    told = calibrating.computed(asked)
    with working(call, read_only=False) as work:
        calibrating.keep(work, key, told)
        return calibrating.calibration(work, key)


def calibration(call: Call) -> dict[str, Any]:
    return calibrating.calibration(call.work, call.path["log"])


def assumptions(call: Call) -> dict[str, Any]:
    return calibrating.assumptions(call.work, call.path["log"])


def diagram(call: Call) -> Content:
    key = call.path["log"]
    content = found_diagram.diagram(call.work, key)
    return Content(content, XML, f"log-{key}.bpmn")


def heat(call: Call) -> dict[str, Any]:
    return calibrating.heat(call.work, call.path["log"], call.query.procedure)


def comparison(call: Call) -> dict[str, Any]:
    with working(call) as work:
        asked = calibrating.contest(work, call.path["log"], call.query.simulation)
    return fitting.decided(asked)


FOUND: dict[str, Any] = {"conflicts": True, "problems": ("not_calibrated",), **TAG}

ROUTES = (
    Route(
        "calibrate_event_log",
        "POST",
        f"{LOG}/calibration",
        calibrate,
        "Find out what a log tells of a procedure, and keep it",
        answer=CalibrationAnswer,
        body=CalibrationGiven,
        transaction=False,
        description=(
            "Durations with the distributions that fit and how well, shares of ways, arrivals, "
            "people and their hours of work. Without a procedure a diagram is found in the log. "
            "It takes seconds; an earlier calibration is replaced."
        ),
        **TAG,
    ),
    Route(
        "event_log_calibration",
        "GET",
        f"{LOG}/calibration",
        calibration,
        "Get what was found in a log, with how well it fits",
        answer=CalibrationAnswer,
        **FOUND,
    ),
    Route(
        "event_log_assumptions",
        "GET",
        f"{LOG}/assumptions",
        assumptions,
        "Get what was found in a log as assumptions of a simulation",
        answer=dict[str, Any],
        **FOUND,
    ),
    Route(
        "event_log_diagram",
        "GET",
        f"{LOG}/diagram",
        diagram,
        "Get the diagram that was found in a log, as BPMN: it can be deployed and runs",
        answer=Content,
        media=(XML,),
        description=(
            "It has the same element ids as the calibration: once it is deployed, the log's "
            "assumptions are those of its simulation. Not found where the log was laid over a "
            "procedure, which has its own."
        ),
        **FOUND,
    ),
    Route(
        "event_log_heat",
        "GET",
        f"{LOG}/heat",
        heat,
        "Get counts and times by node, to be drawn on a procedure's diagrams",
        answer=HeatAnswer,
        query=ProcedureQuery,
        **FOUND,
    ),
    Route(
        "event_log_comparison",
        "GET",
        f"{LOG}/comparison",
        comparison,
        "Set the cases of a simulation's run against those of a log: how long they took",
        answer=LogComparisonAnswer,
        query=RunQuery,
        transaction=False,
        description=(
            "Only what the log shows is measured of the run; of the city's own history only "
            "projects that were completed. Up to ten replications are played again: seconds."
        ),
        **FOUND,
    ),
)
