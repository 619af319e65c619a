"""What lies beside the flow: messages between pools, annotations, data.

They are set out plainly: annotations and data in a row below everything, tied by straight
lines; messages by the shortest way with two bends.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from engine.workflow.diagram import Box, Drawing, Point
from engine.workflow.xml import NAMESPACES, is_bpmn, local_name

SIZES = {
    "textAnnotation": (140.0, 50.0),
    "dataObjectReference": (36.0, 50.0),
    "dataStoreReference": (50.0, 50.0),
}
GAP = 40.0
#: wider than this is a pool: messages end right above or below their other end
WIDE = 300.0


def add_message_flows(collaboration: etree._Element, drawing: Drawing) -> Drawing:
    """Routes of the message flows between what is already drawn."""
    routes = {}
    for flow in collaboration.findall("bpmn:messageFlow", NAMESPACES):
        source = drawing.nodes.get(flow.get("sourceRef", ""))
        target = drawing.nodes.get(flow.get("targetRef", ""))
        if source is not None and target is not None:
            routes[flow.get("id", "")] = _between(source, target)
    return Drawing(drawing.pool, {}, {}, routes, {})


def _between(source: Box, target: Box) -> tuple[Point, ...]:
    """Out of the bottom or top, across half way, and in at the other's top or bottom."""
    below = target.centre.y > source.centre.y
    start = source.bottom if below else source.y
    end = target.y if below else target.bottom
    if source.width > WIDE:
        source = Box(target.x, source.y, target.width, source.height)
    across = target.centre.x if target.width <= WIDE else source.centre.x
    middle = (start + end) / 2
    if across == source.centre.x:
        return (Point(across, start), Point(across, end))
    return (
        Point(source.centre.x, start),
        Point(source.centre.x, middle),
        Point(across, middle),
        Point(across, end),
    )


def add_artifacts(scope: etree._Element, drawing: Drawing) -> Drawing:
    """Annotations and data of a process or collaboration, below what is drawn."""
    ties = list(_ties(scope))
    partner = {a: b for _, a, b in ties} | {b: a for _, a, b in ties}
    artifacts = [child for child in scope if is_bpmn(child) and local_name(child) in SIZES]
    below = max(box.bottom for box in drawing.nodes.values()) + GAP
    wished = {
        artifact.get("id", ""): drawing.nodes[partner[artifact.get("id", "")]].x
        for artifact in artifacts
        if partner.get(artifact.get("id", "")) in drawing.nodes
    }
    placed: dict[str, Box] = {}
    at = drawing.pool.x
    for artifact in sorted(artifacts, key=lambda a: wished.get(a.get("id", ""), 0.0)):
        name = artifact.get("id", "")
        width, height = SIZES[local_name(artifact)]
        at = max(at, wished.get(name, at))
        placed[name] = Box(at, below, width, height)
        at += width + GAP
    return Drawing(drawing.pool, {}, placed, _tied(ties, {**drawing.nodes, **placed}), {})


def _ties(scope: etree._Element) -> Iterator[tuple[str, str, str]]:
    """Id, source and target of associations and of data going in and out."""
    for tie in scope.findall("bpmn:association", NAMESPACES):
        yield tie.get("id", ""), tie.get("sourceRef", ""), tie.get("targetRef", "")
    for tag, other in (
        ("dataInputAssociation", "sourceRef"),
        ("dataOutputAssociation", "targetRef"),
    ):
        for tie in scope.findall(f"*/bpmn:{tag}", NAMESPACES):
            end = tie.find(f"bpmn:{other}", NAMESPACES)
            parent = tie.getparent()
            if end is not None and parent is not None:
                yield tie.get("id", ""), parent.get("id", ""), (end.text or "").strip()


def _tied(ties: list[tuple[str, str, str]], boxes: dict[str, Box]) -> dict[str, tuple[Point, ...]]:
    routes: dict[str, tuple[Point, ...]] = {}
    for name, source, target in ties:
        if source in boxes and target in boxes:
            upper, lower = sorted((boxes[source], boxes[target]), key=lambda box: box.y)
            across = upper.x + min(24.0, upper.width / 2)
            ends = (
                Point(across, upper.bottom),
                Point(min(max(across, lower.x), lower.right), lower.y),
            )
            routes[name] = ends if upper == boxes[source] else ends[::-1]
    return routes
