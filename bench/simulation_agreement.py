"""Do both simulators say the same? Means of replications, compared by Welch's interval."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from scipy.special import stdtrit

from bench.simulation_environment import Prosimos
from bench.simulation_permit import Permit, all_of
from engine.analysis.simulation.hours import before
from engine.analysis.simulation.model import Calendar
from engine.analysis.simulation.run import simulate

CASES = 1_000
#: replications of Prosimos, and of ours, which cost little
THEIRS, OURS = 40, 400
#: the chance that any one of all intervals misses although both are alike
LEVEL = 0.05

#: one number a replication, by the name of what was measured
Figures: TypeAlias = Mapping[str, Sequence[float]]


@dataclass(frozen=True, slots=True)
class Difference:
    """One figure on both sides; `half` is half the width of the interval of their difference."""

    name: str
    theirs: float
    ours: float
    half: float

    @property
    def agrees(self) -> bool:
        """Whether 0 lies in the interval."""
        return abs(self.ours - self.theirs) <= self.half


def differences(permit: Permit, prosimos: Prosimos, folder: Path) -> list[Difference]:
    """Play both and return the mean and P90 of the hours of a case, and every pool's mean wait."""
    theirs, own = of_prosimos(permit, prosimos, folder), of_ours(permit)
    return [welch(name, theirs[name], own[name], len(own)) for name in own]


def welch(
    name: str, theirs: Sequence[float], ours: Sequence[float], comparisons: int
) -> Difference:
    """Return the difference of two means with its interval (Welch 1947).

    Each is so wide that all together miss with a chance of `LEVEL` at most (Bonferroni).
    """
    sides = (np.asarray(theirs), np.asarray(ours))
    errors = [each.var(ddof=1) / len(each) for each in sides]
    total = sum(errors)
    below = sum(error**2 / (len(each) - 1) for error, each in zip(errors, sides, strict=True))
    half = stdtrit(total**2 / below, 1 - LEVEL / comparisons / 2) * total**0.5
    return Difference(name, float(sides[0].mean()), float(sides[1].mean()), float(half))


def of_ours(permit: Permit) -> Figures:
    """Return our figures: what a result says, replication by replication."""
    result = simulate(permit.model, all_of(CASES, OURS))
    # the clock of this model never stands still: its days have 24 hours
    mean, _, p90, _ = 24 * np.array(result.measures["whole"].figures).T
    found: dict[str, Any] = {"hours of a case, mean": mean, "hours of a case, P90": p90}
    pools = np.array(result.tables.pools)
    for place, pool in enumerate(permit.model.pools):
        tasks, waiting = pools[:, place, 0], pools[:, place, 1]
        found[f"wait, {pool.id}"] = waiting / tasks
    return found


def of_prosimos(permit: Permit, prosimos: Prosimos, folder: Path) -> Figures:
    """Return the figures of Prosimos, out of its events."""
    seeds = range(1, THEIRS + 1)
    prosimos.play("events", permit.parameters, CASES, folder, seeds)
    rows = [measured(permit, folder / f"{seed}.npz") for seed in seeds]
    return {name: [row[name] for row in rows] for name in rows[0]}


def measured(permit: Permit, path: Path) -> dict[str, float]:
    """Return the figures of one replication of Prosimos."""
    events = np.load(path)
    ready, start, end = events["times"]
    done = np.zeros(CASES)
    np.maximum.at(done, events["case"], end)
    hours = done - events["arrived"]
    found = {
        "hours of a case, mean": float(hours.mean()),
        "hours of a case, P90": float(np.quantile(hours, 0.9)),
    }
    pools = np.array([permit.pool_of[str(name)] for name in events["names"]])[events["task"]]
    for pool in permit.model.pools:
        own, calendar = pools == pool.id, calendar_of(permit, pool.id)
        waits = before(calendar, start[own]) - before(calendar, ready[own])
        found[f"wait, {pool.id}"] = float(waits.mean())
    return found


def calendar_of(permit: Permit, pool: str) -> Calendar:
    """Return the hours of a pool's people: waits are counted while they are on duty."""
    name = next(each.calendar for each in permit.model.people if pool in each.pools)
    return permit.model.calendars[name]
