"""Conditions of a round that approves are held to their day; those of any other bind nobody."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from engine.rules.joint_review import Answer, Condition, OpinionKind
from engine.scheduler import sweep
from engine.service import projects as service_projects
from engine.service.review import conditions, finishing, opinions, rounds
from engine.service.review.replay import replay
from engine.service.review.rounds import NewRound
from engine.service.work import Actor
from engine.store import tables as t
from engine.store.database import transaction
from tests.service.city import City
from tests.service.meeting_city import ASKED, projects

AGREE = Answer(OpinionKind.AGREE)


def answered(city: City, owner: str = "建设单位", **other: Answer) -> int:
    """A round to which everybody agrees, MET with a condition due in a week."""
    [project] = projects(city, 1)
    identifier = city.do(rounds.launch, project, NewRound("planning", items=("IND-08",)))
    bound = Condition("raise the lightning rod", owner, city.today + timedelta(days=7))
    met = Answer(OpinionKind.AGREE_WITH_CONDITIONS, conditions=(bound,))
    paper: dict[str, Any] = {"source": "paper", "given_by": "Li"}
    for department in ASKED:
        said = {"MET": met, **other}.get(department, AGREE)
        city.do(opinions.enter_for, identifier, department, said, **paper)
    return identifier


def address(city: City, user: Actor, email: str) -> None:
    with transaction(city.engine) as db:
        db.execute(update(t.user).where(t.user.c.id == user.id).values(email=email))


def later(city: City, days: int) -> None:
    city.wait(days)
    sweep(city.engine, city.now, city.settings)


def letters(city: City) -> list[str]:
    return [each["to"] for each in city.rows(t.mail, kind="condition_late")]


NEEDS = Answer(OpinionKind.NEED_SUPPLEMENT, materials=("map",))


@pytest.mark.parametrize("conclusion", ["refused", "suspended", "supplement"])
def test_conditions_of_what_was_not_approved_are_dropped(city: City, conclusion: str) -> None:
    more: dict[str, Any] = {"CAD": NEEDS} if conclusion == "supplement" else {}
    identifier = answered(city, **more)
    city.do(finishing.conclude, identifier, conclusion, "as things stand")
    [row] = city.see(conditions.of_round, identifier)
    assert row["state"] == "dropped"
    assert city.see(conditions.open_ones) == []
    rows = [each for each in city.rows(t.history) if each["event"].startswith("review.")]
    events = [(each["event"], each["data"]) for each in sorted(rows, key=lambda each: each["id"])]
    assert [each["state"] for each in replay(events).conditions] == ["dropped"]
    later(city, 30)
    assert city.rows(t.history, event="review.condition_late") == []


def test_an_approved_condition_that_is_late_is_told_once(city: City) -> None:
    people = {place: city.user(place.lower(), ("reviewer", place)) for place in ("MET", "PLAN")}
    for place, user in people.items():
        address(city, user, f"{place.lower()}@example.org")
    owner = city.user("firm", ("applicant", ""))
    address(city, owner, "firm@example.org")
    identifier = answered(city)
    with transaction(city.engine) as db:
        db.execute(update(t.project).values(applicant_user_id=owner.id))
    city.do(finishing.conclude, identifier, "approved")
    later(city, 7)
    assert city.rows(t.history, event="review.condition_late") == []
    later(city, 1)
    [event] = city.rows(t.history, event="review.condition_late")
    assert event["data"]["text"] == "raise the lightning rod"
    assert event["data"]["due_on"] == str(date(2014, 9, 8))
    assert sorted(letters(city)) == ["firm@example.org", "met@example.org", "plan@example.org"]
    later(city, 3)
    assert len(city.rows(t.history, event="review.condition_late")) == 1
    assert len(letters(city)) == 3


def test_a_department_that_is_to_meet_a_condition_is_told_that_it_is_late(city: City) -> None:
    address(city, city.user("water", ("clerk", "WATER")), "water@example.org")
    identifier = answered(city, owner="水利局")
    city.do(finishing.conclude, identifier, "approved")
    later(city, 8)
    assert letters(city) == ["water@example.org"]
    [letter] = city.rows(t.mail, kind="condition_late")
    assert "raise the lightning rod" in letter["body"]
    assert "2014-09-08" in letter["body"]


@pytest.mark.parametrize("before", ["met", "waived", "cancelled"])
def test_what_has_ended_is_not_late(city: City, before: str) -> None:
    identifier = answered(city)
    city.do(finishing.conclude, identifier, "approved")
    [row] = city.see(conditions.of_round, identifier)
    if before == "cancelled":
        [project] = city.rows(t.project)
        city.do(service_projects.cancel, project["id"])
    else:
        city.do(conditions.end, row["id"], before, "as built")
    later(city, 8)
    assert city.rows(t.history, event="review.condition_late") == []
