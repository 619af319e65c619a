"""Where every project stands, as rows that lists read: computed after a change and once a day.

A step does not write them: its statements are few for a reason. Whoever shows a change at
once refreshes the project itself; the worker refreshes what is left, in short transactions.
Rows are read and computed first and written then, so that a writer waits for milliseconds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Executable, case, func, or_, select
from sqlalchemy.dialects import postgresql, sqlite

from engine.service import deployments, standing
from engine.service.access import Row
from engine.service.clock.due import NEVER
from engine.service.outlook import outlook_of
from engine.service.views import StageView
from engine.service.work import Work
from engine.store import tables as t

#: sorts behind every slack there can be
NO_SLACK = 1_000_000
#: projects whose standing changes from day to day
MOVING = ("running", "suspended")


def upsert(insert: sqlite.Insert | postgresql.Insert) -> Executable:
    """Return what writes a row, or replaces the one of an earlier version."""
    new = insert.excluded
    return insert.on_conflict_do_update(
        index_elements=["project_id"],
        set_={each.name: new[each.name] for each in t.project_standing.c if not each.primary_key},
        where=t.project_standing.c.project_version <= new.project_version,
    )


KEEP = {
    "sqlite": upsert(sqlite.insert(t.project_standing)),
    "postgresql": upsert(postgresql.insert(t.project_standing)),
}
Rows = Mapping[int, list[Row]]


def refresh(work: Work, project_id: int) -> None:
    """Write down where a project stands now: after a change, in the same transaction."""
    keep(work, compute(work, [project_id]))


def refresh_stale(work: Work, limit: int = 500) -> int:
    """Write down where projects stand of which that is not known; returns how many."""
    found = stale(work, limit)
    keep(work, compute(work, found))
    return len(found)


def stale(work: Work, limit: int, after: int = 0) -> list[int]:
    """Return projects whose row is missing, of another version, or of an earlier day, by id.

    `after` is the last one of those that were returned before.
    """
    project, row = t.project.c, t.project_standing.c
    query = (
        select(project.id)
        .outerjoin(t.project_standing, row.project_id == project.id)
        .where(
            project.id > after,
            or_(
                row.project_id.is_(None),
                row.project_version != project.version,
                project.state.in_(MOVING) & (row.as_of_on < work.today),
            ),
        )
        .order_by(project.id)
        .limit(limit)
    )
    return list(work.db.execute(query).scalars())


def keep(work: Work, rows: Sequence[Row]) -> None:
    """Write rows down, unless what is there is of a later version."""
    if not rows:
        return
    # in one order, so that two workers wait for each other and not in a circle
    ordered = sorted(rows, key=lambda row: row["project_id"])
    work.db.execute(KEEP[work.db.dialect.name], ordered)


def compute(work: Work, identifiers: Sequence[int]) -> list[Row]:
    """Return where projects stand today, a row each; few statements for all of them."""
    projects = project_rows(work, identifiers)
    items = item_rows(work, identifiers)
    diagrams = standing.diagrams_of(work, identifiers)
    counts = task_counts(work, identifiers)
    return [
        row_of(work, each, items.get(each["id"], []), diagrams.get(each["id"], {}))
        | counts.get(each["id"], {"open_tasks": 0, "overdue_tasks": 0})
        for each in projects
    ]


def project_rows(work: Work, identifiers: Sequence[int]) -> list[Row]:
    """Return the rows of projects."""
    query = select(t.project).where(t.project.c.id.in_(identifiers))
    return [dict(row) for row in work.db.execute(query).mappings()]


def item_rows(work: Work, identifiers: Sequence[int]) -> Rows:
    """Return the rows of projects' activities."""
    found: dict[int, list[Row]] = {}
    query = select(t.project_item).where(t.project_item.c.project_id.in_(identifiers))
    for row in work.db.execute(query).mappings():
        found.setdefault(row["project_id"], []).append(dict(row))
    return found


def task_counts(work: Work, identifiers: Sequence[int]) -> Mapping[int, Row]:
    """Return how many tasks of projects are open, and overdue."""
    table = t.task.c
    late = func.sum(case((table.overdue, 1), else_=0))
    query = (
        select(table.project_id, func.count().label("open_tasks"), late.label("overdue_tasks"))
        .where(table.project_id.in_(identifiers), table.state == "open")
        .group_by(table.project_id)
    )
    names = ("open_tasks", "overdue_tasks")
    return {
        row["project_id"]: {name: int(row[name]) for name in names}
        for row in work.db.execute(query).mappings()
    }


def row_of(work: Work, project: Row, items: list[Row], diagrams: Mapping[str, str]) -> Row:
    """Return where a project stands."""
    built = deployments.deployment(work.db, project["version_id"])
    outlook = outlook_of(work, project, built, items)
    fields = standing.forecast_fields(work, project, built, outlook)
    stages = [
        standing.stage_view(built, each.id, diagrams.get(each.id, ""), items)
        for each in built.procedure.stages
    ]
    return {
        **fields,
        **held_fields(project, items, outlook),
        **order_fields(project, fields),
        "project_id": project["id"],
        "project_version": project["version"],
        "as_of_on": work.today,
        "light": standing.light_of(work, project, fields),
        "stage": stage_of(project, stages),
        "items": sum(each.items for each in stages),
        "decided": sum(each.decided for each in stages),
    }


def stage_of(project: Row, stages: Sequence[StageView]) -> str:
    """Return the stage a project is in: the first that is not completed."""
    if project["state"] not in MOVING:
        return ""
    return next((each.id for each in stages if each.state != "completed"), "")


def held_fields(project: Row, items: Sequence[Row], outlook: Any) -> Row:
    """Return what holds a project most."""
    first = next(iter(standing.held_by(project, items, outlook)), None)
    return {
        "held_item": first.item if first else "",
        "held_department": first.department if first else "",
        "held_due_on": first.due_on if first else None,
        "held_days_late": first.days_late if first else 0,
    }


def order_fields(project: Row, fields: Row) -> Row:
    """Return what lists sort by: never nothing, so that an index answers.

    Projects that do not run any more come behind those that do.
    """
    slack, finish_on = fields["slack_days"], fields["forecast_finish_on"]
    moves = project["state"] in MOVING
    return {
        "slack_order": slack if moves and slack is not None else NO_SLACK,
        "forecast_order": finish_on if moves and finish_on is not None else NEVER,
    }
