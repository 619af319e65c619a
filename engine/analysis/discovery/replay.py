"""A log laid over a control flow: which node every row is, and what comes next or before."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from engine.analysis.discovery.families import Array
from engine.analysis.eventlog.log import UNKNOWN, EventLog
from engine.rules.flow import ControlFlow, FlowKind

#: a row after all others: there is none
NEVER = np.iinfo(np.int64).max


@dataclass(eq=False)
class Replay:
    """The rows of a log that are WORK nodes of a flow, in order; `rows` are their places in it."""

    flow: ControlFlow
    log: EventLog
    rows: Array
    case: Array
    node: Array
    ids: tuple[str, ...]

    @classmethod
    def of(cls, log: EventLog, flow: ControlFlow, nodes: Mapping[str, str]) -> Replay:
        """Lay a log over a flow; `nodes` are node ids by activity."""
        ids = tuple(flow.nodes)
        place = {identifier: at for at, identifier in enumerate(ids)}
        of = np.array([place.get(nodes.get(each, ""), UNKNOWN) for each in log.activities] + [-1])
        node = of[log.activity]
        rows = np.flatnonzero(node != UNKNOWN)
        return cls(flow, log, rows, log.case[rows].astype(np.int64), node[rows], ids)

    @cached_property
    def heads(self) -> Array:
        """The first row of every case that has one."""
        if not len(self.rows):
            return np.zeros(0, np.int64)
        return np.flatnonzero(np.append(True, self.case[1:] != self.case[:-1]))

    @cached_property
    def seen(self) -> frozenset[str]:
        """The WORK nodes that occur; a token passes others unseen, as a log may not record them."""
        return frozenset(self.ids[each] for each in np.unique(self.node))

    @cached_property
    def ends(self) -> Array:
        """When each row ended, in seconds."""
        return self.log.end[self.rows]

    def at(self, nodes: Iterable[str]) -> Array:
        """Return the rows of some nodes, ascending."""
        wanted = np.array([each in set(nodes) for each in self.ids], bool)
        return np.flatnonzero(wanted[self.node])

    def following(self, nodes: frozenset[str], after: Array, case: Array) -> Array:
        """Return the next row of some nodes after each given one in its case, or NEVER."""
        rows = np.append(self.at(nodes), NEVER)
        found = rows[np.searchsorted(rows[:-1], after, side="right")]
        return self._within(found, case)

    def preceding(self, nodes: frozenset[str], before: Array, case: Array) -> Array:
        """Return the last row of some nodes before each given one in its case, or -1."""
        rows = np.append(self.at(nodes), -1)
        found = rows[np.searchsorted(rows[:-1], before, side="left") - 1]
        return np.where(self._within(found, case) == NEVER, -1, found)

    def _within(self, found: Array, case: Array) -> Array:
        if not len(self.case):
            return np.full(len(found), NEVER)
        there = np.clip(found, 0, len(self.case) - 1)
        same = (found >= 0) & (found != NEVER) & (self.case[there] == case)
        return np.where(same, found, NEVER)

    @cached_property
    def firsts(self) -> Mapping[str, frozenset[str]]:
        """By node, the WORK nodes seen that a token standing there comes to first."""
        return {each: frozenset(self.passed[each].keys() & self.seen) for each in self.ids}

    @cached_property
    def closing(self) -> Mapping[str, int | None]:
        """By node, past how much unseen work a token there may end without any seen; else None."""
        ends = {each.id for each in self.flow.nodes.values() if each.kind is FlowKind.END}
        return {
            each: min(
                (unseen for to, unseen in self.passed[each].items() if to in ends), default=None
            )
            for each in self.ids
        }

    @cached_property
    def feeders(self) -> Mapping[str, frozenset[str]]:
        """By node, the WORK seen and STARTs from which a token comes to it without other such."""
        found: dict[str, set[str]] = {each: set() for each in self.ids}
        for identifier, node in self.flow.nodes.items():
            if node.kind is FlowKind.START or identifier in self.seen:
                for flow in node.outgoing:
                    for passed in self.passed.get(flow.target, ()):
                        found[passed].add(identifier)
        return {each: frozenset(nodes) for each, nodes in found.items()}

    @cached_property
    def passed(self) -> Mapping[str, Mapping[str, int]]:
        """By node, all nodes a token standing there comes to, itself too, up to work that is seen.

        With each the least number of unseen WORK nodes on the way.
        """
        return {each: self._spread(each) for each in self.ids}

    def _spread(self, start: str) -> dict[str, int]:
        found: dict[str, int] = {}
        queue = deque([(start, 0)])
        while queue:
            each, unseen = queue.popleft()
            if each in found or each not in self.flow.nodes:
                continue
            found[each] = unseen
            node = self.flow.nodes[each]
            if each in self.seen:
                continue
            work = node.kind is FlowKind.WORK
            for flow in node.outgoing:
                # past fewer unseen ones first
                (queue.append if work else queue.appendleft)((flow.target, unseen + work))
        return found
