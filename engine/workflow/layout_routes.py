"""Routes of the flows over the grid: the cheapest orthogonal way past nodes and other flows.

Only flows that share their source may run together at their beginning, and only those
that share their target at their end; in the gaps and channels others may run side by side,
which `layout_tracks` draws apart.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import pairwise

from engine.workflow.diagram import Diagram, Node
from engine.workflow.layout_columns import Link
from engine.workflow.layout_grid import Grid, Place, Ruler

RIGHT, DOWN, LEFT, UP = (1, 0), (0, 1), (-1, 0), (0, -1)
STEPS = (RIGHT, DOWN, LEFT, UP)

#: what a way costs, beside its length in pixels
BEND, CROSS, BESIDE, FORBIDDEN, ODD_SIDE = 60.0, 90.0, 12.0, 4000.0, 150.0
#: for flows that part or meet on a level line rather than on the axis of their gateway
LEVEL = 40.0

Step = tuple[Place, Place]
Way = tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Ends:
    """A flow to route: between which places, by which sides, and along which axes."""

    link: Link
    source: Place
    target: Place
    #: direction of leaving or arriving → what it costs
    leaving: Mapping[Place, float]
    arriving: Mapping[Place, float]


def route_all(diagram: Diagram, turned: Sequence[Link], grid: Grid, ruler: Ruler) -> dict[str, Way]:
    """Route every flow, then each again in the light of all others. Ways by flow id."""
    ends = [_ends(diagram, link, grid) for link in turned]
    ends.sort(key=lambda e: (e.source[1] != e.target[1], abs(e.source[0] - e.target[0])))
    traffic = _Traffic()
    ways: dict[str, Way] = {}
    for _ in range(3):
        before = dict(ways)
        for end in ends:
            name = end.link.flow.id
            if name in ways:
                traffic.remove(end, ways[name])
            ways[name] = _Search(end, grid, ruler, traffic).cheapest()
            traffic.add(end, ways[name])
        if ways == before:
            break
    return ways


def _ends(diagram: Diagram, link: Link, grid: Grid) -> Ends:
    known = diagram.by_id()
    flow = link.flow
    source, target = known[flow.source], known[flow.target]
    start = grid.places[source.attached_to or source.id]
    goal = grid.places[target.attached_to or target.id]
    return Ends(link, start, goal, _leaving(source, link), _arriving(target, link))


def _leaving(node: Node, link: Link) -> dict[Place, float]:
    if node.attached_to:
        return {DOWN: 0.0}
    if node.is_gateway:
        return {UP: 0.0, DOWN: 0.0, (LEFT if link.back else RIGHT): 0.0}
    return {(LEFT if link.back else RIGHT): 0.0, UP: ODD_SIDE, DOWN: ODD_SIDE}


def _arriving(node: Node, link: Link) -> dict[Place, float]:
    """Directions of travel at the end: RIGHT arrives at the left side."""
    if node.is_gateway:
        return {UP: 0.0, DOWN: 0.0, (LEFT if link.back else RIGHT): 0.0}
    return {(LEFT if link.back else RIGHT): 0.0, UP: ODD_SIDE, DOWN: ODD_SIDE}


class _Traffic:
    """Which flows already run where."""

    def __init__(self) -> None:
        self.steps: dict[Step, list[Ends]] = defaultdict(list)
        self.points: dict[Place, list[tuple[Ends, bool, bool]]] = defaultdict(list)

    def add(self, end: Ends, way: Way) -> None:
        for step in pairwise(way):
            self.steps[min(step), max(step)].append(end)
        for entry in _passages(end, way):
            self.points[entry[0]].append(entry[1])

    def remove(self, end: Ends, way: Way) -> None:
        for step in pairwise(way):
            self.steps[min(step), max(step)].remove(end)
        for entry in _passages(end, way):
            self.points[entry[0]].remove(entry[1])


def _passages(end: Ends, way: Way) -> Iterator[tuple[Place, tuple[Ends, bool, bool]]]:
    """Inner places of a way, with whether it is there across and whether up or down."""
    for before, at, after in zip(way, way[1:], way[2:], strict=False):
        across = before[1] == at[1] or after[1] == at[1]
        upright = before[0] == at[0] or after[0] == at[0]
        yield at, (end, across, upright)


def _akin(one: Ends, other: Ends) -> bool:
    """Whether two flows may run together: they part at one node or meet at one."""
    return _parts(one, other) or _meets(one, other)


def _parts(one: Ends, other: Ends) -> bool:
    return one.link.flow.source == other.link.flow.source


def _meets(one: Ends, other: Ends) -> bool:
    return one.link.flow.target == other.link.flow.target


class _Search:
    """The search for the cheapest way of one flow: Dijkstra over (place, direction)."""

    def __init__(self, end: Ends, grid: Grid, ruler: Ruler, traffic: _Traffic) -> None:
        self.end = end
        self.grid = grid
        self.ruler = ruler
        self.traffic = traffic
        self.taken = set(grid.places.values()) - {end.source, end.target}

    def cheapest(self) -> Way:
        end = self.end
        count = 0
        heap: list[tuple[float, int, Place, Place, object]] = []
        for direction, price in end.leaving.items():
            heappush(heap, (price, count, end.source, direction, None))
            count += 1
        done: set[Step] = set()
        while heap:
            spent, _, at, direction, trail = heappop(heap)
            if at == end.target and trail is not None:
                return _unwind((trail, at))
            if (at, direction) in done:
                continue
            done.add((at, direction))
            for to, turn, price in self._steps(at, direction):
                count += 1
                heappush(heap, (spent + price, count, to, turn, (trail, at)))
        return _straight_way(end)

    def _steps(self, at: Place, direction: Place) -> Iterator[tuple[Place, Place, float]]:
        """Where a way may go on: next place, direction and price."""
        for turn in STEPS if at != self.end.source else (direction,):
            to = (at[0] + turn[0], at[1] + turn[1])
            if turn != (-direction[0], -direction[1]) and self._may_go(at, to, turn):
                yield to, turn, self._price(at, to, direction, turn)

    def _may_go(self, at: Place, to: Place, turn: Place) -> bool:
        end, grid = self.end, self.grid
        if not (0 <= to[0] < grid.width and 0 <= to[1] < grid.height) or to in self.taken:
            return False
        if turn[0] == 0 and at[0] % 2 == 1 and at[0] not in (end.source[0], end.target[0]):
            return False
        return to != end.source and (to != end.target or turn in end.arriving)

    def _price(self, at: Place, to: Place, direction: Place, turn: Place) -> float:
        x, y = self.ruler.x, self.ruler.y
        price = abs(x[to[0]] - x[at[0]]) + abs(y[to[1]] - y[at[1]])
        price += BEND if turn != direction else 0.0
        price += self.end.arriving[turn] if to == self.end.target else 0.0
        return price + self._company(at, to) + self._crossed(to, turn)

    def _company(self, at: Place, to: Place) -> float:
        """What it costs to run where others do."""
        upright = at[0] == to[0]
        between = at[0] % 2 == 0 if upright else at[1] not in self.grid.rows
        price = 0.0
        for other in self.traffic.steps.get((min(at, to), max(at, to)), ()):
            if not _akin(self.end, other):
                price += BESIDE if between else FORBIDDEN
            elif not upright:
                price += LEVEL
        return price

    def _crossed(self, to: Place, turn: Place) -> float:
        """What it costs to come where others pass."""
        met = self.traffic.points.get(to, ())
        strangers = [
            other
            for other, across, upright in met
            if (across if turn[0] == 0 else upright) and not _akin(self.end, other)
        ]
        return CROSS * len(strangers)


def _unwind(trail: object) -> Way:
    way: list[Place] = []
    while isinstance(trail, tuple):
        trail, at = trail
        way.append(at)
    return tuple(reversed(way))


def _straight_way(end: Ends) -> Way:
    """The last resort: across, then up or down."""
    (x1, y1), (x2, y2) = end.source, end.target
    step_x, step_y = (1 if x2 >= x1 else -1), (1 if y2 >= y1 else -1)
    across = [(x, y1) for x in range(x1, x2, step_x)]
    return (*across, *((x2, y) for y in range(y1, y2 + step_y, step_y)))
