"""Procedures of our own for tests: BPMN written from a few words."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from itertools import pairwise
from typing import Any
from xml.sax.saxutils import quoteattr

import yaml

from engine.settings import Settings

ITEM = (Settings().bpmn_dir / "shared" / "item.bpmn").read_bytes()
HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"'
    ' xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" targetNamespace="https://test.example">'
)


def node(tag: str, identifier: str, inside: str = "", **given: Any) -> str:
    """A flow node; `given` are its attributes (name, default, calledElement …)."""
    attributes = {"id": identifier, "name": identifier, **given}
    written = " ".join(f"{name}={quoteattr(str(value))}" for name, value in attributes.items())
    return f"<bpmn:{tag} {written}>{inside}</bpmn:{tag}>"


def properties(**given: Any) -> str:
    """The `zeebe:properties` of an element."""
    rows = "".join(
        f"<zeebe:property name={quoteattr(name)} value={quoteattr(str(value))}/>"
        for name, value in given.items()
    )
    wrapped = f"<zeebe:properties>{rows}</zeebe:properties>"
    return f"<bpmn:extensionElements>{wrapped}</bpmn:extensionElements>"


def call(item: str, called: str = "item", **more: Any) -> str:
    """A call activity: an item with a case of its own."""
    return node("callActivity", item, properties(item=item, **more), calledElement=called)


def work(item: str, inside: str = "", **more: Any) -> str:
    """A user task of the stage itself."""
    return node("userTask", item, properties(item=item, **more) + inside)


def gate(item: str) -> str:
    """An event that waits for an item of another stage."""
    inside = f'<bpmn:messageEventDefinition id="e-{item}" messageRef="message-{item}"/>'
    return node("intermediateCatchEvent", f"wait-{item}", inside)


def timer(identifier: str, kind: str, text: str) -> str:
    """An event that waits for a time; `kind` is timeDate, timeDuration or timeCycle."""
    return node("intermediateCatchEvent", identifier, timed(identifier, kind, text))


def boundary(identifier: str, host: str, kind: str, text: str, *, cancels: bool = True) -> str:
    """A timer on the edge of an activity."""
    inside = timed(identifier, kind, text)
    options = {"attachedToRef": host, "cancelActivity": str(cancels).lower()}
    return node("boundaryEvent", identifier, inside, **options)


def timed(identifier: str, kind: str, text: str) -> str:
    """The definition of a timer event."""
    when = f"<bpmn:{kind}>{text}</bpmn:{kind}>"
    return f'<bpmn:timerEventDefinition id="t-{identifier}">{when}</bpmn:timerEventDefinition>'


def flow(source: str, target: str, condition: str = "") -> str:
    """A sequence flow."""
    inside = ""
    if condition:
        inside = f"<bpmn:conditionExpression>{condition}</bpmn:conditionExpression>"
    ends = f'id="{source}--{target}" sourceRef="{source}" targetRef="{target}"'
    return f"<bpmn:sequenceFlow {ends}>{inside}</bpmn:sequenceFlow>"


def chain(*nodes: str) -> str:
    """Flows along a path."""
    return "".join(flow(*pair) for pair in pairwise(nodes))


def diagram(process: str, *parts: str, awaits: tuple[str, ...] = ()) -> bytes:
    """A BPMN file of one process that starts at START."""
    messages = "".join(f'<bpmn:message id="message-{item}" name="{item}"/>' for item in awaits)
    body = node("startEvent", "START") + "".join(parts)
    text = f'{HEAD}<bpmn:process id="{process}" isExecutable="true">{body}</bpmn:process>'
    return f"{text}{messages}</bpmn:definitions>".encode()


def files(
    identifier: str,
    stages: Mapping[str, bytes],
    items: Mapping[str, Mapping[str, Any]],
    **more: bytes,
) -> dict[str, bytes]:
    """A procedure's files: stages by id, items with what the catalogue and the plan say."""
    listed = [{"id": stage, "name": stage, "lead": "HOUS"} for stage in stages]
    days = ("promised_days", "expected_days")
    plan = {item: {key: row[key] for key in days if key in row} for item, row in items.items()}
    constant = {item: {"department": "HOUS", **row} for item, row in items.items()}
    procedure = {"id": identifier, "name": {"zh": identifier}, "stages": listed, "items": plan}
    return {
        "procedure.yaml": yaml.safe_dump(procedure, allow_unicode=True).encode(),
        "catalogue.yaml": yaml.safe_dump({"items": constant}, allow_unicode=True).encode(),
        "item.bpmn": ITEM,
        **{f"{stage}.bpmn": content for stage, content in stages.items()},
        **{f"{name}.bpmn": content for name, content in more.items()},
    }


