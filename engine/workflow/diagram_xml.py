"""Diagrams written as BPMN 2.0 XML, and their drawing as BPMN DI."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from lxml import etree

from engine.workflow.diagram import Box, Diagram, Drawing, Flow, Node
from engine.workflow.xml import BPMN, ID, ZEEBE

BPMNDI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
DI = "http://www.omg.org/spec/DD/20100524/DI"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
MODELER = "http://camunda.org/schema/modeler/1.0"
TARGET = "https://lianshen.example/bpmn"
PREFIXES = {
    "bpmn": BPMN,
    "bpmndi": BPMNDI,
    "dc": DC,
    "di": DI,
    "xsi": XSI,
    "zeebe": ZEEBE,
    "modeler": MODELER,
}
#: which version's dialect Camunda Modeler opens the file in
PLATFORM = {"executionPlatform": "Camunda Cloud", "executionPlatformVersion": "8.5.0"}


def to_xml(diagram: Diagram, drawing: Drawing) -> bytes:
    """Write a diagram and its drawing as one BPMN file, UTF-8, indented by two."""
    root = etree.Element(f"{{{BPMN}}}definitions", nsmap=PREFIXES)
    root.set("id", f"definitions-{diagram.id}")
    root.set("targetNamespace", TARGET)
    for name, value in PLATFORM.items():
        root.set(f"{{{MODELER}}}{name}", value)
    collaboration = _add(root, "collaboration", id=f"collaboration-{diagram.id}")
    pool = f"pool-{diagram.id}"
    _add(collaboration, "participant", id=pool, name=diagram.name, processRef=diagram.id)
    root.append(_process(diagram))
    for name in dict.fromkeys(node.message for node in diagram.nodes if node.message):
        _add(root, "message", id=message_id(name), name=name)
    etree.indent(root, "  ")
    collaboration_id = f"collaboration-{diagram.id}"
    drawn = replace(drawing, nodes={pool: drawing.pool, **drawing.lanes, **drawing.nodes})
    append_drawing(root, collaboration_id, drawn, shown(diagram, pool))
    return serialise(root)


def message_id(name: str) -> str:
    """Return the id of a message of that name."""
    return f"message-{name if ID.fullmatch(name) else name.encode().hex()}"


def serialise(root: etree._Element) -> bytes:
    """Return the file of a definitions element."""
    body = etree.tostring(root, encoding="UTF-8", xml_declaration=False)
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + body + b"\n"


def shown(diagram: Diagram, pool: str = "") -> dict[str, dict[str, str]]:
    """How shapes are shown, by element id: bands level, exclusive gateways with their mark."""
    bands = [pool, *(lane.id for lane in diagram.lanes)]
    marked = [node.id for node in diagram.nodes if node.kind == "exclusiveGateway"]
    return {band: {"isHorizontal": "true"} for band in bands if band} | {
        gateway: {"isMarkerVisible": "true"} for gateway in marked
    }


def _add(parent: etree._Element, tag: str, **attributes: str) -> etree._Element:
    made: etree._Element = etree.SubElement(parent, f"{{{BPMN}}}{tag}")
    for name, value in attributes.items():
        if value:
            made.set(name, value)
    return made


def _process(diagram: Diagram) -> etree._Element:
    process = etree.Element(f"{{{BPMN}}}process", id=diagram.id, isExecutable="true")
    if diagram.lanes:
        _lanes(process, diagram)
    for node in diagram.nodes:
        _node(process, diagram, node)
    for flow in diagram.flows:
        _flow(process, flow)
    return process


def _lanes(process: etree._Element, diagram: Diagram) -> None:
    lanes = _add(process, "laneSet", id=f"lanes-{diagram.id}")
    for lane in diagram.lanes:
        element = _add(lanes, "lane", id=lane.id, name=lane.name)
        for node in diagram.nodes:
            if node.lane == lane.id:
                _add(element, "flowNodeRef").text = node.id


def _node(process: etree._Element, diagram: Diagram, node: Node) -> None:
    element = _add(
        process,
        node.kind,
        id=node.id,
        name=node.name,
        calledElement=node.called,
        default=node.default,
        attachedToRef=node.attached_to,
    )
    _extensions(element, node)
    for flow in diagram.incoming(node.id):
        _add(element, "incoming").text = flow.id
    for flow in diagram.outgoing(node.id):
        _add(element, "outgoing").text = flow.id
    if node.message:
        reference = message_id(node.message)
        _add(element, "messageEventDefinition", id=f"{node.id}-event", messageRef=reference)


def _extensions(element: etree._Element, node: Node) -> None:
    if not (node.called or node.properties):
        return
    extensions = _add(element, "extensionElements")
    if node.called:
        called = etree.SubElement(extensions, f"{{{ZEEBE}}}calledElement", processId=node.called)
        called.set("propagateAllChildVariables", "false")
    if node.properties:
        properties = etree.SubElement(extensions, f"{{{ZEEBE}}}properties")
        for name, value in node.properties:
            etree.SubElement(properties, f"{{{ZEEBE}}}property", name=name, value=value)


def _flow(process: etree._Element, flow: Flow) -> None:
    element = _add(
        process,
        "sequenceFlow",
        id=flow.id,
        name=flow.name,
        sourceRef=flow.source,
        targetRef=flow.target,
    )
    if flow.condition:
        condition = _add(element, "conditionExpression")
        condition.set(f"{{{XSI}}}type", "bpmn:tFormalExpression")
        condition.text = flow.condition


def append_drawing(
    root: etree._Element,
    plane_of: str,
    drawing: Drawing,
    manner: Mapping[str, Mapping[str, str]],
) -> None:
    """Append the BPMN DI of a drawing: `drawing.nodes`, from the back to the front, then flows.

    `plane_of` is the collaboration, process or subprocess drawn; `manner` holds further
    attributes of shapes and edges by element id.
    """
    diagram = etree.SubElement(root, f"{{{BPMNDI}}}BPMNDiagram", id=f"diagram-{plane_of}")
    plane = etree.SubElement(diagram, f"{{{BPMNDI}}}BPMNPlane", id=f"plane-{plane_of}")
    plane.set("bpmnElement", plane_of)
    for element, box in drawing.nodes.items():
        shape = _drawn(plane, "BPMNShape", element, manner)
        _bounds(shape, box)
        _label(shape, drawing.labels.get(element))
    for element, points in drawing.routes.items():
        edge = _drawn(plane, "BPMNEdge", element, manner)
        for point in points:
            etree.SubElement(edge, f"{{{DI}}}waypoint", x=_number(point.x), y=_number(point.y))
        _label(edge, drawing.labels.get(element))
    _indent_last(root)


def _indent_last(root: etree._Element) -> None:
    """Indent what was appended, and leave the rest of the file as it is written."""
    last = root[-1]
    etree.indent(last, "  ", level=1)
    last.tail = "\n"
    if len(root) == 1:
        root.text = "\n  "
    else:
        root[-2].tail = "\n  "


def _drawn(
    plane: etree._Element, tag: str, element: str, manner: Mapping[str, Mapping[str, str]]
) -> etree._Element:
    made: etree._Element = etree.SubElement(plane, f"{{{BPMNDI}}}{tag}", id=f"{element}_di")
    made.set("bpmnElement", element)
    for name, value in manner.get(element, {}).items():
        made.set(name, value)
    return made


def _label(parent: etree._Element, box: Box | None) -> None:
    if box is not None:
        _bounds(etree.SubElement(parent, f"{{{BPMNDI}}}BPMNLabel"), box)


def _bounds(parent: etree._Element, box: Box) -> None:
    values = dict(_sizes(box))
    etree.SubElement(parent, f"{{{DC}}}Bounds", values)


def _sizes(box: Box) -> Iterator[tuple[str, str]]:
    for name in ("x", "y", "width", "height"):
        yield name, _number(getattr(box, name))


def _number(value: float) -> str:
    return f"{value:.10g}"
