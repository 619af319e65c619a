"""The tables of a result: items, nodes, pools and people."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from engine.analysis.simulation.kernel.records import DAY_STEP, DAY_STEPS
from engine.analysis.simulation.layout import Layout
from engine.analysis.simulation.summary import Summary
from engine.analysis.simulation.totals import Estimate, estimate, rounded
from engine.rules.flow import FlowKind

HOURS = {"waiting": "waiting", "working": "working", "off_hours": "closed", "held": "held"}
TIMED = frozenset({FlowKind.WORK, FlowKind.TIMER, FlowKind.GATE})


@dataclass(eq=False)
class Tables:
    """Sums over replications, and what of them has an interval."""

    sums: Any = None
    own: Any = 0
    critical: Any = 0
    items: Any = 0
    cases: int = 0
    pools: list[Any] = field(default_factory=list)
    busy: list[Any] = field(default_factory=list)
    open: list[Any] = field(default_factory=list)
    series: list[Any] = field(default_factory=list)

    def add(self, summary: Summary) -> None:
        """Add one replication."""
        self.sums = summary.sums.copy() if self.sums is None else added(self.sums, summary.sums)
        self.own = self.own + summary.own
        self.critical = self.critical + summary.critical
        self.items = self.items + summary.items
        self.cases += summary.days.shape[1]
        self.pools.append(summary.pools)
        self.busy.append(summary.busy)
        self.open.append(summary.open)
        self.series.append(summary.series)

    def warm_up(self) -> list[list[float | None]]:
        """Return [days since the beginning, mean counted days of cases that arrived until then].

        Means over replications by period of arrival (Welch 1983): where the line is level, the
        queues are filled.
        """
        found = np.array(self.series)
        if not found.size:
            return []
        known = np.isfinite(found)
        counts = known.sum(axis=0)
        sums = np.where(known, found, 0.0).sum(axis=0)
        # in a period without arrivals there is no mean
        some = counts[1] > 0
        return [[rounded(day), rounded(mean)] for day, mean in (sums[:, some] / counts[:, some]).T]


def added(sums: Any, more: Any) -> Any:
    """Return sums with another replication's added, column by column."""
    for name in sums.dtype.names:
        sums[name] += more[name]
    return sums


def items(layout: Layout, found: Tables) -> list[dict[str, Any]]:
    """Return a row for each item: its days against the promise, hours by what they went for."""
    rows = []
    for place, item in enumerate(layout.model.items):
        total, kept, decided = found.items[place]
        mains = [layout.places[each.id] for each in layout.model.nodes if each.item == item.id]
        rows.append(
            {
                "id": item.id,
                "name": item.name,
                "stage": item.stage,
                "department": item.department,
                "kind": str(item.kind),
                "promised_days": item.days,
                "cases": int(decided),
                "days": days(found.own[place], total, decided),
                "within_promise": rounded(kept / decided) if decided else None,
                "criticality": rounded(found.critical[place] / found.cases),
                "rounds": rounded(visits(found, mains) / found.cases),
            }
            | {name: rounded(found.sums[column][mains].sum() / found.cases)
               for name, column in HOURS.items()}
        )  # fmt: skip
    return rows


def visits(found: Tables, nodes: list[int]) -> float:
    """Return how often the busiest of some nodes was come to."""
    return float(found.sums["visits"][nodes].max(initial=0))


def days(counts: Any, total: float, cases: float) -> dict[str, float | None]:
    """Return mean, median and 90th percentile of an item's own days."""
    if not cases:
        return {"mean": None, "p50": None, "p90": None}
    below = np.cumsum(counts)
    places = np.searchsorted(below, [0.5 * cases, 0.9 * cases], side="left")
    p50, p90 = (rounded(at_step(int(place))) for place in places)
    return {"mean": rounded(total / cases), "p50": p50, "p90": p90}


def at_step(place: int) -> float:
    """Return the days at a place of an item's histogram; see `kernel.cases.step_of`."""
    beyond = max(0, place - DAY_STEPS)
    return min(place, DAY_STEPS) * DAY_STEP + beyond


def nodes(layout: Layout, found: Tables, cases: int) -> list[dict[str, Any]]:
    """Return a row for each node at which time may pass: visits a case, mean hours a visit."""
    rows = []
    for place, node in enumerate(layout.model.nodes):
        sums = found.sums[place]
        if node.kind not in TIMED or not sums["visits"]:
            continue
        row: dict[str, Any] = {"id": node.id, "visits": rounded(sums["visits"] / cases)}
        row |= {name: rounded(sums[key] / sums["visits"]) for name, key in HOURS.items()}
        rows.append(row)
    return rows


def pools(layout: Layout, found: Tables) -> list[dict[str, Any]]:
    """Return a row for each pool: how busy its people are, how long work waits for them."""
    rows = []
    for place, pool in enumerate(layout.model.pools):
        serving = [at for at, each in enumerate(layout.model.people) if pool.id in each.pools]
        tasks, waiting, length, most = np.array([each[place] for each in found.pools]).T
        with np.errstate(invalid="ignore"):
            waits = estimate(waiting / tasks)
        rows.append(
            {
                "id": pool.id,
                "name": pool.name or pool.id,
                "department": pool.department,
                "people": len(serving),
                "tasks": rounded(tasks.mean()),
                "utilisation": utilisation(found, serving).data(),
                "waiting": waits.data(),
                "queue": rounded(length.mean()),
                "queue_most": int(most.max()),
            }
        )
    return rows


def utilisation(found: Tables, people: list[int]) -> Estimate:
    """Return the share of their hours on duty that some people worked."""
    busy = np.array([each[people].sum() for each in found.busy])
    hours = np.array([each[people].sum() for each in found.open])
    with np.errstate(invalid="ignore", divide="ignore"):
        return estimate(busy / hours, share=True)


def people(layout: Layout, found: Tables) -> list[dict[str, Any]]:
    """Return a row for each person."""
    return [
        {
            "id": person.id,
            "pools": list(person.pools),
            "utilisation": rounded(utilisation(found, [place]).value),
        }
        for place, person in enumerate(layout.model.people)
    ]
