"""Who serves which pools: everybody once, however many pools they serve."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.analysis.discovery.clock import WorkClock, wall_hours
from engine.analysis.discovery.families import Array
from engine.analysis.discovery.resources import BELONGS, Pools, active
from engine.analysis.discovery.week import HOURS, WEEK
from engine.analysis.eventlog.log import UNKNOWN, EventLog

#: somebody serves a pool where they do an activity at least so often, and this part of what each
#: would do of it if all who ever did shared it evenly
REGULAR, EVEN = 3, 0.5


@dataclass(frozen=True, slots=True)
class Staff:
    """`alone` counts by pool those who serve it and no other; `several` are pools by person."""

    alone: dict[str, int]
    several: dict[str, list[str]]


def staff(log: EventLog, clock: WorkClock, pools: Pools, used: set[str]) -> Staff:
    """Return who serves the pools that are used, nobody twice.

    People of the same several pools are as many as were there at once on average, from their first
    week to their last: who follows somebody takes their place. Where these were there for less
    than half of the log they count in the pool that they did most for.
    """
    names = [each.id for each in pools.pools]
    wanted = np.array([each in used for each in names] + [False])
    rows = (log.resource != UNKNOWN) & wanted[pools.of]
    serves, main = serving(log, pools.of, rows, len(names))
    since = spans(log, clock, rows)
    several: dict[str, list[str]] = {}
    for pattern in np.unique(serves[serves.sum(1) > 1], axis=0):
        people = np.flatnonzero((serves == pattern).all(1))
        number = round(float(since[people].sum()))
        for person in people[np.argsort(-since[people], kind="stable")][:number]:
            several[log.resources[person]] = [names[each] for each in np.flatnonzero(pattern)]
        if not number:
            serves[people] = False
            serves[people, main[people]] = True
    one = np.append(serves.sum(1) == 1, False)[log.resource] & rows
    alone = {
        name: active(log, clock, mine) if mine.any() else 0
        for at, name in enumerate(names)
        for mine in [one & (pools.of == at) & np.append(serves[:, at], False)[log.resource]]
        if name in used
    }
    return Staff(alone, dict(sorted(several.items())))


def serving(log: EventLog, of: Array, rows: Array, number: int) -> tuple[Array, Array]:
    """Return who serves which pool (people by pools), and the pool everybody did most for.

    Somebody serves a pool that they gave at least a share of BELONGS of what they did, and one of
    which they do an activity regularly, however little that is beside all they do elsewhere.
    """
    counts = np.zeros((len(log.resources), number))
    np.add.at(counts, (log.resource[rows], of[rows]), 1.0)
    serves = counts >= np.maximum(BELONGS * counts.sum(1, keepdims=True), 1.0)
    deeds = np.stack([of[rows], log.activity[rows], log.resource[rows]])
    (pool, activity, person), times = np.unique(deeds, axis=1, return_counts=True)
    place = np.unique(np.stack([pool, activity]), axis=1, return_inverse=True)[1].reshape(-1)
    share = times / np.bincount(place, times)[place] if len(place) else times
    even = EVEN / np.bincount(place)[place] if len(place) else share
    regular = (times >= REGULAR) & (share >= np.minimum(BELONGS, even))
    serves[person[regular], pool[regular]] = True
    main = counts.argmax(1) if number else np.zeros(len(counts), np.int64)
    there = counts.any(1)
    serves[there, main[there]] = True
    return serves, main


def spans(log: EventLog, clock: WorkClock, rows: Array) -> Array:
    """Return for what share of the log's weeks each person was there, from first to last."""
    found = np.zeros(len(log.resources))
    if not rows.any():
        return found
    wall = wall_hours(log.end[rows], clock.timezone, clock.origin)
    weeks = np.floor(wall / (WEEK * HOURS)).astype(np.int64)
    first, last = np.full(len(found), weeks.max() + 1), np.full(len(found), weeks.min() - 1)
    np.minimum.at(first, log.resource[rows], weeks)
    np.maximum.at(last, log.resource[rows], weeks)
    told: Array = np.maximum(last - first + 1, 0) / (weeks.max() - weeks.min() + 1)
    return told
