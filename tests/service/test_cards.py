"""Cards: given once to who is late, explained, appealed, decided; and who sees which."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from engine.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from engine.scheduler import sweep
from engine.service import overdue, projects, tasks
from engine.service.clock import suspensions
from engine.service.clock.suspensions import Stopping
from engine.service.supervision import answers, cards, issuing
from engine.service.supervision.card_rows import CardView, possible
from engine.service.supervision.cards import Filters
from engine.service.supervision.issuing import CardGiven, NewCard, NotByHand
from engine.service.work import Actor
from engine.store import tables as t
from tests.service.city import City
from tests.service.drawn import approval, call, chain, little, node, one_stage


def works(days: int = 3, **more: Any) -> Any:
    """One item, whose silence means nothing: it stays late."""
    parts = (call("X-1"), node("endEvent", "done"), chain("START", "X-1", "done"))
    item = approval(days, department="PLAN", default=False, **more)
    return one_stage("works", *parts, X_1=item)


def works_of_silence() -> Any:
    """One item, of which the window's silence accepts; twenty days by law."""
    parts = (call("X-1"), node("endEvent", "done"), chain("START", "X-1", "done"))
    return one_stage("silent-window", *parts, X_1=approval(3, department="PLAN", statutory_days=20))


def reviewing(city: City, **more: Any) -> int:
    """A project whose item is being reviewed, three days promised."""
    project = city.start(city.deploy(works(**more)))
    city.answer(project, "X-1", "accept")
    return project


def swept(city: City) -> dict[str, int]:
    return sweep(city.engine, city.now, city.settings)


def late(city: City, days: int = 1, **more: Any) -> int:
    """The same, overdue by so many working days, and swept."""
    project = reviewing(city, **more)
    city.wait_working(3 + days)
    swept(city)
    return project


def given(city: City, **wanted: Any) -> list[CardView]:
    """All cards, the newest first."""
    return city.see(cards.find, Filters(**wanted)).items


def told(city: City, project: int) -> list[str]:
    """The events of a project that tell of cards."""
    found = city.see(projects.history, project, limit=500).items
    return [each.event for each in found if each.event.startswith("card.")]


@pytest.fixture
def people(city: City) -> dict[str, Actor]:
    """Those who have to do with cards, and some who have not."""
    roles = {
        "clerk": ("clerk", "PLAN"),
        "head": ("head", "PLAN"),
        "other": ("clerk", "HOUS"),
        "supervisor": ("supervisor", ""),
        "coordinator": ("coordinator", ""),
        "mayor": ("head", ""),
        "applicant": ("applicant", ""),
    }
    return {name: city.user(name, role) for name, role in roles.items()}


# -- by the service -----------------------------------------------------------------------------


def test_yellow_on_the_first_day_and_red_after_three(city: City) -> None:
    project = reviewing(city)
    task = city.task(project, "X-1")
    city.wait_working(3)
    assert swept(city)["cards"] == 0, "the third day is still in time"
    city.wait_working(1)
    assert swept(city)["cards"] == 1
    (yellow,) = given(city)
    assert (yellow.colour, yellow.rule, yellow.state) == ("yellow", "overdue", "issued")
    assert (yellow.project, yellow.item, yellow.task) == (project, "X-1", task.id)
    assert (yellow.element, yellow.department, yellow.person) == ("review", "PLAN", None)
    assert yellow.promised_due_on == task.promised_due_on
    assert (yellow.issued_on, yellow.issued_by, yellow.quarter) == (city.today, "system", "2014Q3")
    assert yellow.reply_due_on == city.calendar.add(city.today, 2)
    for _ in range(2):
        city.wait_working(1)
        assert swept(city)["cards"] == 0
    city.wait_working(1)
    assert swept(city)["cards"] == 1
    red, _ = given(city)
    assert (red.colour, red.rule) == ("red", "long_overdue")
    city.wait(90)
    assert swept(city)["cards"] == 0
    assert told(city, project) == ["card.issued"] * 2


def test_a_card_is_given_to_who_has_the_task(city: City, people: dict[str, Actor]) -> None:
    project = reviewing(city)
    task = city.task(project, "X-1")
    city.do(tasks.claim, task.id, by=city.user("anna", ("reviewer", "PLAN"), shown="安娜"))
    city.wait_working(4)
    swept(city)
    (card,) = given(city)
    assert (card.person, card.person_name) == ("anna", "安娜")
    assert people


