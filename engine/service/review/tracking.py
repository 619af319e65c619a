"""Conditions of the whole city, tracked until each has ended: by what is due first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement

from engine.errors import Invalid, NotFound
from engine.service import access
from engine.service.pages import decode_cursor, number, page
from engine.service.review import conditions, parts, round_rows
from engine.service.review.shown import ConditionView
from engine.service.views import Page
from engine.service.work import Work
from engine.store import tables as t

STATES = ("open", "met", "waived", "dropped", "all")
condition = t.review_condition.c


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which conditions; `department` looks at them. `overdue` are open ones past their day."""

    department: str | None = None
    state: str = "open"
    project: int | None = None
    overdue: bool | None = None


def find(
    work: Work, wanted: Wanted | None = None, *, cursor: str | None = None, limit: int = 50
) -> Page[ConditionView]:
    """Return conditions, what is due first. Raises Invalid.

    Applicants see those of their own projects, of rounds that are concluded; what was dropped on
    the way is not for them.
    """
    query = conditions.with_round().where(*seen(work), *where(work, wanted or Wanted()))
    if cursor:
        due_on, identifier = decode_cursor(cursor, date.fromisoformat, number)
        later = (condition.due_on > due_on) | (condition.id > identifier)
        query = query.where(condition.due_on >= due_on, later)
    rows = [dict(each) for each in work.db.execute(query.limit(limit + 1)).mappings()]
    found = page(rows, limit, lambda last: (last["due_on"], last["id"]))
    return Page([parts.condition(work, row) for row in found.items], found.next)


def seen(work: Work) -> list[ColumnElement[bool]]:
    """Return the conditions of what an actor sees."""
    if round_rows.is_outside(work.actor):
        return [round_rows.visible(work.actor), condition.state != "dropped"]
    return []


def where(work: Work, wanted: Wanted) -> list[ColumnElement[bool]]:
    """Return the conditions of filters. Raises Invalid."""
    if wanted.state not in STATES:
        raise Invalid(f"state must be one of {', '.join(STATES)}", field="state")
    found: list[ColumnElement[bool]] = []
    if wanted.state != "all":
        found.append(condition.state == wanted.state)
    if wanted.department is not None:
        found.append(condition.department == wanted.department)
    if wanted.project is not None:
        found.append(t.review_round.c.project_id == wanted.project)
    if wanted.overdue is not None:
        late = (condition.state == "open") & (condition.due_on < work.today)
        found.append(late if wanted.overdue else ~late)
    return found


def get(work: Work, identifier: int) -> ConditionView:
    """Return a condition. Raises NotFound."""
    row = access.only(work, conditions.with_round().where(condition.id == identifier, *seen(work)))
    if row is None:
        raise NotFound(f"there is no condition {identifier}", condition=identifier)
    return parts.condition(work, row)
