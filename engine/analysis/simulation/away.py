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
    times = (calendar.times[None] + shifts).reshape(-1, 2)
    times = times[times[:, 1] <= length]
    stream = chance(plan, replication, f"away {person.id}")
    gone = spells(person.absence, stream, int(length / DAY))
    present = times[~gone[(times[:, 0] / DAY).astype(np.int64)]]
    return present if len(present) else times, length


def spells(absence: Absence, stream: np.random.Generator, days: int) -> Any:
    """Return, for each day, whether somebody is away."""
    gone = np.zeros(days, bool)
    present = absence.days * (1 - absence.share) / absence.share
    at = int(stream.geometric(min(1.0, 1 / max(present, 1.0)))) - 1
    while at < days:
        length = int(stream.geometric(min(1.0, 1 / max(absence.days, 1.0))))
        gone[at : at + length] = True
        at += length + int(stream.geometric(min(1.0, 1 / max(present, 1.0))))
    return gone
