"""Staff that is ill: each person's own hours in one replication."""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.analysis.simulation.arriving import DAY, chance
from engine.analysis.simulation.model import Absence, Calendar, Model, Person
from engine.analysis.simulation.plan import Plan


def own_hours(model: Model, person: Person, plan: Plan, replication: int, until: float) -> Calendar:
    """Return a person's calendar without the spells in which they are away.

    Present and absent days take turns, geometric with the means that give the share. It repeats
    after `until` hours, rounded up to whole periods.
    """
    calendar = model.calendars[person.calendar]
    periods = max(1, int(np.ceil(until / calendar.period)))
    length = periods * calendar.period
    stream = chance(plan, replication, f"away {person.id}")
    gone = spells(person.absence, stream, int(np.ceil(length / DAY)))
    times = np.array(calendar.spans, np.float64).reshape(-1, 2)
    shifts = (np.arange(periods) * calendar.period)[:, None, None]
    kept = (times[None] + shifts).reshape(-1, 2)
    days = np.minimum((kept[:, 0] / DAY).astype(np.int64), len(gone) - 1)
    present = kept[~gone[days]]
    left = present if len(present) else kept
    return Calendar(tuple(map(tuple, left.tolist())), length, calendar.day_hours)


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
