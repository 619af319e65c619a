"""Projects that stand under way: what may become of each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import numpy as np

from engine.analysis.simulation.model import Model
from engine.analysis.simulation.summary import Summary
from engine.analysis.simulation.totals import rounded

BELOW = {"p10": 0.1, "p50": 0.5, "p90": 0.9}


@dataclass(eq=False)
class Projects:
    """Each replication's days, dates and kept windows, one column a project."""

    counted: list[Any] = field(default_factory=list)
    opened: list[Any] = field(default_factory=list)
    kept: list[Any] = field(default_factory=list)

    def add(self, summary: Summary) -> None:
        """Add one replication."""
        self.counted.append(summary.days[0])
        self.opened.append(summary.opened)
        self.kept.append(summary.kept)

    def data(self, model: Model) -> list[dict[str, Any]]:
        """Return a row for each project: likely days and dates, chances to keep the limits."""
        return list(self.rows(model))

    def rows(self, model: Model) -> Iterator[dict[str, Any]]:
        """Yield the rows in the order of the model."""
        counted, opened = np.array(self.counted).T, np.array(self.opened).T
        kept = np.array(self.kept).T
        for place, each in enumerate(model.standing):
            days, limit = counted[place], model.promised_days
            promise = None if limit is None else rounded(float(np.mean(days <= limit + 1e-6)))
            window = None if model.window_months is None else rounded(float(kept[place].mean()))
            yield {
                "id": each.id,
                "counted_days": quantiles(days),
                "opens_on": {name: dated(model, opened[place], q) for name, q in BELOW.items()},
                "within_promise": promise,
                "within_window": window,
            }


def quantiles(days: Any) -> dict[str, float | None]:
    """Return likely days, in working days."""
    return {name: rounded(float(np.nanquantile(days, q))) for name, q in BELOW.items()}


def dated(model: Model, opened: Any, below: float) -> str | None:
    """Return a date that construction start is not later than with some chance."""
    known = opened[np.isfinite(opened)]
    if not len(known):
        return None
    day = int(np.floor(np.quantile(known, below, method="higher")))
    if day >= (date.max - model.origin).days:
        return None
    return (model.origin + timedelta(days=day)).isoformat()
