"""What came of runs in a few figures, for lists: read together, unpacked once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select

from engine.service.scenarios.kept import Kept
from engine.service.simulations import frozen, rows
from engine.service.work import Work
from engine.store import tables as t

Row = Mapping[str, Any]
#: runs never change once they are done
_FIGURES: Kept[Row] = Kept()
FIGURES = ("mean", "p50", "p90")
#: where no case came to construction start
UNKNOWN = {"value": None, "low": None, "high": None}


def find(work: Work, identifiers: Iterable[int]) -> dict[int, Row]:
    """Return the chances and counted days of runs by id; those without a result are left out.

    Each has `promise` and `window` as the result has them, and `counted`: the estimates of the
    mean, P50 and P90.
    """
    work.actor.require(*rows.READERS)
    c = t.simulation.c
    asked = select(c.id, c.digest).where(c.id.in_(list(identifiers)), c.result.is_not(None))
    keys = {row.id: (row.id, row.digest) for row in work.db.execute(asked)}
    known = {each: _FIGURES.get(key) for each, key in keys.items()}
    missing = [each for each, found in known.items() if found is None]
    told = {each: _FIGURES.keep(keys[each], row) for each, row in read(work, missing).items()}
    found = {each: row for each, row in known.items() if row is not None}
    return {**found, **told}


def read(work: Work, identifiers: list[int]) -> dict[int, Row]:
    """Return the same of results that are unpacked now."""
    if not identifiers:
        return {}
    c = t.simulation.c
    query = select(c.id, c.result).where(c.id.in_(identifiers))
    return {row.id: headline(frozen.unpacked_data(row.result)) for row in work.db.execute(query)}


def headline(result: Row) -> Row:
    """Return the few figures of a result."""
    counted = result["measures"]["counted"]
    return {
        "promise": result["promise"],
        "window": result["window"],
        "counted": {each: counted[each] if counted else UNKNOWN for each in FIGURES},
    }


def project_names(work: Work, identifiers: Iterable[str]) -> dict[str, str]:
    """Return the names of projects by id, as results hold them; those removed are left out."""
    work.actor.require(*rows.READERS)
    wanted = [int(each) for each in identifiers if each.isdecimal()]
    query = select(t.project.c.id, t.project.c.name).where(t.project.c.id.in_(wanted))
    return {str(row.id): row.name for row in work.db.execute(query)}
