"""The database: SQLite beside the service, or PostgreSQL; one transaction a request.

On SQLite a transaction begins with BEGIN IMMEDIATE, so that it queues for the write lock
instead of failing half-way; WAL lets readers go on meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

from alembic import command
from alembic.config import Config
from sqlalchemy import URL, Connection, Engine, create_engine, event, func, make_url, select
from sqlalchemy.exc import SQLAlchemyError

from engine.errors import Invalid, LianshenError

MIGRATIONS = Path(__file__).parent / "migrations"
#: the advisory lock of those who change the schema: an arbitrary number, ours in the database
SCHEMA_LOCK = 0x6C69616E
#: by engine, what its writers queue at
WRITERS: WeakKeyDictionary[Engine, Lock] = WeakKeyDictionary()


def open_database(url: str, synchronous: str = "FULL") -> Engine:
    """Return an engine for a database URL; `synchronous` is SQLite's (FULL or NORMAL)."""
    parsed = parsed_url(url)
    if parsed.get_backend_name() == "sqlite":
        return open_sqlite(parsed, synchronous)
    return create_engine(parsed, pool_pre_ping=True, pool_size=10, max_overflow=20)


def parsed_url(url: str) -> URL:
    """Return a database URL, read. Raises Invalid where no such database can be used."""
    try:
        parsed = make_url(url)
        backend = parsed.get_backend_name()
    except SQLAlchemyError as error:
        raise Invalid(f"this is no database URL: {error}", field="database_url") from error
    if backend not in {"sqlite", "postgres", "postgresql"}:
        text = f"{backend} is not supported; use sqlite or postgresql"
        raise Invalid(text, field="database_url")
    if backend == "sqlite" and parsed.database in {None, "", ":memory:"}:
        raise Invalid("name a file: sqlite:///var/lianshen.db", field="database_url")
    if parsed.drivername in {"postgres", "postgresql", "postgresql+psycopg2"}:
        return parsed.set(drivername="postgresql+psycopg")
    return parsed


def open_sqlite(url: URL, synchronous: str) -> Engine:
    """Return an engine for a SQLite file whose folder is made where missing."""
    Path(url.database or "").parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, connect_args={"timeout": 30}, pool_size=20, max_overflow=20)

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _: Any) -> None:
        connection.isolation_level = None
        for pragma in (
            "busy_timeout=30000",
            "journal_mode=WAL",
            f"synchronous={synchronous}",
            "foreign_keys=ON",
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
def transaction(engine: Engine, *, read_only: bool = False) -> Iterator[Connection]:
    """Open a connection and commit at the end, or roll everything back on an error.

    An error that is to be kept (`keep`) is raised after what was written is committed.
    """
    turn = nullcontext() if read_only else writers_turn(engine)
    with turn, engine.connect() as connection:
        connection.execution_options(read_only=read_only)
        kept = None
        with connection.begin():
            try:
                yield connection
            except LianshenError as error:
                if not error.keep:
                    raise
                kept = error
        if kept is not None:
            raise kept


def writers_turn(engine: Engine) -> AbstractContextManager[Any]:
    """Return what lets the writers of this process queue on SQLite.

    Its own waiting is a back-off that starves some of them for hundreds of milliseconds;
    other processes still meet at BEGIN IMMEDIATE.
    """
    if engine.dialect.name != "sqlite":
        return nullcontext()
    return WRITERS.setdefault(engine, Lock())


def one_at_a_time(connection: Connection) -> None:
    """Wait until nobody else changes the schema; on SQLite the transaction has begun so."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(SCHEMA_LOCK)))


def writers_wait(connection: Connection) -> None:
    """Keep everybody else from changing a project until this transaction ends.

    Whoever waits for it then sees what it wrote: on PostgreSQL a statement looks at the database
    as it is once its table's lock is taken. On SQLite the transaction has begun so.
    """
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("LOCK TABLE project IN SHARE ROW EXCLUSIVE MODE")


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
            one_at_a_time(connection)
            config.attributes["connection"] = connection
            getattr(command, verb)(config, revision)
    finally:
        engine.dispose()
