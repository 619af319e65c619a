"""Strands of a drawing: which nodes lie on one line, and which verticals tie the lines.

Nodes of a lane that follow each other straight form a *strand*. A strand takes one row over
the columns it spans, with the stretch of flow that leads to its first node or away from
its last. What is left of the flows runs vertically, on the axis of a gateway or between two
columns: a *trunk*.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from engine.workflow.diagram import Diagram, Node
from engine.workflow.layout_columns import Link

#: flows of a node in the middle of a chain
CHAINED = 2


@dataclass(slots=True)
class Strand:
    """Nodes on one line, and the columns the line takes."""

    lane: str
    nodes: list[str]
    first: int
    last: int
    columns: frozenset[int] = frozenset()

    def meets(self, other: Strand) -> bool:
        return self.first <= other.last and other.first <= self.last


@dataclass(slots=True)
class Trunk:
    """Vertical stretches on one axis: of a gateway, or of one flow between two columns."""

    at: float
    strands: set[int] = field(default_factory=set)
    #: strands that come in and that go out, when the axis is a gateway's
    entering: set[int] = field(default_factory=set)
    leaving: set[int] = field(default_factory=set)
    #: those of default flows, which should not share an arm
    alone: set[int] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Weave:
    """The strands of a diagram and the trunks that tie them."""

    strands: list[Strand]
    #: by gateway, or by flow for those between two columns
    trunks: Mapping[str, Trunk]


def weave(diagram: Diagram, turned: Sequence[Link], column: Mapping[str, int]) -> Weave:
    """Form the strands and say which trunks tie them."""
    known = diagram.by_id()
    straight = _straight(known, turned, column)
    main = main_line(known, turned, column)
    strands = _strands(diagram, straight, main, column)
    ties = _Ties(known, column, strands, straight)
    for link in turned:
        if link not in straight:
            ties.tie(link)
    for strand in strands:
        strand.columns = frozenset(column[node] for node in strand.nodes)
    return Weave(strands, ties.trunks)


def _straight(
    known: Mapping[str, Node], turned: Sequence[Link], column: Mapping[str, int]
) -> list[Link]:
    """Flows drawn straight, one into and one out of a node: main line, default flows, chains."""
    degree: dict[str, int] = defaultdict(int)
    for link in turned:
        degree[link.source] += 1
        degree[link.target] += 1

    def rank(link: Link) -> tuple[bool, bool, int, int]:
        plain = max(degree[link.source], degree[link.target]) <= CHAINED
        default = known[link.source].default == link.flow.id
        both = degree[link.source] + degree[link.target]
        return (not default, not plain, both, column[link.target] - column[link.source])

    main = main_line(known, turned, column)
    on_main = dict(pairwise(main))
    chosen = [link for link in turned if on_main.get(link.source) == link.target]
    sources, targets = set(main[:-1]), set(main[1:])
    for link in sorted(turned, key=rank):
        same = known[link.source].lane == known[link.target].lane
        if same and link.source not in sources and link.target not in targets:
            chosen.append(link)
            sources.add(link.source)
            targets.add(link.target)
    return chosen


def main_line(
    known: Mapping[str, Node], turned: Sequence[Link], column: Mapping[str, int]
) -> list[str]:
    """The nodes, in the lane the process starts in, of the path that keeps most to it.

    They share one row even where the path leaves the lane for a while.
    """
    starts = [node for node in known.values() if node.kind == "startEvent"]
    home = (starts or list(known.values()))[0].lane
    earlier: dict[str, list[str]] = defaultdict(list)
    for link in turned:
        if not link.back:
            earlier[link.target].append(link.source)
    best: dict[str, tuple[int, int, int, list[str]]] = {}
    for node in sorted(column, key=column.__getitem__):
        options = [_onward(best[e], known[e], known[node], home) for e in earlier[node]]
        alone = (int(known[node].lane == home), 0, 1, [node])
        best[node] = max(options, key=lambda option: option[:3], default=alone)
    line = max(best.values(), key=lambda option: option[:3])[3]
    return [node for node in line if known[node].lane == home]


def _onward(
    path: tuple[int, int, int, list[str]], last: Node, node: Node, home: str
) -> tuple[int, int, int, list[str]]:
    """A path with one node more: nodes in the home lane, lane changes (negative), nodes."""
    inside, changes, length, nodes = path
    changed = int(last.lane != node.lane)
    return inside + (node.lane == home), changes - changed, length + 1, [*nodes, node.id]


def _strands(
    diagram: Diagram, straight: Sequence[Link], main: Sequence[str], column: Mapping[str, int]
) -> list[Strand]:
    onward = {link.source: link.target for link in straight}
    onward.update(pairwise(main))
    entered = set(onward.values())
    strands: list[Strand] = []
    for node in diagram.nodes:
        if node.attached_to or node.id in entered:
            continue
        line = [node.id]
        while line[-1] in onward:
            line.append(onward[line[-1]])
        strands.append(Strand(node.lane, line, column[line[0]], column[line[-1]]))
    return strands


class _Ties:
    """The trunks found so far, and which ends of strands are taken."""

    def __init__(
        self,
        known: Mapping[str, Node],
        column: Mapping[str, int],
        strands: list[Strand],
        straight: Sequence[Link],
    ) -> None:
        self.known = known
        self.column = column
        self.strands = strands
        self.of_node = {node: at for at, strand in enumerate(strands) for node in strand.nodes}
        self.trunks: dict[str, Trunk] = {}
        self.entered = {link.target for link in straight}
        self.left = {link.source for link in straight}

    def tie(self, link: Link) -> None:
        """Say where a flow that is not straight runs: along one strand, then up or down."""
        fork, join = self.known[link.source].is_gateway, self.known[link.target].is_gateway
        if join and link.source not in self.left:
            self._along_source(link)
        elif fork and link.target not in self.entered:
            self._along_target(link)
        elif fork and join:
            self._alone(link)
        else:
            self._between(link)

    def _along_source(self, link: Link) -> None:
        source, right = self.of_node[link.source], self.column[link.target]
        self.left.add(link.source)
        self.strands[source].last = max(self.strands[source].last, right)
        self._trunk(link.target, source).entering.add(source)

    def _along_target(self, link: Link) -> None:
        target, left = self.of_node[link.target], self.column[link.source]
        self.entered.add(link.target)
        self.strands[target].first = min(self.strands[target].first, left)
        trunk = self._trunk(link.source, target)
        trunk.leaving.add(target)
        if self.known[link.source].default == link.flow.id:
            trunk.alone.add(target)

    def _alone(self, link: Link) -> None:
        lane = self.known[link.source].lane
        ends = self.column[link.source], self.column[link.target]
        self.strands.append(Strand(lane, [], *ends))
        own = len(self.strands) - 1
        self._trunk(link.source, own).leaving.add(own)
        self._trunk(link.target, own).entering.add(own)

    def _between(self, link: Link) -> None:
        source, target = self.of_node[link.source], self.of_node[link.target]
        left, right = self.column[link.source], self.column[link.target]
        at = left + 0.5
        if link.source not in self.left:
            at = right - 0.5
            self.left.add(link.source)
            self.strands[source].last = max(self.strands[source].last, right - 1)
        elif link.target not in self.entered:
            self.entered.add(link.target)
            self.strands[target].first = min(self.strands[target].first, left + 1)
        self.trunks[link.flow.id] = Trunk(at, {source, target})

    def _trunk(self, gateway: str, strand: int) -> Trunk:
        trunk = self.trunks.setdefault(gateway, Trunk(self.column[gateway]))
        trunk.strands |= {self.of_node[gateway], strand}
        return trunk
