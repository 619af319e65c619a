"""From BPMN XML to definitions that run: SpiffWorkflow's parser with our node classes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lxml import etree
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.parser.event_parsers import (
    BoundaryEventParser,
    EventBasedGatewayParser,
    IntermediateCatchEventParser,
)
from SpiffWorkflow.bpmn.parser.task_parsers import (
    ConditionalGatewayParser,
    GatewayParser,
    TaskParser,
)
from SpiffWorkflow.bpmn.parser.util import full_tag
from SpiffWorkflow.bpmn.parser.ValidationException import ValidationException
from SpiffWorkflow.bpmn.specs.defaults import (
    BoundaryEvent,
    EventBasedGateway,
    IntermediateCatchEvent,
    UserTask,
)
from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import LoopTask

from engine.errors import InvalidDefinition
from engine.workflow.definition import Definition, Element, digest
from engine.workflow.join import InclusiveJoin, ParallelJoin
from engine.workflow.problem import ERROR, Problem
from engine.workflow.profile import check_profile
from engine.workflow.timer import Cycle, Duration, TimeDate
from engine.workflow.xml import NAMESPACES, local_name, parse

MAX_BYTES = 2_000_000

TIMERS = (("timeDate", TimeDate), ("timeDuration", Duration), ("timeCycle", Cycle))


class Call(UserTask):  # type: ignore[misc]
    """A call activity: it waits, and a child instance of its own completes it."""


class ClocklessTimers:
    """Mixin of event parsers whose timers do not read the system clock."""

    xpath: Any
    node: Any
    filename: Any

    def parse_timer_event(self, event: Any) -> Any:
        name = self.node.get("name", self.node.get("id"))
        for tag, definition in TIMERS:
            found = event.find(f"bpmn:{tag}", NAMESPACES)
            if found is not None:
                return definition(name, (found.text or "").strip())
        raise ValidationException("a timer needs a date, duration or cycle", self.node)


class CatchParser(ClocklessTimers, IntermediateCatchEventParser):  # type: ignore[misc]
    pass


class BoundaryParser(ClocklessTimers, BoundaryEventParser):  # type: ignore[misc]
    pass


class EventGatewayParser(ClocklessTimers, EventBasedGatewayParser):  # type: ignore[misc]
    pass


class Parser(BpmnParser):  # type: ignore[misc]
    """SpiffWorkflow's parser with calls as child instances, pruned joins, clockless timers."""

    OVERRIDE_PARSER_CLASSES = {
        full_tag("callActivity"): (TaskParser, Call),
        full_tag("parallelGateway"): (GatewayParser, ParallelJoin),
        full_tag("inclusiveGateway"): (ConditionalGatewayParser, InclusiveJoin),
        full_tag("intermediateCatchEvent"): (CatchParser, IntermediateCatchEvent),
        full_tag("boundaryEvent"): (BoundaryParser, BoundaryEvent),
        full_tag("eventBasedGateway"): (EventGatewayParser, EventBasedGateway),
    }


def read(
    content: bytes, filename: str = "", max_bytes: int = MAX_BYTES
) -> tuple[list[Definition], list[Problem]]:
    """Return the definitions of a BPMN file and every problem found in it.

    There are no definitions where a problem is an error; there may be warnings beside them.
    """
    root, problems = parse(content, max_bytes)
    if root is None:
        return [], located(problems, filename)
    problems = check_profile(root)
    if any(problem.severity == ERROR for problem in problems):
        return [], located(problems, filename)
    try:
        definitions = list(build(root, filename, digest(content)))
    except (ValidationException, RecursionError) as error:
        return [], located([*problems, unexpected(error)], filename)
    return definitions, located(problems, filename)


def load(content: bytes, filename: str = "") -> list[Definition]:
    """Return the definitions of a BPMN file.

    Raises InvalidDefinition with all problems.
    """
    definitions, problems = read(content, filename)
    errors = [problem for problem in problems if problem.severity == ERROR]
    if errors:
        raise InvalidDefinition(
            f"{filename or 'the file'}: {errors[0].message}",
            problems=[problem.as_dict() for problem in problems],
        )
    return definitions


