"""Which open tasks are in whose inbox, and in what order: conditions that indexes answer.

A scope is one or several branches that have no row in common, each in the order of an index;
so a page of a department's inbox costs the same among a million tasks.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    Select,
    Text,
    and_,
    cast,
    false,
    func,
    literal_column,
    or_,
    select,
    union_all,
)

from engine.errors import Forbidden, Invalid
from engine.rules.light import Bounds, bounds
from engine.rules.procedure import Kind
from engine.service import codes, names
from engine.service.work import Actor, Work
from engine.store import tables as t

Condition = ColumnElement[bool]
#: conditions that hold together
Branch = tuple[Condition, ...]

MINE, DEPARTMENT, ALL = "mine", "department", "all"
#: who may look at everybody's tasks
OVERSIGHT: Final = ("coordinator", "supervisor", "analyst")
GROUPS: Final = ("all", "overdue", "due_soon", "receive")
RECEIVE = "receive"
#: roles that have tasks though they are bound to no department
UNBOUND: Final = frozenset({"coordinator", "head"})

task = t.task.c
OPEN: Final = task.state == "open"
SUSPENDED: Final = select(t.project.c.id).where(t.project.c.state == "suspended")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which tasks of an inbox: a scope, a group of lights, and further filters; None for any."""

    scope: str = MINE
    #: all, overdue, due_soon, or receive: those that wait to be accepted
    group: str = "all"
    department: str | None = None
    stage: str | None = None
    item: str | None = None
    kind: str | None = None
    #: part of a project's name, applicant or code, or of an item's name or id
    text: str | None = None


def scopes(actor: Actor) -> tuple[str, ...]:
    """Return the scopes that an actor may look at."""
    seen = {
        MINE: True,
        DEPARTMENT: bool(departments(actor)),
        ALL: actor.has(*OVERSIGHT) or actor.only("applicant"),
    }
    return tuple(name for name, may in seen.items() if may)


def departments(actor: Actor) -> list[str]:
    """Return the departments an actor works for."""
    return sorted({place for _, place in actor.roles if place})


def branches(actor: Actor, scope: str) -> list[Branch]:
    """Return the branches of a scope. Raises Invalid, Forbidden."""
    if scope not in {MINE, DEPARTMENT, ALL}:
        raise Invalid(f"scope must be one of {MINE}, {DEPARTMENT}, {ALL}", field="scope")
    if scope == MINE:
        return mine(actor)
    if actor.only("applicant"):
        return [(own_projects(actor),)]
    if scope == DEPARTMENT:
        return [(task.department == place,) for place in departments(actor)]
    if not actor.has(*OVERSIGHT):
        raise Forbidden(f"this needs the role {' or '.join(OVERSIGHT)}", roles=list(OVERSIGHT))
    return [()]


def mine(actor: Actor) -> list[Branch]:
    """Return what an actor has claimed, and what is unclaimed and theirs to do."""
    # in a form no index answers: by department there are far fewer than unclaimed in the city
    free = func.coalesce(task.assignee_id, 0) == 0
    found: list[Branch] = [(task.assignee_id == actor.id,)] if actor.id is not None else []
    for place in departments(actor):
        roles = sorted(role for role, where in actor.roles if where == place)
        found.append((task.department == place, free, or_(*map(names_role, roles))))
    unbound = sorted(role for role, where in actor.roles if not where and role in UNBOUND)
    if unbound:
        found.append((task.department == "", free, or_(*map(names_role, unbound))))
    if actor.has_plain("applicant"):
        found.append((own_projects(actor), task.kind == Kind.APPLICANT, free))
    return found


def names_role(role: str) -> Condition:
    """Return the condition that a task's roles name one."""
    return cast(task.roles, Text).contains(f'"{role}"', autoescape=True)


def own_projects(actor: Actor) -> Condition:
    """Return the condition of the tasks of an applicant's projects."""
    project = t.project.c
    if actor.id is None:
        return false()
    return task.project_id.in_(select(project.id).where(project.applicant_user_id == actor.id))


def filters(work: Work, wanted: Wanted) -> Branch:
    """Return the conditions of the filters, without the group's."""
    given = ("department", "stage", "item", "kind")
    equal = [(task[name], getattr(wanted, name)) for name in given]
    return (
        *(column == value for column, value in equal if value is not None),
        *([like(work, wanted.text)] if wanted.text else []),
    )


def like(work: Work, text: str) -> Condition:
    """Return the condition of the tasks whose project or item is like a text."""
    projects = task.project_id.in_(select(t.project.c.id).where(codes.matches(work, text)))
    items = names.items_like(work, text)
    return or_(projects, task.item.in_(sorted(items))) if items else projects


def group(work: Work, name: str) -> Branch:
    """Return the conditions of a group of lights. Raises Invalid."""
    if name not in GROUPS:
        raise Invalid(f"light must be one of {', '.join(GROUPS)}", field="light")
    limits = bounds(work.calendar, work.today, work.rules.lights)
    return {
        "all": (),
        "overdue": (task.due_on < limits.orange_before,),
        "due_soon": (task.due_on >= limits.orange_before, soon(work, limits)),
        "receive": (task.element == RECEIVE,),
    }[name]


def soon(work: Work, limits: Bounds) -> Condition:
    """Return the condition of what falls due soon: of what is short, sooner."""
    long = or_(task.days.is_(None), task.days > work.rules.lights.short_days)
    last = task.due_on < limits.yellow_before
    return and_(last, or_(long, task.due_on < limits.short_yellow_before))


def count(several: Iterable[Branch], *further: Condition) -> ColumnElement[int]:
    """Return the number of the rows of branches, as an expression."""
    numbers: list[ScalarSelect[int]] = [
        select(func.count()).select_from(t.task).where(OPEN, *each, *further).scalar_subquery()
        for each in several
    ]
    return sum(numbers[1:], start=numbers[0]) if numbers else literal_column("0")


def chosen(
    several: Sequence[Branch], further: Branch, limit: int, *, back: bool = False
) -> Select[Any]:
    """Return the ids of the first rows of branches by due date, or the last ones."""
    parts = [first((OPEN, *each, *further), limit, back=back) for each in several]
    if len(parts) == 1:
        return parts[0].with_only_columns(task.id)
    rows = union_all(*(select(each.subquery()) for each in parts)).subquery()
    order = ordered(rows.c.due_on, rows.c.id, back=back)
    return select(rows.c.id).order_by(*order).limit(limit)


def first(conditions: Branch, limit: int, *, back: bool) -> Select[Any]:
    """Return the first rows of a branch by due date, or the last ones."""
    order = ordered(task.due_on, task.id, back=back)
    return select(task.due_on, task.id).where(*conditions).order_by(*order).limit(limit)


def ordered(*columns: ColumnElement[Any], back: bool) -> list[ColumnElement[Any]]:
    """Return columns to sort by, forward or back."""
    return [each.desc() if back else each.asc() for each in columns]


def after(due_on: date, identifier: str) -> Condition:
    """Return the condition of the rows behind a place, in a form an index answers."""
    return (task.due_on >= due_on) & ((task.due_on > due_on) | (task.id > identifier))


def before(due_on: date, identifier: str) -> Condition:
    """Return the condition of the rows ahead of a place."""
    return (task.due_on <= due_on) & ((task.due_on < due_on) | (task.id < identifier))
