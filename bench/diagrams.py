"""Diagrams to measure with."""

from __future__ import annotations

from itertools import pairwise

HEADER = (
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="d" targetNamespace="bench">'
)


def process(identifier: str, nodes: str, flows: list[tuple[str, str]]) -> bytes:
    """Return a file with one process."""
    arrows = "".join(
        f'<bpmn:sequenceFlow id="f{i}" sourceRef="{a}" targetRef="{b}"/>'
        for i, (a, b) in enumerate(flows)
    )
    body = f'<bpmn:process id="{identifier}" isExecutable="true">{nodes}{arrows}</bpmn:process>'
    return f"{HEADER}{body}</bpmn:definitions>".encode()


def user_task(identifier: str, department: str) -> str:
    """Return a department's user task."""
    properties = f'<zeebe:property name="department" value="{department}"/>'
    extension = (
        "<bpmn:extensionElements><zeebe:properties>"
        f"{properties}</zeebe:properties></bpmn:extensionElements>"
    )
    return f'<bpmn:userTask id="{identifier}" name="{identifier}">{extension}</bpmn:userTask>'


def eight_tasks() -> bytes:
    """Accept, six departments in parallel, issue."""
    departments = [f"dept{i}" for i in range(6)]
    nodes = '<bpmn:startEvent id="start"/><bpmn:endEvent id="end"/>'
    nodes += '<bpmn:parallelGateway id="fork"/><bpmn:parallelGateway id="join"/>'
    nodes += "".join(user_task(each, each) for each in ("accept", *departments, "issue"))
    flows = [("start", "accept"), ("accept", "fork"), ("join", "issue"), ("issue", "end")]
    for each in departments:
        flows += [("fork", each), (each, "join")]
    return process("eight", nodes, flows)


def item_chain(length: int) -> bytes:
    """One stage of many items, one after the other."""
    names = [f"item-{i:03}" for i in range(length)]
    nodes = '<bpmn:startEvent id="start"/><bpmn:endEvent id="end"/>'
    for name in names:
        properties = '<zeebe:property name="promised_days" value="3"/>'
        nodes += (
            f'<bpmn:callActivity id="{name}" name="{name}" calledElement="item">'
            f"<bpmn:extensionElements><zeebe:properties>{properties}"
            "</zeebe:properties></bpmn:extensionElements></bpmn:callActivity>"
        )
    path = ["start", *names, "end"]
    return process("chain", nodes, list(pairwise(path)))


def item_fan(length: int) -> bytes:
    """One stage of many items side by side."""
    names = [f"item-{i:03}" for i in range(length)]
    nodes = '<bpmn:startEvent id="start"/><bpmn:endEvent id="end"/>'
    nodes += '<bpmn:parallelGateway id="fork"/><bpmn:parallelGateway id="join"/>'
    flows = [("start", "fork"), ("join", "end")]
    for name in names:
        properties = '<zeebe:property name="promised_days" value="3"/>'
        nodes += (
            f'<bpmn:callActivity id="{name}" name="{name}" calledElement="item">'
            f"<bpmn:extensionElements><zeebe:properties>{properties}"
            "</zeebe:properties></bpmn:extensionElements></bpmn:callActivity>"
        )
        flows += [("fork", name), (name, "join")]
    return process("fan", nodes, flows)
