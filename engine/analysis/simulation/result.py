"""What a run found, as it is kept and shown: measures, items, people, in JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from engine.analysis.simulation import projects, tables
from engine.analysis.simulation.layout import Layout
from engine.analysis.simulation.model import Model
from engine.analysis.simulation.plan import Plan
from engine.analysis.simulation.summary import VIEWS, Summary
from engine.analysis.simulation.totals import Measure, estimate, rounded, wider, wilson

#: what is left of each replication, to be compared with another run's
FIGURES = ("mean", "p50", "p90", "p95", "promise", "window")


@dataclass(eq=False)
class Result:
    """All replications of one run, added one after the other, in their order."""

    model: Model
    plan: Plan
    mode: str
    measures: dict[str, Measure] = field(
        default_factory=lambda: {view: Measure.empty() for view in VIEWS}
    )
    promise: list[float] = field(default_factory=list)
    window: list[float] = field(default_factory=list)
    tables: tables.Tables = field(default_factory=tables.Tables)
    projects: projects.Projects = field(default_factory=projects.Projects)
    sensitivity: list[dict[str, Any]] | None = None
    cases: int = 0
    unopened: int = 0

    def add(self, summary: Summary) -> None:
        """Add one replication."""
        counted = summary.days[0]
        opened = np.isfinite(counted)
        self.cases += len(counted)
        self.unopened += int((~opened).sum())
        for view, days in zip(VIEWS, summary.days, strict=True):
            self.measures[view].add(days)
        limit = self.model.promised_days
        self.promise.append(share(counted <= (limit or 0) + 1e-6))
        self.window.append(share(summary.kept))
        self.tables.add(summary)
        if self.model.standing:
            self.projects.add(summary)

    def data(self) -> dict[str, Any]:
        """Return the result as JSON; days are working days, hours as each name says."""
        layout = Layout(self.model)
        return {
            "mode": self.mode,
            "cases": self.cases,
            "replications": self.plan.replications,
            "seed": self.plan.seed,
            "unopened": self.unopened,
            "measures": {view: each.data() for view, each in self.measures.items()},
            "promise": chance("days", self.model.promised_days, self.promise, self.cases),
            "window": chance("months", self.model.window_months, self.window, self.cases),
            "items": self.known(tables.items(layout, self.tables)),
            "nodes": self.known(tables.nodes(layout, self.tables, self.cases)),
            "pools": tables.pools(layout, self.tables),
            "people": tables.people(layout, self.tables),
            "warm_up": {"days": self.plan.warm_up_days, "series": self.tables.warm_up()},
            "projects": self.projects.data(self.model) if self.model.standing else None,
            "sensitivity": self.sensitivity,
            "figures": self.figures(),
        }

    def known(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Return rows without what is not known of cases that were drawn at once."""
        unknown = dict.fromkeys(("off_hours", "held")) if self.mode == "sampled" else {}
        return [{**row, **unknown} for row in rows]

    def figures(self) -> dict[str, list[float | None]]:
        """Return, by figure, one number a replication: counted days, and chances."""
        columns = np.array(self.measures["counted"].figures).reshape(-1, 4).T
        rows = [*columns, self.promise, self.window]
        return {
            name: [rounded(each) for each in row] for name, row in zip(FIGURES, rows, strict=True)
        }


def share(kept: Any) -> float:
    """Return the share of cases for which something holds; NaN of none."""
    return float(np.mean(kept)) if len(kept) else float("nan")


def chance(
    unit: str, limit: int | None, shares: Sequence[float], cases: int
) -> dict[str, Any] | None:
    """Return the chance to keep within a limit; None where there is none."""
    if limit is None:
        return None
    found = estimate(shares, share=True)
    return {unit: limit, "chance": wider(found, *wilson(found.value, cases)).data()}
