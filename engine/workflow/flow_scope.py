"""One process, or the inside of a subprocess, as nodes of a control flow."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from SpiffWorkflow.bpmn.specs.defaults import BoundaryEvent
from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import LoopTask, ParallelMultiInstanceTask

from engine.rules.catalogue import Item
from engine.rules.flow import Flow, FlowKind, FlowNode
from engine.rules.procedure import Kind
from engine.workflow.definition import Definition, Element
from engine.workflow.flow_draft import Draft, meeting
from engine.workflow.flow_known import awaited, event_of, hours, settled
from engine.workflow.profile_elements import ACTIVITIES, WORK

#: events that a token passes, and that may be waited for
EVENTS = frozenset({"endEvent", "intermediateThrowEvent"})
KINDS = {
    "endEvent": FlowKind.END,
    "exclusiveGateway": FlowKind.EXCLUSIVE,
    "eventBasedGateway": FlowKind.EXCLUSIVE,
    "parallelGateway": FlowKind.PARALLEL,
    "inclusiveGateway": FlowKind.INCLUSIVE,
}
#: nodes that nobody drew: where an activity has ended, begins once more, is left, goes on beside
DONE, REPEAT, LEFT, BESIDE = "done", "repeat", "left", "beside"


@dataclass(frozen=True, slots=True)
class Place:
    """Where nodes are written: a diagram in a stage, inside an item where it is called.

    Ids of nodes begin with `prefix`; in a stage only those that are `shared` with another stage.
    """

    definition: Definition
    stage: str
    diagram: str
    prefix: str
    shared: frozenset[str] = frozenset()
    item: Item | None = None

    def name(self, element: str) -> str:
        """Return the id of an element's node."""
        own = element.replace("%", "%25").replace("/", "%2F")
        return own if self.item is None and element not in self.shared else f"{self.prefix}/{own}"


class Part(NamedTuple):
    """What an element became: the node that tokens come to, and the one they leave from."""

    entry: str
    exit: str


class Inside(NamedTuple):
    """What a process became: the node that tokens come to, and its ends."""

    entry: str
    ends: tuple[str, ...]


