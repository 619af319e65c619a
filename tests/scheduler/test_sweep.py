"""The sweep: what is late is flagged once, what falls due fires once, and idling costs nothing."""

from __future__ import annotations

import multiprocessing
import sys
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from functools import partial
from typing import Any

import pytest

from engine import scheduler
from engine.scheduler import sweep
from engine.service import projects, tasks, timers
from engine.service.work import SYSTEM, Work
from engine.store import tables as t
from engine.store.database import open_database
from tests.service.city import City, counted
from tests.service.drawn import (
    approval,
    boundary,
    call,
    chain,
    little,
    node,
    one_stage,
    timer,
    work,
)
from tests.service.test_tasks import wide


def swept(city: City) -> dict[str, int]:
    """Sweep now."""
    return sweep(city.engine, city.now, city.settings)


def acted(city: City) -> dict[str, int]:
    """Sweep now, and tell only of the chores that did something."""
    return {name: count for name, count in swept(city).items() if count}


def midnight(city: City, days: int) -> datetime:
    """The instant at which a day of the city ends, so many days from today."""
    day = city.today + timedelta(days=days + 1)
    return datetime.combine(day, time(), city.settings.zone).astimezone(UTC)


def flagged(city: City) -> list[str]:
    """The items flagged, in the order of the history."""
    rows = sorted(city.rows(t.history, event="task.overdue"), key=lambda row: row["id"])
    return [row["item"] for row in rows]


def test_a_task_is_late_from_the_end_of_its_due_day_in_the_city(city: City) -> None:
    city.deploy(little())
    project = city.start("little")
    city.answer(project, "A-1", "accept")
    due_on = city.task(project, "A-1").promised_due_on
    assert due_on is not None
    end = midnight(city, (due_on - city.today).days)
    # midnight in Shanghai is four in the afternoon of the day before in UTC
    assert (end.hour, end.date()) == (16, due_on)
    city.now = end - timedelta(microseconds=1)
    assert acted(city) == {}
    city.now = end
    assert acted(city) == {"overdue": 1, "cards": 1}
    task = city.task(project, "A-1")
    assert (task.overdue, flagged(city)) == (True, ["A-1"])
    assert acted(city) == {}
    city.do(tasks.complete, task.id, None)
    event = city.rows(t.history, event="task.overdue")[0]
    assert event["data"] == {"element": "review", "department": "PLAN", "due_on": str(due_on)}
    assert event["actor"] == "system"


def test_the_longest_overdue_is_flagged_first(city: City) -> None:
    city.deploy(wide(12))
    project = city.start("wide-12")
    for task in city.open_tasks(project):
        city.do(tasks.complete, task.id, "accept")
    promised = {each.item: each.promised_due_on for each in city.open_tasks(project)}
    city.wait(60)
    assert swept(city)["overdue"] == 12
    order = [str(promised[item]) for item in flagged(city)]
    assert order == sorted(order)


def test_more_than_a_batch_is_flagged_in_one_sweep(
    small_city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scheduler, "BATCH", 5)
    small_city.deploy(wide(12))
    small_city.start("wide-12")
    small_city.wait(60)
    assert swept(small_city)["overdue"] == 12


def test_when_nothing_is_due_it_reads_once_a_chore_and_writes_nothing(city: City) -> None:
    city.deploy(little())
    city.start("little")
    with counted(city.engine) as found:
        swept(city)
    statements = [each for each in found if not each.startswith("BEGIN")]
    assert len(statements) == len(scheduler.CHORES)
    assert all(each.lstrip().startswith("SELECT") for each in statements)