def test_red_at_once_past_the_statute(city: City) -> None:
    late(city, statutory_days=3)
    (card,) = given(city)
    assert (card.colour, card.rule) == ("red", "past_statute")
    city.wait(30)
    assert swept(city)["cards"] == 0


def test_a_worker_that_was_away_gives_the_gravest_alone(city: City) -> None:
    late(city, days=10)
    assert [(each.colour, each.rule) for each in given(city)] == [("red", "long_overdue")]


def test_what_was_done_late_before_anybody_looked_gets_its_card(city: City) -> None:
    project = reviewing(city)
    city.wait_working(4)
    task = city.task(project, "X-1")
    city.do(overdue.flag, task.id)
    city.do(tasks.complete, task.id, "done")
    city.wait(30)
    swept(city)
    of_review = [each for each in given(city) if each.task == task.id]
    assert [each.colour for each in of_review] == ["yellow"], "late by one day, not by thirty"


def test_a_paused_clock_gives_no_card(city: City) -> None:
    project = reviewing(city)
    stop = Stopping("hearing", "告知〔2014〕1号", 10)
    city.do(suspensions.suspend, project, "X-1", stop)
    city.wait_working(20)
    assert swept(city)["cards"] == 0
    city.do(suspensions.resume, project, "X-1")
    city.wait_working(3)
    assert swept(city)["cards"] == 0
    city.wait_working(1)
    assert swept(city)["cards"] == 1


def test_days_a_late_task_stood_still_make_it_no_later(city: City) -> None:
    project = late(city)
    assert [each.colour for each in given(city)] == ["yellow"]
    city.do(projects.suspend, project)
    city.wait_working(10)
    assert swept(city)["cards"] == 0
    city.do(projects.resume, project)
    for _ in range(2):
        assert swept(city)["cards"] == 0
        city.wait_working(1)
    assert swept(city)["cards"] == 0, "three days late, as the day it went on does not count"
    city.wait_working(1)
    assert swept(city)["cards"] == 1
    assert given(city)[0].colour == "red"


def test_applicants_and_ended_projects_get_none(city: City) -> None:
    project = city.start(city.deploy(little()))
    city.answer(project, "A-1", "supplement")
    ended = city.start("little")
    city.do(projects.close, ended)
    city.wait(200)
    swept(city)
    assert {(each.project, each.department) for each in given(city)} == {(project, "HOUS")}


def test_what_silence_answered_gets_a_card(city: City) -> None:
    """The window that told nothing in five days accepted, and was late by law."""
    project = city.start(city.deploy(little()))
    city.wait_working(6)
    assert swept(city)["deemed"] == 2
    receipts = [each for each in given(city, project=project) if each.element == "receive"]
    assert {(each.rule, each.colour) for each in receipts} == {("past_statute", "red")}
    assert len(receipts) == 2


def test_one_silence_gives_no_card_to_the_review_it_opens(city: City) -> None:
    """No worker ran for weeks: the item is accepted of late, and its review is late from birth."""
    project = city.start(city.deploy(works_of_silence()))
    receive = city.task(project, "X-1")
    city.wait_working(30)
    assert swept(city)["deemed"] == 1
    review = city.task(project, "X-1")
    assert (review.element, review.overdue) == ("review", True)
    assert [(each.task, each.rule) for each in given(city)] == [(receive.id, "past_statute")]
    for _ in range(2):
        assert [each.task for each in given(city)] == [receive.id]
        city.wait_working(1)
        swept(city)
    cards_of_review = [each.rule for each in given(city) if each.task == review.id]
    assert cards_of_review == ["past_statute"], "after a working day of its own it is its own"


def test_a_city_that_gives_none_by_itself(city: City, tmp_path: Path) -> None:
    city.decides(tmp_path / "bpmn", "cards: {automatic: false}\n")
    late(city, days=10)
    assert given(city) == []


def test_another_citys_days(city: City, tmp_path: Path) -> None:
    city.decides(
        tmp_path / "bpmn", "cards: {yellow_from_days: 2, red_after_days: 5, reply_days: 4}\n"
    )
    late(city)
    assert given(city) == []
    city.wait_working(1)
    swept(city)
    (card,) = given(city)
    assert (card.colour, card.reply_due_on) == ("yellow", city.calendar.add(city.today, 4))