class Scopes(ABC):
    """Writes processes and what is inside their subprocesses."""

    def __init__(self, draft: Draft, milestones: set[str]) -> None:
        self.draft = draft
        self.milestones = milestones

    @abstractmethod
    def activity(self, place: Place, element: Element) -> Part:
        """Write a task or a call."""

    @abstractmethod
    def end(self, place: Place, element: Element, node: str) -> None:
        """Say what has come about once an activity is done."""

    def step(self, place: Place, element: Element, item: Item) -> Part:
        """Write a task inside an item's diagram."""
        worker = Kind(element.properties.get("kind") or item.kind)
        department = item.department if worker is item.kind else ""
        own = {"worker": worker, "department": department}
        node = self.node(place, element, FlowKind.WORK, **own)
        return Part(node, node)

    def node(
        self, place: Place, element: Element, kind: FlowKind, beside: str = "", **more: Any
    ) -> str:
        """Write a node of an element, or one that nobody drew `beside` it; return its id."""
        name = place.name(element.id) + (f"~{beside}" if beside else "")
        item = {"item": place.item.id if place.item else ""}
        about = (element.name, element.id, place.diagram, place.stage)
        return self.draft.add(FlowNode(name, kind, *about, **{**item, **more}))

    def scope(self, place: Place, spec: Any) -> Inside:
        """Write all elements of a specification and the flows between them."""
        found = {
            name: each
            for name, each in place.definition.elements.items()
            if name in spec.task_specs
        }
        parts = {name: self.part(place, spec, name, each) for name, each in found.items()}
        for name, each in found.items():
            flows = place.definition.flows.get(name, ())
            self.leave(place, each, parts[name], flows, parts)
            for event in boundary(spec, name):
                self.attach(place, each, found[event.name], parts[event.name], event)
        ends = tuple(parts[name].exit for name, each in found.items() if each.tag == "endEvent")
        start = next(name for name, each in found.items() if each.tag == "startEvent")
        return Inside(parts[start].entry, ends)

    def leave(
        self,
        place: Place,
        element: Element,
        part: Part,
        flows: tuple[Flow, ...],
        parts: Mapping[str, Part],
    ) -> None:
        """Write the flows that leave an element."""
        if element.tag == "exclusiveGateway" and place.item is not None:
            flows = settled(flows, place.item)
        known = (each for each in flows if each.target in parts)
        ways = (replace(each, target=parts[each.target].entry) for each in known)
        self.draft.ways[part.exit].extend(ways)

    def part(self, place: Place, spec: Any, name: str, element: Element) -> Part:
        """Write one element."""
        if element.tag not in ACTIVITIES:
            node = self.passed(place, element, spec.task_specs[name])
            return Part(node, node)
        if element.tag in WORK:
            part = self.activity(place, element)
        elif element.tag == "subProcess":
            part = self.subprocess(place, name)
        else:
            node = self.node(place, element, FlowKind.PASS)
            part = Part(node, node)
        part = self.wrapped(place, spec, name, element, part)
        self.end(place, element, part.exit)
        return part

    def passed(self, place: Place, element: Element, spec: Any) -> str:
        """Write an event or a gateway."""
        if element.tag == "intermediateCatchEvent":
            return self.caught(place, element, spec)
        brings = element.id if element.tag in EVENTS and place.item is None else ""
        brings = brings if brings in self.milestones else ""
        return self.node(place, element, KINDS.get(element.tag, FlowKind.PASS), brings=brings)

    def caught(self, place: Place, element: Element, spec: Any) -> str:
        """Write an event that waits for time to pass, or for others."""
        event = event_of(spec)
        length = hours(event)
        if length is not None:
            return self.node(place, element, FlowKind.TIMER, timer=length)
        names = awaited(event, place.item)
        kind = FlowKind.GATE if names else FlowKind.PASS
        return self.node(place, element, kind, waits_for=names)

    def subprocess(self, place: Place, name: str) -> Part:
        """Write what is inside an embedded subprocess; it ends when all of it has ended."""
        inside = self.scope(place, place.definition.subprocesses[name])
        return Part(inside.entry, meeting(self.draft, *inside))

    def wrapped(self, place: Place, spec: Any, name: str, element: Element, part: Part) -> Part:
        """Write what may come after an activity but its end: another round, an event at it."""
        repeats, leaves = repeated(spec.task_specs[name]), boundary(spec, name)
        if not repeats and not leaves:
            return part
        last, done = part.exit, self.node(place, element, FlowKind.PASS, DONE)
        for beside in (*[REPEAT] * repeats, *[LEFT] * bool(leaves)):
            node = self.node(place, element, FlowKind.EXCLUSIVE, beside)
            self.draft.link(last, node, default=True)
            last = node
        self.draft.link(last, done, default=True)
        if repeats:
            self.draft.link(f"{place.name(element.id)}~{REPEAT}", part.entry)
        return Part(part.entry, done)

    def attach(self, place: Place, host: Element, element: Element, part: Part, event: Any) -> None:
        """Lead to an event at the boundary of an activity."""
        left, done = (f"{place.name(host.id)}~{each}" for each in (LEFT, DONE))
        if event.cancel_activity:
            self.draft.link(left, part.entry)
            return
        beside = self.node(place, element, FlowKind.PASS, BESIDE)
        self.draft.link(left, beside)
        self.draft.link(beside, done)
        self.draft.link(beside, part.entry)


def boundary(spec: Any, name: str) -> list[Any]:
    """Return the events at the boundary of an activity."""
    split = spec.task_specs.get(f"{name}.BoundaryEventSplit")
    outputs = split.outputs if split is not None else ()
    return [each for each in outputs if isinstance(each, BoundaryEvent)]


def repeated(spec: Any) -> bool:
    """Whether an activity repeats, one round after the other."""
    return isinstance(spec, LoopTask) and not isinstance(spec, ParallelMultiInstanceTask)
