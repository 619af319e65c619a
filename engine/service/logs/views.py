"""What event logs answer: plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import Any

import numpy as np

from engine.analysis.eventlog.log import EventLog, Times
from engine.service.logs.notes import STOPPED


@dataclass(frozen=True, slots=True)
class LogView:
    """An event log. `events`, `cases`, `activities` and `resources` are counts.

    `own`: it was taken of the city's own history, not of a file.

    `one_timestamp`: no event says when work began, so waiting and work cannot be told apart.
    `notes` are what was mended or left out on the way in. `mapping` tells which column of a CSV
    file is what; empty for XES and for the city's own history. `procedure` is the one it was
    calibrated on, '' for none; `calibrated` tells whether that was done.
    """

    id: int
    name: str
    source_name: str
    own: bool
    events: int
    cases: int
    activities: int
    resources: int
    first_at: datetime | None
    last_at: datetime | None
    one_timestamp: bool
    notes: list[str]
    mapping: dict[str, Any]
    procedure: str
    calibrated: bool
    created_at: datetime
    created_by: str


def summary_of(log: EventLog) -> dict[str, Any]:
    """Return what a log holds, in figures, as it is kept: instants in ISO 8601."""
    times = np.concatenate([log.ready, log.start, log.end])
    return {
        "events": len(log),
        "cases": len(log.cases),
        "activities": len(log.activities),
        "resources": len(log.resources),
        "first_at": instant(times, np.min),
        "last_at": instant(times, np.max),
        "one_timestamp": not log.has_starts,
    }


def instant(times: Times, which: Any) -> str | None:
    """Return the first or the last of some instants; None without any."""
    known = times[np.isfinite(times)]
    return datetime.fromtimestamp(float(which(known)), UTC).isoformat() if len(known) else None


def view_of(row: Mapping[str, Any]) -> LogView:
    """Return a row as it is shown."""
    told = {**row, **row["summary"], "calibrated": bool(row["calibrated"])}
    # what is kept since notes alone told has them still
    told["own"] = row["summary"].get("own", STOPPED in row["notes"])
    told |= {name: at(told[name]) for name in ("first_at", "last_at")}
    return LogView(**{each.name: told[each.name] for each in fields(LogView)})


def at(text: str | None) -> datetime | None:
    """Return an instant as it is kept."""
    return None if text is None else datetime.fromisoformat(text)
