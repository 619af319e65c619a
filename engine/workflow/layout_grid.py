"""The grid a drawing is made on: lines through columns and rows, and lines between them.

Vertical lines are numbered 0, 1, 2 …: odd ones are the axes of the columns, even ones the
channels beside them. Horizontal lines are, from the top of each lane, a gap, a row, a gap,
a row … a gap. A place on the grid is a pair (vertical line, horizontal line).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engine.workflow.diagram import Diagram, Node
from engine.workflow.layout_columns import Link
from engine.workflow.layout_rows import Rows
from engine.workflow.layout_sizes import (
    COLUMN_GAP,
    LABEL_GAP,
    LANE_PADDING,
    NAMED_GAP,
    OWN_LOOP,
    ROW_GAP,
    TRACK,
    has_label_below,
    label_size,
)
from engine.workflow.layout_strands import Weave

Place = tuple[int, int]
Size = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Grid:
    """Lines and what stands on them."""

    places: Mapping[str, Place]
    #: horizontal lines that are rows; the others are gaps
    rows: frozenset[int]
    #: lane → its first and last horizontal line
    lanes: Mapping[str, tuple[int, int]]
    width: int
    height: int


def make_grid(column: Mapping[str, int], woven: Weave, stacked: Rows) -> Grid:
    """Place nodes on grid lines, by column and by row of their lane."""
    places: dict[str, Place] = {}
    lanes: dict[str, tuple[int, int]] = {}
    rows: set[int] = set()
    line = 0
    for lane, in_lane in stacked.items():
        top = line
        for row in in_lane or [[]]:
            line += 1
            rows.add(line)
            for number in row:
                for node in woven.strands[number].nodes:
                    places[node] = (2 * column[node] + 1, line)
            line += 1
        lanes[lane] = (top, line)
        line += 1
    return Grid(places, frozenset(rows), lanes, 2 * max(column.values(), default=0) + 3, line)


@dataclass(frozen=True, slots=True)
class Ruler:
    """Pixels of the grid lines: of each line's middle, and of lane borders."""

    x: Sequence[float]
    y: Sequence[float]
    lanes: Mapping[str, tuple[float, float]]
    right: float


def measure(
    diagram: Diagram,
    turned: Sequence[Link],
    grid: Grid,
    sizes: Mapping[str, Size],
    tracks: Mapping[tuple[str, int], int],
    used_rows: frozenset[int],
) -> Ruler:
    """Turn grid lines into pixels, counted from the corner of the lanes.

    `tracks` says how many parallel flows a channel ("x") or a gap ("y") holds.
    """
    x, right = _across(diagram, turned, grid, sizes, tracks)
    y, lanes = _down(diagram, grid, sizes, tracks, used_rows)
    return Ruler(x, y, lanes, right)


def _across(
    diagram: Diagram,
    turned: Sequence[Link],
    grid: Grid,
    sizes: Mapping[str, Size],
    tracks: Mapping[tuple[str, int], int],
) -> tuple[list[float], float]:
    x: list[float] = []
    at = 0.0
    for line in range(grid.width):
        named, wide = 0.0, _column_width(diagram, grid, sizes, line)
        if line % 2 == 0:
            named = _named_width(turned, grid, line)
            wide = named + _channel_width(grid, line, tracks.get(("x", line), 0), named=named > 0)
        x.append(at + (named + wide) / 2)
        at += wide
    return x, at


def _column_width(diagram: Diagram, grid: Grid, sizes: Mapping[str, Size], line: int) -> float:
    widths = [0.0]
    for node in diagram.nodes:
        if node.id in grid.places and grid.places[node.id][0] == line:
            label = label_size(node.name)[0] if has_label_below(node) else 0.0
            widths.append(max(sizes[node.id][0], label))
    return max(widths)


def _named_width(turned: Sequence[Link], grid: Grid, line: int) -> float:
    """Room for the names of flows that leave the column before; they turn only after it."""
    named = [
        label_size(link.flow.name)[0] + 10
        for link in turned
        if link.flow.name and grid.places[link.source][0] == line - 1
    ]
    return max(named, default=0.0)


def _channel_width(grid: Grid, line: int, tracks: int, *, named: bool) -> float:
    if line in (0, grid.width - 1):
        return LANE_PADDING + 8 + TRACK * tracks
    return max(NAMED_GAP if named else COLUMN_GAP, TRACK * (tracks + 1))


def _down(
    diagram: Diagram,
    grid: Grid,
    sizes: Mapping[str, Size],
    tracks: Mapping[tuple[str, int], int],
    used_rows: frozenset[int],
) -> tuple[list[float], dict[str, tuple[float, float]]]:
    y = [0.0] * grid.height
    lanes: dict[str, tuple[float, float]] = {}
    at = 0.0
    for lane, (top, bottom) in grid.lanes.items():
        start = at
        for line in range(top, bottom + 1):
            if line in grid.rows:
                above, below = _row_height(diagram, grid, sizes, line)
                y[line] = at + above
                at += above + below
                continue
            count = tracks.get(("y", line), 0)
            high = _gap(line, top, bottom, count)
            if line - 1 > top and line - 1 not in used_rows:
                high = TRACK * (count + 1) if count else 0.0
            y[line] = at + high / 2
            at += high
        lanes[lane] = (start, at)
    return y, lanes


def _gap(line: int, top: int, bottom: int, tracks: int) -> float:
    if line in (top, bottom):
        return LANE_PADDING + TRACK * tracks
    return max(ROW_GAP, TRACK * (tracks + 1))


def _row_height(
    diagram: Diagram, grid: Grid, sizes: Mapping[str, Size], line: int
) -> tuple[float, float]:
    """Room above and below the middle of a row."""
    above = below = 0.0
    for node in diagram.nodes:
        if node.id in grid.places and grid.places[node.id][1] == line:
            half = sizes[node.id][1] / 2
            above = max(above, half + _own_loops(diagram, node))
            below = max(below, half + _label_height(node) + _hanging(diagram, node))
    return above, below


def _label_height(node: Node) -> float:
    return LABEL_GAP + label_size(node.name)[1] if has_label_below(node) else 0.0


def _own_loops(diagram: Diagram, node: Node) -> float:
    """Room above a node for a flow that leads back to it, and its label."""
    own = [flow for flow in diagram.flows if flow.source == flow.target == node.id]
    return max((OWN_LOOP + label_size(flow.name or "无")[1] for flow in own), default=0.0)


def _hanging(diagram: Diagram, host: Node) -> float:
    """Room for the boundary events below an activity, and their labels."""
    events = [node for node in diagram.nodes if node.attached_to == host.id]
    return max((18 + _label_height(node) for node in events), default=0.0)