def test_what_is_in_time_is_not_even_read(small_city: City) -> None:
    """The index on the day of the next look answers the sweep."""
    reviewing(small_city)
    asked: list[Any] = []

    def note(_: Any, __: Any, statement: str, bound: Any, *___: Any) -> None:
        asked.append((statement, bound))

    event.listen(small_city.engine, "before_cursor_execute", note)
    with small_city.work(read_only=True) as work:
        assert issuing.due(work, 500) == []
        statement, bound = asked[-1]
        plan = work.db.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", bound).all()
    event.remove(small_city.engine, "before_cursor_execute", note)
    assert "ix_task_card_look_on" in str(plan)


# -- by a supervisor ----------------------------------------------------------------------------


def test_a_supervisor_gives_one_for_what_no_clock_sees(
    city: City, people: dict[str, Actor]
) -> None:
    project = reviewing(city)
    wanted = NewCard("illegal_fees", " 收取资料费 ", project, item="X-1", person="clerk")
    card = city.do(issuing.issue, wanted, by=people["supervisor"])
    assert (card.colour, card.department, card.item) == ("red", "PLAN", "X-1")
    assert (card.person, card.note, card.issued_by) == ("clerk", "收取资料费", "supervisor")
    of_city = NewCard("off_system", "纸质受理", department="HOUS", colour="yellow")
    other = city.do(issuing.issue, of_city, by=people["supervisor"])
    assert (other.project, other.colour, other.person) == (None, "yellow", None)
    assert told(city, project) == ["card.issued"]
    assert [each.event.event for each in city.see(cards.history, other)] == ["card.issued"]


def test_one_of_a_task_says_what_the_task_says(city: City, people: dict[str, Actor]) -> None:
    project = reviewing(city)
    task = city.task(project, "X-1")
    wanted = NewCard("step_late", "超时", task=task.id)
    card = city.do(issuing.issue, wanted, by=people["supervisor"])
    assert (card.project, card.task, card.element) == (project, task.id, "review")
    assert card.promised_due_on == task.promised_due_on
    with pytest.raises(CardGiven):
        city.do(issuing.issue, wanted, by=people["supervisor"])
    red = replace(wanted, colour="red")
    assert city.do(issuing.issue, red, by=people["supervisor"]).colour == "red"


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        ({"rule": "late"}, "rule"),
        ({"rule": "off_system", "note": " "}, "note"),
        ({"rule": "off_system", "colour": "blue"}, "colour"),
        ({"rule": "off_system", "department": ""}, "department"),
        ({"rule": "off_system", "department": "MOON"}, "department"),
        ({"rule": "off_system", "department": "APPL"}, "department"),
        ({"rule": "off_system", "item": "X-1"}, "project"),
        ({"rule": "off_system", "person": "nobody"}, "person"),
    ],
)
def test_a_card_that_makes_no_sense(small_city: City, wanted: dict[str, Any], field: str) -> None:
    whole = {"note": "found", "department": "PLAN", **wanted}
    with pytest.raises(Invalid) as caught:
        small_city.do(issuing.issue, NewCard(**whole))
    assert caught.value.detail["field"] == field


@pytest.mark.parametrize("rule", ["overdue", "long_overdue", "past_statute"])
def test_lateness_is_not_given_by_hand(city: City, rule: str) -> None:
    project = reviewing(city)
    task = city.task(project, "X-1").id
    for place in ({"department": "PLAN"}, {"project": project, "item": "X-1"}, {"task": task}):
        with pytest.raises(NotByHand) as caught:
            city.do(issuing.issue, NewCard(rule, "x", **place))
        assert caught.value.detail["field"] == "rule"
    assert given(city) == []


def test_a_city_that_gives_none_by_itself_has_late_tasks_carded_by_hand(
    city: City, tmp_path: Path
) -> None:
    city.decides(tmp_path / "bpmn", "cards: {automatic: false}\n")
    project = reviewing(city)
    task = city.task(project, "X-1").id
    wanted = NewCard("overdue", "查实超时", task=task)
    for early in (wanted, NewCard("overdue", "x", department="PLAN")):
        with pytest.raises(Invalid) as caught:
            city.do(issuing.issue, early)
        assert caught.value.detail["field"] == "task"
    city.wait_working(4)
    swept(city)
    with pytest.raises(Invalid, match="not late in the way"):
        city.do(issuing.issue, replace(wanted, rule="past_statute"))
    card = city.do(issuing.issue, wanted)
    assert (card.rule, card.colour, card.task) == ("overdue", "yellow", task)


