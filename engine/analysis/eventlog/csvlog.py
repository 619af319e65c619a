"""Event logs in CSV: looked at first, then read by a mapping of columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo
from itertools import islice

from engine.analysis.eventlog.csv_dialect import Dialect, Table, reads, sniffed
from engine.analysis.eventlog.csv_mapping import Mapping, guess
from engine.analysis.eventlog.csv_rows import Found
from engine.analysis.eventlog.csv_times import decided, is_blank, reader_of
from engine.analysis.eventlog.csv_write import TRAIT, parts, write
from engine.analysis.eventlog.log import EventLog
from engine.analysis.eventlog.notes import Note, Notes
from engine.analysis.eventlog.refusal import LIMITS, Limits
from engine.analysis.eventlog.source import Source, chunks
from engine.analysis.eventlog.zone import CITY

__all__ = ["Dialect", "Mapping", "Preview", "parts", "preview", "read", "write"]

SHOWN = 20
YEAR = 365.25 * 86_400
#: years since 1970 of times of our days
EARLIEST, LATEST = -80, 130


@dataclass(frozen=True, slots=True)
class Preview:
    """What a file looks like: its columns, its first rows, and which column seems to be what.

    `guess` has '' where nothing fits: it may not yet make a log.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    dialect: Dialect
    guess: Mapping


def preview(content: Source, *, dialect: Dialect | None = None, limits: Limits = LIMITS) -> Preview:
    """Return what a file looks like, read in a dialect or in the one it seems to have.

    Raises InvalidLog for a file without rows, TooLarge.
    """
    plain = b"".join(chunks(content, limits))
    chosen = dialect or sniffed(plain)
    table = Table(plain, chosen, Notes())
    rows = tuple(tuple(row) for _, row in islice(table.rows(), SHOWN))
    return Preview(table.columns, rows, chosen, guessed(table.columns, rows))


def guessed(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> Mapping:
    """Return which column seems to be what: by its name, or where names say nothing by its cells.

    Then the first column of times is the end, the first two others are case and activity.
    """
    found = guess(columns)
    free = [each for each in columns if each not in found.values()]
    dated = [each for each in free if is_dated([row[columns.index(each)] for row in rows])]
    other = [each for each in free if each not in dated]
    if not (found["end"] or found["start"]):
        found["end"] = next(iter(dated), "")
    for field in ("case", "activity"):
        if not found[field] and other:
            found[field] = other.pop(0)
    traits = (each for each in columns if each.startswith(TRAIT) and each not in found.values())
    return Mapping(**found, traits=tuple(traits))


def is_dated(cells: Sequence[str]) -> bool:
    """Tell whether cells are times: dates, or numbers of the size of our days."""
    known = [each for each in cells if not is_blank(each)]
    name = decided(known, Notes())
    reader = reader_of(name, known, Notes())
    try:
        years = [reader(each, CITY)[0] / YEAR for each in known]
    except ValueError:
        return False
    return bool(years) and all(EARLIEST <= each <= LATEST for each in years)


def read(
    content: Source,
    mapping: Mapping,
    timezone: tzinfo = CITY,
    *,
    dialect: Dialect | None = None,
    limits: Limits = LIMITS,
) -> EventLog:
    """Return the log of a CSV file, plain or packed by gzip.

    Times without an offset are of `timezone`. With a lifecycle column rows are paired as in XES;
    else a row is a row, and one without an end stands at its start with its time of work unknown.
    Rows that cannot be used are left out and cells that cannot be read are unknown, with notes
    that name the first by row and column.

    Raises InvalidLog for a mapping that does not fit, for what is no CSV, and where no row can be
    used (`problems` names the first cells by row and column); TooLarge beyond the limits.
    """
    mapping.check()
    plain = b"".join(chunks(content, limits))
    notes = Notes()
    chosen = dialect or sniffed(plain)
    if chosen.encoding == "latin-1":
        notes.say(Note.LATIN)
    if not reads(plain, chosen.encoding):
        notes.say(Note.UNREADABLE)
    found = Found(mapping, notes)
    found.take(Table(plain, chosen, notes), limits)
    return found.log(timezone)
