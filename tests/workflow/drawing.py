"""Diagrams written in a line or two, for tests of what runs.

An id says what a node is: `START`, `END…` (an end event), `and…`, `xor…`, `or…`, `any…` (gateways;
`any` waits for the first of several events), `script…`, `call…`; everything else is a user task
unless `node` says otherwise.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from xml.sax.saxutils import escape, quoteattr

from engine.workflow.definition import Definition
from engine.workflow.parser import load

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
TAGS = (
    ("START", "startEvent"),
    ("END", "endEvent"),
    ("and", "parallelGateway"),
    ("xor", "exclusiveGateway"),
    ("or", "inclusiveGateway"),
    ("any", "eventBasedGateway"),
    ("call", "callActivity"),
    ("script", "scriptTask"),
)
HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"'
    ' xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    ' targetNamespace="http://example.org/bpmn">\n'
)


class Drawing:
    """A process, or the inside of a subprocess."""

    def __init__(self, *paths: str, name: str = "p") -> None:
        self.id = name
        self.nodes: dict[str, str] = {}
        self.flows: list[str] = []
        self.outside: list[str] = []
        for path in paths:
            self.path(path)

    def path(self, text: str) -> Drawing:
        """Draw flows: `START > a > xor1 > b`; a condition stands in braces, `{else}` the default.

        >>> Drawing("START > xor > a > END", "xor >{x == 1} b > END")
        """
        parts = re.split(r"\s*>(?:\{([^}]*)\})?\s*", text.strip())
        ids, conditions = parts[::2], parts[1::2]
        for identifier in ids:
            self.nodes.setdefault(identifier, element(identifier, tag_of(identifier)))
        for source, condition, target in zip(ids, conditions, ids[1:], strict=False):
            self.flow(source, target, condition)
        return self

    def flow(self, source: str, target: str, condition: str | None = None) -> Drawing:
        """Draw one flow."""
        identifier = f"{source}-{target}-{len(self.flows)}"
        inner = ""
        if condition == "else":
            tag = tag_of(source)
            old = f"<bpmn:{tag} id={quoteattr(source)}"
            self.nodes[source] = self.nodes[source].replace(old, f'{old} default="{identifier}"')
        elif condition:
            inner = f"<bpmn:conditionExpression>{escape(condition)}</bpmn:conditionExpression>"
        ends = f"sourceRef={quoteattr(source)} targetRef={quoteattr(target)}"
        self.flows.append(
            f'<bpmn:sequenceFlow id="{identifier}" {ends}>{inner}</bpmn:sequenceFlow>'
        )
        return self

    def node(self, identifier: str, tag: str = "", inner: str = "", **attributes: str) -> Drawing:
        """Draw a node that is more than its id says."""
        self.nodes[identifier] = element(identifier, tag or tag_of(identifier), inner, **attributes)
        return self

    def script(self, identifier: str, text: str) -> Drawing:
        """Draw a script task."""
        return self.node(identifier, "scriptTask", f"<bpmn:script>{escape(text)}</bpmn:script>")

    def timer(
        self, identifier: str, text: str, at: str = "", *, interrupts: bool = True
    ) -> Drawing:
        """Draw a timer, at an activity's boundary where one is named."""
        kind = "timeCycle" if text.startswith("R") else "timeDuration"
        inner = f"<bpmn:{kind}>{escape(text)}</bpmn:{kind}>"
        inner = f"<bpmn:timerEventDefinition>{inner}</bpmn:timerEventDefinition>"
        return self.event(identifier, inner, at, interrupts=interrupts)

    def message(
        self, identifier: str, name: str, at: str = "", *, interrupts: bool = True
    ) -> Drawing:
        """Draw a catch event for a message, at an activity's boundary where one is named."""
        inner = f"<bpmn:messageEventDefinition messageRef={quoteattr(f'm-{name}')}/>"
        said = f"<bpmn:message id={quoteattr(f'm-{name}')} name={quoteattr(name)}/>"
        if said not in self.outside:
            self.outside.append(said)
        return self.event(identifier, inner, at, interrupts=interrupts)

    def event(self, identifier: str, inner: str, at: str, *, interrupts: bool) -> Drawing:
        """Draw an intermediate or boundary event."""
        if not at:
            return self.node(identifier, "intermediateCatchEvent", inner)
        attributes = {"attachedToRef": at, "cancelActivity": str(interrupts).lower()}
        return self.node(identifier, "boundaryEvent", inner, **attributes)

    def subprocess(self, identifier: str, inside: Drawing, loop: str = "") -> Drawing:
        """Draw an embedded subprocess."""
        self.outside.extend(inside.outside)
        return self.node(identifier, "subProcess", loop + inside.body())

    def repeat(self, identifier: str, loop: str, **attributes: str) -> Drawing:
        """Draw a repeated activity."""
        return self.node(identifier, inner=loop, **attributes)

    def body(self) -> str:
        """The elements, one a line."""
        return "\n".join([*self.nodes.values(), *self.flows]) + "\n"

    def process(self, **attributes: str) -> str:
        """The process element."""
        said = "".join(f" {name}={quoteattr(value)}" for name, value in attributes.items())
        return f"<bpmn:process id={quoteattr(self.id)}{said}>\n{self.body()}</bpmn:process>\n"

    def xml(self) -> bytes:
        """The whole file."""
        return file(self)

    def load(self) -> Definition:
        """The definition that runs."""
        return load(self.xml())[0]


