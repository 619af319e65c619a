"""When cases begin: how many a year, in which months, how far apart, and whether they grow."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np

from engine.analysis.discovery.clock import WorkClock, wall_hours
from engine.analysis.discovery.families import Array
from engine.analysis.discovery.fit import Fitted, fitted
from engine.analysis.discovery.week import DAYS, HOURS, WEEK
from engine.analysis.eventlog.log import EventLog, Times

YEAR, MONTHS = 365.2425, 12
#: fewer months than these tell no trend
TREND = 6
#: fewer cases, or days, than these tell hardly how many come a year
CASES, LEAST = 10, 28


@dataclass(frozen=True, slots=True)
class Arriving:
    """How cases arrive. `by_month` are weights with mean 1; months not observed weigh 1.

    `between` is fitted to working hours between two arrivals. `trend` is the growth in arrivals a
    year for each year, `trend_p` how likely one as great is by chance; None for a short log.
    """

    cases: int
    days: float
    per_year: float
    by_month: tuple[float, ...]
    by_weekday: tuple[int, ...]
    months: tuple[tuple[str, int, float], ...]
    between: Fitted
    trend: float | None = None
    trend_p: float | None = None

    def data(self) -> dict[str, Any]:
        """Return it as JSON; `months` are [month, arrivals, share of the month observed]."""
        names = ("cases", "days", "per_year", "by_month", "trend", "trend_p")
        return {
            **{name: getattr(self, name) for name in names},
            "by_month": list(self.by_month),
            "by_weekday": dict(zip(DAYS, self.by_weekday, strict=True)),
            "months": [list(each) for each in self.months],
            "between": self.between.data(),
        }


def begun(log: EventLog) -> Times:
    """Return when each case begins: its earliest known instant."""
    first = np.fmin(np.fmin(log.ready, log.start), log.end)
    heads = np.flatnonzero(np.append(True, log.case[1:] != log.case[:-1]))[: len(log)]
    found: Times = np.minimum.reduceat(first, heads) if len(heads) else np.zeros(0)
    return found


def arriving(log: EventLog, clock: WorkClock) -> Arriving:
    """Return how cases arrive from the first arrival to the last."""
    instants = np.sort(begun(log))
    wall = wall_hours(instants, clock.timezone, clock.origin)
    days = np.floor(wall / HOURS).astype(np.int64)
    span = float(days[-1] - days[0] + 1) if len(days) else 0.0
    months = by_month(days, clock.origin)
    told = len([each for each in months if each[2] >= 1]) >= TREND
    slope, chance = trend(months) if told else (None, None)
    return Arriving(
        cases=len(wall),
        days=span,
        per_year=per_year(len(wall), span),
        by_month=weights(months),
        by_weekday=tuple(int(each) for each in np.bincount(days % WEEK, minlength=WEEK)),
        months=months,
        between=fitted(np.diff(clock.at(instants))),
        trend=slope,
        trend_p=chance,
    )


def per_year(cases: int, days: float) -> float:
    """Return how many cases a year come; of one case nobody knows, it is one a year."""
    return cases / days * YEAR if cases > 1 and days else float(cases)


def by_month(days: Array, origin: date) -> tuple[tuple[str, int, float], ...]:
    """Return every month between the first day and the last: arrivals, share observed."""
    if not len(days):
        return ()
    counts = np.bincount(days - days[0])
    start = origin + timedelta(days=int(days[0]))
    found: dict[str, list[float]] = {}
    for place, count in enumerate(counts):
        on = start + timedelta(days=place)
        row = found.setdefault(f"{on:%Y-%m}", [0.0, 0.0])
        row[0] += float(count)
        row[1] += 1 / length(on)
    return tuple((name, int(row[0]), round(row[1], 4)) for name, row in found.items())


def length(on: date) -> int:
    """Return the days of a date's month."""
    after = (on.replace(day=28) + timedelta(days=4)).replace(day=1)
    return (after - timedelta(days=1)).day


def weights(months: tuple[tuple[str, int, float], ...]) -> tuple[float, ...]:
    """Return twelve weights with mean 1 over the months observed."""
    total, seen = np.zeros(MONTHS), np.zeros(MONTHS)
    for name, count, share in months:
        total[int(name[5:]) - 1] += count
        seen[int(name[5:]) - 1] += share
    if not total.sum():
        return (1.0,) * MONTHS
    rates = np.divide(total, seen, out=np.zeros(MONTHS), where=seen > 0)
    found = np.where(seen > 0, rates / rates[seen > 0].mean(), 1.0)
    return tuple(round(float(each), 4) for each in found)


def trend(months: tuple[tuple[str, int, float], ...]) -> tuple[float, float]:
    """Return the growth of whole months' counts, in arrivals a year each year, and its chance.

    An ordinary regression on the month's number with its two-sided t-test; seasons are not taken
    out, so that a log of less than two years may show a season as a trend.
    """
    from scipy.special import stdtr  # noqa: PLC0415

    counts = np.array([each[1] for each in months if each[2] >= 1], np.float64)
    place = np.arange(len(counts)) - (len(counts) - 1) / 2
    across = float((place * place).sum())
    slope = float((place * counts).sum()) / across
    rest = counts - counts.mean() - slope * place
    error = float(np.sqrt((rest * rest).sum() / (len(counts) - 2) / across))
    p = 2 * float(stdtr(len(counts) - 2, -abs(slope / error))) if error else 0.0
    return slope * MONTHS * MONTHS, p
