"""A service to measure: a new database, procedures deployed, an admin at work."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, Engine

from engine.service import procedures, projects, tasks
from engine.service.views import TaskView
from engine.service.work import Actor, Work
from engine.settings import Settings
from engine.store.database import open_database, transaction, upgrade

NOW = datetime(2014, 9, 1, 1, tzinfo=UTC)
ADMIN = Actor(None, "bench", frozenset({("admin", "")}))


@dataclass(frozen=True)
class Service:
    """The services on one database."""

    engine: Engine
    settings: Settings

    @classmethod
    def open(cls, url: str, folder: Path, synchronous: str = "NORMAL") -> Service:
        """Open a service on an empty database."""
        settings = replace(Settings(), database_url=url, data_dir=folder)
        upgrade(url)
        return cls(open_database(url, synchronous), settings)

    def work(self, db: Connection) -> Work:
        """Return a unit of work of the admin."""
        return Work(db, NOW, ADMIN, self.settings)

    def deploy(self, files: Mapping[str, bytes]) -> str:
        """Deploy a procedure and return its id."""
        with transaction(self.engine) as db:
            return procedures.deploy(self.work(db), files).procedure

    def bundled(self, procedure: str) -> str:
        """Deploy one of the city's own procedures."""
        return self.deploy(procedures.named(procedure, self.settings))

    def started(self, procedure: str) -> int:
        """Return a new project, started."""
        with transaction(self.engine) as db:
            project = projects.create(self.work(db), "bench", procedure, "bench")
            return projects.start(self.work(db), project.id).id

    def open_tasks(self, project: int) -> list[TaskView]:
        """Return a project's open tasks."""
        with transaction(self.engine, read_only=True) as db:
            return tasks.find(self.work(db), project=project, limit=200).items

    def complete(self, task: str) -> None:
        """Complete a task with its plain outcome, durably."""
        with transaction(self.engine) as db:
            tasks.complete(self.work(db), task, None)
