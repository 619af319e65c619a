"""Joins wait for what is under way and no more, and cost no more than the diagram is large."""

from __future__ import annotations

import time
from random import Random
from typing import Any

import pytest

from tests.workflow.drawing import Drawing, instances, loop
from tests.workflow.networks import Blocks, order
from tests.workflow.running import answer, at, passed, restored, run, start, tally, waits
from tests.workflow.stock import finish, stock

NETWORKS = 1_000
OLD = {"x": 0, "y": 0, "deep": {"a": 0, "b": 0}}
SHARES = 20


def diamonds(count: int, kind: str = "and", *, script: bool = False) -> Drawing:
    """Blocks of two branches in a row."""
    drawing = Drawing()
    before = "START"
    for number in range(count):
        split, join = f"{kind}{number}s", f"{kind}{number}j"
        for branch in "ab":
            task = f"script{branch}{number}" if script else f"{branch}{number}"
            drawing.path(f"{before} > {split}" if branch == "a" else split)
            drawing.path(f"{split} > {task} > {join}")
            if script:
                drawing.script(task, f"{branch}{number} = {number}")
        before = join
    return drawing.path(f"{before} > END")


def test_a_hundred_diamonds_in_a_row_stay_as_small_as_the_diagram() -> None:
    drawing = diamonds(100)
    began = time.perf_counter()
    execution = start(drawing)
    assert len(execution.workflow.tasks) < 10
    course = run(execution.definition)
    assert course.ended
    assert set(tally(course)) == set(drawing.nodes)
    assert set(tally(course).values()) == {1}
    execution = start(drawing)
    while execution.waiting():
        execution.complete(execution.waiting()[0].id, {})
    assert len(execution.workflow.tasks) <= 6 * 100
    assert time.perf_counter() - began < 20


def test_nodes_that_flows_join_without_a_gateway_are_not_multiplied_either() -> None:
    drawing = Drawing("START > t0")
    for number in range(30):
        drawing.path(f"t{number} > and{number} > t{number + 1}")
        drawing.flow(f"and{number}", f"t{number + 1}")
    execution = start(drawing.path("t30 > END"))
    assert len(execution.workflow.tasks) < 10


def test_a_row_of_diamonds_gives_what_spiffworkflow_gives() -> None:
    drawing = diamonds(14, script=True)
    course = run(drawing.load(), {"given": 1})
    workflow = stock(drawing, {"given": 1})
    assert sorted(course.passed) == finish(workflow)
    assert course.data == workflow.data
    assert course.ended
    assert workflow.is_completed()


@pytest.mark.parametrize("share", range(SHARES))
def test_random_networks_run_as_in_spiffworkflow(share: int) -> None:
    for seed in range(share, NETWORKS, SHARES):
        random = Random(seed)
        drawing = random_network(random, seed)
        data = {"choice": random.randrange(4)}
        course = run(drawing.load(), data, seed=seed)
        workflow = stock(drawing, data)
        assert (sorted(course.passed), course.ended) == (finish(workflow), True), f"seed {seed}"
        assert workflow.is_completed()


def random_network(random: Random, seed: int) -> Drawing:
    """A partial order, a network of parallel blocks, or one of all kinds of blocks."""
    if seed % 3 == 0:
        return order(random, random.randint(2, 7))
    gateways = ("and",) if seed % 3 == 1 else ("and", "xor", "or")
    return Blocks(random, gateways).draw(random.randint(2, 8))


def test_an_inclusive_join_waits_for_branches_of_branches() -> None:
    drawing = Drawing(
        "START > or1s >{else} a > or1j > END",
        "or1s >{x > 0} or2s >{True} b > or2j > c > or1j",
        "or2s >{x > 1} d > or2j",
    )
    execution = start(drawing, {"x": 2})
    assert waits(execution) == ["b", "d"]
    answer(execution, "d")
    assert waits(execution) == ["b"]
    answer(execution, "b")
    assert waits(execution) == ["c"]
    assert passed(answer(execution, "c")) == [
        *("START", "or1s", "or2s", "d", "b", "or2j", "c", "or1j", "END")
    ]


def test_an_inclusive_join_fires_when_the_rest_has_gone_another_way() -> None:
    drawing = Drawing(
        "START > and1 > a > or1 > END1", "and1 > b > xor1 >{else} or1", "xor1 >{away} END2"
    )
    execution = start(drawing, {"away": True})
    answer(execution, "a")
    assert waits(execution) == ["b"]
    answer(execution, "b")
    assert set(passed(execution)) >= {"or1", "END1", "END2"}
    assert execution.step().ended


