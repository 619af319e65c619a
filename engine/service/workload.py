"""The departments with what they decide, who works for them, and what waits there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import case, func, select

from engine.rules.catalogue import Name
from engine.rules.light import bounds
from engine.rules.procedure import Kind
from engine.service import departments, deployments
from engine.service.departments import Department
from engine.service.inbox_query import OPEN
from engine.service.work import Work
from engine.store import tables as t
from engine.workflow.deployment import Deployment


@dataclass(frozen=True, slots=True)
class DecidedItem:
    """An item that a department decides, in the newest version of a procedure.

    `promised_days` are working days. In `takes_part` the department is only asked for its
    opinion.
    """

    procedure: str
    procedure_name: Name
    id: str
    name: Name
    stage: str
    promised_days: int | None
    takes_part: bool = False


@dataclass(frozen=True, slots=True)
class Tasks:
    """How many tasks are open, and how many of them are overdue while their project runs."""

    open: int = 0
    overdue: int = 0


@dataclass(frozen=True, slots=True)
class Workload:
    """A department. `users` are those who may log in and have a role there."""

    id: str
    name: Name
    users: int
    open: int
    overdue: int
    items: list[DecidedItem]

    @property
    def decides(self) -> list[DecidedItem]:
        """The items that are its own to decide."""
        return [each for each in self.items if not each.takes_part]


def find(work: Work) -> list[Workload]:
    """Return every department: those of the city in their order, then what else is named."""
    items = items_by_department(work)
    tasks, users = tasks_by_department(work), users_by_department(work)
    known = {each.id: each for each in departments.find(work.settings)}
    others = sorted({*items, *tasks, *users} - set(known) - {""})
    every = [*known.values(), *(Department(code, Name(code)) for code in others)]
    return [
        Workload(
            id=each.id,
            name=each.name,
            users=users.get(each.id, 0),
            open=tasks.get(each.id, Tasks()).open,
            overdue=tasks.get(each.id, Tasks()).overdue,
            items=items.get(each.id, []),
        )
        for each in every
    ]


def tasks_by_department(work: Work) -> Mapping[str, Tasks]:
    """Return how much waits where: what inboxes call overdue is called so here."""
    task = t.task.c
    late = task.due_on < bounds(work.calendar, work.today, work.rules.lights).orange_before
    query = (
        select(task.department, func.count(), func.sum(case((late, 1), else_=0)))
        .where(OPEN)
        .group_by(task.department)
    )
    return {code: Tasks(count, int(overdue)) for code, count, overdue in work.db.execute(query)}


def users_by_department(work: Work) -> Mapping[str, int]:
    """Return how many users have a role where."""
    role, user = t.user_role.c, t.user.c
    query = (
        select(role.department, func.count(role.user_id.distinct()))
        .join(t.user, user.id == role.user_id)
        .where(role.department != "", user.active)
        .group_by(role.department)
    )
    return {code: int(count) for code, count in work.db.execute(query)}


def items_by_department(work: Work) -> Mapping[str, list[DecidedItem]]:
    """Return what departments decide and take part in, by the newest versions' diagrams."""
    found: dict[str, list[DecidedItem]] = {}
    for built in deployments.newest(work.db):
        for code, item in items_of(built):
            found.setdefault(code, []).append(item)
    return found


def items_of(built: Deployment) -> Iterator[tuple[str, DecidedItem]]:
    """Yield a procedure's items with the departments that decide them and take part."""
    procedure = built.procedure
    for stage, definition in built.stages.items():
        for element in definition.elements.values():
            item = procedure.items.get(element.item)
            if item is None or item.kind is not Kind.APPROVAL:
                continue
            what = (procedure.id, procedure.name, item.id, item.name, stage, item.promised_days)
            yield item.department, DecidedItem(*what)
            for code in item.participants:
                if code != item.department:
                    yield code, DecidedItem(*what, takes_part=True)
