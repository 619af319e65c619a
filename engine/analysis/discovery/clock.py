"""From instants to hours of work: the wall clock of a place, and a calendar on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any

import numpy as np

from engine.analysis.eventlog.log import Times
from engine.analysis.simulation.hours import before
from engine.analysis.simulation.model import ALWAYS, Calendar

#: zones change their offset at the quarter of an hour at the earliest
QUARTER, HOUR, DAY = 900, 3_600.0, 86_400
EPOCH = date(1970, 1, 1)


def monday_before(instants: Times, timezone: tzinfo) -> date:
    """Return the Monday of the week in which the first known instant falls; 1970's for none."""
    known = instants[np.isfinite(instants)]
    first = datetime.fromtimestamp(float(known.min()) if len(known) else 0.0, UTC)
    day = first.astimezone(timezone).date()
    return day - timedelta(days=day.weekday())


def wall_hours(instants: Times, timezone: tzinfo, origin: date) -> Times:
    """Return hours on the wall clock since the midnight on which `origin` begins; NaN stays.

    A day on which clocks change has 24 such hours all the same.
    """
    begun = (origin - EPOCH).days * DAY
    hours: Times = (instants + offsets(np.nan_to_num(instants), timezone) - begun) / HOUR
    return hours


def offsets(instants: Times, timezone: tzinfo) -> Times:
    """Return the seconds by which a zone is ahead of UTC: by day where it does not change."""
    days, places = np.unique(np.floor(instants / DAY), return_inverse=True)
    first = np.array([offset(each * DAY, timezone) for each in days])
    last = np.array([offset((each + 1) * DAY - 1, timezone) for each in days])
    found: Times = first[places]
    changing = np.flatnonzero((first != last)[places])
    quarters = np.floor(instants[changing] / QUARTER) * QUARTER
    known, places = np.unique(quarters, return_inverse=True)
    found[changing] = np.array([offset(each, timezone) for each in known])[places]
    return found


def offset(instant: float, timezone: tzinfo) -> float:
    """Return the seconds by which a zone is ahead of UTC."""
    ahead = datetime.fromtimestamp(instant, timezone).utcoffset()
    return ahead.total_seconds() if ahead is not None else 0.0


@dataclass(frozen=True, slots=True)
class WorkClock:
    """Hours of work between instants: a calendar in hours since `origin`, a Monday, locally."""

    timezone: tzinfo
    origin: date
    calendar: Calendar = ALWAYS

    def at(self, instants: Times) -> Times:
        """Return the hours of work from the origin to instants; NaN stays."""
        wall = wall_hours(instants, self.timezone, self.origin)
        known = np.isfinite(wall)
        found: Any = before(self.calendar, np.where(known, wall, 0.0))
        return np.where(known, found, np.nan)

    def between(self, starts: Times, ends: Times) -> Times:
        """Return the hours of work between instants, none below 0; NaN where either is unknown."""
        return np.maximum(self.at(ends) - self.at(starts), 0.0)
