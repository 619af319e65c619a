"""Tokens: what each kind of node does with one."""

from __future__ import annotations

from engine.analysis.simulation.kernel.cases import bring, push
from engine.analysis.simulation.kernel.chance import uniform
from engine.analysis.simulation.kernel.compiled import compiled
from engine.analysis.simulation.kernel.records import (
    REPLICATION,
    SEED,
    SEED_HIGH,
    STACK,
)

START, END, WORK, EXCLUSIVE, PARALLEL, INCLUSIVE, GATE, FIRST, PASS = range(9)


@compiled
def drawn(p, s, case, node, visit):
    """Return the uniform number of one visit of a node by a case."""
    number, key = s.cases[case]["number"], p.nodes[node]["key"]
    facts = p.facts
    return uniform(number, key, visit, facts[REPLICATION], facts[SEED], facts[SEED_HIGH])


@compiled
def leave(p, s, case, node, label, origin, live):
    """Let a token go on from a node by all ways, after what the node brings about."""
    this = p.nodes[node]
    if live and this["brings"] >= 0:
        bring(p, s, case, node, label, origin)
    s.cases[case]["tokens"] += this["out_to"] - this["out_from"] - 1
    for way in range(this["out_from"], this["out_to"]):
        push(s, case, p.targets[way], label, origin, live)
    if this["out_to"] == this["out_from"]:
        end(s, case, label, origin)


@compiled
def end(s, case, label, origin):
    """Note a token that ended."""
    if label >= s.cases[case]["label"]:
        s.cases[case]["label"] = label
    s.cases[case]["origin"] = origin


@compiled
def choose(p, s, case, node, label, origin, live):
    """Let a token go on by one way of an exclusive node."""
    this = p.nodes[node]
    way = this["out_from"]
    if live and this["brings"] >= 0:
        bring(p, s, case, node, label, origin)
    if not live:
        way = this["exit"]
    elif gone_by(p, s, case, node) >= 0:
        way = gone_by(p, s, case, node)
        s.visits[case, node] += 1
    elif p.shares[way] < 1.0:
        number = drawn(p, s, case, node, s.visits[case, node])
        s.visits[case, node] += 1
        while way < this["out_to"] - 1 and number > p.shares[way]:
            way += 1
    push(s, case, p.targets[way], label, origin, live)


@compiled
def gone_by(p, s, case, node):
    """Return the way a project under way has gone by at an exclusive node already, or -1."""
    standing = s.cases[case]["standing"]
    if standing < 0 or s.visits[case, node] > 0:
        return -1
    return p.past[standing, node]


@compiled
def meet(p, s, case, node, label, origin, live):
    """Let a token wait at a join; return whether it was the last one."""
    meeting = s.meetings[case, p.nodes[node]["join"]]
    meeting["count"] += 1
    meeting["live"] |= live
    if live:
        meeting["label"], meeting["origin"] = max(meeting["label"], label), origin
    if meeting["count"] < p.nodes[node]["inputs"]:
        s.cases[case]["resting"] += p.nodes[node]["kind"] == INCLUSIVE
        return False
    if p.nodes[node]["kind"] == INCLUSIVE:
        s.cases[case]["resting"] -= meeting["count"] - 1
    s.cases[case]["tokens"] -= meeting["count"] - 1
    return True


@compiled
def join(p, s, case, node, label, origin, live):
    """Let a token pass a parallel or inclusive node, once all have come that must."""
    if p.nodes[node]["join"] >= 0:
        if not meet(p, s, case, node, label, origin, live):
            return
        meeting = s.meetings[case, p.nodes[node]["join"]]
        label, live = meeting["label"], meeting["live"]
        origin = meeting["origin"] if live else origin
        meeting["count"], meeting["label"], meeting["live"] = 0, 0.0, 0
    if live and p.nodes[node]["kind"] == INCLUSIVE:
        spread(p, s, case, node, label, origin)
    else:
        leave(p, s, case, node, label, origin, live)


@compiled
def spread(p, s, case, node, label, origin):
    """Let tokens go on by some ways of an inclusive node, the likeliest where chance names none.

    A negative share is the default's: taken where no other way is.

    By the other ways go dead tokens, which work nowhere and are counted by the join.
    """
    this = p.nodes[node]
    visit, chosen, likeliest = s.visits[case, node], 0, this["out_from"]
    s.visits[case, node] += 1
    s.cases[case]["tokens"] += this["out_to"] - this["out_from"] - 1
    for way in range(this["out_from"], this["out_to"]):
        branch = way - this["out_from"]
        live = drawn(p, s, case, node, visit + (branch << 16)) < p.shares[way]
        chosen += live
        if p.shares[likeliest] >= 0.0 and not 0.0 <= p.shares[way] <= p.shares[likeliest]:
            likeliest = way
        push(s, case, p.targets[way], label, origin, live)
    if not chosen:
        back = this["out_to"] - likeliest
        s.stack[s.count[STACK] - back]["live"] = 1


@compiled
def resting_join(p, s, case):
    """Return an inclusive join with tokens of a case, rather one with a live one, or -1."""
    found = -1
    for node in range(len(p.nodes)):
        this = p.nodes[node]
        if this["kind"] == INCLUSIVE and this["join"] >= 0:
            meeting = s.meetings[case, this["join"]]
            if meeting["count"] and meeting["live"]:
                return node
            if meeting["count"]:
                found = node
    return found


@compiled
def awake(p, s, case):
    """Let tokens go on from an inclusive join where all others rest: nobody comes any more.

    A case rests where every token of it waits at a gate or an inclusive join.
    """
    node = resting_join(p, s, case)
    if node < 0:
        return
    meeting = s.meetings[case, p.nodes[node]["join"]]
    s.cases[case]["resting"] -= meeting["count"]
    s.cases[case]["tokens"] -= meeting["count"] - 1
    label, origin, live = meeting["label"], meeting["origin"], meeting["live"]
    meeting["count"], meeting["label"], meeting["live"] = 0, 0.0, 0
    if live:
        spread(p, s, case, node, label, origin)
    else:
        leave(p, s, case, node, label, origin, 0)


@compiled
def wait(p, s, case, node, label, origin, live):
    """Let a token pass a gate whose conditions are met; else it waits there."""
    met = True
    for place in range(p.nodes[node]["waits_from"], p.nodes[node]["waits_to"]):
        milestone = s.milestones[case, p.awaited[place]]
        met &= milestone["reached"] != 0
        label = max(label, milestone["label"])
    if met or not live:
        leave(p, s, case, node, label, origin, live)
        return
    s.cases[case]["resting"] += 1
    waiting = s.waiting[case, p.nodes[node]["gate"]]
    waiting["count"] += 1
    waiting["label"], waiting["since"] = max(waiting["label"], label), s.now[0]


@compiled
def first(p, s, case, node, label, origin, live):
    """Let the first token of each round pass; the others end."""
    turn = s.visits[case, node] % p.nodes[node]["inputs"]
    s.visits[case, node] += 1
    if turn == 0 and live:
        leave(p, s, case, node, label, origin, live)
        return
    s.cases[case]["tokens"] -= 1


@compiled
def begin(p, s, case, label):
    """Put the tokens of a case that has arrived before every start."""
    s.cases[case]["tokens"] = len(p.starts)
    for place in range(len(p.starts)):
        push(s, case, p.starts[place], label, -1, 1)
