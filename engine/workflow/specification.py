"""What SpiffWorkflow runs: its parser with our node classes, fed with what runs and no more.

The classes are put in place through the parser's own tables; SpiffWorkflow is not patched.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, ClassVar

from lxml import etree
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.parser.event_parsers import (
    BoundaryEventParser,
    EndEventParser,
    EventBasedGatewayParser,
    EventDefinitionParser,
    IntermediateCatchEventParser,
    IntermediateThrowEventParser,
    StartEventParser,
)
from SpiffWorkflow.bpmn.parser.ProcessParser import ProcessParser
from SpiffWorkflow.bpmn.parser.task_parsers import (
    ConditionalGatewayParser,
    GatewayParser,
    ScriptTaskParser,
    SubWorkflowParser,
    TaskParser,
)
from SpiffWorkflow.bpmn.parser.util import full_tag
from SpiffWorkflow.bpmn.specs.defaults import (
    BoundaryEvent,
    EndEvent,
    EventBasedGateway,
    ExclusiveGateway,
    IntermediateCatchEvent,
    IntermediateThrowEvent,
    ManualTask,
    NoneTask,
    ScriptTask,
    StartEvent,
    SubWorkflowTask,
    UserTask,
)

from engine.workflow import join
from engine.workflow.join import InclusiveJoin, ParallelJoin, leaf
from engine.workflow.loop import Loops
from engine.workflow.message import Message
from engine.workflow.profile_elements import is_run
from engine.workflow.timer import Cycle, Duration, TimeDate
from engine.workflow.xml import NAMESPACES

TIMERS = (("timeDate", TimeDate), ("timeDuration", Duration), ("timeCycle", Cycle))


class Call(UserTask):  # type: ignore[misc]
    """A call activity: it waits, and a child instance of its own completes it."""


class Events(EventDefinitionParser):  # type: ignore[misc]
    """Reads timers that know no clock, and messages that carry nothing."""

    def parse_timer_event(self, event: Any) -> Any:
        texts = {tag: event.findtext(f"bpmn:{tag}", None, NAMESPACES) for tag, _ in TIMERS}
        tag, timer = next((tag, timer) for tag, timer in TIMERS if texts[tag] is not None)
        return timer(self.bpmn_id, texts[tag].strip())

    def parse_message_event(self, message_event: Any) -> Any:
        return Message(super().parse_message_event(message_event).name)


class PlainTask(Loops, TaskParser):  # type: ignore[misc]
    """A task or call activity."""


class Script(Loops, ScriptTaskParser):  # type: ignore[misc]
    """A script task."""


class Subprocess(Loops, SubWorkflowParser):  # type: ignore[misc]
    """An embedded subprocess."""


class End(Events, EndEventParser):  # type: ignore[misc]
    """An end event."""


class Catch(Events, IntermediateCatchEventParser):  # type: ignore[misc]
    """An intermediate catch event."""


class Throw(Events, IntermediateThrowEventParser):  # type: ignore[misc]
    """An intermediate throw event."""


class Boundary(Events, BoundaryEventParser):  # type: ignore[misc]
    """A boundary event."""


class EventGateway(Events, EventBasedGatewayParser):  # type: ignore[misc]
    """An event-based gateway."""


#: names that SpiffWorkflow gives its own tasks of every process
RESERVED = re.compile(r"^(Start|End)$|\.EndJoin$|\.BoundaryEvent(Split|Join)$| \[child\]$")
REFERENCES = {"id", "sourceRef", "targetRef", "attachedToRef", "default"}
NODES = {
    "startEvent": (StartEventParser, StartEvent),
    "endEvent": (End, EndEvent),
    "intermediateCatchEvent": (Catch, IntermediateCatchEvent),
    "intermediateThrowEvent": (Throw, IntermediateThrowEvent),
    "boundaryEvent": (Boundary, BoundaryEvent),
    "task": (PlainTask, NoneTask),
    "userTask": (PlainTask, UserTask),
    "manualTask": (PlainTask, ManualTask),
    "callActivity": (PlainTask, Call),
    "scriptTask": (Script, ScriptTask),
    "subProcess": (Subprocess, SubWorkflowTask),
    "exclusiveGateway": (ConditionalGatewayParser, ExclusiveGateway),
    "inclusiveGateway": (ConditionalGatewayParser, InclusiveJoin),
    "parallelGateway": (GatewayParser, ParallelJoin),
    "eventBasedGateway": (EventGateway, EventBasedGateway),
}


class Process(ProcessParser):  # type: ignore[misc]
    """Reads the nodes of a process from its ends to its start.

    SpiffWorkflow calls itself along the flows; behind a node everything is known already,
    so that it need not, and a long process is no deep one.
    """

    def create_spec(self) -> Any:
        spec = super().create_spec()
        spec.end.__class__ = join.End  # SpiffWorkflow makes it itself
        return spec

    def add_tasks(self) -> None:
        starts = self.xpath("./bpmn:startEvent")
        for node in ends_first(self, starts[0]):
            self.parse_node(node)


class Parser(BpmnParser):  # type: ignore[misc]
    """SpiffWorkflow's parser for the elements of the profile."""

    PARSER_CLASSES: ClassVar = {
        full_tag(tag): (parser, leaf(spec)) for tag, (parser, spec) in NODES.items()
    }
    PROCESS_PARSER_CLASS = Process


def ends_first(process: ProcessParser, start: Any) -> Iterator[Any]:
    """Yield the nodes reached from a start, each after those that follow it; loops aside."""
    seen = {start}
    stack = [(start, following(process, start))]
    while stack:
        node, after = stack[-1]
        target = next(after, None)
        if target is None:
            stack.pop()
            yield node
        elif target not in seen:
            seen.add(target)
            stack.append((target, following(process, target)))


def following(process: ProcessParser, node: Any) -> Iterator[Any]:
    """Yield the nodes that follow a node, and the events at its boundary."""
    yield from process.get_boundary_events(node.get("id"))
    for flow in process.get_outgoing_sequence_flows(node.get("id")):
        yield process.get_node_by_id(flow.get("targetRef"))


def specifications(
    root: etree._Element, processes: list[str]
) -> Iterator[tuple[str, Any, dict[str, Any]]]:
    """Yield (process id, specification, specifications of its subprocesses).

    What does not run is taken out of the tree first, drawing included.
    """
    strip(root)
    parser = Parser()
    parser.add_bpmn_xml(root)
    for identifier in processes:
        yield identifier, parser.get_spec(identifier), parser.get_subprocess_specs(identifier)


def strip(root: etree._Element) -> None:
    """Take everything out of a diagram that has no part in running it."""
    for node in list(root.iterdescendants()):
        parent = node.getparent()
        if parent is not None and not is_run(node):
            parent.remove(node)
    for process in root.iterfind("bpmn:process", NAMESPACES):
        process.attrib.pop("isExecutable", None)
        for node in process.iterdescendants():
            for attribute in REFERENCES.intersection(node.keys()):
                node.set(attribute, own_name(str(node.get(attribute))))


def own_name(identifier: str) -> str:
    """Return the id an element runs under: its own, but where SpiffWorkflow uses it itself."""
    return f"{identifier} element" if RESERVED.search(identifier) else identifier
