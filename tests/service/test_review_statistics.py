"""A year of joint review in numbers, each worked out by hand."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from engine.errors import Invalid
from engine.rules.joint_review import Answer, Mode, OpinionKind
from engine.scheduler import sweep
from engine.service import projects
from engine.service.review import finishing, minutes, minutes_shown, opinions, rounds, statistics
from engine.service.review.punctuality import DepartmentOpinions
from engine.service.review.rounds import NewRound
from engine.service.review.statistics import ReviewStatistics, Rounds
from engine.store import tables as t
from tests.service.city import City, counted

AGREE = Answer(OpinionKind.AGREE)


@pytest.fixture
def procedure(city: City) -> str:
    return city.deploy("industrial-2014")


def launched(city: City, project: int, **more: Any) -> int:
    return city.do(rounds.launch, project, NewRound("planning", items=("IND-08",), **more))


def say(city: City, identifier: int, *departments: str) -> None:
    for department in departments:
        city.do(opinions.enter_for, identifier, department, AGREE, source="mail", given_by="Wang")


def at(city: City, hour: int) -> None:
    """Let it be so many hours of the city's day."""
    here = city.now.astimezone(city.settings.zone)
    city.now = here.replace(hour=hour).astimezone(UTC)


def finish(city: City, identifier: int) -> None:
    """Conclude a round and reply at once."""
    city.do(finishing.conclude, identifier, "approved")
    city.do(finishing.send, identifier, {"discussion": "none"})
    signers = city.see(minutes_shown.get, identifier).missing
    for department in signers:
        city.do(minutes.sign, identifier, department)
    city.do(finishing.answer, identifier, "approved")


def year(city: City, number: int | None = None) -> ReviewStatistics:
    return city.see(statistics.of_year, number)


def of(found: ReviewStatistics, department: str) -> DepartmentOpinions:
    return next(each for each in found.departments if each.department == department)


def test_a_year_without_rounds_is_empty(city: City) -> None:
    found = year(city)
    assert (found.year, found.meetings, found.rounds, found.projects) == (2014, 0, 0, 0)
    assert (found.days.number, found.days.mean, found.days.p90) == (0, None, None)
    assert (found.city.asked, found.city.on_time_percent, found.departments) == (0, None, [])
    assert [each.month_on.month for each in found.months] == list(range(1, 10))
    assert (year(city, 2013).rounds, len(year(city, 2013).months)) == (0, 12)
    for wrong in (2015, 2003, -1):
        with pytest.raises(Invalid, match="year"):
            year(city, wrong)


def test_rounds_are_counted_by_mode_and_stage_and_how_they_ended(
    city: City, procedure: str
) -> None:
    first, second = city.start(procedure), city.start(procedure)
    given_up = launched(city, first)
    city.do(rounds.cancel, given_up, "the wrong papers")
    one = launched(city, first)
    launched(city, second, mode=Mode.MEETING)
    say(city, one, "CAD", "EPB", "FIRE", "HOUS", "MET")
    city.do(finishing.conclude, one, "refused", "no water")
    found = year(city)
    assert (found.rounds, found.projects, found.open) == (2, 2, 1)
    assert found.by_mode_and_stage == [
        Rounds("circulate", "planning", 1),
        Rounds("meeting", "planning", 1),
    ]
    assert found.conclusions == {"cancelled": 1, "refused": 1}
    city.do(projects.close, second)
    assert (year(city).rounds, year(city).conclusions["cancelled"]) == (1, 2)


def test_days_run_from_the_notice_to_the_reply_in_the_citys_time(
    city: City, procedure: str
) -> None:
    for days in (0, 1, 3):
        project = city.start(procedure)
        identifier = launched(city, project)
        say(city, identifier, "CAD", "EPB", "FIRE", "HOUS", "MET")
        city.wait_working(days)
        # seven in the morning here is the day before in UTC
        at(city, 7)
        finish(city, identifier)
    [*rows] = [each for each in city.rows(t.review_round) if each["replied_at"]]
    found = year(city)
    assert found.days.number == len(rows) == 3
    assert (found.days.p50, found.days.p90) == (1, 3)
    assert found.days.mean == pytest.approx(4 / 3)
    assert [(each.launched, each.replied) for each in found.months][-1] == (3, 3)


def test_opinions_are_in_time_late_or_deemed_by_department_and_cause(
    city: City, procedure: str
) -> None:
    project = city.start(procedure)
    identifier = launched(city, project, mode=Mode.MEETING, departments=("GREEN", "SEIS"))
    say(city, identifier, "CAD")
    # early on the last day, which in UTC is the day before, and late in its evening
    city.wait_working(3)
    at(city, 1)
    city.do(opinions.mark, identifier, "GREEN", "absent")
    city.do(opinions.mark, identifier, "SEIS", "absent")
    say(city, identifier, "SEIS")
    say(city, identifier, "EPB")
    at(city, 23)
    say(city, identifier, "HOUS")
    city.wait_working()
    at(city, 9)
    sweep(city.engine, city.now, city.settings)
    say(city, identifier, "FIRE")
    found = year(city)
    met, fire, seis = of(found, "MET"), of(found, "FIRE"), of(found, "SEIS")
    assert (met.given, met.timeout, met.deemed_percent, met.on_time_percent) == (0, 1, 100, 0)
    assert (fire.given, fire.on_time, fire.timeout) == (1, 0, 0)
    assert (seis.absent, seis.cured, seis.given, seis.on_time) == (1, 1, 1, 0)
    whole = found.city
    assert (whole.asked, whole.given, whole.on_time) == (7, 5, 3)
    assert (whole.absent, whole.timeout, whole.cured, whole.waiting) == (2, 1, 1, 0)
    assert whole.on_time_percent == pytest.approx(300 / 7)
    assert whole.deemed_percent == pytest.approx(300 / 7)


def test_who_is_asked_no_more_counts_no_more_and_who_is_silent_waits(
    city: City, procedure: str
) -> None:
    project = city.start(procedure)
    identifier = launched(city, project)
    city.do(rounds.replace_participant, identifier, "MET", "WATER", "no lightning there")
    say(city, identifier, "CAD")
    found = year(city)
    assert "MET" not in [each.department for each in found.departments]
    assert (found.city.asked, found.city.waiting, found.city.overdue) == (5, 4, 0)
    city.wait_working(4)
    found = year(city)
    assert (found.city.waiting, found.city.overdue) == (4, 4)
    assert found.city.on_time_percent == 20
    # who is asked after the day has its own
    city.do(rounds.add_participant, identifier, "SEIS")
    say(city, identifier, "SEIS")
    assert of(year(city), "SEIS").on_time == 1


def test_a_year_is_that_of_the_city_not_of_greenwich(city: City, procedure: str) -> None:
    city.now = datetime(2014, 12, 31, 17, tzinfo=UTC)
    launched(city, city.start(procedure))
    assert (year(city, 2014).rounds, year(city, 2015).rounds) == (0, 1)


def test_it_takes_few_statements_however_many_rounds(city: City, procedure: str) -> None:
    for _ in range(3):
        launched(city, city.start(procedure))
    with counted(city.engine) as statements:
        year(city)
    assert len(statements) <= 12
