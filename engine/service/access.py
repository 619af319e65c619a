"""A project's row: who may see it, and who holds its lock.

Whoever changes a project takes its lock first, so that departments that act at the same
moment queue for milliseconds instead of failing half-way.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Executable, select, true

from engine.errors import NotFound, Stale
from engine.service import present_calendar
from engine.service.work import Actor, Work
from engine.store import statements as sql
from engine.store import tables as t

Row = dict[str, Any]


def lock(work: Work, identifier: int, expected_version: int | None = None) -> Row:
    """Take a project's lock and return its row, its version already the next.

    Raises NotFound, or Stale where somebody changed it since it was read.
    """
    row = only(work, sql.LOCK_PROJECT, {"b_id": identifier})
    if row is None or hidden(work.actor, row):
        raise missing(identifier)
    present_calendar.seen(work.db, row.pop("calendar_id"))
    check_version(row["version"] - 1, expected_version)
    return row


def row_of(work: Work, identifier: int) -> Row:
    """Return a project's row with its procedure's. Raises NotFound."""
    version = t.procedure_version.c
    named = (version.procedure, version.version.label("procedure_version"))
    query = (
        select(t.project, *named)
        .join(t.procedure_version, version.id == t.project.c.version_id)
        .where(t.project.c.id == identifier)
    )
    row = only(work, query)
    if row is None or hidden(work.actor, row):
        raise missing(identifier)
    return row


def only(work: Work, statement: Executable, bound: Row | None = None) -> Row | None:
    """Return the one row of a statement, if there is one."""
    row = work.db.execute(statement, bound or {}).mappings().one_or_none()
    return None if row is None else dict(row)


def check_version(present: int, expected: int | None) -> None:
    """Raise Stale where a version is not the one that was read."""
    if expected is not None and expected != present:
        raise Stale(present_version=present, your_version=expected)


def hidden(actor: Actor, row: Row) -> bool:
    """Tell whether an applicant asks for another's, which to them is not there."""
    return actor.only("applicant") and not actor.owns(row)


def visible(actor: Actor) -> ColumnElement[bool]:
    """Return the condition of the projects an actor may see: applicants their own."""
    if not actor.only("applicant"):
        return true()
    owner = t.project.c.applicant_user_id
    return owner.is_not(None) & (owner == actor.id)


def missing(identifier: int) -> NotFound:
    """Return the error that says there is no such project."""
    return NotFound(f"there is no project {identifier}", project=identifier)
