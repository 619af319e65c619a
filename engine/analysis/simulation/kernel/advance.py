"""The loop: tokens of this instant first, then the next event or arrival."""

from __future__ import annotations

import math

from engine.analysis.simulation.kernel import records as r
from engine.analysis.simulation.kernel.cases import admit, close
from engine.analysis.simulation.kernel.compiled import compiled
from engine.analysis.simulation.kernel.heap import drop_first, foresee
from engine.analysis.simulation.kernel.people import hand_over, look_for_work, release
from engine.analysis.simulation.kernel.present import finishes, worked_now
from engine.analysis.simulation.kernel.quantile import quantile
from engine.analysis.simulation.kernel.tokens import (
    EXCLUSIVE,
    FIRST,
    GATE,
    INCLUSIVE,
    PARALLEL,
    WORK,
    awake,
    begin,
    choose,
    drawn,
    first,
    join,
    leave,
    wait,
)

#: tokens that pass in one instant, per node, before a diagram counts as endless
PATIENCE = 10_000


@compiled
def lacking(p, s):
    """Return what must grow before the next step can be made, or DONE for nothing."""
    room = len(p.targets) + 2 * len(p.nodes) + 16
    if s.count[r.STACK] + room > len(s.stack):
        return r.GROW_STACK
    if s.count[r.HEAP] + len(s.people) + 2 > len(s.heap):
        return r.GROW_HEAP
    if s.count[r.FREE_JOB] < 0 and s.count[r.JOBS] + 1 > len(s.jobs):
        return r.GROW_JOBS
    if s.count[r.FREE_CASE] < 0 and s.count[r.CASES] + 1 > len(s.cases):
        return r.GROW_CASES
    if s.count[r.LOGGED] + 1 > len(s.log):
        return r.GROW_LOG
    return r.DONE


@compiled
def advance(p, s, budget):
    """Play on for at most `budget` steps; return how it ended: DONE, BUDGET, GROW_…, ENDLESS."""
    patience = PATIENCE * len(p.nodes)
    for _ in range(budget):
        full = lacking(p, s)
        if full != r.DONE:
            return full
        if s.count[r.STACK] > 0:
            s.count[r.AT_ONCE] += 1
            if s.count[r.AT_ONCE] > patience:
                return r.ENDLESS
            step(p, s)
        elif not next_instant(p, s):
            return r.DONE
    return r.BUDGET


@compiled
def next_instant(p, s):
    """Go to the next event or arrival; return whether there was one."""
    s.count[r.AT_ONCE] = 0
    event = s.heap[0]["at"] if s.count[r.HEAP] else math.inf
    arrival = math.inf
    if s.count[r.ARRIVED] < len(p.arrivals):
        arrival = max(p.arrivals[s.count[r.ARRIVED]]["at"], 0.0)
    if event == math.inf and arrival == math.inf:
        return False
    s.now[0] = min(event, arrival)
    if arrival <= event:
        number = s.count[r.ARRIVED]
        s.count[r.ARRIVED] = number + 1
        begin(p, s, admit(p, s, number), p.arrivals[number]["label"])
    else:
        happen(p, s)
    return True


@compiled
def happen(p, s):
    """Let the first event come to pass: a job is done, or a person comes on duty."""
    job, person = s.heap[0]["job"], s.heap[0]["person"]
    drop_first(s)
    if job < 0:
        s.people[person]["waking"] = 0
        if not s.people[person]["busy"]:
            look_for_work(p, s, person)
        return
    if person >= 0:
        release(p, s, job, person)
    finish_job(p, s, job)
    if person >= 0:
        look_for_work(p, s, person)


@compiled
def finish_job(p, s, job):
    """Book a job that is done, forget it, and let its token go on."""
    this = s.jobs[job]
    case, node, label = this["case"], this["node"], this["label"]
    label += book(p, s, case, node, this)
    this["left"] = s.count[r.FREE_JOB]
    s.count[r.FREE_JOB] = job
    leave(p, s, case, node, label, node, 1)


@compiled
def book(p, s, case, node, job):
    """Add one visit of a node to the sums and the log; return the days that count."""
    this, days = p.nodes[node], 0.0
    if this["own"]:
        clock = p.facts[r.CLOCK]
        days = (worked_now(p, s, clock) - job["clock"]) / p.calendars[clock]["day_hours"]
        if this["item"] >= 0:
            s.own[case, this["item"]] += days
    if s.cases[case]["measured"]:
        add(p, s, node, job)
    if p.facts[r.LOG]:
        note(s, case, node, job["ready"], job["start"], job["person"])
    return days if this["counted"] else 0.0


