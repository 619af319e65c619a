"""Promised materials and commitments as they are recorded: read, and written with a step."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from engine.service.access import Row
from engine.service.work import Work
from engine.store import tables as t

INSERT_GAPS = insert(t.deficiency)
INSERT_COMMITMENT = insert(t.commitment)


def of_attempt(table: Any) -> Any:
    """Return the condition of the rows of one attempt at an item, to be bound."""
    return (
        (table.c.project_id == bindparam("b_project"))
        & (table.c.item == bindparam("b_item"))
        & (table.c.attempt == bindparam("b_attempt"))
    )


#: ends what is still open of the gaps of an attempt
END_GAPS = (
    update(t.deficiency)
    .where(of_attempt(t.deficiency), t.deficiency.c.state == "open")
    .values(state=bindparam("b_state"), look_on=None)
)
#: the same of those that were reminded of
END_OVERDUE = END_GAPS.where(t.deficiency.c.grace_until_on.is_not(None))
#: moves the commitment of an attempt on, from where it waits for a decision
MOVE_COMMITMENT = (
    update(t.commitment)
    .where(of_attempt(t.commitment), t.commitment.c.state == "accepted")
    .values(
        state=bindparam("b_state"),
        check_due_on=bindparam("b_check_due_on"),
        version=t.commitment.c.version + 1,
    )
)


def bound(case: Mapping[str, Any], state: str, **more: Any) -> Row:
    """Return an attempt as these statements bind it."""
    place = {"b_project": case["project_id"], "b_item": case["item"]}
    return {**place, "b_attempt": case["attempt"], "b_state": state, **more}


def open_gaps(work: Work, case: Mapping[str, Any]) -> list[Row]:
    """Return what is promised of an attempt at an item and not there, what is due first first."""
    table = t.deficiency
    query = (
        select(table)
        .where(
            table.c.project_id == case["project_id"],
            table.c.item == case["item"],
            table.c.attempt == case["attempt"],
            table.c.state == "open",
        )
        .order_by(table.c.promised_on, table.c.id)
    )
    return [dict(row) for row in work.db.execute(query).mappings()]
