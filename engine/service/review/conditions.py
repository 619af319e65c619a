"""What agreements are bound to: tracked until each is met, or waived by whoever asked for it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, select, update

from engine.errors import Conflict, Forbidden, Invalid, NotFound
from engine.service import access
from engine.service.access import Row
from engine.service.ledger import event_row
from engine.service.review.rounds import LEADS
from engine.service.work import Work
from engine.store import statements as sql
from engine.store import tables as t

#: how a condition can end by somebody's word
ENDS = ("met", "waived")


def of_round(work: Work, identifier: int) -> list[Row]:
    """Return the conditions of a round, those dropped with an earlier opinion included."""
    table = t.review_condition
    query = select(table).where(table.c.round_id == identifier).order_by(table.c.id)
    return [dict(row) for row in work.db.execute(query).mappings()]


def open_ones(work: Work, department: str = "", limit: int = 200) -> list[Row]:
    """Return the open conditions of rounds, what is due first; of a department or all."""
    query = with_round().where(t.review_condition.c.state == "open").limit(limit)
    query = query.where(access.visible(work.actor))
    if department:
        query = query.where(t.review_condition.c.department == department)
    return [dict(row) for row in work.db.execute(query).mappings()]


def with_round() -> Select[Any]:
    """Return the query of conditions with their round and project, by what is due first."""
    rounds, project = t.review_round, t.project
    return (
        select(
            t.review_condition,
            rounds.c.stage,
            rounds.c.number,
            rounds.c.lead,
            rounds.c.item,
            rounds.c.state.label("round_state"),
            rounds.c.project_id,
            project.c.name.label("project_name"),
            project.c.created_at,
        )
        .join(rounds, rounds.c.id == t.review_condition.c.round_id)
        .join(project, project.c.id == rounds.c.project_id)
        .order_by(t.review_condition.c.due_on, t.review_condition.c.id)
    )


def end(work: Work, identifier: int, state: str, note: str = "") -> Row:
    """Say that a condition is met, or waive it: the department that named it, or the lead's.

    A waiver has its reason. Raises NotFound, Invalid, Forbidden, Conflict where it has ended.
    """
    if state not in ENDS:
        raise Invalid(f"state must be one of {', '.join(ENDS)}", field="state")
    if state == "waived" and not note.strip():
        raise Invalid("a waiver has its reason", field="note")
    access.lock(work, only(work, identifier)["project_id"])
    row = only(work, identifier)
    check_may_end(work, row)
    if row["state"] != "open":
        raise Conflict(f"the condition is {row['state']}", state=row["state"])
    ended = {
        "state": state,
        "closed_on": work.today,
        "closed_by": work.actor.name,
        "note": note.strip(),
    }
    table = t.review_condition
    work.db.execute(update(table).where(table.c.id == identifier).values(ended))
    rounds = t.review_round
    changed = update(rounds).where(rounds.c.id == row["round_id"])
    work.db.execute(changed.values(version=rounds.c.version + 1))
    of_it = {name: row[name] for name in ("department", "text", "owner")}
    told = {"round": row["round_id"], "condition": identifier, **of_it, "state": state}
    event = event_row(
        work, row["project_id"], "review.condition", row["item"], {**told, "note": note.strip()}
    )
    work.db.execute(sql.INSERT_HISTORY, [event])
    return {**row, **ended}


def only(work: Work, identifier: int) -> Row:
    """Return a condition with its round. Raises NotFound."""
    found = access.only(work, with_round().where(t.review_condition.c.id == identifier))
    if found is None:
        raise NotFound(f"there is no condition {identifier}", condition=identifier)
    return found


def check_may_end(work: Work, row: Row) -> None:
    """Raise Forbidden unless the actor works for the condition's department or the lead's."""
    mine = any(work.actor.has(*LEADS, department=row[name]) for name in ("department", "lead"))
    if not (mine or work.actor.has("coordinator")):
        raise Forbidden(f"this is for {row['department']} or {row['lead']}", roles=list(LEADS))
