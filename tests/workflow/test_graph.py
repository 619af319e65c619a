"""The network is read out of what runs: direct predecessors, gateways and gates resolved."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.analysis.network import ActivityNetwork
from engine.analysis.reduction import equivalent
from engine.rules.procedure import Kind
from engine.workflow.deployment import build
from tests.analysis.networks import procedure
from tests.workflow.drawing import Drawing, file, instances, properties

BPMN = Path(__file__).parents[2] / "bpmn"


def edges(*drawings: Drawing) -> dict[str, set[str]]:
    """The direct predecessors of every activity of lone diagrams."""
    built, problems = build({"lone.bpmn": file(*drawings)})
    assert built is not None, problems
    ActivityNetwork(built.activities)
    return {each.id: set(each.predecessors) for each in built.activities if each.id != "START"}


@pytest.mark.parametrize(
    "name", ["industrial-2013", "industrial-2014", "real-estate-2013", "real-estate-2014"]
)
def test_the_citys_diagrams_are_the_reconstruction(name: str) -> None:
    files = {each.name: each.read_bytes() for each in (BPMN / "procedures" / name).iterdir()}
    for path in (BPMN / "catalogue.yaml", BPMN / "shared/item.bpmn"):
        files[path.name] = path.read_bytes()
    built, _ = build(files)
    assert built is not None
    assert equivalent(ActivityNetwork(built.activities), procedure(name))


def test_a_sequence() -> None:
    assert edges(Drawing("START > a > b > c > END")) == {"a": {"START"}, "b": {"a"}, "c": {"b"}}


@pytest.mark.parametrize("kind", ["and", "xor", "or"])
def test_branches_of_every_gateway_count(kind: str) -> None:
    condition = "" if kind == "and" else "{x}"
    drawing = Drawing(
        f"START > a > {kind}1 >{condition} b > {kind}2 > d > END",
        f"{kind}1 >{condition} c > {kind}2",
        f"{kind}1 >{condition} {kind}2",
    )
    assert edges(drawing) == {"a": {"START"}, "b": {"a"}, "c": {"a"}, "d": {"a", "b", "c"}}


def test_a_gateway_may_say_that_only_its_default_counts() -> None:
    drawing = Drawing(
        "START > a > xor1 >{else} b > xor2 > d > END",
        "xor1 >{x} c > e > xor2",
        "xor1 >{y} f > END2",
    )
    inner = properties(branch="default")
    default = drawing.nodes["xor1"].split('default="')[1].split('"')[0]
    drawing.node("xor1", inner=inner, default=default)
    assert edges(drawing) == {"a": {"START"}, "b": {"a"}, "d": {"b"}}


def test_a_loop_counts_by_its_path_without_a_round() -> None:
    drawing = Drawing(
        "START > xor1 > a > xor2 >{else} b > END", "xor2 >{x} supplement > again > xor1"
    )
    assert edges(drawing) == {"a": {"START"}, "b": {"a"}}


def test_a_loop_round_a_parallel_block() -> None:
    drawing = Drawing(
        "START > xor1 > and1 > a > and2 > check > xor2 >{else} c > END",
        "and1 > b > and2",
        "xor2 >{x} supplement > xor1",
    )
    assert edges(drawing) == {"a": {"START"}, "b": {"START"}, "check": {"a", "b"}, "c": {"check"}}


def test_what_follows_an_exception_does_not_count() -> None:
    drawing = Drawing("START > a > xor1 > b > END", "t > late > xor1", "m > other > END2")
    drawing.timer("t", "PT1H", "a").message("m", "M", "a", interrupts=False)
    assert edges(drawing) == {"a": {"START"}, "b": {"a"}}


def test_gates_are_predecessors_from_other_stages() -> None:
    one = Drawing("START > a > b > ENDone", name="one")
    two = Drawing("START2 > and1 > wa > c > and2 > d > END2", "and1 > wb > and2", name="two")
    two.message("wa", "a").message("wb", "b")
    assert edges(one, two) == {"a": {"START"}, "b": {"a"}, "c": {"a"}, "d": {"c", "b"}}


def test_gates_in_a_row_all_count() -> None:
    one = Drawing("START > and1 > a > ENDone", "and1 > b > ENDone", name="one")
    two = Drawing("START2 > wa > wb > c > END2", name="two").message("wa", "a").message("wb", "b")
    assert edges(one, two)["c"] == {"a", "b"}


def test_an_awaited_end_is_a_milestone() -> None:
    one = Drawing("START > a > ENDone", "t > late > END2", name="one").timer("t", "PT1H", "a")
    two = (
        Drawing("START2 > w > b > OPEN", name="two").message("w", "ENDone").node("OPEN", "endEvent")
    )
    found = edges(one, two)
    assert found == {"a": {"START"}, "ENDone": {"a"}, "b": {"ENDone"}, "OPEN": {"b"}}


def test_soft_gates_are_edges_of_their_own() -> None:
    drawing = Drawing("START > and1 > a > and2 > END", "and1 > b > and2")
    drawing.node("b", inner=properties(decision_waits_for="a, ", expected_days="3"))
    built, _ = build({"x.bpmn": drawing.xml()})
    assert built is not None
    found = {each.id: each for each in built.activities}
    assert (found["b"].predecessors, found["b"].decision_waits_for) == (("START",), ("a",))


@pytest.mark.parametrize("repetition", ["", instances("2", sequential=True)])
def test_activities_inside_subprocesses_belong_to_the_network(repetition: str) -> None:
    inside = Drawing("STARTin > and1 > b > and2 > ENDin", "and1 > c > and2")
    drawing = Drawing("START > a > sub > d > END").subprocess("sub", inside, repetition)
    assert edges(drawing) == {"a": {"START"}, "b": {"a"}, "c": {"a"}, "d": {"b", "c"}}


def test_event_based_gateways_scripts_and_timers_take_no_part() -> None:
    drawing = Drawing(
        "START > a > script1 > any1 > t > b > xor1 > c > END", "any1 > m > xor1", "a1 > END"
    )
    del drawing.nodes["a1"]
    drawing.flows.pop()
    drawing.script("script1", "x = 1").timer("t", "PT1H").message("m", "a")
    assert edges(drawing) == {"a": {"START"}, "b": {"a"}, "c": {"a", "b"}}


def test_the_order_is_the_order_of_the_file_and_names_are_the_diagrams() -> None:
    drawing = Drawing("START > b > a > END").node("b", name="审查")
    built, _ = build({"x.bpmn": drawing.xml()})
    assert built is not None
    assert [(each.id, each.name) for each in built.activities[1:]] == [("b", "审查"), ("a", "a")]
    assert built.activities[0].kind is Kind.MILESTONE


def test_a_large_network_is_read_quickly() -> None:
    drawing = Drawing("START > and0", "and300 > END")
    for each in range(300):
        for branch in "abcd":
            drawing.path(f"and{each} > {branch}{each} > and{each + 1}")
    found = edges(drawing)
    assert found["d299"] == {f"{branch}298" for branch in "abcd"}