def build(root: etree._Element, filename: str, key: str) -> Iterator[Definition]:
    """Yield a definition per process of the file."""
    parser = Parser()
    parser.add_bpmn_xml(root, filename)
    lanes = lane_ids(root)
    for process in root.iterfind("bpmn:process", NAMESPACES):
        identifier = process.get("id", "")
        spec = parser.get_spec(identifier)
        subprocesses = parser.get_subprocess_specs(identifier)
        for each in (spec, *subprocesses.values()):
            connect_loops(each)
        names = task_names(spec, subprocesses)
        yield Definition(
            id=identifier,
            name=process.get("name") or pool_name(root, identifier) or identifier,
            key=f"{key}:{identifier}",
            spec=spec,
            subprocesses=subprocesses,
            elements=dict(elements(process, lanes)),
            specs=names,
            spec_index={name: index for index, name in enumerate(names)},
        )


def connect_loops(spec: Any) -> None:
    """Let every loop hear of its children, also in an instance restored in a new process."""
    for task_spec in spec.task_specs.values():
        if isinstance(task_spec, LoopTask):
            child = spec.task_specs[task_spec.task_spec]
            child.completed_event.connect(task_spec.merge_child)


def task_names(spec: Any, subprocesses: Any) -> tuple[str, ...]:
    """Return every task specification's name once, in a fixed order: the codec's alphabet."""
    specs = (spec, *(subprocesses[name] for name in sorted(subprocesses)))
    return tuple(sorted({name for each in specs for name in each.task_specs}))


def pool_name(root: etree._Element, process: str) -> str:
    """Return the name of the pool that shows a process."""
    for participant in root.iterfind("bpmn:collaboration/bpmn:participant", NAMESPACES):
        if participant.get("processRef") == process:
            return str(participant.get("name") or "")
    return ""


def lane_ids(root: etree._Element) -> dict[str, str]:
    """Return the lane of each flow node, by ids."""
    return {
        (reference.text or "").strip(): lane.get("id", "")
        for lane in root.iterfind(".//bpmn:lane", NAMESPACES)
        for reference in lane.iterfind("bpmn:flowNodeRef", NAMESPACES)
    }


def elements(process: etree._Element, lanes: dict[str, str]) -> Iterator[tuple[str, Element]]:
    """Yield (id, element) of every element of a process that has an id."""
    for node in process.iterdescendants():
        identifier = node.get("id") if isinstance(node.tag, str) else None
        if identifier:
            yield identifier, element(node, lanes)


def element(node: etree._Element, lanes: dict[str, str]) -> Element:
    """Return what a node of the diagram says of itself."""
    path = "bpmn:extensionElements/zeebe:properties/zeebe:property"
    properties = {
        each.get("name", ""): each.get("value", "") for each in node.iterfind(path, NAMESPACES)
    }
    return Element(
        id=node.get("id", ""),
        tag=local_name(node),
        name=node.get("name") or node.get("id", ""),
        lane=lanes.get(node.get("id", ""), ""),
        line=node.sourceline or 0,
        called=node.get("calledElement", ""),
        properties=properties,
    )


def located(problems: list[Problem], filename: str) -> list[Problem]:
    """Return the problems with the name of their file."""
    return [Problem(p.code, p.message, p.element, p.line, p.severity, filename) for p in problems]


def unexpected(error: Exception) -> Problem:
    """Return what SpiffWorkflow's own validation says."""
    if isinstance(error, RecursionError):
        return Problem("too_deep", "a path through the diagram is too long to run")
    return Problem(
        "invalid_bpmn",
        str(error),
        getattr(error, "tag", None) and getattr(error, "id", None),
        getattr(error, "line_number", None) or getattr(error, "sourceline", None),
    )
