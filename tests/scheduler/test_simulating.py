"""Queued runs are played in a process of their own, by one worker, again when that is lost."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from engine.clock import FrozenClock
from engine.scheduler import Scheduler
from engine.service.simulations import claims, runs
from engine.service.simulations.claims import STALE
from engine.simulating import Player, Simulating, processes
from engine.store import tables as t
from tests.service.city import City

PLAN = {"cases": 20, "replications": 2, "warm_up_days": 10.0, "cool_down_days": 0.0}
#: seconds that a process gets to answer in
PATIENCE = 60.0
#: a run that nobody waits for to its end
LONG = {"cases": 2_000_000, "replications": 2_000}
BUSY = {
    "pools": {"W": {"people": 30}},
    "items": {"IND-02": {"days": "pert(3, 5, 9)", "pool": "W"}},
}


@pytest.fixture(scope="module")
def player() -> Iterator[Player]:
    """A process that plays, for all of these tests."""
    found = Player()
    yield found
    found.close()


@pytest.fixture
def town(small_city: City) -> City:
    small_city.deploy("industrial-2014")
    return small_city


def worker(city: City, player: Player | None = None) -> Simulating:
    return Simulating(
        city.engine,
        FrozenClock(city.now),
        city.settings,
        alive=FrozenClock(city.now),
        player=player,
    )


def make(city: City, **more: Any) -> int:
    given = {"name": "试算", "source": {"procedure": "industrial-2014"}, "assumptions": {}}
    return city.do(runs.create, **{**given, "plan": PLAN, **more})


def state(city: City, key: int) -> str:
    return city.see(runs.get, key).state


def until_idle(working: Simulating) -> None:
    while working.step(PATIENCE):
        pass


def test_runs_are_played_in_turn(town: City, player: Player) -> None:
    keys = [make(town), make(town, plan={**PLAN, "seed": 2})]
    until_idle(worker(town, player))
    assert [state(town, key) for key in keys] == ["done", "done"]
    assert town.see(runs.result, keys[0])["measures"]["counted"]["mean"]["value"] == 28
    assert worker(town, player).step() is False


def test_a_run_that_is_cancelled_is_let_go_of(town: City, player: Player) -> None:
    key, next_one = make(town, plan=LONG, assumptions=BUSY), make(town)
    working = worker(town, player)
    while town.see(runs.get, key).of != LONG["replications"] or not working.told.done:
        assert working.step(PATIENCE)
    assert 0 < town.see(runs.get, key).done < LONG["replications"]
    town.do(runs.cancel, key)
    until_idle(working)
    assert (state(town, key), state(town, next_one)) == ("cancelled", "done")
    assert player.process.is_alive()


def test_a_run_of_a_worker_that_died_is_played_by_another(town: City, player: Player) -> None:
    key = make(town)
    dead = town.do(claims.claim, key, "dead", town.now)
    assert dead is not None
    working = worker(town, player)
    assert working.step() is False
    working.alive = FrozenClock(town.now + STALE + timedelta(seconds=1))
    until_idle(working)
    assert state(town, key) == "done"
    assert not town.do(claims.finish, dead, b"")


def test_what_cannot_be_played_fails_with_a_sentence(town: City, player: Player) -> None:
    key = make(town)
    with town.work() as work:
        work.db.execute(t.simulation.update().values(model=b"nothing"))
    until_idle(worker(town, player))
    found = town.see(runs.get, key)
    assert found.state == "failed"
    assert found.error


def test_a_process_that_is_killed_fails_its_run_and_the_next_has_another(town: City) -> None:
    key = make(town, plan=LONG, assumptions=BUSY)
    working = worker(town)
    while not working.told.done:
        assert working.step(PATIENCE)
    assert working.player is not None
    working.player.process.kill()
    while working.run is not None:
        working.step(PATIENCE)
    assert state(town, key) == "failed"
    assert "memory" in town.see(runs.get, key).error
    again = make(town)
    until_idle(working)
    assert state(town, again) == "done"
    working.stop()


def test_a_worker_that_is_stopped_gives_its_run_back(town: City) -> None:
    key = make(town, plan=LONG, assumptions=BUSY)
    working = worker(town)
    while not working.told.done:
        assert working.step(PATIENCE)
    working.stop()
    assert state(town, key) == "queued"
    assert working.player is None


def test_the_scheduler_plays_what_is_queued(city: City) -> None:
    city.deploy("industrial-2014")
    key = make(city)
    scheduler = Scheduler(city.engine, FrozenClock(city.now), city.settings)
    scheduler.start()
    waiting = threading.Event()
    for _ in range(600):
        if state(city, key) == "done":
            break
        waiting.wait(0.1)
    scheduler.stop()
    assert state(city, key) == "done"


def test_a_setting_says_how_many_processes_play(city: City) -> None:
    assert processes(replace(city.settings, simulation_processes=3)) == 3
    assert processes(city.settings) >= 1
