"""Tracks: flows that share a gap or a channel of the grid, drawn side by side.

The stretches of flows on one line are ordered so that they cross least where they leave
it, and those that overlap get a track each.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from engine.workflow.layout_columns import Link
from engine.workflow.layout_grid import Grid, Place
from engine.workflow.layout_routes import Way

#: ("x", number of a vertical line) or ("y", number of a horizontal one)
Line = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Tracks:
    """The track of each (flow id, number of its stretch), and how many each line has."""

    of_stretch: Mapping[tuple[str, int], int]
    count: Mapping[Line, int]


@dataclass(slots=True)
class Stretch:
    """Part of a line that one flow, or several that belong together, run along."""

    line: Line
    first: int
    last: int
    flows: list[tuple[str, int]]
    #: other coordinate → to which sides flows leave there: -1 left or up, +1 right or down
    exits: list[tuple[int, int]]
    sources: set[str] = field(default_factory=set)
    targets: set[str] = field(default_factory=set)
    track: int = 0

    def meets(self, other: Stretch) -> bool:
        return self.first <= other.last and other.first <= self.last


def corners(way: Way) -> list[Place]:
    """The places where a way begins, bends and ends."""
    bends = [
        at
        for before, at, after in zip(way, way[1:], way[2:], strict=False)
        if (before[0] == at[0]) != (at[0] == after[0])
    ]
    return [way[0], *bends, way[-1]]


def assign(ways: Mapping[str, Way], turned: Sequence[Link], grid: Grid) -> Tracks:
    """Give every stretch between rows and columns a track."""
    by_line: dict[Line, list[Stretch]] = defaultdict(list)
    for link in turned:
        for stretch in _stretches(link, ways[link.flow.id]):
            if _is_between(stretch.line, grid):
                by_line[stretch.line].append(stretch)
    tracks: dict[tuple[str, int], int] = {}
    counts: dict[Line, int] = {}
    for line, stretches in sorted(by_line.items()):
        bundles = _bundle(stretches)
        _order(bundles)
        counts[line] = 1 + max(bundle.track for bundle in bundles)
        tracks.update({flow: bundle.track for bundle in bundles for flow in bundle.flows})
    return Tracks(tracks, counts)


def _is_between(line: Line, grid: Grid) -> bool:
    axis, number = line
    return number % 2 == 0 if axis == "x" else number not in grid.rows


def _stretches(link: Link, way: Way) -> Iterator[Stretch]:
    points = corners(way)
    for number, (a, b) in enumerate(pairwise(points)):
        axis = 0 if a[0] == b[0] else 1
        exits = []
        if number > 0:
            exits.append((a[1 - axis], _sign(points[number - 1][axis] - a[axis])))
        if number + 2 < len(points):
            exits.append((b[1 - axis], _sign(points[number + 2][axis] - b[axis])))
        first, last = sorted((a[1 - axis], b[1 - axis]))
        flow = link.flow
        yield Stretch(
            ("xy"[axis], a[axis]),
            first,
            last,
            [(flow.id, number)],
            exits,
            {flow.source},
            {flow.target},
        )


def _sign(value: int) -> int:
    return (value > 0) - (value < 0)


def _bundle(stretches: Sequence[Stretch]) -> list[Stretch]:
    """Join stretches of flows that part or meet there: they are drawn as one line."""
    bundles: list[Stretch] = []
    for stretch in sorted(stretches, key=lambda s: (s.first, -s.last, s.flows)):
        for bundle in bundles:
            akin = bundle.sources == stretch.sources or bundle.targets == stretch.targets
            if akin and bundle.meets(stretch):
                bundle.first = min(bundle.first, stretch.first)
                bundle.last = max(bundle.last, stretch.last)
                bundle.flows += stretch.flows
                bundle.exits += stretch.exits
                bundle.sources |= stretch.sources
                bundle.targets |= stretch.targets
                break
        else:
            bundles.append(stretch)
    return bundles


def _order(bundles: list[Stretch]) -> None:
    """Sort by pairs that would cross, then give overlapping ones different tracks."""
    for _ in bundles:
        for at in range(len(bundles) - 1):
            one, other = bundles[at], bundles[at + 1]
            if _crossings(other, one) < _crossings(one, other):
                bundles[at], bundles[at + 1] = other, one
    for number, bundle in enumerate(bundles):
        lower = [b.track for b in bundles[:number] if b.meets(bundle)]
        bundle.track = max(lower, default=-1) + 1


def _crossings(low: Stretch, high: Stretch) -> int:
    """Crossings if `low` lies left of (or above) `high`."""
    rightward = [at for at, side in low.exits if side > 0 and high.first <= at <= high.last]
    leftward = [at for at, side in high.exits if side < 0 and low.first <= at <= low.last]
    return len(rightward) + len(leftward)