def approval(days: int, **more: Any) -> dict[str, Any]:
    """An item that a department promises in so many days."""
    return {"kind": "approval", "promised_days": days, **more}


def applicant(days: int) -> dict[str, Any]:
    """Work of the applicant that is expected to take so many days."""
    return {"kind": "applicant", "department": "APPL", "expected_days": days}


@cache
def little() -> Mapping[str, bytes]:
    """Two stages: A-1 and A-2 side by side; B-1 waits for A-1, opening for it and for A-2."""
    first = diagram(
        "approval",
        *(node("parallelGateway", each) for each in ("fork", "join")),
        call("A-1"),
        call("A-2"),
        node("endEvent", "approval-done"),
        chain("START", "fork", "A-1", "join", "approval-done"),
        chain("fork", "A-2", "join"),
    )
    second = diagram(
        "construction",
        *(node("parallelGateway", each) for each in ("fork2", "join2")),
        gate("A-1"),
        gate("A-2"),
        call("B-1"),
        node("endEvent", "OPEN"),
        chain("START", "fork2", "wait-A-1", "B-1", "join2", "OPEN"),
        chain("fork2", "wait-A-2", "join2"),
        awaits=("A-1", "A-2"),
    )
    items = {
        "A-1": approval(3, department="PLAN", statutory_days=20),
        "A-2": approval(6, department="HOUS", fee=True),
        "B-1": approval(2, department="HOUS"),
    }
    return files("little", {"approval": first, "construction": second}, items)


@cache
def winding() -> Mapping[str, bytes]:
    """A soft gate, an exclusive branch and a supplement loop.

    F-1 (applicant) → C-1 (1 day), which sends back to F-2 as often as it likes → A-1 (3) →
    A-2 (5) or, for a small project, A-3 (2). B-1 (2) starts after C-1, its decision waits for
    A-1. Opening waits for all: 1 + 3 + 5 = 9 counted days, 11 with the applicant's two.
    """
    first = diagram(
        "approval",
        work("F-1", kind="applicant"),
        node("exclusiveGateway", "again"),
        work("C-1", kind="approval", outcomes="fine,again", roles="reviewer"),
        node("exclusiveGateway", "checked", default="checked--A-1"),
        work("F-2", kind="applicant"),
        call("A-1"),
        node("exclusiveGateway", "size", default="size--A-2"),
        call("A-2"),
        call("A-3"),
        node("exclusiveGateway", "sized"),
        node("endEvent", "approval-done"),
        chain("START", "F-1", "again", "C-1", "checked", "A-1", "size", "A-2", "sized"),
        chain("sized", "approval-done"),
        flow("checked", "F-2", 'outcome == "again"'),
        chain("F-2", "again"),
        flow("size", "A-3", 'size == "small"'),
        chain("A-3", "sized"),
    )
    second = diagram(
        "construction",
        *(node("parallelGateway", each) for each in ("fork2", "join2")),
        gate("C-1"),
        gate("approval-done"),
        call("B-1", decision_waits_for="A-1"),
        node("endEvent", "OPEN"),
        chain("START", "fork2", "wait-C-1", "B-1", "join2", "OPEN"),
        chain("fork2", "wait-approval-done", "join2"),
        awaits=("C-1", "approval-done"),
    )
    items = {
        "F-1": applicant(2),
        "F-2": applicant(1),
        "C-1": approval(1),
        "A-1": approval(3),
        "A-2": approval(5),
        "A-3": approval(2),
        "B-1": approval(2),
    }
    return files("winding", {"approval": first, "construction": second}, items)


def one_stage(identifier: str, *parts: str, **items: Mapping[str, Any]) -> Mapping[str, bytes]:
    """A procedure of one stage; ids in `items` have _ for -."""
    named = {item.replace("_", "-"): row for item, row in items.items()}
    return files(identifier, {"approval": diagram("approval", *parts)}, named)
