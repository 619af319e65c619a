"""A failure that lies in the diagram names the element and the cause; the last state stays good."""

from __future__ import annotations

import time
import tracemalloc
from typing import Any

import pytest

from engine.errors import InvalidDefinition, ModelError
from engine.workflow.loop import MAX_INSTANCES
from engine.workflow.profile_paths import MAX_DEPTH
from engine.workflow.runner import MAX_TASKS, Execution
from tests.workflow.drawing import NOW, Drawing, instances, loop
from tests.workflow.running import answer, start, waits


def failing(drawing: Drawing, data: dict[str, Any] | None = None, **said: Any) -> ModelError:
    """The failure of answering `wait`; the state before it still works afterwards."""
    execution = start(drawing, data)
    state = execution.state
    with pytest.raises(ModelError) as failure:
        answer(execution, "wait", **said)
    again = Execution.resume(execution.definition, state, NOW)
    assert waits(again) == ["wait"]
    assert again.state == state
    return failure.value


@pytest.mark.parametrize("kind", ["xor", "or"])
def test_a_gateway_without_a_matching_branch(kind: str) -> None:
    gateway = f"{kind}1"
    drawing = Drawing(f"START > wait > {gateway} >{{n > 5}} a > END", f"{gateway} >{{n < 0}} END")
    error = failing(drawing, n=3)
    assert error.detail["element"] == gateway
    assert "condition" in error.message.lower()


def test_a_state_works_with_another_answer_after_a_failure() -> None:
    drawing = Drawing("START > wait > xor1 >{n > 5} a > END", "xor1 >{n < 0} END")
    execution = start(drawing)
    state = execution.state
    with pytest.raises(ModelError):
        answer(execution, "wait", n=3)
    again = Execution.resume(execution.definition, state, NOW)
    assert waits(answer(again, "wait", n=7)) == ["a"]


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("nobody == 1", "nobody"),
        ("n > 'a'", "not supported"),
        ("1 / n == 1", "zero"),
        ("names[5] == 1", "range"),
        ("d['x'] == 1", "x"),
    ],
)
def test_an_expression_that_fails_says_what_it_is_and_why(text: str, cause: str) -> None:
    drawing = Drawing(f"START > wait > xor1 >{{{text}}} a > END", "xor1 >{else} END")
    error = failing(drawing, {"n": 0, "names": [], "d": {}})
    assert error.detail["element"] == "xor1"
    assert text in error.message
    assert cause in error.message


def test_a_script_that_fails_is_named() -> None:
    drawing = Drawing("START > wait > script1 > END").script("script1", "a = 1\nb = a / 0")
    error = failing(drawing)
    assert error.detail["element"] == "script1"
    assert "division by zero" in error.message


@pytest.mark.parametrize("again", ["xor1", "script1"])
def test_a_loop_that_waits_for_nobody_is_refused(again: str) -> None:
    drawing = Drawing(
        "START > wait > xor1 > script1 > xor2 >{n < 0} END", f"xor2 >{{else}} {again}"
    )
    with pytest.raises(InvalidDefinition, match="waits for nobody"):
        drawing.script("script1", "n = n + 1").load()


def test_tokens_that_multiply_are_stopped() -> None:
    drawing = Drawing("START > wait > xor0")
    for each in range(40):
        drawing.path(f"xor{each} > and{each} > xor{each + 1}").flow(f"and{each}", f"xor{each + 1}")
    error = failing(drawing.path("xor40 > a > END"))
    assert error.detail["element"]


REPEATED = [
    pytest.param({"number": "n"}, id="parallel"),
    pytest.param({"number": "n", "sequential": True}, id="sequential"),
]


@pytest.mark.parametrize("kind", REPEATED)
@pytest.mark.parametrize(
    "number", [10**9, 10**300, MAX_INSTANCES + 1, -1, 1.5, "3", None, True, [1], {"n": 1}]
)
def test_a_number_of_instances_that_cannot_be_is_refused_before_any_begins(
    kind: dict[str, Any], number: object
) -> None:
    tracemalloc.start()
    error = failing(Drawing("START > wait > a > END").repeat("a", instances(**kind)), n=number)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert error.detail["element"] == "a"
    assert "instances" in error.message
    assert peak < 5_000_000


