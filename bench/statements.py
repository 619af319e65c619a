"""How many SQL statements a step takes, the BEGIN included."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import event

from bench.service import NOW, Service
from engine.service import tasks
from engine.service.work import Work
from engine.store.database import transaction


def count(service: Service, procedure: str) -> dict[str, int]:
    """Run a project to its end; return the most statements each kind of step took."""
    seen = [0]

    @event.listens_for(service.engine, "before_cursor_execute")
    def note(*_: Any) -> None:
        seen[0] += 1

    most: dict[str, int] = {}
    project = service.started(procedure)
    now = NOW
    while open_tasks := service.open_tasks(project):
        for task in open_tasks:
            seen[0] = 0
            with transaction(service.engine) as db:
                tasks.complete(
                    Work(db, now, service.work(db).actor, service.settings), task.id, None
                )
            name = task.element if task.kind == "approval" else "applicant's work"
            most[name] = max(most.get(name, 0), seen[0])
        now += timedelta(days=1)
    return most