def test_suspended_and_ended_projects_are_left_alone(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many they are: those that run are flagged all the same."""
    monkeypatch.setattr(scheduler, "BATCH", 2)
    city.deploy(little())
    still, ended = city.start("little"), city.start("little")
    city.do(projects.suspend, still)
    city.do(projects.close, ended)
    city.wait(60)
    assert swept(city)["overdue"] == 0
    city.start("little")
    city.wait(60)
    assert swept(city)["overdue"] == 2
    city.do(projects.resume, still)
    assert swept(city)["overdue"] == 0


def timed(**items: Mapping[str, Any]) -> Mapping[str, bytes]:
    """Work with a reminder each day, three times, and a deadline after a week."""
    parts = (
        work("W-1", kind="approval", outcomes="done"),
        boundary("remind", "W-1", "timeCycle", "R3/P1D", cancels=False),
        boundary("expire", "W-1", "timeDuration", "P7D"),
        *(node("endEvent", each) for each in ("done", "reminded", "expired")),
        chain("START", "W-1", "done"),
        chain("remind", "reminded"),
        chain("expire", "expired"),
    )
    return one_stage("timed", *parts, W_1=approval(3), **items)


def fired(city: City) -> Counter[str]:
    """How often each timer has fired."""
    rows = city.rows(t.history, event="timer.fired")
    return Counter(row["data"]["element"] for row in rows)


def test_a_timer_fires_once_when_it_falls_due(city: City) -> None:
    parts = (
        timer("wait", "timeDuration", "PT36H"),
        call("X-1"),
        node("endEvent", "done"),
        chain("START", "wait", "X-1", "done"),
    )
    city.deploy(one_stage("waits", *parts, X_1=approval(1)))
    project = city.start("waits")
    city.now += timedelta(hours=36) - timedelta(microseconds=1)
    assert swept(city)["timers"] == 0
    city.now += timedelta(microseconds=1)
    assert swept(city)["timers"] == 1
    assert city.item(project, "X-1").state == "received"
    assert swept(city)["timers"] == 0
    assert fired(city) == {"wait": 1}


def test_a_cycle_comes_again_until_its_rounds_are_over(city: City) -> None:
    city.deploy(timed())
    project = city.start("timed")
    for day in (1, 2, 3, 4, 5):
        city.now += timedelta(days=1, minutes=20)
        swept(city)
        # a late sweep makes the next round no later
        assert fired(city)["remind"] == min(day, 3)
    assert city.task(project, "W-1").state == "open"
    city.now += timedelta(days=2)
    assert swept(city)["timers"] == 1
    assert fired(city) == {"remind": 3, "expire": 1}
    assert city.open_tasks(project) == []
    assert city.item(project, "W-1").state == "cancelled"
    assert city.project(project).state == "completed"


def test_a_sweep_that_was_down_catches_up(city: City) -> None:
    city.deploy(timed())
    project = city.start("timed")
    city.now += timedelta(days=30)
    assert swept(city)["timers"] == 4
    assert fired(city) == {"remind": 3, "expire": 1}
    assert city.project(project).state == "completed"
    assert {row["state"] for row in city.rows(t.timer)} <= {"fired", "cancelled"}


def test_a_cycle_without_end_or_length_ends_the_sweep_all_the_same(
    small_city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scheduler, "ROUNDS", 20)
    parts = (
        work("W-1", kind="approval", outcomes="done"),
        boundary("forever", "W-1", "timeCycle", "R/PT0S", cancels=False),
        *(node("endEvent", each) for each in ("done", "again")),
        chain("START", "W-1", "done"),
        chain("forever", "again"),
    )
    small_city.deploy(one_stage("forever", *parts, W_1=approval(3)))
    project = small_city.start("forever")
    assert swept(small_city)["timers"] == 20
    small_city.answer(project, "W-1", "done")
    assert swept(small_city)["timers"] == 0


def test_timers_of_a_suspended_project_wait_until_it_goes_on(city: City) -> None:
    city.deploy(timed())
    project = city.start("timed")
    city.do(projects.suspend, project)
    city.now += timedelta(days=2)
    assert swept(city)["timers"] == 0
    city.do(projects.resume, project)
    assert swept(city)["timers"] == 2


def test_one_that_fails_keeps_nobody_waiting(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    """What fails for no reason in a diagram is logged and met again; the others go on."""
    city.deploy(timed())
    first, second = city.start("timed"), city.start("timed")
    city.now += timedelta(days=1)
    really = timers.fire

    def broken(work_unit: Any, project: int, identifier: str) -> bool:
        if project == first:
            raise RuntimeError
        return really(work_unit, project, identifier)

    monkeypatch.setattr(timers, "fire", broken)
    assert acted(city) == {"timers": 1}
    monkeypatch.undo()
    assert acted(city) == {"timers": 1}
    assert {row["project_id"] for row in city.rows(t.history, event="timer.fired")} == {
        first,
        second,
    }


def sweep_elsewhere(url: str, now: datetime, settings: Any, queue: Any) -> None:
    """Sweep in a process of its own."""
    engine = open_database(url)
    queue.put(sweep(engine, now, settings))
    engine.dispose()


@pytest.mark.skipif(sys.platform == "win32", reason="the service runs on POSIX")
def test_two_workers_do_everything_once(busy_city: City) -> None:
    city = busy_city
    city.deploy(timed())
    city.deploy(wide(30))
    city.start("wide-30")
    for _ in range(8):
        city.start("timed")
    city.now += timedelta(days=6)
    context = multiprocessing.get_context("spawn")
    queue = context.Queue()
    workers = [
        context.Process(target=sweep_elsewhere, args=(city.url, city.now, city.settings, queue))
        for _ in range(2)
    ]
    for each in workers:
        each.start()
    done = [queue.get(timeout=60) for _ in workers]
    for each in workers:
        each.join()
    # 3 reminders of 8 projects; 30 receipts and 8 tasks of three days are late
    assert sum(each["timers"] for each in done) == 24
    assert fired(city) == {"remind": 24}
    flags = Counter(row["task_id"] for row in city.rows(t.history, event="task.overdue"))
    assert sum(each["overdue"] for each in done) == len(flags)
    assert set(flags.values()) == {1}
    late = [row["id"] for row in city.rows(t.task, overdue=True)]
    assert sorted(late) == sorted(flags)
    cards = Counter(row["task_id"] for row in city.rows(t.card))
    assert sum(each["cards"] for each in done) == len(cards) > 0
    assert set(cards.values()) == {1}
    told = Counter(row["task_id"] for row in city.rows(t.history, event="card.issued"))
    assert told == cards


def test_workers_share_what_is_due(small_city: City) -> None:
    """A rival takes the first that is left each time we take one: hardly ever the same."""
    left = list(range(100))
    mine, theirs, missed = list[int](), list[int](), list[int]()

    def find(_: Any) -> list[tuple[int, str]]:
        return [(number, str(number)) for number in left]

    def act(_: Any, found: tuple[int, str]) -> bool:
        if left:
            theirs.append(left.pop(0))
        if found[0] not in left:
            missed.append(found[0])
            return False
        left.remove(found[0])
        mine.append(found[0])
        return True

    work = partial(Work, now=small_city.now, actor=SYSTEM, settings=small_city.settings)
    assert scheduler.drain(small_city.engine, work, scheduler.Chore(find, act)) == len(mine)
    assert sorted(mine + theirs) == list(range(100))
    assert len(mine) > 40
    assert len(missed) < 10
