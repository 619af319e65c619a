"""The steps of the city's history: one row for each user task that was completed."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from sqlalchemy import Select, select

from engine.service.logs.deed import NEVER, Deed
from engine.service.logs.people import Naming
from engine.service.logs.stops import Stops, holding, without
from engine.service.work import Work
from engine.store import tables as t

COMPLETED = "task.completed"
CLAIMED = "task.claimed"
EVENTS = (COMPLETED, CLAIMED, "task.unclaimed", "task.assigned")
#: the diagram that a round of a joint review runs in stands beside the procedure's stages
JOINT_REVIEW = "joint-review"


def deeds(
    work: Work, chosen: Select[tuple[int]], stops: Stops, codes: Mapping[int, str], people: Naming
) -> Iterator[Deed]:
    """Yield the completed tasks of some projects, those of a project as they were completed."""
    known = followed(work, chosen)
    rows = (dict(row) for row in work.db.execute(tasks(chosen)).mappings())
    for row in sorted(rows, key=lambda row: order(row, known)):
        yield deed(row, known.get(row["id"], UNTOLD).claimed, stops, codes, people)


class Followed(NamedTuple):
    """What the history tells of a task: its number there when it was completed, and the claim."""

    number: float
    claimed: float


#: tasks that others ended, as opinions that the lead notes at a meeting, come last of an instant
UNTOLD = Followed(math.inf, NEVER)


def followed(work: Work, chosen: Select[tuple[int]]) -> dict[str, Followed]:
    """Return what the history tells of each task of some projects.

    A claim counts as the beginning where it is the last thing that happened to the task before:
    not where it was given back, or to somebody else.
    """
    found: dict[str, Followed] = {}
    for row in work.db.execute(events(chosen)).mappings():
        task, event = row["task_id"], row["event"]
        claimed = row["at"].timestamp() if event == CLAIMED else NEVER
        if event == COMPLETED:
            claimed = found.get(task, UNTOLD).claimed
        found[task] = Followed(row["id"], claimed)
    return found


def order(row: Mapping[str, Any], known: Mapping[str, Followed]) -> tuple[Any, ...]:
    """Return where a task stands: by project, by its end, then as it was completed."""
    number = known.get(row["id"], UNTOLD).number
    return (row["project_id"], row["ended_at"], number, row["created_at"], row["id"])


def deed(
    row: Mapping[str, Any], start: float, stops: Stops, codes: Mapping[int, str], people: Naming
) -> Deed:
    """Return a completed task as a row of the log."""
    held = holding(stops.get(row["project_id"], ()), own_item(row), row["kind"])
    end = row["ended_at"].timestamp()
    ready, start = without(held, row["created_at"].timestamp(), start, end)
    named = (codes[row["project_id"]], activity(row), people(row["ended_by"]), row["department"])
    return Deed(*named, ready, start, end)


def own_item(row: Mapping[str, Any]) -> str:
    """Return the item whose stops hold up a task; those of a round have none."""
    return "" if row["round_id"] is not None else str(row["item"])


def activity(row: Mapping[str, Any]) -> str:
    """Return the node that a task stands at in its procedure's control flow."""
    if row["round_id"] is not None:
        return f"{JOINT_REVIEW}/{row['element']}"
    return f"{row['item']}/{row['element']}" if row["case_item"] else str(row["element"])


def tasks(chosen: Select[tuple[int]]) -> Select[Any]:
    """Return the query of the completed tasks of some projects."""
    task = t.task.c
    names = (
        *("id", "project_id", "item", "element", "kind", "department", "round_id"),
        *("created_at", "ended_at", "ended_by"),
    )
    return (
        select(*(task[name] for name in names), t.process_instance.c.item.label("case_item"))
        .join(t.process_instance, t.process_instance.c.id == task.instance_id)
        .where(task.project_id.in_(chosen), task.state == "completed")
    )


def events(chosen: Select[tuple[int]]) -> Select[Any]:
    """Return the query of what happened to the tasks of some projects, in order."""
    history = t.history.c
    return (
        select(history.id, history.at, history.event, history.task_id)
        .where(history.project_id.in_(chosen), history.event.in_(EVENTS))
        .order_by(history.project_id, history.id)
    )
