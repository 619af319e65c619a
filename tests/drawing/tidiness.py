"""What "tidy" means, measured on the written file: every fault of a drawing, in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, pairwise

import networkx as nx
from lxml import etree

from engine.workflow.diagram import FLOW_NODES, Box, Point
from engine.workflow.xml import BPMN, NAMESPACES, local_name

DI = {
    **NAMESPACES,
    "bpmndi": "http://www.omg.org/spec/BPMN/20100524/DI",
    "dc": "http://www.omg.org/spec/DD/20100524/DC",
    "di": "http://www.omg.org/spec/DD/20100524/DI",
}
Segment = tuple[Point, Point]


@dataclass
class Sheet:
    """A file's drawing: boxes, labels and routes by element id, and who is who."""

    boxes: dict[str, Box]
    labels: dict[str, Box]
    routes: dict[str, list[Point]]
    nodes: dict[str, str]
    flows: dict[str, tuple[str, str]]
    lanes: dict[str, tuple[str, list[str]]]
    pools: list[str]
    hosts: dict[str, str]


def read_sheet(content: bytes) -> Sheet:
    root = etree.fromstring(content)
    boxes, labels, routes = {}, {}, {}
    for shape in root.iterfind(".//bpmndi:BPMNShape", DI):
        boxes[shape.get("bpmnElement", "")] = _bounds(shape)
    for drawn in root.iterfind(".//bpmndi:BPMNLabel/..", DI):
        labels[drawn.get("bpmnElement", "")] = _bounds(drawn.find("bpmndi:BPMNLabel", DI))
    for edge in root.iterfind(".//bpmndi:BPMNEdge", DI):
        points = edge.iterfind("di:waypoint", DI)
        routes[edge.get("bpmnElement", "")] = [_point(point) for point in points]
    everything = [e for e in root.iter() if str(e.tag).startswith(f"{{{BPMN}}}")]
    nodes = {e.get("id", ""): e.get("name", "") for e in everything if local_name(e) in FLOW_NODES}
    flows = {
        e.get("id", ""): (e.get("sourceRef", ""), e.get("targetRef", ""))
        for e in root.iterfind(".//bpmn:sequenceFlow", DI)
    }
    lanes = {
        e.get("id", ""): (
            e.get("name", ""),
            [ref.text or "" for ref in e.findall("bpmn:flowNodeRef", DI)],
        )
        for e in root.iterfind(".//bpmn:lane", DI)
    }
    pools = [e.get("id", "") for e in root.iterfind(".//bpmn:participant", DI)]
    hosts = {
        e.get("id", ""): e.get("attachedToRef", "")
        for e in root.iterfind(".//bpmn:boundaryEvent", DI)
    }
    return Sheet(boxes, labels, routes, nodes, flows, lanes, pools, hosts)


def _bounds(parent: etree._Element | None) -> Box:
    assert parent is not None
    bounds = parent.find("dc:Bounds", DI)
    assert bounds is not None
    return Box(*(float(bounds.get(key, "nan")) for key in ("x", "y", "width", "height")))


def _point(element: etree._Element) -> Point:
    return Point(float(element.get("x", "nan")), float(element.get("y", "nan")))


def faults(content: bytes) -> list[str]:
    """Everything untidy about a drawing; an empty list is a tidy one."""
    sheet = read_sheet(content)
    return [fault for check in CHECKS for fault in check(sheet)]


def everything_is_drawn(sheet: Sheet) -> Iterator[str]:
    for element in [*sheet.nodes, *sheet.lanes, *sheet.pools]:
        if element not in sheet.boxes:
            yield f"{element} has no shape"
    for flow in sheet.flows:
        if len(sheet.routes.get(flow, [])) < 2:
            yield f"{flow} has no edge"


def lanes_are_named_and_fill_the_pool(sheet: Sheet) -> Iterator[str]:
    for lane, (name, _) in sheet.lanes.items():
        if not name:
            yield f"lane {lane} has no name"
    lanes = sorted((sheet.boxes[lane] for lane in sheet.lanes), key=lambda box: box.y)
    for pool in sheet.pools:
        frame = sheet.boxes[pool]
        bands = [each for each in lanes if frame.y <= each.y < frame.bottom]
        for above, below in pairwise(bands):
            if above.bottom != below.y:
                yield f"a gap between lanes at {above.bottom}"
        if lanes and (not bands or not fills(bands, frame)):
            yield f"the lanes do not fill {pool}"


def fills(bands: list[Box], frame: Box) -> bool:
    """Tell whether lanes, one below the other, fill their pool."""
    first, last = bands[0], bands[-1]
    return (frame.y, frame.bottom, frame.right) == (first.y, last.bottom, first.right)


def nodes_lie_in_their_lane(sheet: Sheet) -> Iterator[str]:
    for lane, (_, members) in sheet.lanes.items():
        for node in members:
            for box in (sheet.boxes[node], sheet.labels.get(node)):
                if box is not None and not _inside(box, sheet.boxes[lane]):
                    yield f"{node} or its label leaves {lane}"


