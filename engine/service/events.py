"""The feed of everything that happened, in the order of its commits, for others to follow.

On PostgreSQL an id says nothing about the order of commits: a row is given only once every
transaction as old as its own has ended, so that no row can appear behind a cursor.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Text, cast, func, or_, select, tuple_

from engine.service.pages import decode_cursor, encode_cursor, number, page
from engine.service.projects import event_view
from engine.service.views import EventView, Page
from engine.service.work import Work
from engine.store import tables as t

#: what happens to accounts is for administrators only
OF_ACCOUNTS = ("user.", "token.", "session.")
READERS = ("clerk", "reviewer", "head", "coordinator", "analyst", "supervisor")


def feed(work: Work, cursor: str | None = None, limit: int = 100) -> Page[EventView]:
    """Return the events after a cursor; `next` is given also at the end, to go on from later."""
    work.actor.require(*READERS)
    table = t.history
    query = select(table).order_by(table.c.tx, table.c.id).limit(limit + 1)
    if not work.actor.is_admin:
        query = query.where(~or_(*(table.c.event.startswith(each) for each in OF_ACCOUNTS)))
    if cursor:
        tx, identifier = decode_cursor(cursor, number, number)
        query = query.where(tuple_(table.c.tx, table.c.id) > tuple_(tx, identifier))
    if work.db.dialect.name == "postgresql":
        horizon = func.pg_snapshot_xmin(func.pg_current_snapshot())
        query = query.where(table.c.tx < cast(cast(horizon, Text), BigInteger))
    rows = list(work.db.execute(query).mappings())
    found = page(rows, limit, lambda last: (last["tx"], last["id"]))
    place = (rows[-1]["tx"], rows[-1]["id"]) if rows else None
    last = found.next or (encode_cursor(place) if place else cursor)
    return Page([event_view(row, str(row["id"])) for row in found.items], last)
