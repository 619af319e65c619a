"""The times clocks stood still, of an item or of a whole project, as they are recorded."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import insert, select, update

from engine.rules.legal_clock import Stop
from engine.service.access import Row
from engine.service.work import Work
from engine.store import tables as t

#: stands for the whole project where an item is asked for
PROJECT = ""


def of_project(work: Work, project: int) -> list[Row]:
    """Return every stop of a project and its items, the earliest first."""
    return of_projects(work, [project])


def of_projects(work: Work, projects: Collection[int] | None) -> list[Row]:
    """Return every stop of some projects, or of all; the earliest first."""
    table = t.suspension
    query = select(table).order_by(table.c.from_on, table.c.id)
    if projects is not None:
        query = query.where(table.c.project_id.in_(projects))
    return [dict(row) for row in work.db.execute(query).mappings()]


def of_item(rows: Iterable[Row], item: str) -> tuple[Stop, ...]:
    """Return the stops that hold for an item: its own, and those of its project."""
    return tuple(stop(row) for row in rows if row["item"] in {PROJECT, item})


def known_of(rows: Iterable[Row], task: Mapping[str, Any], items: Collection[str]) -> list[Row]:
    """Return the stops of some items as they were known while a task was open.

    What began after its end moved nothing of it, nor what had not ended by then.
    """
    mine = (row for row in rows if row["item"] in items)
    ended_at = task["ended_at"]
    if ended_at is None:
        return list(mine)
    return [
        row if row["ended_at"] and row["ended_at"] < ended_at else {**row, "until_on": None}
        for row in mine
        if row["started_at"] < ended_at
    ]


def stop(row: Mapping[str, Any]) -> Stop:
    """Return a row as the clock knows it."""
    return Stop(row["from_on"], row["until_on"], row["reason"], row["note"])


def begin(work: Work, project: int, item: str, attempt: int, given: Mapping[str, Any]) -> int:
    """Write that a clock stands still from a day; returns the stop's id."""
    row = {
        "project_id": project,
        "item": item,
        "attempt": attempt,
        "started_at": work.now,
        "started_by": work.actor.name,
        **given,
    }
    table = t.suspension
    return int(work.db.execute(insert(table).values(row).returning(table.c.id)).scalar_one())


def end(work: Work, row: Row, until_on: Any) -> Row:
    """Write that a stop has ended on a day; returns its row."""
    table = t.suspension
    ended = {"until_on": until_on, "ended_at": work.now, "ended_by": work.actor.name}
    work.db.execute(update(table).where(table.c.id == row["id"]).values(ended))
    return {**row, **ended}


def standing(rows: Iterable[Row], item: str) -> Row | None:
    """Return the stop of an item, or of the project (''), that has not ended; None without."""
    return next((row for row in rows if row["item"] == item and row["until_on"] is None), None)


def close(work: Work, project: int, item: str) -> None:
    """End the stop of an item whose case ends before its time."""
    row = standing(of_project(work, project), item)
    if row is not None:
        end(work, row, max(work.today, row["from_on"]))
