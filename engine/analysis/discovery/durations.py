"""How long every row of a log took: waiting, work, and the bounds of what one timestamp tells.

Where a row knows its start, work is from start to end, waiting from readiness to start. Without
readiness, work is taken to be ready when the last earlier event of its case ended: the enabling
event, which it is not always where several things go on at once. Where only the end is known,
waiting and work cannot be told apart. What can be told are bounds: work is at most the time since
the enabling event, and at most the time since whoever did it finished something before, if that is
later (people are taken to do one thing at a time); it is at least 0. The upper bound is what `work`
holds then, `exact` being False.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from engine.analysis.discovery.clock import WorkClock
from engine.analysis.discovery.families import Array
from engine.analysis.eventlog.log import UNKNOWN, EventLog, Times

Between = Callable[[Times, Times], Times]


@dataclass(frozen=True, slots=True, eq=False)
class Durations:
    """Hours of work on a calendar, one value a row; NaN where nothing is known.

    `elapsed` from readiness (or the enabling event) to the end, `work` by somebody, an upper bound
    where `exact` is False, `waiting` before it where the start is known. `enabled` are the
    instants from which a row could begin, in seconds.
    """

    elapsed: Times
    work: Times
    waiting: Times
    exact: Array
    enabled: Times


def durations(log: EventLog, clock: WorkClock) -> Durations:
    """Measure every row of a log on a calendar."""
    enabled = np.where(np.isfinite(log.ready), log.ready, enabling(log))
    exact = np.isfinite(log.start)
    begun = np.where(exact, log.start, np.fmax(enabled, same_person(log)))
    # a case's first event has nothing before it: how long it took is unknown
    begun = np.where(exact | np.isfinite(enabled), begun, np.nan)
    return Durations(
        elapsed=clock.between(np.minimum(enabled, log.end), log.end),
        work=clock.between(np.minimum(begun, log.end), log.end),
        waiting=clock.between(np.minimum(enabled, log.start), log.start),
        exact=exact,
        enabled=enabled,
    )


def enabling(log: EventLog) -> Times:
    """Return when the last earlier event of the same case had ended; NaN for a case's first.

    Earlier is what ended by the time a row started; by the time it ended where no start is known.
    """
    found = np.full(len(log), np.nan)
    if not len(log):
        return found
    alone = ~np.isfinite(log.start)
    same = np.append(False, log.case[1:] == log.case[:-1])
    found[same & alone] = log.end[np.flatnonzero(same & alone) - 1]
    rows = np.flatnonzero(~alone)
    # ranks of instants, shifted by case: all ends are one ascending sequence
    ranks = np.unique(np.concatenate([log.end, log.start[rows]]), return_inverse=True)[1]
    step = np.int64(ranks.max() + 1)
    ends = log.case * step + ranks[: len(log)]
    starts = log.case[rows] * step + ranks[len(log) :]
    place = np.searchsorted(ends, starts, side="right") - 1
    # a row of no length ends when it starts: it does not enable itself
    place = np.where(place >= rows, rows - 1, place)
    fits = (place >= 0) & (log.case[place] == log.case[rows])
    found[rows[fits]] = log.end[place[fits]]
    return found


def same_person(log: EventLog) -> Times:
    """Return when whoever did a row had finished something before; NaN where nobody knows."""
    found = np.full(len(log), np.nan)
    order = np.lexsort((log.end, log.resource))
    people = log.resource[order]
    same = np.append(False, people[1:] == people[:-1])[: len(order)] & (people != UNKNOWN)
    places = np.flatnonzero(same)
    found[order[places]] = log.end[order[places - 1]]
    return found


def together(log: EventLog, measured: Durations) -> float:
    """Return how far durations of neighbouring rows of a case go together: their rank correlation.

    0 where too little is known.
    """
    hours = measured.elapsed
    both = np.isfinite(hours[1:]) & np.isfinite(hours[:-1]) & (log.case[1:] == log.case[:-1])
    ranks = [np.unique(each[both], return_inverse=True)[1] for each in (hours[:-1], hours[1:])]
    if not all(len(each) and each.max() for each in ranks):
        return 0.0
    return float(np.corrcoef(ranks[0], ranks[1])[0, 1])


def of_cases(log: EventLog, clock: WorkClock | None = None, *, ends_only: bool = False) -> Times:
    """Return how long each case took: hours from its first known instant to its last end.

    On the calendar, or on the clock on the wall without one. `ends_only` counts from the first
    end, as a log of one timestamp an event has to, so that two logs can be compared.
    """
    first = log.end
    if not ends_only:
        first = np.fmin(np.fmin(log.ready, log.start), log.end)
    heads = np.flatnonzero(np.append(True, log.case[1:] != log.case[:-1]))[: len(log)]
    if not len(heads):
        return np.zeros(0)
    earliest, latest = np.minimum.reduceat(first, heads), np.maximum.reduceat(log.end, heads)
    hours: Times = (latest - earliest) / 3_600
    return hours if clock is None else clock.between(earliest, latest)