@pytest.mark.parametrize("sequential", [False, True])
@pytest.mark.parametrize("items", ["abc", 5, None, True, [0] * (MAX_INSTANCES + 1)])
def test_a_list_of_instances_that_cannot_be_is_refused(items: object, *, sequential: bool) -> None:
    drawing = Drawing("START > wait > a > END")
    error = failing(drawing.repeat("a", instances(items="xs", sequential=sequential)), xs=items)
    assert error.detail["element"] == "a"


def test_as_many_instances_as_allowed_run() -> None:
    drawing = Drawing("START > a > END").repeat("a", instances(str(MAX_INSTANCES)))
    execution = start(drawing)
    assert len(execution.waiting()) == MAX_INSTANCES
    assert len(execution.state) < 80 * MAX_INSTANCES


@pytest.mark.parametrize("kind", ["parallel", "sequential"])
@pytest.mark.parametrize("empty", [{"number": "0"}, {"items": "none"}])
def test_no_instances_at_all_go_on_at_once(kind: str, empty: dict[str, Any]) -> None:
    repetition = instances(**empty, sequential=kind == "sequential")
    execution = start(Drawing("START > a > b > END").repeat("a", repetition), {"none": []})
    assert waits(execution) == ["b"]


def test_instances_within_instances_are_stopped_before_they_fill_the_memory() -> None:
    inside = Drawing("STARTin > x > ENDin").repeat("x", instances("400"))
    drawing = Drawing("START > wait > sub > END").subprocess("sub", inside, instances("400"))
    began = time.perf_counter()
    error = failing(drawing)
    assert error.detail["element"]
    assert time.perf_counter() - began < 20
    assert MAX_TASKS < 400 * 400


def test_the_output_of_instances_is_gathered() -> None:
    output = (
        "<bpmn:loopDataOutputRef>found</bpmn:loopDataOutputRef><bpmn:outputDataItem id='one'/>"
        "</bpmn:multi"
    )
    for repetition in (instances("2"), instances("2", sequential=True), instances(items="xs")):
        drawing = Drawing("START > a > END").repeat("a", repetition.replace("</bpmn:multi", output))
        execution = start(drawing, {"xs": ["p", "q"]})
        for value in (5, 6):
            answer(execution, "a", one=value)
        assert execution.step().ended
        assert execution.workflow.data["found"] == [5, 6]


def test_output_that_is_missing_or_in_the_way_is_named() -> None:
    output = (
        "<bpmn:loopDataOutputRef>found</bpmn:loopDataOutputRef><bpmn:outputDataItem id='one'/>"
        "</bpmn:multi"
    )
    repetition = instances("2").replace("</bpmn:multi", output)
    drawing = Drawing("START > wait > a > END").repeat("a", repetition)
    assert failing(drawing, {"found": [1]}).detail["element"] == "a"
    execution = answer(start(drawing), "wait")
    with pytest.raises(ModelError) as failure:
        answer(execution, "a")
    assert failure.value.detail["element"] == "a"


def test_what_goes_round_for_too_long_is_stopped_not_forgotten() -> None:
    drawing = Drawing("START > xor1 > a > xor2 >{else} END", "xor2 >{again} xor1")
    execution = start(drawing)
    state, failure = execution.state, None
    for _ in range(MAX_DEPTH):
        state = execution.state
        try:
            answer(execution, "a", again=True)
        except ModelError as error:
            failure = error
            break
    assert failure is not None
    assert failure.detail["element"] == "a"
    assert "row" in failure.message
    again = Execution.resume(execution.definition, state, NOW)
    assert answer(again, "a", again=False).step().ended


def test_a_failure_in_a_subprocess_names_the_element_inside() -> None:
    inside = Drawing("STARTin > wait > xor1 >{nobody} x > ENDin", "xor1 >{else} ENDx")
    error = failing(Drawing("START > sub > END").subprocess("sub", inside))
    assert error.detail["element"] == "xor1"


def test_a_loop_condition_that_fails_is_named() -> None:
    drawing = Drawing("START > wait > a > END").repeat("a", loop("nobody", before=True))
    assert failing(drawing).detail["element"] == "a"


def test_a_failure_at_the_start_is_a_failure_of_the_diagram() -> None:
    with pytest.raises(ModelError) as failure:
        start(Drawing("START > script1 > a > END").script("script1", "x = nobody"))
    assert failure.value.detail["element"] == "script1"


def test_an_instance_that_has_ended_waits_for_nothing() -> None:
    execution = answer(start(Drawing("START > a > END")), "a")
    assert execution.step().ended
    again = Execution.resume(execution.definition, execution.state, NOW)
    assert again.waiting() == []
    assert again.step().ended
