"""A case whose clock somebody changes: found under its project's lock, written, told of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import update

from engine.errors import Conflict, Forbidden, NotFound
from engine.rules.lifecycle import CLOCK_RUNS
from engine.service import access
from engine.service.access import Row
from engine.service.clock import recompute, stops
from engine.service.ledger import event_row
from engine.service.work import Actor, Work
from engine.store import statements as sql
from engine.store import tables as t

#: who of a department may stop its item's clock, and ask for an extension
HANDLERS = ("reviewer", "head")


def change_item(work: Work, case: Row, **values: Any) -> None:
    """Write what changed of an item."""
    table = t.project_item
    mine = (table.c.project_id == case["project_id"]) & (table.c.item == case["item"])
    work.db.execute(update(table).where(mine).values(values))
    case.update(values)


def record(work: Work, project: int, event: str, item: str | None, data: dict[str, Any]) -> None:
    """Add an event to the history."""
    work.db.execute(sql.INSERT_HISTORY, [event_row(work, project, event, item, data)])


def record_moving(
    work: Work, case: Row, event: str, data: Mapping[str, Any], cause: str, **more: Any
) -> None:
    """Add an event to the history with the due dates there are after it, and move them.

    What the applicant is told of them stands with the event for ever.
    """
    project, item = case["project_id"], case["item"]
    found = recompute.moves(work, work.calendar, [project])
    dates = next((each.now for each in found if each.item == item and each.task is None), case)
    due = {name: str(dates[name]) for name in recompute.DATES if dates[name]}
    record(work, project, event, item, {**data, **due})
    recompute.apply(work, found, cause, **more)


def check_runs(case: Row) -> None:
    """Raise Conflict where an item has no clock that runs."""
    if case["state"] not in CLOCK_RUNS or case["accepted_on"] is None:
        text = f"{case['item']} is {case['state']}; its clock does not run"
        raise Conflict(text, state=case["state"])


def locked(
    work: Work, project: int, item: str, version: int | None = None
) -> tuple[Row, list[Row], Row]:
    """Take the project's lock; return one of its items, the stops there were, and its row.

    Whoever handles the item may act, or a coordinator. Raises NotFound, Stale, Forbidden,
    Conflict where the project does not run.
    """
    case, row = locked_case(work, project, item, version)
    if not may_handle(work.actor, case["department"]):
        text = f"this needs the role {' or '.join(HANDLERS)} of {case['department']}"
        raise Forbidden(text, roles=[*HANDLERS, "coordinator"])
    return case, stops.of_project(work, project), row


def locked_case(work: Work, project: int, item: str, version: int | None) -> tuple[Row, Row]:
    """Take the lock of a project that runs; return one of its items, and its row.

    Raises NotFound, Stale, Conflict where the project does not run.
    """
    row = access.lock(work, project, version)
    case = access.only(work, sql.ITEM, {"b_project": project, "b_item": item})
    if case is None:
        raise NotFound(f"the project has no item {item}", item=item)
    if row["state"] != "running":
        raise Conflict(f"the project is {row['state']}", state=row["state"])
    return case, row


def may_handle(actor: Actor, department: str) -> bool:
    """Tell whether an actor may stop the clock of a department's item.

    Whoever handles it is bound to that very department: the head of the government, who is bound
    to none, handles no case.
    """
    return actor.bound(*HANDLERS, department=department) or actor.has("coordinator")
