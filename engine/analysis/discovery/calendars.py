"""Working hours found in a log: on which days and in which hours something usually happens.

After the idea of Lopez-Pintado and Dumas (2022): an hour is worked where the share of days with
an event in it is high (confidence), and hours are added until most events lie in them (support).
Here both are relative to the busiest day and hour, and all worked days have the same hours, as
calendars in assumptions have.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.analysis.discovery.clock import WorkClock, wall_hours
from engine.analysis.discovery.exceptions import exceptions
from engine.analysis.discovery.families import Array
from engine.analysis.discovery.week import HOURS, WEEK, WHOLE_DAY, Spans, Week
from engine.analysis.eventlog.log import EventLog, Times

#: days and hours are worked that have these shares of the busiest one's activity
DAYS, CONFIDENCE = 0.25, 0.15
#: a day with fewer events than this share of the busiest one's is a day off
SELDOM = 0.1
#: the share of events that are to lie in the hours found
SUPPORT = 0.8
#: fewer events than these tell no hours: from the earliest to the latest, the odd one left out
FEW, ODD = 200, 0.02
#: from so many events on hours are told to the half
MANY = 2_000
#: with more events than this share at one time of the day, times are dates; at midnight even
#: where there are fewer events than these
SAME_TIME, SOME = 0.5, 20
#: an hour and a day as good as whole
NEARLY = 22.0
SECOND = 1 / 3_600
LITTLE = "too few events to tell hours: taken from the earliest to the latest"
DATES = "times say no hour: whole days are counted, a day is 24 hours"


def week_of(log: EventLog, clock: WorkClock, chosen: Array | None = None) -> Week:
    """Return the working hours of all that happened, or of the chosen rows (a mask).

    Every known start and end counts; readiness does not, as what others send comes at any hour.
    The clock tells the time zone and the Monday from which days are counted.
    """
    rows = slice(None) if chosen is None else chosen
    starts, ends = log.start[rows], log.end[rows]
    # work that ends when the office closes was done in the time before
    instants = np.concatenate([starts, np.where(starts < ends, ends - 1, ends)])
    known = instants[np.isfinite(instants)]
    return found(wall_hours(known, clock.timezone, clock.origin), clock)


def found(wall: Times, clock: WorkClock) -> Week:
    """Return the working hours that events at hours on the wall clock tell."""
    if not len(wall):
        return Week()
    counts, shares = matrices(wall)
    dates_only = same_time(wall)
    days = worked_days(wall)
    spans = WHOLE_DAY if dates_only else worked_hours(wall, days)
    if len(days) == WEEK and sum(stop - start for start, stop in spans) >= NEARLY:
        spans = WHOLE_DAY
    week = Week(
        days=days,
        spans=spans,
        counts=tuple(tuple(int(each) for each in row) for row in counts),
        shares=tuple(tuple(round(float(each), 4) for each in row) for row in shares),
        events=len(wall),
        support=support(wall, days, spans),
        dates_only=dates_only,
        notes=notes(wall, dates_only=dates_only),
    )
    closed, opened = exceptions(wall, week.days, clock.origin)
    return replace(week, closed=closed, opened=opened)


def notes(wall: Times, *, dates_only: bool) -> tuple[str, ...]:
    """Return what is to be said of how the hours were found."""
    few = LITTLE if len(wall) < FEW else ""
    told = DATES if dates_only else few
    return (told,) if told else ()


def same_time(wall: Times) -> bool:
    """Tell whether most events are at one time of the day, midnight for the most part: dates."""
    seconds = np.round(wall % HOURS / SECOND)
    times, counts = np.unique(seconds, return_counts=True)
    at = counts.argmax()
    told = len(wall) >= SOME or not times[at]
    return bool(told and counts[at] > SAME_TIME * len(wall))


def matrices(wall: Times) -> tuple[Array, Array]:
    """Return events by weekday and hour, and the shares of weeks in which there was one."""
    hours = np.floor(wall).astype(np.int64)
    cells = hours % int(WEEK * HOURS)
    counts = np.bincount(cells, minlength=int(WEEK * HOURS)).reshape(WEEK, -1)
    seen = np.unique(hours) % int(WEEK * HOURS)
    weeks = hours.max() // int(WEEK * HOURS) - hours.min() // int(WEEK * HOURS) + 1
    active = np.bincount(seen, minlength=int(WEEK * HOURS)).reshape(WEEK, -1)
    return counts, active / weeks


def worked_days(wall: Times) -> tuple[int, ...]:
    """Return the weekdays with activity in about as many weeks as the busiest one's, and as much.

    What little begins on days off, as when an applicant sends it, makes them no days of work.
    """
    days = np.floor(wall / HOURS).astype(np.int64)
    active = np.bincount(np.unique(days) % WEEK, minlength=WEEK)
    events = np.bincount(days % WEEK, minlength=WEEK)
    worked = (active >= DAYS * active.max()) & (events >= SELDOM * events.max())
    # in a log of few events the busiest of both need not be the same day
    return tuple(int(each) for each in np.flatnonzero(worked if worked.any() else events > 0))


def worked_hours(wall: Times, days: tuple[int, ...]) -> Spans:
    """Return the hours of the day that are worked on these weekdays."""
    dates = np.floor(wall / HOURS).astype(np.int64)
    on = np.isin(dates % WEEK, days)
    within = wall[on] % HOURS
    if len(wall) < FEW:
        first, last = np.quantile(within, [ODD, 1 - ODD])
        return ((float(np.floor(first)), float(min(np.floor(last) + 1, HOURS))),)
    parts = 2 if len(wall) >= MANY else 1
    slots = np.floor(within * parts).astype(np.int64)
    # how many days have an event in each part of the day
    seen = np.unique(np.stack([dates[on], slots]), axis=1)[1]
    active = np.bincount(seen, minlength=24 * parts) / len(np.unique(dates[on]))
    events = np.bincount(slots, minlength=24 * parts)
    return joined(taken(active, events, len(wall)), parts)


def taken(active: Array, events: Array, total: int) -> Array:
    """Return which parts of the day are worked: the confident ones, and more for support."""
    chosen = active >= CONFIDENCE * active.max()
    for part in np.argsort(-active, kind="stable"):
        if events[chosen].sum() >= SUPPORT * min(total, events.sum()):
            break
        chosen[part] = True
    return chosen


def joined(chosen: Array, parts: int) -> Spans:
    """Return parts of a day as spans; a hole of half an hour is closed."""
    if parts > 1:
        chosen = chosen | (np.roll(chosen, 1) & np.roll(chosen, -1))
    edges = np.flatnonzero(np.diff(np.concatenate([[0], chosen.astype(np.int8), [0]])))
    return tuple(
        (float(start) / parts, float(stop) / parts)
        for start, stop in zip(edges[::2], edges[1::2], strict=True)
    )


def support(wall: Times, days: tuple[int, ...], spans: Spans) -> float:
    """Return the share of events that lie in the hours found."""
    within = wall % HOURS
    inside = np.zeros(len(wall), bool)
    for start, stop in spans:
        inside |= (within >= start) & (within <= stop)
    return float((inside & np.isin(np.floor(wall / HOURS) % WEEK, days)).mean())
