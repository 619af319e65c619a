"""Tidy drawings of BPMN processes with lanes.

Time runs from left to right; the lanes of the departments lie below each other; flows run
at right angles and never through a node or a label. The same diagram always gives the
same drawing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise

from engine.workflow.diagram import Box, Diagram, Drawing, Node, Point
from engine.workflow.layout_arrangement import arrange
from engine.workflow.layout_columns import links
from engine.workflow.layout_grid import Grid, Ruler, Size, make_grid, measure
from engine.workflow.layout_labels import place_labels
from engine.workflow.layout_routes import Way, route_all
from engine.workflow.layout_sizes import HEADING, ORIGIN, OWN_LOOP, TRACK, node_size
from engine.workflow.layout_tracks import Tracks, assign, corners


def lay_out(diagram: Diagram, sizes: Mapping[str, Size] | None = None) -> Drawing:
    """Compute where everything of a diagram goes, in pixels.

    `sizes` overrides the usual size of nodes, as of expanded subprocesses.
    """
    if not diagram.nodes:
        return _empty(diagram)
    lanes = [lane.id for lane in diagram.lanes] or [""]
    diagram = replace(diagram, nodes=tuple(_in_known_lane(diagram, lanes)))
    all_sizes = {node.id: node_size(node) for node in diagram.nodes} | dict(sizes or {})
    turned = links(diagram)
    column, woven, stacked = arrange(diagram, turned, lanes)
    grid = make_grid(column, woven, stacked)
    ruler = measure(diagram, turned, grid, all_sizes, {}, grid.rows)
    ways = route_all(diagram, turned, grid, ruler)
    tracks = assign(ways, turned, grid)
    ruler = measure(diagram, turned, grid, all_sizes, tracks.count, _used_rows(grid, ways))
    return _draw(diagram, grid, ruler, all_sizes, ways, tracks)


def _empty(diagram: Diagram) -> Drawing:
    """A pool with its lanes and nothing in them."""
    left = ORIGIN[0] + HEADING * bool(diagram.name)
    lanes = {
        lane.id: Box(left, ORIGIN[1] + 100 * number, 600, 100)
        for number, lane in enumerate(diagram.lanes)
    }
    pool = Box(*ORIGIN, left - ORIGIN[0] + 600, 100 * max(1, len(lanes)))
    return Drawing(pool, lanes, {}, {}, {})


def _in_known_lane(diagram: Diagram, lanes: list[str]) -> list[Node]:
    """Nodes outside every lane stand in the first; boundary events with their host."""
    known = diagram.by_id()
    placed = []
    for node in diagram.nodes:
        host = known.get(node.attached_to, node)
        placed.append(replace(node, lane=host.lane if host.lane in lanes else lanes[0]))
    return placed


def _used_rows(grid: Grid, ways: Mapping[str, Way]) -> frozenset[int]:
    """Rows with a node, or with a flow along them."""
    used = {line for _, line in grid.places.values()}
    for way in ways.values():
        used |= {a[1] for a, b in pairwise(way) if a[1] == b[1]}
    return frozenset(used & grid.rows)


def _draw(
    diagram: Diagram,
    grid: Grid,
    ruler: Ruler,
    sizes: Mapping[str, Size],
    ways: Mapping[str, Way],
    tracks: Tracks,
) -> Drawing:
    corner = _content_corner(diagram)
    nodes = _boxes(diagram, grid, ruler, sizes, corner)
    known = diagram.by_id()
    routes = {}
    for flow in diagram.flows:
        if flow.id in ways:
            bends = _bends(flow.id, ways[flow.id], ruler, tracks, corner)
            routes[flow.id] = _trimmed(
                bends,
                nodes[flow.source],
                nodes[flow.target],
                hosted=bool(known[flow.source].attached_to),
            )
        elif flow.source == flow.target and flow.source in nodes:
            routes[flow.id] = _own_loop(nodes[flow.source])
    pool, lanes = _bands(diagram, ruler, corner)
    return Drawing(pool, lanes, nodes, routes, place_labels(diagram, nodes, routes))


def _content_corner(diagram: Diagram) -> Point:
    headings = HEADING * (bool(diagram.name) + bool(diagram.lanes))
    return Point(ORIGIN[0] + headings, ORIGIN[1])


def _bands(diagram: Diagram, ruler: Ruler, corner: Point) -> tuple[Box, dict[str, Box]]:
    """The pool and its lanes."""
    left = corner.x - HEADING * bool(diagram.lanes)
    height = max(bottom for _, bottom in ruler.lanes.values())
    pool = Box(ORIGIN[0], ORIGIN[1], corner.x - ORIGIN[0] + ruler.right, height)
    lanes = {
        lane.id: Box(
            left,
            corner.y + ruler.lanes[lane.id][0],
            corner.x - left + ruler.right,
            ruler.lanes[lane.id][1] - ruler.lanes[lane.id][0],
        )
        for lane in diagram.lanes
    }
    return pool, lanes


def _boxes(
    diagram: Diagram, grid: Grid, ruler: Ruler, sizes: Mapping[str, Size], corner: Point
) -> dict[str, Box]:
    boxes = {}
    for node in diagram.nodes:
        if node.id in grid.places:
            x, y = grid.places[node.id]
            width, height = sizes[node.id]
            left = corner.x + ruler.x[x] - width / 2
            boxes[node.id] = Box(left, corner.y + ruler.y[y] - height / 2, width, height)
    hosted: dict[str, int] = {}
    for node in diagram.nodes:
        if node.attached_to in boxes:
            host = boxes[node.attached_to]
            place = hosted.setdefault(node.attached_to, 0)
            hosted[node.attached_to] += 1
            width, height = sizes[node.id]
            left = host.right - 12 - width - place * (width + 8)
            boxes[node.id] = Box(left, host.bottom - height / 2, width, height)
    return boxes


def _bends(
    flow: str,
    way: Way,
    ruler: Ruler,
    tracks: Tracks,
    corner: Point,
) -> list[Point]:
    """Corners of a way in pixels, each stretch moved to its track."""
    places = corners(way)
    xs = [corner.x + ruler.x[x] for x, _ in places]
    ys = [corner.y + ruler.y[y] for _, y in places]
    for number, (a, b) in enumerate(pairwise(places)):
        if (flow, number) in tracks.of_stretch:
            line = ("x", a[0]) if a[0] == b[0] else ("y", a[1])
            shift = TRACK * (tracks.of_stretch[flow, number] - (tracks.count[line] - 1) / 2)
            moved = xs if line[0] == "x" else ys
            moved[number] += shift
            moved[number + 1] += shift
    return [Point(x, y) for x, y in zip(xs, ys, strict=True)]


def _trimmed(points: list[Point], source: Box, target: Box, *, hosted: bool) -> tuple[Point, ...]:
    """Cut a route off at the borders of its ends."""
    if hosted:
        points[0] = source.centre
        points[1] = Point(source.centre.x, points[1].y)
    first = _border(source, points[1])
    last = _border(target, points[-2])
    return (first, *points[1:-1], last)


def _border(box: Box, towards: Point) -> Point:
    """Where the straight line from a box's middle to a point beside or above it leaves the box."""
    centre = box.centre
    if abs(towards.x - centre.x) > abs(towards.y - centre.y):
        return Point(box.right if towards.x > centre.x else box.x, centre.y)
    return Point(centre.x, box.bottom if towards.y > centre.y else box.y)


def _own_loop(box: Box) -> tuple[Point, ...]:
    """A flow from a node to itself, around its upper right corner."""
    right, top = box.right + OWN_LOOP, box.y - OWN_LOOP
    centre = box.centre
    return (
        Point(box.right, centre.y),
        Point(right, centre.y),
        Point(right, top),
        Point(centre.x, top),
        Point(centre.x, box.y),
    )
