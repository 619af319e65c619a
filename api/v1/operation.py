"""For those who operate the service: probes, metrics, the document, codes, the clock."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from prometheus_client import CONTENT_TYPE_LATEST

from api import problem
from api.call import Call, Content, Reply
from api.route import Route
from api.schemas import Instant, Moment, ProblemType, ProblemTypes, Status
from engine.errors import Invalid, LianshenError, NotFound
from engine.scheduler import sweep, take_stock
from engine.service import health
from engine.store.database import transaction

if TYPE_CHECKING:
    from engine.clock import FrozenClock


def healthz(_: Call) -> Status:
    return {"status": health.OK}


def readyz(call: Call) -> Reply:
    try:
        with transaction(call.service.engine, read_only=True) as db:
            checks = health.checks(db)
    except Exception:  # noqa: BLE001 - whatever keeps the database away, the answer is the same
        checks = {"database": "out of reach"}
    ready = all(each == health.OK for each in checks.values())
    status = health.OK if ready else "not ready"
    return Reply({"status": status, "checks": checks}, 200 if ready else 503)


def list_problems(_: Call) -> ProblemTypes:
    return {"items": [meaning(each) for each in problem.classes().values()]}


def get_problem(call: Call) -> ProblemType:
    code = call.path["code"]
    if code not in problem.classes():
        raise NotFound(f"there is no code {code!r}")
    return meaning(problem.classes()[code])


def meaning(error: type[LianshenError]) -> ProblemType:
    """Return what a class of errors means."""
    return {
        "code": error.code,
        "title": problem.title_of(error),
        "status": problem.status_of(error),
        "remedy": error.remedy,
    }


def metrics(call: Call) -> Content:
    with transaction(call.service.engine, read_only=True) as db:
        call.service.metrics.tasks(*health.open_tasks(db))
    return Content(call.service.metrics.text(), CONTENT_TYPE_LATEST)


def openapi(call: Call) -> Content:
    return Content(call.service.document, "application/json")


def set_clock(call: Call) -> Moment:
    clock, now = cast("FrozenClock", call.service.clock), call.body.now
    if now < clock.now():
        text = f"the clock stands at {clock.now().isoformat()} and only moves forward"
        raise Invalid(text, field="now")
    if not FIRST <= now.year <= LAST:
        raise Invalid(f"the calendar needs a year from {FIRST} to {LAST}", field="now")
    clock.set(now)
    swept = sweep(call.service.engine, clock.now(), call.service.settings)
    take_stock(call.service.engine, clock.now(), call.service.settings)
    return {"now": clock.now(), "swept": swept}


#: the years in which a clock may stand: the calendar's, with room for the longest project
FIRST, LAST = 2004, 2045

OPERATION: dict[str, Any] = {"tag": "Operation", "transaction": False}
TOP: dict[str, Any] = {**OPERATION, "prefix": ""}

ROUTES = (
    Route(
        "healthz",
        "GET",
        "/healthz",
        healthz,
        "Whether the process answers",
        answer=Status,
        **TOP,
    ),
    Route(
        "readyz",
        "GET",
        "/readyz",
        readyz,
        "Whether the database is reachable and its schema the newest",
        answer=Status,
        also={503: "Not ready; `checks` says why."},
        **TOP,
    ),
    Route(
        "metrics",
        "GET",
        "/metrics",
        metrics,
        "Metrics in the format of Prometheus",
        answer=Content,
        media=("text/plain",),
        description="Without a login from the server's own machine only.",
        **TOP,
    ),
    Route(
        "openapi",
        "GET",
        "/openapi.json",
        openapi,
        "This document",
        answer=Content,
        media=("application/json",),
        **OPERATION,
    ),
    Route(
        "list_problems",
        "GET",
        "/problems",
        list_problems,
        "List the codes of problems",
        answer=ProblemTypes,
        **OPERATION,
    ),
    Route(
        "get_problem",
        "GET",
        "/problems/<name:code>",
        get_problem,
        "Get what a code of problems means",
        answer=ProblemType,
        **OPERATION,
    ),
)

#: only where the clock is frozen
CLOCK = (
    Route(
        "set_clock",
        "POST",
        "/clock",
        set_clock,
        "Set the frozen clock forward, and act on all that has fallen due",
        answer=Moment,
        body=Instant,
        **OPERATION,
    ),
)
