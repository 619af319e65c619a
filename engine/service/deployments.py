"""Deployed procedures, parsed once per process and kept: a version never changes."""

from __future__ import annotations

from collections.abc import Mapping
from threading import Lock

from sqlalchemy import Connection, func, select

from engine.errors import NotFound
from engine.store import tables as t
from engine.workflow.deployment import Deployment, load

#: by database and version
_PARSED: dict[tuple[str, int], Deployment] = {}
_LOCK = Lock()


def deployment(db: Connection, version_id: int) -> Deployment:
    """Return a deployed version, ready to run. Raises NotFound."""
    key = (str(db.engine.url), version_id)
    found = _PARSED.get(key)
    if found is None:
        with _LOCK:
            found = _PARSED.get(key)
            if found is None:
                found = _PARSED[key] = load(files(db, version_id))
    return found


def newest(db: Connection) -> list[Deployment]:
    """Return the newest version of every procedure, by the procedures' ids."""
    version = t.procedure_version.c
    query = select(func.max(version.id)).group_by(version.procedure).order_by(version.procedure)
    return [deployment(db, identifier) for identifier in db.execute(query).scalars().all()]


def forget(db: Connection, version_id: int) -> None:
    """Drop what is kept of a version: its number was given before, to one rolled back."""
    with _LOCK:
        _PARSED.pop((str(db.engine.url), version_id), None)


def files(db: Connection, version_id: int) -> Mapping[str, bytes]:
    """Return the files of a version by name. Raises NotFound."""
    query = select(t.procedure_file.c.name, t.procedure_file.c.content).where(
        t.procedure_file.c.version_id == version_id
    )
    found = {row.name: row.content for row in db.execute(query)}
    if not found:
        raise NotFound(f"there is no procedure version {version_id}")
    return found
