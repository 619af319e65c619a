"""What a composed diagram would not say of one drawn elsewhere.

Composed from its network, a stage holds its start, its ends and milestones, items, gates and
parallel gateways. Whatever else runs in a diagram would run no more: it is an error here. What
is merely drawn is a warning.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace

from lxml import etree

from engine.workflow.problem import WARNING, Problem
from engine.workflow.profile_elements import FLOW_NODES, WORK, children, problem
from engine.workflow.xml import NAMESPACES, is_bpmn, local_name

CODE = "not_composable"
CHOICE = "which way a project takes would be chosen no more: the network counts them all"
#: flow nodes that a network knows nothing of → why
LOST: Mapping[str, str] = {
    "exclusiveGateway": CHOICE,
    "inclusiveGateway": CHOICE,
    "eventBasedGateway": CHOICE,
    "subProcess": "what lies inside would lie in the stage itself",
    "scriptTask": "the script would run no more",
    "boundaryEvent": "the exception would be caught no more",
}
#: what may stand inside a flow node and runs
INSIDE: Mapping[str, str] = {
    "timerEventDefinition": "the time would be waited for no more",
    "terminateEventDefinition": "it would end the stage no more",
    "standardLoopCharacteristics": "it would be repeated no more",
    "multiInstanceLoopCharacteristics": "it would be repeated no more",
}
#: what is only drawn
DRAWN = {"textAnnotation", "group", "dataObjectReference", "dataStoreReference", "documentation"}
REMEDY = "draw it inside the process that the item calls, or draw the new version by hand"


def losses(process: etree._Element, file: str) -> Iterator[Problem]:
    """Yield what of a process would be lost, each at its element, with the name of its file."""
    into = Counter(flow.get("targetRef") for flow in children(process, {"sequenceFlow"}))
    found = [
        each
        for node in process
        if is_bpmn(node)
        for each in node_losses(node, into[node.get("id")])
    ]
    conditions = process.iterfind("bpmn:sequenceFlow/bpmn:conditionExpression", NAMESPACES)
    found += [lost(parent(each), CHOICE) for each in conditions if (each.text or "").strip()]
    found += [drawn(each) for each in process.iter() if is_bpmn(each) and local_name(each) in DRAWN]
    yield from (replace(each, file=file) for each in found)


def node_losses(node: etree._Element, incoming: int) -> Iterator[Problem]:
    """Yield what of one node of a process would be lost; `incoming` flows lead to it."""
    tag = local_name(node)
    if tag in LOST:
        yield lost(node, LOST[tag])
    elif tag in FLOW_NODES:
        for child in node:
            if is_bpmn(child) and local_name(child) in INSIDE:
                yield lost(node, INSIDE[local_name(child)])
        if tag in {"endEvent", "intermediateThrowEvent"} and has_message(node):
            yield lost(node, "the message would be sent no more")
        if incoming > 1 and tag in {*WORK, "intermediateCatchEvent", "intermediateThrowEvent"}:
            yield lost(node, "it runs once for each flow that leads to it, and would run once")


def has_message(node: etree._Element) -> bool:
    """Tell whether an event carries a message."""
    return node.find("bpmn:messageEventDefinition", NAMESPACES) is not None


def parent(node: etree._Element) -> etree._Element:
    """Return the element a part belongs to."""
    found = node.getparent()
    return node if found is None else found


def lost(node: etree._Element, reason: str) -> Problem:
    """Return that what runs would not be the same."""
    return problem(node, CODE, f"{told(node)} cannot be composed anew: {reason}; {REMEDY}")


def drawn(node: etree._Element) -> Problem:
    """Return that something drawn is left out."""
    about = node if node.get("id") else parent(node)
    return problem(
        about, "not_drawn", f"{told(node)} is left out: it has no part in running", WARNING
    )


def told(node: etree._Element) -> str:
    """Return an element in words: its tag, its id, and its name if it has one."""
    name = node.get("name")
    return f"{local_name(node)} {node.get('id', '')}".strip() + (f" ({name})" if name else "")
