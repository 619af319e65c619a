"""The rules of the clock (行政许可法 art. 32, 42, 44, 45, 82) through the whole service."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from engine.errors import Invalid
from engine.rules.catalogue import Item
from engine.rules.deadline import STEP_DEADLINES, DayUnit
from engine.scheduler import sweep
from engine.service import desk, notices, projects, tasks
from engine.service.clock import explain, recompute, suspensions
from engine.service.clock.explained import DeadlineView
from engine.service.clock.steps import BY_DAYS
from engine.service.clock.suspensions import Stopping
from engine.service.review import rounds
from engine.service.review.rounds import NewRound
from engine.service.views import TaskView
from engine.store import tables as t
from tests.service.city import City
from tests.service.drawn import approval, call, chain, diagram, flow, node, one_stage, properties
from tests.service.test_clock_history import every_kind


def on(text: str) -> date:
    return date.fromisoformat(f"2014-{text}")


def at(city: City, text: str) -> None:
    """Set the clock of the city: a day and an hour of 2014 there."""
    local = datetime.fromisoformat(f"2014-{text}").replace(tzinfo=city.settings.zone)
    city.now = local.astimezone(UTC)


def started(city: City, text: str) -> int:
    """A project with an item of every kind, filed at an instant."""
    at(city, text)
    return city.start(city.deploy(every_kind()))


def explained(city: City, task: TaskView) -> DeadlineView:
    return city.see(explain.explain, task.id)


def consistent(city: City) -> None:
    """What is stored follows from what is recorded."""
    with city.work(read_only=True) as unit:
        assert recompute.moves(unit, unit.calendar) == []


# -- receipt: art. 32 ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("filed", "received", "due"),
    [
        # at the cut-off itself is in time
        ("09-05T17:00:00", "09-05", "09-15"),
        # a Friday evening, a day of rest, its evening: the Monday, and Mid-Autumn is the 8th
        ("09-05T17:00:01", "09-09", "09-16"),
        ("09-06T10:00:00", "09-09", "09-16"),
        ("09-06T22:00:00", "09-09", "09-16"),
        # a Sunday that is worked
        ("09-28T10:00:00", "09-28", "10-10"),
        # within National Day
        ("10-03T09:00:00", "10-08", "10-14"),
        # an evening before a Saturday that is worked
        ("10-10T20:00:00", "10-11", "10-17"),
    ],
)
def test_what_is_filed_late_or_on_a_day_of_rest_is_received_on_the_next_working_day(
    small_city: City, filed: str, received: str, due: str
) -> None:
    city = small_city
    project = started(city, filed)
    task = city.task(project, "W-1")
    assert city.item(project, "W-1").received_on == on(received)
    assert task.statutory_due_on == on(due) == city.calendar.add(on(received), 5)
    told = explained(city, task)
    assert (told.start.on, told.start.received_on) == (on(received), on(received))
    assert told.start.filed_at == city.now
    consistent(city)


def test_the_city_s_own_cut_off_holds(small_city: City, tmp_path: Path) -> None:
    city = small_city
    shutil.copytree(city.settings.bpmn_dir, tmp_path / "bpmn")
    (tmp_path / "bpmn" / "city.yaml").write_text("receipt: {cut_off: '12:00'}\n")
    city.settings = replace(city.settings, bpmn_dir=tmp_path / "bpmn")
    project = started(city, "09-02T12:01:00")
    assert city.item(project, "W-1").received_on == on("09-03")
    assert explained(city, city.task(project, "W-1")).start.cut_off == "12:00"
    consistent(city)


def test_a_supplement_sent_in_the_evening_counts_as_received_the_next_working_day(
    city: City,
) -> None:
    project = started(city, "09-02T09:00:00")
    city.answer(project, "W-1", "supplement")
    at(city, "09-05T21:00:00")
    city.answer(project, "W-1", "submit")
    task = city.task(project, "W-1")
    assert task.statutory_due_on == city.calendar.add(on("09-09"), 5)
    assert city.item(project, "W-1").received_on == on("09-02"), "the first time it came"
    consistent(city)
    # and silence accepts as of then
    at(city, "09-30T09:00:00")
    sweep(city.engine, city.now, city.settings)
    assert city.item(project, "W-1").accepted_on == on("09-09")


@pytest.mark.parametrize(
    ("filed", "received", "due"),
    [
        # in the evening
        ("09-02T19:00:00", "09-03", "09-10"),
        # on a Saturday before Mid-Autumn, the 8th
        ("09-06T10:00:00", "09-09", "09-15"),
    ],
)
def test_a_window_that_accepts_before_the_day_of_receipt_has_accepted_on_it(
    city: City, filed: str, received: str, due: str
) -> None:
    project, receipt = started(city, filed), on(received)
    city.answer(project, "W-1", "accept")
    item = city.item(project, "W-1")
    assert (item.received_on, item.accepted_on) == (receipt, receipt)
    assert item.promised_due_on == city.calendar.add(receipt, 4) == on(due)
    told = explained(city, city.task(project, "W-1"))
    assert (told.start.reason, told.start.on, told.start.received_on) == (
        *("accepted", receipt, receipt),
    )
    assert told.start.noted_at == city.now
    [accepted] = city.see(notices.find, project)
    assert (accepted.issued_on, accepted.accepted_on) == (city.today, receipt)
    assert accepted.promised_due_on == on(due)
    consistent(city)


def test_what_is_done_before_the_day_of_receipt_counts_as_done_on_it(city: City) -> None:
    """The department decides on the same Saturday; delivery is counted from the day of receipt."""
    project, receipt = started(city, "09-06T10:00:00"), on("09-09")
    city.answer(project, "W-1", "accept", "done", "approve")
    item, task = city.item(project, "W-1"), city.task(project, "W-1")
    assert (item.accepted_on, item.decided_on) == (receipt, receipt)
    assert task.statutory_due_on == city.calendar.add(receipt, 10)
    told = explained(city, task)
    assert (told.start.reason, told.start.on) == ("decided", receipt)
    assert [each.agrees for each in told.terms] == [True]
    clock = city.see(desk.lay, task.id).clock
    assert clock is not None
    assert clock.start_on == receipt
    consistent(city)
    city.answer(project, "W-1", "delivered")
    assert city.item(project, "W-1").delivered_on == receipt


def test_a_supplement_of_a_saturday_is_accepted_on_its_day_of_receipt(city: City) -> None:
    project = started(city, "09-02T09:00:00")
    city.answer(project, "W-1", "supplement")
    at(city, "09-06T21:00:00")
    city.answer(project, "W-1", "submit", "accept")
    item = city.item(project, "W-1")
    assert (item.received_on, item.accepted_on) == (on("09-02"), on("09-09"))
    told = explained(city, city.task(project, "W-1"))
    assert (told.start.on, told.start.received_on) == (on("09-09"), on("09-09"))
    consistent(city)


# -- two due dates: art. 42 ------------------------------------------------------------------------


def test_the_day_of_acceptance_is_not_counted_and_make_up_days_are(city: City) -> None:
    project = started(city, "09-26T09:00:00")
    city.answer(project, "W-1", "accept")
    item = city.item(project, "W-1")
    assert (item.promised_due_on, item.statutory_due_on) == (on("10-08"), on("10-29"))
    numbers = {
        f"{line.date:%m-%d}": line.number
        for line in explained(city, city.task(project, "W-1")).terms[0].lines
    }
    assert (numbers["09-26"], numbers["09-27"], numbers["09-28"]) == (0, 0, 1)


def test_joint_handling_has_forty_five_days(city: City) -> None:
    project = started(city, "09-01T09:00:00")
    city.answer(project, "J-1", "accept")
    assert city.item(project, "J-1").statutory_due_on == city.calendar.add(on("09-01"), 45)


def test_of_different_units_the_earlier_date_is_in_force(city: City) -> None:
    """7 working days are promised and 9 calendar days given; or the other way round."""
    project = started(city, "09-26T09:00:00")
    city.answer(project, "C-1", "accept")
    task = city.task(project, "C-1")
    # nine days end within National Day and roll to the first working day behind it
    assert (task.promised_due_on, task.statutory_due_on) == (on("10-11"), on("10-08"))
    [row] = city.rows(t.task, id=task.id)
    assert row["due_on"] == on("10-08")
    told = explained(city, task)
    assert (told.due_on, told.in_force) == (on("10-08"), "statutory")
    assert [line.mark for line in told.terms[1].lines][-3:] == ["rolled", "rolled", "rolled"]
    city.answer(project, "K-1", "accept")
    assert city.item(project, "K-1").promised_due_on == on("10-08"), "ten days, rolled"


def test_a_promise_above_the_statute_is_refused_where_units_are_the_same() -> None:
    def given(**more: Any) -> Item:
        return Item.of("A-1", {"statutory_days": 20, **more})

    assert given(promised_days=20).promised_days == 20
    with pytest.raises(Invalid, match="21 days promised, but the law allows 20"):
        given(promised_days=21)
    with pytest.raises(Invalid, match="A-1"):
        given(promised_days=21, unit="calendar", promised_unit="calendar")
    mixed = given(promised_days=21, promised_unit="calendar")
    assert (mixed.promised_unit, mixed.unit) == (DayUnit.CALENDAR, DayUnit.WORKING)
    assert given(promised_days=45, handling="joint").statutory_days == 45
    with pytest.raises(Invalid):
        given(promised_days=46, handling="joint")


def test_what_is_decided_on_the_spot_is_due_on_the_day_of_acceptance(city: City) -> None:
    parts = (call("I-1"), node("endEvent", "end"), chain("START", "I-1", "end"))
    instant = approval(0, instant=True, statutory_days=20)
    project = city.start(city.deploy(one_stage("swift", *parts, I_1=instant)))
    city.answer(project, "I-1", "accept")
    task = city.task(project, "I-1")
    assert (task.element, task.promised_due_on) == ("decide", city.today)
    [line] = explained(city, task).terms[0].lines
    assert (line.mark, line.date) == ("start", city.today)


# -- delivery: art. 44 -----------------------------------------------------------------------------


def test_ten_days_to_deliver_are_counted_from_the_decision(city: City) -> None:
    project = started(city, "09-01T09:00:00")
    city.answer(project, "W-1", "accept")
    at(city, "09-03T15:00:00")
    city.answer(project, "W-1", "done", "approve")
    task = city.task(project, "W-1")
    assert task.statutory_due_on == city.calendar.add(on("09-03"), 10) == on("09-18")
    told = explained(city, task)
    assert (told.clock, told.start.reason, told.terms[0].source) == (
        "step",
        "decided",
        "行政许可法 art. 44",
    )


def test_the_days_the_applicant_takes_to_pay_are_not_the_department_s(city: City) -> None:
    project = started(city, "09-01T09:00:00")
    city.answer(project, "K-1", "accept", "done", "approve")
    assert city.task(project, "K-1").statutory_due_on is None
    at(city, "09-10T09:00:00")
    city.answer(project, "K-1", "paid")
    task = city.task(project, "K-1")
    assert task.statutory_due_on == city.calendar.add(on("09-10"), 10)
    assert explained(city, task).start.reason == "paid"


def test_steps_with_a_time_of_their_own_are_told_apart_by_their_days() -> None:
    assert len(BY_DAYS) == sum(rule.statutory for rule in STEP_DEADLINES.values())
    laws = {
        step for step, rule in STEP_DEADLINES.items() if "法" in rule.source.partition(" art.")[0]
    }
    assert laws == set(BY_DAYS.values()) == {"receive", "deliver"}


# -- clocks that diagrams start --------------------------------------------------------------------


def own_case(*parts: str, **more: Any) -> Mapping[str, bytes]:
    """A procedure of one item whose case is drawn anew."""
    stage = (call("X-1", "own"), node("endEvent", "end"), chain("START", "X-1", "end"))
    item = approval(5, department="PLAN", statutory_days=20, **more)
    return {**one_stage("own-case", *stage, X_1=item), "own.bpmn": diagram("own", *parts)}


def step(identifier: str, state: str, outcomes: str = "done", **more: str) -> str:
    """A step of a case."""
    given = {"case_state": state, "outcomes": outcomes, "roles": "reviewer", **more}
    return node("userTask", identifier, properties(**given))


DECIDED = node("endEvent", "decided", properties(case_state="decided"))


def test_a_clock_that_is_started_late_or_twice_is_counted_from_acceptance(city: City) -> None:
    """The diagram starts it a step behind acceptance, and again when the work goes back."""
    parts = (
        step("intake", "received", "accept"),
        step("look", "accepted"),
        node("exclusiveGateway", "in"),
        step("check", "in_decision", "fine,again", starts_clock="true"),
        node("exclusiveGateway", "out", default="out--decided"),
        DECIDED,
        chain("START", "intake", "look", "in", "check", "out", "decided"),
        flow("out", "in", 'outcome == "again"'),
    )
    project = city.start(city.deploy(own_case(*parts)))
    city.answer(project, "X-1", "accept")
    accepted_on = city.today
    city.wait_working(2)
    city.answer(project, "X-1", "done")
    due_on = city.calendar.add(accepted_on, 5)
    assert city.task(project, "X-1").promised_due_on == due_on
    consistent(city)
    given = Stopping("hearing", "〔2014〕7号", 5)
    city.do(suspensions.suspend, project, "X-1", given)
    city.wait_working(2)
    city.do(suspensions.resume, project, "X-1")
    city.wait_working(1)
    city.answer(project, "X-1", "again")
    task = city.task(project, "X-1")
    assert task.promised_due_on == city.calendar.add(due_on, 2)
    assert all(each.agrees for each in explained(city, task).terms)
    consistent(city)


def test_a_task_that_opens_while_the_clock_stands_still_stands_too(city: City) -> None:
    """The applicant goes on meanwhile, and what follows is the department's."""
    parts = (
        step("intake", "received", "accept"),
        node("parallelGateway", "fork"),
        step("check", "accepted", starts_clock="true"),
        node("userTask", "drill", properties(kind="applicant", outcomes="done")),
        step("look", "accepted"),
        node("parallelGateway", "join"),
        DECIDED,
        chain("START", "intake", "fork", "check", "join", "decided"),
        chain("fork", "drill", "look", "join"),
    )
    project = city.start(city.deploy(own_case(*parts)))
    city.answer(project, "X-1", "accept")
    city.do(suspensions.suspend, project, "X-1", Stopping("testing", "〔2014〕7号", 5))
    city.do(tasks.complete, city.task(project, "X-1", "drill").id, "done")
    stopped = {row["element"]: row["stopped_on"] for row in city.rows(t.task, state="open")}
    assert stopped == {"check": city.today, "look": city.today}
    consistent(city)
    told = explained(city, city.task(project, "X-1", "look"))
    assert (told.due_on, told.stopped_on) == (None, city.today)


