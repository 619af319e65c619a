"""Rows of event logs: read, written, removed; what all verbs share."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, delete, insert, select, update

from engine.errors import Invalid, NotFound
from engine.service import access
from engine.service.access import Row
from engine.service.ledger import event_row
from engine.service.logs.rights import READERS, WRITER
from engine.service.work import Work
from engine.store import statements as sql
from engine.store import tables as t

MAX_NAME = 300
#: what is read of a log for lists: neither its events nor what was found in them
SHOWN = (
    *("id", "name", "source_name", "summary", "mapping", "notes", "procedure"),
    *("created_at", "created_by"),
)


def selected() -> Select[Any]:
    """Return the query of logs as they are shown."""
    table = t.event_log.c
    shown = (table[name] for name in SHOWN)
    return select(*shown, table.calibration.is_not(None).label("calibrated"))


def row_of(work: Work, identifier: int) -> Row:
    """Return a log's row. Raises NotFound, Forbidden."""
    work.actor.require(*READERS)
    row = access.only(work, selected().where(t.event_log.c.id == identifier))
    if row is None:
        raise missing(identifier)
    return row


def value(work: Work, identifier: int, name: str) -> Any:
    """Return one column of a log. Raises NotFound, Forbidden."""
    work.actor.require(*READERS)
    query = select(t.event_log.c[name]).where(t.event_log.c.id == identifier)
    row = access.only(work, query)
    if row is None:
        raise missing(identifier)
    return row[name]


def add(work: Work, values: Row) -> int:
    """Write a new log and return its id. Raises Forbidden."""
    work.actor.require(WRITER)
    now = {"created_at": work.now, "created_by": work.actor.name}
    statement = insert(t.event_log).values({**values, **now}).returning(t.event_log.c.id)
    identifier = int(work.db.execute(statement).scalar_one())
    record(work, identifier, "added", name=values["name"], **counts(values))
    return identifier


def counts(values: Row) -> Row:
    """Return how much a log holds, for the history."""
    return {name: values["summary"][name] for name in ("events", "cases")}


def change(work: Work, identifier: int, event: str, told: Row, **values: Any) -> None:
    """Change columns of a log, and note it. Raises NotFound, Forbidden."""
    work.actor.require(WRITER)
    row = row_of(work, identifier)
    statement = update(t.event_log).where(t.event_log.c.id == identifier)
    work.db.execute(statement.values(values))
    record(work, identifier, event, name=values.get("name", row["name"]), **told)


def remove(work: Work, identifier: int) -> None:
    """Remove a log with what was found in it. Raises NotFound, Forbidden."""
    work.actor.require(WRITER)
    row = row_of(work, identifier)
    work.db.execute(delete(t.event_log).where(t.event_log.c.id == identifier))
    record(work, identifier, "removed", name=row["name"])


def record(work: Work, identifier: int, event: str, **data: Any) -> None:
    """Add what happened to a log to the history."""
    told = {"log": identifier, **data}
    work.db.execute(sql.INSERT_HISTORY, [event_row(work, None, f"log.{event}", None, told)])


def missing(identifier: int) -> NotFound:
    """Return the error that says there is no such log."""
    return NotFound(f"there is no event log {identifier}", log=identifier)


def checked_name(name: str) -> str:
    """Return a name without the space around it. Raises Invalid."""
    plain = name.strip()
    if not plain or len(plain) > MAX_NAME or not plain.isprintable():
        raise Invalid(f"a log's name has 1 to {MAX_NAME} visible characters", field="name")
    return plain
