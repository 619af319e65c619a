"""The items of the city's history: one row for each attempt at an item that came to an end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Select, select

from engine.service.logs.deed import NEVER, Deed
from engine.service.logs.people import Naming
from engine.service.logs.stops import Stops, holding, without
from engine.service.work import Work
from engine.store import tables as t

PREFIX = "item."
OPENING = ("item.received", "item.open")
BEGINNING = "item.accepted"
#: a decision, by the department or by its silence, and every other way out of an attempt
ENDING = (
    *("item.decided", "item.deemed", "item.done", "item.refused", "item.returned"),
    *("item.not_accepted", "item.out_of_scope", "item.withdrawn"),
)

Key = tuple[int, str]


def deeds(
    work: Work, chosen: Select[tuple[int]], stops: Stops, codes: Mapping[int, str], people: Naming
) -> Iterator[Deed]:
    """Yield the attempts at items of some projects in the order in which they ended."""
    opened: dict[Key, float] = {}
    begun: dict[Key, float] = {}
    for row in work.db.execute(events(chosen)).mappings():
        key, at = (row["project_id"], row["item"]), row["at"].timestamp()
        if row["event"] in OPENING:
            # a case that is received after its supplement was received before
            opened.setdefault(key, at)
        elif row["event"] == BEGINNING:
            begun[key] = at
        elif key in opened:
            times = (opened.pop(key), begun.pop(key, NEVER), at)
            yield deed(dict(row), times, stops, codes[row["project_id"]], people)


def deed(
    row: Mapping[str, Any],
    times: tuple[float, float, float],
    stops: Stops,
    code: str,
    people: Naming,
) -> Deed:
    """Return an attempt at an item as a row of the log."""
    held = holding(stops.get(row["project_id"], ()), row["item"], row["kind"])
    ready, start = without(held, *times)
    return Deed(code, row["item"], people(row["actor"]), row["department"], ready, start, times[2])


def events(chosen: Select[tuple[int]]) -> Select[Any]:
    """Return the query of how items moved, project by project."""
    history, item = t.history.c, t.project_item.c
    same = (item.project_id == history.project_id) & (item.item == history.item)
    return (
        select(history.project_id, history.at, history.actor, history.event, history.item)
        .add_columns(item.kind, item.department)
        .join(t.project_item, same)
        .where(history.project_id.in_(chosen), history.event.in_((*OPENING, BEGINNING, *ENDING)))
        .order_by(history.project_id, history.id)
    )
