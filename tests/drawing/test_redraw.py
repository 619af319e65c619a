"""Diagrams drawn elsewhere come out tidy, with their content untouched."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from lxml import etree

from engine.errors import InvalidDefinition
from engine.workflow.diagram import Diagram, Flow, Lane, Node
from engine.workflow.diagram_xml import to_xml
from engine.workflow.layout import draw, lay_out, redraw
from tests.drawing.facts import BPMN
from tests.drawing.networks import processes
from tests.drawing.tidiness import CHECKS, faults, read_sheet, strangers_do_not_run_along_each_other

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
  xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI"
  xmlns:dc="http://www.omg.org/spec/DD/20100524/DC"
  xmlns:color="http://www.omg.org/spec/BPMN/non-normative/color/1.0"
  xmlns:other="http://example.com/other" id="d" targetNamespace="http://example.com">
"""
#: a process as others draw it: no lanes, a boundary event, a subprocess, an extension
FOREIGN = (
    HEAD
    + """  <!-- kept -->
  <bpmn:process id="p" isExecutable="true">
    <bpmn:startEvent id="start"/>
    <bpmn:userTask id="work" name="Work" other:secret="1">
      <bpmn:extensionElements>
        <other:thing value="x"> as it is </other:thing>
      </bpmn:extensionElements>
    </bpmn:userTask>
    <bpmn:boundaryEvent id="late" name="too late" attachedToRef="work">
      <bpmn:timerEventDefinition/>
    </bpmn:boundaryEvent>
    <bpmn:subProcess id="inner" name="Inner">
      <bpmn:startEvent id="in-start"/>
      <bpmn:userTask id="in-work"/>
      <bpmn:endEvent id="in-end"/>
      <bpmn:sequenceFlow id="i1" sourceRef="in-start" targetRef="in-work"/>
      <bpmn:sequenceFlow id="i2" sourceRef="in-work" targetRef="in-end"/>
    </bpmn:subProcess>
    <bpmn:endEvent id="end"/>
    <bpmn:endEvent id="end-late" name="given up"/>
    <bpmn:sequenceFlow id="f1" sourceRef="start" targetRef="work"/>
    <bpmn:sequenceFlow id="f2" sourceRef="work" targetRef="inner"/>
    <bpmn:sequenceFlow id="f3" sourceRef="inner" targetRef="end"/>
    <bpmn:sequenceFlow id="f4" sourceRef="late" targetRef="end-late"/>
    <bpmn:textAnnotation id="note"><bpmn:text>mind</bpmn:text></bpmn:textAnnotation>
    <bpmn:association id="tie" sourceRef="work" targetRef="note"/>
  </bpmn:process>
  DRAWING
</bpmn:definitions>
"""
)
OLD_DRAWING = """<bpmndi:BPMNDiagram id="old"><bpmndi:BPMNPlane id="plane" bpmnElement="p">
    <bpmndi:BPMNShape id="s1" bpmnElement="inner" isExpanded="true">
      <dc:Bounds x="7" y="7" width="7" height="7"/></bpmndi:BPMNShape>
    <bpmndi:BPMNShape id="s2" bpmnElement="work" color:background-color="#ffe0b2">
      <dc:Bounds x="7" y="7" width="7" height="7"/></bpmndi:BPMNShape>
  </bpmndi:BPMNPlane></bpmndi:BPMNDiagram>"""


def content_of(file: bytes) -> bytes:
    """A file without its drawing and without the white space around it."""
    root = etree.fromstring(file)
    for drawing in root.findall("{http://www.omg.org/spec/BPMN/20100524/DI}BPMNDiagram"):
        root.remove(drawing)
    return etree.tostring(root, method="c14n2", strip_text=True)


@pytest.mark.parametrize("drawing", ["", OLD_DRAWING], ids=["never drawn", "drawn"])
def test_content_and_extensions_stay_as_they_are(drawing: str) -> None:
    before = FOREIGN.replace("DRAWING", drawing).encode()
    after = redraw(before)
    assert content_of(after) == content_of(before)
    assert b'<other:thing value="x"> as it is </other:thing>' in after


def test_everything_is_drawn_and_colours_stay() -> None:
    after = redraw(FOREIGN.replace("DRAWING", OLD_DRAWING).encode())
    sheet = read_sheet(after)
    assert {*sheet.nodes, "note"} <= set(sheet.boxes)
    assert {*sheet.flows, "tie"} <= set(sheet.routes)
    assert b'color:background-color="#ffe0b2"' in after


