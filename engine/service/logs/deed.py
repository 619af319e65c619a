"""What somebody did, as a row of a log; and a log made of such rows."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from engine.analysis.eventlog.log import UNKNOWN, EventLog, Indices

NEVER = math.nan


class Deed(NamedTuple):
    """One row: the times are seconds since 1970 in UTC, NaN where unknown; '' for nobody."""

    case: str
    activity: str
    resource: str
    group: str
    ready: float
    start: float
    end: float


def log_of(
    deeds: Iterable[Deed], traits: Mapping[str, Mapping[str, str]], notes: Sequence[str] = ()
) -> EventLog:
    """Return deeds as a log; its cases stand in the order in which they come first.

    `traits` are the cases' own attributes, by name and then by case. Within a case the deeds stand
    by their end, those of one instant as they came.
    """
    given = list(deeds)
    order = {case: place for place, case in enumerate(dict.fromkeys(each.case for each in given))}
    found = sorted(given, key=lambda each: (order[each.case], each.end))
    cases, case = numbered([each.case for each in found])
    activities, activity = numbered([each.activity for each in found])
    resources, resource = numbered([each.resource for each in found])
    groups, group = numbered([each.group for each in found])
    times = [(each.ready, each.start, each.end) for each in found]
    ready, start, end = np.array(times, dtype=np.float64).reshape(-1, 3).T
    return EventLog(
        cases=cases,
        activities=activities,
        resources=resources,
        groups=groups,
        case=case,
        activity=activity,
        resource=resource,
        group=group,
        ready=ready,
        start=start,
        end=end,
        traits={name: tuple(of.get(each, "") for each in cases) for name, of in traits.items()},
        notes=tuple(notes),
    )


def numbered(names: Sequence[str]) -> tuple[tuple[str, ...], Indices]:
    """Return the different names, the first first, and each one's place; '' is unknown."""
    places = {name: place for place, name in enumerate(dict.fromkeys(filter(None, names)))}
    index = np.array([places.get(name, UNKNOWN) for name in names], dtype=np.int32)
    return tuple(places), index
