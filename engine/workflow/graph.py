"""The network of a procedure, read out of the same definitions that run.

Walking back from each activity over gateways, events and gates gives its direct
predecessors. Exclusive branches all count (the longest decides) unless the gateway's
property `branch` says `default`; a loop counts by its zero-iteration path; a boundary
event is an exception and counts nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from SpiffWorkflow.bpmn.specs.defaults import BoundaryEvent, SubWorkflowTask
from SpiffWorkflow.bpmn.specs.event_definitions.message import MessageEventDefinition
from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent

from engine.rules.catalogue import Procedure
from engine.rules.procedure import OPEN, START, Activity, Kind
from engine.workflow.definition import Definition, Element
from engine.workflow.problem import Problem

ACTIVITIES = {"callActivity", "userTask", "manualTask", "task"}
MILESTONES = {"endEvent", "intermediateThrowEvent"}


def network(
    stages: Mapping[str, Definition], procedure: Procedure, problems: list[Problem]
) -> tuple[Activity, ...]:
    """Return the activities of all stages, joined by the messages their gates wait for.

    Appends a problem per gate that waits for what no stage brings about.
    """
    charts = {stage: Chart(definition) for stage, definition in stages.items()}
    awaited = {name for chart in charts.values() for name in chart.awaited()} | {OPEN}
    activities = [Activity(START, procedure.starts_with.zh or START, "", "", Kind.MILESTONE, 0)]
    for stage, chart in charts.items():
        for element in chart.activities():
            activities.append(activity(chart, element, stage, procedure))
        for element in chart.milestones(awaited):
            before = chart.predecessors(element.id)
            milestone = (element.id, element.name, stage, "", Kind.MILESTONE, 0, before)
            activities.append(Activity(*milestone))
    known = {each.id for each in activities}
    for chart in charts.values():
        problems.extend(chart.unknown(known))
    for each in activities:
        problems.extend(unknown_soft(each, known))
    return tuple(activities)


def awaited_names(definitions: Iterable[Definition], procedure: Procedure) -> frozenset[str]:
    """Return what the gates of all diagrams wait for, those of soft gates included."""
    names = {name for item in procedure.items.values() for name in item.decision_waits_for}
    for definition in definitions:
        for spec in (definition.spec, *definition.subprocesses.values()):
            for node in spec.task_specs.values():
                event = getattr(node, "event_definition", None)
                parts = getattr(event, "event_definitions", [event])
                names |= {each.name for each in parts if isinstance(each, MessageEventDefinition)}
    return frozenset(names)


def activity(chart: Chart, element: Element, stage: str, procedure: Procedure) -> Activity:
    """Return one activity of the network."""
    item = procedure.items[element.item]
    return Activity(
        id=item.id,
        name=element.name,
        stage=stage,
        department=item.department,
        kind=item.kind,
        days=item.days or 0,
        predecessors=chart.predecessors(element.id),
        decision_waits_for=item.decision_waits_for,
    )


def unknown_soft(each: Activity, known: set[str]) -> Iterator[Problem]:
    """Yield a problem per soft gate that waits for nothing known."""
    for name in each.decision_waits_for:
        if name not in known:
            text = f"{each.id}: the decision waits for {name!r}, which no stage brings about"
            yield Problem("unknown_gate", text, each.id)


class Chart:
    """One stage's control flow, as SpiffWorkflow parsed it, without its back edges."""

    def __init__(self, definition: Definition) -> None:
        self.definition = definition
        self.inputs: dict[Any, list[Any]] = {}
        self.outer: dict[Any, Any] = {}
        self._index(definition.spec)
        self.live = self._live()

    def _index(self, spec: Any) -> None:
        """Gather the forward edges of a specification and its subprocesses."""
        reached = forward_edges(spec.start)
        for source, target in reached:
            if not self._left_out(source, target):
                self.inputs.setdefault(target, []).append(source)
        for source in {source for source, _ in reached}:
            if isinstance(source, SubWorkflowTask):
                inner = self.definition.subprocesses[source.spec]
                self.outer[inner.start] = source
                self._index(inner)

    def _left_out(self, source: Any, target: Any) -> bool:
        """Tell whether an edge is an exception, or a branch the gateway says not to count."""
        if isinstance(target, BoundaryEvent):
            return True
        element = self.definition.element(source)
        if element is None or element.properties.get("branch") != "default":
            return False
        return bool(target.name != getattr(source, "default_task_spec", target.name))

    def _live(self) -> set[Any]:
        """Return every node from which the end is reached; loop bodies are not among them."""
        live: set[Any] = set()
        stack = [self.definition.spec.task_specs["End"]]
        while stack:
            node = stack.pop()
            if node not in live:
                live.add(node)
                stack.extend(self._before(node))
        return live

    def _before(self, node: Any) -> list[Any]:
        """Return what comes directly before a node, into and out of subprocesses."""
        if isinstance(node, SubWorkflowTask):
            return [self.definition.subprocesses[node.spec].task_specs["End"]]
        if node in self.outer:
            return self.inputs.get(self.outer[node], [])
        return self.inputs.get(node, [])

    def _element(self, node: Any) -> Element | None:
        """Return the diagram's element of a node; a loop stands for its activity."""
        return self.definition.element(node) or self.definition.elements.get(node.name)

    def _found(self, tags: set[str]) -> Iterator[tuple[Any, Element]]:
        order = list(self.definition.elements)
        found = {}
        for node in self.live:
            element = self._element(node)
            if element and element.tag in tags and not node.name.endswith("[child]"):
                found[element.id] = (node, element)
        for identifier in sorted(found, key=order.index):
            yield found[identifier]

    def activities(self) -> Iterator[Element]:
        """Yield the activities in the order of the file."""
        return (element for _, element in self._found(ACTIVITIES))

    def milestones(self, awaited: set[str]) -> Iterator[Element]:
        """Yield the events that some gate waits for."""
        return (element for _, element in self._found(MILESTONES) if element.id in awaited)

    def gates(self) -> Iterator[tuple[Element, str]]:
        """Yield (element, name of the message) of every gate."""
        for node, element in self._found({"intermediateCatchEvent"}):
            if is_gate(node):
                yield element, node.event_definition.name

    def awaited(self) -> set[str]:
        """Return the names that gates wait for."""
        return {name for _, name in self.gates()}

    def unknown(self, known: set[str]) -> Iterator[Problem]:
        """Yield a problem per gate that waits for what nothing brings about."""
        for element, name in self.gates():
            if name not in known:
                text = f"waits for {name!r}, which no stage brings about: it would wait for ever"
                yield Problem("unknown_gate", text, element.id, element.line)

    def predecessors(self, identifier: str) -> tuple[str, ...]:
        """Return the direct predecessors of an element, gateways and gates resolved."""
        node = next(n for n, e in self._found(ACTIVITIES | MILESTONES) if e.id == identifier)
        found: dict[str, None] = {}
        seen: set[Any] = set()
        stack = list(reversed(self._before(node)))
        while stack:
            each = stack.pop()
            if each in seen:
                continue
            seen.add(each)
            element = self._element(each)
            if element and element.tag in ACTIVITIES:
                found[element.item] = None
                continue
            if is_gate(each):
                found[each.event_definition.name] = None
            before = self._before(each)
            if not before:
                found[START] = None
            stack.extend(reversed(before))
        if len(found) > 1:
            found.pop(START, None)
        return tuple(found)


def is_gate(node: Any) -> bool:
    """Tell whether a node waits for a message."""
    definition = getattr(node, "event_definition", None)
    return isinstance(node, CatchingEvent) and isinstance(definition, MessageEventDefinition)


def forward_edges(start: Any) -> list[tuple[Any, Any]]:
    """Return the edges reached from a start node, those that close a loop left out."""
    edges: list[tuple[Any, Any]] = []
    on_path: set[Any] = {start}
    done: set[Any] = set()
    stack = [(start, iter(start.outputs))]
    while stack:
        node, outputs = stack[-1]
        target = next(outputs, None)
        if target is None:
            stack.pop()
            on_path.discard(node)
            done.add(node)
        elif target not in on_path:
            edges.append((node, target))
            if target not in done:
                on_path.add(target)
                stack.append((target, iter(target.outputs)))
    return edges
