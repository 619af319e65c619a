"""The database: SQLite beside the service, or PostgreSQL; one transaction a request.

On SQLite a transaction begins with BEGIN IMMEDIATE, so that it queues for the write lock
instead of failing half-way; WAL lets readers go on meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url

MIGRATIONS = Path(__file__).parent / "migrations"


def open_database(url: str, synchronous: str = "FULL") -> Engine:
    """Return an engine for a database URL; `synchronous` is SQLite's (FULL or NORMAL)."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return open_sqlite(url, synchronous)
    if parsed.drivername == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
    return create_engine(parsed, pool_pre_ping=True, pool_size=10, max_overflow=20)


def open_sqlite(url: str, synchronous: str) -> Engine:
    """Return an engine for a SQLite file whose folder is made where missing."""
    database = make_url(url).database
    if database:
        Path(database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, connect_args={"timeout": 30}, pool_size=20, max_overflow=20)

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _: Any) -> None:
        connection.isolation_level = None
        for pragma in (
            "journal_mode=WAL",
            f"synchronous={synchronous}",
            "foreign_keys=ON",
            "busy_timeout=30000",
            "cache_size=-65536",
            "temp_store=MEMORY",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        reading = connection.get_execution_options().get("read_only", False)
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")

    return engine


@contextmanager
def transaction(engine: Engine, read_only: bool = False) -> Iterator[Connection]:
    """Open a connection and commit at the end, or roll everything back on an error."""
    with engine.connect() as connection:
        connection = connection.execution_options(read_only=read_only)
        with connection.begin():
            yield connection


def upgrade(url: str) -> None:
    """Bring the schema of a database to the present version."""
    migrate(url, "upgrade", "head")


def migrate(url: str, verb: str, revision: str) -> None:
    """Run an Alembic command (`upgrade`, `downgrade`) to a revision."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    engine = open_database(url)
    try:
        with engine.connect() as connection, connection.begin():
            config.attributes["connection"] = connection
            getattr(command, verb)(config, revision)
    finally:
        engine.dispose()
