"""Who plays a run: claimed in one short statement, kept by a heartbeat, given up or ended.

A run whose worker has not been heard of for `STALE` may be claimed by another: it begins anew and
comes to the same; after `MOST` workers were lost over it, it has failed. Whatever a worker writes
it writes only while the claim is still its own.
`alive_at` is the machine's time, not the city's: that may be frozen, or moved by years.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.metadata import version
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select, update

from engine.rules.simulation import State
from engine.service import access
from engine.service.simulations import rows
from engine.service.work import Work
from engine.store import tables as t

STALE = timedelta(seconds=60)
#: so many workers may be lost over one run
MOST = 3
LOST = (
    f"It was begun {MOST} times, and each time what played it came to an end: perhaps there was "
    "not enough memory. Play fewer cases, or more replications of the same cases."
)


@dataclass(frozen=True, slots=True)
class Claimed:
    """A run that a worker has. `claim` is the worker's secret name for that."""

    id: int
    claim: str
    #: as it is kept, see `frozen`
    model: bytes
    plan: Mapping[str, Any]
    sensitivity: bool


def free(alive_at: datetime) -> ColumnElement[bool]:
    """Return the condition of runs that may be claimed."""
    table = t.simulation.c
    left = (table.state == State.RUNNING) & (table.heartbeat_at < alive_at - STALE)
    return or_(table.state == State.QUEUED, left)


def waiting(work: Work, alive_at: datetime) -> int | None:
    """Return the run that has waited longest; None where none waits."""
    query = select(func.min(t.simulation.c.id)).where(free(alive_at))
    found: int | None = work.db.execute(query).scalar_one()
    return found


def claim(work: Work, identifier: int, name: str, alive_at: datetime) -> Claimed | None:
    """Take a run; None where somebody else was faster, or where it has failed too often."""
    table = t.simulation
    statement = (
        update(table)
        .where(table.c.id == identifier, free(alive_at))
        .values(
            state=State.RUNNING,
            claim=name,
            heartbeat_at=alive_at,
            started_at=work.now,
            done=0,
            claims=table.c.claims + 1,
            engine=version("lianshen"),
        )
        .returning(table.c.claims, table.c.model, table.c.plan, table.c.sensitivity)
    )
    row = access.only(work, statement)
    if row is None:
        return None
    times, *rest = (row[each] for each in ("claims", "model", "plan", "sensitivity"))
    run = Claimed(identifier, name, *rest)
    if times <= MOST:
        return run
    fail(work, run, LOST)
    return None


def beat(work: Work, run: Claimed, done: int, of: int, alive_at: datetime) -> bool:
    """Say how far a run is, if anything is known of that (`of`).

    False where it is the worker's no more: cancelled, or claimed by another.
    """
    told = {"done": done, "of": of} if of else {}
    return write(work, run, heartbeat_at=alive_at, **told)


def holds(work: Work, run: Claimed) -> bool:
    """Tell whether a run is still the worker's."""
    table = t.simulation.c
    query = select(table.id).where(table.id == run.id, mine(run))
    return work.db.execute(query).first() is not None


def finish(work: Work, run: Claimed, result: bytes) -> bool:
    """Keep the result of a run."""
    ended = {"state": State.DONE, "done": t.simulation.c["of"], "finished_at": work.now}
    kept = write(work, run, result=result, claim="", **ended)
    if kept:
        rows.record(work, run.id, "done")
    return kept


def fail(work: Work, run: Claimed, error: str) -> bool:
    """Note why a run could not be played."""
    ended = {"state": State.FAILED, "error": error, "finished_at": work.now}
    kept = write(work, run, claim="", **ended)
    if kept:
        rows.record(work, run.id, "failed", error=error)
    return kept


def give_back(work: Work, run: Claimed) -> bool:
    """Queue a run again: its worker is being stopped."""
    less = t.simulation.c.claims - 1
    freed = {"claim": "", "claims": less, "heartbeat_at": None, "started_at": None}
    return write(work, run, state=State.QUEUED, **freed)


def mine(run: Claimed) -> ColumnElement[bool]:
    """Return the condition that a run is still the worker's."""
    return (t.simulation.c.state == State.RUNNING) & (t.simulation.c.claim == run.claim)


def write(work: Work, run: Claimed, **values: Any) -> bool:
    """Change columns of a run that is still the worker's; False where it is not."""
    statement = update(t.simulation).where(t.simulation.c.id == run.id, mine(run)).values(values)
    return bool(work.db.execute(statement).rowcount)
