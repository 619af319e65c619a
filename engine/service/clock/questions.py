"""What was raised in joint reviews (提请裁定): while a level has it, the conclusion waits for it.

The day it was raised and the day it was settled do not count either, so that the lead has a working
day after every settlement (proposed).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from engine.rules.legal_clock import Stop
from engine.service.access import Row
from engine.service.work import Work
from engine.store import tables as t

#: the step that waits
CONCLUDE = "conclude"
ONE = timedelta(days=1)
table, around = t.escalation.c, t.review_round.c


def of_projects(work: Work, projects: Collection[int] | None) -> list[Row]:
    """Return what was raised in some projects, or in all, the earliest first."""
    query = (
        select(around.project_id, table.round_id, table.raised_on, table.settled_on)
        .join(t.review_round, around.id == table.round_id)
        .order_by(table.id)
    )
    if projects is not None:
        query = query.where(around.project_id.in_(projects))
    return [dict(row) for row in work.db.execute(query).mappings()]


def open_since(work: Work, identifier: int) -> date | None:
    """Return since when a question of a round is open; None without one."""
    query = select(table.raised_on).where(table.round_id == identifier, table.settled_on.is_(None))
    found: date | None = work.db.execute(query).scalar()
    return found


def of_task(task: Mapping[str, Any], rows: Iterable[Row]) -> list[Row]:
    """Return what the conclusion of a round waited for; nothing of any other task."""
    if task["round_id"] is None or task["element"] != CONCLUDE:
        return []
    return [row for row in rows if row["round_id"] == task["round_id"]]


def waits_since(task: Mapping[str, Any], rows: Iterable[Row]) -> date | None:
    """Return since when a task waits for a question that is open; None where it does not."""
    found = (row["raised_on"] for row in of_task(task, rows) if row["settled_on"] is None)
    return min(found, default=None)


def stops_of(task: Mapping[str, Any], rows: Iterable[Row]) -> tuple[Stop, ...]:
    """Return the times a task waited for what is settled by now; within a day it loses none."""
    return tuple(
        Stop(row["raised_on"] - ONE, row["settled_on"], "question")
        for row in of_task(task, rows)
        if row["settled_on"] is not None and row["settled_on"] > row["raised_on"]
    )
