"""Several schedulers at once: each late task is flagged once."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine, func, select

from engine.clock import SystemClock
from engine.service import procedures, projects
from engine.service.work import SYSTEM, Work
from engine.settings import Settings
from engine.store import tables as t
from engine.store.database import open_database, transaction
from tests.e2e.servers import Installation

PROJECTS = 30
LONG_AGO = datetime(2024, 1, 2, 1, tzinfo=UTC)
WAIT = 60


def test_two_schedulers_flag_each_late_task_once(postgresql_url: str, tmp_path: Path) -> None:
    engine = open_database(postgresql_url)
    settings = replace(Settings(), database_url=postgresql_url, data_dir=tmp_path)
    with transaction(engine) as db:
        work = Work(db, LONG_AGO, SYSTEM, settings)
        procedures.deploy(work, procedures.named("industrial-2014", settings))
        for number in range(PROJECTS):
            project = projects.create(work, f"late {number}", "industrial-2014", "Example Ltd")
            projects.start(work, project.id)
    late = due(engine)
    assert late > PROJECTS
    installation = Installation(postgresql_url, tmp_path)
    with installation.process("scheduler"), installation.process("scheduler"):
        await_flags(engine, late)
    with transaction(engine, read_only=True) as db:
        flagged = db.execute(
            select(t.history.c.task_id).where(t.history.c.event == "task.overdue")
        ).scalars()
        times = Counter(flagged)
    engine.dispose()
    # a late receipt is accepted by silence, and the review that opens is late as well
    assert len(times) >= late
    assert set(times.values()) == {1}


def due(engine: Engine) -> int:
    """Return how many tasks have fallen due by now."""
    count = select(func.count()).where(t.task.c.overdue_from <= SystemClock().now())
    with transaction(engine, read_only=True) as db:
        return int(db.execute(count).scalar_one())


def await_flags(engine: Engine, wanted: int) -> None:
    """Wait until as many tasks are flagged."""
    end = SystemClock().now().timestamp() + WAIT
    count = select(func.count()).where(t.task.c.overdue)
    while SystemClock().now().timestamp() < end:
        with transaction(engine, read_only=True) as db:
            if db.execute(count).scalar_one() >= wanted:
                return
    raise AssertionError("the schedulers did not flag every late task")
