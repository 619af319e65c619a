"""Charts of projects that the services run: what happened, what is late, what is to come."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.service import items, projects
from tests.service.city import City
from tests.service.drawn import little, winding
from tests.service.driving import run_on_time
from tests.web.gantts import bar, flag, looks, notes, of_city


@pytest.fixture
def city(sqlite_url: str, tmp_path: Path) -> City:
    """A city on Monday 1 September 2014."""
    return City(sqlite_url, tmp_path / "data")


@pytest.fixture
def project(city: City) -> int:
    """A-1 (3 days) then B-1 (2); beside them A-2 (6)."""
    city.deploy(little())
    return city.start("little")


def test_a_bar_covers_the_days_that_count(city: City, project: int) -> None:
    """Received on Monday: three days end on Thursday, six after a long weekend on Wednesday."""
    city.answer(project, "A-1", "accept", "done")
    chart = of_city(city, project)
    unit = bar(chart, "A-1").width / 3
    assert bar(chart, "A-2").width == pytest.approx(9 * unit, abs=0.2)
    today = flag(chart, "today")
    assert bar(chart, "A-1").x == pytest.approx(today.x, abs=0.2), "nothing was used today"
    assert today.words == "今天 09-01"


def test_counted_days_leave_no_room_for_rest(city: City, project: int) -> None:
    city.answer(project, "A-1", "accept", "done")
    chart = of_city(city, project, axis="days")
    assert bar(chart, "A-2").width == pytest.approx(2 * bar(chart, "A-1").width, abs=0.2)
    assert flag(chart, "today").words == "今天 第 0 天"
    assert (chart.grid.rest, chart.grid.holidays) == ("", "")


def test_what_is_left_of_today_has_happened(city: City, project: int) -> None:
    city.answer(project, "A-1", "accept", "done")
    city.wait_working(3)
    city.answer(project, "A-1", "approve")
    city.wait_working(1)
    chart = of_city(city, project)
    today = flag(chart, "today").x
    done, to_come = bar(chart, "A-1"), bar(chart, "B-1")
    assert (looks(chart, "A-1"), looks(chart, "B-1")) == (["done"], ["used", "left"])
    assert done.x + done.width < today
    assert to_come.pieces[1].x == pytest.approx(today, abs=0.2)


def test_what_is_late_is_hatched_from_the_day_after_its_last(city: City, project: int) -> None:
    city.answer(project, "A-1", "accept", "done")
    city.wait_working(5)
    chart = of_city(city, project, axis="days")
    used, late = bar(chart, "A-1").pieces
    assert (used.look, late.look) == ("used", "late")
    assert late.width * 3 == pytest.approx(used.width * 2, rel=0.02)
    assert "逾期 2 天" in notes(chart, "A-1")
    city.answer(project, "A-1", "approve")
    chart = of_city(city, project, axis="days")
    assert looks(chart, "A-1") == ["done", "late"]
    assert notes(chart, "A-1") == ["逾期 2 天办结"]


def test_a_late_forecast_says_by_how_much(city: City, project: int) -> None:
    for item in ("A-1", "A-2"):
        city.answer(project, item, "accept", "done")
    city.wait_working(3)
    city.answer(project, "A-1", "approve")
    city.wait_working(5)
    city.decide(project, "B-1")
    chart = of_city(city, project)
    assert chart.diamond is not None
    assert chart.diamond.look == "late"
    assert chart.diamond.words == "预计开工 09-12，比计划晚 2 个工作日"
    assert chart.label.endswith("预计开工 2014-09-12，比计划晚 2 个工作日。")
    assert flag(chart, "target").words == "计划 09-10"


def test_the_path_that_decides_is_outlined_and_joined(city: City, project: int) -> None:
    city.answer(project, "A-2", "accept", "done")
    chart = of_city(city, project)
    assert [row.id for row in chart.rows if row.critical] == ["A-2"]
    assert chart.arrows == ()
    city.answer(project, "A-2", "approve")
    chart = of_city(city, project)
    assert [row.id for row in chart.rows if row.critical] == ["A-1", "B-1"]
    assert len(chart.arrows) == 1


def test_float_reaches_as_far_as_work_may_grow(city: City, project: int) -> None:
    chart = of_city(city, project, axis="days")
    first = next(row for row in chart.rows if row.id == "A-1")
    assert first.whisker is not None
    assert notes(chart, "A-1") == ["余 1"]
    assert first.whisker.end - first.whisker.x == pytest.approx(
        bar(chart, "A-1").width / 3, abs=0.2
    )
    assert next(row for row in chart.rows if row.id == "A-2").whisker is None


def test_a_suspended_project_stands_still_from_its_day_on(city: City, project: int) -> None:
    city.answer(project, "A-1", "accept", "done")
    city.wait_working(1)
    city.do(projects.suspend, project)
    city.wait_working(4)
    chart = of_city(city, project)
    assert looks(chart, "A-1") == ["used", "paused", "left"]
    assert flag(chart, "paused").words == "中止 09-02"
    still = bar(chart, "A-1").pieces[1]
    assert still.x == pytest.approx(flag(chart, "paused").x, abs=0.2)
    assert still.x + still.width == pytest.approx(flag(chart, "today").x, abs=0.2)


def test_a_project_that_was_cancelled_promises_nothing(city: City, project: int) -> None:
    city.answer(project, "A-1", "accept", "done")
    city.wait_working(1)
    city.do(projects.cancel, project)
    city.wait_working(30)
    chart = of_city(city, project)
    assert looks(chart, "A-1") == ["gone"]
    assert bar(chart, "B-1") is None
    assert (chart.diamond, chart.arrows) == (None, ())
    assert [each.words for each in chart.flags] == ["撤销 09-02"]
    assert not [row for row in chart.rows if row.whisker or row.critical]
    assert all(row.muted for row in chart.rows)


def test_a_project_without_a_start_is_planned_in_days(city: City) -> None:
    city.deploy(little())
    chart = of_city(city, city.do(projects.create, "A workshop", "little", "ACME").id)
    assert (chart.axis, chart.axes) == ("days", ("days",))
    assert [each.words for each in chart.flags] == ["开工 第 6 天"]
    assert looks(chart, "A-2") == ["waiting"]
    assert [row.id for row in chart.rows if row.critical] == ["A-2"]


def test_when_all_is_finished_there_is_no_today(city: City, project: int) -> None:
    run_on_time(city, project)
    chart = of_city(city, project)
    assert {look for row in chart.rows for look in looks(chart, row.id)} == {"done"}
    assert flag(chart, "today") is None
    assert chart.today_x is None
    assert chart.diamond is not None
    assert chart.diamond.words == "09-10 开工，与计划一致"


def test_a_branch_not_taken_is_muted_and_says_so(city: City) -> None:
    city.deploy(winding())
    project = city.start("winding")
    city.answer(project, "F-1", "done")
    city.answer(project, "C-1", "fine", data={"size": "small"})
    city.decide(project, "A-1")
    chart = of_city(city, project)
    row = next(row for row in chart.rows if row.id == "A-2")
    assert (row.muted, row.bar) == (True, None)
    assert notes(chart, "A-2") == ["未走此分支"]


def test_what_waits_at_a_soft_gate_names_what_it_waits_for(city: City) -> None:
    city.deploy(winding())
    project = city.start("winding")
    city.answer(project, "F-1", "done")
    city.answer(project, "C-1", "fine")
    city.answer(project, "A-1", "accept")
    city.answer(project, "B-1", "accept")
    assert "等选址意见书" in notes(of_city(city, project), "B-1")


def test_the_applicants_work_is_grey(city: City) -> None:
    city.deploy(winding())
    project = city.start("winding")
    city.wait_working(1)
    chart = of_city(city, project)
    assert looks(chart, "F-1") == ["own", "own-waiting"]
    city.wait_working(3)
    chart = of_city(city, project)
    assert looks(chart, "F-1") == ["own", "late"]
    assert notes(chart, "F-1") == ["超预计 2 天"]


def test_what_was_refused_is_to_come_again(city: City, project: int) -> None:
    city.decide(project, "A-1", "refuse")
    city.wait_working(2)
    chart = of_city(city, project)
    assert looks(chart, "A-1") == ["waiting"]
    assert "不予许可，待重新申请" in notes(chart, "A-1")
    assert bar(chart, "A-1").x == pytest.approx(flag(chart, "today").x, abs=0.2)


def test_missing_material_stops_the_clock(city: City, project: int) -> None:
    city.answer(project, "A-1", "supplement")
    city.wait_working(2)
    chart = of_city(city, project)
    assert looks(chart, "A-1")[0] == "paused"
    assert "补正中" in notes(chart, "A-1")


def test_a_withdrawn_item_is_to_come_again(city: City, project: int) -> None:
    city.do(items.withdraw, project, "A-1")
    assert looks(of_city(city, project), "A-1") == ["waiting"]


def test_bars_lead_where_the_caller_says(city: City, project: int) -> None:
    chart = of_city(city, project, links={"A-1": "/tasks/7"})
    assert {row.id: row.href for row in chart.rows} == {"A-1": "/tasks/7", "A-2": "", "B-1": ""}


def test_titles_tell_all_there_is(city: City, project: int) -> None:
    city.answer(project, "A-1", "accept", "done")
    city.decide(project, "A-2")
    city.wait_working(4)
    title = next(row.title for row in of_city(city, project).rows if row.id == "A-1")
    expected = (
        "选址意见书，规划局，待决定，承诺 3 天，09-01 开始，预计 09-05 结束，逾期 1 天，没有时差"
    )
    assert title == expected


def test_an_axis_nobody_knows_is_dates(city: City, project: int) -> None:
    assert of_city(city, project, axis="stardates").axis == "dates"
