"""A department's inbox among a million open tasks: the first and the hundredth page."""

from __future__ import annotations

from datetime import date, timedelta
from statistics import median
from time import perf_counter
from typing import Any

from sqlalchemy import Engine, event, insert, select, text

from bench.service import NOW, Service
from engine.service import tasks
from engine.service.views import Page, TaskView
from engine.store import tables as t
from engine.store.database import transaction

TASKS = 1_000_000
DEPARTMENTS = 12
BATCH = 20_000
PAGES = 100
ROUNDS = 20


def fill(service: Service, procedure: str) -> None:
    """Write a million open tasks of one project, over the departments and a year."""
    project = service.started(procedure)
    with transaction(service.engine) as db:
        instance = db.execute(select(t.process_instance.c.id).limit(1)).scalar_one()
        for start in range(0, TASKS, BATCH):
            db.execute(
                insert(t.task), [row(n, project, instance) for n in range(start, start + BATCH)]
            )
    with transaction(service.engine) as db:
        db.execute(text("ANALYZE"))


def row(number: int, project: int, instance: str) -> dict[str, Any]:
    """Return one task; ids and due dates are spread as chance would."""
    scattered = number * 2_654_435_761 % 2**32
    return {
        "id": f"{scattered:08x}{number:08x}",
        "project_id": project,
        "instance_id": instance,
        "item": f"item-{number % 40}",
        "stage": "construction",
        "kind": "approval",
        "element": "review",
        "name": "审查",
        "department": f"dept{number % DEPARTMENTS}",
        "roles": ["reviewer"],
        "outcomes": ["done"],
        "state": "open",
        "due_on": date(2014, 9, 1) + timedelta(days=scattered % 365),
        "created_at": NOW,
    }


def measure(service: Service) -> dict[str, Any]:
    """Return milliseconds of the first and the hundredth page, and how they were found."""
    first, plan = timed(service, None), plans(service.engine)
    cursor = None
    for _ in range(PAGES - 1):
        cursor = page(service, cursor).next
    hundredth = timed(service, cursor)
    return {"first_ms": first, "hundredth_ms": hundredth, "plan": plan(service, cursor)}


def page(service: Service, cursor: str | None) -> Page[TaskView]:
    """Return one page of a department's inbox."""
    with transaction(service.engine, read_only=True) as db:
        return tasks.find(service.work(db), department="dept3", cursor=cursor, limit=50)


def timed(service: Service, cursor: str | None) -> float:
    """Return the median milliseconds of a page."""
    costs = []
    for _ in range(ROUNDS):
        began = perf_counter()
        page(service, cursor)
        costs.append(perf_counter() - began)
    return 1000 * median(costs)


def plans(engine: Engine) -> Any:
    """Return a function that tells how the database finds a page."""
    seen: list[tuple[str, Any]] = []

    @event.listens_for(engine, "before_cursor_execute")
    def note(_c: Any, _k: Any, statement: str, parameters: Any, *_: Any) -> None:
        if "FROM task" in statement:
            seen.append((statement, parameters))

    def plan(service: Service, cursor: str | None) -> str:
        seen.clear()
        page(service, cursor)
        statement, parameters = seen[0]
        word = "EXPLAIN QUERY PLAN" if engine.dialect.name == "sqlite" else "EXPLAIN"
        with transaction(engine, read_only=True) as db:
            rows = db.exec_driver_sql(f"{word} {statement}", parameters).all()
        return "; ".join(str(each[-1]) for each in rows)

    return plan
