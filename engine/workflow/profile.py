"""The profile: which BPMN runs here. Everything else is refused at deployment, by element.

A check reads the XML itself, so that all problems of a file are told at once. This module
looks at elements one by one; `profile_expressions` at what is evaluated, `profile_flows`
at how they hang together, `profile_paths` at where the flows lead.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator

from lxml import etree

from engine.rules.lifecycle import CASE_STATES
from engine.rules.procedure import Kind
from engine.workflow.problem import WARNING, Problem
from engine.workflow.profile_elements import (
    EVENTS,
    FLOW_NODES,
    UNSUPPORTED,
    children,
    nodes,
    problem,
    scopes,
)
from engine.workflow.profile_expressions import EXPRESSION_CHECKS
from engine.workflow.profile_flows import FLOW_CHECKS
from engine.workflow.profile_paths import PATH_CHECKS
from engine.workflow.xml import NAMESPACES, is_bpmn, local_name, properties_of

MAX_ELEMENTS = 2_000
MAX_FLOWS = 2 * MAX_ELEMENTS
DAYS = re.compile(r"[0-9]{1,4}")
#: properties of which only some values are understood
CHOICES: dict[str, frozenset[str]] = {
    "kind": frozenset(Kind),
    "case_state": CASE_STATES,
    "starts_clock": frozenset({"true", "false"}),
    "branch": frozenset({"default"}),
}
#: attributes that would change how an element runs, and the only value that is understood
ORDINARY = {
    "triggeredByEvent": ("false", "event subprocesses are not run"),
    "isForCompensation": ("false", "compensation is not run"),
    "instantiate": ("false", "a process begins at its start event"),
    "eventGatewayType": ("Exclusive", "an event-based gateway takes the first event"),
    "startQuantity": ("1", "an activity begins with one token"),
    "completionQuantity": ("1", "an activity ends with one token"),
}

Check = Callable[[etree._Element], Iterator[Problem]]


def check_profile(root: etree._Element) -> list[Problem]:
    """Return every problem of a diagram, in the order of its lines."""
    problems = [problem for check in CHECKS for problem in check(root)]
    return sorted(problems, key=lambda problem: problem.line or 0)


def check_processes(root: etree._Element) -> Iterator[Problem]:
    """A file must hold a process; one that says it is not executable is run all the same."""
    processes = root.findall("bpmn:process", NAMESPACES)
    drawn = [process for process in processes if children(process, FLOW_NODES)]
    if not processes:
        yield problem(root, "no_process", "the file holds no process")
    for process in processes:
        if not process.get("id"):
            yield problem(process, "missing_id", "a process needs an id")
        executable = process.get("isExecutable", "true") == "true"
        if process not in drawn:
            severity = WARNING if drawn and not executable else "error"
            yield problem(process, "empty_process", "the process has no flow nodes", severity)
        elif not executable:
            yield problem(process, "not_executable", "marked as not executable", WARNING)


def check_size(root: etree._Element) -> Iterator[Problem]:
    """A diagram has at most MAX_ELEMENTS flow nodes and MAX_FLOWS sequence flows."""
    for tags, most, what in (
        (FLOW_NODES, MAX_ELEMENTS, "flow nodes"),
        ({"sequenceFlow"}, MAX_FLOWS, "sequence flows"),
    ):
        count = sum(1 for _ in nodes(root, tags))
        if count > most:
            text = f"{count} {what}; at most {most} are run: split the process"
            yield problem(root, "too_many_elements", text)


def check_ids(root: etree._Element) -> Iterator[Problem]:
    """Every flow node has an id, and no id stands twice."""
    for node in nodes(root, FLOW_NODES | {"sequenceFlow"}):
        if not node.get("id"):
            yield problem(node, "missing_id", f"a {local_name(node)} needs an id")
    everything = [node for node in root.iter() if is_bpmn(node) and node.get("id")]
    count = Counter(node.get("id") for node in everything)
    for node in everything:
        if count[node.get("id")] > 1:
            yield problem(node, "duplicate_id", f"the id {node.get('id')} is used more than once")


def check_supported(root: etree._Element) -> Iterator[Problem]:
    """Elements outside the profile are refused with the reason."""
    for node in nodes(root, set(UNSUPPORTED)):
        tag = local_name(node)
        yield problem(node, "unsupported_element", f"{tag}: {UNSUPPORTED[tag]}")
    for node in nodes(root, FLOW_NODES):
        for name, (ordinary, reason) in ORDINARY.items():
            if node.get(name, ordinary) != ordinary:
                yield problem(node, "unsupported_element", f"{name}={node.get(name)!r}: {reason}")


def check_starts(root: etree._Element) -> Iterator[Problem]:
    """A process and a subprocess begin at one start event and end at an end event."""
    for scope in scopes(root):
        if not children(scope, FLOW_NODES):
            continue
        count = len(children(scope, {"startEvent"}))
        if count != 1:
            text = f"exactly one start event is needed; there are {count}"
            yield problem(scope, "start_event", text)
        if not children(scope, {"endEvent"}):
            yield problem(scope, "end_event", "an end event is needed")


def check_subprocesses(root: etree._Element) -> Iterator[Problem]:
    """A subprocess holds something."""
    for node in nodes(root, {"subProcess"}):
        if not children(node, FLOW_NODES):
            yield problem(node, "empty_process", "the subprocess has no flow nodes")


def check_events(root: etree._Element) -> Iterator[Problem]:
    """Events carry only the definitions that run here, at most one each."""
    for node in nodes(root, EVENTS):
        tag = local_name(node)
        found = [local_name(child) for child in node if is_event_definition(child)]
        for definition in found:
            if definition not in EVENTS[tag]:
                text = f"{definition} is not supported on {tag}"
                yield problem(node, "unsupported_event", text)
        if len(found) > 1:
            yield problem(node, "unsupported_event", "an event may carry one definition")
        if tag in {"intermediateCatchEvent", "boundaryEvent"} and not found:
            yield problem(node, "missing_event", f"{tag} needs a message or a timer to wait for")


def is_event_definition(node: etree._Element) -> bool:
    """Tell whether a child is an event definition or refers to one."""
    return is_bpmn(node) and local_name(node).endswith(("EventDefinition", "eventDefinitionRef"))


def check_messages(root: etree._Element) -> Iterator[Problem]:
    """A message has a name, and a reference leads to a message."""
    known = {m.get("id"): m.get("name") for m in root.iterfind("bpmn:message", NAMESPACES)}
    for node in nodes(root, EVENTS):
        for event in node.iterfind("bpmn:messageEventDefinition", NAMESPACES):
            reference = event.get("messageRef")
            name = node.get("name") if reference is None else known.get(reference)
            if reference is not None and not name:
                text = f"messageRef {reference} leads to no named message"
                yield problem(node, "unknown_message", text)
            elif not name:
                text = "a message event needs a message or a name"
                yield problem(node, "unknown_message", text)
            elif len(name.split()) != 1 and local_name(node) in {
                "intermediateCatchEvent",
                "boundaryEvent",
            }:
                text = f"{name!r}: the name of what is waited for has no spaces"
                yield problem(node, "unknown_message", text)


def check_calls(root: etree._Element) -> Iterator[Problem]:
    """A call activity names the process it calls."""
    for node in nodes(root, {"callActivity"}):
        if not node.get("calledElement"):
            yield problem(node, "called_element", "a call activity needs a calledElement")


def check_properties(root: etree._Element) -> Iterator[Problem]:
    """Properties have values that can be read: choices, ids, and days as whole numbers."""
    for node in nodes(root, FLOW_NODES):
        for name, value in properties_of(node):
            text = unreadable(name, value)
            if text:
                yield problem(node, "property", text)


def unreadable(name: str, value: str) -> str:
    """Return what is wrong with a property; nothing if nothing is."""
    if name.endswith("_days") and value and not DAYS.fullmatch(value):
        return f"{name} must be a whole number of days, not {value!r}"
    if name in CHOICES and value not in CHOICES[name]:
        return f"{name} must be one of {', '.join(sorted(CHOICES[name]))}, not {value!r}"
    if name == "item" and value and len(value.split()) != 1:
        return f"an item's id has no spaces: {value!r}"
    return ""


CHECKS: tuple[Check, ...] = (
    check_processes,
    check_size,
    check_ids,
    check_supported,
    check_starts,
    check_subprocesses,
    check_events,
    check_messages,
    check_calls,
    check_properties,
    *EXPRESSION_CHECKS,
    *FLOW_CHECKS,
    *PATH_CHECKS,
)
