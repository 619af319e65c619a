"""The control flow of whatever can be deployed, and that it says what the network says."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import Any

import pytest
from hypothesis import given

from engine.analysis.network import ActivityNetwork, View
from engine.analysis.schedule import schedule
from engine.rules.flow import ControlFlow, FlowKind, FlowNode
from engine.rules.procedure import OPEN, START, Kind
from engine.workflow.deployment import Deployment, build
from engine.workflow.flow import control_flow
from tests.analysis.networks import with_days
from tests.service.drawn import (
    approval,
    boundary,
    call,
    chain,
    diagram,
    files,
    flow,
    gate,
    node,
    one_stage,
    properties,
    timer,
    winding,
    work,
)
from tests.workflow.drawing import Drawing, instances, loop
from tests.workflow.drawing import properties as said
from tests.workflow.flows import ELSEWHERE, FOUR, built, city, flow_of, lone, random_procedure
from tests.workflow.networks import Blocks, order
from tests.workflow.test_fuzz import FEW, mutated
from tests.workflow.token_walk import Walk, walk


def agree(deployment: Deployment, *aside: str, lengths: Mapping[str, int] | None = None) -> None:
    """Hold a walk through the control flow against the critical path, in both views.

    `aside`: what lies on ways that nobody goes by default.
    """
    found, network = control_flow(deployment), ActivityNetwork(deployment.activities)
    network = with_days(network, **(lengths or {}))
    mains = {item.id: item.main for item in found.items.values() if item.id in network}
    for view in View:
        days = {main: float(view.length(network[item])) for item, main in mains.items()}
        brought, planned = walk(found, days), schedule(network, view)
        expected = {name: times.earliest_finish for name, times in planned}
        for name in (START, *aside):
            del expected[name]
        assert {name: brought[name] for name in expected} == expected


@pytest.mark.parametrize("name", FOUR)
def test_the_four_procedures_take_their_critical_path(name: str) -> None:
    agree(city(name))


def test_a_soft_gate_a_branch_and_a_loop() -> None:
    agree(built(winding()), "A-3")


def test_a_diagram_drawn_elsewhere() -> None:
    agree(built({ELSEWHERE.name: ELSEWHERE.read_bytes()}))


@pytest.mark.parametrize("seed", range(60))
def test_random_networks_take_their_critical_path(seed: int) -> None:
    agree(random_procedure(seed, 3 + seed % 12))


def test_every_node_has_a_way_from_a_start_and_every_way_leads_to_a_node() -> None:
    for name in FOUR:
        check(control_flow(city(name)))


def check(found: ControlFlow) -> None:
    """Hold what must be so of any control flow."""
    brought = {each.brings for each in found.nodes.values() if each.brings}
    for name, each in found.nodes.items():
        assert each.id == name
        assert brought >= set(each.waits_for)
        assert all(way.target in found.nodes for way in each.outgoing)
        assert len({way.id for way in each.outgoing}) == len(each.outgoing)
        assert bool(each.outgoing) != (each.kind is FlowKind.END), name
        assert each.kind is not FlowKind.GATE or each.waits_for
    assert found.starts
    for item in found.items.values():
        assert item.id in brought
        assert item.begins in found.nodes
        assert item.main == "" or found.nodes[item.main].kind is FlowKind.WORK


# -- an item's diagram in the place of its call ------------------------------------------------


def targets(each: FlowNode) -> list[str]:
    return [way.target for way in each.outgoing]


def default(each: FlowNode) -> str:
    return next(way.target for way in each.outgoing if way.default)


def test_an_item_stands_in_the_place_of_its_call() -> None:
    found = control_flow(city("industrial-2014"))
    nodes, item = found.nodes, found.items["IND-09"]
    assert (item.begins, item.main) == ("IND-09/START", "IND-09/review")
    assert (item.accepted, item.days) == ("IND-09/accepted", 5)
    assert "IND-09/START" in [way for each in nodes.values() for way in targets(each)]
    decided = nodes["IND-09/decided"]
    assert decided.brings == "IND-09"
    assert targets(decided) == ["IND-09/fee", "join-IND-10"]
    review = nodes["IND-09/review"]
    assert (review.element, review.diagram, review.stage) == ("review", "item", "planning")
    assert (review.department, review.worker, review.item) == ("CAD", Kind.APPROVAL, "IND-09")


def test_days_count_from_acceptance_to_decision_and_are_the_departments() -> None:
    nodes = control_flow(city("industrial-2014")).nodes
    counted = {each.id for each in nodes.values() if each.counted and each.item == "IND-02"}
    assert counted == {"IND-02/review", "IND-02/decide", "IND-02/issue"}
    assert not nodes["IND-A3"].counted
    assert nodes["IND-02/supplement"].worker is Kind.APPLICANT


def test_ends_without_a_result_lead_back_over_the_applicant() -> None:
    nodes = control_flow(city("industrial-2014")).nodes
    again = nodes["IND-02/again"]
    assert (again.kind, again.worker, again.element) == (FlowKind.WORK, Kind.APPLICANT, "again")
    assert targets(again) == ["IND-02/START"]
    for end in ("refused", "returned", "not-accepted", "out-of-scope"):
        assert nodes[f"IND-02/{end}"].kind is FlowKind.PASS
        assert targets(nodes[f"IND-02/{end}"]) == ["IND-02/again"]
    assert nodes["IND-02/delivered"].kind is FlowKind.END


def test_gates_wait_across_stages_and_a_soft_one_for_what_the_decision_waits_for() -> None:
    nodes = flow_of(winding()).nodes
    assert (nodes["wait-C-1"].kind, nodes["wait-C-1"].waits_for) == (FlowKind.GATE, ("C-1",))
    soft, none = nodes["B-1/decision-gate"], nodes["A-1/decision-gate"]
    assert (soft.kind, soft.waits_for) == (FlowKind.GATE, ("A-1",))
    assert (none.kind, none.waits_for) == (FlowKind.PASS, ())
    assert nodes["OPEN"].brings == OPEN
    assert nodes["approval-done"].brings == "approval-done"
    assert {"approval/START", "construction/START"} <= nodes.keys()


def test_what_is_known_of_an_item_takes_its_way() -> None:
    parts = (
        *map(call, ("A", "B", "C")),
        node("endEvent", "end"),
        chain("START", "A", "B", "C", "end"),
    )
    rows = {"A": approval(3, fee=True), "B": approval(0, instant=True), "C": approval(3)}
    nodes = flow_of(one_stage("known", *parts, **rows)).nodes
    assert default(nodes["A/fee"]) == "A/pay"
    assert default(nodes["A/swift"]) == "A/review"
    assert default(nodes["B/swift"]) == "B/before-decision"
    assert default(nodes["C/fee"]) == "C/payment"


def test_a_diagram_that_says_no_decision_completes_its_item_where_all_of_it_has_ended() -> None:
    called = diagram(
        "plain",
        node("parallelGateway", "fork"),
        *(node("userTask", each) for each in "xyz"),
        node("exclusiveGateway", "which", default="which--e1"),
        *(node("endEvent", each) for each in ("e1", "e2", "e3")),
        chain("START", "fork", "x", "which", "e1"),
        flow("which", "e2", "a == 1"),
        chain("fork", "y", "z", "e3"),
    )
    parts = (call("A", "plain"), node("endEvent", "end"), chain("START", "A", "end"))
    found = flow_of({**one_stage("plainly", *parts, A=approval(4)), "plain.bpmn": called})
    assert [each.id for each in found.nodes.values() if each.counted] == ["A/x", "A/y", "A/z"]
    assert found.items["A"].main == "A/x"
    assert "A/again" not in found.nodes
    [all_] = [each for each in found.nodes.values() if each.brings == "A"]
    assert all_.kind is FlowKind.PARALLEL
    assert walk(found, {"A/x": 4.0, "A/y": 2.0, "A/z": 5.0})["A"] == 7
    assert walk(found, {"A/x": 9.0, "A/y": 2.0})["A"] == 9
    check(found)


def test_two_decisions_are_one() -> None:
    result = properties(case_state="decided")
    called = diagram(
        "two",
        node("userTask", "x"),
        node("exclusiveGateway", "which", default="which--yes"),
        node("endEvent", "yes", result),
        node("endEvent", "partly", result),
        node("endEvent", "no"),
        chain("START", "x", "which", "yes"),
        flow("which", "partly", "a == 1"),
        flow("which", "no", "a == 2"),
    )
    parts = (call("A", "two"), node("endEvent", "end"), chain("START", "A", "end"))
    found = flow_of({**one_stage("twice", *parts, A=approval(4)), "two.bpmn": called})
    [done] = [each for each in found.nodes.values() if each.brings]
    assert targets(found.nodes["A/yes"]) == targets(found.nodes["A/partly"]) == [done.id]
    assert targets(found.nodes["A/no"]) == ["A/again"]
    check(found)


# -- a diagram by itself -------------------------------------------------------------------------


def test_every_task_of_a_lone_diagram_is_an_item() -> None:
    drawing = Drawing("START > a > b > END").node("b", name="审查", inner=said(promised_days="3"))
    found = lone(drawing.xml())
    assert [*found.items] == ["a", "b"]
    assert (found.items["b"].days, found.items["b"].kind) == (3, Kind.APPROVAL)
    assert found.nodes["START"].kind is FlowKind.START
    assert found.nodes["b"].counted
    assert found.nodes["b"].brings == "b"


def test_flows_keep_their_ids_names_and_conditions() -> None:
    drawing = Drawing("START > xor1 >{else} a > END", "xor1 >{x > 1} b > END")
    nodes = lone(drawing.xml()).nodes
    one, other = nodes["xor1"].outgoing
    assert (one.target, one.default, one.condition) == ("a", True, "")
    assert (other.target, other.default, other.condition) == ("b", False, "x > 1")
    assert other.id == "xor1-b-3"


def test_a_subprocess_ends_when_all_of_it_has_ended() -> None:
    inside = Drawing("STARTin > and1 > a > ENDa", "and1 > b > c > ENDb")
    found = lone(Drawing("START > sub > d > END").subprocess("sub", inside).xml())
    assert walk(found, {"a": 5.0, "b": 1.0, "c": 2.0, "d": 1.0})["d"] == 6
    assert walk(found, {"a": 1.0, "b": 1.0, "c": 2.0, "d": 1.0})["d"] == 4
    check(found)


def test_a_subprocess_that_ends_one_way_or_the_other_goes_on_once() -> None:
    inside = Drawing(
        "STARTin > and1 > a > and2 > xor1 >{else} ENDa", "and1 > b > and2", "xor1 >{x} c > ENDb"
    )
    found = lone(Drawing("START > sub > d > END").subprocess("sub", inside).xml())
    kinds = [each.kind for each in found.nodes.values() if "d" in targets(each)]
    assert kinds == [FlowKind.EXCLUSIVE]
    assert walk(found, {"a": 5.0, "b": 1.0, "d": 1.0})["d"] == 6


def test_subprocesses_within_subprocesses() -> None:
    inner = Drawing("STARTdeep > x > ENDdeep")
    inside = Drawing("STARTin > deep > y > ENDin").subprocess("deep", inner)
    found = lone(Drawing("START > sub > d > END").subprocess("sub", inside).xml())
    assert walk(found, {"x": 1.0, "y": 2.0, "d": 4.0})["d"] == 7
    check(found)


@pytest.mark.parametrize("repetition", [loop("x"), loop("", 3), instances("3", sequential=True)])
def test_what_repeats_is_done_once_with_a_way_back(repetition: str) -> None:
    found = lone(Drawing("START > a > b > END").repeat("a", repetition).xml())
    again = found.nodes["a~repeat"]
    assert sorted(targets(again)) == ["a", "a~done"]
    assert default(again) == "a~done"
    assert found.nodes["a~done"].brings == "a"
    assert walk(found, {"a": 2.0, "b": 1.0})["b"] == 3
    check(found)


def test_a_subprocess_repeats_as_a_whole() -> None:
    inside = Drawing("STARTin > a > ENDin")
    drawing = Drawing("START > sub > b > END")
    found = lone(drawing.subprocess("sub", inside, instances("2", sequential=True)).xml())
    assert targets(found.nodes["sub~repeat"]) == ["sub~done", "STARTin"]


def test_instances_at_once_are_one() -> None:
    called = Drawing("START > x > END", name="several").repeat("x", instances("3"))
    parts = (call("A", "several"), node("endEvent", "end"), chain("START", "A", "end"))
    found = flow_of({**one_stage("at-once", *parts, A=approval(4)), "several.bpmn": called.xml()})
    assert "A/x~repeat" not in found.nodes
    assert walk(found, {"A/x": 4.0})["A"] == 4


def test_an_event_at_the_boundary_is_a_way_out_that_nobody_goes_by_default() -> None:
    drawing = Drawing("START > a > b > END", "late > c > END2").timer("late", "P3D", "a")
    found = lone(drawing.xml())
    left = found.nodes["a~left"]
    assert (left.kind, targets(left)) == (FlowKind.EXCLUSIVE, ["a~done", "late"])
    assert default(left) == "a~done"
    assert found.nodes["a~done"].brings == "a"
    assert found.nodes["a"].brings == ""
    walked = Walk(found, {"a": 2.0})
    walked.run()
    assert {"b", "END"} <= walked.reached.keys()
    assert "c" not in walked.reached
    check(found)


def test_an_event_that_does_not_interrupt_has_a_token_of_its_own() -> None:
    drawing = Drawing("START > a > b > END", "m > c > END2").message(
        "m", "a", "a", interrupts=False
    )
    nodes = lone(drawing.xml()).nodes
    assert targets(nodes["a~left"]) == ["a~done", "m~beside"]
    assert targets(nodes["m~beside"]) == ["a~done", "m"]
    assert targets(nodes["m"]) == ["c"]


def test_an_event_based_gateway_leads_to_what_can_come() -> None:
    drawing = Drawing("START > a > any1 > t > b > xor1 > END", "any1 > m > xor1", "any1 > n > xor1")
    drawing.timer("t", "PT12H").message("m", "a").message("n", "nobody")
    found = lone(drawing.xml())
    assert targets(found.nodes["any1"]) == ["t", "m"]
    assert (found.nodes["t"].kind, found.nodes["t"].timer) == (FlowKind.TIMER, 12)
    assert found.nodes["m"].waits_for == ("a",)


@pytest.mark.parametrize(
    ("text", "hours"),
    [("P1DT6H", 30), ("P2W", 336), ("R3/PT10M", 1 / 6), ("'PT1H'", 1), ("wait", 0)],
)
def test_a_timer_takes_its_time_by_the_clock_on_the_wall(text: str, hours: float) -> None:
    found = lone(Drawing("START > a > t > END").timer("t", text).xml())
    assert found.nodes["t"].timer == pytest.approx(hours)


def test_a_date_takes_no_time() -> None:
    parts = (work("A", days="2"), timer("t", "timeDate", "2030-01-01"), node("endEvent", "end"))
    found = lone(diagram("dated", *parts, chain("START", "A", "t", "end")))
    assert (found.nodes["t"].kind, found.nodes["t"].timer) == (FlowKind.TIMER, 0)


def test_what_waits_for_a_plain_task_of_the_stage_holds_its_end() -> None:
    parts = (
        *(node("parallelGateway", each) for each in ("fork", "join")),
        work("A", days="5"),
        work("B", days="2", decision_waits_for="A"),
        node("endEvent", "end"),
        chain("START", "fork", "A", "join", "end"),
        chain("fork", "B", "join"),
    )
    found = lone(diagram("soft", *parts))
    assert found.nodes["B~gate"].waits_for == ("A",)
    assert walk(found, {"A": 5.0, "B": 2.0})["B"] == 5


def test_scripts_take_no_time() -> None:
    found = lone(Drawing("START > script1 > a > END").script("script1", "x = 1").xml())
    assert found.nodes["script1"].kind is FlowKind.PASS


def test_odd_ids_stay_apart() -> None:
    stages = {
        name: diagram(
            name,
            work(f"{name}-1", days="1"),
            node("endEvent", "a/b"),
            chain("START", f"{name}-1", "a/b"),
        )
        for name in ("one", "two")
    }
    found = flow_of(files("odd", stages, {f"{each}-1": approval(1) for each in stages}))
    assert {"one/a%2Fb", "two/a%2Fb", "one/START", "two/START"} <= found.nodes.keys()
    check(found)


@pytest.mark.parametrize("seed", range(40))
def test_random_blocks_come_to_their_end(seed: int) -> None:
    found = lone(Blocks(Random(seed)).draw(12).xml())
    check(found)
    walked = Walk(found, {})
    walked.run()
    assert "END" in walked.reached


@pytest.mark.parametrize("seed", range(20))
def test_random_orders_take_their_critical_path(seed: int) -> None:
    lot = Random(seed)
    deployment = built({"lone.bpmn": order(lot, 9).xml()})
    agree(deployment, lengths={f"t{at}": lot.randint(0, 6) for at in range(9)})


@FEW
@given(mutated())
def test_whatever_can_be_deployed_has_a_control_flow(content: bytes) -> None:
    deployment, _ = build({"lone.bpmn": content})
    if deployment is not None:
        check(control_flow(deployment))


def test_gates_that_wait_for_several_stages() -> None:
    first = diagram("one", call("A"), node("endEvent", "e1"), chain("START", "A", "e1"))
    second = diagram(
        "two", gate("A"), call("B"), node("endEvent", "e2"),
        chain("START", "wait-A", "B", "e2"), awaits=("A",),
    )  # fmt: skip
    rows: dict[str, Any] = {"A": approval(2), "B": approval(3)}
    agree(built(files("two", {"one": first, "two": second}, rows)))


def test_an_event_at_the_boundary_of_a_call() -> None:
    parts = (
        call("A"), boundary("late", "A", "timeDuration", "P9D"), work("B", days="1"),
        *(node("endEvent", each) for each in ("e1", "e2")),
        chain("START", "A", "e1"), chain("late", "B", "e2"),
    )  # fmt: skip
    found = flow_of(one_stage("edge", *parts, A=approval(2), B=approval(1)))
    assert targets(found.nodes["A/decided"]) == ["A/fee", "A~left"]
    assert targets(found.nodes["A~left"]) == ["A~done", "late"]
    assert found.nodes["A/decided"].brings == "A"