@compiled
def add(p, s, node, job):
    """Add to a node's sums: waiting in open hours, working, and closed hours between."""
    sums, waited = s.sums[node], job["waited"]
    sums["visits"] += 1
    sums["working"] += job["work"]
    sums["waiting"] += waited
    sums["closed"] += s.now[0] - job["ready"] - job["work"] - waited
    if job["person"] >= 0:
        s.pools[p.nodes[node]["pool"]]["tasks"] += 1
        s.pools[p.nodes[node]["pool"]]["waiting"] += waited


@compiled
def at_once(p, s, case, node):
    """Book a visit that takes no time and nobody."""
    if s.cases[case]["measured"]:
        s.sums[node]["visits"] += 1
    if p.facts[r.LOG]:
        note(s, case, node, s.now[0], s.now[0], -1)


@compiled
def note(s, case, node, ready, start, person):
    """Write one row of the event log."""
    row = s.log[s.count[r.LOGGED]]
    s.count[r.LOGGED] += 1
    row["case"], row["node"], row["person"] = s.cases[case]["number"], node, person
    row["ready"], row["start"], row["end"] = ready, start, s.now[0]


@compiled
def step(p, s):
    """Let the last token put down act upon its node; end its case with its last token."""
    s.count[r.STACK] -= 1
    token = s.stack[s.count[r.STACK]]
    case, node, label = token["case"], token["node"], token["label"]
    origin, live = token["origin"], token["live"]
    kind = p.nodes[node]["kind"]
    if live and p.nodes[node]["begins"]:
        s.own[case, p.nodes[node]["item"]] = 0.0
    if kind == WORK:
        work(p, s, case, node, label, origin, live)
    elif kind == EXCLUSIVE:
        choose(p, s, case, node, label, origin, live)
    elif kind in (PARALLEL, INCLUSIVE):
        join(p, s, case, node, label, origin, live)
    elif kind == GATE:
        wait(p, s, case, node, label, origin, live)
    elif kind == FIRST:
        first(p, s, case, node, label, origin, live)
    else:
        leave(p, s, case, node, label, origin, live)
    this = s.cases[case]
    if this["tokens"] == 0:
        close(p, s, case)
    elif this["tokens"] == this["resting"]:
        awake(p, s, case)


@compiled
def work(p, s, case, node, label, origin, live):
    """Begin a node's work, at once or in its queue; what takes no time is done at once."""
    this, visit = p.nodes[node], s.visits[case, node]
    s.visits[case, node] = visit + 1
    s.causes[case, node, 0] = origin
    if visit == 0:
        s.causes[case, node, 1] = origin
    done, standing = 0.0, s.cases[case]["standing"]
    if standing >= 0 and visit == 0:
        done = p.done[standing, node]
    if not live or done >= 1.0:
        leave(p, s, case, node, label, origin, live)
        return
    number = 0.0 if this["shape"] == 0 else drawn(p, s, case, node, visit)
    hours = min(quantile(number, this, p.tables), r.LONGEST) * (1.0 - done)
    if this["pool"] < 0 and hours <= 0.0:
        at_once(p, s, case, node)
        leave(p, s, case, node, label, node, 1)
        return
    put_down(p, s, case, node, label, origin, hours)


@compiled
def put_down(p, s, case, node, label, origin, hours):
    """Make a job of work that takes time or people."""
    job = s.count[r.FREE_JOB]
    if job >= 0:
        s.count[r.FREE_JOB] = s.jobs[job]["left"]
    else:
        job = s.count[r.JOBS]
        s.count[r.JOBS] += 1
    this, now = s.jobs[job], s.now[0]
    this["case"], this["node"], this["label"], this["origin"] = case, node, label, origin
    this["ready"], this["start"], this["work"], this["person"] = now, now, hours, -1
    this["waited"] = 0.0
    if p.nodes[node]["own"]:
        this["clock"] = worked_now(p, s, p.facts[r.CLOCK])
    this["priority"] = p.nodes[node]["priority"] + s.cases[case]["priority"]
    this["number"] = s.count[r.NUMBER]
    s.count[r.NUMBER] += 1
    if p.nodes[node]["pool"] >= 0:
        hand_over(p, s, job, p.nodes[node]["pool"])
    else:
        foresee(s, finishes(p, s, p.nodes[node]["calendar"], hours), job, -1)
