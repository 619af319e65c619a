"""The network of a procedure, read out of the same definitions that run.

Walking back from each activity over gateways, events and gates gives its direct
predecessors. Exclusive branches all count (the longest decides) unless the gateway's
property `branch` says `default`; a loop counts by its zero-iteration path; a boundary
event is an exception and counts nothing. What lies only on a way that does not count is
run, but is not in the network.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from SpiffWorkflow.bpmn.specs.defaults import BoundaryEvent, EventBasedGateway, SubWorkflowTask
from SpiffWorkflow.bpmn.specs.event_definitions.message import MessageEventDefinition
from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent
from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import LoopTask

from engine.rules.catalogue import Procedure
from engine.rules.procedure import OPEN, START, Activity, Kind
from engine.workflow.answer import SOFT_GATE
from engine.workflow.definition import Definition, Element
from engine.workflow.problem import ERROR, WARNING, Problem
from engine.workflow.profile_elements import WORK

MILESTONES = {"endEvent", "intermediateThrowEvent"}


def network(
    stages: Mapping[str, Definition], procedure: Procedure, problems: list[Problem]
) -> tuple[Activity, ...]:
    """Return the activities of all stages, joined by the messages their gates wait for.

    Appends a problem per gate that waits for what no stage brings about.
    """
    charts = {stage: Chart(definition) for stage, definition in stages.items()}
    awaited = {name for chart in charts.values() for name in chart.awaited} | {OPEN}
    start = procedure.starts_with.zh or START
    activities = [Activity(START, start, "", "", Kind.MILESTONE, 0)]
    for stage, chart in charts.items():
        activities.extend(stage_activities(chart, stage, procedure, awaited))
    known = {each.id for each in activities}
    for chart in charts.values():
        problems.extend(unknown_gates(chart.definition, known))
    for each in activities:
        problems.extend(unknown_soft(each, known))
    return tuple(activities)


def stage_activities(
    chart: Chart, stage: str, procedure: Procedure, awaited: set[str]
) -> Iterator[Activity]:
    """Yield a stage's activities in the order of the file, then the events that are awaited."""
    found = chart.found()
    for node, element in found:
        if element.tag in WORK:
            item = procedure.items[element.item]
            what = (item.id, element.name, stage, item.department, item.kind, item.days or 0)
            yield Activity(*what, chart.predecessors(node), item.decision_waits_for)
    for node, element in found:
        if element.tag in MILESTONES and element.id in awaited:
            milestone = (element.id, element.name, stage, "", Kind.MILESTONE, 0)
            yield Activity(*milestone, chart.predecessors(node))


def unknown_soft(each: Activity, known: set[str]) -> Iterator[Problem]:
    """Yield a problem per soft gate that waits for nothing known."""
    for name in each.decision_waits_for:
        if name not in known:
            text = f"{each.id}: the decision waits for {name!r}, which no stage brings about"
            yield Problem("unknown_gate", text, each.id)


def unknown_gates(definition: Definition, known: set[str]) -> Iterator[Problem]:
    """Yield a problem per event that waits for what nothing brings about.

    A gate would wait for ever; an exception or one of several events merely never comes.
    """
    for spec in (definition.spec, *definition.subprocesses.values()):
        for node in spec.task_specs.values():
            element = definition.element(node)
            severity = ERROR if is_gate(node) else WARNING
            for name in messages(node):
                if element is not None and name not in known and name != SOFT_GATE:
                    text = f"waits for {name!r}, which no stage brings about: it would never come"
                    yield Problem("unknown_gate", text, element.id, element.line, severity)


def messages(node: Any) -> list[str]:
    """Return the names of the messages a node waits for."""
    if not isinstance(node, CatchingEvent):
        return []
    definition = node.event_definition
    parts = getattr(definition, "event_definitions", [definition])
    return [each.name for each in parts if isinstance(each, MessageEventDefinition)]


