"""Tokens through a control flow by the book: every default way, days that are given, no queue."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Mapping
from itertools import count

from engine.rules.flow import ControlFlow, FlowKind, FlowNode

MOST = 100_000


def walk(flow: ControlFlow, days: Mapping[str, float]) -> dict[str, float]:
    """Return when each thing was brought about first, `days` standing on nodes by id."""
    return Walk(flow, days).run()


class Walk:
    """One project. `reached`: when nodes were passed first."""

    def __init__(self, flow: ControlFlow, days: Mapping[str, float]) -> None:
        self.flow, self.days = flow, days
        self.inputs = Counter(way.target for node in flow.nodes.values() for way in node.outgoing)
        self.arrived: Counter[str] = Counter()
        self.brought: dict[str, float] = {}
        self.reached: dict[str, float] = {}
        self.held: list[FlowNode] = []
        self.number = count()
        self.coming: list[tuple[float, int, str, bool]] = []

    def run(self) -> dict[str, float]:
        for start in self.flow.starts:
            self.send(0.0, start)
        for _ in range(MOST):
            if not self.coming:
                return self.brought
            at, _number, name, done = heapq.heappop(self.coming)
            self.arrive(at, self.flow.nodes[name], done=done)
        raise AssertionError("endless")

    def send(self, at: float, node: str, *, done: bool = False) -> None:
        heapq.heappush(self.coming, (at, next(self.number), node, done))

    def arrive(self, at: float, node: FlowNode, *, done: bool) -> None:
        """Let a token act upon a node, or leave it once its days are done."""
        takes = node.kind in {FlowKind.WORK, FlowKind.TIMER}
        if takes and not done:
            self.send(at + self.days.get(node.id, node.timer / 24), node.id, done=True)
            return
        if node.kind in {FlowKind.PARALLEL, FlowKind.INCLUSIVE}:
            self.arrived[node.id] += 1
            if self.arrived[node.id] % self.awaited(node):
                return
        if not self.brought.keys() >= set(node.waits_for):
            self.held.append(node)
            return
        self.leave(at, node)

    def awaited(self, node: FlowNode) -> int:
        """How many tokens a join awaits; of an inclusive one, where none but the default goes."""
        return self.inputs[node.id] if node.kind is FlowKind.PARALLEL else 1

    def leave(self, at: float, node: FlowNode) -> None:
        self.reached.setdefault(node.id, at)
        if node.brings and node.brings not in self.brought:
            self.brought[node.brings] = at
            free = [each for each in self.held if self.brought.keys() >= set(each.waits_for)]
            self.held = [each for each in self.held if each not in free]
            for each in free:
                self.send(at, each.id)
        for target in ways(node):
            self.send(at, target)


def ways(node: FlowNode) -> list[str]:
    """Where tokens go on."""
    targets = [each.target for each in node.outgoing]
    if node.kind not in {FlowKind.EXCLUSIVE, FlowKind.INCLUSIVE}:
        return targets
    return [each.target for each in node.outgoing if each.default] or targets[:1]
