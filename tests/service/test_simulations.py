"""Runs of the simulation: frozen, queued, claimed, played, kept, compared, removed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import timedelta
from typing import Any

import numpy as np
import pytest

from engine.analysis.simulation.compare import NotPaired
from engine.analysis.simulation.plan import Plan
from engine.errors import Conflict, Forbidden, Invalid, NotFound
from engine.rules.simulation import NotDone
from engine.service import procedures
from engine.service.scenarios import scenarios
from engine.service.simulations import claims, playing, runs
from engine.service.simulations.claims import STALE, Claimed
from engine.service.simulations.playing import Job
from engine.service.simulations.views import RunView
from engine.service.work import Actor
from engine.store import tables as t
from tests.service.city import City

AFTER, BEFORE = "industrial-2014", "industrial-2013"
PLAN: dict[str, Any] = {
    "cases": 40,
    "replications": 4,
    "warm_up_days": 30.0,
    "cool_down_days": 10.0,
}
CHANCE = {"items": {"IND-16": {"days": "pert(3, 5, 20)"}}}
SUPERVISOR = Actor(7, "sun", frozenset({("supervisor", "")}))
CLERK = Actor(8, "chen", frozenset({("clerk", "PLAN")}))


@pytest.fixture
def after(small_city: City) -> City:
    """A city with the procedure after re-engineering, on SQLite."""
    small_city.deploy(AFTER)
    return small_city


def make(city: City, **more: Any) -> int:
    given: dict[str, Any] = {"name": "试算", "source": {"procedure": AFTER}, "assumptions": {}}
    return city.do(runs.create, **{**given, "plan": PLAN, **more})


def look(city: City, identifier: int) -> RunView:
    return city.see(runs.get, identifier)


def claim(city: City, identifier: int, name: str = "one") -> Claimed | None:
    return city.do(claims.claim, identifier, name, city.now)


def play(city: City, identifier: int) -> None:
    """Play a run as a worker does."""
    run = claim(city, identifier)
    assert run is not None
    job = Job(run.model, run.plan, run.sensitivity, 1)
    assert city.do(claims.finish, run, playing.played(job, lambda _done, _of: True))


def result(city: City, identifier: int) -> Mapping[str, Any]:
    return city.see(runs.result, identifier)


def mean(city: City, identifier: int, measure: str = "counted") -> float:
    found: float = result(city, identifier)["measures"][measure]["mean"]["value"]
    return found


def test_a_run_from_its_setting_up_to_its_result(city: City) -> None:
    city.deploy(AFTER)
    key = make(city, name=" 28 天能否兑现 ", assumptions=CHANCE, sensitivity=False)
    view = look(city, key)
    assert (view.name, view.state, view.done, view.of) == ("28 天能否兑现", "queued", 0, 4)
    assert (view.source["procedure"], view.source["version"]) == (AFTER, 1)
    assert view.assumptions == CHANCE
    assert view.plan == asdict(Plan(**PLAN))
    assert (view.created_by, view.engine, view.started_at) == ("root", "", None)
    with pytest.raises(NotDone) as refused:
        result(city, key)
    assert refused.value.detail["state"] == "queued"
    play(city, key)
    view = look(city, key)
    assert (view.state, view.done, view.error) == ("done", 4, "")
    assert view.engine
    assert view.finished_at == city.now
    found = result(city, key)
    assert (found["cases"], found["replications"], found["seed"]) == (40, 4, 1)
    assert found["measures"]["counted"]["mean"]["value"] > 28
    assert found["promise"]["days"] == 28
    told = [row["event"] for row in city.rows(t.history) if row["event"].startswith("simul")]
    assert told == ["simulation.created", "simulation.done"]


@pytest.mark.parametrize(("procedure", "days"), [(AFTER, 28), (BEFORE, 63)])
def test_fixed_days_without_queues_are_the_critical_path(
    small_city: City, procedure: str, days: int
) -> None:
    small_city.deploy(procedure)
    key = make(small_city, source={"procedure": procedure})
    play(small_city, key)
    assert mean(small_city, key) == pytest.approx(days)
    assert result(small_city, key)["promise"]["chance"]["value"] == 1


def test_a_scenario_is_played_as_it_would_be_deployed(small_city: City) -> None:
    small_city.deploy(BEFORE)
    scenario = small_city.do(scenarios.create, "从 63 天到 28 天", BEFORE)
    key = make(small_city, source={"scenario": scenario})
    view = look(small_city, key)
    assert (view.source["scenario"], view.procedure) == (scenario, BEFORE)
    assert len(view.source["operations"]) > 10
    play(small_city, key)
    assert mean(small_city, key) == pytest.approx(28)
    found = small_city.see(runs.find, runs.Wanted(scenario=scenario)).items
    assert [each.id for each in found] == [key]
    assert small_city.see(runs.find, runs.Wanted(scenario=scenario + 1)).items == []


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"name": "  "}, "name"),
        ({"source": {}}, "source"),
        ({"source": {"procedure": AFTER, "portfolio": AFTER}}, "source"),
        ({"source": {"procedure": "none"}}, "procedure"),
        ({"source": {"procedure": AFTER, "version": 9}}, "source.version"),
        ({"source": {"portfolio": "none"}}, "procedure"),
        ({"source": {"scenario": "first"}}, "source.scenario"),
        ({"plan": {"cases": 0}}, "plan.cases"),
        ({"plan": {"cases": 1.5}}, "plan.cases"),
        ({"plan": {"cases": True}}, "plan.cases"),
        ({"plan": {"seed": -1}}, "plan.seed"),
        ({"plan": {"warm_up_days": float("nan")}}, "plan.warm_up_days"),
        ({"plan": {"horizon": 3}}, "plan.horizon"),
    ],
)
def test_what_cannot_be_played_is_refused_naming_the_field(
    after: City, more: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        make(after, **more)
    assert refused.value.detail["field"] == field
    assert after.rows(t.simulation) == []


def test_assumptions_that_do_not_fit_are_refused(after: City) -> None:
    wrongs: tuple[dict[str, Any], ...] = (
        {"items": {"IND-02": {"days": "pert(9, 5, 3)"}}},
        {"items": {"IND-99": {"days": 3}}},
        {"itms": {}},
    )
    for wrong in wrongs:
        with pytest.raises(Invalid):
            make(after, assumptions=wrong)
    with pytest.raises(NotFound):
        make(after, source={"scenario": 99})
    assert after.rows(t.simulation) == []


def test_the_same_inputs_have_one_digest_and_one_result(after: City) -> None:
    first, again = make(after, assumptions=CHANCE), make(after, assumptions=CHANCE, name="再")
    other = make(after, assumptions=CHANCE, plan={**PLAN, "seed": 2})
    digests = [look(after, each).digest for each in (first, again, other)]
    assert digests[0] == digests[1] != digests[2]
    for each in (first, again, other):
        play(after, each)
    assert result(after, first) == result(after, again)
    assert mean(after, first) != mean(after, other)


def test_what_is_deployed_later_does_not_move_a_run(after: City) -> None:
    key = make(after)
    frozen = after.see(runs.model, key)
    files = dict(procedures.named(AFTER, after.settings))
    text = files["procedure.yaml"].decode()
    assert "IND-16: {promised_days: 5}" in text
    changed = text.replace("IND-16: {promised_days: 5}", "IND-16: {promised_days: 4}")
    after.deploy({**files, "procedure.yaml": changed.encode()})
    assert after.see(runs.model, key) == frozen
    newest = make(after)
    assert look(after, newest).source["version"] == 2
    assert look(after, make(after, source={"procedure": AFTER, "version": 1})).digest == (
        look(after, key).digest
    )
    for each in (key, newest):
        play(after, each)
    assert [mean(after, key), mean(after, newest)] == pytest.approx([28, 27])


def test_two_runs_are_compared_replication_by_replication(after: City) -> None:
    slow = {"items": {"IND-16": {"days": "pert(3, 8, 30)"}}}
    first, second = make(after, assumptions=CHANCE), make(after, assumptions=slow)
    with pytest.raises(NotDone):
        after.see(runs.compare, first, second)
    for each in (first, second):
        play(after, each)
    found = after.see(runs.compare, first, second)
    assert [each["id"] for each in found["runs"]] == [first, second]
    figure = found["figures"]["mean"]
    difference = figure["difference"]
    assert difference["value"] == pytest.approx(mean(after, second) - mean(after, first))
    assert difference["low"] < difference["value"] < difference["high"]
    assert figure["beyond_chance"] is True
    same = after.see(runs.compare, first, first)["figures"]["mean"]["difference"]
    assert (same["value"], same["low"], same["high"]) == (0, 0, 0)


def test_runs_of_other_plans_are_not_compared(after: City) -> None:
    first, second = make(after), make(after, plan={**PLAN, "seed": 3, "cases": 44})
    for each in (first, second):
        play(after, each)
    with pytest.raises(NotPaired, match="cases: 40 and 44, seed: 1 and 3") as refused:
        after.see(runs.compare, first, second)
    assert refused.value.detail["differ"] == ["cases", "seed"]
    assert "same seed" in refused.value.remedy


def test_the_event_log_is_played_again_and_is_the_same(after: City) -> None:
    key = make(after, assumptions=CHANCE)
    with pytest.raises(Invalid) as refused:
        after.see(runs.event_log, key, 4)
    assert refused.value.detail["field"] == "replication"
    first, again = after.see(runs.event_log, key, 1), after.see(runs.event_log, key, 1)
    other = after.see(runs.event_log, key, 2)
    assert len(first) > 0
    assert "IND-02/review" in first.activities
    assert np.array_equal(first.end, again.end)
    assert not np.array_equal(first.end, other.end)


def test_analysts_start_runs_and_overseers_read_them(after: City) -> None:
    with pytest.raises(Forbidden):
        make(after, by=SUPERVISOR)
    key = make(after)
    assert after.see(runs.get, key, by=SUPERVISOR).id == key
    assert [each.id for each in after.see(runs.find, by=SUPERVISOR).items] == [key]
    for verb in (runs.cancel, runs.remove):
        with pytest.raises(Forbidden):
            after.do(verb, key, by=SUPERVISOR)
    for read in (runs.get, runs.result, runs.event_log, runs.model):
        with pytest.raises(Forbidden):
            after.see(read, key, by=CLERK)
    with pytest.raises(Forbidden):
        after.see(runs.find, by=CLERK)


def test_the_list_comes_in_parts_and_by_what_is_asked_for(after: City) -> None:
    keys = [make(after, name=f"试算 {n}") for n in range(3)]
    first = after.see(runs.find, limit=2)
    rest = after.see(runs.find, limit=2, cursor=first.next)
    assert [each.id for each in first.items + rest.items] == keys[::-1]
    assert rest.next is None
    after.do(runs.cancel, keys[0])
    wanted = runs.Wanted(state="queued", procedure=AFTER, text="试算 1")
    assert [each.id for each in after.see(runs.find, wanted).items] == [keys[1]]
    assert after.see(runs.find, runs.Wanted(procedure=BEFORE)).items == []


def test_a_run_is_cancelled_once_and_removed_when_nobody_plays_it(after: City) -> None:
    key = make(after)
    run = claim(after, key)
    assert run is not None
    with pytest.raises(Conflict, match="cancel it first"):
        after.do(runs.remove, key)
    after.do(runs.cancel, key)
    assert look(after, key).state == "cancelled"
    assert not after.do(claims.beat, run, 1, 4, after.now)
    assert not after.do(claims.finish, run, b"")
    assert not after.do(claims.fail, run, "late")
    with pytest.raises(Conflict, match="cancelled and cannot"):
        after.do(runs.cancel, key)
    after.do(runs.remove, key)
    for verb in (runs.get, runs.cancel, runs.remove, runs.result):
        with pytest.raises(NotFound):
            after.do(verb, key)


def test_a_run_has_one_worker_until_nothing_is_heard_of_it(city: City) -> None:
    city.deploy(AFTER)
    key = make(city)
    assert city.see(claims.waiting, city.now) == key
    first = claim(city, key, "one")
    assert first is not None
    assert claim(city, key, "two") is None
    assert city.see(claims.waiting, city.now) is None
    assert city.do(claims.beat, first, 2, 4, city.now + STALE)
    assert (look(city, key).done, look(city, key).of) == (2, 4)
    city.now += 2 * STALE
    assert city.see(claims.waiting, city.now) is None
    city.now += timedelta(seconds=1)
    second = claim(city, key, "two")
    assert second is not None
    assert second.model == first.model
    assert look(city, key).done == 0
    assert not city.see(claims.holds, first)
    assert not city.do(claims.beat, first, 3, 4, city.now)
    assert city.see(claims.holds, second)
    assert city.do(claims.give_back, second)
    assert (look(city, key).state, look(city, key).started_at) == ("queued", None)


def test_a_run_that_its_workers_do_not_outlive_fails(after: City) -> None:
    key = make(after)
    # one that was stopped in order does not count
    run = claim(after, key)
    assert run is not None
    assert after.do(claims.give_back, run)
    for _ in range(claims.MOST):
        assert claim(after, key) is not None
        after.now += 2 * STALE
    assert claim(after, key) is None
    view = look(after, key)
    assert (view.state, view.error) == ("failed", claims.LOST)
    assert after.see(claims.waiting, after.now) is None


def test_a_failure_is_kept_in_words(after: City) -> None:
    key = make(after)
    run = claim(after, key)
    assert run is not None
    assert after.do(claims.fail, run, "3 of 40 cases never end")
    view = look(after, key)
    assert (view.state, view.error) == ("failed", "3 of 40 cases never end")
    with pytest.raises(NotDone, match="failed: 3 of 40"):
        result(after, key)
