"""Gates: level-triggered, across stages, in one transaction; soft ones hold the decision only."""

from __future__ import annotations

from engine.service import items, tasks
from engine.store import tables as t
from tests.service.city import City
from tests.service.drawn import (
    applicant,
    approval,
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


def test_a_decision_that_comes_before_anyone_waits_for_it_is_not_lost(city: City) -> None:
    """B-1's gate is reached only after the applicant's work; A-1 is decided long before."""
    first = diagram("approval", call("A-1"), node("endEvent", "end"), chain("START", "A-1", "end"))
    second = diagram(
        "construction",
        work("F-1", kind="applicant"),
        gate("A-1"),
        call("B-1"),
        node("endEvent", "OPEN"),
        chain("START", "F-1", "wait-A-1", "B-1", "OPEN"),
        awaits=("A-1",),
    )
    rows = {"A-1": approval(1), "F-1": applicant(5), "B-1": approval(1)}
    city.deploy(files("late", {"approval": first, "construction": second}, rows))
    project = city.start("late")
    city.decide(project, "A-1")
    city.wait(30)
    city.answer(project, "F-1", "done")
    assert city.item(project, "B-1").state == "received"


def test_gates_open_with_the_decision_in_the_same_transaction(city: City) -> None:
    city.deploy(little())
    project = city.start("little")
    city.answer(project, "A-1", "accept", "done")
    version = city.project(project).version
    task = city.task(project, "A-1")
    with city.work() as work_unit:
        tasks.complete(work_unit, task.id, "approve")
        found = tasks.find(work_unit, project=project, item="B-1").items
        assert [each.element for each in found] == ["receive"]
    assert city.project(project).version == version + 1


def test_a_chain_of_gates_opens_at_once(city: City) -> None:
    """A decision that passes gates in three further stages, one after the other."""
    stages = {
        "approval": diagram(
            "approval", call("A-1"), node("endEvent", "m-1"), chain("START", "A-1", "m-1")
        )
    }
    for number, stage in enumerate(("planning", "construction", "acceptance"), 1):
        stages[stage] = diagram(
            stage,
            gate(f"m-{number}"),
            node("endEvent", f"m-{number + 1}"),
            chain("START", f"wait-m-{number}", f"m-{number + 1}"),
            awaits=(f"m-{number}",),
        )
    city.deploy(files("chain", stages, {"A-1": approval(1)}))
    project = city.start("chain")
    city.decide(project, "A-1")
    told = city.events(project)
    reached = [each for each in told if each.endswith("milestone.reached")]
    assert reached == [f"m-{number}: milestone.reached" for number in (1, 2, 3)]
    city.answer(project, "A-1", "delivered")
    assert city.project(project).state == "completed"


def test_a_soft_gate_holds_the_decision_and_not_the_review(city: City) -> None:
    city.deploy(winding())
    project = city.start("winding")
    city.answer(project, "F-1", "done")
    city.answer(project, "C-1", "fine", data={"size": "large"})
    city.answer(project, "B-1", "accept", "done")
    assert city.open_tasks(project, item="B-1") == []
    assert city.item(project, "B-1").state == "accepted"
    city.answer(project, "A-1", "accept", "done", "refuse")
    assert city.open_tasks(project, item="B-1") == []
    city.do(items.apply_again, project, "A-1")
    city.decide(project, "A-1")
    assert city.task(project, "B-1").element == "decide"


def test_a_soft_gate_that_is_open_already_is_no_step(city: City) -> None:
    city.deploy(winding())
    project = city.start("winding")
    city.answer(project, "F-1", "done")
    city.answer(project, "C-1", "fine", data={"size": "large"})
    city.decide(project, "A-1")
    city.answer(project, "B-1", "accept", "done", "approve")
    assert city.item(project, "B-1").state == "delivering"


def test_the_loop_and_the_branch_are_walked(city: City) -> None:
    city.deploy(winding())
    project = city.start("winding")
    city.answer(project, "F-1", "done")
    for _ in range(2):
        city.answer(project, "C-1", "again")
        assert city.item(project, "C-1").state == "done"
        city.answer(project, "F-2", "done")
        reopened = city.item(project, "C-1")
        assert (reopened.state, reopened.decided_on) == ("open", None)
    assert city.item(project, "B-1").state == "received"
    city.answer(project, "C-1", "fine", data={"size": "small"})
    for item in ("A-1", "A-3", "B-1"):
        city.decide(project, item)
    view = city.project(project)
    assert view.opened_on == city.today
    states = {each.id: each.state for each in view.items}
    assert (states["A-2"], states["A-3"]) == ("not_started", "delivering")
    assert [stage.state for stage in view.stages] == ["completed", "completed"]


def test_an_event_gateway_takes_what_comes_first_and_cancels_the_rest(city: City) -> None:
    """The item is decided at once: the timer beside it is cancelled, in the same step."""
    first = diagram("approval", call("A-1"), node("endEvent", "end"), chain("START", "A-1", "end"))
    second = diagram(
        "construction",
        node("eventBasedGateway", "first"),
        gate("A-1"),
        timer("later", "timeDuration", "P3D"),
        call("B-1"),
        node("endEvent", "OPEN"),
        node("endEvent", "gave-up"),
        chain("START", "first", "wait-A-1", "B-1", "OPEN"),
        chain("first", "later", "gave-up"),
        awaits=("A-1",),
    )
    rows = {"A-1": approval(1), "B-1": approval(1)}
    city.deploy(files("race", {"approval": first, "construction": second}, rows))
    project = city.start("race")
    assert [each["state"] for each in city.rows(t.timer)] == ["open"]
    city.decide(project, "A-1")
    assert city.item(project, "B-1").state == "received"
    assert [each["state"] for each in city.rows(t.timer)] == ["cancelled"]


def test_a_task_that_is_opened_and_cancelled_in_one_step_is_not_left_open(city: City) -> None:
    """An item decided before interrupts the work that has just begun."""
    interrupt = '<bpmn:messageEventDefinition id="e-i" messageRef="message-A-1"/>'
    first = diagram("approval", call("A-1"), node("endEvent", "end"), chain("START", "A-1", "end"))
    second = diagram(
        "construction",
        work("F-1", kind="applicant"),
        work("F-2", kind="applicant"),
        node("boundaryEvent", "instead", interrupt, attachedToRef="F-2", cancelActivity="true"),
        node("endEvent", "OPEN"),
        node("endEvent", "other"),
        chain("START", "F-1", "F-2", "OPEN"),
        flow("instead", "other"),
        awaits=("A-1",),
    )
    rows = {"A-1": approval(1), "F-1": applicant(1), "F-2": applicant(1)}
    city.deploy(files("interrupted", {"approval": first, "construction": second}, rows))
    project = city.start("interrupted")
    city.decide(project, "A-1")
    city.answer(project, "F-1", "done")
    assert city.open_tasks(project, item="F-2") == []
    assert city.item(project, "F-2").state == "cancelled"
    city.answer(project, "A-1", "delivered")
    assert city.project(project).state == "completed"