def test_an_expanded_subprocess_holds_its_content() -> None:
    sheet = read_sheet(redraw(FOREIGN.replace("DRAWING", OLD_DRAWING).encode()))
    outer = sheet.boxes["inner"]
    for inside in ("in-start", "in-work", "in-end"):
        box = sheet.boxes[inside]
        assert outer.x < box.x < box.right < outer.right
        assert outer.y < box.y < box.bottom < outer.bottom


def test_a_collapsed_subprocess_has_a_plane_of_its_own() -> None:
    after = redraw(FOREIGN.replace("DRAWING", "").encode())
    planes = etree.fromstring(after).iterfind(".//{*}BPMNPlane")
    assert [plane.get("bpmnElement") for plane in planes] == ["p", "inner"]


def test_a_boundary_event_sits_on_its_host() -> None:
    sheet = read_sheet(redraw(FOREIGN.replace("DRAWING", "").encode()))
    assert sheet.boxes["late"].centre.y == sheet.boxes["work"].bottom
    assert sheet.routes["f4"][0].y == sheet.boxes["late"].bottom


def test_drawing_again_changes_nothing() -> None:
    once = redraw(FOREIGN.replace("DRAWING", OLD_DRAWING).encode())
    assert redraw(once) == once


def test_pools_lie_below_each_other_with_their_messages() -> None:
    file = (
        HEAD
        + """<bpmn:collaboration id="c">
          <bpmn:participant id="a" name="甲" processRef="p"/><bpmn:participant id="b" name="乙"/>
          <bpmn:messageFlow id="m" sourceRef="work" targetRef="b"/></bpmn:collaboration>
        <bpmn:process id="p"><bpmn:userTask id="work"/></bpmn:process></bpmn:definitions>"""
    )
    sheet = read_sheet(redraw(file.encode()))
    assert sheet.boxes["a"].bottom < sheet.boxes["b"].y
    assert sheet.routes["m"][0].y == sheet.boxes["work"].bottom
    assert sheet.routes["m"][-1].y == sheet.boxes["b"].y


@pytest.mark.parametrize(
    "file", [b"", b"no xml", b"<a/>", b"<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>"]
)
def test_what_is_not_bpmn_is_refused(file: bytes) -> None:
    with pytest.raises(InvalidDefinition):
        redraw(file)


def test_an_empty_process_is_drawn_as_nothing() -> None:
    file = HEAD + '<bpmn:process id="p"/></bpmn:definitions>'
    assert read_sheet(redraw(file.encode())).boxes == {}


@settings(deadline=None, max_examples=80)
@given(processes())
def test_any_process_is_drawn_without_overlaps(diagram: Diagram) -> None:
    """Implicit forks and loops may make flows share a line; nothing else may go wrong."""
    content = draw(diagram)
    assert [f for f in faults(content) if "along each other" not in f] == []
    assert redraw(content) == content


def test_a_loop_leads_back_above_or_below_the_main_line() -> None:
    sheet = read_sheet((BPMN / "shared" / "item.bpmn").read_bytes())
    back = sheet.routes["supplement--receipt"]
    assert back[-1].x < back[0].x
    assert {point.y for point in back[:-1]} == {sheet.boxes["supplement"].centre.y}


def test_the_same_diagram_always_gives_the_same_drawing() -> None:
    path = BPMN / "procedures" / "real-estate-2013" / "planning.bpmn"
    assert len({redraw(path.read_bytes()) for _ in range(3)}) == 1


def test_named_flows_carry_their_name_beside_them() -> None:
    lanes = (Lane("l", "窗口"),)
    nodes = (
        Node("s", "startEvent", "收件", "l"),
        Node("g", "exclusiveGateway", "可否受理？", "l"),
        Node("y", "endEvent", "受理", "l"),
        Node("n", "endEvent", "不予受理", "l"),
    )
    flows = (Flow("1", "s", "g"), Flow("2", "g", "y", "是"), Flow("3", "g", "n", "否，书面告知"))
    diagram = Diagram("p", "收件", lanes, nodes, flows)
    drawing = lay_out(diagram)
    assert {"2", "3", "g", "s", "y", "n"} == set(drawing.labels)
    sheet = read_sheet(to_xml(diagram, drawing))
    assert [fault for check in CHECKS for fault in check(sheet)] == []
    assert list(strangers_do_not_run_along_each_other(sheet)) == []
