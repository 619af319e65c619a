"""The arrays the kernel works on: one record type a kind of thing."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

I1, I4, I8, U4, F8 = "i1", "i4", "i8", "u4", "f8"

#: a node of the control flow; `*_from`, `*_to` are ranges of the lists in `Program`
NODE = np.dtype(
    [
        ("shift", F8), ("scale", F8), ("form", F8),
        ("key", U4), ("pool", I4), ("calendar", I4), ("priority", I4), ("item", I4),
        ("inputs", I4), ("join", I4), ("gate", I4), ("brings", I4), ("decides", I4), ("exit", I4),
        ("out_from", I4), ("out_to", I4), ("waits_from", I4), ("waits_to", I4),
        ("table_from", I4), ("table_to", I4),
        ("kind", I1), ("shape", I1), ("counted", I1), ("own", I1), ("begins", I1),
    ],
    align=True,
)  # fmt: skip
#: a calendar: its spans, and for each day of its period the first span not yet over
CALENDAR = np.dtype(
    [
        ("period", F8), ("total", F8), ("day_hours", F8),
        ("span_from", I4), ("span_to", I4), ("day_from", I4), ("days", I4),
    ],
    align=True,
)  # fmt: skip
#: open hours [start, stop) of a period; `before`: open hours of the period before it
SPAN = np.dtype([("start", F8), ("stop", F8), ("before", F8)], align=True)
#: the present instant on a calendar; `hours` open until `since`, nothing changes before `until`
PRESENT = np.dtype(
    [("until", F8), ("since", F8), ("hours", F8), ("begin", F8), ("span", I4), ("open", I1)],
    align=True,
)
PERSON = np.dtype(
    [
        ("free_at", F8), ("busy_hours", F8),
        ("calendar", I4), ("office", I4), ("pools_from", I4), ("pools_to", I4),
        ("busy", I1), ("waking", I1),
    ],
    align=True,
)  # fmt: skip
POOL = np.dtype(
    [
        ("area", F8), ("changed_at", F8), ("waiting", F8), ("tasks", I8),
        ("people_from", I4), ("people_to", I4), ("root", I4), ("length", I4), ("most", I4),
        ("idle", I4),
    ],
    align=True,
)  # fmt: skip
#: work that waits or goes on; `waited`: open hours until somebody began; `clock`: hours of the
#: clock when it was ready; `left` and `right` hold it in its queue, `left` in the free list
JOB = np.dtype(
    [
        ("label", F8), ("ready", F8), ("start", F8), ("work", F8), ("waited", F8), ("clock", F8),
        ("number", I8),
        ("case", I4), ("node", I4), ("person", I4), ("origin", I4), ("priority", I4),
        ("left", I4), ("right", I4),
    ],
    align=True,
)  # fmt: skip
#: what comes to pass: a job is done, or (job -1) a person comes on duty
EVENT = np.dtype([("at", F8), ("number", I8), ("job", I4), ("person", I4)], align=True)
#: `label`: counted days on the longest path so far; `origin`: the last work on it
TOKEN = np.dtype([("label", F8), ("case", I4), ("node", I4), ("origin", I4), ("live", I1)])
CASE = np.dtype(
    [
        ("arrived", F8), ("label", F8), ("number", I8), ("tokens", I4), ("standing", I4),
        ("priority", I4), ("origin", I4), ("resting", I4), ("opened", I1), ("measured", I1),
    ],
    align=True,
)  # fmt: skip
MEETING = np.dtype([("label", F8), ("origin", I4), ("count", I4), ("live", I1)], align=True)
MILESTONE = np.dtype([("label", F8), ("origin", I4), ("reached", I1)], align=True)
WAITING = np.dtype([("label", F8), ("since", F8), ("origin", I4), ("count", I4)], align=True)
#: one row a case, in the order of arrival; NaN for what never came
OUTCOME = np.dtype([("arrived", F8), ("opened", F8), ("counted", F8), ("ended", F8)])
#: sums over the visits of measured cases, in hours
SUMS = np.dtype([("visits", I8), ("waiting", F8), ("working", F8), ("closed", F8), ("held", F8)])
#: what one step did, for the event log
STEP = np.dtype(
    [("ready", F8), ("start", F8), ("end", F8), ("case", I8), ("node", I4), ("person", I4)],
    align=True,
)


class Program(NamedTuple):
    """What does not change while it runs."""

    nodes: Any
    #: targets of flows, and their shares: cumulated at exclusive nodes, each by itself at inclusive
    targets: Any
    shares: Any
    #: milestones that gates wait for; for each milestone its gates, `gates_of[m]:gates_of[m + 1]`
    awaited: Any
    gates: Any
    gates_of: Any
    tables: Any
    calendars: Any
    spans: Any
    days: Any
    #: pools of each person, people of each pool
    pools_of: Any
    people_of: Any
    starts: Any
    #: what of each node is done, by standing case, and the way it has gone by there or -1
    done: Any
    past: Any
    #: arrivals: hours, class, row of `done` or -1, counted days already spent
    arrivals: Any
    #: promised days of each item, or -1
    promised: Any
    #: [seed low, seed high, replication, clock, opening milestone, cases before, cases measured,
    #:  log wanted]; see the places below
    facts: Any
    #: hours between which people's time is measured
    window: Any


class State(NamedTuple):
    """What changes. `count` holds the numbers named in `Count`."""

    count: Any
    #: the present instant
    now: Any
    #: what is known of it on every calendar
    present: Any
    people: Any
    pools: Any
    jobs: Any
    heap: Any
    stack: Any
    cases: Any
    meetings: Any
    milestones: Any
    waiting: Any
    visits: Any
    causes: Any
    own: Any
    outcomes: Any
    sums: Any
    #: histogram of items' own days, and how often each was on the path that decided
    days: Any
    critical: Any
    #: [sum of own days, items within promise, items measured] by item
    items: Any
    marks: Any
    log: Any


ARRIVAL = np.dtype([("at", F8), ("label", F8), ("priority", I4), ("standing", I4)], align=True)
#: places in `State.count`
HEAP, NUMBER, STACK, JOBS, FREE_JOB, CASES, FREE_CASE, ARRIVED, LOGGED, AT_ONCE = range(10)
COUNTS = 10
#: places in `Program.facts`
SEED, SEED_HIGH, REPLICATION, CLOCK, OPENS, BEFORE, MEASURED, LOG = range(8)
FACTS = 8
#: how a call of `advance` ends
DONE, BUDGET, GROW_HEAP, GROW_STACK, GROW_JOBS, GROW_CASES, GROW_LOG, ENDLESS = range(8)
#: days of an item are counted in so many steps of this many, and beyond in as many whole days
DAY_STEP, DAY_STEPS = 0.05, 2_048
#: no work takes more hours: some forty thousand days around the clock
LONGEST = 1e6
