"""Labels of events, gateways and flows, put where neither flows nor nodes are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from engine.workflow.diagram import Box, Diagram, Node, Point
from engine.workflow.layout_sizes import LABEL_GAP, has_label_below, label_size

Route = Sequence[Point]


def place_labels(
    diagram: Diagram, nodes: Mapping[str, Box], routes: Mapping[str, Route]
) -> dict[str, Box]:
    """Boxes of the labels by element id; each takes the first free place of its choices."""
    placed: dict[str, Box] = {}
    for node in sorted(diagram.nodes, key=lambda n: n.is_gateway):
        if has_label_below(node):
            choices = list(_beside_node(node, nodes[node.id]))
            placed[node.id] = _first_free(choices, nodes, routes, placed)
    for flow in diagram.flows:
        if flow.name and flow.id in routes:
            choices = list(_beside_flow(flow.name, routes[flow.id]))
            placed[flow.id] = _first_free(choices, nodes, routes, placed)
    return placed


def _first_free(
    choices: Sequence[Box],
    nodes: Mapping[str, Box],
    routes: Mapping[str, Route],
    placed: Mapping[str, Box],
) -> Box:
    """The first choice that nothing runs through or overlaps, else the least crowded."""

    def crowd(box: Box) -> int:
        count = sum(box.overlaps(other) for other in [*nodes.values(), *placed.values()])
        return count + sum(runs_through(route, box) for route in routes.values())

    return min(choices, key=crowd)


def runs_through(route: Route, box: Box) -> bool:
    """Whether a route of straight pieces enters a box."""
    for a, b in pairwise(route):
        left, right = sorted((a.x, b.x))
        top, bottom = sorted((a.y, b.y))
        if left < box.right and right > box.x and top < box.bottom and bottom > box.y:
            return True
    return False


def _beside_node(node: Node, box: Box) -> Iterator[Box]:
    width, height = label_size(node.name)
    middle = box.centre.x - width / 2
    below, above = box.bottom + LABEL_GAP, box.y - LABEL_GAP - height
    if node.attached_to:
        yield Box(box.x - width, box.centre.y + 4, width, height)
    yield Box(middle, below, width, height)
    yield Box(middle, above, width, height)
    for x in (box.centre.x + 8, box.centre.x - 8 - width):
        yield Box(x, box.y - height, width, height)
        yield Box(x, box.bottom, width, height)


def _beside_flow(name: str, route: Route) -> Iterator[Box]:
    """Above or below the level pieces from the start on, then beside the upright ones."""
    width, height = label_size(name)
    pieces = list(pairwise(route))
    for a, b in pieces:
        if a.y == b.y and abs(b.x - a.x) >= width + 14:
            x = a.x + 10 if b.x > a.x else a.x - 10 - width
            yield Box(x, a.y - height - 3, width, height)
            yield Box(x, a.y + 3, width, height)
    for a, b in pieces:
        if a.x == b.x and abs(b.y - a.y) >= height + 4:
            y = a.y + 4 if b.y > a.y else a.y - 4 - height
            yield Box(a.x + 5, y, width, height)
            yield Box(a.x - 5 - width, y, width, height)
    for a, b in pieces:
        if a.y == b.y:
            yield Box(min(a.x, b.x) + 4, a.y - height - 3, width, height)
            yield Box(min(a.x, b.x) + 4, a.y + 3, width, height)
    yield Box(route[0].x + 4, route[0].y - height - 3, width, height)
