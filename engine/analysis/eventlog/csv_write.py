"""Event logs as CSV, a million rows in a second."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import tzinfo

from engine.analysis.eventlog.gather import Pieces, Writer, slices
from engine.analysis.eventlog.log import EventLog
from engine.analysis.eventlog.wall import Unit, Wall
from engine.analysis.eventlog.zone import CITY

COLUMNS = ("case", "activity", "resource", "group", "ready", "start", "end")
#: columns of the cases' own attributes begin like this
TRAIT = "case:"
#: the mark by which Excel knows UTF-8
MARK = b"\xef\xbb\xbf"
#: what a spreadsheet takes for a formula, and what was written in front of it before
FORMULA = re.compile(r"'*[=+\-@]")
SPECIAL = re.compile(r'[,"\r\n]|^\s|\s$')


def write(log: EventLog, *, timezone: tzinfo = CITY, unit: Unit | None = None) -> bytes:
    """Return a log as CSV: what `parts` yields, in one."""
    return b"".join(parts(log, timezone=timezone, unit=unit))


def parts(log: EventLog, *, timezone: tzinfo = CITY, unit: Unit | None = None) -> Iterator[bytes]:
    """Yield a log as CSV in UTF-8, heading first, 32,768 rows at a time.

    Columns are `COLUMNS` and the cases' attributes; times are ISO 8601 with the offset of
    `timezone`, in the coarsest unit that loses nothing unless one is named. Names that a
    spreadsheet would run as a formula have a ' in front, which `csvlog.read` takes off.
    """
    times = (log.ready, log.start, log.end)
    wall = Wall.of(times, timezone, unit)
    names = (log.cases, log.activities, log.resources, log.groups)
    traits = [f",{cells(each)}\r\n" for each in zip(*log.traits.values(), strict=True)]
    tables = [Pieces.of([f"{cell(each)}," for each in column], ",") for column in names]
    tables += wall.tables(",", ",") + wall.tables(",", ",") + wall.tables("", "")
    tables += [Pieces.of(traits, "\r\n")]
    writer = Writer(tables)
    yield MARK + f"{cells([*COLUMNS, *(f'{TRAIT}{each}' for each in log.traits)])}\r\n".encode()
    for rows in slices(len(log)):
        case = log.case[rows]
        named = [case, log.activity[rows], log.resource[rows], log.group[rows]]
        dated = [place for column in times for place in wall.places(column[rows])]
        own = case if traits else case * 0 - 1
        yield writer.rows([*named, *dated, own])


def cells(texts: Iterable[str]) -> str:
    """Return a row of cells."""
    return ",".join(map(cell, texts))


def cell(text: str) -> str:
    """Return a name as a cell."""
    plain = f"'{text}" if FORMULA.match(text) else text
    return '"{}"'.format(plain.replace('"', '""')) if SPECIAL.search(plain) else plain
