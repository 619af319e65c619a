"""The dashboard: stages by their cases' lights, decisions in time, projects at risk."""

from __future__ import annotations

from datetime import date

import pytest

from engine.errors import Forbidden, Invalid
from engine.rules.light import task_light
from engine.scheduler import take_stock
from engine.service import dashboard, inbox, projects, statistics
from engine.service.dashboard import Dashboard
from engine.service.inbox_query import Wanted
from engine.service.statistics import Month
from engine.service.work import Actor, Work
from tests.service.city import ADMIN, City, counted
from tests.service.drawn import little, winding


def show(city: City, scope: str = "city", by: Actor = ADMIN, **more: str) -> Dashboard:
    """The dashboard as somebody sees it now."""
    take_stock(city.engine, city.now, city.settings)
    return city.see(dashboard.show, scope, by=by, **more)


def lights(found: Dashboard) -> dict[str, dict[str, int]]:
    """The cases in hand by stage and light."""
    return {each.id: dict(each.lights) for each in found.stages}


def test_the_stages_of_the_city_in_order_and_in_both_languages(city: City) -> None:
    city.deploy("industrial-2014")
    city.deploy("real-estate-2014")
    city.deploy(little())
    city.start("industrial-2014")
    found = show(city)
    assert [each.id for each in found.stages] == [
        *("approval", "planning", "construction", "acceptance"),
    ]
    first = found.stages[0]
    assert (first.name.zh, first.name.en, first.lead) == ("项目审批", "Project approval", "NDRC")
    assert (first.open, first.entered, dict(first.lights)) == (2, 2, {"green": 2})
    assert found.stages[1].open == 0, "the applicant's own work is no case"


def test_a_case_has_the_light_of_its_task_every_day(city: City) -> None:
    """Received, accepted, in decision; on time, soon due, late; suspended: always the same."""
    city.deploy(little())
    for number in range(5):
        project = city.start("little")
        if number:
            city.answer(project, "A-1", "accept")
        if number > 1:
            city.answer(project, "A-2", "accept", "done")
        if number == 3:
            city.do(projects.suspend, project)
        city.wait_working(1)
    for _ in range(14):
        wanted: dict[str, int] = {}
        for row in city.see(inbox.find, Wanted("all")).items:
            wanted[str(row.light)] = wanted.get(str(row.light), 0) + 1
        seen: dict[str, int] = {}
        for of_stage in lights(show(city)).values():
            for light, number in of_stage.items():
                seen[light] = seen.get(light, 0) + number
        assert seen == wanted
        city.wait(1)


def test_what_waits_at_a_gate_is_in_hand_and_a_supplement_is_paused(city: City) -> None:
    city.deploy(winding())
    project = city.start("winding")
    city.answer(project, "F-1", "done")
    city.answer(project, "C-1", "fine", data={"size": "large"})
    city.answer(project, "B-1", "accept", "done")
    city.answer(project, "A-1", "supplement")
    # B-1 has no task: its decision waits for A-1
    assert city.open_tasks(project, item="B-1") == []
    found = show(city)
    assert sum(each.open for each in found.stages) == 2
    everything = [light for each in found.stages for light in each.lights]
    assert sorted(everything) == ["green", "paused"]


def test_a_department_sees_its_own_cases_and_an_applicant_theirs(city: City) -> None:
    city.deploy(little())
    applicant = city.user("acme", ("applicant", ""), shown="ACME")
    city.start("little")
    stranger = city.user("other", ("applicant", ""))
    clerk = city.user("clerk", ("clerk", "PLAN"))
    opened = {
        name: sum(each.open for each in show(city, "mine", actor).stages)
        for name, actor in {"clerk": clerk, "acme": applicant, "other": stranger}.items()
    }
    assert opened == {"clerk": 1, "acme": 2, "other": 0}
    assert show(city, "department", clerk).counts["all"] == 1
    assert show(city, "city").counts["all"] == 2


def test_scopes_are_those_one_may_look_at(city: City) -> None:
    city.deploy(little())
    clerk = city.user("clerk", ("clerk", "PLAN"))
    boss = city.user("boss", ("coordinator", "HOUS"))
    applicant = city.user("acme", ("applicant", ""))
    found = [show(city, "mine", each).scopes for each in (clerk, boss, applicant)]
    assert found == [("mine", "department"), ("mine", "department", "city"), ("mine",)]
    with pytest.raises(Forbidden):
        show(city, "city", clerk)
    with pytest.raises(Invalid):
        show(city, "world")


