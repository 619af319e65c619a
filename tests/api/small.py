"""A small procedure for tests: two tasks of departments, one of the applicant, in one stage."""

from __future__ import annotations

PROCEDURE = "small"


def diagram(condition: str = "", process: str = PROCEDURE) -> bytes:
    """Return it as BPMN; a condition stands on a way round the second task."""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
    xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="definitions" targetNamespace="test">
  <bpmn:process id="{process}" name="Small" isExecutable="true">
    <bpmn:startEvent id="START"><bpmn:outgoing>f1</bpmn:outgoing></bpmn:startEvent>
    {task("survey", "Survey", "LAND", "approval", "approve,refuse", "reviewer", "f1", "f2")}
    <bpmn:exclusiveGateway id="way" default="f3">
      <bpmn:incoming>f2</bpmn:incoming>
      <bpmn:outgoing>f3</bpmn:outgoing><bpmn:outgoing>f5</bpmn:outgoing>
    </bpmn:exclusiveGateway>
    {task("drawings", "Drawings", "APPL", "applicant", "submit", "applicant", "f3", "f4")}
    {task("permit", "Permit", "PLAN", "approval", "approve,refuse", "clerk,reviewer", "f4", "f6")}
    <bpmn:exclusiveGateway id="merge">
      <bpmn:incoming>f5</bpmn:incoming><bpmn:incoming>f6</bpmn:incoming>
      <bpmn:outgoing>f7</bpmn:outgoing>
    </bpmn:exclusiveGateway>
    <bpmn:endEvent id="done"><bpmn:incoming>f7</bpmn:incoming></bpmn:endEvent>
    {flow("f1", "START", "survey")}
    {flow("f2", "survey", "way")}
    {flow("f3", "way", "drawings")}
    {flow("f4", "drawings", "permit")}
    {flow("f5", "way", "merge", condition or 'outcome == "refuse"')}
    {flow("f6", "permit", "merge")}
    {flow("f7", "merge", "done")}
  </bpmn:process>
</bpmn:definitions>
""".encode()


def task(
    identifier: str,
    name: str,
    department: str,
    kind: str,
    outcomes: str,
    roles: str,
    incoming: str,
    outgoing: str,
) -> str:
    properties = {
        "item": identifier.upper(),
        "department": department,
        "kind": kind,
        "outcomes": outcomes,
        "roles": roles,
        "promised_days" if kind == "approval" else "expected_days": "3",
    }
    listed = "".join(
        f'<zeebe:property name="{name}" value="{value}"/>' for name, value in properties.items()
    )
    return (
        f'<bpmn:userTask id="{identifier}" name="{name}"><bpmn:extensionElements>'
        f"<zeebe:properties>{listed}</zeebe:properties></bpmn:extensionElements>"
        f"<bpmn:incoming>{incoming}</bpmn:incoming><bpmn:outgoing>{outgoing}</bpmn:outgoing>"
        "</bpmn:userTask>"
    )


def flow(identifier: str, source: str, target: str, condition: str = "") -> str:
    text = condition.replace("&", "&amp;").replace("<", "&lt;")
    inner = f"<bpmn:conditionExpression>={text}</bpmn:conditionExpression>" if text else ""
    return (
        f'<bpmn:sequenceFlow id="{identifier}" sourceRef="{source}" targetRef="{target}">'
        f"{inner}</bpmn:sequenceFlow>"
    )
