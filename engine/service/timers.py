"""BPMN timers: rows that the sweep fires, each once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from engine.errors import Conflict, ModelError
from engine.service import deployments, incidents
from engine.service.running import Running
from engine.service.work import Work
from engine.store import statements as sql
from engine.store import tables as t


def fire(work: Work, project_id: int, timer_id: str) -> bool:
    """Fire a timer that fell due; False where it is no longer open or its project stands still.

    A failure that lies in the diagram becomes an incident, and the timer is not tried again
    by itself.
    """
    project = work.db.execute(sql.LOCK_PROJECT, {"b_id": project_id}).mappings().one()
    if project["state"] != "running" or not is_open(work, timer_id):
        return False
    try:
        run(work, project, timer_id)
    except ModelError as error:
        failed(work, project_id, timer_id, error)
    return True


def is_open(work: Work, timer_id: str) -> bool:
    """Tell whether a timer still waits."""
    query = select(t.timer.c.state).where(t.timer.c.id == timer_id)
    return work.db.execute(query).scalar_one_or_none() == "open"


def run(work: Work, project: Mapping[str, Any], timer_id: str) -> None:
    """Take the step of a timer. Raises Conflict where nothing waits there any more."""
    row = work.db.execute(select(t.timer).where(t.timer.c.id == timer_id)).mappings().one()
    if project["state"] != "running":
        raise Conflict(f"the project is {project['state']}", state=project["state"])
    running = Running(work, project, deployments.deployment(work.db, project["version_id"]))
    instance = running.load(row["instance_id"])
    running.record("timer.fired", instance.row["item"], element=row["element"])
    running.fire(instance, timer_id)


def failed(work: Work, project_id: int, timer_id: str, error: ModelError) -> None:
    """Note that a timer's step failed."""
    row = work.db.execute(select(t.timer).where(t.timer.c.id == timer_id)).mappings().one()
    where = {**row, "item": None}
    incidents.opened(work, where, error, {"verb": "fire", "timer": timer_id})
    work.db.execute(sql.END_TIMER, [{"b_id": timer_id, "b_state": "failed"}])
