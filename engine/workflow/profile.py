"""The profile: which BPMN runs here. Everything else is refused at deployment, by element.

A check reads the XML itself, so that all problems of a file are told at once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

from lxml import etree

from engine.rules.procedure import Kind
from engine.workflow.expressions import ExpressionError, assignments, parse
from engine.workflow.problem import WARNING, Problem
from engine.workflow.timer import LITERAL
from engine.workflow.xml import NAMESPACES, is_bpmn, local_name

MAX_ELEMENTS = 2_000

ACTIVITIES = {"task", "userTask", "manualTask", "callActivity", "subProcess", "scriptTask"}
GATEWAYS = {"parallelGateway", "exclusiveGateway", "inclusiveGateway", "eventBasedGateway"}
EVENTS = {
    "startEvent",
    "endEvent",
    "intermediateCatchEvent",
    "intermediateThrowEvent",
    "boundaryEvent",
}
FLOW_NODES = ACTIVITIES | GATEWAYS | EVENTS
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
#: which event definitions each kind of event may carry; an event without one is always fine
EVENT_DEFINITIONS = {
    "startEvent": set[str](),
    "endEvent": {"messageEventDefinition", "terminateEventDefinition"},
    "intermediateCatchEvent": {"messageEventDefinition", "timerEventDefinition"},
    "intermediateThrowEvent": {"messageEventDefinition"},
    "boundaryEvent": {"messageEventDefinition", "timerEventDefinition"},
}
SPLITS = GATEWAYS | {"startEvent"}

Check = Callable[[etree._Element], Iterator[Problem]]


def check_profile(root: etree._Element) -> list[Problem]:
    """Return every problem of a diagram, in the order of its lines."""
    problems = [problem for check in CHECKS for problem in check(root)]
    return sorted(problems, key=lambda problem: problem.line or 0)


def problem(node: etree._Element, code: str, message: str, severity: str = "error") -> Problem:
    """Return a problem located at a node."""
    return Problem(code, message, node.get("id"), node.sourceline, severity)


def nodes(root: etree._Element, tags: set[str]) -> Iterator[etree._Element]:
    """Yield the elements of these tags inside processes."""
    for process in root.iterfind("bpmn:process", NAMESPACES):
        for node in process.iterdescendants():
            if is_bpmn(node) and local_name(node) in tags:
                yield node


def check_processes(root: etree._Element) -> Iterator[Problem]:
    """A file must hold a process; one that says it is not executable is run all the same."""
    processes = root.findall("bpmn:process", NAMESPACES)
    if not processes:
        yield problem(root, "no_process", "the file holds no process")
    for process in processes:
        if not process.get("id"):
            yield problem(process, "missing_id", "a process needs an id")
        if process.get("isExecutable", "true") != "true":
            process.set("isExecutable", "true")
            yield problem(process, "not_executable", "marked as not executable", WARNING)
        if not any(local_name(node) in FLOW_NODES for node in process if is_bpmn(node)):
            yield problem(process, "empty_process", "the process has no flow nodes")


def check_size(root: etree._Element) -> Iterator[Problem]:
    """A diagram has at most MAX_ELEMENTS flow nodes."""
    count = sum(1 for _ in nodes(root, FLOW_NODES))
    if count > MAX_ELEMENTS:
        text = f"{count} flow nodes; at most {MAX_ELEMENTS} are run: split the process"
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
    for node in nodes(root, {"subProcess"}):
        if node.get("triggeredByEvent") == "true":
            yield problem(node, "unsupported_element", "event subprocesses are not run")


def check_start_and_end(root: etree._Element) -> Iterator[Problem]:
    """A process and a subprocess begin at one start event."""
    scopes = [*root.iterfind("bpmn:process", NAMESPACES), *nodes(root, {"subProcess"})]
    for scope in scopes:
        starts = scope.findall("bpmn:startEvent", NAMESPACES)
        if len(starts) != 1:
            text = f"exactly one start event is needed; there are {len(starts)}"
            yield problem(scope, "start_event", text)
        if local_name(scope) == "subProcess" and scope.find("bpmn:endEvent", NAMESPACES) is None:
            yield problem(scope, "end_event", "a subprocess needs an end event")


def check_events(root: etree._Element) -> Iterator[Problem]:
    """Events carry only the definitions that run here, at most one each."""
    for node in nodes(root, EVENTS):
        tag = local_name(node)
        found = [local_name(child) for child in node if is_event_definition(child)]
        for definition in found:
            if definition not in EVENT_DEFINITIONS[tag]:
                text = f"{definition} is not supported on {tag}"
                yield problem(node, "unsupported_event", text)
        if len(found) > 1:
            yield problem(node, "unsupported_event", "an event may carry one definition")
        if tag in {"intermediateCatchEvent", "boundaryEvent"} and not found:
            yield problem(node, "missing_event", f"{tag} needs a message or a timer to wait for")


def is_event_definition(node: etree._Element) -> bool:
    """Tell whether a child is an event definition or refers to one."""
    return is_bpmn(node) and local_name(node).endswith("EventDefinition")


def check_messages(root: etree._Element) -> Iterator[Problem]:
    """A message has a name, and a reference leads to a message."""
    known = {m.get("id"): m.get("name") for m in root.iterfind("bpmn:message", NAMESPACES)}
    for event in root.iterfind(".//bpmn:messageEventDefinition", NAMESPACES):
        node = event.getparent()
        reference = event.get("messageRef")
        if node is None or not is_bpmn(node):
            continue
        if reference is not None and not known.get(reference):
            text = f"messageRef {reference} leads to no named message"
            yield problem(node, "unknown_message", text)
        if reference is None and not node.get("name"):
            yield problem(node, "unknown_message", "a message event needs a message or a name")


def check_timers(root: etree._Element) -> Iterator[Problem]:
    """A timer says when, in ISO 8601 or as an expression that gives it."""
    for event in root.iterfind(".//bpmn:timerEventDefinition", NAMESPACES):
        node = event.getparent()
        assert node is not None
        text = next((child.text for child in event if is_bpmn(child)), None)
        if not text:
            yield problem(node, "timer", "a timer needs a date, duration or cycle")
        elif not LITERAL.match(text):
            yield from expression(node, text, "timer")


def check_flows(root: etree._Element) -> Iterator[Problem]:
    """Flows lead from node to node; only gateways and start events have several outgoing."""
    ids = {node.get("id"): node for node in nodes(root, FLOW_NODES)}
    outgoing: Counter[str] = Counter()
    for flow in nodes(root, {"sequenceFlow"}):
        for end in ("sourceRef", "targetRef"):
            if flow.get(end) not in ids:
                text = f"{end} {flow.get(end)} is not a flow node that runs here"
                yield problem(flow, "dangling_flow", text)
        outgoing[flow.get("sourceRef", "")] += 1
    for identifier, node in ids.items():
        if outgoing[identifier or ""] > 1 and local_name(node) not in SPLITS:
            text = "several outgoing flows; draw a gateway that says whether all or one is taken"
            yield problem(node, "implicit_split", text)


def check_conditions(root: etree._Element) -> Iterator[Problem]:
    """Every branch of an exclusive or inclusive gateway has a condition or is the default."""
    defaults = {node.get("default") for node in nodes(root, GATEWAYS)}
    for gateway in nodes(root, {"exclusiveGateway", "inclusiveGateway"}):
        scope = gateway.getparent()
        assert scope is not None
        flows = [
            flow
            for flow in scope.iterfind("bpmn:sequenceFlow", NAMESPACES)
            if flow.get("sourceRef") == gateway.get("id")
        ]
        for flow in flows:
            yield from check_condition(flow, len(flows) > 1 and flow.get("id") not in defaults)


def check_condition(flow: etree._Element, needed: bool) -> Iterator[Problem]:
    """Check one branch's condition."""
    condition = flow.find("bpmn:conditionExpression", NAMESPACES)
    if condition is not None and (condition.text or "").strip():
        yield from expression(flow, condition.text or "", "condition")
    elif needed:
        text = "a branch needs a condition, or must be its gateway's default"
        yield problem(flow, "missing_condition", text)


