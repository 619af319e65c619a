"""The way an instance has gone, read from its state without running it."""

from __future__ import annotations

from engine.workflow.runner import Execution, cancel
from engine.workflow.trace import Trace, flows, trace
from tests.workflow.drawing import Drawing
from tests.workflow.running import answer, start


def way(execution: Execution) -> Trace:
    return trace(execution.definition, execution.state)


def test_at_the_start_it_has_gone_to_its_first_work_and_stands_there() -> None:
    found = way(start(Drawing("START > a > b > END")))
    assert found.passed == {"START"}
    assert found.waiting == {"a"}
    assert found.gone == {("START", "a")}


def test_a_join_is_waited_at_until_the_last_branch_comes() -> None:
    drawing = Drawing("START > and1 > a > and2 > c > END", "and1 > b > and2")
    execution = answer(start(drawing), "a")
    found = way(execution)
    assert found.waiting == {"and2", "b"}
    assert ("a", "and2") in found.gone
    assert ("b", "and2") not in found.gone
    found = way(answer(execution, "b"))
    assert {"and2", "a", "b"} <= found.passed
    assert {("a", "and2"), ("b", "and2"), ("and2", "c")} <= found.gone
    assert found.waiting == {"c"}


def test_the_branch_that_was_not_taken_is_not_gone() -> None:
    drawing = Drawing("START > a > xor1 >{else} b > END", "xor1 >{x == 1} c > END2")
    found = way(answer(start(drawing), "a", x=1))
    assert ("xor1", "c") in found.gone
    assert ("xor1", "b") not in found.gone
    assert found.waiting == {"c"}


def test_a_gate_waits_and_is_passed() -> None:
    execution = start(Drawing("START > wait-X > b > END").message("wait-X", "X"))
    assert way(execution).waiting == {"wait-X"}
    execution.open_gates(["X"])
    assert "wait-X" in way(execution).passed


def test_of_several_events_only_the_first_was_gone_to() -> None:
    drawing = Drawing("START > any1 > wait-X > a > END", "any1 > wait-Y > b > END2")
    execution = start(drawing.message("wait-X", "X").message("wait-Y", "Y"))
    execution.open_gates(["Y"])
    found = way(execution)
    assert ("any1", "wait-X") not in found.gone
    assert found.waiting == {"b"}


def test_an_instance_that_was_cancelled_stands_nowhere() -> None:
    execution = answer(start(Drawing("START > a > b > END")), "a")
    found = trace(execution.definition, cancel(execution.definition, execution.state))
    assert found.waiting == set()
    assert found.passed == {"START", "a"}
    assert ("a", "b") in found.gone


def test_inside_a_subprocess_the_way_is_known_while_it_runs() -> None:
    drawing = Drawing("START > sub > END").subprocess(
        "sub", Drawing("START-in > x > y > END-in", name="in")
    )
    found = way(answer(start(drawing), "x"))
    assert {"sub", "y"} <= found.waiting
    assert ("x", "y") in found.gone


def test_flows_are_those_of_the_file_subprocesses_included() -> None:
    drawing = Drawing("START > sub > END").subprocess(
        "sub", Drawing("START-in > x > END-in", name="in")
    )
    found = {(each.source, each.target) for each in flows(drawing.xml())}
    assert found == {("START", "sub"), ("sub", "END"), ("START-in", "x"), ("x", "END-in")}
    assert all(each.id for each in flows(drawing.xml()))


def test_the_ways_gone_are_flows_of_the_diagram() -> None:
    drawing = Drawing("START > and1 > a > and2 > c > END", "and1 > b > and2")
    execution = answer(answer(answer(start(drawing), "a"), "b"), "c")
    assert not execution.waiting()
    drawn = {(each.source, each.target) for each in flows(drawing.xml())}
    assert way(execution).gone == drawn
