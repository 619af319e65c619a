"""Three ways, one number: a run on time, the critical path and a walk through time agree."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from engine.analysis.network import View
from engine.analysis.schedule import schedule
from engine.analysis.walk import walk
from engine.rules.procedure import OPEN, Kind
from engine.service import deployments, procedures
from engine.service.outlook import network_of
from engine.service.views import ProjectView
from tests.service.city import City
from tests.service.drawn import winding
from tests.service.driving import run_on_time

TOTALS = [
    ("industrial-2013", 63, 80),
    ("industrial-2014", 28, 59),
    ("real-estate-2013", 66, 85),
    ("real-estate-2014", 29, 74),
]


def network(city: City, procedure: str) -> Any:
    """The network of a deployed procedure."""
    with city.work(read_only=True) as work:
        return network_of(deployments.deployment(work.db, procedures.latest(work, procedure)))


def agree(city: City, procedure: str, view: ProjectView, of: View) -> int:
    """Check that every activity was decided when the plan says; return the day of opening."""
    drawn = network(city, procedure)
    walked, planned = walk(drawn, of), schedule(drawn, of)
    for item in view.items:
        if item.kind != Kind.MILESTONE and drawn.phases[drawn.position[item.id]] == "opening":
            assert item.decided_on is not None, item.id
            assert view.started_on is not None
            ran = city.calendar.between(view.started_on, item.decided_on)
            assert ran == walked[item.id].finish == planned[item.id].earliest_finish, item.id
    assert walked[OPEN].finish == planned.days
    return planned.days


@pytest.mark.parametrize(("procedure", "counted_days", "_"), TOTALS)
def test_the_counted_total(city: City, procedure: str, counted_days: int, _: int) -> None:
    city.deploy(procedure)
    project = city.start(procedure)

    def check(view: ProjectView) -> None:
        """Work of the applicant takes no time here: every day is a counted one."""
        assert view.day == view.elapsed_day
        assert (view.slack_days, view.forecast_counted_days) == (0, counted_days)
        assert view.counted_days == counted_days

    view = run_on_time(city, project, each_day=check, until_open=True)
    assert view.started_on is not None
    assert view.opened_on is not None
    assert city.calendar.between(view.started_on, view.opened_on) == counted_days
    assert agree(city, procedure, view, View.COUNTED) == counted_days


@pytest.mark.parametrize(("procedure", "counted_days", "elapsed_days"), TOTALS)
def test_the_elapsed_total(
    small_city: City, procedure: str, counted_days: int, elapsed_days: int
) -> None:
    city = small_city
    city.deploy(procedure)
    project = city.start(procedure)
    first = city.project(project)
    days: list[int] = []

    def check(view: ProjectView) -> None:
        """The forecast stands still while all goes as planned."""
        days.append(view.day)
        assert view.forecast_finish_on == first.forecast_finish_on
        assert (view.slack_days, view.window_slack_days) == (0, first.window_slack_days)

    view = run_on_time(city, project, applicant_takes_its_days=True, each_day=check)
    assert view.opened_on == first.forecast_finish_on
    assert view.elapsed_day == elapsed_days
    assert days == sorted(days)
    assert days[-1] == counted_days
    assert agree(city, procedure, view, View.ELAPSED) == elapsed_days
    assert [stage.state for stage in view.stages] == ["completed"] * 4


def test_with_a_soft_gate_a_branch_and_a_loop(city: City) -> None:
    city.deploy(winding())
    project = city.start("winding")
    answers = {("C-1", "C-1"): ("fine", {"size": "large"})}
    view = run_on_time(
        city, project, answers=answers, until_open=True, applicant_takes_its_days=True
    )
    drawn = network(city, "winding")
    assert view.started_on is not None
    assert view.opened_on is not None
    assert city.calendar.between(view.started_on, view.opened_on) == 11
    assert schedule(drawn, View.ELAPSED).days == 11
    assert view.day == view.counted_days == schedule(drawn, View.COUNTED).days == 9
    # the review of B-1 is done on day 5, its decision falls with A-1's on day 6
    assert city.item(project, "B-1").decided_on == city.item(project, "A-1").decided_on


def test_a_promise_changed_in_a_copy_moves_the_total_accordingly(small_city: City) -> None:
    city = small_city
    files = dict(procedures.named("industrial-2014", city.settings))
    plan = yaml.safe_load(files["procedure.yaml"])
    plan["items"]["IND-16"]["promised_days"] += 4
    plan["items"]["IND-14"]["promised_days"] += 1
    files["procedure.yaml"] = yaml.safe_dump(plan, allow_unicode=True).encode()
    city.deploy(files)
    view = run_on_time(city, city.start("industrial-2014"), until_open=True)
    assert view.day == view.counted_days == 32
    assert agree(city, "industrial-2014", view, View.COUNTED) == 32
