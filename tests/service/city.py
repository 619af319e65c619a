"""A city to test with: the services on a database, a clock that is moved, people who act."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest
from sqlalchemy import Connection, Engine, event, insert, select

from engine.rules import china
from engine.service import procedures, projects, tasks
from engine.service.views import ItemView, ProjectView, TaskView
from engine.service.work import Actor, Work
from engine.settings import Settings
from engine.store import tables as t
from engine.store.database import open_database, transaction

T = TypeVar("T")

ADMIN = Actor(None, "root", frozenset({("admin", "")}))
CALENDAR_ASKED = "SELECT (SELECT max(calendar_revision.id)"
#: what an answer says that needs reasons (行政许可法 art. 32 and 38)
REASONS: Mapping[str, Mapping[str, Any]] = {
    "supplement": {"materials": ["图纸"]},
    "not_accept": {"reason": "不需要许可", "legal_basis": "行政许可法第三十二条"},
    "out_of_scope": {"reason": "不属职权范围", "authority": "省发改委"},
    "return": {"reason": "图纸不符"},
    "refuse": {"reason": "不符合条件", "legal_basis": "城乡规划法第四十条"},
}
PROCEDURES = ("industrial-2013", "industrial-2014", "real-estate-2013", "real-estate-2014")


def said(outcome: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """An answer with the reasons its outcome needs, where the test gives none."""
    return {**REASONS.get(outcome, {}), **data}


class City:
    """The services, and the time; it begins on Monday 1 September 2014, nine in the morning."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url = url
        self.settings = replace(Settings(), database_url=url, data_dir=folder)
        self.engine: Engine = open_database(url, "NORMAL")
        self.now = datetime(2014, 9, 1, 9, tzinfo=self.settings.zone).astimezone(UTC)
        self.calendar = china.calendar()

    def decides(self, folder: Path, text: str) -> None:
        """Let the city decide otherwise: `text` is its city.yaml, all else stays as it is."""
        folder.mkdir()
        for each in self.settings.bpmn_dir.iterdir():
            if each.name != "city.yaml":
                (folder / each.name).symlink_to(each)
        (folder / "city.yaml").write_text(text)
        self.settings = replace(self.settings, bpmn_dir=folder)

    @property
    def today(self) -> date:
        """The date in the city."""
        return self.now.astimezone(self.settings.zone).date()

    def wait(self, days: int = 1) -> None:
        """Let days pass, rest days included."""
        self.now += timedelta(days=days)

    def wait_working(self, days: int = 1) -> None:
        """Let working days pass."""
        self.now += self.calendar.add(self.today, days) - self.today

    @contextmanager
    def work(self, actor: Actor = ADMIN, *, read_only: bool = False) -> Iterator[Work]:
        """One unit of work in a transaction of its own."""
        with transaction(self.engine, read_only=read_only) as db:
            yield Work(db, self.now, actor, self.settings)

    def do(self, verb: Callable[..., T], *args: Any, by: Actor = ADMIN, **named: Any) -> T:
        """Run a use case and commit."""
        with self.work(by) as work:
            return verb(work, *args, **named)

    def see(self, verb: Callable[..., T], *args: Any, by: Actor = ADMIN, **named: Any) -> T:
        """Run a query."""
        with self.work(by, read_only=True) as work:
            return verb(work, *args, **named)

    def deploy(self, procedure: str | Mapping[str, bytes]) -> str:
        """Deploy one of the city's procedures, or these files, and return its id."""
        files = procedure
        if isinstance(files, str):
            files = procedures.named(files, self.settings)
        return self.do(procedures.deploy, files).procedure

    def start(self, procedure: str, by: Actor = ADMIN) -> int:
        """Open a project and start it."""
        project = self.do(projects.create, "A workshop", procedure, "ACME", by=by)
        return self.do(projects.start, project.id, by=by).id

    def project(self, identifier: int) -> ProjectView:
        """A project as it is now."""
        return self.see(projects.get, identifier)

    def item(self, project: int, item: str) -> ItemView:
        """One of its activities."""
        return next(each for each in self.project(project).items if each.id == item)

    def open_tasks(self, project: int, **wanted: Any) -> list[TaskView]:
        """A project's open tasks."""
        return self.see(tasks.find, project=project, limit=500, **wanted).items

    def task(self, project: int, item: str, element: str = "") -> TaskView:
        """The one open task of an item."""
        found = [
            each
            for each in self.open_tasks(project, item=item)
            if each.element == element or not element
        ]
        assert len(found) == 1, f"{item} {element}: {[each.element for each in found]}"
        return found[0]

    def answer(
        self,
        project: int,
        item: str,
        *outcomes: str,
        by: Actor = ADMIN,
        data: Mapping[str, Any] | None = None,
    ) -> None:
        """Complete an item's tasks one after the other with these outcomes."""
        for outcome in outcomes:
            given = said(outcome, data or {})
            self.do(tasks.complete, self.task(project, item).id, outcome, given, by=by)

    def decide(self, project: int, item: str, outcome: str = "approve") -> None:
        """Take an item from its receipt to its decision."""
        self.answer(project, item, "accept", "done", outcome)

    def user(self, name: str, *roles: tuple[str, str], shown: str = "") -> Actor:
        """Add a user with (role, department)s."""
        with self.work() as work:
            row = {"name": name, "display_name": shown, "created_at": self.now}
            statement = insert(t.user).values(row).returning(t.user.c.id)
            key = work.db.execute(statement).scalar_one()
            for role, department in roles:
                values = {"user_id": key, "role": role, "department": department}
                work.db.execute(insert(t.user_role).values(values))
        return Actor(key, name, frozenset(roles))

    def rows(self, table: Any, **equal: Any) -> list[dict[str, Any]]:
        """Rows of a table."""
        query = select(table).where(*(table.c[name] == value for name, value in equal.items()))
        with self.work(read_only=True) as work:
            return [dict(row) for row in work.db.execute(query).mappings()]

    def events(self, project: int) -> list[str]:
        """What the history of a project says, in order."""
        found = self.see(projects.history, project, limit=10_000).items
        return [f"{each.item}: {each.event}" if each.item else each.event for each in found]


@contextmanager
def counted(engine: Engine) -> Iterator[list[str]]:
    """Every statement that reaches the database, BEGIN included.

    Left out is the question for the calendar in force: behind a login it is part of the lookup of
    whoever acts, which these tests do without.
    """
    statements: list[str] = []

    def note(_: Connection, __: Any, statement: str, *___: Any) -> None:
        if not statement.startswith(CALENDAR_ASKED):
            statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)


@pytest.fixture
def city(database_url: str, tmp_path: Path) -> Iterator[City]:
    """A city on SQLite and on PostgreSQL in turn."""
    found = City(database_url, tmp_path / "data")
    yield found
    found.engine.dispose()


@pytest.fixture
def small_city(sqlite_url: str, tmp_path: Path) -> Iterator[City]:
    """A city on SQLite: for what does not depend on the database."""
    found = City(sqlite_url, tmp_path / "data")
    yield found
    found.engine.dispose()


@pytest.fixture
def busy_city(postgresql_url: str, tmp_path: Path) -> Iterator[City]:
    """A city on PostgreSQL: for what several processes do at once."""
    found = City(postgresql_url, tmp_path / "data")
    yield found
    found.engine.dispose()
