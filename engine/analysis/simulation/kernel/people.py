"""People: who takes up what, and what they do when it is done."""

from __future__ import annotations

from engine.analysis.simulation.kernel.compiled import compiled
from engine.analysis.simulation.kernel.heap import foresee
from engine.analysis.simulation.kernel.hours import worked
from engine.analysis.simulation.kernel.present import finishes, is_open, opens_next, worked_now
from engine.analysis.simulation.kernel.queue import goes_first, queue_up, take_first


@compiled
def on_duty(p, s, which):
    """Whether a person works at this hour."""
    return is_open(p, s, s.people[which]["calendar"])


@compiled
def free_person(p, s, pool):
    """Return who of a pool can begin now, or -1: specialists first, then the longest idle."""
    found, fewest, longest = -1, 0, 0.0
    if not s.pools[pool]["idle"]:
        return found
    for place in range(s.pools[pool]["people_from"], s.pools[pool]["people_to"]):
        which = p.people_of[place]
        person = s.people[which]
        serves = person["pools_to"] - person["pools_from"]
        if person["busy"] or (found >= 0 and (serves, person["free_at"]) >= (fewest, longest)):
            continue
        if on_duty(p, s, which):
            found, fewest, longest = which, serves, person["free_at"]
    return found


@compiled
def take_up(p, s, job, which):
    """Let a free person begin a job now."""
    person, now = s.people[which], s.now[0]
    this = s.jobs[job]
    this["person"], this["start"] = which, now
    if now > this["ready"]:
        # in the office's hours: somebody who is ill keeps work waiting
        hours = worked_now(p, s, person["office"])
        this["waited"] = hours - worked(p, person["office"], this["ready"])
    person["busy"] = 1
    for place in range(person["pools_from"], person["pools_to"]):
        s.pools[p.pools_of[place]]["idle"] -= 1
    foresee(s, finishes(p, s, person["calendar"], this["work"]), job, which)


@compiled
def call(p, s, which):
    """See to it that a person looks for work when next on duty."""
    if not s.people[which]["waking"]:
        s.people[which]["waking"] = 1
        foresee(s, opens_next(p, s, s.people[which]["calendar"]), -1, which)


@compiled
def first_queue(p, s, which):
    """Return the pool of a person whose first job goes before the others', or -1."""
    found = -1
    for place in range(s.people[which]["pools_from"], s.people[which]["pools_to"]):
        pool = p.pools_of[place]
        root = s.pools[pool]["root"]
        if root >= 0 and (found < 0 or goes_first(s.jobs[root], s.jobs[s.pools[found]["root"]])):
            found = pool
    return found


@compiled
def look_for_work(p, s, which):
    """Let an idle person begin the first job of their queues, now or when next on duty."""
    pool = first_queue(p, s, which)
    if pool < 0:
        return
    if on_duty(p, s, which):
        take_up(p, s, take_first(p, s, pool), which)
    else:
        call(p, s, which)


@compiled
def hand_over(p, s, job, pool):
    """Give a job to whoever is free, else put it into the queue."""
    which = free_person(p, s, pool)
    if which >= 0 and s.pools[pool]["root"] < 0:
        take_up(p, s, job, which)
        return
    queue_up(p, s, job, pool)
    if which >= 0:
        # a window that opens this moment: who came in the night goes first
        look_for_work(p, s, which)
    if s.pools[pool]["idle"]:
        for place in range(s.pools[pool]["people_from"], s.pools[pool]["people_to"]):
            if not s.people[p.people_of[place]]["busy"]:
                call(p, s, p.people_of[place])


@compiled
def worked_within(p, s, job, which):
    """Return the hours of a job that lie in the window in which people are measured."""
    start, end = s.jobs[job]["start"], s.now[0]
    if start >= p.window[0] and end <= p.window[1]:
        return s.jobs[job]["work"]
    calendar = s.people[which]["calendar"]
    start, end = max(start, p.window[0]), min(end, p.window[1])
    return worked(p, calendar, end) - worked(p, calendar, start) if end > start else 0.0


@compiled
def release(p, s, job, which):
    """Free a person whose job is done."""
    person = s.people[which]
    person["busy_hours"] += worked_within(p, s, job, which)
    person["busy"], person["free_at"] = 0, s.now[0]
    for place in range(person["pools_from"], person["pools_to"]):
        s.pools[p.pools_of[place]]["idle"] += 1
