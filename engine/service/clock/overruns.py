"""Stops that last longer than the applicant was told (行政许可法 art. 45): each is noted once."""

from __future__ import annotations

from sqlalchemy import select, update

from engine.errors import NotFound
from engine.service import access
from engine.service.clock import handled, suspensions
from engine.service.work import Work
from engine.store import tables as t

#: projects whose clocks matter
IN_HAND = ("running", "suspended")


def due(work: Work, limit: int) -> list[tuple[int, int]]:
    """Return the stops that have overrun and are not noted, with their projects."""
    table = t.suspension.c
    query = (
        select(table.project_id, table.id)
        .join(t.project, t.project.c.id == table.project_id)
        .where(table.until_on.is_(None), t.NOT_OVERRAN, table.expected_on < work.today)
        .where(t.project.c.state.in_(IN_HAND))
        .order_by(table.expected_on, table.id)
        .limit(limit)
    )
    return [(row.project_id, row.id) for row in work.db.execute(query)]


def note(work: Work, project: int, identifier: int) -> bool:
    """Note one of them; False where it has ended, or somebody noted it meanwhile."""
    try:
        access.lock(work, project)
    except NotFound:
        return False
    table = t.suspension
    query = select(table).where(table.c.id == identifier, table.c.until_on.is_(None))
    row = access.only(work, query.where(~table.c.overran))
    if row is None:
        return False
    work.db.execute(update(table).where(table.c.id == identifier).values(overran=True))
    handled.record(
        work, project, "item.stop_overran", row["item"], suspensions.told(identifier, row)
    )
    return True
