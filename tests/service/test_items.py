"""An item's case: received, supplemented, decided or not, applied for again, delivered."""

from __future__ import annotations

import pytest

from engine.errors import Conflict, Forbidden, Invalid, NotFound
from engine.service import items, projects, tasks
from engine.service.incidents import StepFailed
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
    little,
    node,
    one_stage,
    work,
)

#: how a case can end without a result
ENDINGS = {
    "not_accepted": ("not_accept",),
    "out_of_scope": ("out_of_scope",),
    "returned": ("accept", "return"),
    "refused": ("accept", "done", "refuse"),
}


@pytest.fixture
def project(city: City) -> int:
    """A project of the little procedure, started."""
    city.deploy(little())
    return city.start("little")


@pytest.mark.parametrize("ending", ENDINGS)
def test_without_a_result_no_gate_opens_and_the_activity_waits(
    city: City, project: int, ending: str
) -> None:
    city.answer(project, "A-1", *ENDINGS[ending])
    assert city.item(project, "A-1").state == ending
    assert city.item(project, "A-1").decided_on is None
    assert city.open_tasks(project, item="A-1") == []
    assert city.item(project, "B-1").state == "not_started"
    city.decide(project, "A-2")
    assert city.project(project).opened_on is None


def test_applying_again_is_a_second_attempt_with_dates_of_its_own(city: City, project: int) -> None:
    city.answer(project, "A-1", "accept", "done", "refuse")
    first = city.item(project, "A-1")
    city.wait_working(3)
    city.do(items.apply_again, project, "A-1")
    second = city.item(project, "A-1")
    assert (second.attempt, second.state) == (2, "received")
    assert (second.received_on, second.opened_on) == (city.today, first.opened_on)
    assert (second.accepted_on, second.promised_due_on, second.statutory_due_on) == (None,) * 3
    city.decide(project, "A-1")
    assert city.item(project, "A-1").decided_on == city.today
    assert city.item(project, "B-1").state == "received"
    cases = city.rows(t.process_instance, item="A-1")
    assert sorted((each["attempt"], each["status"]) for each in cases) == [
        (1, "ended"),
        (2, "running"),
    ]


def test_applying_again_may_be_done_as_often_as_needed(city: City, project: int) -> None:
    for outcomes in ENDINGS.values():
        city.answer(project, "A-1", *outcomes)
        city.do(items.apply_again, project, "A-1")
    assert city.item(project, "A-1").attempt == 5
    city.decide(project, "A-1")
    assert city.item(project, "A-1").state == "delivering"


def test_what_is_under_way_or_decided_cannot_be_applied_for_again(city: City, project: int) -> None:
    for item in ("A-1", "B-1"):
        with pytest.raises(Conflict):
            city.do(items.apply_again, project, item)
    city.decide(project, "A-1")
    with pytest.raises(Conflict):
        city.do(items.apply_again, project, "A-1")
    with pytest.raises(NotFound):
        city.do(items.apply_again, project, "Z-9")


@pytest.mark.parametrize(
    "before",
    [(), ("supplement",), ("accept",), ("accept", "done")],
    ids=lambda each: str(len(each)),
)
def test_the_applicant_withdraws_a_case_that_is_under_way(
    city: City, project: int, before: tuple[str, ...]
) -> None:
    city.answer(project, "A-1", *before)
    task = city.task(project, "A-1")
    view = city.do(items.withdraw, project, "A-1", "other plans")
    assert view.state == "withdrawn"
    assert city.open_tasks(project, item="A-1") == []
    with pytest.raises(Conflict):
        city.do(tasks.complete, task.id, None)
    with pytest.raises(Conflict):
        city.do(items.withdraw, project, "A-1")
    city.do(items.apply_again, project, "A-1")
    city.decide(project, "A-1")
    assert city.item(project, "B-1").state == "received"


