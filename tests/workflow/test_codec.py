"""An instance that is stored and brought back after every step does what an unbroken one does."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import Any

import pytest

from engine.workflow.expressions import SandboxEnvironment
from engine.workflow.runner import Execution, Waiting, cancel
from tests.workflow.drawing import NOW, Drawing, instances, loop
from tests.workflow.networks import Blocks
from tests.workflow.running import at, run, start, waits

SEEDS = range(6)


@dataclass(frozen=True, slots=True)
class Case:
    """A diagram with the data it begins with."""

    drawing: Drawing
    data: dict[str, Any] = field(default_factory=dict)


def inner(*paths: str, name: str = "sub") -> Drawing:
    """The inside of a subprocess."""
    return Drawing(*paths, name=name)


def cases() -> dict[str, Case]:
    """A diagram per construct of the profile."""
    joined = Drawing("START > and1 > a > and2 > c > END", "and1 > b > and2")
    lines = "total = count + 1\nnames = [item, 'x']\nseen = {'total': total}"
    scripted = Drawing("START > script1 > a > script2 > END").script("script1", lines)
    scripted.script("script2", "total = total * 2\nfinal = names")
    exclusive = Drawing("START > xor1 >{n > 1} a > xor2 > END", "xor1 >{else} b > xor2")
    inclusive = Drawing("START > or1 >{n > 0} a > or2 > END", "or1 >{n > 1} b > or2")
    looping = Drawing("START > xor1 > a > b > xor2 >{else} END", "xor2 >{n < 3} c > xor1")
    tasks = Drawing("START > a > b > END")
    sub = inner("STARTin > and1 > x > and2 > ENDin", "and1 > y > and2")
    deep = inner("STARTin > and1 > x > ENDin", "and1 > deep > ENDout")
    deep.subprocess("deep", inner("STARTdeep > z > ENDdeep", name="deep"))
    nested = Drawing("START > sub > last > END").subprocess("sub", deep)
    bound = Drawing("START > and1 > a > END", "and1 > d > END", "t > b > END", "m > c > END")
    bound.timer("t", "PT1H", "a").message("m", "M", "a", interrupts=False)
    cycle = Drawing("START > a > END", "t > b > END").timer("t", "R3/PT1H", "a", interrupts=False)
    first = Drawing("START > any1 > t > a > END", "any1 > m > b > END", "any1 > t2 > c > END")
    first.timer("t", "PT1H").message("m", "M").timer("t2", "P1D")
    catching = Drawing("START > and1 > t > a > END", "and1 > m > b > END").timer("t", "R2/PT1H")
    catching.message("m", "M")
    ending = Drawing("START > and1 > a > ENDnow", "and1 > b > END")
    ending.node("ENDnow", inner="<bpmn:terminateEventDefinition/>")
    repeated = {
        "parallel number": instances("n"),
        "parallel list": instances(items="items"),
        "parallel until": instances("n", until="done"),
        "sequential number": instances("n", sequential=True),
        "sequential list": instances(items="items", sequential=True),
        "sequential until": instances("n", sequential=True, until="done"),
        "standard loop": loop("n > 0 and not done", maximum=3),
        "standard loop, tested before": loop("not done", before=True, maximum=2),
    }
    found = {
        "parallel": Case(joined),
        "script": Case(scripted, {"count": 1, "item": "A"}),
        "exclusive": Case(exclusive, {"n": 2}),
        "inclusive": Case(inclusive, {"n": 2}),
        "loop": Case(looping, {"n": 0}),
        "nested subprocesses": Case(nested),
        "boundary": Case(bound),
        "boundary cycle": Case(cycle),
        "event-based": Case(first),
        "catch events": Case(catching.message("m", "M")),
        "terminate": Case(ending),
        "calls": Case(Drawing("START > and1 > call1 > and2 > END", "and1 > call2 > and2")),
        "subprocess at a boundary": Case(boundary_subprocess()),
        "repeated subprocess at a boundary": Case(boundary_subprocess(instances("2"))),
    }
    data = {"n": 3, "items": ["p", None, {"q": 1}], "done": False}
    for name, repetition in repeated.items():
        again = Drawing("START > a > b > END").repeat("a", repetition)
        found[name] = Case(again, data)
        within = Drawing("START > sub > last > END").subprocess("sub", sub, repetition)
        found[f"subprocess, {name}"] = Case(within, data)
    return found | {"tasks": Case(tasks)}


def boundary_subprocess(repetition: str = "") -> Drawing:
    """A subprocess that a timer ends, with a reminder on the way."""
    sub = inner("STARTin > x > y > ENDin").timer("ti", "R2/PT1M", "x", interrupts=False)
    sub.path("ti > remind > ENDre")
    drawing = Drawing("START > sub > last > END", "t > late > END2")
    return drawing.subprocess("sub", sub, repetition).timer("t", "P3D", "sub")


CASES = cases()


def answers(seed: int) -> Any:
    """Answers that differ from task to task and seed to seed, and end every loop."""
    random = Random(seed)
    count = 0

    def give(waiting: Waiting) -> dict[str, Any]:
        nonlocal count
        count += 1
        choices: dict[str, Any] = {"done": random.random() < 0.4 or count > 8, "n": count}
        nested = {"by": waiting.element.id, "list": [count, {"k": [count]}]}
        return {**choices, "nested": nested, f"said_{waiting.element.id}": count}

    return give


@pytest.mark.parametrize("name", CASES)
def test_a_stored_instance_goes_on_as_if_nothing_had_happened(name: str) -> None:
    case = CASES[name]
    definition = case.drawing.load()
    for seed in SEEDS:
        unbroken = run(definition, case.data, seed=seed, answers=answers(seed))
        stored = run(definition, case.data, seed=seed, answers=answers(seed), restore=True)
        assert stored.passed == unbroken.passed
        assert stored.waited == unbroken.waited
        assert json.dumps(stored.data, sort_keys=True) == json.dumps(unbroken.data, sort_keys=True)
        assert stored.ended
        assert unbroken.ended


@pytest.mark.parametrize("seed", range(40))
def test_random_networks_can_be_stored_at_any_step(seed: int) -> None:
    random = Random(seed)
    definition = Blocks(random).draw(random.randint(4, 12)).load()
    data = {"choice": random.randrange(4)}
    unbroken = run(definition, data, seed=seed, answers=answers(seed))
    stored = run(definition, data, seed=seed, answers=answers(seed), restore=True)
    assert (stored.passed, stored.waited, stored.data) == (
        unbroken.passed,
        unbroken.waited,
        unbroken.data,
    )
    assert stored.largest < 400 * (len(stored.passed) + 5)


def test_a_state_holds_a_short_row_a_task_and_nothing_of_the_diagram() -> None:
    definition = Drawing("START > " + " > ".join(f"task{i}" for i in range(200)) + " > END").load()
    course = run(definition, {"name": "x" * 500}, restore=True)
    assert course.largest < 70 * 205 + 600


def test_a_restored_instance_is_in_the_sandbox_again() -> None:
    execution = start(Drawing("START > a > END"))
    back = Execution.resume(execution.definition, execution.state, NOW)
    assert isinstance(back.workflow.script_engine.environment, SandboxEnvironment)


def test_values_keep_their_kind_when_stored() -> None:
    execution = start(Drawing("START > a > script1 > b > END").script("script1", "y = x"), {"x": 1})
    execution.complete(at(execution, "a").id, {"x": True})
    back = Execution.resume(execution.definition, execution.state, NOW)
    data = back._task(at(back, "b").id).data
    assert data == {"x": True, "y": True}
    assert data["x"] is data["y"] is True


def test_branches_do_not_share_lists_after_they_were_stored() -> None:
    drawing = Drawing("START > and1 > a > and2 > END", "and1 > b > and2").repeat(
        "b", instances("1")
    )
    execution = start(drawing, {"xs": [1]})
    execution = Execution.resume(execution.definition, execution.state, NOW)
    execution._task(at(execution, "b").id).data["xs"].append(2)
    assert execution._task(at(execution, "a").id).data["xs"] == [1]


def test_a_cancelled_instance_waits_for_nothing() -> None:
    execution = start(CASES["boundary"].drawing)
    state = cancel(execution.definition, execution.state)
    back = Execution.resume(execution.definition, state, NOW + timedelta(days=1))
    assert back.waiting() == []
    assert back.step().ended


@pytest.mark.parametrize(
    "name", ["parallel list", "sequential list", "standard loop", "subprocess, parallel list"]
)
def test_a_new_process_goes_on_where_another_stopped(name: str) -> None:
    case = CASES[name]
    execution = start(case.drawing, case.data)
    script = (
        "import sys; from datetime import datetime, UTC\n"
        "from engine.workflow.parser import load\n"
        "from engine.workflow.runner import Execution\n"
        "content, state = sys.stdin.buffer.read().split(b'\\0')\n"
        "now = datetime(2026, 3, 2, tzinfo=UTC)\n"
        "execution = Execution.resume(load(content)[0], state.decode(), now)\n"
        "while execution.waiting():\n"
        "    execution.complete(execution.waiting()[0].id, {'done': False})\n"
        "print(execution.step().ended)\n"
    )
    given = case.drawing.xml() + b"\0" + execution.state.encode()
    done = subprocess.run(
        [sys.executable, "-c", script], input=given, capture_output=True, timeout=60, check=False
    )
    assert done.stdout.decode().strip() == "True", done.stderr.decode()[-2000:]


def test_a_subprocess_that_is_interrupted_leaves_nothing_behind() -> None:
    execution = start(boundary_subprocess(instances("3")))
    assert waits(execution) == ["t", *["ti"] * 3, *["x"] * 3]
    execution.deliver(at(execution, "t").id)
    assert waits(execution) == ["late"]
    assert not execution.workflow.get_active_subprocesses()
    execution.complete(at(execution, "late").id, {})
    assert execution.step().ended