def test_only_supervisors_give_and_decide(city: City, people: dict[str, Actor]) -> None:
    late(city)
    (card,) = given(city)
    wanted = NewCard("off_system", "x", department="PLAN")
    for name in ("clerk", "head", "coordinator", "mayor", "applicant"):
        for verb, what in (
            (issuing.issue, (wanted,)),
            (answers.decide, (card.id, "withdrawn", "x")),
            (answers.correct, (card.id,)),
        ):
            with pytest.raises(Forbidden):
                city.do(verb, *what, by=people[name])


# -- what becomes of it --------------------------------------------------------------------------


def test_explained_appealed_and_withdrawn(city: City, people: dict[str, Actor]) -> None:
    project = late(city)
    (card,) = given(city)
    clerk, supervisor = people["clerk"], people["supervisor"]
    card = city.do(answers.reply, card.id, "workload", " 人手不足 ", card.version, by=clerk)
    assert (card.state, card.cause, card.reply) == ("explained", "workload", "人手不足")
    assert (card.replied_by, card.replied_at, card.version) == ("clerk", city.now, 2)
    card = city.do(answers.appeal, card.id, "系统停机", by=people["head"])
    assert (card.state, card.appealed_by) == ("appealed", "head")
    card = city.do(answers.decide, card.id, "withdrawn", "属实", by=supervisor)
    assert (card.state, card.result, card.closed_by) == ("withdrawn", "属实", "supervisor")
    expected = ["issued", "explained", "appealed", "withdrawn"]
    assert told(city, project) == [f"card.{each}" for each in expected]
    history = city.see(cards.history, card)
    assert [(each.event.actor, each.event.on_behalf_of) for each in history][1:] == [
        ("clerk", None),
        ("head", None),
        ("supervisor", None),
    ]
    with pytest.raises(Conflict):
        city.do(answers.appeal, card.id, "again", by=clerk)
    # what was withdrawn is not given once more
    city.wait_working(1)
    assert swept(city)["cards"] == 0


def test_upheld_and_then_put_right(city: City, people: dict[str, Actor]) -> None:
    late(city)
    (card,) = given(city)
    city.do(answers.appeal, card.id, "x", by=people["clerk"])
    city.do(answers.decide, card.id, "upheld", "理由不成立", by=people["supervisor"])
    city.wait(3)
    card = city.do(answers.correct, card.id, by=people["supervisor"])
    assert (card.state, card.corrected_on, card.result) == ("corrected", city.today, "理由不成立")


def test_a_stale_write_is_refused(city: City, people: dict[str, Actor]) -> None:
    late(city)
    (card,) = given(city)
    city.do(answers.reply, card.id, "other", "x", card.version, by=people["clerk"])
    with pytest.raises(Stale):
        city.do(answers.appeal, card.id, "x", card.version, by=people["head"])


@pytest.mark.parametrize(
    ("verb", "what", "field"),
    [
        (answers.reply, ("luck", "x"), "cause"),
        (answers.reply, ("other", " "), "reply"),
        (answers.reply, ("other", "x" * 2001), "reply"),
        (answers.appeal, ("",), "appeal"),
        (answers.decide, ("explained", "x"), "result"),
        (answers.decide, ("upheld", ""), "reason"),
    ],
)
def test_what_is_not_said_well(small_city: City, verb: Any, what: Any, field: str) -> None:
    late(small_city)
    (card,) = given(small_city)
    with pytest.raises(Invalid) as caught:
        small_city.do(verb, card.id, *what)
    assert caught.value.detail["field"] == field
    assert given(small_city) == [card]


def test_an_admin_answers_for_the_department(city: City) -> None:
    late(city)
    (card,) = given(city)
    city.do(answers.reply, card.id, "other", "x")
    *_, last = city.see(cards.history, card)
    assert (last.event.actor, last.event.on_behalf_of) == ("root", "PLAN")


# -- who sees what ------------------------------------------------------------------------------


def test_who_sees_a_card_and_who_may_answer(city: City, people: dict[str, Actor]) -> None:
    late(city)
    (card,) = given(city)
    sees = {name: city.see(cards.find, by=each).items == [card] for name, each in people.items()}
    assert [name for name, seen in sees.items() if not seen] == ["other", "applicant"]
    for name in ("other", "applicant"):
        with pytest.raises(NotFound):
            city.see(cards.get, card.id, by=people[name])
        with pytest.raises(NotFound):
            city.do(answers.reply, card.id, "other", "x", by=people[name])
    for name in ("coordinator", "mayor", "supervisor"):
        with pytest.raises(Forbidden):
            city.do(answers.reply, card.id, "other", "x", by=people[name])
    row = city.rows(t.card)[0]
    may = {name: sorted(possible(each, row)) for name, each in people.items()}
    assert may["clerk"] == may["head"] == ["appeal", "reply"]
    assert may["supervisor"] == ["correct", "decide"]
    assert may["coordinator"] == may["mayor"] == may["other"] == []


