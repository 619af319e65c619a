"""Cases: what has been brought about, what decided it, and how a case ends."""

from __future__ import annotations

import math

from engine.analysis.simulation.kernel.compiled import compiled, inlined
from engine.analysis.simulation.kernel.records import (
    BEFORE,
    CASES,
    DAY_STEP,
    DAY_STEPS,
    FREE_CASE,
    MEASURED,
    OPENS,
    STACK,
)


@inlined
def push(s, case, node, label, origin, live):
    """Put a token before a node."""
    token = s.stack[s.count[STACK]]
    s.count[STACK] += 1
    token["case"], token["node"], token["label"] = case, node, label
    token["origin"], token["live"] = origin, live


@compiled
def bring(p, s, case, node, label, origin):
    """Note what a node brings about, and let go on whoever waited for it."""
    this = p.nodes[node]
    which = this["brings"]
    milestone = s.milestones[case, which]
    if this["decides"] >= 0:
        decide(p, s, case, this["decides"])
    milestone["label"], milestone["origin"] = max(milestone["label"], label), origin
    if milestone["reached"]:
        return
    milestone["reached"] = 1
    if which == p.facts[OPENS] and not s.cases[case]["opened"]:
        open_case(p, s, case, label, origin)
    for place in range(p.gates_of[which], p.gates_of[which + 1]):
        let_through(p, s, case, p.gates[place], origin)


@compiled
def step_of(days):
    """Return the place of some days in an item's histogram."""
    if days < DAY_STEP * DAY_STEPS:
        return min(int(days / DAY_STEP + 0.5), DAY_STEPS - 1)
    return min(DAY_STEPS + int(days - DAY_STEP * DAY_STEPS), 2 * DAY_STEPS - 1)


@compiled
def decide(p, s, case, item):
    """Count an item that was decided: its own days, and whether they kept the promise."""
    if not s.cases[case]["measured"]:
        return
    own = s.own[case, item]
    if s.cases[case]["standing"] >= 0 and own == 0.0:
        # decided before the beginning
        return
    s.items[item, 0] += own
    s.items[item, 1] += own <= p.promised[item] + 1e-6
    s.items[item, 2] += 1
    s.days[item, step_of(own)] += 1


@compiled
def let_through(p, s, case, node, origin):
    """Let tokens pass a gate if nothing is missing any more."""
    waiting = s.waiting[case, p.nodes[node]["gate"]]
    if not waiting["count"]:
        return
    label = waiting["label"]
    for place in range(p.nodes[node]["waits_from"], p.nodes[node]["waits_to"]):
        milestone = s.milestones[case, p.awaited[place]]
        if not milestone["reached"]:
            return
        label = max(label, milestone["label"])
    if s.cases[case]["measured"]:
        s.sums[node]["visits"] += waiting["count"]
        s.sums[node]["held"] += waiting["count"] * (s.now[0] - waiting["since"])
    for _ in range(waiting["count"]):
        # the gate is passed anew: by now everything has been brought about
        push(s, case, node, label, origin, 1)
    s.cases[case]["resting"] -= waiting["count"]
    waiting["count"], waiting["label"] = 0, 0.0


@compiled
def open_case(p, s, case, label, origin):
    """Note that construction may start, and what decided when."""
    s.cases[case]["opened"] = 1
    outcome = s.outcomes[s.cases[case]["number"]]
    outcome["opened"], outcome["counted"] = s.now[0], label
    if s.cases[case]["measured"]:
        trace(p, s, case, origin)


@compiled
def trace(p, s, case, node):
    """Count the items whose work lies on the path that decided.

    Back from work to the work it waited for. Where the way comes to work it has been at, a loop,
    it goes on by what that work waited for the first time.
    """
    stamp, again, nodes = s.cases[case]["number"] + 1, 0, len(p.nodes)
    while node >= 0:
        again |= s.marks[node] == stamp
        s.marks[node] = stamp
        item = p.nodes[node]["item"]
        idle = p.nodes[node]["shape"] == 0 and p.nodes[node]["shift"] == 0.0
        if item >= 0 and not idle and s.marks[nodes + item] != stamp:
            s.marks[nodes + item] = stamp
            s.critical[item] += 1
        node = s.causes[case, node, again]


@compiled
def arrive(s):
    """Return the place of a case that has just arrived."""
    case = s.count[FREE_CASE]
    if case >= 0:
        s.count[FREE_CASE] = s.cases[case]["tokens"]
    else:
        case = s.count[CASES]
        s.count[CASES] += 1
    return case


@compiled
def admit(p, s, number):
    """Begin the books of a case that arrives now; return its place."""
    case, arrival = arrive(s), p.arrivals[number]
    this = s.cases[case]
    this["arrived"], this["number"], this["opened"] = arrival["at"], number, 0
    this["standing"], this["priority"] = arrival["standing"], arrival["priority"]
    this["label"], this["origin"], this["resting"] = arrival["label"], -1, 0
    this["measured"] = p.facts[BEFORE] <= number < p.facts[BEFORE] + p.facts[MEASURED]
    outcome = s.outcomes[number]
    outcome["arrived"] = arrival["at"]
    outcome["opened"] = outcome["counted"] = outcome["ended"] = math.nan
    return case


@compiled
def close(p, s, case):
    """End the books of a case whose last token has ended, and make its place free."""
    this = s.cases[case]
    if p.facts[OPENS] < 0:
        open_case(p, s, case, this["label"], this["origin"])
    s.outcomes[this["number"]]["ended"] = s.now[0]
    s.visits[case, :] = 0
    s.own[case, :] = 0.0
    for which in range(s.milestones.shape[1]):
        s.milestones[case, which]["reached"] = 0
        s.milestones[case, which]["label"] = 0.0
    this["tokens"] = s.count[FREE_CASE]
    s.count[FREE_CASE] = case
