"""Whether the service is well: what probes and dashboards ask."""

from __future__ import annotations

from functools import cache

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, exc, func, select, text

from engine.errors import Invalid, LianshenError, Unavailable
from engine.store import tables as t
from engine.store.database import MIGRATIONS

OK = "ok"


def translated(error: Exception) -> LianshenError | None:
    """Return what a failure of the database means to whoever asked; None for any other failure.

    Out of reach, locked too long, out of connections or a deadlock: all may work when tried
    again. The cause is the error's `__cause__`.
    """
    if isinstance(error, exc.OperationalError | exc.InterfaceError | exc.TimeoutError):
        found: LianshenError = Unavailable("the database does not answer")
    elif isinstance(error, exc.ArgumentError):
        found = Invalid(f"LIANSHEN_DATABASE_URL: {error}", field="database_url")
    else:
        return None
    found.__cause__ = error
    return found


def checks(db: Connection) -> dict[str, str]:
    """Return what is well (`ok`) or not, by part: the database, and its schema's version."""
    db.execute(text("SELECT 1"))
    present = MigrationContext.configure(db).get_current_heads()
    schema = OK if set(present) == newest() else "run `lianshen db upgrade`"
    return {"database": OK, "schema": schema}


@cache
def newest() -> frozenset[str]:
    """Return the newest revision of the schema."""
    script = ScriptDirectory(str(MIGRATIONS))
    return frozenset(script.get_heads())


def open_tasks(db: Connection) -> tuple[int, int]:
    """Return how many tasks are open, and how many of them are late: one read of an index."""
    task = t.task.c
    late = func.count().filter(task.overdue)
    return tuple(db.execute(select(func.count(), late).where(task.state == "open")).one())  # type: ignore[return-value]
