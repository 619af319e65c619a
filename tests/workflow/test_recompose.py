"""What a network says is composed anew; what it does not say is named, not lost unseen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from engine.analysis.network import ActivityNetwork
from engine.analysis.reduction import equivalent
from engine.analysis.reengineering.operation import operations_of
from engine.analysis.reengineering.plan import Plan
from engine.analysis.reengineering.scenario import Played, play
from engine.errors import InvalidDefinition
from engine.rules.catalogue import Name
from engine.service.scenarios.export import NotComposable, files_of, warnings_of
from engine.workflow import deployment as model
from engine.workflow.compose_losses import losses
from engine.workflow.xml import NAMESPACES, parse
from tests.drawing.tidiness import faults
from tests.service.drawn import (
    applicant,
    approval,
    boundary,
    call,
    chain,
    diagram,
    files,
    flow,
    gate,
    little,
    node,
    timer,
    winding,
    work,
)

Files = Mapping[str, bytes]
FORK = (node("parallelGateway", "fork"), node("parallelGateway", "join"))
LOOP = "<bpmn:standardLoopCharacteristics/>"
TERMINATE = '<bpmn:terminateEventDefinition id="t"/>'
MESSAGE = '<bpmn:messageEventDefinition id="m" messageRef="message-A"/>'
PLAIN = (work("A"), chain("START", "A", "end"), node("endEvent", "end"))

LOST: list[tuple[str, tuple[str, ...]]] = [
    ("exclusiveGateway x", (node("exclusiveGateway", "x"), chain("START", "x", "end"))),
    (
        "intermediateCatchEvent timer",
        (timer("timer", "timeDuration", "P1D"), chain("START", "timer", "end")),
    ),
    ("boundaryEvent late", (work("A"), boundary("late", "A", "timeDuration", "P1D"))),
    ("subProcess inner", (node("subProcess", "inner"), chain("START", "inner", "end"))),
    ("scriptTask s", (node("scriptTask", "s"), chain("START", "s", "end"))),
    ("userTask A (A)", (work("A", LOOP), chain("START", "A", "end"))),
    ("endEvent over", (node("endEvent", "over", TERMINATE), chain("START", "over"))),
    ("intermediateThrowEvent tell", (node("intermediateThrowEvent", "tell", MESSAGE),)),
    ("userTask B (B)", (*FORK, *map(work, "AB"), chain("fork", "A", "B"), chain("fork", "B"))),
    ("sequenceFlow START--A", (work("A"), flow("START", "A", "x == 1"))),
]


def played(built: model.Deployment, *rows: dict[str, Any]) -> Played:
    plan = Plan.of(built.activities, built.procedure.items)
    found = play(plan, operations_of(list(rows)))
    assert not found.conflicts
    return found


def exported(source: Files, *rows: dict[str, Any]) -> tuple[Played, dict[str, bytes]]:
    built, _ = model.build(source)
    assert built is not None
    found = played(built, *rows)
    return found, files_of(found.plan, built, source, Name("改"), "changed")


def made(content: Files) -> model.Deployment:
    built, problems = model.build(content)
    assert built is not None, problems
    return built


@pytest.mark.parametrize(("named", "parts"), LOST, ids=[each for each, _ in LOST])
def test_what_would_run_otherwise_is_named(named: str, parts: tuple[str, ...]) -> None:
    root, _ = parse(diagram("approval", *parts, awaits=("A",)), 100_000)
    assert root is not None
    [process] = root.findall("bpmn:process", NAMESPACES)
    found = list(losses(process, "approval.bpmn"))
    assert [(each.severity, each.file) for each in found] == [("error", "approval.bpmn")]
    assert found[0].message.startswith(named)
    assert f" {found[0].element}" in named


def test_what_is_said_by_the_network_is_not_lost() -> None:
    root, _ = parse(diagram("approval", *FORK, *PLAIN, gate("X"), awaits=("X",)), 100_000)
    assert root is not None
    [process] = root.findall("bpmn:process", NAMESPACES)
    assert list(losses(process, "")) == []


def test_stages_that_stay_keep_what_a_network_does_not_say() -> None:
    """The loop and the branch are in the other stage; days change no diagram."""
    before = winding()
    found, after = exported(
        before,
        {"kind": "shorten", "item": "A-1", "days": 1},
        {"kind": "parallelise", "item": "B-1", "predecessors": ["START"]},
    )
    assert after["approval.bpmn"] == before["approval.bpmn"]
    assert after["construction.bpmn"] != before["construction.bpmn"]
    assert faults(after["construction.bpmn"]) == []
    built = made(after)
    assert equivalent(ActivityNetwork(built.activities), found.plan.network)
    assert built.procedure.items["F-2"] == made(before).procedure.items["F-2"]
    assert built.procedure.items["B-1"].decision_waits_for == ("A-1",)


def test_a_stage_that_cannot_be_composed_is_refused_by_element() -> None:
    with pytest.raises(NotComposable) as refused:
        exported(winding(), {"kind": "drop", "item": "A-2"})
    assert refused.value.detail["element"] == "again"
    problems = refused.value.detail["problems"]
    assert {each["file"] for each in problems} == {"approval.bpmn"}
    assert {"again", "checked", "size", "sized"} <= {each["element"] for each in problems}
    assert "inside the process that the item calls" in refused.value.message


def test_what_is_only_drawn_is_a_warning() -> None:
    note = '<bpmn:textAnnotation id="note"><bpmn:text>x</bpmn:text></bpmn:textAnnotation>'
    first = diagram("approval", note, *FORK, *map(call, ("A-1", "A-2")), *ways("A-1", "A-2"))
    source = files("noted", {"approval": first}, {"A-1": approval(1), "A-2": approval(2)})
    built = made(source)
    found = played(built, {"kind": "parallelise", "item": "A-1", "predecessors": ["A-2"]})
    [warning] = warnings_of(found.plan, built, source)
    assert (warning.code, warning.element, warning.severity) == ("not_drawn", "note", "warning")
    assert (
        "note" not in files_of(found.plan, built, source, Name(""), "x")["approval.bpmn"].decode()
    )
    nothing = played(built)
    assert warnings_of(nothing.plan, built, source) == []


def ways(*items: str) -> tuple[str, ...]:
    """Items side by side, from the start to the end."""
    inside = (chain("fork", item, "join") for item in items)
    end = node("endEvent", "approval-done")
    return (flow("START", "fork"), *inside, flow("join", "approval-done"), end)


def test_a_milestone_that_is_waited_for_stays_one() -> None:
    """Its id is what the end of the stage would else be called."""
    first = diagram("approval", *FORK, *map(call, ("A-1", "A-2")), *ways("A-1", "A-2"))
    waits = (gate("approval-done"), call("B-1"), node("endEvent", "OPEN"))
    path = chain("START", "wait-approval-done", "B-1", "OPEN")
    second = diagram("construction", *waits, path, awaits=("approval-done",))
    items = {"A-1": approval(1), "A-2": approval(2), "B-1": approval(3)}
    source = files("waiting", {"approval": first, "construction": second}, items)
    beside = {"kind": "parallelise", "item": "A-2", "predecessors": ["A-1"]}
    found, after = exported(source, beside)
    built = made(after)
    assert equivalent(ActivityNetwork(built.activities), found.plan.network)
    assert "approval-done" in {each.id for each in built.activities}
    assert faults(after["approval.bpmn"]) == []


def test_an_item_keeps_its_element_and_loses_what_another_file_says() -> None:
    first = diagram(
        "approval",
        *FORK,
        work("A-1", kind="approval", outcomes="fine,refused", roles="reviewer", promised_days=4),
        call("A-2", participants="HOUS"),
        work("A-3", kind="applicant"),
        *ways("A-1", "A-2", "A-3"),
    )
    items = {"A-1": approval(4), "A-2": approval(2), "A-3": applicant(3)}
    source = files("kept", {"approval": first}, items)
    shorter = {"kind": "shorten", "item": "A-1", "days": 1}
    _, after = exported(source, shorter)
    built = made(after)
    element = built.stages["approval"].elements["A-1"]
    assert element.properties == {
        "item": "A-1",
        "kind": "approval",
        "outcomes": "fine,refused",
        "roles": "reviewer",
    }
    assert (element.tag, built.procedure.items["A-1"].promised_days) == ("userTask", 1)
    assert built.procedure.items["A-2"].participants == ("HOUS",)


def test_a_stage_of_which_nothing_is_left_is_left_out() -> None:
    _, after = exported(little(), {"kind": "merge", "item": "B-1", "absorb": ["A-1", "A-2"]})
    built = made(after)
    assert [stage.id for stage in built.procedure.stages] == ["construction"]
    assert set(after) == {"catalogue.yaml", "construction.bpmn", "item.bpmn", "procedure.yaml"}


def test_stages_that_share_a_file_get_one_each() -> None:
    one = diagram("one", call("A-1", days=2), node("endEvent", "e1"), chain("START", "A-1", "e1"))
    other = diagram("two", call("A-2", days=3), node("endEvent", "e2"), chain("START", "A-2", "e2"))
    inside = other[other.index(b"<bpmn:process") : other.index(b"</bpmn:definitions>")]
    inside = inside.replace(b'"START"', b'"START2"').replace(b"START--", b"START2--")
    both = one.replace(b"</bpmn:definitions>", inside + b"</bpmn:definitions>")
    source = {"both.bpmn": both, "item.bpmn": little()["item.bpmn"]}
    found, after = exported(source, {"kind": "parallelise", "item": "A-2", "predecessors": ["A-1"]})
    assert {"both-1.bpmn", "both-2.bpmn"} <= set(after)
    assert "both.bpmn" not in after
    assert equivalent(ActivityNetwork(made(after).activities), found.plan.network)


def test_a_called_process_in_a_stages_file_is_refused() -> None:
    first = diagram("approval", *FORK, call("A-1", "own"), call("A-2", "own"), *ways("A-1", "A-2"))
    own = diagram("own", work("decide"), chain("START", "decide", "over"), node("endEvent", "over"))
    inside = own[own.index(b"<bpmn:process") :].replace(b"START", b"BEGIN")
    together = first.replace(b"</bpmn:definitions>", inside)
    source = files("together", {"approval": together}, {"A-1": approval(1), "A-2": approval(2)})
    with pytest.raises(NotComposable, match="process own stands in the file of a stage"):
        exported(source, {"kind": "drop", "item": "A-2"})


def test_what_counts_no_days_cannot_be_promised() -> None:
    parts = (call("A-1"), call("A-2", days=1), chain("START", "A-1", "A-2", "e"))
    one = diagram("one", *parts, node("endEvent", "e"))
    source = {"one.bpmn": one, "item.bpmn": little()["item.bpmn"]}
    with pytest.raises(NotComposable, match="A-1 says in no file how many days") as refused:
        exported(source, {"kind": "shorten", "item": "A-2", "days": 0})
    assert refused.value.detail["element"] == "A-1"


def test_a_plan_that_may_not_be_deployed_is_refused() -> None:
    before = little()
    built = made(before)
    found = played(built, {"kind": "commitment", "item": "A-1", "days": 1, "check_days": 9})
    guarded = found.plan.with_item("A-1", guards=("fire",))
    with pytest.raises(InvalidDefinition, match="commitment cannot replace"):
        files_of(guarded, built, before, Name(""), "x")
