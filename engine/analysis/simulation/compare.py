"""Two runs compared: the same cases, the same chances, another procedure or other staff.

Common random numbers: replication by replication both runs met the same arrivals and drew the
same numbers for the same steps, so their difference varies less than either (Law, Simulation
Modeling and Analysis, ch. 11).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from engine.analysis.simulation.totals import estimate, rounded
from engine.errors import Conflict

ROWS = {"items": ("waiting", "working", "off_hours", "held"), "pools": ()}


class NotPaired(Conflict):
    """Two runs did not meet the same cases."""

    code = "not_paired"
    remedy = "Run both with the same seed, cases, replications and warm-up."


def compare(first: Mapping[str, Any], second: Mapping[str, Any]) -> dict[str, Any]:
    """Return the differences of two results (as `Result.data`), second less first.

    Each with its paired 95 % interval over replications, and whether it is beyond chance: the
    interval does not hold 0. Items and pools that only one run has stand with None for the other.
    Raises NotPaired where seeds or sizes differ.
    """
    for name in ("seed", "cases", "replications"):
        if first[name] != second[name]:
            text = f"the runs differ in {name}: {first[name]} and {second[name]}"
            raise NotPaired(text, field=name)
    return {
        "figures": {name: paired(first, second, name) for name in first["figures"]},
        "items": [*beside(first["items"], second["items"], item)],
        "pools": [*beside(first["pools"], second["pools"], pool)],
        "measures": [first["measures"], second["measures"]],
    }


def paired(first: Mapping[str, Any], second: Mapping[str, Any], name: str) -> dict[str, Any] | None:
    """Return both figures and their difference; None where a run does not know it."""
    if any(name in each and each[name] is None for each in (first, second)):
        # a limit that one of them does not have
        return None
    pairs = zip(first["figures"][name], second["figures"][name], strict=True)
    known = np.array([(a, b) for a, b in pairs if a is not None and b is not None])
    if not len(known):
        return None
    found = estimate(known[:, 1] - known[:, 0])
    return {
        "first": rounded(known[:, 0].mean()),
        "second": rounded(known[:, 1].mean()),
        "difference": found.data(),
        "beyond_chance": beyond(found.low, found.high),
    }


def beyond(low: float | None, high: float | None) -> bool | None:
    """Whether an interval does not hold 0; None where there is none."""
    return None if low is None or high is None else low > 0 or high < 0


def beside(first: Any, second: Any, figures: Any) -> Any:
    """Yield rows of one id side by side, in the first run's order and then the second's."""
    one, other = ({each["id"]: each for each in rows} for rows in (first, second))
    for name in dict.fromkeys([*one, *other]):
        known = one.get(name) or other[name]
        yield {
            "id": name,
            "name": known["name"],
            "first": figures(one.get(name)),
            "second": figures(other.get(name)),
        }


def item(row: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Return what is compared of an item."""
    if row is None:
        return None
    hours = {name: row[name] for name in ROWS["items"]}
    return {"days": row["days"], "criticality": row["criticality"]} | hours


def pool(row: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Return what is compared of a pool."""
    return (
        None if row is None else {name: row[name] for name in ("utilisation", "waiting", "queue")}
    )
