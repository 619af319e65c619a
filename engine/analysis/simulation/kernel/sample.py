"""Without queues: a network's durations drawn and added up, many cases at a time.

A block of cases is small enough for the processor's nearest memory; each activity is drawn for
the whole block, so that the compiler can do several cases at once.
"""

from __future__ import annotations

import math

from numba import uint64

from engine.analysis.simulation.kernel import quantile as q
from engine.analysis.simulation.kernel import records as r
from engine.analysis.simulation.kernel.cases import step_of
from engine.analysis.simulation.kernel.chance import number, philox
from engine.analysis.simulation.kernel.compiled import compiled

BLOCK = 512


@compiled
def numbers(key, first, facts, found):
    """Write the uniform numbers of an activity for a block of cases, the first of them even."""
    for half in range(len(found) // 2):
        a, b, c, d = philox(
            uint64(first // 2 + half), key, 0, facts[r.REPLICATION], facts[r.SEED],
            facts[r.SEED_HIGH],
        )  # fmt: skip
        found[2 * half], found[2 * half + 1] = number(a, b), number(c, d)


@compiled
def triangles(u, low, high, cut, found):
    """Write a triangle's quantiles, without a branch."""
    width = high - low
    for place in range(len(u)):
        left = u[place] <= cut
        root = math.sqrt(u[place] * cut if left else (1.0 - u[place]) * (1.0 - cut))
        found[place] = low + width * root if left else high - width * root


@compiled
def durations(p, activity, u, found):
    """Write an activity's hours for a block of uniform numbers."""
    if activity["shape"] == q.FIXED:
        found[:] = activity["shift"]
    elif activity["shape"] == q.TRIANGULAR:
        triangles(u, activity["shift"], activity["scale"], activity["form"], found)
    else:
        for place in range(len(u)):
            found[place] = q.quantile(u[place], activity, p.tables)


@compiled
def later(ends, before, first, last, found):
    """Write, case by case, the latest end of what an activity waits for."""
    found[:] = 0.0
    for place in range(first, last):
        other = ends[before[place]]
        for case in range(len(found)):
            found[case] = max(found[case], other[case])


@compiled
def block(p, first, count, s):
    """Draw a block of cases and add up their networks; `count` of them are wanted."""
    for which in range(len(p.nodes)):
        activity = p.nodes[which]
        hours, start = s.hours[which], s.start
        if activity["shape"] != q.FIXED:
            numbers(activity["key"], first, p.facts, s.uniform)
        durations(p, activity, s.uniform, hours)
        for case in range(count):
            s.spent[which] += hours[case]
        later(s.ends, p.before, activity["waits_from"], activity["waits_to"], start)
        for case in range(len(start)):
            s.ends[which, case] = start[case] + hours[case]
        later(s.counted, p.before, activity["waits_from"], activity["waits_to"], start)
        for case in range(len(start)):
            s.counted[which, case] = start[case] + hours[case] * activity["counted"]


@compiled
def totals(p, s, first, count, found):
    """Write a block's outcomes: hours to construction start, counted, and to the last end."""
    opening = p.facts[r.OPENS]
    for case in range(count):
        row = found[first + case]
        row["opened"], row["counted"] = s.ends[opening, case], s.counted[opening, case]
        row["ended"] = 0.0
    for which in range(len(p.nodes)):
        for case in range(count):
            row = found[first + case]
            row["ended"] = max(row["ended"], s.ends[which, case])


@compiled
def days(p, s, count):
    """Count the items' own days of a block."""
    for item in range(len(p.promised)):
        if p.items_of[item] == p.items_of[item + 1]:
            continue
        for case in range(count):
            own = 0.0
            for place in range(p.items_of[item], p.items_of[item + 1]):
                own += s.hours[p.works[place], case]
            own /= p.day_hours[0]
            s.items[item, 0] += own
            s.items[item, 1] += own <= p.promised[item] + 1e-6
            s.items[item, 2] += 1
            s.days[item, step_of(own)] += 1


@compiled
def deciding(p, s, which, case):
    """Return what an activity waited for the longest, or -1."""
    found, latest = -1, -1.0
    for place in range(p.nodes[which]["waits_from"], p.nodes[which]["waits_to"]):
        other = p.before[place]
        if s.ends[other, case] > latest:
            found, latest = other, s.ends[other, case]
    return found


@compiled
def critical(p, s, count):
    """Count, for a block, the items whose work decided when construction may start."""
    for case in range(count):
        which = p.facts[r.OPENS]
        s.seen[:] = 0
        while which >= 0:
            item = p.nodes[which]["item"]
            if item >= 0 and s.hours[which, case] > 0.0 and not s.seen[item]:
                s.seen[item] = 1
                s.critical[item] += 1
            which = deciding(p, s, which, case)


@compiled
def sample(p, s, first, last, found):
    """Draw the cases from an even number `first` up to `last`, one block after another."""
    for begin in range(first, last, BLOCK):
        count = min(BLOCK, last - begin)
        block(p, begin, count, s)
        totals(p, s, begin, count, found)
        days(p, s, count)
        critical(p, s, count)
