"""Follow-up evaluation: cases and projects of published charts, counted by hand."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from engine.analysis.evaluation import Shares
from engine.errors import Invalid
from engine.scheduler import sweep
from engine.service import projects
from engine.service.supervision import charts, evaluation, opened, openings
from engine.service.supervision.evaluation import Evaluation
from engine.service.work import Work
from engine.store import tables as t
from tests.service.city import City, counted
from tests.service.drawn import (
    applicant,
    approval,
    call,
    chain,
    diagram,
    files,
    little,
    node,
    work,
)


def until(city: City, month: int, day: int) -> None:
    """Let time pass to a day of 2014."""
    city.wait((date(2014, month, day) - city.today).days)


def show(city: City, **wanted: Any) -> Evaluation:
    """The evaluation, after the worker has been by."""
    sweep(city.engine, city.now, city.settings)

    def asked(work: Work) -> Evaluation:
        return evaluation.show(work, charts.wanted(work, **wanted))

    return city.see(asked)


def opened_projects(city: City, **wanted: Any) -> Any:
    """The projects that opened, with whom their days were."""
    paging = {name: wanted.pop(name) for name in ("cursor", "limit") if name in wanted}

    def asked(work: Work) -> Any:
        return openings.projects(work, charts.wanted(work, **wanted), **paging)

    return city.see(asked)


def drawing() -> Any:
    """The applicant draws, then one item is decided, then construction starts."""
    stage = diagram(
        "approval",
        work("F-1", kind="applicant"),
        call("A-1"),
        node("endEvent", "OPEN"),
        chain("START", "F-1", "A-1", "OPEN"),
    )
    items = {"F-1": applicant(2), "A-1": approval(5, department="PLAN", statutory_days=20)}
    return files("drawing", {"approval": stage}, items)


def one(city: City) -> int:
    """A project from Monday 1 September 2014 to Friday the 26th: 19 working days.

    The applicant draws until Wednesday the 3rd (2 days). A-1 is received then, told incomplete on
    Friday the 5th (2 days), which the applicant mends by Thursday the 11th (the 8th is a holiday:
    3 days); accepted the same day. The project is suspended from the 15th to the 19th (after two
    days of the department: 12, 15; stopped 4 days). Decided on the 26th: 22 to 26, 5 days.
    """
    city.deploy(drawing())
    project = city.start("drawing")
    until(city, 9, 3)
    city.answer(project, "F-1", "done")
    until(city, 9, 5)
    city.answer(project, "A-1", "supplement")
    until(city, 9, 11)
    city.answer(project, "A-1", "submit")
    city.answer(project, "A-1", "accept")
    until(city, 9, 15)
    city.do(projects.suspend, project)
    until(city, 9, 19)
    city.do(projects.resume, project)
    until(city, 9, 26)
    city.answer(project, "A-1", "done", "approve")
    return project


def test_with_whom_the_days_of_a_project_were(city: City) -> None:
    project = one(city)
    seen = show(city)
    [found] = opened_projects(city).items
    assert (found.id, str(found.opened_on), found.elapsed_days) == (project, "2014-09-26", 19 - 1)
    assert found.shares == Shares(department=2 + 2 + 5, applicant=2 + 3, suspended=4)
    assert found.shares.total == city.calendar.between(date(2014, 9, 1), found.opened_on)
    assert seen.shares == found.shares
    [total] = seen.opened
    assert (total.procedure, total.number, total.promised_days) == ("drawing", 1, 5.0)
    assert (total.p50_days, total.p90_days) == (found.counted_days, found.counted_days)
    assert (total.window_months, total.window_percent) == (None, None)


def test_items_against_their_promise(city: City) -> None:
    """A-1 took 12, 15 and 22 to 26 September, 7 days, where 5 were promised; stops are no delay."""
    one(city)
    seen = show(city)
    [item] = seen.items
    assert (item.item, item.department, item.stage) == ("A-1", "PLAN", "approval")
    assert (item.number, item.planned_days, item.average_days) == (1, 5.0, 7.0)
    assert (item.p50_days, item.p90_days, item.within_percent) == (7, 7, 0.0)
    [stage], [kind] = seen.stages, seen.kinds
    assert (stage.item, stage.number, stage.average_days) == ("", 1, 7.0)
    assert (kind.stage, kind.number) == ("", 1)


def test_percentiles_of_several_cases_are_nearest_ranks(city: City) -> None:
    """A-1 of four projects takes 1, 1, 2 and 5 days; three are promised."""
    city.deploy(little())
    for days in (1, 1, 2, 5):
        project = city.start("little")
        city.answer(project, "A-1", "accept")
        city.wait_working(days)
        city.answer(project, "A-1", "done", "approve")
    [item] = show(city).items
    assert (item.number, item.planned_days, item.average_days) == (4, 3.0, 2.2)
    assert (item.p50_days, item.p90_days, item.within_percent) == (1, 5, 75.0)


def test_windows_of_three_and_four_months(city: City) -> None:
    """Two projects of each kind, all at once; one of each is opened within its window."""
    for name in ("industrial-2014", "real-estate-2014"):
        city.deploy(name)
    late = [city.start(name) for name in ("industrial-2014", "real-estate-2014")]
    city.now = city.now.replace(month=12)
    fine = [city.start(name) for name in ("industrial-2014", "real-estate-2014")]
    city.now = city.now.replace(year=2015, month=1, day=15)
    with city.work() as work:
        from sqlalchemy import update

        on = {"opened_on": city.today}
        work.db.execute(update(t.project).where(t.project.c.id.in_(late + fine)).values(on))
        work.db.execute(
            update(t.project_item)
            .where(t.project_item.c.item == "OPEN")
            .values(state="reached", decided_on=city.today)
        )
    found = {each.procedure: each for each in show(city).opened}
    assert found["industrial-2014"].window_months == 3
    assert found["real-estate-2014"].window_months == 4
    assert {each.number for each in found.values()} == {2}
    assert {each.window_percent for each in found.values()} == {50.0}


def test_days_are_written_once_and_by_one_worker(city: City) -> None:
    project = one(city)
    assert city.see(opened.waiting) == [project]
    assert sweep(city.engine, city.now, city.settings)["opened"] == 1
    assert city.see(opened.waiting) == []
    assert city.do(opened.write, project) is False
    assert sweep(city.engine, city.now, city.settings)["opened"] == 0
    assert len(city.rows(t.project_days)) == 1
    assert city.do(opened.write, 999) is False


def test_only_what_is_asked_for(city: City) -> None:
    one(city)
    assert show(city, procedure="drawing").items
    assert show(city, until=date(2014, 9, 25)).items == []
    assert show(city, until=date(2014, 9, 25)).opened == []
    assert show(city, since=date(2014, 9, 26)).opened
    assert opened_projects(city, until=date(2014, 9, 25)).items == []
    city.deploy(little())
    assert show(city, procedure="little").opened == []
    for wrong in (
        {"procedure": "nothing"},
        {"since": date(2014, 9, 27), "until": date(2014, 9, 26)},
    ):
        with pytest.raises(Invalid):
            show(city, **wrong)


def test_projects_come_in_parts_the_latest_first(city: City) -> None:
    first = one(city)
    second, third = (city.start("drawing") for _ in range(2))
    for project in (second, third):
        city.answer(project, "F-1", "done")
        city.decide(project, "A-1")
    show(city)
    part = opened_projects(city, limit=2)
    assert [each.id for each in part.items] == [third, second]
    rest = opened_projects(city, limit=2, cursor=part.next)
    assert [each.id for each in rest.items] == [first]
    assert rest.next is None


def test_an_evaluation_takes_few_statements(city: City) -> None:
    one(city)
    show(city)
    with counted(city.engine) as found:
        city.see(lambda work: evaluation.show(work, charts.wanted(work)))
    assert len([each for each in found if not each.startswith("BEGIN")]) <= 8
