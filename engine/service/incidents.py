"""Incidents: a step that failed for a reason in the diagram, kept with its cause for a retry."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from sqlalchemy import RowMapping, Select, insert, select, update

from engine.errors import Conflict, Invalid, ModelError, NotFound
from engine.service.ledger import event_row
from engine.service.pages import decode_cursor, number, page
from engine.service.views import IncidentView, Page
from engine.service.work import Work
from engine.store import statements as sql
from engine.store import tables as t

STATES = ("open", "resolved", "all")


class StepFailed(ModelError):
    """The step failed for a reason in the diagram; an incident was opened."""

    code = "incident"
    remedy = "See the incident; correct what it names, then retry it."
    keep: ClassVar[bool] = True


def opened(
    work: Work, task: Mapping[str, Any], error: ModelError, action: dict[str, Any]
) -> StepFailed:
    """Write an incident and return the error that names it; a step has one at a time."""
    element = str(error.detail.get("element") or task["element"])
    row = {
        "project_id": task["project_id"],
        "instance_id": task["instance_id"],
        "item": task["item"],
        "element": element,
        "cause": error.message[:2000],
        "action": action,
        "state": "open",
        "created_at": work.now,
    }
    before = of_task(work, task)
    if before is None:
        statement = insert(t.incident).values(row).returning(t.incident.c.id)
        identifier = work.db.execute(statement).scalar_one()
    else:
        identifier = before["id"]
        change = update(t.incident).where(t.incident.c.id == identifier)
        work.db.execute(change.values(element=element, cause=row["cause"], action=action))
    mark(work, action, stuck=True)
    data = {"incident": identifier, "element": element, "cause": row["cause"]}
    event = event_row(work, task["project_id"], "incident.opened", task["item"], data)
    work.db.execute(sql.INSERT_HISTORY, [event])
    return StepFailed(f"{element}: {error.message}", incident=identifier, element=element)


def mark(work: Work, action: Mapping[str, Any], *, stuck: bool) -> None:
    """Note at a task whether an incident is open for it; timers have no such note."""
    if "task" in action:
        change = update(t.task).where(t.task.c.id == action["task"])
        work.db.execute(change.values(stuck=stuck))


def of_task(work: Work, task: Mapping[str, Any]) -> RowMapping | None:
    """Return the open incident of a task."""
    if not task.get("stuck"):
        return None
    found = select(t.incident).where(
        t.incident.c.instance_id == task["instance_id"], t.incident.c.state == "open"
    )
    rows = work.db.execute(found).mappings()
    return next((row for row in rows if row["action"].get("task") == task["id"]), None)


def settle(work: Work, task: Mapping[str, Any]) -> None:
    """Resolve the incident of a task whose step worked after all."""
    row = of_task(work, task)
    if row is not None:
        resolve(work, row, "incident.resolved")


def query() -> Select[Any]:
    """Return the query of incidents."""
    names = ("id", "item", "element", "cause", "state", "created_at", "ended_at")
    project = t.incident.c.project_id.label("project")
    return select(*(t.incident.c[name] for name in names), project)


def find(
    work: Work,
    *,
    project: int | None = None,
    state: str = "open",
    cursor: str | None = None,
    limit: int = 50,
) -> Page[IncidentView]:
    """Return incidents, the oldest first."""
    work.actor.require("coordinator", "analyst", "supervisor")
    if state not in STATES:
        raise Invalid(f"state must be one of {', '.join(STATES)}", field="state")
    wanted = query().order_by(t.incident.c.id).limit(limit + 1)
    if state != "all":
        wanted = wanted.where(t.incident.c.state == state)
    if project is not None:
        wanted = wanted.where(t.incident.c.project_id == project)
    if cursor:
        wanted = wanted.where(t.incident.c.id > decode_cursor(cursor, number)[0])
    rows = [IncidentView(**row) for row in work.db.execute(wanted).mappings()]
    return page(rows, limit, lambda last: (last.id,))


def get(work: Work, identifier: int) -> IncidentView:
    """Return one incident. Raises NotFound."""
    work.actor.require("coordinator", "analyst", "supervisor")
    row = work.db.execute(query().where(t.incident.c.id == identifier)).mappings().one_or_none()
    if row is None:
        raise NotFound(f"there is no incident {identifier}", incident=identifier)
    return IncidentView(**row)


def waiting(work: Work, identifier: int) -> RowMapping:
    """Return an open incident's row. Raises NotFound, or Conflict where it was resolved."""
    work.actor.require("coordinator")
    found = select(t.incident).where(t.incident.c.id == identifier)
    row = work.db.execute(found).mappings().one_or_none()
    if row is None:
        raise NotFound(f"there is no incident {identifier}", incident=identifier)
    if row["state"] != "open":
        raise Conflict(f"the incident is {row['state']}", state=row["state"])
    return row


def resolve(work: Work, row: RowMapping, event: str) -> None:
    """Mark an incident as resolved."""
    change = update(t.incident).where(t.incident.c.id == row["id"])
    work.db.execute(change.values(state="resolved", ended_at=work.now))
    mark(work, row["action"], stuck=False)
    data = {"incident": row["id"]}
    history = event_row(work, row["project_id"], event, row["item"], data)
    work.db.execute(sql.INSERT_HISTORY, [history])
