"""An existing BPMN file laid out anew: its drawing is replaced, its content stays."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from lxml import etree

from engine.errors import InvalidDefinition
from engine.workflow.diagram import SUBPROCESSES, Box, Drawing, Point
from engine.workflow.diagram_reading import flow_nodes, read_diagram
from engine.workflow.diagram_xml import BPMNDI, append_drawing, serialise, shown
from engine.workflow.layout_artifacts import add_artifacts, add_message_flows
from engine.workflow.layout_drawing import lay_out
from engine.workflow.layout_grid import Size
from engine.workflow.layout_sizes import HEADING, ORIGIN
from engine.workflow.xml import NAMESPACES, local_name, parse

MAX_BYTES = 5_000_000
POOL_GAP = 60.0
SUBPROCESS_PADDING = 20.0
#: a pool whose process is not told
CLOSED_POOL = (600.0, 60.0)
#: attributes of the old drawing that say how, not where: colours and the like
GEOMETRY = {"id", "bpmnElement", "isHorizontal", "isMarkerVisible"}

Manner = dict[str, dict[str, str]]


def redraw(content: bytes) -> bytes:
    """Lay out a BPMN file anew.

    Elements, names, extensions and comments stay; only the BPMN DI is replaced. Colours
    stay, and subprocesses stay expanded or collapsed. Raises InvalidDefinition when
    the file is not BPMN.
    """
    root = _with_comments(content)
    page = _Page(root, _old_manner(root))
    for old in root.findall(f"{{{BPMNDI}}}BPMNDiagram"):
        root.remove(old)
    page.draw()
    return serialise(root)


def _with_comments(content: bytes) -> etree._Element:
    """The root of a file that is safe to read: checked first, then read with its comments."""
    root, problems = parse(content, MAX_BYTES)
    if root is None:
        raise InvalidDefinition(problems=[problem.message for problem in problems])
    return etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))


def _old_manner(root: etree._Element) -> Manner:
    manner: Manner = {}
    for tag in ("BPMNShape", "BPMNEdge"):
        for element in root.iter(f"{{{BPMNDI}}}{tag}"):
            kept = {k: v for k, v in element.attrib.items() if k not in GEOMETRY}
            manner[element.get("bpmnElement", "")] = {str(k): str(v) for k, v in kept.items()}
    return manner


@dataclass
class _Page:
    """A file on its way to a new drawing."""

    root: etree._Element
    manner: Manner
    #: collapsed subprocesses, each drawn on a plane of its own
    collapsed: list[etree._Element] = field(default_factory=list)

    def draw(self) -> None:
        collaboration = self.root.find("bpmn:collaboration", NAMESPACES)
        if collaboration is not None:
            self._append(collaboration, self._pools(collaboration))
        else:
            for process in self.root.findall("bpmn:process", NAMESPACES):
                self._append(process, self._scope(process))
        while self.collapsed:
            inside = self.collapsed.pop(0)
            self._append(inside, self._scope(inside))

    def _append(self, element: etree._Element, drawing: Drawing) -> None:
        append_drawing(self.root, element.get("id", ""), drawing, self.manner)

    def _pools(self, collaboration: etree._Element) -> Drawing:
        """The pools of a collaboration below each other, and the messages between them."""
        processes = {p.get("id"): p for p in self.root.findall("bpmn:process", NAMESPACES)}
        whole = Drawing(Box(*ORIGIN, 0, 0), {}, {}, {}, {})
        down = 0.0
        for participant in collaboration.findall("bpmn:participant", NAMESPACES):
            process = processes.get(participant.get("processRef"))
            drawing = self._pool(participant, process)
            whole = _merged(whole, moved(drawing, 0, down))
            down += drawing.pool.height + POOL_GAP
        whole = _merged(whole, add_message_flows(collaboration, whole))
        return _merged(whole, add_artifacts(collaboration, whole))

    def _pool(self, participant: etree._Element, process: etree._Element | None) -> Drawing:
        name = participant.get("id", "")
        self._how(name, {"isHorizontal": "true"})
        if process is None:
            box = Box(*ORIGIN, *CLOSED_POOL)
            return Drawing(box, {}, {name: box}, {}, {})
        drawing = self._scope(process, participant.get("name", "") or " ")
        return replace(drawing, nodes={name: drawing.pool, **drawing.nodes})

    def _scope(self, scope: etree._Element, pool: str = "") -> Drawing:
        """A process or the inside of a subprocess, with what expanded subprocesses hold."""
        diagram = read_diagram(scope, pool)
        inside = dict(self._expanded(scope))
        sizes = {name: _around(drawing) for name, drawing in inside.items()}
        drawing = lay_out(diagram, sizes)
        for name, manner in shown(diagram).items():
            self._how(name, manner)
        drawing = replace(drawing, nodes={**drawing.lanes, **drawing.nodes})
        for name, inner in inside.items():
            place = drawing.nodes[name]
            moved_in = moved(
                inner,
                place.x + SUBPROCESS_PADDING - inner.pool.x,
                place.y + SUBPROCESS_PADDING + HEADING / 2 - inner.pool.y,
            )
            drawing = _merged(drawing, moved_in)
        if drawing.nodes:
            drawing = _merged(drawing, add_artifacts(scope, drawing))
        return drawing

    def _expanded(self, scope: etree._Element) -> Iterator[tuple[str, Drawing]]:
        for node in flow_nodes(scope):
            if local_name(node) not in SUBPROCESSES or not any(True for _ in flow_nodes(node)):
                continue
            name = node.get("id", "")
            if self.manner.get(name, {}).get("isExpanded") == "true":
                yield name, self._scope(node)
            else:
                self.collapsed.append(node)

    def _how(self, element: str, manner: Mapping[str, str]) -> None:
        self.manner[element] = {**manner, **self.manner.get(element, {})}


def _around(drawing: Drawing) -> Size:
    return (
        drawing.pool.width + 2 * SUBPROCESS_PADDING,
        drawing.pool.height + 2 * SUBPROCESS_PADDING + HEADING / 2,
    )


def moved(drawing: Drawing, right: float, down: float) -> Drawing:
    """The same drawing elsewhere."""

    def box(old: Box) -> Box:
        return replace(old, x=old.x + right, y=old.y + down)

    return Drawing(
        box(drawing.pool),
        {name: box(old) for name, old in drawing.lanes.items()},
        {name: box(old) for name, old in drawing.nodes.items()},
        {
            name: tuple(Point(p.x + right, p.y + down) for p in route)
            for name, route in drawing.routes.items()
        },
        {name: box(old) for name, old in drawing.labels.items()},
    )


def _merged(one: Drawing, other: Drawing) -> Drawing:
    """Two drawings on one plane; the frame of the first."""
    return Drawing(
        one.pool,
        {**one.lanes, **other.lanes},
        {**one.nodes, **other.nodes},
        {**one.routes, **other.routes},
        {**one.labels, **other.labels},
    )
