"""What others did since somebody looked: a stale write is told who changed what."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import func, or_, select

from engine.service import access
from engine.service.projects import event_view
from engine.service.views import EventView
from engine.service.work import Work
from engine.store import tables as t

#: nobody reads more
MOST = 50


def last_seen(work: Work, project_id: int) -> int:
    """Return the id of the last event of a project: what a page that is shown now has seen."""
    table = t.history.c
    query = select(func.max(table.id)).where(table.project_id == project_id)
    return work.db.execute(query).scalar_one() or 0


def since(work: Work, project_id: int, seen: int, item: str | None = None) -> list[EventView]:
    """Return what happened to a project after an event, the last 50 of it in order.

    `actor` is who acted as others call them. With an item only what concerns it: its own events,
    and those of the project as a whole. Raises NotFound.
    """
    access.row_of(work, project_id)
    table = t.history
    query = (
        select(table, t.user.c.display_name)
        .outerjoin(t.user, t.user.c.name == table.c.actor)
        .where(table.c.project_id == project_id, table.c.id > seen, access.told(work.actor))
        .order_by(table.c.id.desc())
        .limit(MOST)
    )
    if item is not None:
        query = query.where(or_(table.c.item == item, table.c.item.is_(None)))
    rows = work.db.execute(query).mappings().all()
    return [
        replace(event_view(row, str(row["id"])), actor=row["display_name"] or row["actor"])
        for row in reversed(rows)
    ]
