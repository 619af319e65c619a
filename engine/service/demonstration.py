"""Whether a database is a demonstration: the history says so, by a mark made when it was loaded."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import insert, select

from engine.service.access import Row
from engine.service.work import Work
from engine.store import tables as t

LOADED = "demo.loaded"


def record(work: Work, mark: str, **data: Any) -> int:
    """Note that the demonstration was loaded; returns the id of the event."""
    row = {"at": work.now, "actor": work.actor.name, "event": LOADED}
    statement = insert(t.history).values(**row, data={"mark": mark, **data})
    return int(work.db.execute(statement.returning(t.history.c.id)).scalar_one())


def find(work: Work) -> bool:
    """Tell whether the demonstration was ever loaded. Looks through the whole history."""
    event = select(t.history.c.id).where(t.history.c.event == LOADED).limit(1)
    return work.db.execute(event).first() is not None


def users(work: Work, event: int, names: Collection[str]) -> list[Row]:
    """Return the active ones of these users, a row per role, with the `data` of the event.

    None where there is no such event. Rows have `name`, `display_name`, `password_hash`, `role`,
    `department` and `data`, in the order in which the users were added.
    """
    user, role = t.user.c, t.user_role.c
    query = (
        select(
            *(user.name, user.display_name, user.password_hash),
            *(role.role, role.department, t.history.c.data),
        )
        .join(t.user_role, role.user_id == user.id)
        .join(t.history, t.history.c.id == event)
        .where(t.history.c.event == LOADED, user.active, user.name.in_(names))
        .order_by(user.id, role.role, role.department)
    )
    return [dict(row) for row in work.db.execute(query).mappings()]
