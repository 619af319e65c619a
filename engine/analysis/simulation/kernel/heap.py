"""What comes next: events by time, those of one instant in the order they were foreseen."""

from __future__ import annotations

from engine.analysis.simulation.kernel.compiled import compiled, inlined
from engine.analysis.simulation.kernel.records import HEAP, NUMBER


@inlined
def sooner(a, b):
    """Whether one event comes before another."""
    return a["at"] < b["at"] or (a["at"] == b["at"] and a["number"] < b["number"])


@compiled
def foresee(s, at, job, person):
    """Add an event."""
    heap, number = s.heap, s.count[NUMBER]
    place = s.count[HEAP]
    s.count[HEAP], s.count[NUMBER] = place + 1, number + 1
    while place > 0 and at < heap[(place - 1) >> 1]["at"]:
        heap[place] = heap[(place - 1) >> 1]
        place = (place - 1) >> 1
    heap[place]["at"], heap[place]["number"] = at, number
    heap[place]["job"], heap[place]["person"] = job, person


@compiled
def drop_first(s):
    """Take the first event off; whoever calls has read it."""
    heap = s.heap
    last = s.count[HEAP] - 1
    s.count[HEAP] = last
    place, child = 0, 1
    while child < last:
        if child + 1 < last and sooner(heap[child + 1], heap[child]):
            child += 1
        if not sooner(heap[child], heap[last]):
            break
        heap[place] = heap[child]
        place, child = child, 2 * child + 1
    heap[place] = heap[last]