def test_an_opinion_of_a_joint_review_is_due_so_many_days_after_it_was_asked(city: City) -> None:
    project = city.start(city.deploy("industrial-2014"))
    city.do(rounds.launch, project, NewRound("planning", items=("IND-08",), papers="scheme"))
    [task] = city.open_tasks(project, department="EPB")
    assert task.element == "give-opinion"
    told = explained(city, task)
    assert (told.clock, told.start.reason, told.start.on) == ("review", "given", city.today)
    [term] = told.terms
    assert (term.due_on, term.agrees) == (task.promised_due_on, True)
    clock = city.see(desk.lay, task.id).clock
    assert clock is not None
    assert clock.promised is not None
    assert (clock.start_on, clock.promised.days) == (city.today, term.days)


def test_a_sweep_that_does_nothing_changes_nothing(city: City) -> None:
    """Silence at a step whose diagram knows no such answer counts as nothing."""
    parts = (
        step("receive", "received", "fine"),
        step("check", "accepted", starts_clock="true"),
        DECIDED,
        chain("START", "receive", "check", "decided"),
    )
    project = city.start(city.deploy(own_case(*parts)))
    task = city.task(project, "X-1")
    told = explained(city, task)
    assert (told.on_lapse.outcome, told.on_lapse.at) == ("", None)
    city.wait(30)
    assert sweep(city.engine, city.now, city.settings)["overdue"] == 1
    version = city.project(project).version
    city.now += timedelta(minutes=1)
    done = sweep(city.engine, city.now, city.settings)
    assert not any(done.values())
    assert city.project(project).version == version


def test_a_stop_that_was_over_before_acceptance_is_none_of_the_clock_s(city: City) -> None:
    project = started(city, "09-01T09:00:00")
    city.do(projects.suspend, project)
    city.wait_working(2)
    city.do(projects.resume, project)
    city.wait_working(1)
    city.answer(project, "W-1", "accept")
    told = explained(city, city.task(project, "W-1"))
    assert (told.stops, told.terms[0].agrees) == ([], True)
    [stop] = explained(city, city.task(project, "C-1")).stops
    assert (stop.reason, stop.whole_project) == ("project", True), "receipt stood still"
