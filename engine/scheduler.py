"""The worker: it flags late tasks and fires timers that fell due.

APScheduler only ticks; what is due is read from the database, so a missed tick costs
nothing. Several workers may run at once: each case is taken under its project's lock in a
transaction of its own, and looked at again there.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from datetime import datetime

import structlog
from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy import Engine, select

from engine.clock import Clock
from engine.service import overdue, timers
from engine.service.work import SYSTEM, Work
from engine.settings import Settings
from engine.store import tables as t
from engine.store.database import transaction

BATCH = 500

log = structlog.get_logger()


def sweep(engine: Engine, now: datetime, settings: Settings) -> dict[str, int]:
    """Act on everything that is due at `now`; return how many of each were acted on."""
    return {
        "timers": drain(engine, now, settings, due_timers, fire),
        "overdue": drain(engine, now, settings, late_tasks, flag),
    }


Found = tuple[int, str]


def drain(
    engine: Engine,
    now: datetime,
    settings: Settings,
    find: Callable[[Work], Iterable[Found]],
    act: Callable[[Work, Found], bool],
) -> int:
    """Act on what is found until nothing new is; each in its own transaction."""
    acted, seen = 0, set[Found]()
    while True:
        with transaction(engine, read_only=True) as db:
            found = [each for each in find(Work(db, now, SYSTEM, settings)) if each not in seen]
        if not found:
            return acted
        for each in found:
            seen.add(each)
            with transaction(engine) as db:
                acted += act(Work(db, now, SYSTEM, settings), each)


def due_timers(work: Work) -> list[Found]:
    """Return the timers that have fallen due."""
    table = t.timer.c
    query = (
        select(table.project_id, table.id)
        .join(t.project, t.project.c.id == table.project_id)
        .where(table.state == "open", table.due_at <= work.now, t.project.c.state == "running")
        .order_by(table.due_at)
        .limit(BATCH)
    )
    return [(project, identifier) for project, identifier in work.db.execute(query)]


def late_tasks(work: Work) -> list[Found]:
    """Return the tasks that have become overdue."""
    return [(row["project_id"], row["id"]) for row in overdue.late(work, BATCH)]


def fire(work: Work, found: Found) -> bool:
    """Fire one timer."""
    return timers.fire(work, *found)


def flag(work: Work, found: Found) -> bool:
    """Flag one task."""
    return overdue.flag(work, found[1])


class Scheduler:
    """Sweeps every so often in the background."""

    def __init__(self, engine: Engine, clock: Clock, settings: Settings) -> None:
        self.engine = engine
        self.clock = clock
        self.settings = settings
        self.ticker = BackgroundScheduler(timezone="UTC")

    def start(self) -> None:
        """Begin: the first sweep at once."""
        self.ticker.add_job(
            self.tick,
            "interval",
            seconds=self.settings.sweep_seconds,
            next_run_time=self.clock.now(),
            max_instances=1,
            coalesce=True,
            misfire_grace_time=None,
        )
        self.ticker.start()

    def stop(self) -> None:
        """End, when the sweep under way is done."""
        self.ticker.shutdown(wait=True)

    def tick(self) -> None:
        """Sweep once; what fails is logged and met again by the next tick."""
        try:
            done = sweep(self.engine, self.clock.now(), self.settings)
        except Exception:
            log.exception("sweep_failed")
            return
        if any(done.values()):
            log.info("swept", **done)


def run(engine: Engine, clock: Clock, settings: Settings, stop: threading.Event) -> None:
    """Sweep until `stop` is set: the `scheduler` command."""
    scheduler = Scheduler(engine, clock, settings)
    scheduler.start()
    stop.wait()
    scheduler.stop()
