"""Projects that came to the start of construction: how many days, and with whom they were.

Written down once for each, by the worker, as nothing of it changes any more; so an evaluation of
thousands of projects adds up rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import insert, select

from engine.analysis.evaluation import Held, Holder, deal_out, without
from engine.errors import Conflict
from engine.rules.procedure import Kind
from engine.service import deployments, standing
from engine.service.access import Row
from engine.service.clock import stops
from engine.service.outlook import counted_total, outlook_of
from engine.service.work import Work
from engine.store import tables as t

#: whose work a task is
HOLDERS: Mapping[str, Holder] = {
    Kind.APPROVAL: Holder.DEPARTMENT,
    Kind.APPLICANT: Holder.APPLICANT,
    Kind.INTERMEDIARY: Holder.INTERMEDIARY,
}


def waiting(work: Work, limit: int = 500) -> list[int]:
    """Return projects whose construction has started and whose days are not written down yet."""
    project, row = t.project.c, t.project_days.c
    query = (
        select(project.id)
        .outerjoin(t.project_days, row.project_id == project.id)
        .where(project.opened_on.is_not(None), row.project_id.is_(None))
        .order_by(project.id)
        .limit(limit)
    )
    return list(work.db.execute(query).scalars())


def write(work: Work, project: int) -> bool:
    """Write down the days of a project; False where somebody else has, or it has not opened."""
    there = select(t.project_days.c.project_id).where(t.project_days.c.project_id == project)
    query = select(t.project).where(t.project.c.id == project).with_for_update()
    row = work.db.execute(query).mappings().one_or_none()
    if row is None or row["opened_on"] is None or work.db.execute(there).first():
        return False
    work.db.execute(insert(t.project_days).values(days_of(work, dict(row))))
    return True


def write_waiting(work: Work, limit: int = 500) -> int:
    """Write down the days of every project that waits for it; returns how many."""
    return sum(write(work, each) for each in waiting(work, limit))


def days_of(work: Work, project: Row) -> Row:
    """Return what is written of a project that has opened. Raises Conflict before its start."""
    built = deployments.deployment(work.db, project["version_id"])
    items = standing.item_rows(work, project["id"])
    outlook = outlook_of(work, project, built, items)
    if outlook is None:
        raise Conflict("the project has not been started", project=project["id"])
    started_on, opened_on = project["started_on"], project["opened_on"]
    shares = deal_out(work.calendar, started_on, opened_on, held(work, project, items))
    return {
        "project_id": project["id"],
        "version_id": project["version_id"],
        "opened_on": opened_on,
        "counted_days": outlook.counted_days,
        "promised_days": counted_total(built),
        "window_ends_on": outlook.window_ends_on,
        "elapsed_days": shares.total,
        "department_days": shares.department,
        "applicant_days": shares.applicant,
        "intermediary_days": shares.intermediary,
        "suspended_days": shares.suspended,
    }


def held(work: Work, project: Row, items: Sequence[Row]) -> Iterator[Held]:
    """Yield who had something of a project in hand when: by its tasks, and its own standstills.

    A task is in hand after the day it was opened until the day it was answered; one of an item
    no longer than until the item's decision, as payment and delivery hold up nothing.
    """
    found = stops.of_project(work, project["id"])
    opened_on: date = project["opened_on"]
    for row in found:
        if row["item"] == stops.PROJECT:
            yield Held(Holder.SUSPENDED, row["from_on"], row["until_on"] or opened_on)
    decided = {row["item"]: row["decided_on"] for row in items}
    for task in tasks_of(work, project["id"]):
        until_on = ended_on(task, decided.get(task["item"]), opened_on)
        if task["kind"] in HOLDERS and until_on > task["opened_on"]:
            still = stood_still(found, task["item"], opened_on)
            yield Held(HOLDERS[task["kind"]], task["opened_on"], until_on, still)


def ended_on(task: Row, decided_on: date | None, opened_on: date) -> date:
    """Return the last day on which a task was in hand."""
    ends = (task["ended_on"], decided_on, opened_on)
    return min(each for each in ends if each is not None)


def stood_still(found: Iterable[Row], item: str, last_on: date) -> frozenset[date]:
    """Return the dates on which an item's own clock stood still."""
    own = [row for row in found if row["item"] == item]
    spans = (without(row["from_on"], row["until_on"], last_on) for row in own)
    return frozenset[date]().union(*spans)


def tasks_of(work: Work, project: int) -> Iterator[dict[str, Any]]:
    """Yield the tasks of a project with the dates they were opened and answered."""
    table, zone = t.task.c, work.settings.zone
    query = select(table.item, table.kind, table.created_at, table.ended_at).where(
        table.project_id == project
    )
    for row in work.db.execute(query):
        ended_on = row.ended_at.astimezone(zone).date() if row.ended_at else None
        opened_on = row.created_at.astimezone(zone).date()
        yield {
            "item": row.item,
            "kind": row.kind,
            "opened_on": opened_on,
            "ended_on": ended_on,
        }
