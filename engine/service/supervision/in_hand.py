"""The cases behind the board's numbers: in hand now, of a department and a light."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from engine.errors import Invalid
from engine.rules.catalogue import Name
from engine.rules.light import Light
from engine.rules.procedure import Kind
from engine.service import codes, deployments, funnel, names
from engine.service.clock.due import NEVER
from engine.service.pages import decode_cursor, number, page, words
from engine.service.views import Page
from engine.service.work import Work
from engine.store import tables as t

item = t.project_item.c
#: what the filter `light` may be: a light, or what several of them say
OVERDUE, PAST_STATUTE = "overdue", "past_statute"
COLOURS = (Light.GREEN, Light.YELLOW, Light.ORANGE, Light.RED, Light.PAUSED)
LIGHTS: tuple[str, ...] = (*COLOURS, OVERDUE, PAST_STATUTE)
NAMES = (
    *("item", "stage", "department", "state", "accepted_on"),
    *("promised_due_on", "statutory_due_on"),
)


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case in hand; `task` is the one that is open of it, None where it waits for others."""

    project: int
    project_name: str
    code: str
    item: str
    item_name: Name
    stage: str
    department: str
    state: str
    light: str
    accepted_on: date | None
    promised_due_on: date | None
    statutory_due_on: date | None
    task: str | None


def find(
    work: Work,
    department: str | None = None,
    light: str | None = None,
    *,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[CaseRow]:
    """Return cases in hand, what is promised first coming first. Raises Invalid."""
    due = func.coalesce(item.promised_due_on, NEVER).label("due")
    query = columns(work, due).where(*conditions(work, department, light))
    query = query.order_by(due, item.project_id, item.item).limit(limit + 1)
    if cursor:
        at, project, name = decode_cursor(cursor, date.fromisoformat, number, words)
        same = and_(due == at, item.project_id == project, item.item > name)
        query = query.where(
            or_(due > at, and_(due == at, item.project_id > project), same),
        )
    rows = list(work.db.execute(query).mappings())
    found = page(rows, limit, lambda last: (last["due"], last["project"], last["item"]))
    tasks = tasks_of(work, {row["project"] for row in found.items})
    return Page([view(work, dict(row), tasks) for row in found.items], found.next)


def columns(work: Work, due: ColumnElement[Any]) -> Select[Any]:
    """Return the query of the cases in hand."""
    return (
        select(
            *(item[name] for name in NAMES),
            item.project_id.label("project"),
            t.project.c.name.label("project_name"),
            t.project.c.created_at,
            t.project.c.version_id,
            funnel.light_of(work).label("light"),
            due,
        )
        .join(t.project, t.project.c.id == item.project_id)
        .where(item.kind == Kind.APPROVAL, item.state.in_(funnel.IN_HAND))
    )


def conditions(work: Work, department: str | None, light: str | None) -> list[ColumnElement[bool]]:
    """Return the conditions of the filters. Raises Invalid."""
    of_department = [item.department == department] if department else []
    if not light:
        return of_department
    if light not in LIGHTS:
        raise Invalid(f"light must be one of {', '.join(LIGHTS)}", field="light")
    colour = funnel.light_of(work)
    several = {
        OVERDUE: colour.in_([str(Light.ORANGE), str(Light.RED)]),
        PAST_STATUTE: and_(item.statutory_due_on < work.today, colour != str(Light.PAUSED)),
    }
    return [*of_department, several.get(light, colour == light)]


def tasks_of(work: Work, projects: set[int]) -> dict[tuple[int, str], str]:
    """Return an open task of each item of some projects that has one."""
    table = t.task.c
    query = select(table.project_id, table.item, table.id).where(
        table.project_id.in_(sorted(projects)), table.state == "open"
    )
    return {(row.project_id, row.item): row.id for row in work.db.execute(query)}


def view(work: Work, row: dict[str, Any], tasks: dict[tuple[int, str], str]) -> CaseRow:
    """Return a row as a case."""
    built = deployments.deployment(work.db, row["version_id"])
    return CaseRow(
        project=row["project"],
        project_name=row["project_name"],
        code=codes.code_of(work, row, "project"),
        item_name=names.item_name(built, row["item"]),
        light=row["light"],
        task=tasks.get((row["project"], row["item"])),
        **{name: row[name] for name in NAMES},
    )
