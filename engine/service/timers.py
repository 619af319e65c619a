"""BPMN timers: rows that the sweep fires, each once."""

from __future__ import annotations

from sqlalchemy import select

from engine.errors import Conflict, ModelError
from engine.service import access, deployments, incidents
from engine.service.access import Row
from engine.service.running import Running
from engine.service.work import Work
from engine.store import statements as sql
from engine.store import tables as t


def fire(work: Work, project_id: int, timer_id: str) -> bool:
    """Fire a timer that fell due; False where it is no longer open or its project stands still.

    A failure that lies in the diagram becomes an incident, and the timer is not tried again
    by itself.
    """
    project = access.lock(work, project_id)
    if project["state"] != "running" or row_of(work, timer_id)["state"] != "open":
        return False
    try:
        run(work, project, timer_id)
    except ModelError as error:
        failed(work, timer_id, error)
    return True


def again(work: Work, project: Row, timer_id: str) -> None:
    """Fire a timer whose step failed once more. Raises ModelError where it fails again."""
    work.db.execute(sql.REOPEN_TIMER, {"b_id": timer_id})
    run(work, project, timer_id)


def row_of(work: Work, timer_id: str) -> Row:
    """Return a timer's row."""
    query = select(t.timer).where(t.timer.c.id == timer_id)
    return dict(work.db.execute(query).mappings().one())


def run(work: Work, project: Row, timer_id: str) -> None:
    """Take the step of a timer. Raises Conflict where nothing waits there any more."""
    row = row_of(work, timer_id)
    if project["state"] != "running":
        raise Conflict(f"the project is {project['state']}", state=project["state"])
    running = Running(work, project, deployments.deployment(work.db, project["version_id"]))
    # what follows is timed from when it fell due: a late sweep makes no cycle drift
    instance = running.instances.load(row["instance_id"], row["due_at"])
    running.docket.record("timer.fired", instance.row["item"], element=row["element"])
    running.fire(instance, timer_id)


def failed(work: Work, timer_id: str, error: ModelError) -> None:
    """Note that a timer's step failed."""
    where = {**row_of(work, timer_id), "item": None}
    incidents.opened(work, where, error, {"verb": "fire", "timer": timer_id})
    work.db.execute(sql.END_TIMER, [{"b_id": timer_id, "b_state": "failed"}])