def check_loops(root: etree._Element) -> Iterator[Problem]:
    """Loops and multi-instances say how often, in expressions that may be evaluated."""
    paths = ("loopCardinality", "completionCondition", "loopCondition")
    for path in paths:
        for node in root.iterfind(f".//bpmn:{path}", NAMESPACES):
            activity = node.getparent()
            activity = activity.getparent() if activity is not None else None
            yield from expression(root if activity is None else activity, node.text or "", "loop")


def check_scripts(root: etree._Element) -> Iterator[Problem]:
    """A script task assigns values to names; it runs no code."""
    for node in nodes(root, {"scriptTask"}):
        script = node.findtext("bpmn:script", "", NAMESPACES)
        try:
            for _, value in assignments(script):
                parse(value)
        except ExpressionError as error:
            yield problem(node, "script", error.message)


def check_calls(root: etree._Element) -> Iterator[Problem]:
    """A call activity names the process it calls."""
    for node in nodes(root, {"callActivity"}):
        if not node.get("calledElement"):
            yield problem(node, "called_element", "a call activity needs a calledElement")


def check_properties(root: etree._Element) -> Iterator[Problem]:
    """Properties have values that can be read: kinds, and days as whole numbers."""
    for each in root.iterfind(".//zeebe:property", NAMESPACES):
        owner = next((a for a in each.iterancestors() if is_bpmn(a) and a.get("id")), root)
        name, value = each.get("name", ""), each.get("value", "")
        if name.endswith("_days") and not value.isdigit():
            yield problem(
                owner, "property", f"{name} must be a whole number of days, not {value!r}"
            )
        if name == "kind" and value not in set(Kind):
            kinds = ", ".join(Kind)
            yield problem(owner, "property", f"kind must be one of {kinds}, not {value!r}")


def expression(node: etree._Element, text: str, code: str) -> Iterator[Problem]:
    """Check that an expression may be evaluated."""
    try:
        parse(text)
    except ExpressionError as error:
        yield problem(node, code, error.message)


CHECKS: tuple[Check, ...] = (
    check_processes,
    check_size,
    check_ids,
    check_supported,
    check_start_and_end,
    check_events,
    check_messages,
    check_timers,
    check_flows,
    check_conditions,
    check_loops,
    check_scripts,
    check_calls,
    check_properties,
)
