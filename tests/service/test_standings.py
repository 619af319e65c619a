"""Where projects stand, written down: what lists read is what the project's page computes."""

from __future__ import annotations

from datetime import datetime
from threading import Barrier, Thread
from typing import Any

import pytest

from engine.scheduler import take_stock
from engine.service import projects, standings, tasks
from engine.service.access import Row
from engine.service.work import Work
from engine.store import tables as t
from tests.service.city import City, counted
from tests.service.drawn import little
from tests.service.driving import run_on_time
from tests.service.test_tasks import wide

#: what a row and the project's own view both say
SAME = (
    *("light", "day", "counted_days", "elapsed_day", "forecast_finish_on", "forecast_counted_days"),
    *("slack_days", "window_ends_on", "window_slack_days", "provisional"),
)


def taken(city: City) -> int:
    """Take stock now; how many projects were looked at."""
    return take_stock(city.engine, city.now, city.settings)


def kept(city: City, project: int) -> Row:
    """What is written down of a project."""
    return city.rows(t.project_standing, project_id=project)[0]


def assert_same(city: City, project: int) -> Row:
    """What is written down is what the project's view says now."""
    row, view = kept(city, project), city.project(project)
    assert {name: row[name] for name in SAME} == {name: getattr(view, name) for name in SAME}
    first = view.held_by[0] if view.held_by else None
    assert row["held_item"] == (first.item if first else "")
    assert row["items"] == sum(each.items for each in view.stages)
    assert row["decided"] == sum(each.decided for each in view.stages)
    return row


def test_a_new_project_stands_at_its_beginning_at_once(city: City) -> None:
    city.deploy("industrial-2014")
    project = city.do(projects.create, "A workshop", "industrial-2014", "ACME").id
    row = assert_same(city, project)
    assert (row["light"], row["stage"], row["day"], row["counted_days"]) == ("waiting", "", 0, 28)
    assert taken(city) == 0


def test_stock_is_taken_after_a_change_and_once_a_day(city: City) -> None:
    city.deploy("industrial-2014")
    project = city.start("industrial-2014")
    assert taken(city) == 1
    assert assert_same(city, project)["stage"] == "approval"
    city.answer(project, "IND-01", "accept")
    assert [taken(city), taken(city)] == [1, 0]
    assert_same(city, project)
    city.wait_working(5)
    assert [taken(city), taken(city)] == [1, 0]
    row = assert_same(city, project)
    assert (row["held_item"], row["held_department"]) == ("IND-A1", "APPL")
    assert row["slack_order"] == row["slack_days"] < -3
    assert row["light"] == "red"


def test_a_project_goes_through_its_stages_and_ends(city: City) -> None:
    city.deploy("industrial-2014")
    project = city.start("industrial-2014")
    seen: list[str] = []

    def look(_: Any) -> None:
        taken(city)
        seen.append(assert_same(city, project)["stage"])

    run_on_time(city, project, each_day=look)
    stages = list(dict.fromkeys(seen))
    assert stages == ["approval", "planning", "construction", "acceptance", ""]
    row = kept(city, project)
    assert (row["light"], row["open_tasks"]) == ("done", 0)
    city.wait(30)
    assert taken(city) == 0, "nothing moves any more"


def test_suspended_it_is_paused_and_given_up_it_is_gone(city: City) -> None:
    city.deploy(little())
    project = city.start("little")
    for verb, light in ((projects.suspend, "paused"), (projects.cancel, "gone")):
        city.do(verb, project)
        taken(city)
        assert assert_same(city, project)["light"] == light
    row = kept(city, project)
    assert (row["stage"], row["slack_days"], row["held_item"]) == ("", None, "")
    assert row["slack_order"] == standings.NO_SLACK


def test_overdue_tasks_are_counted(city: City) -> None:
    from engine.scheduler import sweep

    city.deploy(wide(4))
    project = city.start("wide-4")
    for task in city.open_tasks(project):
        city.do(tasks.complete, task.id, "accept")
    city.wait_working(60)
    sweep(city.engine, city.now, city.settings)
    taken(city)
    row = kept(city, project)
    assert (row["open_tasks"], row["overdue_tasks"]) == (4, 4)


def test_whoever_changes_a_project_may_refresh_it_at_once(city: City) -> None:
    city.deploy(little())
    project = city.start("little")

    def change(work: Work) -> None:
        projects.suspend(work, project)
        standings.refresh(work, project)

    city.do(change)
    assert kept(city, project)["light"] == "paused"
    assert taken(city) == 0


def test_what_was_computed_before_a_change_does_not_undo_it(city: City) -> None:
    city.deploy(little())
    project = city.start("little")
    before = city.see(standings.compute, [project])
    city.do(projects.suspend, project)
    taken(city)
    city.do(standings.keep, before)
    assert kept(city, project)["light"] == "paused"


def test_many_projects_take_few_statements(city: City) -> None:
    city.deploy("industrial-2014")
    for _ in range(12):
        city.start("industrial-2014")
    taken(city)
    city.wait()
    with counted(city.engine) as found:
        assert taken(city) == 12
    assert len(found) <= 12
    with counted(city.engine) as found:
        assert taken(city) == 0
    assert [each for each in found if not each.startswith(("BEGIN", "SELECT"))] == []
    assert len(found) <= 2


def test_one_that_cannot_be_computed_keeps_no_other_waiting(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    city.deploy(little())
    first, second = city.start("little"), city.start("little")
    really = standings.row_of

    def broken(work: Work, project: Row, *rest: Any) -> Row:
        if project["id"] == first:
            raise RuntimeError
        return really(work, project, *rest)

    monkeypatch.setattr(standings, "row_of", broken)
    assert taken(city) == 1
    assert (kept(city, first)["light"], kept(city, second)["light"]) == ("waiting", "yellow")
    monkeypatch.undo()
    assert taken(city) == 1


def test_two_workers_at_once_do_no_harm(city: City) -> None:
    city.deploy(little())
    for _ in range(120):
        city.do(projects.create, "A workshop", "little", "ACME")
    found = [row["id"] for row in city.rows(t.project)]
    for each in found:
        city.do(projects.start, each)
    begin, failures = Barrier(2), []

    def work_off(now: datetime) -> None:
        begin.wait()
        try:
            take_stock(city.engine, now, city.settings)
        except Exception as error:  # noqa: BLE001 - told by the test
            failures.append(error)

    workers = [Thread(target=work_off, args=(city.now,)) for _ in range(2)]
    for each in workers:
        each.start()
    for each in workers:
        each.join()
    assert failures == []
    assert taken(city) == 0