def test_an_inclusive_join_waits_for_a_late_branch_that_spiffworkflow_forgets() -> None:
    drawing = Drawing(
        "START > and1 > a > xor1 >{else} or2 > c > END",
        "xor1 >{on} or1",
        "and1 > b > or1 > d > or2",
    )
    execution = start(drawing, {"on": False})
    answer(execution, "a")
    assert waits(execution) == ["b"]
    answer(answer(execution, "b"), "d")
    assert waits(execution) == ["c"]


@pytest.mark.parametrize("repetition", [instances("2"), loop(maximum=1)])
def test_an_inclusive_join_waits_for_what_is_repeated(repetition: str) -> None:
    drawing = Drawing("START > and1 > a > or1 > c > END", "and1 > b > or1").repeat("b", repetition)
    execution = start(drawing)
    answer(execution, "a")
    while "b" in waits(execution):
        assert "c" not in waits(execution)
        answer(execution, "b")
    assert waits(execution) == ["c"]


@pytest.mark.parametrize("kind", ["and", "or"])
@pytest.mark.parametrize("restore", [False, True])
def test_a_loop_through_a_join_waits_for_both_branches_in_every_round(
    kind: str, *, restore: bool
) -> None:
    condition = "{True}" if kind == "or" else ""
    drawing = Drawing(
        f"START > xor1 > {kind}s >{condition} a > {kind}j > check > xor2 >{{else}} END",
        f"{kind}s >{condition} b > {kind}j",
        "xor2 >{again} supplement > xor1",
    )
    execution = start(drawing)
    for again in (True, True, False):
        assert waits(execution) == ["a", "b"]
        answer(execution, "b")
        execution = restored(execution) if restore else execution
        assert waits(execution) == ["a"]
        answer(execution, "a")
        assert waits(execution) == ["check"]
        answer(execution, "check", again=again)
        if again:
            answer(execution, "supplement")
    assert execution.step().ended


def test_a_later_round_of_a_loop_does_not_bring_back_old_values() -> None:
    drawing = Drawing(
        "START > xor1 > and1 > a > and2 > check > xor2 >{else} END",
        "and1 > b > and2",
        "xor2 >{again} xor1",
    )
    execution = start(drawing)
    for round_, again in ((1, True), (2, False)):
        answer(execution, "a", left=round_)
        answer(execution, "b", right=round_)
        answer(execution, "check", again=again)
    assert execution.workflow.data["left"] == execution.workflow.data["right"] == 2


def test_surplus_arrivals_wait_for_their_own_partner() -> None:
    drawing = Drawing("START > and1 > a > xor1 > c > and2 > d > END", "and1 > b > xor1")
    drawing.path("and1 > e > and3 > and2").path("and3 > and2")
    execution = start(drawing)
    answer(answer(execution, "a"), "b")
    answer(answer(execution, "c"), "c")
    assert waits(execution) == ["e"]
    assert waits(answer(execution, "e")) == ["d"]


def test_branches_that_change_the_same_value_keep_the_later_answer() -> None:
    execution = start(Drawing("START > and1 > a > and2 > END", "and1 > b > and2"), {"x": 0})
    answer(execution, "b", x="b")
    answer(restored(execution), "a", x="a")
    answer(execution, "a", x="a")
    assert execution.workflow.data["x"] == "a"


@pytest.mark.parametrize("first", ["a", "b"])
@pytest.mark.parametrize("end", ["and2 > ENDin", "END1"])
def test_a_branch_does_not_undo_what_another_has_changed(first: str, end: str) -> None:
    other = end.replace("1", "2")
    inside = Drawing(f"STARTin > and1 > a > {end}", f"and1 > b > {other}", name="sub")
    execution = start(Drawing("START > sub > last > END").subprocess("sub", inside), OLD)
    said: dict[str, dict[str, Any]] = {"a": {"x": 1, "deep": {"a": 1, "b": 0}}, "b": {"y": 1}}
    for each in sorted(said, key=lambda name: name != first):
        answer(execution, each, **said[each])
    answer(execution, "last")
    assert execution.workflow.data == {"x": 1, "y": 1, "deep": {"a": 1, "b": 0}}


def test_what_a_terminate_event_cancels_is_not_run() -> None:
    drawing = Drawing("START > and1 > ENDnow", "and1 > script1 > END").script("script1", "x = 1")
    drawing.node("ENDnow", inner="<bpmn:terminateEventDefinition/>")
    execution = start(drawing)
    assert passed(execution) == ["START", "and1", "ENDnow"]
    assert "x" not in execution.workflow.data


def test_waiting_lists_what_waits_in_the_order_of_the_diagram() -> None:
    execution = start(Drawing("START > and1 > b > END", "and1 > a > END", "and1 > c > END"))
    assert [each.element.id for each in execution.waiting()] == ["b", "a", "c"]
    assert at(execution, "a").id in {each.id for each in restored(execution).waiting()}
