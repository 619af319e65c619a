"""Departments asked in a round, asked another instead of, and asked again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from engine.errors import Conflict
from engine.rules.joint_review import Answer, Condition, NotConcludable, OpinionKind
from engine.service.review import conditions, finishing, opinions, rounds, sheet, views
from engine.service.review.replay import Replayed, replay
from engine.service.review.rounds import NewRound
from engine.store import tables as t
from tests.service.city import City
from tests.service.meeting_city import ASKED

AGREE = Answer(OpinionKind.AGREE)
PAPER: dict[str, Any] = {"source": "paper", "given_by": "李明"}
WHY = "asked by mistake"


@pytest.fixture
def found(city: City) -> int:
    """A round on paper, all of whom have spoken but CAD."""
    project = city.start(city.deploy("industrial-2014"))
    identifier = city.do(rounds.launch, project, NewRound("planning", items=("IND-08",)))
    for each in ASKED[1:]:
        city.do(opinions.enter_for, identifier, each, AGREE, **PAPER)
    return identifier


def steps(city: City, department: str) -> list[str]:
    """The steps of the open tasks of a department in the round."""
    tasks = city.rows(t.task, state="open", department=department)
    return [each["element"] for each in tasks if each["round_id"]]


def replayed(city: City, identifier: int) -> Replayed:
    events = [each for each in city.rows(t.history) if each["data"].get("round") == identifier]
    told = sorted(events, key=lambda each: each["id"])
    return replay((each["event"], each["data"]) for each in told)


def test_a_department_that_was_replaced_is_asked_again(city: City, found: int) -> None:
    city.do(rounds.replace_participant, found, "CAD", "SEIS", WHY)
    assert (steps(city, "CAD"), steps(city, "SEIS")) == ([], ["give-opinion"])
    city.do(rounds.add_participant, found, "CAD")
    assert steps(city, "CAD") == ["give-opinion"]
    row = city.see(sheet.read, found).participants["CAD"]
    assert (row["state"], row["note"]) == ("invited", "")
    with pytest.raises(Conflict, match="takes part already"):
        city.do(rounds.add_participant, found, "CAD")
    with pytest.raises(Conflict, match="takes part already"):
        city.do(rounds.replace_participant, found, "SEIS", "CAD", WHY)
    city.do(opinions.enter_for, found, "SEIS", AGREE, **PAPER)
    with pytest.raises(NotConcludable, match="CAD"):
        city.do(finishing.conclude, found, "approved")
    city.do(opinions.enter_for, found, "CAD", AGREE, **PAPER)
    city.do(finishing.conclude, found, "approved")


def test_what_it_said_counts_again_and_can_be_revised(city: City, found: int) -> None:
    due_on = city.today + timedelta(9)
    bound = Answer(
        OpinionKind.AGREE_WITH_CONDITIONS, conditions=(Condition("入口北移", "建设单位", due_on),)
    )
    person = city.user("cad", ("reviewer", "CAD"))
    city.do(opinions.give, found, "CAD", bound, by=person)
    city.do(rounds.sign_receipt, found, "CAD", by=person)
    city.do(rounds.replace_participant, found, "CAD", "SEIS", WHY)
    assert city.see(conditions.open_ones) == []
    # and by another it comes back in the other's stead: the round goes on without a word more
    city.do(rounds.replace_participant, found, "SEIS", "CAD", "both asked by mistake")
    [condition] = city.see(conditions.open_ones)
    assert (condition["department"], condition["text"]) == ("CAD", "入口北移")
    assert steps(city, "CAD") == []
    assert steps(city, "PLAN") == ["conclude"]
    told, view = replayed(city, found), city.see(views.get, found)
    assert told.participants == {each.department: each.state for each in view.participants}
    assert told.received == set()
    assert [each["state"] for each in told.conditions] == ["open"]
    city.do(opinions.give, found, "CAD", AGREE, by=person)
    assert city.see(conditions.open_ones) == []
    city.do(finishing.conclude, found, "approved")
