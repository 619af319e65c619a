"""Who does the work: pools of people, by the log's groups or by what they do, and handovers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import networkx as nx
import numpy as np

from engine.analysis.discovery.clock import WorkClock, wall_hours
from engine.analysis.discovery.durations import Durations
from engine.analysis.discovery.families import Array
from engine.analysis.discovery.week import HOURS, WEEK
from engine.analysis.eventlog.log import UNKNOWN, EventLog

#: people whose activities have at least this cosine are of one pool
ALIKE = 0.7
#: a log has groups where at least this share of its rows has one
GROUPED = 0.5
#: somebody belongs to a pool with at least this share of what they did
BELONGS = 0.1
#: how logs write that there is no group
NO_GROUP = frozenset({"", "-", "EMPTY", "UNKNOWN", "NULL", "NONE", "N/A", "NA"})
MOST_HANDOVERS = 100
#: a part of a group is told apart that did at least so much
PART = 30


@dataclass(frozen=True, slots=True)
class FoundPool:
    """People who do the same work.

    `people` by their share of what the pool did, most first; `active` is how many of them did
    something in a usual week (the median of the weeks in which anybody did). `activities` are
    counts by name. `utilisation`: hours worked of the hours that `active` people are there, None
    where starts are unknown.
    """

    id: str
    people: Mapping[str, int]
    active: int
    activities: Mapping[str, int]
    events: int
    utilisation: float | None = None
    calendar: str = ""

    def data(self) -> dict[str, Any]:
        """Return it as JSON."""
        names = ("id", "active", "events", "utilisation", "calendar")
        return {
            **{name: getattr(self, name) for name in names},
            "people": dict(self.people),
            "activities": dict(self.activities),
        }


@dataclass(frozen=True, slots=True, eq=False)
class Pools:
    """The pools of a log; `of` is the pool of every row by its place, UNKNOWN where nobody knows.

    `handovers` count how often a case went from one pool to another: {(from, to): n}.
    `people_handovers` are the most frequent ones between people: (from, to, n).
    """

    pools: tuple[FoundPool, ...]
    of: Array
    grouped: bool
    handovers: Mapping[tuple[str, str], int] = field(default_factory=dict)
    people_handovers: tuple[tuple[str, str, int], ...] = ()

    def main(self, rows: Array) -> str:
        """Return the pool that did most of these rows (a mask or places); '' where none did."""
        of = self.of[rows]
        known = of[of != UNKNOWN]
        return self.pools[int(np.bincount(known).argmax())].id if len(known) else ""

    def data(self) -> dict[str, Any]:
        """Return it as JSON."""
        return {
            "grouped": self.grouped,
            "pools": [each.data() for each in self.pools],
            "handovers": [[*pair, count] for pair, count in self.handovers.items()],
            "people_handovers": [list(each) for each in self.people_handovers],
        }


def pools(log: EventLog, clock: WorkClock, measured: Durations) -> Pools:
    """Return the pools of a log: its groups, or people with alike profiles of activities."""
    blank = np.array([each.strip().upper() in NO_GROUP for each in log.groups] + [True])
    known = ~blank[log.group]
    grouped = bool(len(log)) and float(known.mean()) >= GROUPED
    if grouped:
        names, of = list(log.groups), np.where(known, log.group, UNKNOWN)
        if log.has_starts:
            names, of = by_people(log, names, of)
    else:
        names, of = by_profile(log)
    used = np.unique(of[of != UNKNOWN])
    place = np.full(len(names) + 1, UNKNOWN)
    place[used] = np.arange(len(used))
    of = place[of]
    made = [pool(log, clock, measured, names[each], of == at) for at, each in enumerate(used)]
    pairs, people = handovers(log, of, [each.id for each in made])
    return Pools(tuple(made), of, grouped, pairs, people)


def by_people(log: EventLog, names: list[str], of: Array) -> tuple[list[str], Array]:
    """Return groups parted where nobody does both one activity and the other.

    A department's window and its reviewers stand in one group of the log and in two queues. The
    busiest part keeps the group's name; parts of few events stay with it.
    """
    found, parted = list(names), of.copy()
    for group, name in enumerate(names):
        mine = of == group
        for at, activities in enumerate(together(log, mine), 1):
            rows = mine & np.isin(log.activity, activities)
            if at > 1 and rows.sum() >= PART:
                parted[rows] = len(found)
                found.append(f"{name} ({at})")
    return found, parted


def together(log: EventLog, rows: Array) -> list[list[int]]:
    """Return activities that people have in common, the busiest part first.

    Who does less of an activity than a share of BELONGS stands in, and joins nothing.
    """
    rows = rows & (log.resource != UNKNOWN)
    shape = (len(log.activities), len(log.resources))
    cell = np.ravel_multi_index((log.activity[rows], log.resource[rows]), shape)
    places, counts = np.unique(cell, return_counts=True)
    activity, person = np.unravel_index(places, shape)
    total = np.bincount(activity, counts)
    people = np.bincount(activity)
    graph: nx.Graph[tuple[str, int]] = nx.Graph()
    for one, who, count in zip(activity.tolist(), person.tolist(), counts.tolist(), strict=True):
        graph.add_node(("activity", one))
        if count >= min(BELONGS, 1 / (2 * people[one])) * total[one]:
            graph.add_edge(("activity", one), ("person", who))
    parts = [
        sorted(at for kind, at in each if kind == "activity")
        for each in nx.connected_components(graph)
    ]
    return sorted(parts, key=lambda each: -total[each].sum())


def by_profile(log: EventLog) -> tuple[list[str], Array]:
    """Return pools of people with alike profiles, and the pool of every row.

    A profile is how often somebody does each activity. From the busiest person on, each joins the
    first pool whose first member's profile has a cosine of at least ALIKE, or begins a new one,
    named by what they do most (Song and van der Aalst 2008, joint activities).
    """
    known = log.resource != UNKNOWN
    profiles = np.zeros((len(log.resources), len(log.activities)))
    np.add.at(profiles, (log.resource[known], log.activity[known]), 1.0)
    length = np.linalg.norm(profiles, axis=1, keepdims=True)
    profiles = profiles / np.maximum(length, 1e-12)
    leaders: list[int] = []
    pool_of = np.full(len(log.resources) + 1, UNKNOWN)
    for person in np.argsort(-length[:, 0], kind="stable"):
        near = profiles[leaders] @ profiles[person]
        if leaders and near.max() >= ALIKE:
            pool_of[person] = int((near >= ALIKE).argmax())
        else:
            pool_of[person] = len(leaders)
            leaders.append(int(person))
    return unlike([log.activities[int(profiles[each].argmax())] for each in leaders]), pool_of[
        log.resource
    ]


def unlike(names: list[str]) -> list[str]:
    """Return names with a number where one stands twice."""
    seen: dict[str, int] = {}
    found = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        found.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return found


def pool(log: EventLog, clock: WorkClock, measured: Durations, name: str, rows: Array) -> FoundPool:
    """Return one pool: the chosen rows are what it did."""
    people = np.bincount(log.resource[rows & (log.resource != UNKNOWN)])
    return FoundPool(
        id=name,
        people=ranked(log.resources, people),
        active=active(log, clock, rows),
        activities=ranked(log.activities, np.bincount(log.activity[rows])),
        events=int(rows.sum()),
        utilisation=utilisation(log, clock, measured, rows),
    )


def ranked(names: tuple[str, ...], counts: Array) -> dict[str, int]:
    """Return counts by name, the greatest first."""
    order = np.argsort(-counts, kind="stable")
    return {names[each]: int(counts[each]) for each in order if counts[each]}


def active(log: EventLog, clock: WorkClock, rows: Array) -> int:
    """Return how many people did something in a usual week, at least 1."""
    known = rows & (log.resource != UNKNOWN)
    if not known.any():
        return 1
    wall = wall_hours(log.end[known], clock.timezone, clock.origin)
    weeks = np.floor(wall / (WEEK * HOURS)).astype(np.int64)
    pairs = np.unique(np.stack([weeks, log.resource[known]]), axis=1)[0]
    counts = np.unique(pairs, return_counts=True)[1]
    return max(1, round(float(np.median(counts))))


def utilisation(log: EventLog, clock: WorkClock, measured: Durations, rows: Array) -> float | None:
    """Return hours worked of hours there, from the pool's first start to its last end."""
    exact = rows & measured.exact
    if not exact.any():
        return None
    ends = np.array([log.start[exact].min(), log.end[exact].max()])
    there = float(np.diff(clock.at(ends))[0]) * active(log, clock, rows)
    return round(float(measured.work[exact].sum()) / there, 4) if there else None


def handovers(
    log: EventLog, of: Array, names: list[str]
) -> tuple[dict[tuple[str, str], int], tuple[tuple[str, str, int], ...]]:
    """Return how often a case went from pool to pool, and from person to person."""
    same = log.case[1:] == log.case[:-1]
    between = {
        (names[one], names[other]): count for one, other, count in moves(of, same) if one != other
    }
    people = [each for each in moves(log.resource, same) if each[0] != each[1]]
    people.sort(key=lambda each: -each[2])
    named = [(log.resources[a], log.resources[b], n) for a, b, n in people[:MOST_HANDOVERS]]
    return between, tuple(named)


def moves(of: Array, same: Array) -> list[tuple[int, int, int]]:
    """Return how often one thing follows another in a case: (from, to, count)."""
    both = same & (of[1:] != UNKNOWN) & (of[:-1] != UNKNOWN)
    pairs, counts = np.unique(np.stack([of[:-1][both], of[1:][both]]), axis=1, return_counts=True)
    return [(int(one), int(other), int(n)) for (one, other), n in zip(pairs.T, counts, strict=True)]
