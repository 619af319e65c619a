"""What directly follows what in a log, how often, and which of it is no noise."""

from __future__ import annotations

from dataclasses import dataclass

import networkx as nx
import numpy as np

from engine.analysis.discovery.families import Array
from engine.analysis.eventlog.log import EventLog

#: what stands before the first activity of a case and after the last; no activity is called so
FIRST, LAST = "\0first", "\0last"


@dataclass(frozen=True, slots=True, eq=False)
class Directly:
    """Counts of moves. `edges` are two rows of places in `names`, from and to.

    Of every move that a case makes, `place` is its edge and `case` the case.
    """

    names: tuple[str, ...]
    edges: Array
    counts: Array
    place: Array
    case: Array

    def least(self, cover: float) -> int:
        """Return from which count on moves are to be kept, so that a share of cases has no others.

        How frequent a case's rarest move is decides; never more than the most ordinary case has,
        so that a way leads from FIRST to LAST.
        """
        rarest = np.full(int(self.case.max()) + 1, np.iinfo(np.int64).max)
        np.minimum.at(rarest, self.case, self.counts[self.place])
        falling = np.sort(rarest[np.unique(self.case)])[::-1]
        return int(falling[max(0, min(len(falling), int(np.ceil(cover * len(falling)))) - 1)])

    def chosen(self, least: int, most: int) -> Array:
        """Return which moves are kept (a mask): frequent ones, on a way from FIRST to LAST.

        At most so many, and those of one way beside them.
        """
        frequent: Array = self.counts >= least
        if frequent.sum() > most:
            way = self.way(frequent)
            frequent = np.zeros(len(self.counts), bool)
            frequent[np.argsort(-self.counts, kind="stable")[:most]] = True
            frequent |= way
        source, target = self.edges[:, frequent]
        both = reached(source, target, self.names.index(FIRST), len(self.names))
        both &= reached(target, source, self.names.index(LAST), len(self.names))
        return frequent & both[self.edges].all(0)

    def way(self, among: Array) -> Array:
        """Return the moves of a way from FIRST to LAST with the most frequent rarest move."""
        pairs = [(int(a), int(b)) for a, b in self.edges.T]
        ends = self.names.index(FIRST), self.names.index(LAST)
        graph: nx.DiGraph[int] = nx.DiGraph()
        for each in np.argsort(-self.counts, kind="stable"):
            if among[each]:
                graph.add_edge(*pairs[each])
            if all(end in graph for end in ends) and nx.has_path(graph, *ends):
                break
        taken = set(nx.utils.pairwise(nx.shortest_path(graph, *ends)))
        return np.array([each in taken for each in pairs], bool)

    def covered(self, chosen: Array) -> float:
        """Return the share of cases that go by kept moves alone."""
        broken = np.unique(self.case[~chosen[self.place]])
        return 1 - len(broken) / len(np.unique(self.case))


def directly(log: EventLog) -> Directly:
    """Count the moves of a log with at least one row."""
    source, target, case = moves(log)
    edges, place, counts = np.unique(
        np.stack([source, target]), axis=1, return_inverse=True, return_counts=True
    )
    return Directly((*log.activities, FIRST, LAST), edges, counts, place.reshape(-1), case)


def moves(log: EventLog) -> tuple[Array, Array, Array]:
    """Return every move of every case: from, to, case; FIRST and LAST come last by place."""
    first = len(log.activities)
    head = np.append(True, log.case[1:] != log.case[:-1])
    tail = np.append(head[1:], True)
    before = np.where(head, first, np.append(first, log.activity[:-1]))
    return (
        np.concatenate([before, log.activity[tail]]),
        np.concatenate([log.activity, np.full(int(tail.sum()), first + 1)]),
        np.concatenate([log.case, log.case[tail]]),
    )


def reached(source: Array, target: Array, first: int, number: int) -> Array:
    """Return which of so many places are reached from the first."""
    found = np.zeros(number, bool)
    found[first] = True
    while True:
        more = found.copy()
        more[target[found[source]]] = True
        if (more == found).all():
            return found
        found = more
