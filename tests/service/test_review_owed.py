"""A department whose silence was taken as agreement issues its opinion within a working day."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from engine.errors import Conflict, Forbidden, Invalid
from engine.rules.joint_review import Answer, Condition, Mode, OpinionKind
from engine.scheduler import sweep
from engine.service import tasks
from engine.service.clock import recompute
from engine.service.review import finishing, opinions, owed, punctuality, rounds, views
from engine.service.review.rounds import NewRound
from engine.service.views import TaskView
from engine.service.work import Actor
from engine.store import tables as t
from tests.service.city import ADMIN, City
from tests.service.meeting_city import ASKED, projects

AGREE = Answer(OpinionKind.AGREE)
DISAGREE = Answer(OpinionKind.DISAGREE, legal_basis="气象法 art. 21", required="move the mast")


def launched(city: City, mode: Mode = Mode.CIRCULATE) -> int:
    [project] = projects(city, 1)
    given = NewRound("planning", mode=mode, items=("IND-08",))
    return city.do(rounds.launch, project, given)


def swept(city: City) -> None:
    sweep(city.engine, city.now, city.settings)


def timed_out(city: City) -> int:
    """A round in which MET said nothing, and everybody else agreed."""
    identifier = launched(city)
    paper: dict[str, Any] = {"source": "paper", "given_by": "Li"}
    for department in ASKED:
        if department != "MET":
            city.do(opinions.enter_for, identifier, department, AGREE, **paper)
    city.wait_working(3)
    city.wait(1)
    swept(city)
    return identifier


def debts(city: City, state: str = "open") -> list[TaskView]:
    found = city.see(tasks.find, state=state, limit=500).items
    return [each for each in found if each.element == "issue-opinion"]


def member(city: City, department: str = "MET") -> Actor:
    return city.user(department.lower(), ("reviewer", department))


def cards(city: City, department: str = "MET") -> list[tuple[str, str]]:
    return [(each["rule"], each["colour"]) for each in city.rows(t.card, department=department)]


def test_who_did_not_answer_in_time_owes_the_opinion_a_working_day_later(city: City) -> None:
    timed_out(city)
    [task] = debts(city)
    assert (task.department, task.promised_due_on) == ("MET", city.calendar.add(city.today, 1))
    with city.work(ADMIN) as work:
        assert recompute.moves(work, work.calendar) == []
    assert cards(city) == [("overdue", "yellow")]
    city.wait_working(2)
    swept(city)
    assert [each.overdue for each in debts(city)] == [True]
    assert cards(city) == [("overdue", "yellow")] * 2


def test_who_stayed_away_owes_it_too_and_gets_a_card(city: City) -> None:
    identifier = launched(city, Mode.MEETING)
    city.wait_working(3)
    for _ in range(2):
        city.do(opinions.mark, identifier, "MET", "absent")
    [task] = debts(city)
    assert (task.department, task.promised_due_on) == ("MET", city.calendar.add(city.today, 1))
    assert cards(city) == [("absent_from_review", "yellow")]
    city.do(opinions.mark, identifier, "CAD", "excused", "ill")
    city.do(opinions.mark, identifier, "FIRE", "absent")
    assert [each.department for each in debts(city)] == ["MET"]
    assert cards(city, "FIRE") == cards(city, "CAD") == []


def test_a_city_whose_supervisors_give_cards_gives_none_for_absence(
    city: City, tmp_path: Any
) -> None:
    city.decides(tmp_path / "bpmn", "cards: {automatic: false}\n")
    identifier = launched(city, Mode.MEETING)
    city.wait_working(3)
    city.do(opinions.mark, identifier, "MET", "absent")
    assert cards(city) == []
    assert debts(city)


def test_a_later_opinion_is_what_was_owed(city: City) -> None:
    identifier = timed_out(city)
    city.do(opinions.give, identifier, "MET", DISAGREE, by=member(city))
    assert debts(city) == []
    assert [each.outcome for each in debts(city, "completed")] == ["disagree"]
    kinds = [each["kind"] for each in city.rows(t.opinion, department="MET")]
    assert kinds == ["deemed_agree", "disagree"]


def test_until_the_conclusion_what_is_issued_cures(city: City) -> None:
    identifier = timed_out(city)
    city.do(owed.issue, identifier, "MET", DISAGREE, by=member(city))
    asked = {each.department: each for each in city.see(views.get, identifier).participants}
    assert asked["MET"].opinion is not None
    assert (asked["MET"].opinion.kind, asked["MET"].deemed) == ("disagree", "timeout")
    with pytest.raises(Conflict, match="owes no opinion"):
        city.do(owed.issue, identifier, "MET", AGREE, by=Actor(None, "x"))
    with city.work(ADMIN, read_only=True) as work:
        [*rows] = punctuality.opinions(work, t.review_round.c.id == identifier)
    [met] = [each for each in rows if each.department == "MET"]
    assert (met.asked, met.timeout, met.cured) == (1, 1, 1)


def test_after_the_conclusion_it_is_kept_and_changes_nothing(city: City) -> None:
    identifier = timed_out(city)
    city.do(finishing.conclude, identifier, "approved")
    person = member(city)
    with pytest.raises(Invalid, match="legal_basis"):
        city.do(owed.issue, identifier, "MET", Answer(OpinionKind.DISAGREE), by=person)
    with pytest.raises(Forbidden):
        city.do(owed.issue, identifier, "MET", AGREE, by=member(city, "CAD"))
    bound = Condition("a rod", "建设单位", city.today + timedelta(days=9))
    said = Answer(OpinionKind.AGREE_WITH_CONDITIONS, text="late", conditions=(bound,))
    city.do(owed.issue, identifier, "MET", said, by=person)
    assert debts(city) == []
    [event] = city.rows(t.history, event="review.opinion_issued")
    assert event["data"]["department"] == "MET"
    assert (event["data"]["kind"], event["data"]["text"]) == ("agree_with_conditions", "late")
    assert [each["kind"] for each in city.rows(t.opinion, department="MET")] == ["deemed_agree"]
    assert city.rows(t.review_condition) == []
    [found] = city.rows(t.review_round)
    assert (found["state"], found["conclusion"]) == ("concluded", "approved")


def test_who_is_asked_no_more_owes_nothing(city: City) -> None:
    identifier = timed_out(city)
    city.do(rounds.replace_participant, identifier, "MET", "SEIS", "asked by mistake")
    assert debts(city) == []
    second = launched(city, Mode.MEETING)
    city.wait_working(3)
    city.do(opinions.mark, second, "MET", "absent")
    city.do(rounds.cancel, second, "withdrawn")
    assert debts(city) == []
