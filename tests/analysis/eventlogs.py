"""Event logs for tests: written by hand, drawn, and as rows that can be compared."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from engine.analysis.eventlog.log import UNKNOWN, EventLog

RECEIPT = Path(__file__).parents[1] / "data" / "receipt.xes.gz"
NEVER = math.nan
HOUR, DAY = 3_600.0, 86_400.0


class Row(NamedTuple):
    """A row of a log; None is unknown."""

    case: str
    activity: str
    ready: float | None = None
    start: float | None = None
    end: float | None = None
    resource: str = ""
    group: str = ""


def rows(log: EventLog) -> list[Row]:
    """The rows of a log, by names."""
    names = (log.cases, log.activities, log.resources, log.groups)
    columns = (log.case, log.activity, log.resource, log.group)
    told = [
        [of[at] if at != UNKNOWN else "" for at in column]
        for of, column in zip(names, columns, strict=True)
    ]
    times = [
        [None if math.isnan(at) else at for at in column.tolist()]
        for column in (log.ready, log.start, log.end)
    ]
    together = zip(*told, *times, strict=True)
    return [Row(c, a, ready, start, end, r, g) for c, a, r, g, ready, start, end in together]


def log_of(given: Sequence[Row], traits: dict[str, tuple[str, ...]] | None = None) -> EventLog:
    """A log of rows, in the order of the contract: by case, then by end."""
    cases = tuple(dict.fromkeys(each.case for each in given))
    place = {case: at for at, case in enumerate(cases)}
    ordered = sorted(given, key=lambda each: (place[each.case], each.end or 0))
    names = {
        column: tuple(dict.fromkeys(filter(None, (getattr(each, column) for each in ordered))))
        for column in ("activity", "resource", "group")
    }

    def places(column: str, of: Sequence[str]) -> npt.NDArray[np.int32]:
        told = (getattr(each, column) for each in ordered)
        return np.array([of.index(name) if name else UNKNOWN for name in told], dtype=np.int32)

    def times(column: str) -> npt.NDArray[np.float64]:
        told = (getattr(each, column) for each in ordered)
        return np.array([NEVER if moment is None else moment for moment in told], dtype=np.float64)

    return EventLog(
        cases=cases,
        activities=names["activity"],
        resources=names["resource"],
        groups=names["group"],
        case=places("case", cases),
        activity=places("activity", names["activity"]),
        resource=places("resource", names["resource"]),
        group=places("group", names["group"]),
        ready=times("ready"),
        start=times("start"),
        end=times("end"),
        traits=traits or {},
    )


def at(text: str) -> float:
    """Seconds since 1970 of a time in ISO 8601, in UTC where it names no offset."""
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def event(**attributes: str) -> str:
    """An event in XES: keys with __ for the colon."""
    told = "".join(
        f'<{"date" if key == "time__timestamp" else "string"} key="{key.replace("__", ":")}"'
        f' value="{value}"/>'
        for key, value in attributes.items()
    )
    return f"<event>{told}</event>"


def step(activity: str, transition: str, time: str, **more: str) -> str:
    """An event of an activity's lifecycle on 6 January 2014, at a time of day in UTC."""
    given = {"concept__name": activity, "lifecycle__transition": transition} | more
    return event(**given, time__timestamp=f"2014-01-06T{time}:00Z")


def trace(*events: str, name: str = "1") -> str:
    """A trace in XES."""
    return f'<trace><string key="concept:name" value="{name}"/>{"".join(events)}</trace>'


def xes_of(*parts: str) -> bytes:
    """A file of XES."""
    return f'<log xes.version="1849-2016">{"".join(parts)}</log>'.encode()
