"""Where a project stands and what it is heading for, day by day."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.scheduler import CHORES, sweep
from engine.service import items, projects
from engine.service.views import ProjectView
from tests.service.city import City
from tests.service.drawn import little, winding
from tests.service.driving import run_on_time


@pytest.fixture
def project(small_city: City) -> int:
    """A-1 (3 days) then B-1 (2); beside them A-2 (6): six counted days."""
    small_city.deploy(little())
    return small_city.start("little")


def counts(view: ProjectView) -> tuple[int, int, int | None]:
    """The day reached, the total it is heading for, the slack."""
    return view.day, view.forecast_counted_days, view.slack_days


def holds(view: ProjectView) -> list[tuple[str, int]]:
    """What holds it, and how late that is."""
    return [(each.item, each.days_late) for each in view.held_by]


def test_before_its_start_there_is_a_promise_and_no_forecast(small_city: City) -> None:
    small_city.deploy(little())
    view = small_city.do(projects.create, "A workshop", "little", "ACME")
    assert (view.day, view.counted_days, view.elapsed_day) == (0, 6, 0)
    assert (view.forecast_finish_on, view.slack_days, view.held_by) == (None, None, [])
    assert view.forecast_counted_days == 6


def test_at_its_start_the_forecast_is_the_plan(small_city: City, project: int) -> None:
    view = small_city.project(project)
    assert counts(view) == (0, 6, 0)
    assert view.forecast_finish_on == small_city.calendar.add(small_city.today, 6)
    assert holds(view) == [("A-2", 0)]


def test_one_late_item_moves_the_finish_and_is_named(small_city: City, project: int) -> None:
    city = small_city
    for item in ("A-1", "A-2"):
        city.answer(project, item, "accept", "done")
    city.wait_working(3)
    city.answer(project, "A-1", "approve")
    city.answer(project, "B-1", "accept", "done")
    city.wait_working(2)
    city.answer(project, "B-1", "approve")
    city.wait_working(1)
    assert counts(city.project(project)) == (6, 6, 0)
    for late in (1, 2, 3):
        city.wait_working(1)
        view = city.project(project)
        assert counts(view) == (6 + late, 6 + late, -late)
        assert holds(view) == [("A-2", late)]
        assert view.forecast_finish_on == city.today
    city.answer(project, "A-2", "approve")
    view = city.project(project)
    assert (view.opened_on, counts(view), holds(view)) == (city.today, (9, 9, -3), [])


def test_a_delay_within_the_float_moves_nothing(small_city: City, project: int) -> None:
    city = small_city
    for item in ("A-1", "A-2"):
        city.answer(project, item, "accept", "done")
    city.wait_working(4)
    view = city.project(project)
    assert counts(view) == (4, 6, 0)
    assert sorted(holds(view)) == [("A-1", 1), ("A-2", 0)]


def test_a_late_receipt_moves_the_forecast_day_by_day(small_city: City, project: int) -> None:
    """The promise runs from acceptance: as long as nobody accepts, all of it is to come."""
    city = small_city
    for day in (1, 2, 3):
        city.wait_working(1)
        view = city.project(project)
        assert view.forecast_finish_on == city.calendar.add(city.today, 6)
        assert counts(view) == (day, day + 6, -day)
    city.answer(project, "A-2", "accept")
    assert counts(city.project(project)) == (3, 9, -3)
    assert city.item(project, "A-2").promised_due_on == city.calendar.add(city.today, 6)


def test_the_days_of_a_supplement_are_the_applicants(small_city: City, project: int) -> None:
    city = small_city
    city.decide(project, "A-1")
    city.decide(project, "B-1")
    city.wait_working(1)
    city.answer(project, "A-2", "supplement")
    for waited in range(1, 5):
        city.wait_working(1)
        view = city.project(project)
        # the city's count stands still, the calendar does not
        assert counts(view) == (1, 7, -1)
        assert view.elapsed_day == 1 + waited
        assert view.forecast_finish_on == city.calendar.add(city.today, 6)
    city.answer(project, "A-2", "submit", "accept")
    city.wait_working(2)
    assert counts(city.project(project)) == (3, 7, -1)


def test_what_is_refused_is_all_to_come_again(small_city: City, project: int) -> None:
    """An attempt without a result counts nothing: its days were not the city's to save."""
    city = small_city
    city.decide(project, "A-1")
    city.decide(project, "B-1")
    city.answer(project, "A-2", "accept", "done")
    city.wait_working(5)
    assert counts(city.project(project)) == (5, 6, 0)
    city.answer(project, "A-2", "refuse")
    view = city.project(project)
    assert counts(view) == (0, 6, 0)
    assert view.forecast_finish_on == city.calendar.add(city.today, 6)
    city.wait_working(2)
    assert holds(city.project(project)) == [("A-2", 0)]
    city.do(items.apply_again, project, "A-2")
    city.answer(project, "A-2", "accept")
    city.wait_working(2)
    view = city.project(project)
    assert counts(view) == (2, 6, 0)
    assert view.forecast_finish_on == city.calendar.add(city.today, 4)


def test_after_opening_nothing_moves(small_city: City, project: int) -> None:
    city = small_city
    view = run_on_time(city, project, until_open=True)
    opened = (counts(view), view.elapsed_day, view.forecast_finish_on, view.held_by)
    city.wait(40)
    view = city.project(project)
    assert (counts(view), view.elapsed_day, view.forecast_finish_on, view.held_by) == opened


