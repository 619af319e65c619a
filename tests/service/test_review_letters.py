"""Letters of a round: whoever was told of it is told what becomes of it."""

from __future__ import annotations

from typing import Any

import pytest

from engine.service.review import meetings, rounds
from engine.service.review.rounds import NewRound
from engine.store import tables as t
from tests.service.city import City
from tests.service.meeting_city import person, planned, projects

WHY = "方案撤回"


def told(city: City, kind: str) -> dict[str, dict[str, Any]]:
    """The letters of a kind by whom they went to."""
    rows = city.rows(t.mail, kind=kind)
    found = {row["to"]: row for row in rows}
    assert len(found) == len(rows)
    return found


@pytest.fixture
def project(city: City) -> int:
    """A project whose scheme is in review; three people of the departments have an address."""
    for name, department in {"met": "MET", "cad": "CAD", "seis": "SEIS"}.items():
        person(city, name, department)
    return city.start(city.deploy("industrial-2014"))


@pytest.fixture
def paper(city: City, project: int) -> int:
    """A round on paper."""
    return city.do(rounds.launch, project, NewRound("planning", items=("IND-08",)))


def test_everybody_learns_that_a_round_on_paper_was_given_up(city: City, paper: int) -> None:
    noticed = told(city, "notice")
    assert set(noticed) == {"met@met.example.cn", "cad@cad.example.cn"}
    city.do(rounds.cancel, paper, WHY)
    found = told(city, "withdrawn")
    assert set(found) == set(noticed)
    letter = found["met@met.example.cn"]
    assert "联审撤回" in letter["subject"]
    assert f"原因：{WHY}" in letter["body"]
    assert f"/joint-reviews/{paper}" in letter["body"]
    assert letter["round_id"] == paper


def test_who_is_replaced_is_told_and_not_once_more(city: City, paper: int) -> None:
    city.do(rounds.replace_participant, paper, "MET", "SEIS", "not theirs")
    assert set(told(city, "withdrawn")) == {"met@met.example.cn"}
    assert "seis@seis.example.cn" in told(city, "notice")
    city.do(rounds.cancel, paper, WHY)
    # the one who was replaced has its letter already
    assert set(told(city, "withdrawn")) == {
        *("met@met.example.cn", "cad@cad.example.cn", "seis@seis.example.cn")
    }


def test_of_a_meeting_that_was_held_they_learn_by_letter(city: City) -> None:
    person(city, "met", "MET")
    view = planned(city, *projects(city, 1))
    city.wait_working(3)
    city.do(meetings.hold, view.id)
    city.do(rounds.cancel, view.agenda[0].round, WHY)
    assert set(told(city, "withdrawn")) == {"met@met.example.cn"}
    assert told(city, "cancellation") == {}