def test_only_the_applicant_and_coordinators_withdraw(city: City) -> None:
    city.deploy(little())
    mine = city.user("mine", ("applicant", ""))
    others = [
        (city.user("other", ("applicant", "")), NotFound),
        (city.user("clerk", ("clerk", "PLAN")), Forbidden),
    ]
    project = city.start("little", by=mine)
    for who, refusal in others:
        for verb in (items.withdraw, items.apply_again):
            with pytest.raises(refusal):
                city.do(verb, project, "A-1", by=who)
    city.do(items.withdraw, project, "A-1", by=mine)
    city.do(items.apply_again, project, "A-1", by=city.user("boss", ("coordinator", "")))
    city.do(projects.suspend, project)
    with pytest.raises(Conflict):
        city.do(items.withdraw, project, "A-1", by=mine)


def test_while_material_is_missing_the_applicant_has_the_time(city: City, project: int) -> None:
    city.answer(project, "A-1", "supplement")
    task = city.task(project, "A-1")
    assert (task.kind, task.department, task.roles) == ("applicant", "APPL", ["applicant"])
    assert (task.promised_due_on, task.statutory_due_on) == (None, None)
    city.wait_working(4)
    city.answer(project, "A-1", "submit")
    assert city.task(project, "A-1").element == "receive"
    city.decide(project, "A-1")
    assert city.rows(t.project_item, item="A-1")[0]["waited_days"] == 4


def test_due_dates_follow_the_step(city: City, project: int) -> None:
    """Receipt: 5 days by law; review and decision: the item's; delivery: 10 days by law."""
    add = city.calendar.add
    receive = city.task(project, "A-1")
    assert (receive.promised_due_on, receive.statutory_due_on) == (None, add(city.today, 5))
    city.wait_working(2)
    accepted_on = city.today
    city.answer(project, "A-1", "accept")
    for outcome in ("done", "approve"):
        task = city.task(project, "A-1")
        assert task.promised_due_on == add(accepted_on, 3)
        assert task.statutory_due_on == add(accepted_on, 20)
        city.wait_working()
        city.answer(project, "A-1", outcome)
    deliver = city.task(project, "A-1")
    assert (deliver.element, deliver.statutory_due_on) == ("deliver", add(city.today, 10))
    assert deliver.promised_due_on is None


def test_a_fee_is_paid_before_delivery_and_falls_due_on_no_day(city: City, project: int) -> None:
    city.decide(project, "A-1")
    assert city.task(project, "A-1").element == "deliver"
    city.decide(project, "A-2")
    pay = city.task(project, "A-2")
    assert (pay.element, pay.department, pay.outcomes) == ("pay", "APPL", ["paid"])
    assert (pay.promised_due_on, pay.statutory_due_on) == (None, None)
    # the decision opened the gate already
    assert city.item(project, "A-2").decided_on == city.today
    city.answer(project, "A-2", "paid", "delivered")
    assert city.item(project, "A-2").state == "delivered"


@pytest.mark.parametrize("name", ["fee_due", "decision_waits_for", "outcome", "item", "instant"])
def test_an_answer_cannot_change_what_the_item_says(city: City, project: int, name: str) -> None:
    with pytest.raises(Invalid):
        city.answer(project, "A-2", "accept", data={name: False})
    assert city.task(project, "A-2").element == "receive"


def test_an_item_that_is_called_again_is_a_new_attempt(city: City) -> None:
    """A loop in the stage: after the plan is changed the permit is applied for once more."""
    parts = (
        node("exclusiveGateway", "again"),
        call("X-1"),
        work("F-1", outcomes="build,change", kind="applicant"),
        node("exclusiveGateway", "changed", default="changed--done"),
        node("endEvent", "done"),
        chain("START", "again", "X-1", "F-1", "changed", "done"),
        flow("changed", "again", 'outcome == "change"'),
    )
    city.deploy(one_stage("loop", *parts, X_1=approval(3), F_1=applicant(1)))
    project = city.start("loop")
    city.decide(project, "X-1")
    delivery = city.task(project, "X-1")
    city.answer(project, "F-1", "change")
    # the first certificate is not delivered any more
    assert city.task(project, "X-1").element == "receive"
    with pytest.raises(Conflict):
        city.do(tasks.complete, delivery.id, None)
    again = city.item(project, "X-1")
    assert (again.attempt, again.state, again.decided_on) == (2, "received", None)
    city.decide(project, "X-1")
    city.answer(project, "F-1", "build")
    city.answer(project, "X-1", "delivered")
    assert city.project(project).state == "completed"


