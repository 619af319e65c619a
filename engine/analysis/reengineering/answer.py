"""What the optimiser found as plain data: what pages, reports, commands and clients read."""

from __future__ import annotations

from typing import Any

from engine.analysis.reengineering.effect import breach_told
from engine.analysis.reengineering.optimiser import Choice, Optimum


def answer(optimum: Optimum) -> dict[str, Any]:
    """An optimum, JSON-ready; days are counted working days, costs points, operations ids.

    `days`, `cost` and `operations` are of the cheapest set that reaches the target; where none
    does, of the one with the fewest days, and `reached` is false.
    """
    chosen = optimum.front[-1] if optimum.best is None else optimum.best
    return {
        "target": optimum.target,
        "reached": optimum.reached,
        **choice_told(chosen),
        "best_days": optimum.fewest_days,
        "near": [choice_told(each) for each in optimum.near],
        "front": [choice_told(each) for each in optimum.front],
        "barred": [
            {"operation": operation.id, "breaches": [breach_told(each) for each in breaches]}
            for operation, breaches in optimum.barred
        ],
        "idle": [operation.id for operation in optimum.idle],
        "subsets": optimum.subsets,
    }


def choice_told(choice: Choice) -> dict[str, Any]:
    """A set of operations as plain data."""
    operations = [operation.id for operation in choice.operations]
    return {"days": choice.days, "cost": choice.cost, "operations": operations}