def file(*drawings: Drawing, more: str = "") -> bytes:
    """A file of several processes."""
    outside = dict.fromkeys(said for drawing in drawings for said in drawing.outside)
    body = "".join([*outside, more, *(drawing.process() for drawing in drawings)])
    return f"{HEAD}{body}</bpmn:definitions>".encode()


def tag_of(identifier: str) -> str:
    """What an id says a node is."""
    return next((tag for start, tag in TAGS if identifier.startswith(start)), "userTask")


def element(identifier: str, tag: str, inner: str = "", **attributes: str) -> str:
    """A node as XML."""
    said = "".join(f" {name}={quoteattr(value)}" for name, value in attributes.items())
    called = (
        ' calledElement="item"' if tag == "callActivity" and "calledElement" not in said else ""
    )
    return f"<bpmn:{tag} id={quoteattr(identifier)}{said}{called}>{inner}</bpmn:{tag}>"


def properties(**values: str) -> str:
    """`zeebe:properties` of an element."""
    each = "".join(f'<zeebe:property name="{k}" value={quoteattr(v)}/>' for k, v in values.items())
    inner = f"<zeebe:properties>{each}</zeebe:properties>"
    return f"<bpmn:extensionElements>{inner}</bpmn:extensionElements>"


def instances(
    number: str = "", items: str = "", *, sequential: bool = False, until: str = ""
) -> str:
    """A multi-instance over a number, or over the variable `items`."""
    inner = f"<bpmn:loopCardinality>{escape(number)}</bpmn:loopCardinality>" if number else ""
    if items:
        inner += f"<bpmn:loopDataInputRef>{items}</bpmn:loopDataInputRef>"
        inner += '<bpmn:inputDataItem id="each"/>'
    if until:
        inner += f"<bpmn:completionCondition>{escape(until)}</bpmn:completionCondition>"
    tag = "bpmn:multiInstanceLoopCharacteristics"
    return f'<{tag} isSequential="{str(sequential).lower()}">{inner}</{tag}>'


def loop(condition: str = "", maximum: int | None = None, *, before: bool = False) -> str:
    """A standard loop."""
    most = "" if maximum is None else f' loopMaximum="{maximum}"'
    inner = f"<bpmn:loopCondition>{escape(condition)}</bpmn:loopCondition>" if condition else ""
    tag = "bpmn:standardLoopCharacteristics"
    return f'<{tag} testBefore="{str(before).lower()}"{most}>{inner}</{tag}>'
