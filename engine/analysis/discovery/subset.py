"""A part of a log."""

from __future__ import annotations

from dataclasses import replace

from engine.analysis.discovery.families import Array
from engine.analysis.eventlog.log import EventLog

COLUMNS = ("case", "activity", "resource", "group", "ready", "start", "end")


def part(log: EventLog, rows: Array) -> EventLog:
    """Return the chosen rows (a mask) of a log; names stay, also of what has no row any more."""
    if rows.all():
        return log
    return replace(log, **{name: getattr(log, name)[rows] for name in COLUMNS})
