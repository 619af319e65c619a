"""Event logs as XES (IEEE 1849-2016): assign, start and complete of each row, in order of time."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from datetime import tzinfo
from xml.sax.saxutils import quoteattr

import numpy as np
import numpy.typing as npt

from engine.analysis.eventlog.gather import Pieces, Writer, slices
from engine.analysis.eventlog.log import EventLog, Times
from engine.analysis.eventlog.names import CONTROL
from engine.analysis.eventlog.wall import Unit, Wall
from engine.analysis.eventlog.zone import CITY

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1849-2016" xes.features="" xmlns="http://www.xes-standard.org/">
<extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
<extension name="Lifecycle" prefix="lifecycle" uri="http://www.xes-standard.org/lifecycle.xesext"/>
<extension name="Time" prefix="time" uri="http://www.xes-standard.org/time.xesext"/>
<extension name="Organizational" prefix="org" uri="http://www.xes-standard.org/org.xesext"/>
<global scope="trace">
<string key="concept:name" value="UNKNOWN"/>
</global>
<global scope="event">
<string key="concept:name" value="UNKNOWN"/>
<string key="lifecycle:transition" value="complete"/>
<date key="time:timestamp" value="1970-01-01T00:00:00+00:00"/>
</global>
<classifier name="Activity" scope="event" keys="concept:name"/>
"""
FOOT = "</log>\n"
#: what a row tells at `ready`, `start` and `end`
TRANSITIONS = ("assign", "start", "complete")
NAME = "concept:name"


def write(
    log: EventLog, *, timezone: tzinfo = CITY, unit: Unit | None = None, packed: bool = False
) -> bytes:
    """Return a log as XES: what `parts` yields, in one."""
    return b"".join(parts(log, timezone=timezone, unit=unit, packed=packed))


def parts(
    log: EventLog, *, timezone: tzinfo = CITY, unit: Unit | None = None, packed: bool = False
) -> Iterator[bytes]:
    """Yield a log as XES piece by piece, packed by gzip if asked for.

    A row is up to three events, of one `concept:instance` where a log has starts or readiness.
    Times are local with their offset, in the coarsest unit that loses nothing unless one is named.
    The same log gives the same bytes.
    """
    plain = texts(log, timezone, unit)
    yield from (gzipped(plain) if packed else plain)


def texts(log: EventLog, timezone: tzinfo, unit: Unit | None) -> Iterator[bytes]:
    """Yield the text of a log."""
    lines = Lines.of(log)
    times = (log.ready, log.start, log.end)
    wall = Wall.of(times, timezone, unit)
    writer = Writer(tables(log, lines, wall))
    yield HEAD.encode()
    for chosen in slices(len(lines.row)):
        row, step = lines.row[chosen], lines.step[chosen]
        first = lines.first[chosen]
        yield writer.rows(
            [
                np.where(first, log.case[row], -1),
                log.activity[row],
                step,
                lines.instance[chosen],
                log.resource[row],
                log.group[row],
                *wall.places(lines.at[chosen]),
            ]
        )
    yield ("</trace>\n" * bool(len(lines.row)) + FOOT).encode()


class Lines:
    """The events of a log in the order in which they are written.

    `row` is whose they are, `step` which of `TRANSITIONS`, `instance` a number within the case,
    or -1 where the log has ends alone; `first` of its case.
    """

    def __init__(
        self, log: EventLog, row: npt.NDArray[np.int64], step: npt.NDArray[np.int64], at: Times
    ) -> None:
        self.row, self.step, self.at = row, step, at
        case = log.case[row]
        self.first = np.ones(len(row), dtype=bool)
        self.first[1:] = case[1:] != case[:-1]
        begins = np.flatnonzero(np.diff(log.case, prepend=-1))
        within = np.arange(len(log)) - np.repeat(begins, np.diff(begins, append=len(log)))
        alone = bool((step == TRANSITIONS.index("complete")).all())
        self.most = 0 if alone or not len(log) else int(within.max()) + 1
        self.instance = np.full(len(row), -1) if alone else within[row]

    @classmethod
    def of(cls, log: EventLog) -> Lines:
        """Return the events of a log: by case, then by time, then as the rows stand."""
        found = [np.flatnonzero(np.isfinite(each)) for each in (log.ready, log.start, log.end)]
        row = np.concatenate(found)
        step = np.repeat(np.arange(len(found)), [len(each) for each in found])
        at = np.stack([log.ready, log.start, log.end])[step, row]
        order = np.lexsort((step, row, at, log.case[row]))
        return cls(log, row[order], step[order], at[order])


def tables(log: EventLog, lines: Lines, wall: Wall) -> list[Pieces]:
    """Return the pieces that events are made of."""
    return [
        Pieces.of(traces(log)),
        Pieces.of([f"<event>{string(NAME, each)}" for each in log.activities]),
        Pieces.of([string("lifecycle:transition", each) for each in TRANSITIONS]),
        Pieces.of([string("concept:instance", str(each)) for each in range(lines.most)]),
        Pieces.of([string("org:resource", each) for each in log.resources]),
        Pieces.of([string("org:group", each) + STAMP for each in log.groups], STAMP),
        *wall.tables('"/></event>\n', '"/></event>\n'),
    ]


STAMP = '<date key="time:timestamp" value="'


def traces(log: EventLog) -> list[str]:
    """Return how each case begins: behind the end of the one before."""
    found = []
    for at, case in enumerate(log.cases):
        own = "".join(
            string(name, values[at])
            for name, values in log.traits.items()
            if values[at] and name != NAME
        )
        found.append(f"<trace>{string(NAME, case)}{own}\n")
    begins = int(log.case[0]) if len(log) else 0
    return [text if at == begins else f"</trace>\n{text}" for at, text in enumerate(found)]


def string(key: str, value: str) -> str:
    """Return an attribute; what XML cannot say becomes a space."""
    return f"<string key={quoted(key)} value={quoted(value)}/>"


def quoted(text: str) -> str:
    """Return a text as the value of an attribute, in quotes."""
    return quoteattr(CONTROL.sub(" ", text))


def gzipped(plain: Iterator[bytes]) -> Iterator[bytes]:
    """Yield bytes packed as gzip packs them, without a date."""
    packer = zlib.compressobj(wbits=31)
    for piece in plain:
        yield packer.compress(piece)
    yield packer.flush()