def test_who_is_asked_to_explain(city: City, people: dict[str, Actor]) -> None:
    project = reviewing(city)
    anna = city.user("anna", ("reviewer", "PLAN"))
    city.do(tasks.claim, city.task(project, "X-1").id, by=anna)
    city.wait_working(4)
    swept(city)
    asked = {name: len(city.see(cards.awaiting, by=each)) for name, each in people.items()}
    assert {name for name, count in asked.items() if count} == {"head"}
    assert len(city.see(cards.awaiting, by=anna)) == 1
    assert [each.person for each in city.see(cards.of_task, given(city)[0].task, by=anna)] == [
        "anna"
    ]
    city.do(answers.reply, given(city)[0].id, "other", "x", by=anna)
    assert city.see(cards.awaiting, by=anna) == []
    of_all = NewCard("off_system", "x", department="PLAN")
    city.do(issuing.issue, of_all, by=people["supervisor"])
    assert len(city.see(cards.awaiting, by=people["clerk"])) == 1
    city.wait_working(3)
    assert city.see(cards.awaiting, by=anna)[0].reply_overdue


# -- lists and the ladder ------------------------------------------------------------------------


def hand(city: City, department: str, rule: str = "off_system", **more: Any) -> CardView:
    return city.do(issuing.issue, NewCard(rule, "x", department=department, **more))


def test_lists_by_filter_in_parts_with_counts(city: City) -> None:
    for department, colour in (("PLAN", "red"), ("PLAN", "yellow"), ("HOUS", "red")):
        hand(city, department, colour=colour)
    city.wait(60)
    newest = hand(city, "PLAN", "illegal_fees")
    assert newest.quarter == "2014Q4"
    every = given(city)
    assert [each.id for each in every] == sorted((each.id for each in every), reverse=True)
    seen, cursor = [], None
    while True:
        part = city.see(cards.find, cursor=cursor, limit=3)
        seen += part.items
        cursor = part.next
        if cursor is None:
            break
    assert seen == every
    assert len(given(city, quarter="2014Q3")) == 3
    assert len(given(city, department="PLAN", colour="red")) == 2
    assert given(city, rule="illegal_fees") == [newest]
    counts = city.see(cards.facets, Filters(department="PLAN"))
    assert counts["department"] == {"": 4, "PLAN": 3, "HOUS": 1}
    assert counts["colour"] == {"": 3, "red": 2, "yellow": 1}
    assert city.see(cards.quarters) == ["2014Q4", "2014Q3"]
    for wrong in ({"quarter": "2014"}, {"state": "lost"}, {"colour": "blue"}):
        with pytest.raises(Invalid):
            given(city, **wrong)


def test_the_ladder_of_a_quarter(city: City, people: dict[str, Actor]) -> None:
    mine = [hand(city, "PLAN") for _ in range(4)]
    hand(city, "HOUS", colour="yellow")
    rows = {each.department: each for each in city.see(cards.ladder)}
    assert len(rows) > 5, "each department has a row"
    plan = rows["PLAN"]
    assert (plan.red, plan.standing, str(plan.rung), plan.next_at) == (4, 4, "red", 6)
    assert (str(rows["HOUS"].rung), rows["HOUS"].next_at) == ("reminder", 2)
    assert (rows["WATER"].standing, str(rows["WATER"].rung)) == (0, "none")
    city.do(answers.decide, mine[0].id, "withdrawn", "x")
    (plan,) = city.see(cards.ladder, by=people["clerk"])
    assert (plan.standing, plan.withdrawn, str(plan.rung)) == (3, 1, "yellow")
    assert all(each.standing == 0 for each in city.see(cards.ladder, "2014Q4"))
    with pytest.raises(Invalid):
        city.see(cards.ladder, "now")


def test_a_red_card_takes_the_place_of_the_yellow_one(city: City) -> None:
    project = late(city)
    city.wait_working(3)
    swept(city)
    assert len(given(city, project=project)) == 2
    plan = next(each for each in city.see(cards.ladder) if each.department == "PLAN")
    assert (plan.yellow, plan.red, plan.standing) == (0, 1, 1)
