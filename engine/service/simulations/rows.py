"""Rows of runs: read, shown, noted in the history; what all verbs share."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from sqlalchemy import Select, select

from engine.errors import Invalid, NotFound
from engine.service import access
from engine.service.access import Row
from engine.service.ledger import event_row
from engine.service.simulations.views import RunRow, RunView
from engine.service.work import Work
from engine.store import statements as sql
from engine.store import tables as t

MAX_NAME = 300
#: roles that see runs; analysts alone start them
READERS = ("analyst", "supervisor", "coordinator")
WRITER = "analyst"

LISTED = tuple(each.name for each in fields(RunRow))
SHOWN = tuple(each.name for each in fields(RunView))


def selected(*names: str) -> Select[Any]:
    """Return the query of columns of runs: never what is large, unless it is named."""
    return select(*(t.simulation.c[each] for each in names))


def row_of(work: Work, identifier: int, *names: str) -> Row:
    """Return columns of a run, those of its view by default. Raises NotFound, Forbidden."""
    work.actor.require(*READERS)
    query = selected(*(names or SHOWN)).where(t.simulation.c.id == identifier)
    row = access.only(work, query)
    if row is None:
        raise missing(identifier)
    return row


def view_of(row: Row) -> RunView:
    """Return a row as it is shown."""
    return RunView(**row)


def listed(row: Row) -> RunRow:
    """Return a row as lists show it."""
    return RunRow(**row)


def record(work: Work, identifier: int, event: str, **data: Any) -> None:
    """Add an event to the history."""
    told = {"simulation": identifier, **data}
    work.db.execute(sql.INSERT_HISTORY, [event_row(work, None, f"simulation.{event}", None, told)])


def missing(identifier: int) -> NotFound:
    """Return the error that says there is no such run."""
    return NotFound(f"there is no simulation {identifier}", simulation=identifier)


def checked_name(name: str) -> str:
    """Return a name without the space around it. Raises Invalid."""
    plain = name.strip()
    if not plain or len(plain) > MAX_NAME or not plain.isprintable():
        raise Invalid(f"a simulation's name has 1 to {MAX_NAME} visible characters", field="name")
    return plain
