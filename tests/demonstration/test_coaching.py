"""The demonstration's coachings: one has become a project, one waits for an answer."""

from __future__ import annotations

import pytest

from engine.service import projects
from engine.service.coaching import reading, register
from engine.service.coaching.register import Wanted
from engine.service.coaching.views import CoachingView
from tests.demonstration.loaded import City


@pytest.fixture(scope="module")
def coachings(city: City) -> dict[str, CoachingView]:
    with city.work() as work:
        rows = register.find(work, Wanted()).items
        return {row.name: reading.get(work, row.id) for row in rows}


def test_there_are_three_of_the_citys_firms(coachings: dict[str, CoachingView]) -> None:
    assert len(coachings) == 3
    assert {each.state for each in coachings.values()} == {"open", "closed"}
    assert len({each.applicant for each in coachings.values()}) == 3


def test_one_is_closed_and_its_project_goes_on(
    city: City, coachings: dict[str, CoachingView]
) -> None:
    [closed] = [each for each in coachings.values() if each.state == "closed"]
    assert closed.project is not None
    with city.work() as work:
        project = projects.get(work, closed.project)
    assert (project.name, project.state) == (closed.name, "running")
    assert closed.opened_at < project.created_at
    assert closed.of_kind("summary")
    assert len(closed.of_kind("advice")) >= 4


def test_questions_wait_for_departments_and_checklists_are_on_their_way(city: City) -> None:
    with city.work() as work:
        rows = register.find(work, Wanted(waiting=True)).items
    assert {place for row in rows for place in row.waiting} == {"EPB", "NDRC"}
    assert any(0 < row.ready < row.materials for row in rows)


def test_answers_come_after_their_questions_in_office_hours(
    city: City, coachings: dict[str, CoachingView]
) -> None:
    said = [each for view in coachings.values() for each in view.entries]
    at = {each.id: each.at for each in said}
    assert all(at[each.answers] < each.at for each in said if each.answers)
    assert all(8 <= each.at.astimezone(city.settings.zone).hour < 18 for each in said)
    assert max(each.at for each in said) < city.now
