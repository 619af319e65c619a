"""Nobody is absent from a meeting that has not begun, nor speaks there."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from engine.errors import Conflict
from engine.rules.joint_review import Answer, NotBegun, OpinionKind
from engine.service.review import meetings, opinions, rounds
from engine.service.review.rounds import NewRound
from engine.store import tables as t
from tests.service.city import City
from tests.service.meeting_city import planned, projects

AGREE = Answer(OpinionKind.AGREE)
THERE: dict[str, Any] = {"source": "meeting", "given_by": "Li"}


def test_nobody_is_absent_before_the_meeting_begins(city: City) -> None:
    [project] = projects(city, 1)
    view = planned(city, project)
    [line] = view.agenda
    with pytest.raises(NotBegun, match="begins at 2014-09-04"):
        city.do(opinions.mark, line.round, "MET", "absent")
    city.now = view.starts_at - timedelta(minutes=1)
    with pytest.raises(NotBegun):
        city.do(opinions.mark, line.round, "MET", "absent")
    assert city.rows(t.opinion) == []
    city.do(opinions.mark, line.round, "CAD", "excused", "the only officer is ill")
    city.now = view.starts_at
    city.do(opinions.mark, line.round, "MET", "absent")
    [found] = city.rows(t.opinion)
    assert (found["department"], found["cause"]) == ("MET", "absent")


def test_nothing_is_said_at_a_meeting_before_it_begins(city: City) -> None:
    [project] = projects(city, 1)
    view = planned(city, project)
    [line] = view.agenda
    with pytest.raises(NotBegun):
        city.do(opinions.enter_for, line.round, "CAD", AGREE, **THERE)
    assert {each["state"] for each in city.rows(t.review_participant)} == {"invited"}
    city.now = view.starts_at + timedelta(minutes=5)
    city.do(meetings.hold, view.id)
    city.do(opinions.enter_for, line.round, "CAD", AGREE, **THERE)
    [cad] = city.rows(t.review_participant, department="CAD")
    assert cad["state"] == "present"


def test_nothing_is_said_at_a_meeting_that_does_not_take_place(city: City) -> None:
    [project] = projects(city, 1)
    identifier = city.do(rounds.launch, project, NewRound("planning", items=("IND-08",)))
    with pytest.raises(Conflict, match="paper"):
        city.do(opinions.enter_for, identifier, "CAD", AGREE, **THERE)
