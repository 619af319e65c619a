"""Queues: jobs in the order of their priority, then of their readiness. Skew heaps.

Sleator, Tarjan: Self-adjusting heaps (SIAM Journal on Computing 1986). They live in the jobs'
own records, so a queue has no length to be foreseen.
"""

from __future__ import annotations

from engine.analysis.simulation.kernel.compiled import compiled, inlined


@inlined
def goes_first(a, b):
    """Whether one job is taken up before another."""
    if a["priority"] != b["priority"]:
        return a["priority"] < b["priority"]
    if a["ready"] != b["ready"]:
        return a["ready"] < b["ready"]
    return a["number"] < b["number"]


@compiled
def merged(jobs, a, b):
    """Return the root of two queues put together."""
    if a < 0 or b < 0:
        return max(a, b)
    if goes_first(jobs[b], jobs[a]):
        a, b = b, a
    root = a
    while True:
        right = jobs[a]["right"]
        jobs[a]["right"] = jobs[a]["left"]
        if right < 0:
            jobs[a]["left"] = b
            return root
        if goes_first(jobs[b], jobs[right]):
            right, b = b, right
        jobs[a]["left"] = right
        a = right


@compiled
def lengthen(p, s, which, by):
    """Note that a queue became longer or shorter now; its area is length times measured hours."""
    pool, begin, end = s.pools[which], p.window[0], p.window[1]
    hours = min(s.now[0], end) - max(pool["changed_at"], begin)
    pool["area"] += pool["length"] * max(0.0, hours)
    pool["changed_at"] = s.now[0]
    pool["length"] += by
    pool["most"] = max(pool["most"], pool["length"])


@compiled
def queue_up(p, s, job, which):
    """Put a job into a pool's queue."""
    s.jobs[job]["left"] = s.jobs[job]["right"] = -1
    s.pools[which]["root"] = merged(s.jobs, s.pools[which]["root"], job)
    lengthen(p, s, which, 1)


@compiled
def take_first(p, s, which):
    """Take the first job off a queue that is not empty."""
    job = s.pools[which]["root"]
    s.pools[which]["root"] = merged(s.jobs, s.jobs[job]["left"], s.jobs[job]["right"])
    lengthen(p, s, which, -1)
    return job