def test_while_suspended_no_clock_runs(city: City) -> None:
    city.deploy(little())
    project = city.start("little")
    for item in ("A-1", "A-2"):
        city.answer(project, item, "accept", "done")
    city.wait_working(2)
    due = {each.item: each.promised_due_on for each in city.open_tasks(project)}
    city.do(projects.suspend, project)
    for waited in (1, 9):
        city.wait_working(waited)
        view = city.project(project)
        assert counts(view) == (2, 6, 0)
        assert view.forecast_finish_on == city.calendar.add(city.today, 4)
        assert view.elapsed_day == 2 + (1 if waited == 1 else 10)
        assert sweep(city.engine, city.now, city.settings) == dict.fromkeys(CHORES, 0)
    city.do(projects.resume, project)
    for task in city.open_tasks(project):
        before = due[task.item]
        assert before is not None
        assert task.promised_due_on == city.calendar.add(before, 10)
    assert city.item(project, "A-1").statutory_due_on == city.calendar.add(city.today, 18)
    assert counts(city.project(project)) == (2, 6, 0)
    city.now += timedelta(days=30)
    assert sweep(city.engine, city.now, city.settings)["overdue"] == 2


def test_suspended_again_and_again(city: City) -> None:
    city.deploy(little())
    project = city.start("little")
    city.decide(project, "A-1")
    city.decide(project, "B-1")
    city.answer(project, "A-2", "accept", "done")
    first = city.item(project, "A-2").promised_due_on
    assert first is not None
    for _ in range(3):
        city.wait_working(1)
        city.do(projects.suspend, project)
        city.do(projects.resume, project)
        city.do(projects.suspend, project)
        city.wait_working(4)
        city.do(projects.resume, project)
    assert city.item(project, "A-2").promised_due_on == city.calendar.add(first, 12)
    assert counts(city.project(project))[2] == 0


def test_what_was_late_before_a_suspension_stays_due_when_it_was(city: City) -> None:
    city.deploy(little())
    project = city.start("little")
    city.answer(project, "A-1", "accept", "done")
    city.wait_working(4)
    due_on = city.task(project, "A-1").promised_due_on
    city.do(projects.suspend, project)
    city.wait_working(5)
    city.do(projects.resume, project)
    assert city.task(project, "A-1").promised_due_on == due_on


def test_a_suspension_during_a_supplement_is_not_counted_twice(city: City) -> None:
    city.deploy(little())
    project = city.start("little")
    city.decide(project, "A-1")
    city.decide(project, "B-1")
    city.wait_working(1)
    city.answer(project, "A-2", "supplement")
    city.wait_working(2)
    city.do(projects.suspend, project)
    city.wait_working(3)
    city.do(projects.resume, project)
    city.wait_working(2)
    city.answer(project, "A-2", "submit")
    assert counts(city.project(project)) == (1, 7, -1)


def test_a_branch_that_was_not_taken_holds_nobody(small_city: City) -> None:
    city = small_city
    city.deploy(winding())
    project = city.start("winding")
    city.answer(project, "F-1", "done")
    city.answer(project, "C-1", "fine", data={"size": "small"})
    # the choice is still to come: of the branches the longer one, five days, counts
    assert city.project(project).forecast_counted_days == 8
    city.decide(project, "A-1")
    view = city.project(project)
    assert view.forecast_counted_days == 2
    assert holds(view) == [("A-3", 0), ("B-1", 0)]
    answer = city.see(projects.critical_path, project)
    states = {each["id"]: each.get("state") for each in answer["activities"]}
    assert (states["A-2"], states["A-3"]) == ("not_taken", "open")
    city.decide(project, "A-3")
    assert [each.item for each in city.project(project).held_by] == ["B-1"]


def test_the_critical_path_of_a_project_has_its_dates(small_city: City, project: int) -> None:
    city = small_city
    city.answer(project, "A-2", "accept", "done")
    city.decide(project, "A-1")
    city.wait_working(1)
    answer = city.see(projects.critical_path, project)
    found = {each["id"]: each for each in answer["activities"]}
    assert (answer["project"], answer["day"], answer["held_by"]) == (project, 1, ["A-2"])
    assert answer["counted_days"] == answer["forecast_counted_days"] == 6
    assert (found["A-1"]["state"], found["A-2"]["state"]) == ("finished", "open")
    assert found["A-2"]["finish_on"] == answer["forecast_finish_on"]
    assert (found["A-2"]["remaining_float"], found["B-1"]["remaining_float"]) == (0, 3)
    assert "state" not in found["OPEN"]
    assert (
        city.see(
            projects.critical_path, city.do(projects.create, "Not started", "little", "ACME").id
        )["counted_days"]
        == 6
    )


def test_a_wait_at_a_soft_gate_is_not_the_items_own_time(city: City) -> None:
    """B-1's review is done on the first day; A-1 decides ten working days later."""
    city.deploy(winding())
    project = city.start("winding")
    city.answer(project, "F-1", "done")
    city.answer(project, "C-1", "fine", data={"size": "large"})
    city.answer(project, "B-1", "accept", "done")
    city.answer(project, "A-1", "accept", "done")
    city.wait_working(10)
    held = {each.item: each.days_late for each in city.project(project).held_by}
    assert "A-1" in held
    assert "B-1" not in held
    city.answer(project, "A-1", "approve")
    view = city.project(project)
    city.answer(project, "B-1", "approve")
    after = city.project(project)
    assert after.day == view.day
