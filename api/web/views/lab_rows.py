"""A scenario's operations as rows: what each does, what it saves, why it cannot be on."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from api.web import lab_words
from api.web.gantt import Words
from api.web.law import law
from engine.analysis.reengineering.scenario import StepState

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class OperationRow:
    """One operation; `days` is what it takes off the total, 0 for none, None while it is off."""

    number: int
    id: str
    name: str
    kind: str
    item: str
    item_id: str
    on: bool
    #: its own law bars it: it cannot be switched on
    barred: bool
    #: why, each with its article; conflicts have none
    reasons: tuple[tuple[str, str], ...]
    days: int | None
    after: int
    cost: int
    effort: int
    legal: int
    #: it is one of the cheapest set; None where that is not known
    chosen: bool | None = None


def rows(
    effect: Row, operations: Sequence[Row], words: Words, chosen: Collection[str] | None
) -> list[OperationRow]:
    """Return the rows of a scenario in the order in which operations take effect."""
    costs = {each["id"]: each["cost"] for each in operations}
    items = {each["id"]: each["item"] for each in operations}
    return [
        row(number, step, costs[step["operation"]], items[step["operation"]], words, chosen)
        for number, step in enumerate(effect["steps"], 1)
    ]


def row(
    number: int, step: Row, cost: Row, item: str, words: Words, chosen: Collection[str] | None
) -> OperationRow:
    """Return the row of one operation."""
    on = step["state"] != StepState.OFF
    return OperationRow(
        number=number,
        id=step["operation"],
        name=lab_words.operation_name(step["name"]),
        kind=step["kind"],
        item=words.item(item, item),
        item_id=item,
        on=on,
        # what is off breaks nothing together with others
        barred=not on and bool(step["breaches"]),
        reasons=tuple(reasons(step, words)),
        days=step["saved"] if step["state"] == StepState.APPLIED else None,
        after=step["after"],
        cost=step["cost"],
        effort=cost["effort"],
        legal=cost["legal"],
        chosen=None if chosen is None else step["operation"] in chosen,
    )


def reasons(step: Row, words: Words) -> list[tuple[str, str]]:
    """Return what an operation breaks or conflicts with, and by which article."""
    found = [(lab_words.breach(each, words), law(each["law"])) for each in step["breaches"]]
    if step["conflict"]:
        found.append((lab_words.conflict(step["conflict"], words), ""))
    return found
