"""When projects arrive in one replication: the same for every scenario of one seed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from math import isclose
from typing import Any

import numpy as np

from engine.analysis.simulation.draw import draw
from engine.analysis.simulation.hours import after, before
from engine.analysis.simulation.kernel import records as r
from engine.analysis.simulation.layout import key
from engine.analysis.simulation.model import Arrivals, InvalidModel, Model
from engine.analysis.simulation.plan import Plan

DAY, YEAR, MONTHS = 24.0, 365.2425, 12
#: arrivals of one replication
MOST = 20_000_000


@dataclass(frozen=True, slots=True)
class Arriving:
    """Rows of `ARRIVAL` in order; `before` come before the measured ones, which are `measured`."""

    rows: Any
    before: int
    measured: int


def chance(plan: Plan, replication: int, what: str) -> np.random.Generator:
    """Return the stream of random numbers for one purpose of one replication."""
    words = np.array([plan.seed, (key(what) << 32) + replication], np.uint64)
    return np.random.Generator(np.random.Philox(key=words))


def arriving(model: Model, plan: Plan, replication: int) -> Arriving:
    """Return the arrivals of one replication.

    Where projects stand under way they are what is measured; what arrives later only keeps the
    windows busy, for the `warm_up_days` and `cool_down_days` of the plan.
    """
    coming, standing = model.arrivals, len(model.standing)
    stream = chance(plan, replication, "arrivals")
    warm, cool = plan.warm_up_days * DAY, plan.cool_down_days * DAY
    if standing:
        times = instants(model, stream, until=warm + cool)
        return Arriving(rows(model, stream, times), 0, standing)
    # one more than is measured, as the first of an odd number is left out below
    times = instants(model, stream, until=warm, then=plan.measured(replication) + 1, more=cool)
    times = np.concatenate([np.zeros(coming.backlog), times])
    earlier = int(np.searchsorted(times, warm, side="left")) if warm else 0
    # an even one: cases are drawn in pairs
    earlier += earlier % 2
    return Arriving(rows(model, stream, times), earlier, plan.measured(replication))


def rows(model: Model, stream: np.random.Generator, times: Any) -> Any:
    """Return the records of arrivals, those that stand under way first."""
    standing = model.standing
    found = np.zeros(len(standing) + len(times), r.ARRIVAL)
    found["standing"] = -1
    found["priority"] = priorities(model.arrivals, stream, len(found))
    for at, each in enumerate(standing):
        found[at]["label"], found[at]["standing"] = each.counted_days, at
        found[at]["priority"] += each.priority
    found["at"][len(standing) :] = times
    return found


def priorities(coming: Arrivals, stream: np.random.Generator, count: int) -> Any:
    """Return the priorities of so many projects."""
    shares = np.cumsum([share for _, share in coming.classes])
    if not isclose(shares[-1], 1.0):
        raise InvalidModel(f"the classes' shares add up to {shares[-1]:g}, not 1")
    names = np.array([priority for priority, _ in coming.classes], np.int32)
    return names[np.minimum(np.searchsorted(shares, stream.random(count)), len(names) - 1)]


def instants(
    model: Model,
    stream: np.random.Generator,
    *,
    until: float,
    then: int = 0,
    more: float = 0.0,
) -> Any:
    """Return hours of arrival: up to `until`, `then` so many, and `more` hours after the last."""
    if model.arrivals.per_year <= 0 and model.arrivals.between is None:
        return np.zeros(0)
    found, wanted = np.zeros(0), then + 64
    while len(found) < MOST:
        found = np.concatenate([found, further(model, stream, wanted, found)])
        first = int(np.searchsorted(found, until, side="left"))
        last = first + then - 1
        if last < len(found) and found[-1] > max(until, found[last] if then else 0.0) + more:
            end = (found[last] if then else until) + more
            return found[: int(np.searchsorted(found, end, side="right"))]
        wanted *= 2
    raise InvalidModel(f"more than {MOST:,} cases arrive before the run has ended")


def further(model: Model, stream: np.random.Generator, count: int, found: Any) -> Any:
    """Return so many more arrivals after those found, by gaps or by the rate of each month."""
    last = float(found[-1]) if len(found) else 0.0
    if model.arrivals.between is None:
        return by_rate(model, np.cumsum(stream.exponential(size=count)), last)
    gaps = draw(model.arrivals.between, stream.random(count))
    calendar = model.calendars[model.arrivals.calendar or model.clock]
    return after(calendar, before(calendar, np.array([last])) + np.cumsum(gaps))


def by_rate(model: Model, grown: Any, last: float) -> Any:
    """Return when the expected number of arrivals has grown by so much since `last`.

    A Poisson process whose rate changes by month is one of rate 1 in that number (Cinlar 1975).
    """
    hours, total = rate(model)
    year, each = hours[-1], total[-1]
    years = np.floor(last / year)
    grown = grown + years * each + np.interp(last - years * year, hours, total)
    years = np.floor(grown / each)
    return years * year + np.interp(grown - years * each, total, hours)


def rate(model: Model) -> tuple[Any, Any]:
    """Return the days of a year from the origin, in hours, and arrivals expected by each."""
    weights = np.array(model.arrivals.by_month, np.float64)
    if weights.shape != (MONTHS,) or weights.sum() <= 0 or weights.min() < 0:
        raise InvalidModel("by_month takes twelve weights, not negative, at least one above 0")
    months = [(model.origin + timedelta(days=each)).month for each in range(365)]
    daily = weights[np.array(months) - 1]
    total = np.concatenate([[0.0], np.cumsum(daily)]) * model.arrivals.per_year / daily.sum()
    # the table's 365 days are stretched to the calendar's mean year
    return np.arange(366) * (YEAR / 365) * DAY, total
