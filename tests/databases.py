"""Databases for tests: SQLite and PostgreSQL, each test its own, all with the present schema.

    def test_something(database_url): ...        # runs twice: on SQLite and on PostgreSQL
    def test_only_there(postgresql_url): ...     # or sqlite_url: on one of them
    def test_migration(empty_database_url): ...  # twice, without a schema

The schema is built once a process and cloned: a file copied, `CREATE DATABASE ... TEMPLATE`.
`LIANSHEN_TEST_POSTGRES_URL` names a server to use; without it the run starts one of its own.
Where none starts, tests on PostgreSQL fail under `CI` and are skipped elsewhere.
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import URL, make_url

from tests import postgres

NAMED = "LIANSHEN_TEST_POSTGRES_URL"
# How the process that spreads the tests tells its workers of the server it started for all.
STARTED = "LIANSHEN_TEST_POSTGRES_STARTED"
REFUSED = "LIANSHEN_TEST_POSTGRES_REFUSED"
SERVER = pytest.StashKey[postgres.Server]()

KINDS = [
    pytest.param("sqlite", marks=pytest.mark.sqlite),
    pytest.param("postgresql", marks=pytest.mark.postgresql),
]


class PostgresDatabases:
    """Databases on one server, named so that no other process has the same."""

    def __init__(self, server: URL, *, own: bool) -> None:
        self._server = server
        self._prefix = f"lianshen_test_{secrets.token_hex(4)}_"
        # Three times as fast in memory, but it writes a checkpoint: nothing for a shared server.
        self._strategy = sql.SQL("STRATEGY FILE_COPY" if own else "")
        plain = server.set(drivername="postgresql").render_as_string(hide_password=False)
        self._admin = psycopg.connect(plain, autocommit=True)
        self._numbers = count()

    def create(self, template: str = "template0") -> URL:
        """Make a database, as a copy of `template`."""
        name = f"{self._prefix}{next(self._numbers)}"
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {} {}").format(
            sql.Identifier(name), sql.Identifier(template), self._strategy
        )
        self._admin.execute(statement)
        return self._server.set(drivername="postgresql+psycopg", database=name)

    def drop(self, database: URL) -> None:
        """Remove a database, even one that a test left open."""
        name = sql.Identifier(database.database or "")
        self._admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))

    def close(self) -> None:
        self._admin.close()


def pytest_configure(config: pytest.Config) -> None:
    """Start one server for all workers, before they are."""
    spreads = config.getoption("numprocesses", 0) and not hasattr(config, "workerinput")
    if not spreads or NAMED in os.environ:
        return
    try:
        server = config.stash[SERVER] = postgres.start()
    except postgres.CannotStart as refusal:
        os.environ[REFUSED] = str(refusal)
    else:
        os.environ[STARTED] = server.url


def pytest_unconfigure(config: pytest.Config) -> None:
    if server := config.stash.get(SERVER, None):
        server.stop()


@pytest.fixture(scope="session")
def postgres_databases() -> Iterator[PostgresDatabases]:
    """The server of this run: the one that is named, the one started for all, or our own."""
    named = os.environ.get(NAMED)
    if url := named or os.environ.get(STARTED):
        yield from _databases(url, own=not named)
        return
    server = _start()
    yield from _databases(server.url, own=True)
    server.stop()


def _databases(url: str, *, own: bool) -> Iterator[PostgresDatabases]:
    databases = PostgresDatabases(make_url(url), own=own)
    yield databases
    databases.close()


def _start() -> postgres.Server:
    try:
        if refusal := os.environ.get(REFUSED):
            raise postgres.CannotStart(refusal)
        return postgres.start()
    except postgres.CannotStart as refusal:
        answer = pytest.fail if os.environ.get("CI") else pytest.skip
        answer(f"PostgreSQL does not start here: {refusal}")


@pytest.fixture(scope="session")
def postgresql_template(postgres_databases: PostgresDatabases) -> Iterator[str]:
    """The name of a database with the present schema, to be copied."""
    url = postgres_databases.create()
    _upgrade(url)
    yield url.database or ""
    postgres_databases.drop(url)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with the present schema, to be copied."""
    file = tmp_path_factory.mktemp("template") / "lianshen.db"
    _upgrade(_sqlite_url(file))
    return file


@pytest.fixture
def postgresql_url(
    postgres_databases: PostgresDatabases, postgresql_template: str
) -> Iterator[str]:
    """A new PostgreSQL database with the present schema."""
    url = postgres_databases.create(postgresql_template)
    yield _text(url)
    postgres_databases.drop(url)


@pytest.fixture
def sqlite_url(tmp_path: Path, sqlite_template: Path) -> str:
    """A new SQLite file with the present schema."""
    file = tmp_path / "lianshen.db"
    shutil.copy(sqlite_template, file)
    return _text(_sqlite_url(file))


@pytest.fixture
def empty_postgresql_url(postgres_databases: PostgresDatabases) -> Iterator[str]:
    """A new PostgreSQL database without a schema."""
    url = postgres_databases.create()
    yield _text(url)
    postgres_databases.drop(url)


@pytest.fixture
def empty_sqlite_url(tmp_path: Path) -> str:
    """A SQLite file that is yet to be made."""
    return _text(_sqlite_url(tmp_path / "empty.db"))


@pytest.fixture(params=KINDS)
def database_url(request: pytest.FixtureRequest) -> str:
    """A new database with the present schema, on SQLite and on PostgreSQL in turn."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture(params=KINDS)
def empty_database_url(request: pytest.FixtureRequest) -> str:
    """A new database without a schema, on SQLite and on PostgreSQL in turn."""
    url: str = request.getfixturevalue(f"empty_{request.param}_url")
    return url


def _upgrade(url: URL) -> None:
    from engine.store.database import upgrade

    upgrade(_text(url))


def _sqlite_url(file: Path) -> URL:
    return URL.create("sqlite", database=str(file))


def _text(url: URL) -> str:
    return url.render_as_string(hide_password=False)
