"""What a log looks like before anything is fitted: how long activities took, when things happen.

What else is in a log in figures is in `engine.analysis.eventlog.summary`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import tzinfo

import numpy as np

from engine.analysis.discovery.arrivals import arriving
from engine.analysis.discovery.calendars import week_of
from engine.analysis.discovery.clock import WorkClock, monday_before
from engine.analysis.discovery.durations import durations
from engine.analysis.eventlog.log import EventLog, Times


@dataclass(frozen=True, slots=True)
class Spread:
    """Hours on the wall clock; None where they are known of no row."""

    mean: float | None = None
    p50: float | None = None
    p90: float | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """How long an activity took.

    `elapsed` is from readiness, or from the event before it in its case, to its end; `waiting`
    and `working` are known where the log has starts.
    """

    elapsed: Spread
    waiting: Spread
    working: Spread


@dataclass(frozen=True, slots=True)
class Survey:
    """How long activities took, by name, and when things happen.

    `months` are cases by the month of their first event, ("2014-01", 12), none left out between;
    `week` events by weekday, Monday first, and hour on the wall.
    """

    activities: dict[str, Taken]
    months: tuple[tuple[str, int], ...]
    week: tuple[tuple[int, ...], ...]


def survey(log: EventLog, timezone: tzinfo) -> Survey:
    """Return what a log looks like."""
    clock = WorkClock(timezone, monday_before(log.end, timezone))
    return Survey(
        activities=dict(activities(log, clock)),
        months=tuple((name, count) for name, count, _ in arriving(log, clock).months),
        week=week_of(log, clock).counts,
    )


def activities(log: EventLog, clock: WorkClock) -> Iterator[tuple[str, Taken]]:
    """Yield every activity."""
    measured = durations(log, clock)
    working = np.where(measured.exact, measured.work, np.nan)
    order = np.argsort(log.activity, kind="stable")
    ends = np.searchsorted(log.activity[order], np.arange(1, len(log.activities)))
    for name, rows in zip(log.activities, np.split(order, ends), strict=True):
        spans = (spread(each[rows]) for each in (measured.elapsed, measured.waiting, working))
        yield name, Taken(*spans)


def spread(hours: Times) -> Spread:
    """Return mean, median and ninth decile of the hours that are known."""
    known = hours[np.isfinite(hours)]
    if not len(known):
        return Spread()
    p50, p90 = (float(each) for each in np.quantile(known, [0.5, 0.9]))
    return Spread(float(known.mean()), p50, p90)
