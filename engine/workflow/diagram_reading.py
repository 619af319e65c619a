"""Diagrams read from BPMN XML, as far as their drawing needs."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from engine.workflow.diagram import FLOW_NODES, Diagram, Flow, Lane, Node
from engine.workflow.xml import NAMESPACES, is_bpmn, local_name


def read_diagram(scope: etree._Element, name: str = "") -> Diagram:
    """Read a process, or the inside of a subprocess, and its lanes.

    Of lanes within lanes the innermost are read. `name` is the pool's.
    """
    lanes = list(_innermost(scope))
    lane_of = {
        (reference.text or "").strip(): lane.get("id", "")
        for lane in lanes
        for reference in lane.findall("bpmn:flowNodeRef", NAMESPACES)
    }
    return Diagram(
        scope.get("id", ""),
        name,
        tuple(Lane(lane.get("id", ""), lane.get("name", "")) for lane in lanes),
        tuple(_node(node, lane_of) for node in flow_nodes(scope)),
        tuple(_flow(flow) for flow in scope.findall("bpmn:sequenceFlow", NAMESPACES)),
    )


def flow_nodes(scope: etree._Element) -> Iterator[etree._Element]:
    """Flow nodes of a process or subprocess, without those of subprocesses inside."""
    for child in scope:
        if is_bpmn(child) and local_name(child) in FLOW_NODES and child.get("id"):
            yield child


def _innermost(scope: etree._Element) -> Iterator[etree._Element]:
    for lane in scope.iterfind("bpmn:laneSet/bpmn:lane", NAMESPACES):
        yield from _leaves(lane)


def _leaves(lane: etree._Element) -> Iterator[etree._Element]:
    inner = lane.findall("bpmn:childLaneSet/bpmn:lane", NAMESPACES)
    for child in inner:
        yield from _leaves(child)
    if not inner:
        yield lane


def _node(element: etree._Element, lane_of: dict[str, str]) -> Node:
    node = element.get("id", "")
    return Node(
        node,
        local_name(element),
        _words(element),
        lane_of.get(node, ""),
        default=element.get("default", ""),
        attached_to=element.get("attachedToRef", ""),
    )


def _flow(element: etree._Element) -> Flow:
    ends = element.get("sourceRef", ""), element.get("targetRef", "")
    return Flow(element.get("id", ""), *ends, name=_words(element))


def _words(element: etree._Element) -> str:
    """The name, with line breaks as spaces."""
    return " ".join(element.get("name", "").split())