def nothing_overlaps(sheet: Sheet) -> Iterator[str]:
    things = [(node, sheet.boxes[node]) for node in sheet.nodes]
    things += [(f"label of {name}", box) for name, box in sheet.labels.items()]
    for (one, box), (other, second) in combinations(things, 2):
        hosted = sheet.hosts.get(one) == other or sheet.hosts.get(other) == one
        if not hosted and box.overlaps(second):
            yield f"{one} overlaps {other}"


def flows_run_at_right_angles_from_border_to_border(sheet: Sheet) -> Iterator[str]:
    for flow, route in sheet.routes.items():
        for a, b in pairwise(route):
            if a.x != b.x and a.y != b.y:
                yield f"{flow} runs askew"
        source, target = sheet.flows[flow]
        for end, node in ((route[0], source), (route[-1], target)):
            if not _on_border(end, sheet.boxes[node]):
                yield f"{flow} does not touch {node}"


def flows_keep_out_of_nodes_and_labels(sheet: Sheet) -> Iterator[str]:
    things = [(node, sheet.boxes[node]) for node in sheet.nodes]
    things += [(f"label of {name}", box) for name, box in sheet.labels.items()]
    for flow, route in sheet.routes.items():
        source = sheet.flows[flow][0]
        for name, box in things:
            if sheet.hosts.get(source) != name and any(_enters(s, box) for s in pairwise(route)):
                yield f"{flow} runs through {name}"


def strangers_do_not_run_along_each_other(sheet: Sheet) -> Iterator[str]:
    """Flows lie on each other only where they part or meet."""
    for one, other in combinations(sheet.routes, 2):
        akin = set(sheet.flows[one]) & set(sheet.flows[other])
        parts_or_meets = (
            sheet.flows[one][0] == sheet.flows[other][0]
            or sheet.flows[one][1] == sheet.flows[other][1]
        )
        if akin and parts_or_meets:
            continue
        for a in pairwise(sheet.routes[one]):
            for b in pairwise(sheet.routes[other]):
                if _lie_on_each_other(a, b):
                    yield f"{one} and {other} run along each other"


def flows_lead_to_the_right(sheet: Sheet) -> Iterator[str]:
    """All but those on a loop."""
    graph: nx.DiGraph[str] = nx.DiGraph(sheet.flows.values())
    for node, host in sheet.hosts.items():
        graph.add_edge(host, node)
    loops = [c for c in nx.strongly_connected_components(graph) if len(c) > 1]
    for flow, (source, target) in sheet.flows.items():
        looped = source == target or any(source in loop and target in loop for loop in loops)
        start = sheet.boxes[sheet.hosts.get(source, source)]
        if not looped and sheet.boxes[target].x < start.right:
            yield f"{flow} does not lead to the right"


CHECKS = (
    everything_is_drawn,
    lanes_are_named_and_fill_the_pool,
    nodes_lie_in_their_lane,
    nothing_overlaps,
    flows_run_at_right_angles_from_border_to_border,
    flows_keep_out_of_nodes_and_labels,
    strangers_do_not_run_along_each_other,
    flows_lead_to_the_right,
)


def _inside(box: Box, frame: Box) -> bool:
    across = frame.x <= box.x and box.right <= frame.right
    return across and frame.y <= box.y and box.bottom <= frame.bottom


def _on_border(point: Point, box: Box) -> bool:
    across = point.x in (box.x, box.right) and box.y <= point.y <= box.bottom
    return across or (point.y in (box.y, box.bottom) and box.x <= point.x <= box.right)


def _enters(segment: Segment, box: Box) -> bool:
    (left, right), (top, bottom) = _extent(segment)
    return left < box.right and right > box.x and top < box.bottom and bottom > box.y


def _extent(segment: Segment) -> tuple[tuple[float, float], tuple[float, float]]:
    a, b = segment
    return (min(a.x, b.x), max(a.x, b.x)), (min(a.y, b.y), max(a.y, b.y))


def _lie_on_each_other(a: Segment, b: Segment) -> bool:
    (left, right), (top, bottom) = _extent(a)
    (low, high), (up, down) = _extent(b)
    if left == right == low == high:
        return min(bottom, down) > max(top, up)
    if top == bottom == up == down:
        return min(right, high) > max(left, low)
    return False


def crossings(content: bytes) -> int:
    """How often flows that neither part nor meet cross."""
    sheet = read_sheet(content)
    count = 0
    for one, other in combinations(sheet.routes, 2):
        if set(sheet.flows[one]) & set(sheet.flows[other]):
            continue
        for a in pairwise(sheet.routes[one]):
            for b in pairwise(sheet.routes[other]):
                count += _cross(a, b) or _cross(b, a)
    return count


def _cross(level: Segment, upright: Segment) -> bool:
    (left, right), (top, bottom) = _extent(level)
    (low, high), (up, down) = _extent(upright)
    return top == bottom and low == high and left < low < right and up < top < down
