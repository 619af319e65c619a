"""The portfolio simulated from where it stands: what is done stays done, and nothing is early."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest

from engine.analysis.simulation.model import Model, Standing
from engine.errors import Invalid
from engine.service import procedures
from engine.service.simulations import claims, defaults, playing, runs
from engine.service.simulations.playing import Job
from tests.service.city import City

PROCEDURE = "industrial-2014"
PLAN = {"cases": 10, "replications": 2}


@pytest.fixture
def town(small_city: City) -> City:
    small_city.deploy(PROCEDURE)
    return small_city


def make(city: City, assumptions: Mapping[str, Any] = {}) -> int:
    source = {"portfolio": PROCEDURE}
    named: dict[str, Any] = {"name": "现状推演", "source": source, "plan": PLAN}
    return city.do(runs.create, assumptions=assumptions, **named)


def model(city: City) -> Model:
    return city.see(runs.model, make(city))


def standing(city: City) -> Standing:
    [found] = model(city).standing
    return found


def played(city: City, assumptions: Mapping[str, Any] = {}) -> dict[str, Any]:
    key = make(city, assumptions)
    run = city.do(claims.claim, key, "test", city.now)
    assert run is not None
    content = playing.played(
        Job(run.model, run.plan, sensitivity=False, processes=1), lambda _done, _of: True
    )
    assert city.do(claims.finish, run, content)
    return dict(city.see(runs.result, key))


def test_a_project_that_has_just_begun_has_everything_to_come(town: City) -> None:
    project = town.start(PROCEDURE)
    found = standing(town)
    assert (found.id, found.counted_days, found.elapsed_days) == (str(project), 0, 0)
    # a Monday, nine in the morning
    assert found.began_at == 9
    assert max(found.done.values()) < 0.001
    result = played(town)
    assert result["measures"]["counted"]["mean"]["value"] == pytest.approx(28)
    [row] = result["projects"]
    assert (row["id"], row["within_promise"]) == (str(project), 1)


def test_what_is_decided_is_done_and_what_is_in_hand_in_part(town: City) -> None:
    project = town.start(PROCEDURE)
    town.answer(project, "IND-06", "accept")
    town.wait_working(2)
    in_hand = standing(town).done
    assert in_hand["IND-06/receive"] == 1
    assert in_hand["IND-06/review"] == pytest.approx(2 / 5)
    assert "IND-06/decide" not in in_hand
    town.answer(project, "IND-06", "done", "approve")
    done = standing(town).done
    assert {done[f"IND-06/{step}"] for step in ("receive", "review", "decide")} == {1}


def test_days_that_were_lost_are_not_won_back(town: City) -> None:
    project = town.start(PROCEDURE)
    town.wait_working(10)
    found = standing(town)
    view = town.project(project)
    assert (found.counted_days, found.elapsed_days) == (view.day, view.elapsed_day)
    assert found.began_at == pytest.approx(9 - 14 * 24)
    [row] = played(town)["projects"]
    assert view.forecast_finish_on is not None
    likely = date.fromisoformat(row["opens_on"]["p50"])
    assert abs((likely - view.forecast_finish_on).days) <= 1


def test_nothing_goes_on_before_now(town: City) -> None:
    town.start(PROCEDURE)
    town.now += timedelta(days=3)
    hours = 3 * 24 + 9
    found = model(town)
    for calendar in found.calendars.values():
        assert calendar.spans[0][0] >= hours
        assert all(a[1] < b[0] for a, b in zip(calendar.spans, calendar.spans[1:], strict=False))


def test_only_running_projects_of_the_procedure_are_there(town: City) -> None:
    with pytest.raises(Invalid, match="no project of industrial-2014 is running") as refused:
        make(town)
    assert refused.value.detail["field"] == "source.portfolio"
    town.deploy("real-estate-2014")
    town.start("real-estate-2014")
    with pytest.raises(Invalid):
        make(town)


def test_a_project_of_an_older_version_stands_on_the_newest(town: City) -> None:
    project = town.start(PROCEDURE)
    files = dict(procedures.named(PROCEDURE, town.settings))
    text = files["procedure.yaml"].decode()
    changed = text.replace("IND-16: {promised_days: 5}", "IND-16: {promised_days: 4}")
    town.deploy({**files, "procedure.yaml": changed.encode()})
    key = make(town)
    view = town.see(runs.get, key)
    assert (view.source["version"], view.source["projects"]) == (2, 1)
    assert [each.id for each in town.see(runs.model, key).standing] == [str(project)]


def test_with_the_citys_people_it_is_played_from_now_on(town: City) -> None:
    projects = [town.start(PROCEDURE) for _ in range(2)]
    town.now += timedelta(days=2)
    result = played(town, town.see(defaults.of, PROCEDURE))
    assert result["mode"] == "queued"
    assert [each["id"] for each in result["projects"]] == [str(each) for each in projects]
    for each in result["projects"]:
        assert date.fromisoformat(each["opens_on"]["p10"]) > town.today


def test_its_events_name_projects_by_their_codes_and_begin_now(town: City) -> None:
    project = town.start(PROCEDURE)
    town.answer(project, "IND-06", "accept")
    town.now += timedelta(days=2)
    log = town.see(runs.event_log, make(town))
    assert log.cases[0] == town.project(project).code
    for times in (log.ready, log.start, log.end):
        assert times.min() >= town.now.timestamp()
    assert (log.start <= log.end).all()
