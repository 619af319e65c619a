"""How much of a log a control flow explains."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from engine.analysis.discovery.families import Array
from engine.analysis.discovery.replay import Replay
from engine.rules.flow import FlowKind

#: so many kinds of misfit are listed
LISTED = 30


@dataclass(frozen=True, slots=True)
class Fitness:
    """Shares of 0 to 1: rows that are nodes, rows the flow allows where they stand, whole cases.

    A row is allowed where something that leads to it came before it in the case, after the row of
    the same node before it. Joins are not held to: one of several ways in is enough, so that this
    is an upper bound of what a replay with all its tokens would give. `misfits` are what was not
    allowed: [what stood before it in the case, the node, how often].
    """

    mapped: float
    allowed: float
    cases: float
    misfits: tuple[tuple[str, str, int], ...] = ()
    #: how many rows are nodes
    rows: int = 0

    def of(self, events: int) -> Fitness:
        """Return it with the share mapped of so many rows, of which these are a part."""
        return replace(self, mapped=self.rows / events if events else 0.0)

    def data(self) -> dict[str, Any]:
        """Return it as JSON."""
        told = {name: round(getattr(self, name), 4) for name in ("mapped", "allowed", "cases")}
        return {**told, "misfits": [list(each) for each in self.misfits]}


def fitness(replay: Replay) -> Fitness:
    """Return how much of a log its flow explains."""
    count = len(replay.rows)
    if not count:
        return Fitness(0.0, 0.0, 0.0)
    fits = allowed(replay)
    broken = np.unique(replay.case[~fits])
    whole = 1 - len(broken) / len(replay.heads)
    return Fitness(
        count / len(replay.log), float(fits.mean()), whole, misfits(replay, ~fits), count
    )


def allowed(replay: Replay) -> Array:
    """Return for every row whether the flow allows it there."""
    fits = np.zeros(len(replay.rows), bool)
    for place in np.unique(replay.node):
        identifier = replay.ids[place]
        rows = np.flatnonzero(replay.node == place)
        fits[rows] = allowed_at(replay, identifier, rows)
    return fits


def allowed_at(replay: Replay, identifier: str, rows: Array) -> Array:
    """Return the same for the rows of one node."""
    feeders, case = replay.feeders[identifier], replay.case[rows]
    kinds = {each: replay.flow.nodes[each].kind for each in feeders}
    earlier = replay.preceding(frozenset({identifier}), rows, case)
    before = replay.preceding(feeders, rows, case)
    started = np.zeros(len(rows), bool)
    if FlowKind.START in kinds.values():
        started = earlier < 0
    # a row of the same node leads to itself where it is its own feeder
    last = (before >= earlier) if identifier in feeders else (before > earlier)
    fits: Array = started | ((before >= 0) & last)
    return fits


def misfits(replay: Replay, wrong: Array) -> tuple[tuple[str, str, int], ...]:
    """Return the most frequent rows that are not allowed, by what stood before them."""
    rows = np.flatnonzero(wrong)
    first = np.isin(rows, replay.heads)
    found = Counter(
        ("" if head else replay.ids[replay.node[row - 1]], replay.ids[replay.node[row]])
        for row, head in zip(rows, first, strict=True)
    )
    return tuple((before, node, count) for (before, node), count in found.most_common(LISTED))
