"""How long the work at every node of a flow takes, fitted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.analysis.discovery.durations import Durations
from engine.analysis.discovery.families import Array
from engine.analysis.discovery.fit import Fitted, fitted
from engine.analysis.discovery.heat import mean, quantile
from engine.analysis.discovery.match import Matched
from engine.analysis.discovery.resources import Pools
from engine.analysis.eventlog.log import UNKNOWN, EventLog
from engine.rules.flow import ControlFlow

#: a pool is one of people: those who did at least this share of the rows are known
KNOWN = 0.5


@dataclass(frozen=True, slots=True)
class Timing:
    """One node. `elapsed` from readiness to the end on the office's calendar, waiting included.

    `work` on the calendar of whoever did it: exact in a share `exact` of the rows, an upper bound
    in the others. `waiting` are mean, median and 90 % quantile of the hours before the start, None
    where no start is known. `pool` did most of it, '' where nobody knows.
    """

    node: str
    name: str
    activities: tuple[str, ...]
    count: int
    cases: int
    pool: str
    exact: float
    elapsed: Fitted
    work: Fitted
    waiting: dict[str, float | None] | None

    def data(self) -> dict[str, Any]:
        """Return it as JSON."""
        names = ("node", "name", "count", "cases", "pool", "exact", "waiting")
        return {
            **{name: getattr(self, name) for name in names},
            "activities": list(self.activities),
            "elapsed": self.elapsed.data(),
            "work": self.work.data(),
        }


def timings(
    log: EventLog,
    flow: ControlFlow,
    names: Matched,
    measured: Durations,
    staff: Pools,
    criterion: str,
) -> tuple[Timing, ...]:
    """Return the nodes that occur in a log, in the flow's order."""
    places = {identifier: at for at, identifier in enumerate(flow.nodes)}
    of = np.array([places.get(names.nodes.get(each, ""), UNKNOWN) for each in log.activities])
    node = of[log.activity]
    return tuple(
        timing(flow, each, names, log, measured, staff, node == at, criterion)
        for each, at in places.items()
        if (node == at).any()
    )


def timing(  # noqa: PLR0917 - all that is known of the rows
    flow: ControlFlow,
    node: str,
    names: Matched,
    log: EventLog,
    measured: Durations,
    staff: Pools,
    rows: Array,
    criterion: str,
) -> Timing:
    """Return one node: the chosen rows are its."""
    exact = rows & measured.exact
    waiting = measured.waiting[exact]
    elapsed, work = measured.elapsed[rows], measured.work[rows]
    fits = fitted(elapsed, criterion=criterion)
    known = rows & (log.resource != UNKNOWN)
    return Timing(
        node=node,
        name=flow.nodes[node].name,
        activities=tuple(each for each, to in names.nodes.items() if to == node),
        count=int(rows.sum()),
        cases=len(np.unique(log.case[rows])),
        pool=staff.main(known) if known.sum() >= KNOWN * rows.sum() else "",
        exact=round(float(exact.sum() / rows.sum()), 4),
        elapsed=fits,
        # the same where nothing tells them apart: fitted once
        work=fits if same(elapsed, work) else fitted(work, criterion=criterion),
        waiting=None
        if not exact.any()
        else {
            "mean": mean(waiting),
            "median": quantile(waiting, 0.5),
            "p90": quantile(waiting, 0.9),
        },
    )


def same(one: Array, other: Array) -> bool:
    """Tell whether two measurements are the same, what is unknown too."""
    return bool(np.array_equal(one, other, equal_nan=True))