def test_the_trend_counts_decisions_in_time_by_month(city: City) -> None:
    """September: one in time; October: one of two; the change is in points."""
    city.deploy(little())
    first, second = city.start("little"), city.start("little")
    city.decide(first, "A-1")
    city.answer(first, "A-2", "accept", "done")
    city.answer(second, "A-1", "accept", "done")
    city.now = city.now.replace(month=10, day=9)
    city.answer(second, "A-1", "approve")
    third = city.start("little")
    city.decide(third, "A-1")
    trend = show(city).trend
    assert len(trend.months) == 12
    assert trend.months[0].month_on == date(2013, 11, 1)
    # B-1 of both began with A-1's decision
    assert trend.months[-2:] == [
        Month(date(2014, 9, 1), entered=5, decided=1, on_time=1),
        Month(date(2014, 10, 1), entered=4, decided=2, on_time=1),
    ]
    assert trend.percent is not None
    assert round(trend.percent, 1) == 66.7
    assert (trend.month_percent, trend.change) == (50.0, -50.0)
    assert show(city, stage="B").trend.percent is None
    stage = city.item(third, "A-1").stage
    assert show(city, stage=stage).trend.months[-1].decided == 2


def test_what_began_last_year_was_not_entered_this_year(city: City) -> None:
    city.deploy(little())
    city.start("little")
    city.now = city.now.replace(year=2015, month=2)
    city.start("little")
    found = show(city)
    assert sum(each.entered for each in found.stages) == 2
    assert [each.entered for each in found.trend.months if each.entered] == [2, 2]


@pytest.mark.parametrize(
    ("on", "first"), [("2014-12-31", "2014-01-01"), ("2015-01-01", "2014-02-01")]
)
def test_twelve_months_end_with_this_one(on: str, first: str) -> None:
    months = list(statistics.months_back(date.fromisoformat(on), 12))
    assert len(months) == 12
    assert str(months[0]) == first
    assert months[-1] == date.fromisoformat(on).replace(day=1)


def test_projects_at_risk_are_those_with_the_least_slack(city: City) -> None:
    city.deploy(little())
    for _ in range(3):
        project = city.start("little")
        city.answer(project, "A-2", "accept")
        city.wait_working(3)
    suspended = city.start("little")
    city.do(projects.suspend, suspended)
    city.wait_working(4)
    found = show(city).risks
    assert [each.id for each in found] == [1, 2, 3]
    slack = [each.slack_days for each in found]
    assert slack == sorted(slack, key=lambda each: each or 0)
    assert found[0].held_item
    other = city.user("clerk", ("clerk", "FIRE"))
    assert show(city, "department", other).risks == []
    assert city.see(dashboard.at_risk, "city", 2) == found[:2]


def test_the_dashboard_takes_few_statements(city: City) -> None:
    city.deploy("industrial-2014")
    city.start("industrial-2014")
    show(city)

    def look(work: Work) -> None:
        dashboard.show(work, "city")

    with counted(city.engine) as found:
        city.see(look)
    assert len([each for each in found if not each.startswith("BEGIN")]) <= 6


def test_lights_in_the_database_are_those_of_the_rule(small_city: City) -> None:
    """Every due date around today, of items short and long."""
    from sqlalchemy import insert, select

    from engine.service import funnel
    from engine.store import tables as t

    city = small_city
    city.deploy(little())
    project = city.start("little")
    city.now = city.now.replace(month=10, day=4)
    wanted: dict[str, str] = {}

    def write(work: Work) -> None:
        for days in (3, 5, 6, 20):
            for offset in range(-12, 15):
                due_on = date.fromordinal(city.today.toordinal() + offset)
                name = f"{days} {offset}"
                row = {
                    "project_id": project,
                    "item": name,
                    "stage": "A",
                    "kind": "approval",
                    "department": "PLAN",
                    "state": "accepted",
                    "promised_days": days,
                    "opened_on": city.today,
                    "promised_due_on": due_on,
                }
                work.db.execute(insert(t.project_item).values(row))
                light = task_light(work.calendar, work.today, due_on, days=days)
                wanted[name] = str(light)

    city.do(write)
    with city.work(read_only=True) as work:
        query = select(t.project_item.c.item, funnel.light_of(work).label("light"))
        rows = work.db.execute(query.where(t.project_item.c.stage == "A"))
        found = {row.item: row.light for row in rows}
    assert {name: found[name] for name in wanted} == wanted
    assert set(wanted.values()) == {"green", "yellow", "orange", "red"}
