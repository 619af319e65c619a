"""A database with the demonstration, loaded once a run and shared by its processes."""

from __future__ import annotations

import fcntl
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from api.demonstration.city import Demonstration
from engine.service.work import SYSTEM, Actor, Work
from engine.settings import Settings
from engine.store.database import open_database, transaction

PASSWORD = "the demonstration's"
#: a Wednesday before the offices open
MORNING = datetime.fromisoformat("2026-11-25T08:00+08:00")


@dataclass(frozen=True)
class City:
    """A loaded demonstration."""

    url: str
    settings: Settings
    now: datetime
    result: dict[str, Any]
    engine: Engine

    @contextmanager
    def work(self, actor: Actor = SYSTEM) -> Iterator[Work]:
        with transaction(self.engine, read_only=True) as db:
            yield Work(db, self.now, actor, self.settings)

    def rows(self, statement: str) -> list[Any]:
        with self.work() as work:
            return list(work.db.exec_driver_sql(statement))


@contextmanager
def city(url: str, folder: Path, now: datetime = MORNING, *, load: bool = True) -> Iterator[City]:
    """Load the demonstration into a database, or open one that holds it."""
    settings = replace(Settings(), database_url=url, data_dir=folder)
    engine = open_database(url, "NORMAL")
    result = Demonstration(engine, settings, now).load(PASSWORD) if load else {}
    yield City(url, settings, now, result, engine)
    engine.dispose()


def once(folder: Path, template: Path) -> Path:
    """Return the folder of the one demonstration of this run; the first to ask loads it."""
    folder.mkdir(parents=True, exist_ok=True)
    done = folder / "done"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            shutil.copy(template, folder / "lianshen.db")
            with city(f"sqlite:///{folder / 'lianshen.db'}", folder):
                done.touch()
            settle(folder / "lianshen.db")
    return folder


def settle(file: Path) -> None:
    """Have everything in the one file, so that it can be copied."""
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
