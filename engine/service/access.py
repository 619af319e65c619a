"""A project's row: who may see it, and who holds its lock.

Whoever changes a project takes its lock first, so that departments that act at the same
moment queue for milliseconds instead of failing half-way.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Executable, and_, or_, select, true

from engine.errors import NotFound, Stale
from engine.rules.procedure import Kind
from engine.service import present_calendar
from engine.service.work import Actor, Work
from engine.store import statements as sql
from engine.store import tables as t

Row = dict[str, Any]
#: events of a joint review begin so; of them applicants are told what came of it
REVIEW = "review."
REVIEW_TOLD = (
    *("review.concluded", "review.supplemented", "review.replied"),
    *("review.condition", "review.condition_late"),
)


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


# What departments say to one another in a joint review is internal: applicants are told what came
# of it. Its tasks, but for their own, and its events are not there for them.


def hidden_task(actor: Actor, row: Row) -> bool:
    """Tell whether a task is not there for somebody."""
    internal = row["round_id"] is not None and row["kind"] != Kind.APPLICANT
    return hidden(actor, row) or (internal and actor.only("applicant"))


def visible_tasks(actor: Actor) -> ColumnElement[bool]:
    """Return the condition of the tasks an actor may see, of projects they may see."""
    if not actor.only("applicant"):
        return true()
    return or_(t.task.c.round_id.is_(None), t.task.c.kind == Kind.APPLICANT)


def told(actor: Actor) -> ColumnElement[bool]:
    """Return the condition of the events an actor may read, of projects they may see."""
    if not actor.only("applicant"):
        return true()
    event, about = t.history.c.event, t.history.c.task_id
    internal = select(t.task.c.id).where(t.task.c.id == about, ~visible_tasks(actor)).exists()
    return and_(or_(~event.startswith(REVIEW), event.in_(REVIEW_TOLD)), ~internal)


def missing(identifier: int) -> NotFound:
    """Return the error that says there is no such project."""
    return NotFound(f"there is no project {identifier}", project=identifier)
