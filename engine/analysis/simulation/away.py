"""Staff that is ill: each person's own hours in one replication."""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.analysis.simulation.arriving import DAY, chance
from engine.analysis.simulation.model import Absence, Model, Person
from engine.analysis.simulation.plan import Plan

WEEK = 7 * DAY


def own_hours(
    model: Model, person: Person, plan: Plan, replication: int, until: float
) -> tuple[Any, float]:
    """Return a person's open spans without the spells in which they are away, and their period.

    Present and absent days take turns, geometric with the means that give the share. They are
    drawn for `until` hours, whole weeks of them, and repeat then.
    """
    calendar = model.calendars[person.calendar]
    length = float(np.ceil(until / WEEK) * WEEK)
    periods = int(np.ceil(length / calendar.period))
    shifts = (np.arange(periods) * calendar.period)[:, None, None]
    times = by_day((calendar.times[None] + shifts).reshape(-1, 2))
    times = times[times[:, 1] <= length]
    stream = chance(plan, replication, f"away {person.id}")
    gone = spells(person.absence, stream, int(length / DAY))
    present = times[~gone[(times[:, 0] / DAY).astype(np.int64)]]
    return present if len(present) else times, length


def by_day(times: Any) -> Any:
    """Return open spans cut at midnight."""
    if not np.any(np.floor(times[:, 0] / DAY) != np.ceil(times[:, 1] / DAY) - 1):
        return times
    first, last = np.floor(times[:, 0] / DAY), np.ceil(times[:, 1] / DAY)
    counts = (last - first).astype(np.int64)
    which = np.repeat(np.arange(len(times)), counts)
    day = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts) + first[which]
    starts = np.maximum(times[which, 0], day * DAY)
    return np.stack([starts, np.minimum(times[which, 1], (day + 1) * DAY)], axis=1)


def spells(absence: Absence, stream: np.random.Generator, days: int) -> Any:
    """Return, for each day, whether somebody is away.

    Both spells last whole days, at least one. Where the days asked for leave less than a day to be
    present between them, the absences become longer, so that the share is kept.
    """
    gone = np.zeros(days, bool)
    away = max(absence.days, 1.0, absence.share / (1.0 - absence.share))
    present = away * (1 - absence.share) / absence.share
    present = max(present, 1.0)
    at = int(stream.geometric(1 / present)) - 1
    while at < days:
        length = int(stream.geometric(1 / away))
        gone[at : at + length] = True
        at += length + int(stream.geometric(1 / present))
    return gone
