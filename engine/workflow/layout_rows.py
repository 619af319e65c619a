"""Rows of a drawing: which nodes lie on one line, and how the lines stack in their lanes.

Nodes of a lane that follow each other straight form a *strand*. A strand takes one row over
the columns it spans, with the stretch of flow that leads to its first node or away from
its last; strands that do not meet may share a row. What is left of the flows runs
vertically, on the axis of a gateway or between two columns. The stacking is improved
move by move until no move helps; the same diagram always gives the same rows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from engine.workflow.diagram import Diagram, Node
from engine.workflow.layout_columns import Link

#: what a stacking costs
HIT, CLASH, CROSSING, ROW, REACH = 12.0, 6.0, 3.0, 0.8, 0.5


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


#: lane → its rows from the top, each a list of strand numbers
Rows = dict[str, list[list[int]]]


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
    """Flows drawn straight, one into and one out of a node: the main line, default flows, chains."""
    degree: dict[str, int] = defaultdict(int)
    for link in turned:
        degree[link.source] += 1
        degree[link.target] += 1

    def rank(link: Link) -> tuple[bool, bool, int, int]:
        plain = degree[link.source] <= 2 and degree[link.target] <= 2
        default = known[link.source].default == link.flow.id
        both = degree[link.source] + degree[link.target]
        return (not default, not plain, both, column[link.target] - column[link.source])

    main = main_line(known, turned, column)
    on_main = dict(zip(main, main[1:], strict=False))
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
    onward.update(zip(main, main[1:], strict=False))
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


def stack(woven: Weave, lanes: Sequence[str]) -> Rows:
    """Stack the strands of each lane into rows."""
    starts = [
        lambda n: (woven.strands[n].first, n),
        lambda n: (-woven.strands[n].last, n),
        lambda n: (-(woven.strands[n].last - woven.strands[n].first), n),
    ]
    tried = []
    for order in starts:
        numbers = sorted(range(len(woven.strands)), key=order)
        rows = {lane: [[n] for n in numbers if woven.strands[n].lane == lane] for lane in lanes}
        tried.append(_improve(woven, rows))
    return min(tried, key=lambda rows: cost(woven, rows))


def _improve(woven: Weave, rows: Rows) -> Rows:
    best, price = rows, cost(woven, rows)
    while True:
        better = False
        for number in range(len(woven.strands)):
            moves = [(cost(woven, moved), moved) for moved in _moves(woven, best, number)]
            cheapest = min(moves, key=lambda m: m[0], default=None)
            if cheapest is not None and cheapest[0] < price - 1e-9:
                price, best = cheapest
                better = True
        for swapped in _swaps(best):
            if cost(woven, swapped) < price - 1e-9:
                price, best = cost(woven, swapped), swapped
                better = True
                break
        if not better:
            return best


def _moves(woven: Weave, rows: Rows, number: int) -> Iterator[Rows]:
    """Every way to put one strand elsewhere in its lane: into a row, or a row of its own."""
    strand = woven.strands[number]
    rest = [[n for n in row if n != number] for row in rows[strand.lane]]
    rest = [row for row in rest if row]
    for place in range(len(rest) + 1):
        yield {**rows, strand.lane: [*rest[:place], [number], *rest[place:]]}
    for place, row in enumerate(rest):
        if not any(strand.meets(woven.strands[n]) for n in row):
            yield {**rows, strand.lane: [*rest[:place], [*row, number], *rest[place + 1 :]]}


def _swaps(rows: Rows) -> Iterator[Rows]:
    for lane, stacked in rows.items():
        for a in range(len(stacked)):
            for b in range(a + 1, len(stacked)):
                changed = list(stacked)
                changed[a], changed[b] = changed[b], changed[a]
                yield {**rows, lane: changed}


def cost(woven: Weave, rows: Rows) -> float:
    """What a stacking costs in crossings, height and length."""
    place: dict[int, int] = {}
    height = 0
    for stacked in rows.values():
        for row in stacked:
            place.update(dict.fromkeys(row, height))
            height += 1
    total = ROW * height
    trunks = list(woven.trunks.values())
    spans = [_span(trunk, place) for trunk in trunks]
    for trunk, (top, bottom) in zip(trunks, spans, strict=True):
        total += REACH * (bottom - top) + _crossings(woven, trunk, top, bottom, place)
        total += 0.1 * sum(abs(place[n] - top) for n in trunk.strands)
    return total + CLASH * _clashes(trunks, spans, place)


def _span(trunk: Trunk, place: Mapping[int, int]) -> tuple[int, int]:
    rows = [place[n] for n in trunk.strands]
    return min(rows), max(rows)


def _crossings(
    woven: Weave, trunk: Trunk, top: int, bottom: int, place: Mapping[int, int]
) -> float:
    total = 0.0
    for number, strand in enumerate(woven.strands):
        if number in trunk.strands or not top < place[number] < bottom:
            continue
        if strand.first <= trunk.at <= strand.last:
            total += HIT if trunk.at in strand.columns else CROSSING
    return total


def _clashes(
    trunks: Sequence[Trunk], spans: Sequence[tuple[int, int]], place: Mapping[int, int]
) -> int:
    """Trunks that would lie on each other, and ins and outs on the same arm of a gateway."""
    clashes = 0
    for a in range(len(trunks)):
        for b in range(a + 1, len(trunks)):
            if trunks[a].at == trunks[b].at and trunks[a].at == int(trunks[a].at):
                clashes += spans[a][0] <= spans[b][1] and spans[b][0] <= spans[a][1]
    return clashes + sum(_arm_clashes(trunk, place) for trunk in trunks)


def _arm_clashes(trunk: Trunk, place: Mapping[int, int]) -> int:
    """Flows that would share an arm of a gateway although they should not."""
    own = trunk.strands - trunk.entering - trunk.leaving
    at = min((place[n] for n in own), default=0)
    sides = [{place[n] > at for n in group} for group in (trunk.entering, trunk.leaving)]
    clashes = len(sides[0] & sides[1])
    for default in trunk.alone:
        below = place[default] > at
        clashes += sum((place[n] > at) == below for n in trunk.leaving - {default})
    return clashes


def hits(woven: Weave, rows: Rows) -> list[str]:
    """Gateways whose axis runs through another node of their column, sorted."""
    place: dict[int, int] = {}
    height = 0
    for stacked in rows.values():
        for row in stacked:
            place.update(dict.fromkeys(row, height))
            height += 1
    found = set()
    for gateway, trunk in woven.trunks.items():
        top, bottom = _span(trunk, place)
        for number, strand in enumerate(woven.strands):
            inside = number not in trunk.strands and top < place[number] < bottom
            if inside and trunk.at in strand.columns:
                found.add(gateway)
    return sorted(found)
