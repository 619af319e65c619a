"""Questions of a round that are raised: by whose disagreement, and who settles them."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import update

from engine.errors import Forbidden, Invalid
from engine.rules.joint_review import Answer, OpinionKind
from engine.scheduler import sweep
from engine.service import inbox, projects, tasks
from engine.service.clock import recompute
from engine.service.inbox_query import Wanted
from engine.service.review import escalations, finishing, opinions, rounds, sheet, views
from engine.service.review.rounds import NewRound
from engine.service.views import TaskView
from engine.service.work import Actor
from engine.store import tables as t
from tests.service.city import ADMIN, City
from tests.service.meeting_city import ASKED

AGREE = Answer(OpinionKind.AGREE)
DISAGREE = Answer(OpinionKind.DISAGREE, legal_basis="《消防法》第十条", required="消防车道")
PAPER: dict[str, Any] = {"source": "paper", "given_by": "李明"}


@pytest.fixture
def disputed(city: City) -> int:
    """A round that CAD disagrees with."""
    project = city.start(city.deploy("industrial-2014"))
    found = city.do(rounds.launch, project, NewRound("planning", items=("IND-08",)))
    for each in ASKED:
        answer = DISAGREE if each == "CAD" else AGREE
        city.do(opinions.enter_for, found, each, answer, **PAPER)
    return found


def test_the_disagreement_of_who_was_replaced_is_no_question(city: City, disputed: int) -> None:
    city.do(rounds.replace_participant, disputed, "CAD", "SEIS", "asked by mistake")
    with pytest.raises(Invalid, match="nobody disagrees"):
        city.do(escalations.raise_question, disputed, "绿地率如何计算？")
    city.do(opinions.enter_for, disputed, "SEIS", AGREE, **PAPER)
    city.do(finishing.conclude, disputed, "approved")
    assert city.see(sheet.read, disputed).row["conclusion"] == "approved"


def test_the_leads_own_people_settle_first(city: City, disputed: int) -> None:
    city.do(escalations.raise_question, disputed, "绿地率如何计算？")
    for each in (("head", ""), ("head", "EPB"), ("coordinator", "")):
        other = city.user("-".join(each), each)
        with pytest.raises(Forbidden, match="level lead"):
            city.do(escalations.settle, disputed, "按8%", by=other)
    lead = city.user("plan", ("head", "PLAN"))
    assert city.do(escalations.settle, disputed, "按8%", by=lead)["settled_by"] == "plan"


# -- deadlines ---------------------------------------------------------------------------------


def only(city: City, element: str, state: str = "open") -> TaskView:
    every = city.see(tasks.find, state=state, limit=500).items
    [found] = [each for each in every if each.element == element]
    return found


def later(city: City, days: int) -> None:
    city.wait_working(days)
    sweep(city.engine, city.now, city.settings)


def cards(city: City, department: str = "PLAN") -> list[str]:
    return [each["element"] for each in city.rows(t.card, department=department)]


def nothing_moves(city: City) -> None:
    with city.work(ADMIN) as work:
        assert recompute.moves(work, work.calendar) == []


def test_a_disagreement_is_raised_or_concluded_within_its_days(city: City, disputed: int) -> None:
    task = only(city, "conclude")
    assert (task.round_id, task.promised_due_on) == (disputed, city.calendar.add(city.today, 2))
    nothing_moves(city)
    later(city, 2)
    assert cards(city) == []
    later(city, 1)
    assert cards(city) == ["conclude"]


def test_the_conclusion_waits_while_a_level_has_the_question(city: City, disputed: int) -> None:
    city.wait_working(2)
    city.do(escalations.raise_question, disputed, "绿地率如何计算？")
    assert (only(city, "conclude").overdue, city.see(views.get, disputed).light) == (
        False,
        "paused",
    )
    nothing_moves(city)
    later(city, 3)
    assert not only(city, "conclude").overdue
    city.do(escalations.settle, disputed, "按8%")
    task = only(city, "conclude")
    assert task.promised_due_on == city.calendar.add(city.today, 1)
    nothing_moves(city)
    later(city, 1)
    assert cards(city) == []
    later(city, 1)
    assert cards(city) == ["conclude"]


def test_every_level_gives_the_lead_its_time_back(city: City, disputed: int) -> None:
    for level in ("lead", "named_department", "government"):
        row = city.do(escalations.raise_question, disputed, "绿地率如何计算？")
        assert row["level"] == level
        later(city, 4)
        city.do(escalations.settle, disputed, "按8%")
    nothing_moves(city)
    assert cards(city) == []
    due_on = only(city, "conclude").promised_due_on
    assert due_on is not None
    assert due_on >= city.today


def test_what_was_late_before_it_was_raised_stays_late(city: City, disputed: int) -> None:
    due_on = only(city, "conclude").promised_due_on
    later(city, 3)
    assert cards(city) == ["conclude"]
    city.do(escalations.raise_question, disputed, "绿地率如何计算？")
    later(city, 5)
    city.do(escalations.settle, disputed, "按8%")
    task = only(city, "conclude")
    assert (task.promised_due_on, task.overdue) == (due_on, True)
    # late by one day before, and by none while the level had it
    sweep(city.engine, city.now, city.settings)
    assert [each["colour"] for each in city.rows(t.card, element="conclude")] == ["yellow"]


def test_a_question_raised_before_every_opinion_is_there(city: City) -> None:
    project = city.start(city.deploy("industrial-2014"))
    found = city.do(rounds.launch, project, NewRound("planning", items=("IND-08",)))
    city.do(opinions.enter_for, found, "CAD", DISAGREE, **PAPER)
    city.do(escalations.raise_question, found, "绿地率如何计算？")
    for each in ("EPB", "FIRE", "HOUS", "MET"):
        city.do(opinions.enter_for, found, each, AGREE, **PAPER)
    nothing_moves(city)
    later(city, 4)
    assert not only(city, "conclude").overdue


# -- who settles -------------------------------------------------------------------------------


def levels(city: City) -> dict[str, Actor]:
    people = {
        "lead": city.user("plan", ("head", "PLAN")),
        "named_department": city.user("centre", ("coordinator", "")),
        "government": city.user("mayor", ("head", "")),
    }
    with city.work() as work:
        for each in people.values():
            mine = t.user.c.id == each.id
            work.db.execute(update(t.user).where(mine).values(email=f"{each.name}@example.org"))
    return people


def inbox_of(city: City, actor: Actor) -> list[str]:
    found = city.see(inbox.find, Wanted(), by=actor)
    return [each.element for each in found.items if each.may_complete]


def test_each_level_has_a_task_and_a_letter(city: City, disputed: int) -> None:
    people = levels(city)
    for level, person in people.items():
        city.do(escalations.raise_question, disputed, "绿地率如何计算？")
        task = only(city, "settle")
        assert task.promised_due_on == city.calendar.add(city.today, 5)
        having = [name for name, each in people.items() if "settle" in inbox_of(city, each)]
        assert having == [level]
        for other in people.values():
            if other is not person:
                with pytest.raises(Forbidden):
                    city.do(tasks.complete, task.id, "settled", {"settlement": "不"}, by=other)
        with pytest.raises(Invalid, match="how it is settled"):
            city.do(tasks.complete, task.id, "settled", by=person)
        city.do(tasks.complete, task.id, "settled", {"settlement": "按8%"}, by=person)
    rows = city.rows(t.escalation)
    assert [each["settled_by"] for each in rows] == ["plan", "centre", "mayor"]
    assert [each["to"] for each in city.rows(t.mail, kind="question")] == [
        *("plan@example.org", "centre@example.org", "mayor@example.org"),
    ]
    assert len(city.rows(t.history, event="review.settled")) == 3


def test_what_is_settled_on_the_rounds_page_completes_its_task(city: City, disputed: int) -> None:
    people = levels(city)
    city.do(escalations.raise_question, disputed, "绿地率如何计算？")
    city.do(escalations.settle, disputed, "按8%", by=people["lead"])
    assert only(city, "settle", "completed").outcome == "settled"


def test_a_round_that_is_given_up_takes_its_question_back(city: City, disputed: int) -> None:
    city.do(escalations.raise_question, disputed, "绿地率如何计算？")
    city.do(rounds.cancel, disputed, "withdrawn")
    assert only(city, "settle", "cancelled").ended_by == "root"


@pytest.mark.parametrize("level", [1, 2, 3])
def test_a_level_that_is_late_is_told_with_the_next_one_once(
    city: City, disputed: int, level: int
) -> None:
    people = levels(city)
    for _ in range(level - 1):
        city.do(escalations.raise_question, disputed, "绿地率如何计算？")
        city.do(escalations.settle, disputed, "不明")
    city.do(escalations.raise_question, disputed, "绿地率如何计算？")
    later(city, 5)
    assert city.rows(t.history, event="review.question_late") == []
    for _ in range(2):
        later(city, 1)
    [event] = city.rows(t.history, event="review.question_late")
    names = list(people)
    assert (event["data"]["level"], event["data"]["round"]) == (names[level - 1], disputed)
    told = {each["to"] for each in city.rows(t.mail, kind="question_late")}
    assert told == {
        f"{people[each].name}@example.org" for each in (*names[level - 1 :][:2], "lead")
    }
    assert cards(city, "") == []
    assert cards(city) == (["settle"] if level == 1 else [])


def test_a_question_of_a_project_that_stands_is_not_late(city: City, disputed: int) -> None:
    city.do(escalations.raise_question, disputed, "绿地率如何计算？")
    project = only(city, "settle").project
    city.wait_working(2)
    city.do(projects.suspend, project)
    later(city, 8)
    city.do(projects.resume, project)
    assert only(city, "settle").promised_due_on == city.calendar.add(city.today, 3)
    nothing_moves(city)
    later(city, 3)
    assert city.rows(t.history, event="review.question_late") == []
    later(city, 1)
    assert len(city.rows(t.history, event="review.question_late")) == 1
