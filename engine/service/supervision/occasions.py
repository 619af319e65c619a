"""What a card can be given about: a project with its items, an item, a task, and who answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from engine.errors import NotFound
from engine.rules.catalogue import Name
from engine.rules.procedure import Kind
from engine.service import access, codes, deployments, names
from engine.service.access import Row
from engine.service.supervision.card_rows import SUPERVISOR
from engine.service.supervision.issuing import task_rows
from engine.service.work import Work
from engine.store import tables as t


@dataclass(frozen=True, slots=True)
class Choice:
    """An item that a card can be about, and whose it is."""

    item: str
    name: Name
    department: str


@dataclass(frozen=True, slots=True)
class Occasion:
    """What a card is about, as far as it is known.

    `items` are those of the project to choose from; `people` the users of the department, by
    name and as others call them. Without a project everything is open.
    """

    project: int | None = None
    project_name: str = ""
    code: str = ""
    items: Sequence[Choice] = ()
    item: Choice | None = None
    task: str = ""
    element: str = ""
    person: str = ""
    people: Sequence[tuple[str, str]] = ()


def find(work: Work, project: int | None, item: str, task: str) -> Occasion:
    """Return what a card would be about. Raises NotFound, Forbidden."""
    work.actor.require(SUPERVISOR)
    row = task_row(work, task) if task else None
    project, item = (row["project_id"], row["item"]) if row else (project, item)
    if project is None:
        return Occasion()
    found = access.row_of(work, project)
    choices = items_of(work, found)
    chosen = next((each for each in choices if each.item == item), None)
    return Occasion(
        project=project,
        project_name=found["name"],
        code=codes.code_of(work, found),
        items=choices,
        item=chosen,
        task=task,
        element=row["element"] if row else "",
        person=(row["person"] or "") if row else "",
        people=people_of(work, chosen.department) if chosen else (),
    )


def task_row(work: Work, identifier: str) -> Row:
    """Return a task's row. Raises NotFound."""
    row = access.only(work, task_rows().where(t.task.c.id == identifier))
    if row is None:
        raise NotFound(f"there is no task {identifier}", task=identifier)
    return row


def items_of(work: Work, project: Row) -> list[Choice]:
    """Return the approvals of a project that have begun, in the procedure's order."""
    built = deployments.deployment(work.db, project["version_id"])
    order = {each.id: place for place, each in enumerate(built.activities)}
    table = t.project_item.c
    query = (
        select(table.item, table.department)
        .where(table.project_id == project["id"], table.kind == Kind.APPROVAL)
        .where(table.opened_on.is_not(None))
    )
    rows = sorted(work.db.execute(query), key=lambda row: (order.get(row.item, len(order)), row))
    return [Choice(row.item, names.item_name(built, row.item), row.department) for row in rows]


def people_of(work: Work, department: str) -> list[tuple[str, str]]:
    """Return the users who work for a department, by name and as others call them."""
    user, role = t.user.c, t.user_role.c
    query = (
        select(user.name, user.display_name)
        .join(t.user_role, role.user_id == user.id)
        .where(role.department == department, user.active)
        .distinct()
        .order_by(user.name)
    )
    return [(row.name, row.display_name or row.name) for row in work.db.execute(query)]
