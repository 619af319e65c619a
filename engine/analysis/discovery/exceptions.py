"""Dates on which it was otherwise: holidays on usual working days, work on usual days off."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

import numpy as np

from engine.analysis.discovery.families import Array
from engine.analysis.discovery.week import HOURS, WEEK
from engine.analysis.eventlog.log import Times

#: so many days before and after say what is usual
AROUND = 21
#: with a usual count of so many events a day, a day without one is no chance (e^-5 = 0.7 %)
USUAL = 5.0
#: a day off with this share of what is usual on working days is worked
LIKE_USUAL = 0.5
#: a working day with no more than this share is closed: somebody odd may be there all the same
QUIET = 0.05
#: of the working days around, at least this share has an event
BUSY = 0.75

Dates = tuple[date, ...]


def exceptions(wall: Times, days: tuple[int, ...], origin: date) -> tuple[Dates, Dates]:
    """Return the dates with hardly an event though worked usually, and the other way round.

    Told only where working days both before and after have many events, most of them some: else a
    day without one says nothing.
    """
    dates = np.floor(wall / HOURS).astype(np.int64)
    first = int(dates.min())
    counts = np.bincount(dates - first).astype(np.float64)
    worked = np.isin((np.arange(len(counts)) + first) % WEEK, days)
    before, after = around(counts, worked), around(counts[::-1], worked[::-1])[::-1]
    usual = np.minimum(before, after)
    seen = (counts > 0).astype(np.float64)
    busy = around(seen, worked) + around(seen[::-1], worked[::-1])[::-1] >= 2 * BUSY
    closed = worked & (counts <= QUIET * usual) & (usual >= USUAL) & busy
    opened = ~worked & (counts >= LIKE_USUAL * usual) & (usual >= USUAL)
    return (
        named(np.flatnonzero(closed) + first, origin),
        named(np.flatnonzero(opened) + first, origin),
    )


def around(values: Array, worked: Array) -> Array:
    """Return the mean of values over the working days before each date, within AROUND days."""
    total = np.concatenate([[0.0], np.cumsum(np.where(worked, values, 0.0))])
    number = np.concatenate([[0.0], np.cumsum(worked)])
    here = np.arange(len(values))
    early = np.maximum(here - AROUND, 0)
    return (total[here] - total[early]) / np.maximum(number[here] - number[early], WEEK)


def named(places: Iterable[int], origin: date) -> Dates:
    """Return days counted from the origin as dates."""
    return tuple(origin + timedelta(days=int(each)) for each in places)
