"""Parts of a log, and logs put together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from operator import attrgetter

import numpy as np
import numpy.typing as npt

from engine.analysis.eventlog.assembly import Named, Rows, assembled, compacted, renamed
from engine.analysis.eventlog.log import UNKNOWN, EventLog, Indices, Times
from engine.analysis.eventlog.notes import Notes


def only(log: EventLog, cases: npt.NDArray[np.bool_]) -> EventLog:
    """Return the log of some cases: those where the mask, one value a case, is true."""
    rows = cases[log.case]
    kept, case = compacted(log.case[rows], len(log.cases))
    activities, activity = renamed(log.activities, log.activity[rows])
    resources, resource = renamed(log.resources, log.resource[rows])
    groups, group = renamed(log.groups, log.group[rows])
    return EventLog(
        cases=tuple(log.cases[each] for each in kept),
        activities=activities,
        resources=resources,
        groups=groups,
        case=case,
        activity=activity,
        resource=resource,
        group=group,
        ready=log.ready[rows],
        start=log.start[rows],
        end=log.end[rows],
        traits={name: tuple(of[each] for each in kept) for name, of in log.traits.items()},
        notes=log.notes,
    )


def between(log: EventLog, since: float, until: float) -> EventLog:
    """Return the log of the cases that lie wholly in [since, until), seconds since 1970.

    Cases that had begun before or went on after are left out as a whole: parts of them would
    look like short cases.
    """
    begins, ends = spans(log)
    return only(log, (begins >= since) & (ends < until))


def spans(log: EventLog) -> tuple[Times, Times]:
    """Return when each case began and ended: the first and the last of all its known times."""
    begins, ends = np.full(len(log.cases), np.inf), np.full(len(log.cases), -np.inf)
    for times in (log.ready, log.start, log.end):
        known = np.isfinite(times)
        np.minimum.at(begins, log.case[known], times[known])
        np.maximum.at(ends, log.case[known], times[known])
    return begins, ends


def merged(logs: Sequence[EventLog]) -> EventLog:
    """Return several logs as one. A case of the same name in two of them is one case."""
    named = Named(Notes())
    tables = (named.cases, named.activities, named.resources, named.groups)
    columns: list[list[Indices]] = [[], [], [], []]
    traits: dict[str, dict[int, str]] = {}
    for log in logs:
        lists = (log.cases, log.activities, log.resources, log.groups)
        for column, table, names, of in zip(columns, tables, lists, indices(log), strict=True):
            places = [*(table.add(each) for each in names), UNKNOWN]
            column.append(np.array(places, dtype=np.int32)[of])
        for name, values in log.traits.items():
            own = zip(log.cases, values, strict=True)
            traits.setdefault(name, {}).update({named.cases.add(c): v for c, v in own if v})
    times = (np.concatenate([each(log) for log in logs]) for each in TIMES)
    rows = Rows.of((np.concatenate(each) for each in columns), times)
    notes = dict.fromkeys(note for log in logs for note in log.notes)
    return replace(assembled(rows, named, traits, Notes()), notes=tuple(notes))


TIMES = (attrgetter("ready"), attrgetter("start"), attrgetter("end"))


def indices(log: EventLog) -> tuple[Indices, Indices, Indices, Indices]:
    """Return the columns of a log that name something."""
    return log.case, log.activity, log.resource, log.group
