"""The worker in the background: it begins at once, goes on after a failure, and ends."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from threading import Event, Thread
from typing import Any

import pytest

from engine import scheduler
from engine.clock import FrozenClock
from engine.scheduler import Scheduler, run
from tests.service.city import City
from tests.service.drawn import little

PATIENCE = 30.0


@pytest.fixture
def swept(monkeypatch: pytest.MonkeyPatch) -> Event:
    """Set when a sweep has been made."""
    done = Event()
    really = scheduler.sweep

    def noting(*arguments: Any) -> dict[str, int]:
        answer = really(*arguments)
        done.set()
        return answer

    monkeypatch.setattr(scheduler, "sweep", noting)
    return done


@pytest.mark.parametrize("year", [2005, 2014, 2099])
def test_it_sweeps_at_once_by_the_clock_it_is_given(
    small_city: City, swept: Event, year: int
) -> None:
    """The clock may stand in any year, as in a trial: the machine's is never asked."""
    clock = FrozenClock(datetime(year, 6, 1, tzinfo=UTC))
    worker = Scheduler(small_city.engine, clock, small_city.settings)
    worker.start()
    assert swept.wait(PATIENCE)
    worker.stop()


def test_it_flags_what_is_late_and_ends_when_told(small_city: City, swept: Event) -> None:
    city = small_city
    city.deploy(little())
    project = city.start("little")
    city.wait(60)
    stop = Event()
    settings = replace(city.settings, sweep_seconds=3600)
    thread = Thread(target=run, args=(city.engine, FrozenClock(city.now), settings, stop))
    thread.start()
    assert swept.wait(PATIENCE)
    stop.set()
    thread.join(PATIENCE)
    assert not thread.is_alive()
    assert {task.overdue for task in city.open_tasks(project)} == {True}


def test_a_sweep_that_fails_does_not_end_it(
    small_city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    twice = Event()
    times: list[int] = []

    def failing(*_: Any) -> dict[str, int]:
        times.append(1)
        if len(times) > 1:
            twice.set()
        raise RuntimeError

    monkeypatch.setattr(scheduler, "sweep", failing)
    settings = replace(small_city.settings, sweep_seconds=1)
    worker = Scheduler(small_city.engine, FrozenClock(small_city.now), settings)
    worker.start()
    assert twice.wait(PATIENCE)
    worker.stop()


def test_one_that_was_never_started_is_stopped_in_peace(small_city: City) -> None:
    Scheduler(small_city.engine, FrozenClock(small_city.now), small_city.settings).stop()
