"""Checks of how the elements hang together: flows, boundary events, event-based gateways."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from lxml import etree

from engine.workflow.problem import Problem
from engine.workflow.profile_elements import (
    ACTIVITIES,
    FLOW_NODES,
    GATEWAYS,
    UNSUPPORTED,
    children,
    problem,
    scopes,
)
from engine.workflow.xml import NAMESPACES, local_name

SPLITS = GATEWAYS | {"startEvent"}
NO_WAY_IN = {"startEvent", "boundaryEvent"}


def check_flows(root: etree._Element) -> Iterator[Problem]:
    """Flows lead from node to node of the same process; only gateways and starts divide."""
    for scope in scopes(root):
        known = {node.get("id"): node for node in children(scope, FLOW_NODES | set(UNSUPPORTED))}
        outgoing: Counter[str | None] = Counter()
        for flow in children(scope, {"sequenceFlow"}):
            outgoing[flow.get("sourceRef")] += 1
            yield from check_flow(flow, known)
        for identifier, node in known.items():
            if outgoing[identifier] > 1 and local_name(node) not in SPLITS:
                text = "several outgoing flows; draw a gateway that says whether all or one go on"
                yield problem(node, "implicit_split", text)


def check_flow(flow: etree._Element, known: dict[str | None, etree._Element]) -> Iterator[Problem]:
    """Check the two ends of a flow."""
    for end in ("sourceRef", "targetRef"):
        if flow.get(end) not in known:
            text = f"{end} {flow.get(end)} is not a flow node of the same process"
            yield problem(flow, "dangling_flow", text)
    source, target = (known.get(flow.get(end)) for end in ("sourceRef", "targetRef"))
    if source is not None and local_name(source) == "endEvent":
        yield problem(flow, "dangling_flow", "nothing follows an end event")
    if target is not None and local_name(target) in NO_WAY_IN:
        yield problem(flow, "dangling_flow", f"no flow leads to a {local_name(target)}")


def check_boundaries(root: etree._Element) -> Iterator[Problem]:
    """A boundary event sits on an activity of the same process."""
    for scope in scopes(root):
        activities = {node.get("id") for node in children(scope, ACTIVITIES | set(UNSUPPORTED))}
        for node in children(scope, {"boundaryEvent"}):
            if node.get("attachedToRef") not in activities:
                text = f"attachedToRef {node.get('attachedToRef')} is no activity beside it"
                yield problem(node, "dangling_boundary", text)


def check_event_gateways(root: etree._Element) -> Iterator[Problem]:
    """An event-based gateway leads to events, each reached from it alone and told apart."""
    for scope in scopes(root):
        known = {node.get("id"): node for node in children(scope, FLOW_NODES)}
        flows = [
            (f.get("sourceRef"), f.get("targetRef")) for f in children(scope, {"sequenceFlow"})
        ]
        incoming = Counter(target for _, target in flows)
        for gateway in children(scope, {"eventBasedGateway"}):
            targets = [known.get(to) for source, to in flows if source == gateway.get("id")]
            yield from check_targets(gateway, [t for t in targets if t is not None], incoming)


def check_targets(
    gateway: etree._Element, targets: list[etree._Element], incoming: Counter[str | None]
) -> Iterator[Problem]:
    """Check what one event-based gateway leads to."""
    for target in targets:
        if local_name(target) != "intermediateCatchEvent":
            text = f"leads to {target.get('id')}, which is no intermediate catch event"
            yield problem(gateway, "event_gateway", text)
        elif incoming[target.get("id")] > 1:
            text = f"{target.get('id')} is reached by other flows too"
            yield problem(gateway, "event_gateway", text)
    messages = Counter(message for target in targets if (message := message_of(target)))
    for message, count in messages.items():
        if count > 1:
            yield problem(gateway, "event_gateway", f"{message} is waited for {count} times")


def message_of(event: etree._Element) -> str | None:
    """Return the message an event waits for, by reference or name."""
    definition = event.find("bpmn:messageEventDefinition", NAMESPACES)
    if definition is None:
        return None
    reference = definition.get("messageRef")
    message = event.getroottree().getroot().find(f"bpmn:message[@id='{reference}']", NAMESPACES)
    return event.get("name") if message is None else message.get("name")


FLOW_CHECKS = (check_flows, check_boundaries, check_event_gateways)
