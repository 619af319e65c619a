"""The elements of BPMN that run here, those that are refused with a reason, and the rest.

Whatever is in neither list is drawing: lanes, data objects and stores, annotations, groups,
documentation, vendor extensions. It is accepted and has no part in running.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from engine.workflow.problem import ERROR, Problem
from engine.workflow.xml import NAMESPACES, is_bpmn, local_name

ACTIVITIES = {"task", "userTask", "manualTask", "callActivity", "subProcess", "scriptTask"}
#: activities that somebody works on: in a stage's diagram each stands for an item
WORK = {"task", "userTask", "manualTask", "callActivity"}
CONDITIONAL = {"exclusiveGateway", "inclusiveGateway"}
GATEWAYS = {"parallelGateway", "eventBasedGateway", *CONDITIONAL}
#: which event definitions each kind of event may carry
EVENTS: dict[str, frozenset[str]] = {
    "startEvent": frozenset(),
    "endEvent": frozenset({"messageEventDefinition", "terminateEventDefinition"}),
    "intermediateCatchEvent": frozenset({"messageEventDefinition", "timerEventDefinition"}),
    "intermediateThrowEvent": frozenset({"messageEventDefinition"}),
    "boundaryEvent": frozenset({"messageEventDefinition", "timerEventDefinition"}),
}
FLOW_NODES = {*ACTIVITIES, *GATEWAYS, *EVENTS}
UNSUPPORTED = {
    "adHocSubProcess": "an ad-hoc subprocess has no order to plan by",
    "transaction": "transactions and compensation are not run",
    "serviceTask": "no service is called from a diagram; integrate over REST",
    "businessRuleTask": "decision tables are not run",
    "sendTask": "draw an intermediate throw event with a message",
    "receiveTask": "draw an intermediate catch event with a message",
    "complexGateway": "draw exclusive, inclusive or parallel gateways",
    "choreographyTask": "choreographies describe, they do not run",
    "subChoreography": "choreographies describe, they do not run",
    "callChoreography": "choreographies describe, they do not run",
}
#: what belongs to the elements that run, beside themselves
PARTS = {
    *("process", "message", "sequenceFlow", "conditionExpression", "script"),
    *("messageEventDefinition", "timerEventDefinition", "terminateEventDefinition"),
    *("timeDate", "timeDuration", "timeCycle"),
    *("standardLoopCharacteristics", "loopCondition", "multiInstanceLoopCharacteristics"),
    *("loopCardinality", "loopDataInputRef", "loopDataOutputRef"),
    *("inputDataItem", "outputDataItem", "completionCondition"),
}
RUN = FLOW_NODES | PARTS


def is_run(node: etree._Element) -> bool:
    """Tell whether an element has a part in running; a blank condition has none."""
    if not is_bpmn(node) or local_name(node) not in RUN:
        return False
    return local_name(node) != "conditionExpression" or bool((node.text or "").strip())


def problem(node: etree._Element, code: str, message: str, severity: str = ERROR) -> Problem:
    """Return a problem located at an element."""
    return Problem(code, message, node.get("id"), node.sourceline, severity)


def nodes(
    root: etree._Element, tags: set[str] | dict[str, frozenset[str]]
) -> Iterator[etree._Element]:
    """Yield the elements of these tags inside processes."""
    for process in root.iterfind("bpmn:process", NAMESPACES):
        for node in process.iterdescendants():
            if is_bpmn(node) and local_name(node) in tags:
                yield node


def scopes(root: etree._Element) -> list[etree._Element]:
    """Return the processes and embedded subprocesses: what begins at one start event."""
    return [*root.iterfind("bpmn:process", NAMESPACES), *nodes(root, {"subProcess"})]


def children(scope: etree._Element, tags: set[str]) -> list[etree._Element]:
    """Return the elements of these tags directly inside a scope."""
    return [node for node in scope if is_bpmn(node) and local_name(node) in tags]
