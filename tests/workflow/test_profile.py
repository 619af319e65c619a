"""What cannot run is refused when it is deployed, by element and line, all of it at once."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from engine.errors import InvalidDefinition
from engine.workflow.parser import load, read
from engine.workflow.problem import ERROR, WARNING
from engine.workflow.profile import MAX_ELEMENTS, MAX_FLOWS
from engine.workflow.profile_elements import EVENTS, UNSUPPORTED
from engine.workflow.profile_paths import MAX_DEPTH, MAX_LOOP
from tests.workflow.drawing import HEAD, Drawing, file, instances, loop, properties
from tests.workflow.running import run, start, waits

ROOT = Path(__file__).parents[2]
PLAIN = "START > a > END"
MESSAGE = '<bpmn:messageEventDefinition messageRef="m"/>'
TIMER = "<bpmn:timerEventDefinition><bpmn:timeDuration>PT1H</bpmn:timeDuration>"
TIMER += "</bpmn:timerEventDefinition>"
DEFINITIONS = (
    *("message", "timer", "signal", "error", "escalation", "conditional", "compensate", "link"),
    *("cancel", "terminate"),
)


def problems(drawing: Drawing | bytes, severity: str = ERROR) -> list[tuple[str, str | None]]:
    """(code, element) of everything that is wrong; each with a line and a reason."""
    content = drawing.xml() if isinstance(drawing, Drawing) else drawing
    definitions, found = read(content, "file.bpmn")
    errors = [each for each in found if each.severity == ERROR]
    assert bool(definitions) != bool(errors)
    assert all(each.message and each.file == "file.bpmn" for each in found)
    assert all(each.line for each in found if each.element)
    return [(each.code, each.element) for each in found if each.severity == severity]


def test_a_plain_diagram_has_no_problems() -> None:
    assert read(Drawing(PLAIN).xml())[1] == []


@pytest.mark.parametrize("tag", UNSUPPORTED)
def test_unsupported_elements_are_refused_by_id_with_the_reason(tag: str) -> None:
    drawing = Drawing("START > x > END").node("x", tag)
    assert problems(drawing) == [("unsupported_element", "x")]
    (found,) = read(drawing.xml())[1]
    assert UNSUPPORTED[tag] in found.message
    lines = drawing.xml().decode().splitlines()
    assert found.line is not None
    assert f"<bpmn:{tag} " in lines[found.line - 1]


@pytest.mark.parametrize("definition", DEFINITIONS)
@pytest.mark.parametrize("tag", EVENTS)
def test_event_definitions_are_refused_where_they_do_not_run(tag: str, definition: str) -> None:
    supported = f"{definition}EventDefinition" in EVENTS[tag]
    inner = {"message": MESSAGE, "timer": TIMER}.get(
        definition, f"<bpmn:{definition}EventDefinition/>"
    )
    drawing = Drawing(PLAIN)
    drawing.outside.append('<bpmn:message id="m" name="M"/>')
    if tag == "startEvent":
        name = "START"
    elif tag == "endEvent":
        name = "END"
    else:
        name = "x"
        drawing = (
            Drawing("START > a > x > END") if tag != "boundaryEvent" else Drawing(PLAIN, "x > END2")
        )
        drawing.outside.append('<bpmn:message id="m" name="M"/>')
    attributes = {"attachedToRef": "a"} if tag == "boundaryEvent" else {}
    drawing.node(name, tag, inner, **attributes)
    assert problems(drawing) == ([] if supported else [("unsupported_event", name)])


def gateway(kind: str, condition: str = "") -> Drawing:
    """A gateway with one branch that has this condition and one without."""
    return Drawing(f"START > {kind} >{{{condition}}} a > END", f"{kind} > b > END")


def subprocess(*paths: str) -> Drawing:
    """A subprocess holding these paths."""
    return Drawing("START > sub > END").subprocess("sub", Drawing(*paths))


def boundary(attached: str, inner: str = TIMER) -> Drawing:
    """An event at the boundary of something."""
    return Drawing(PLAIN, "x > b > END").node("x", "boundaryEvent", inner, attachedToRef=attached)


def event(inner: str, name: str | None = None) -> Drawing:
    """A catch event with something inside."""
    attributes = {} if name is None else {"name": name}
    return Drawing("START > x > END").node("x", "intermediateCatchEvent", inner, **attributes)


def task(inner: str = "", tag: str = "userTask", **attributes: str) -> Drawing:
    """A task with something inside."""
    return Drawing("START > x > END").node("x", tag, inner, **attributes)


def without(drawing: Drawing, text: str, instead: str = "") -> bytes:
    """The file with a text replaced."""
    assert text in drawing.xml().decode()
    return drawing.xml().decode().replace(text, instead).encode()


def parallel_first() -> Drawing:
    """An event-based gateway that would wait for all its events."""
    drawing = Drawing("START > any1 > t1 > END", "any1 > t2 > END").timer("t1", "PT1H")
    return drawing.timer("t2", "PT2H").node("any1", eventGatewayType="Parallel")


def events_first(second: str) -> Drawing:
    """An event-based gateway that leads to a timer and something else."""
    drawing = Drawing("START > any1 > t > END", f"any1 > {second} > END").timer("t", "PT1H")
    return drawing.message(second, "M") if second == "m" else drawing


REFUSED: dict[str, tuple[Drawing | bytes, set[tuple[str, str | None]]]] = {
    "event subprocess": (
        subprocess("START2 > b > END2").node("sub", "subProcess", triggeredByEvent="true"),
        {("unsupported_element", "sub"), ("empty_process", "sub")},
    ),
    "compensation": (task(isForCompensation="true"), {("unsupported_element", "x")}),
    "parallel events": (parallel_first(), {("unsupported_element", "any1")}),
    "two tokens": (task(startQuantity="2"), {("unsupported_element", "x")}),
    "two events": (
        event(MESSAGE.replace('"m"', '"m-M"') + TIMER),
        {
            ("unsupported_event", "x"),
            ("unknown_message", "x"),
        },
    ),
    "event by reference": (
        event("<bpmn:eventDefinitionRef>d</bpmn:eventDefinitionRef>"),
        {("unsupported_event", "x")},
    ),
    "no event": (event(""), {("missing_event", "x")}),
    "no event at a boundary": (boundary("a", ""), {("missing_event", "x")}),
    "unknown message": (event(MESSAGE), {("unknown_message", "x")}),
    "message without a name": (
        event("<bpmn:messageEventDefinition/>"),
        {("unknown_message", "x")},
    ),
    "message with spaces": (
        event("<bpmn:messageEventDefinition/>", "two words"),
        {("unknown_message", "x")},
    ),
    "timer without a time": (event("<bpmn:timerEventDefinition/>"), {("timer", "x")}),
    "timer with two times": (
        event(
            TIMER.replace("</bpmn:timer", "<bpmn:timeDate>2026-01-01</bpmn:timeDate></bpmn:timer")
        ),
        {("timer", "x")},
    ),
    "repetition as duration": (event(TIMER.replace("PT1H", "R3/PT1H")), {("timer", "x")}),
    "duration as repetition": (
        event(TIMER.replace("timeDuration", "timeCycle")),
        {("timer", "x")},
    ),
    "exclusive without condition": (
        gateway("xor1", "x == 1"),
        {("missing_condition", "xor1-b-3")},
    ),
    "inclusive without condition": (
        gateway("or1"),
        {
            ("missing_condition", "or1-a-1"),
            ("missing_condition", "or1-b-3"),
        },
    ),
    "condition behind a task": (
        Drawing("START > a >{x == 1} END"),
        {("condition", "a-END-1")},
    ),
    "condition behind a parallel gateway": (
        gateway("and1", "x == 1"),
        {("condition", "and1-a-1")},
    ),
    "condition in another language": (
        Drawing("START > xor1 >{else} a > END", "xor1 >{outcome = 1} b > END"),
        {("condition", "xor1-b-3")},
    ),
    "somebody else's default": (
        without(
            Drawing("START > xor1 >{x} a > xor2 >{else} END", "xor1 > b > END", "xor2 >{x} b"),
            'default="xor2-END-3"',
            'default="xor1-b-4"',
        ),
        {("missing_condition", "xor1-b-4"), ("missing_condition", "xor2-END-3")},
    ),
    "implicit split": (Drawing("START > a > END", "a > b > END"), {("implicit_split", "a")}),
    "flow to nowhere": (
        without(Drawing(PLAIN), 'targetRef="END"', 'targetRef="nobody"'),
        {
            ("dangling_flow", "a-END-1"),
            ("no_way_out", "a"),
            ("no_way_out", "START"),
            ("unreachable", "END"),
        },
    ),
    "flow to a start": (
        Drawing("START > xor1 >{x} START", "xor1 >{else} END"),
        {("dangling_flow", "xor1-START-1")},
    ),
    "flow from an end": (
        Drawing("START > END > a > END2"),
        {("dangling_flow", "END-a-1")},
    ),
    "flow to a boundary event": (
        Drawing("START > xor1 >{x} a > END", "xor1 >{else} t > END").timer("t", "PT1H", "a"),
        {("dangling_flow", "xor1-t-3")},
    ),
    "flow into a subprocess": (
        subprocess("START2 > b > END2").flow("START", "b"),
        {("dangling_flow", "START-b-2")},
    ),
    "boundary of nothing": (
        boundary("nobody"),
        {("dangling_boundary", "x"), ("unreachable", "x"), ("unreachable", "b")},
    ),
    "boundary of a gateway": (
        Drawing("START > and1 > END", "x > END").node(
            "x", "boundaryEvent", TIMER, attachedToRef="and1"
        ),
        {("dangling_boundary", "x")},
    ),
    "event-based to a task": (events_first("b"), {("event_gateway", "any1")}),
    "event-based, reached twice": (
        events_first("m").path("START > m"),
        {("event_gateway", "any1")},
    ),
    "event-based, same message": (
        events_first("m").path("any1 > m2 > END").message("m2", "M"),
        {("event_gateway", "any1")},
    ),
    "unreachable": (Drawing(PLAIN, "b > END"), {("unreachable", "b")}),
    "unreachable loop": (
        Drawing(PLAIN, "b > xor1 >{x} b", "xor1 >{else} END"),
        {("unreachable", "b"), ("unreachable", "xor1")},
    ),
    "dead end": (Drawing("START > and1 > a > END", "and1 > b"), {("no_way_out", "b")}),
    "loop without end": (
        Drawing("START > and1 > a > END", "and1 > b > c > b"),
        {("no_way_out", "b"), ("no_way_out", "c")},
    ),
    "dead end at a boundary": (
        Drawing(PLAIN, "t > b").timer("t", "PT1H", "a"),
        {("no_way_out", "t"), ("no_way_out", "b")},
    ),
    "no start": (
        Drawing("a > END"),
        {("start_event", "p")},
    ),
    "two starts": (Drawing(PLAIN, "START2 > b > END"), {("start_event", "p")}),
    "no end": (
        Drawing("START > xor1 > a > xor1"),
        {("end_event", "p")},
    ),
    "subprocess without start": (
        subprocess("b > END2"),
        {("start_event", "sub")},
    ),
    "subprocess without end": (subprocess("START2 > b"), {("end_event", "sub")}),
    "empty subprocess": (subprocess(), {("empty_process", "sub")}),
    "no process": (file(), {("no_process", None)}),
    "no nodes": (Drawing(), {("empty_process", "p")}),
    "process without id": (without(Drawing(PLAIN), ' id="p"'), {("missing_id", None)}),
    "node without id": (
        without(Drawing(PLAIN), '<bpmn:userTask id="a"', "<bpmn:userTask"),
        {
            ("missing_id", None),
            ("dangling_flow", "START-a-0"),
            ("dangling_flow", "a-END-1"),
            ("no_way_out", "START"),
            ("no_way_out", ""),
            ("unreachable", "END"),
            ("unreachable", ""),
        },
    ),
    "same id twice": (
        without(Drawing("START > a > b > END"), '<bpmn:userTask id="b"', '<bpmn:userTask id="a"'),
        {
            ("duplicate_id", "a"),
            ("dangling_flow", "a-b-1"),
            ("dangling_flow", "b-END-2"),
            ("no_way_out", "a"),
            ("no_way_out", "START"),
            ("unreachable", "END"),
        },
    ),
    "id of a process twice": (
        file(Drawing(PLAIN), Drawing(PLAIN)),
        {
            ("duplicate_id", "p"),
            *{("duplicate_id", each) for each in ("START", "a", "END", "START-a-0", "a-END-1")},
        },
    ),
    "call of nothing": (
        without(Drawing("START > call > END"), ' calledElement="item"'),
        {("called_element", "call")},
    ),
    "script without script": (task(tag="scriptTask"), {("script", "x")}),
    "script with code": (Drawing("START > x > END").script("x", "import os"), {("script", "x")}),
    "two kinds of loop": (task(loop(maximum=1) + instances("2")), {("loop", "x")}),
    "loop without condition": (task(loop()), {("loop", "x")}),
    "loop without number": (
        task(loop(maximum=3).replace('"3"', '"three"')),
        {("loop", "x")},
    ),
    "instances without number": (task(instances()), {("loop", "x")}),
    "instances with both": (task(instances("2", items="xs")), {("loop", "x")}),
    "instances of an expression": (task(instances(items="xs.all()")), {("loop", "x")}),
    "instances until": (task(instances("2", until="import os")), {("loop", "x")}),
    "item without a name": (
        task(instances(items="xs").replace('"each"', '"no name"')),
        {("loop", "x")},
    ),
    "kind": (task(properties(kind="robot")), {("property", "x")}),
    "case state": (task(properties(case_state="lost")), {("property", "x")}),
    "clock": (task(properties(starts_clock="yes")), {("property", "x")}),
    "days": (task(properties(promised_days="5.5")), {("property", "x")}),
    "days in other digits": (task(properties(promised_days="²")), {("property", "x")}),
    "item with spaces": (task(properties(item="IND 01")), {("property", "x")}),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name: str) -> None:
    drawing, expected = REFUSED[name]
    assert {(code, element or None) for code, element in problems(drawing)} == {
        (code, element or None) for code, element in expected
    }


def test_all_problems_of_a_file_are_told_at_once_in_the_order_of_the_file() -> None:
    drawing = Drawing("START > xor1 > x > END", "xor1 > y > END").node("x", "serviceTask")
    drawing.node("y", "scriptTask", "<bpmn:script>import os</bpmn:script>")
    found = problems(drawing)
    assert found == [
        ("unsupported_element", "x"),
        ("script", "y"),
        ("missing_condition", "xor1-x-1"),
        ("missing_condition", "xor1-y-3"),
    ]
    with pytest.raises(InvalidDefinition) as error:
        load(drawing.xml(), "file.bpmn")
    assert [each["code"] for each in error.value.detail["problems"]] == [code for code, _ in found]


# -- the file -----------------------------------------------------------------------------------

BOMB = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
    + "".join(
        f'<!ENTITY {c} "{f"&{p};" * 10}">' for p, c in zip("abcdefgh", "bcdefghi", strict=True)
    )
    + "]><x>&i;</x>"
)
EXTERNAL = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'
PARAMETER = '<!DOCTYPE x [<!ENTITY % e SYSTEM "http://127.0.0.1:9/x.dtd"> %e;]><x/>'


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "malformed_xml"),
        (b"\0\1\2", "malformed_xml"),
        (b"not xml", "malformed_xml"),
        (b"{}", "malformed_xml"),
        (Drawing(PLAIN).xml()[:-5], "malformed_xml"),
        (Drawing(PLAIN).xml() + b"<again/>", "malformed_xml"),
        (Drawing(PLAIN).xml().replace(b"UTF-8", b"nonsense"), "malformed_xml"),
        (Drawing(PLAIN).xml().replace(b'id="a"', b'id="\xff\xfe"'), "malformed_xml"),
        (Drawing(PLAIN).xml().replace(b'id="a"', b'id="&nobody;"'), "malformed_xml"),
        (b"<a>" * 100_000, "malformed_xml"),
        (BOMB.encode(), "malformed_xml"),
        (EXTERNAL.encode(), "doctype"),
        (PARAMETER.encode(), "doctype"),
        (b'<!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml"/>', "doctype"),
        (b"<definitions/>", "not_bpmn"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "not_bpmn"),
        (b"<!-- nothing --><bpmn:definitions/>", "malformed_xml"),
    ],
)
def test_what_is_no_bpmn_is_refused(content: bytes, code: str) -> None:
    assert [each for each, _ in problems(content)] == [code]


def test_a_file_that_is_too_large_is_not_read() -> None:
    assert [each.code for each in read(Drawing(PLAIN).xml(), max_bytes=100)[1]] == ["too_large"]
    assert [each.code for each in read(b" " * 2_000_001)[1]] == ["too_large"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_encodings(encoding: str) -> None:
    text = Drawing(PLAIN).node("a", name="收件受理").xml().decode()
    declared = {"utf-8-sig": "utf-8"}.get(encoding, encoding)
    content = text.replace("UTF-8", declared).encode(encoding)
    definitions, found = read(content)
    assert not found
    assert definitions[0].elements["a"].name == "收件受理"


# -- limits -------------------------------------------------------------------------------------


def chain(count: int, **nodes: str) -> Drawing:
    """Tasks in a row."""
    return Drawing(" > ".join(["START", *(f"t{each}" for each in range(count)), "END"]), **nodes)


def test_a_diagram_has_a_limited_number_of_nodes_and_flows() -> None:
    wide = Drawing()
    for each in range(MAX_ELEMENTS - 3):
        wide.path(f"and1 > t{each}").path(f"t{each} > END")
    wide.path("START > and1")
    assert problems(wide) == []
    wide.path("and1 > one-more > END")
    assert problems(wide) == [("too_many_elements", None)]
    dense = Drawing("START > and1 > END")
    for _ in range(MAX_FLOWS - 2):
        dense.flow("and1", "END")
    assert problems(dense) == []
    assert problems(dense.flow("and1", "END")) == [("too_many_elements", None)]


def test_a_long_process_runs_and_one_that_is_too_long_is_refused() -> None:
    drawing = chain(900)
    course = run(drawing.load())
    assert course.ended
    assert len(course.passed) == 902
    longest = MAX_DEPTH - 5
    assert problems(chain(longest)) == []
    assert problems(chain(longest + 1)) == [("too_deep", "p")]


def test_the_depth_of_subprocesses_and_boundaries_counts() -> None:
    inside = Drawing(" > ".join(["STARTin", *(f"x{each}" for each in range(500)), "ENDin"]))
    drawing = chain(500)
    drawing.path("t499 > sub").subprocess("sub", inside)
    drawing.flows.remove(next(each for each in drawing.flows if 'targetRef="END"' in each))
    drawing.path("sub > END")
    assert problems(drawing) == [("too_deep", "p")]
    bounded = chain(480)
    for each in range(480):
        bounded.path(f"e{each} > END").timer(f"e{each}", "PT1H", f"t{each}")
    assert problems(bounded) == [("too_deep", "p")]


@pytest.mark.parametrize("size", [MAX_LOOP - 2, MAX_LOOP - 1])
def test_a_long_loop_runs_and_one_that_is_too_long_is_refused(size: int) -> None:
    tasks = " > ".join(f"t{each}" for each in range(size))
    drawing = Drawing(f"START > xor1 > {tasks} > xor2 >{{else}} END", "xor2 >{again} xor1")
    assert problems(drawing) == ([] if size == MAX_LOOP - 2 else [("too_deep", "p")])


def test_a_diagram_of_nothing_but_gateways_is_read_quickly() -> None:
    drawing = Drawing("START > xor0", "xor1998 > END")
    for each in range(1_998):
        drawing.path(f"xor{each} >{{else}} xor{each + 1}").flow(f"xor{each}", f"xor{each + 1}", "x")
    assert problems(drawing) == [("too_many_elements", None), ("too_deep", "p")]


# -- drawing ------------------------------------------------------------------------------------

LANES = (
    '<bpmn:laneSet id="s"><bpmn:lane id="lane-A" name="甲"><bpmn:flowNodeRef>a</bpmn:flowNodeRef>'
    '<bpmn:childLaneSet id="c"><bpmn:lane id="lane-B"><bpmn:flowNodeRef>a</bpmn:flowNodeRef>'
    "</bpmn:lane></bpmn:childLaneSet></bpmn:lane></bpmn:laneSet>"
)
DRAWING = (
    '<bpmn:dataObject id="do"/><bpmn:dataObjectReference id="dor" dataObjectRef="do"/>'
    '<bpmn:dataStoreReference id="dsr" dataStoreRef="ds"/><bpmn:textAnnotation id="ta">'
    '<bpmn:text>x</bpmn:text></bpmn:textAnnotation><bpmn:association id="as" sourceRef="a"'
    ' targetRef="ta"/><bpmn:group id="g" categoryValueRef="cv"/><bpmn:documentation>x'
    "</bpmn:documentation><bpmn:property id='pr'/><bpmn:auditing/><bpmn:monitoring/>"
)
TASK = (
    "<bpmn:documentation>x</bpmn:documentation><bpmn:extensionElements><v:form xmlns:v='urn:v'"
    " id='END'/></bpmn:extensionElements><bpmn:incoming>f</bpmn:incoming><bpmn:property id='q'/>"
    "<bpmn:dataInputAssociation id='dia'><bpmn:sourceRef>nobody</bpmn:sourceRef>"
    "</bpmn:dataInputAssociation><bpmn:dataOutputAssociation id='doa'><bpmn:targetRef>dsr"
    "</bpmn:targetRef></bpmn:dataOutputAssociation><bpmn:ioSpecification><bpmn:dataInput id='di'/>"
    "<bpmn:inputSet><bpmn:dataInputRefs>di</bpmn:dataInputRefs></bpmn:inputSet>"
    "</bpmn:ioSpecification><bpmn:humanPerformer id='hp'/><v:sequenceFlow xmlns:v='urn:v'"
    " id='v' sourceRef='a' targetRef='b'/><v:boundaryEvent xmlns:v='urn:v' attachedToRef='a'/>"
)
OUTSIDE = (
    '<bpmn:import importType="x" location="http://127.0.0.1:9/x.xsd" namespace="urn:x"/>'
    '<bpmn:dataStore id="ds"/><bpmn:itemDefinition id="id"/><bpmn:error id="er"/>'
    '<bpmn:signal id="si"/><bpmn:escalation/><bpmn:signal/><bpmn:correlationProperty id="cp"/>'
    '<bpmn:category id="ca"><bpmn:categoryValue id="cv"/></bpmn:category>'
    '<bpmn:globalTask id="gt"/><bpmn:resource id="r"/>'
    '<bpmn:collaboration id="co"><bpmn:participant id="pa" name="审批" processRef="p"/>'
    '<bpmn:participant id="pb" name="公众"/><bpmn:messageFlow id="mf" sourceRef="pb"'
    ' targetRef="a"/></bpmn:collaboration>'
)
SHAPES = (
    '<di:BPMNDiagram xmlns:di="http://www.omg.org/spec/BPMN/20100524/DI" id="d"><di:BPMNPlane'
    ' id="pl" bpmnElement="p"><di:BPMNShape id="sh" bpmnElement="a"><b:Bounds'
    ' xmlns:b="http://www.omg.org/spec/DD/20100524/DC" x="left" y="top"/></di:BPMNShape>'
    "</di:BPMNPlane></di:BPMNDiagram>"
)


def test_drawing_has_no_part_in_running() -> None:
    drawing = Drawing(PLAIN).node("a", inner=TASK)
    drawing.flows.append(LANES + DRAWING)
    content = file(drawing, more=OUTSIDE).replace(
        b"</bpmn:definitions>", f"{SHAPES}</bpmn:definitions>".encode()
    )
    definitions, found = read(content)
    assert found == []
    (definition,) = definitions
    assert definition.name == "审批"
    assert definition.elements["a"].lane == "lane-B"
    assert set(definition.elements) == {"START", "a", "END"}
    assert run(definition).passed == ["START", "a", "END"]


@pytest.mark.parametrize("prefix", ["bpmn2:", "semantic:", ""])
def test_any_prefix_will_do(prefix: str) -> None:
    text = Drawing("START > xor1 >{x == 1} a > END", "xor1 >{else} b > END").xml().decode()
    text = text.replace("xmlns:bpmn=", f"xmlns:{prefix[:-1]}=" if prefix else "xmlns=")
    definition = load(text.replace("bpmn:", prefix).encode())[0]
    assert waits(start(definition, {"x": 1})) == ["a"]


HEADERS = {
    "Camunda 7": 'xmlns:camunda="http://camunda.org/schema/1.0/bpmn" exporter="Camunda Modeler"',
    "Camunda 8": 'xmlns:modeler="http://camunda.org/schema/modeler/1.0" exporterVersion="5.2"'
    ' modeler:executionPlatform="Camunda Cloud" modeler:executionPlatformVersion="8.5.0"',
    "Signavio": 'xmlns:signavio="http://www.signavio.com" exporter="Signavio Process Editor"'
    ' expressionLanguage="http://www.w3.org/1999/XPath"'
    ' typeLanguage="http://www.w3.org/2001/XMLSchema"',
}
BODIES = {
    "Camunda 7": '<bpmn:extensionElements xmlns:camunda="http://camunda.org/schema/1.0/bpmn">'
    '<camunda:formData><camunda:formField id="START" type="string"/></camunda:formData>'
    '<camunda:taskListener class="x.Y" event="create"/></bpmn:extensionElements>',
    "Camunda 8": "<bpmn:extensionElements><zeebe:userTask/><zeebe:ioMapping><zeebe:input"
    ' source="=x" target="y"/></zeebe:ioMapping></bpmn:extensionElements>',
    "Signavio": '<bpmn:extensionElements xmlns:signavio="http://www.signavio.com">'
    '<signavio:signavioMetaData metaKey="k" metaValue=""/></bpmn:extensionElements>',
}


@pytest.mark.parametrize("tool", HEADERS)
def test_files_of_other_tools_run(tool: str) -> None:
    text = Drawing(PLAIN).node("a", inner=BODIES[tool]).xml().decode()
    text = text.replace("targetNamespace", f"{HEADERS[tool]} targetNamespace")
    definitions, found = read(
        text.replace('process id="p"', 'process id="p" isExecutable="true"').encode()
    )
    assert found == []
    assert run(definitions[0]).ended


def test_a_process_marked_as_not_executable_runs_with_a_warning() -> None:
    content = without(Drawing(PLAIN), 'process id="p"', 'process id="p" isExecutable="false"')
    assert problems(content) == []
    assert problems(content, WARNING) == [("not_executable", "p")]
    assert run(load(content)[0]).ended


def test_a_file_may_hold_several_processes_and_empty_pools() -> None:
    other = Drawing("START2 > b > END2", name="q")
    content = file(Drawing(PLAIN), other, more='<bpmn:process id="pool" isExecutable="false"/>')
    definitions, found = read(content)
    assert [each.id for each in definitions] == ["p", "q"]
    assert [(each.code, each.severity) for each in found] == [("empty_process", WARNING)]
    assert [waits(start(each)) for each in definitions] == [["a"], ["b"]]
    assert len({each.key for each in definitions}) == 2


def test_a_process_a_message_and_a_flow_may_be_called_so_too() -> None:
    content = Drawing("START > g > END", name="Start").message("g", "M").xml()
    content = content.replace(b'"m-M"', b'"End"').replace(b'"START-g-0"', b'"p.EndJoin"')
    execution = start(load(content)[0])
    assert execution.open_gates(["M"])
    assert execution.step().ended


@pytest.mark.parametrize(
    "names", [("Start", "End"), ("p.EndJoin", "End [child]"), ("End", "Start")]
)
def test_the_names_that_spiffworkflow_uses_itself_may_be_used(names: tuple[str, str]) -> None:
    begin, end = names
    drawing = Drawing(f"{begin} > a > {end}")
    drawing.node(begin, "startEvent").node(end, "endEvent")
    definitions, found = read(drawing.xml())
    assert found == []
    course = run(definitions[0])
    assert (course.passed, course.ended) == ([begin, "a", end], True)


def test_comments_do_not_hide_an_expression() -> None:
    drawing = Drawing("START > xor1 >{x == 1} a > END", "xor1 >{else} b > END")
    content = without(drawing, "x == 1", "x <!-- or --> == <!-- not -->1")
    assert waits(start(load(content)[0], {"x": 1})) == ["a"]


def test_a_blank_condition_is_none() -> None:
    drawing = Drawing("START > xor1 > xor2 >{x == 1} a > END", "xor2 >{else} b > END")
    blank = (
        '<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">  </bpmn:conditionExpression>'
    )
    content = without(drawing, 'targetRef="xor2">', f'targetRef="xor2">{blank}')
    assert waits(start(load(content)[0], {"x": 2})) == ["b"]


def test_every_code_is_in_the_reference_and_no_other() -> None:
    page = (ROOT / "docs/reference/bpmn-profile.md").read_text(encoding="utf-8")
    described = set(re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE))
    assert described == codes()


def codes() -> set[str]:
    """The codes of problems that the code gives."""
    found: set[str] = set()
    for path in (ROOT / "engine").glob("**/*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                found |= set(code_of(node))
    return found


def code_of(call: ast.Call) -> list[str]:
    """The code that a call notes as a problem, if it does."""
    name = getattr(call.func, "id", getattr(call.func, "attr", ""))
    place = {"Problem": 0, "refuse": 0, "problem": 1, "at": 1, "expression": 2}.get(name)
    if place is None or len(call.args) <= place:
        return []
    code = call.args[place]
    return [code.value] if isinstance(code, ast.Constant) and isinstance(code.value, str) else []


assert HEAD  # the file's beginning is what the replacements above rely on