def awaited_names(definitions: Iterable[Definition], procedure: Procedure) -> frozenset[str]:
    """Return what the gates of all diagrams wait for, those of soft gates included."""
    names = {name for item in procedure.items.values() for name in item.decision_waits_for}
    for definition in definitions:
        for spec in (definition.spec, *definition.subprocesses.values()):
            names.update(name for node in spec.task_specs.values() for name in messages(node))
    return frozenset(names - {SOFT_GATE})


def is_gate(node: Any) -> bool:
    """Tell whether the ordinary path waits at a node for a message."""
    return bool(messages(node)) and not isinstance(node, BoundaryEvent | EventBasedGateway)


class Chart:
    """One stage's control flow, as SpiffWorkflow parsed it, without what does not count."""

    def __init__(self, definition: Definition) -> None:
        self.definition = definition
        self.inputs: dict[Any, list[Any]] = {}
        self.outer: dict[Any, Any] = {}
        self._index(definition.spec)
        self.live = self._live()
        gates = (node for node in self.live if is_gate(node))
        #: the names that gates wait for
        self.awaited = {name for node in gates for name in messages(node)}

    def _index(self, spec: Any) -> None:
        """Gather the edges that count of a specification and its subprocesses."""
        reached = {spec.start}
        for source, target in forward_edges(spec.start, self._counting):
            self.inputs.setdefault(target, []).append(source)
            reached.add(target)
        for node in reached:
            inner = self._inside(node)
            if inner is not None:
                self.outer[inner.start] = node
                self._index(inner)

    def _counting(self, node: Any) -> list[Any]:
        """Return what follows a node, exceptions and branches that do not count left out."""
        outputs = [each for each in node.outputs if not isinstance(each, BoundaryEvent)]
        element = self.definition.element(node)
        default = getattr(node, "default_task_spec", None)
        if default is None or element is None or element.properties.get("branch") != "default":
            return outputs
        return [each for each in outputs if each.name == default]

    def _inside(self, node: Any) -> Any:
        """Return the specification of an embedded subprocess, repeated or not."""
        if isinstance(node, LoopTask):
            node = node._wf_spec.task_specs[node.task_spec]
        known = isinstance(node, SubWorkflowTask)
        return self.definition.subprocesses[node.spec] if known else None

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
        inner = self._inside(node)
        if inner is not None:
            return [inner.task_specs["End"]]
        return self.inputs.get(self.outer.get(node, node), [])

    def found(self) -> list[tuple[Any, Element]]:
        """Return the nodes on the paths that count with their elements, in the file's order."""
        order = {identifier: index for index, identifier in enumerate(self.definition.elements)}
        known = [(node, self.definition.element(node)) for node in self.live]
        found = [(node, element) for node, element in known if element is not None]
        return sorted(found, key=lambda each: order[each[0].bpmn_id])

    def predecessors(self, node: Any) -> tuple[str, ...]:
        """Return the direct predecessors of a node, gateways and gates resolved."""
        found: dict[str, None] = {}
        seen: set[Any] = set()
        stack = list(reversed(self._before(node)))
        while stack:
            each = stack.pop()
            if each in seen:
                continue
            seen.add(each)
            element = self.definition.element(each)
            if element is not None and element.tag in WORK:
                found[element.item] = None
                continue
            found.update(dict.fromkeys(messages(each) if is_gate(each) else ()))
            before = self._before(each)
            stack.extend(reversed(before))
            if not before:
                found[START] = None
        if len(found) > 1:
            found.pop(START, None)
        return tuple(found)


def forward_edges(start: Any, following: Any) -> list[tuple[Any, Any]]:
    """Return the edges reached from a start node, those that close a loop left out."""
    edges: list[tuple[Any, Any]] = []
    on_path: set[Any] = {start}
    done: set[Any] = set()
    stack = [(start, iter(following(start)))]
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
                stack.append((target, iter(following(target))))
    return edges
