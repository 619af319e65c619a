"""A composed diagram says exactly what the network says, in well-formed BPMN."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import networkx as nx
import pytest
from hypothesis import given, settings
from lxml import etree

from engine.rules.procedure import OPEN, START, Activity, Kind
from engine.workflow.compose import Captions, StagePlan, compose
from engine.workflow.layout import draw
from engine.workflow.xml import BPMN, NAMESPACES, local_name
from tests.drawing.facts import PROCEDURES, activities, captions, stages
from tests.drawing.networks import CAPTIONS, STAGES, procedures
from tests.drawing.reading import predecessors

MIXED = {"callActivity", "userTask", "startEvent", "endEvent", "intermediateCatchEvent"}


def files(network: Sequence[Activity]) -> dict[str, bytes]:
    made = compose(network, STAGES, CAPTIONS)
    return {stage: draw(diagram) for stage, diagram in made.items() if len(diagram.nodes) > 1}


def reduced(network: Sequence[Activity]) -> dict[str, set[str]]:
    graph: nx.DiGraph[str] = nx.DiGraph(
        (p, a.id) for a in network for p in a.predecessors or (START,)
    )
    smallest = nx.transitive_reduction(graph)
    return {a.id: set(smallest.predecessors(a.id)) for a in network}


@settings(deadline=None, max_examples=60)
@given(procedures())
def test_the_predecessor_relation_survives(network: list[Activity]) -> None:
    read: dict[str, set[str]] = {}
    for content in files(network).values():
        read.update(predecessors(content))
    assert {item: waits for item, waits in read.items() if not item.endswith("-done")} == reduced(
        network
    )


@pytest.mark.parametrize("procedure", PROCEDURES)
def test_the_predecessor_relation_of_the_facts_survives(procedure: str) -> None:
    network = activities(procedure)
    read: dict[str, set[str]] = {}
    for diagram in compose(network, stages(), captions(procedure)).values():
        read.update(predecessors(draw(diagram)))
    expected = reduced(network)
    assert {item: read[item] for item in expected} == expected


@settings(deadline=None, max_examples=40)
@given(procedures())
def test_flows_part_and_meet_in_gateways_alone(network: list[Activity]) -> None:
    for content in files(network).values():
        root = etree.fromstring(content)
        targets = Counter(
            f.get("targetRef") for f in root.iterfind(".//bpmn:sequenceFlow", NAMESPACES)
        )
        sources = Counter(
            f.get("sourceRef") for f in root.iterfind(".//bpmn:sequenceFlow", NAMESPACES)
        )
        for element in root.iter():
            if isinstance(element.tag, str) and local_name(element) in MIXED:
                assert targets[element.get("id")] <= 1
                assert sources[element.get("id")] <= 1
            if element.tag == f"{{{BPMN}}}parallelGateway":
                ways = targets[element.get("id")], sources[element.get("id")]
                assert min(ways) == 1
                assert max(ways) > 1


@settings(deadline=None, max_examples=40)
@given(procedures())
def test_the_file_is_consistent(network: list[Activity]) -> None:
    for content in files(network).values():
        assert_consistent(content)


def assert_consistent(content: bytes) -> None:
    """Ids are unique, lanes share out the nodes, and nodes name their flows."""
    root = etree.fromstring(content)
    ids = Counter(e.get("id") for e in root.iter() if isinstance(e.tag, str) and e.get("id"))
    assert [name for name, count in ids.items() if count > 1] == []
    nodes = [e for e in root.iterfind("bpmn:process/*", NAMESPACES) if _is_node(e)]
    members = Counter(ref.text for ref in root.iterfind(".//bpmn:flowNodeRef", NAMESPACES))
    assert members == Counter(e.get("id") for e in nodes)
    flows = list(root.iterfind(".//bpmn:sequenceFlow", NAMESPACES))
    for node in nodes:
        for tag, end in (("incoming", "targetRef"), ("outgoing", "sourceRef")):
            named = {ref.text for ref in node.findall(f"bpmn:{tag}", NAMESPACES)}
            assert named == {f.get("id") for f in flows if f.get(end) == node.get("id")}
    for event in root.iterfind(".//bpmn:messageEventDefinition", NAMESPACES):
        assert ids[event.get("messageRef")] == 1


def _is_node(element: etree._Element) -> bool:
    return isinstance(element.tag, str) and local_name(element) not in {"laneSet", "sequenceFlow"}


def approval(item: str, *after: str, stage: str = "planning") -> Activity:
    return Activity(item, f"事项{item}", stage, "PLAN", Kind.APPROVAL, 1, after)


def shape_of(network: Sequence[Activity], stage: str = "planning") -> list[tuple[str, str]]:
    made = compose(network, STAGES, CAPTIONS)[stage]
    return [(flow.source, flow.target) for flow in made.flows]


def test_items_that_wait_for_the_same_things_share_a_join() -> None:
    network = [approval("A"), approval("B"), approval("C", "A", "B"), approval("D", "B", "A")]
    assert shape_of(network) == [
        ("START", "fork-START"),
        ("fork-START", "A"),
        ("fork-START", "B"),
        ("A", "join-C"),
        ("B", "join-C"),
        ("join-C", "fork-C-start"),
        ("fork-C-start", "C"),
        ("fork-C-start", "D"),
        ("C", "join-planning-done"),
        ("D", "join-planning-done"),
        ("join-planning-done", "planning-done"),
    ]


def test_one_event_waits_for_an_item_of_another_stage_whoever_needs_it() -> None:
    network = [approval("A", stage="approval"), approval("B", "A"), approval("C", "A")]
    made = compose(network, STAGES, CAPTIONS)["planning"]
    waiting = [node for node in made.nodes if node.kind == "intermediateCatchEvent"]
    assert [(node.id, node.name, node.message) for node in waiting] == [
        ("wait-A", "事项A办结", "A")
    ]


def test_a_wait_that_follows_from_another_is_not_drawn() -> None:
    network = [approval("A", stage="approval"), approval("B", "A"), approval("C", "A", "B")]
    assert ("B", "C") in shape_of(network)


def test_construction_starts_when_everything_before_it_is_done() -> None:
    network = [
        approval("A", stage="approval"),
        approval("P", stage="construction"),
        Activity(OPEN, "开工", "construction", "", Kind.MILESTONE, 0, ("A", "P")),
        approval("Q", OPEN, stage="acceptance"),
    ]
    assert shape_of(network, "construction")[-1] == (f"join-{OPEN}", OPEN)
    assert shape_of(network, "acceptance")[0] == (START, f"wait-{OPEN}")


def test_a_soft_gate_is_a_property_and_no_flow() -> None:
    soft = Activity(
        "B", "事项B", "planning", "PLAN", Kind.APPROVAL, 1, (), decision_waits_for=("A",)
    )
    made = compose([approval("A"), soft], STAGES, CAPTIONS)["planning"]
    assert dict(made.by_id()["B"].properties)["decision_waits_for"] == "A"
    assert made.incoming("B")[0].source == "fork-START"


def test_the_captions_name_what_waits() -> None:
    made = compose(
        [approval("A", stage="approval"), approval("B", "A")],
        [StagePlan("planning", "规划许可", "PLAN")],
        Captions({"PLAN": "规划局"}, "竞得土地", {"A": "备案办结"}),
    )["planning"]
    assert [node.name for node in made.nodes if node.is_event] == [
        "竞得土地",
        "备案办结",
        "规划许可完成",
    ]
