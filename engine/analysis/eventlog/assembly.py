"""An event log put together from what a reader has gathered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

from engine.analysis.eventlog.log import UNKNOWN, EventLog, Indices, Times
from engine.analysis.eventlog.names import UNNAMED, Names
from engine.analysis.eventlog.notes import Note, Notes


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """The columns of a log that is not yet in order; `position` is each row's place in the file."""

    case: Indices
    activity: Indices
    resource: Indices
    group: Indices
    ready: Times
    start: Times
    end: Times
    position: npt.NDArray[np.int64]

    @classmethod
    def of(cls, names: Iterable[npt.ArrayLike], times: Iterable[Times]) -> Self:
        """Return rows as they stand: their four columns of names, and their three of times."""
        case, activity, resource, group = (np.array(each, dtype=np.int32) for each in names)
        ready, start, end = times
        return cls(case, activity, resource, group, ready, start, end, np.arange(len(case)))


class Named:
    """Whom and what the rows of a log name."""

    def __init__(self, notes: Notes) -> None:
        self.cases = Names(notes)
        self.activities = Names(notes, UNNAMED)
        self.resources = Names(notes)
        self.groups = Names(notes)


def assembled(
    rows: Rows, named: Named, traits: Mapping[str, Mapping[int, str]], notes: Notes
) -> EventLog:
    """Return rows as a log: by case, inside a case by end, then as in the file.

    `traits` are values by the cases' places. What no row names is left out of the names; times
    that contradict each other are unknown, with a note.
    """
    ready, start = in_order(rows, notes)
    order = np.lexsort((rows.position, rows.end, rows.case))
    kept, case = compacted(rows.case[order], len(named.cases))
    activities, activity = renamed(named.activities.all(), rows.activity[order])
    resources, resource = renamed(named.resources.all(), rows.resource[order])
    groups, group = renamed(named.groups.all(), rows.group[order])
    cases = named.cases.all()
    return EventLog(
        cases=tuple(cases[each] for each in kept),
        activities=activities,
        resources=resources,
        groups=groups,
        case=case,
        activity=activity,
        resource=resource,
        group=group,
        ready=ready[order],
        start=start[order],
        end=rows.end[order],
        traits={name: tuple(of.get(each, "") for each in kept) for name, of in traits.items()},
        notes=notes.told(),
    )


def in_order(rows: Rows, notes: Notes) -> tuple[Times, Times]:
    """Return `ready` and `start` without what comes after the start or the end."""
    late = rows.start > rows.end
    start = np.where(late, np.nan, rows.start)
    notes.count(Note.LATE_START, times=int(late.sum()))
    late = rows.ready > np.fmin(start, rows.end)
    notes.count(Note.LATE_READY, times=int(late.sum()))
    return np.where(late, np.nan, rows.ready), start


def compacted(column: Indices, number: int) -> tuple[list[int], Indices]:
    """Return the places that a column of indices names, ascending, and the column by those."""
    named = np.zeros(number, dtype=bool)
    named[column[column >= 0]] = True
    places = np.append(np.cumsum(named) - 1, UNKNOWN).astype(np.int32)
    # UNKNOWN is -1: it finds the last place
    return np.flatnonzero(named).tolist(), places[column]


def renamed(names: Sequence[str], column: Indices) -> tuple[tuple[str, ...], Indices]:
    """Return the names that a column names, and the column by their new places."""
    kept, places = compacted(column, len(names))
    return tuple(names[each] for each in kept), places
