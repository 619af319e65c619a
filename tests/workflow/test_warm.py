"""Instances kept alive between steps: only ever in the place of the very same state."""

from __future__ import annotations

from engine.workflow import warm
from engine.workflow.codec import decode, encode
from engine.workflow.runner import Execution
from tests.workflow.drawing import NOW, Drawing
from tests.workflow.running import answer, start, waits

BRANCHES = Drawing("START > and1 > a > and2 > c > END", "and1 > b > and2")


def test_a_kept_instance_goes_on_as_a_decoded_one() -> None:
    execution = start(BRANCHES)
    definition = execution.definition
    while waits(execution):
        state = execution.rest()
        kept = warm.take(definition, state)
        assert kept is not None
        assert encode(definition, kept) == encode(definition, decode(definition, state))
        warm.keep(definition, state, kept)
        execution = Execution.resume(definition, state, NOW)
        answer(execution, waits(execution)[0])
    assert execution.step().ended


def test_it_is_taken_once() -> None:
    execution = start(BRANCHES)
    definition, state = execution.definition, execution.rest()
    first, second = (Execution.resume(definition, state, NOW) for _ in range(2))
    answer(first, "a")
    assert sorted(waits(second)) == ["a", "b"]


def test_a_step_that_was_rolled_back_is_not_met_again() -> None:
    execution = start(BRANCHES)
    definition, before = execution.definition, execution.rest()
    lost = Execution.resume(definition, before, NOW)
    answer(lost, "a")
    lost.rest()
    assert sorted(waits(Execution.resume(definition, before, NOW))) == ["a", "b"]


def test_the_oldest_are_forgotten() -> None:
    execution = start(BRANCHES)
    definition, state = execution.definition, execution.rest()
    for number in range(warm.KEPT):
        warm.keep(definition, f"{number}", decode(definition, state))
    assert warm.take(definition, state) is None
