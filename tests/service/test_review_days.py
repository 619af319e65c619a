"""The days a department has for its opinion: never fewer for who is asked later, never too many."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from engine.errors import Invalid
from engine.rules.joint_review import Mode
from engine.scheduler import sweep
from engine.service.clock import recompute
from engine.service.review import meetings, opinions, rounds
from engine.service.review.meetings import Changes
from engine.service.review.rounds import NewRound
from engine.store import tables as t
from tests.service.city import ADMIN, City
from tests.service.meeting_city import THURSDAY, at, line, planned, projects


def launched(city: City, **more: Any) -> int:
    [project] = projects(city, 1)
    given = NewRound("planning", items=("IND-08",), **more)
    return city.do(rounds.launch, project, given)


def due_on(city: City, department: str) -> date:
    [found] = city.rows(t.task, department=department, element="give-opinion", state="open")
    on: date = found["due_on"]
    return on


def day(city: City, working_days: int) -> date:
    return city.calendar.add(city.today, working_days)


# -- at the launch -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "complex_case"), [(0, False), (2, False), (4, False), (2, True), (6, True), (60, True)]
)
def test_a_launch_gives_neither_too_few_days_nor_too_many(
    city: City, days: int, *, complex_case: bool
) -> None:
    with pytest.raises(Invalid, match="opinions are due on a working day") as found:
        launched(city, opinion_due_on=day(city, days), complex_case=complex_case)
    assert found.value.detail["field"] == "opinion_due_on"
    assert found.value.detail["earliest_on"] == str(day(city, 3))
    assert found.value.detail["deadline_on"] == str(day(city, 5 if complex_case else 3))
    assert city.rows(t.review_round) == []


def test_a_complex_case_may_be_asked_for_sooner(city: City) -> None:
    launched(city, opinion_due_on=day(city, 4), complex_case=True)
    assert due_on(city, "CAD") == day(city, 4)


def test_a_round_that_meets_is_held_to_the_same_last_day(city: City) -> None:
    with pytest.raises(Invalid, match="working day from"):
        launched(city, mode=Mode.MEETING, opinion_due_on=day(city, 4))
    launched(city, mode=Mode.MEETING, opinion_due_on=day(city, 2))


# -- after the launch --------------------------------------------------------------------------


@pytest.mark.parametrize("complex_case", [False, True])
def test_who_is_asked_later_has_the_days_of_everybody(city: City, *, complex_case: bool) -> None:
    identifier = launched(city, complex_case=complex_case)
    days = 5 if complex_case else 3
    last = day(city, days)
    city.wait_working(days)
    city.do(rounds.add_participant, identifier, "GREEN")
    city.do(rounds.replace_participant, identifier, "MET", "SEIS", "asked by mistake")
    own = day(city, days)
    assert (due_on(city, "CAD"), due_on(city, "GREEN"), due_on(city, "SEIS")) == (last, own, own)
    city.wait()
    sweep(city.engine, city.now, city.settings)
    assert not city.rows(t.opinion, department="GREEN")
    assert city.rows(t.opinion, department="CAD")
    assert not [each for each in city.rows(t.card) if each["department"] in {"GREEN", "SEIS"}]
    city.now += own - city.today
    sweep(city.engine, city.now, city.settings)
    assert not city.rows(t.opinion, department="GREEN")
    city.wait()
    sweep(city.engine, city.now, city.settings)
    [deemed] = city.rows(t.opinion, department="GREEN")
    assert deemed["cause"] == "timeout"


def test_who_was_told_of_a_meeting_too_late_is_not_deemed_for_staying_away(city: City) -> None:
    [project] = projects(city, 1)
    view = planned(city, project)
    [line] = view.agenda
    city.wait_working(1)
    city.do(rounds.add_participant, line.round, "SEIS")
    city.wait_working(1)
    city.do(rounds.add_participant, line.round, "GREEN")
    own = day(city, 3)
    city.now = view.starts_at
    for department in ("CAD", "SEIS", "GREEN"):
        city.do(opinions.mark, line.round, department, "absent")
    assert [each["department"] for each in city.rows(t.opinion)] == ["CAD", "SEIS"]
    late = [each["data"] for each in city.rows(t.history, event="review.attendance")]
    assert [each["department"] for each in late if each.get("told_late")] == ["GREEN"]
    assert due_on(city, "GREEN") == own


def test_a_meeting_that_moves_takes_no_day_from_who_was_asked_later(city: City) -> None:
    [project] = projects(city, 1)
    friday = date(2014, 9, 5)
    view = planned(city, on=friday, agenda=(line(project, complex_case=True),))
    city.wait_working(1)
    city.do(rounds.add_participant, view.agenda[0].round, "GREEN")
    own = day(city, 5)
    assert (due_on(city, "CAD"), due_on(city, "GREEN")) == (friday, own)
    city.do(meetings.move, view.id, Changes(at(city, THURSDAY, 9), at(city, THURSDAY, 10)))
    assert (due_on(city, "CAD"), due_on(city, "GREEN")) == (THURSDAY, own)
    with city.work(ADMIN) as work:
        assert recompute.moves(work, work.calendar) == []
