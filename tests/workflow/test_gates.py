"""A gate asks what has been reached: nothing is lost that was decided before it opened."""

from __future__ import annotations

import pytest

from engine.errors import Conflict, Invalid, ModelError
from engine.workflow.answer import SOFT_GATE
from engine.workflow.runner import Wait
from tests.workflow.drawing import Drawing
from tests.workflow.running import answer, at, passed, restored, start, waits


def gate() -> Drawing:
    """A gate behind a task."""
    return Drawing("START > a > wait-X > b > END").message("wait-X", "X")


def soft() -> Drawing:
    """A decision that waits."""
    return Drawing("START > review > gate > decide > END").message("gate", SOFT_GATE)


def test_what_was_decided_before_the_gate_opened_lets_it_pass() -> None:
    execution = start(gate())
    assert not execution.open_gates(["X"])
    answer(execution, "a")
    assert waits(execution) == ["wait-X"]
    assert execution.open_gates(["X"])
    assert waits(execution) == ["b"]


@pytest.mark.parametrize("restore", [False, True])
def test_a_gate_opens_when_its_item_is_decided_and_not_before(*, restore: bool) -> None:
    execution = answer(start(gate()), "a")
    execution = restored(execution) if restore else execution
    assert execution.awaited() == ["X"]
    assert at(execution, "wait-X").wait is Wait.GATE
    assert at(execution, "wait-X").message == "X"
    for reached in ([], ["Y"], {"x"}, ["X-1", "Y"]):
        assert not execution.open_gates(reached)
    assert execution.open_gates({"X", "Y"})
    assert execution.awaited() == []
    assert not execution.open_gates({"X", "Y"})


def test_several_gates_and_gates_behind_gates_open_at_once() -> None:
    drawing = Drawing("START > and1 > g1 > g2 > and2 > END", "and1 > g3 > g4 > and2")
    for name in ("g1", "g2", "g3"):
        drawing.message(name, "X")
    execution = start(drawing.message("g4", "Y"))
    assert execution.awaited() == ["X", "X"]
    assert execution.open_gates(["X"])
    assert execution.awaited() == ["Y"]
    assert execution.open_gates(["X", "Y"])
    assert execution.step().ended


def test_a_soft_gate_waits_for_all_its_items() -> None:
    execution = answer(start(soft(), {SOFT_GATE: ["X", "Y"]}), "review")
    assert execution.awaited() == ["X", "Y"]
    assert not execution.open_gates(["X"])
    assert not restored(execution).open_gates(["Y"])
    assert execution.open_gates(["Y", "Z", "X"])
    assert waits(execution) == ["decide"]


def test_a_soft_gate_for_nothing_lets_everything_pass() -> None:
    nothing: list[dict[str, list[str]]] = [{}, {SOFT_GATE: []}]
    for data in nothing:
        execution = answer(start(soft(), data), "review")
        assert execution.awaited() == []
        assert execution.open_gates(())


def test_an_answer_cannot_open_a_soft_gate() -> None:
    execution = start(soft(), {SOFT_GATE: ["X"]})
    with pytest.raises(Invalid):
        answer(execution, "review", **{SOFT_GATE: []})
    assert waits(answer(execution, "review")) == ["gate"]


@pytest.mark.parametrize("value", ["X", 5, [1], None, {"X": 1}])
def test_a_soft_gate_needs_a_list(value: object) -> None:
    execution = start(soft(), {SOFT_GATE: value})
    with pytest.raises(ModelError) as failure:
        answer(execution, "review")
    assert failure.value.detail["element"] == "gate"


def test_a_gate_at_a_boundary_opens_like_any_other() -> None:
    drawing = Drawing("START > a > END", "m > b > END2").message("m", "X", "a")
    execution = start(drawing)
    assert execution.awaited() == ["X"]
    execution.open_gates(["X"])
    assert waits(execution) == ["b"]


def test_a_gate_that_does_not_interrupt_opens_once() -> None:
    drawing = Drawing("START > a > END", "m > b > END2").message("m", "X", "a", interrupts=False)
    execution = start(drawing)
    assert execution.open_gates(["X"])
    assert not execution.open_gates(["X"])
    assert waits(execution) == ["a", "b"]


def test_a_loop_through_an_open_gate_is_stopped() -> None:
    drawing = Drawing("START > xor1 > g > xor2 >{never} END", "xor2 >{else} xor1").message("g", "X")
    execution = start(drawing, {"never": False})
    with pytest.raises(ModelError) as failure:
        execution.open_gates(["X"])
    assert failure.value.detail["element"]


def test_a_message_thrown_inside_reaches_who_waits_for_it() -> None:
    throw = '<bpmn:messageEventDefinition messageRef="m-X"/>'
    drawing = Drawing("START > and1 > a > out > END", "and1 > g > b > END2").message("g", "X")
    execution = start(drawing.node("out", "intermediateThrowEvent", throw), {"x": 1})
    assert waits(execution) == ["a", "g"]
    answer(execution, "a", x=2)
    assert waits(execution) == ["b"]
    assert execution._task(at(execution, "b").id).data["x"] == 1


def test_only_what_waits_can_be_delivered() -> None:
    execution = answer(start(gate()), "a")
    identifier = at(execution, "wait-X").id
    execution.deliver(identifier)
    for unknown in (identifier, "", "nothing", "0" * 32 + ".0"):
        with pytest.raises(Conflict):
            execution.deliver(unknown)


def test_only_what_is_open_can_be_completed() -> None:
    execution = start(gate())
    task = at(execution, "a").id
    execution.complete(task, {})
    gate_id = at(execution, "wait-X").id
    for unknown in (task, gate_id, gate_id.split(".", maxsplit=1)[0], "", "x", "0" * 32):
        with pytest.raises(Conflict):
            execution.complete(unknown, {})
    assert passed(execution) == ["START", "a"]


@pytest.mark.parametrize(
    "name", ["event_fired", "rounds", "seen_events", "merged", "joined", "X.1"]
)
def test_messages_may_be_called_anything(name: str) -> None:
    execution = start(Drawing("START > g > a > END").message("g", name))
    assert not execution.open_gates(["X"])
    assert restored(execution).open_gates([name])