def test_work_that_is_reached_twice_is_done_when_both_are(city: City) -> None:
    """A fork whose branches meet without a join brings the same work twice."""
    parts = (
        node("parallelGateway", "fork"),
        node("exclusiveGateway", "meet"),
        *(node("manualTask", each) for each in ("left", "right")),
        work("W-1", kind="approval"),
        node("endEvent", "done"),
        chain("START", "fork", "left", "meet", "W-1", "done"),
        chain("fork", "right", "meet"),
    )
    rows = {each: applicant(0) for each in ("left", "right")}
    city.deploy(one_stage("twice", *parts, W_1=approval(2), **rows))
    project = city.start("twice")
    for item in ("left", "right"):
        city.answer(project, item, "done")
    for left in (2, 1):
        assert city.item(project, "W-1").state == "open"
        found = city.open_tasks(project)
        assert len(found) == left
        city.do(tasks.complete, found[0].id, None)
    assert city.item(project, "W-1").state == "done"
    assert city.project(project).state == "completed"


def test_an_item_that_is_called_twice_at_once_is_an_incident(city: City) -> None:
    parts = (
        node("parallelGateway", "fork"),
        node("exclusiveGateway", "meet"),
        *(work(each, kind="applicant") for each in ("F-1", "F-2")),
        call("X-1"),
        node("endEvent", "done"),
        chain("START", "fork", "F-1", "meet", "X-1", "done"),
        chain("fork", "F-2", "meet"),
    )
    rows = {each: applicant(1) for each in ("F_1", "F_2")}
    city.deploy(one_stage("both", *parts, X_1=approval(2), **rows))
    project = city.start("both")
    city.answer(project, "F-1", "done")
    with pytest.raises(StepFailed):
        city.answer(project, "F-2", "done")
    assert city.task(project, "X-1").element == "receive"


def test_a_case_may_look_at_several_things(city: City) -> None:
    """A task of the called diagram once for each of three buildings."""
    several = (
        "<bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>3</bpmn:loopCardinality>"
        "</bpmn:multiInstanceLoopCharacteristics>"
    )
    over = node("endEvent", "over")
    plain = diagram("plain", work("look", several), over, chain("START", "look", "over"))
    end = node("endEvent", "done")
    stage = diagram("approval", call("X-1", "plain"), end, chain("START", "X-1", "done"))
    city.deploy(files("several", {"approval": stage}, {"X-1": approval(2)}, plain=plain))
    project = city.start("several")
    for left in (3, 2, 1):
        found = city.open_tasks(project)
        assert (len(found), city.item(project, "X-1").state) == (left, "accepted")
        city.do(tasks.complete, found[0].id, None)
    assert city.item(project, "X-1").state == "decided"
    assert city.project(project).state == "completed"


def test_a_called_diagram_without_a_decision_is_decided_by_its_end(city: City) -> None:
    plain = diagram(
        "plain",
        work("check"),
        work("sign"),
        node("endEvent", "over"),
        chain("START", "check", "sign", "over"),
    )
    stage = diagram(
        "approval", call("X-1", "plain"), node("endEvent", "done"), chain("START", "X-1", "done")
    )
    city.deploy(files("plain-calls", {"approval": stage}, {"X-1": approval(4)}, plain=plain))
    project = city.start("plain-calls")
    view = city.item(project, "X-1")
    assert (view.state, view.promised_due_on) == ("accepted", city.calendar.add(city.today, 4))
    city.answer(project, "X-1", "done", "done")
    assert city.item(project, "X-1").state == "decided"
    assert city.project(project).state == "completed"
