"""A walk through time with fixed durations: one run of the procedure, event by event.

It knows nothing of latest times, floats or topological order. It starts what is allowed to
start, waits for the next thing to be done, and looks again; so it checks the critical path
by other means. On every network its finishes are the critical path method's earliest ones.
"""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from engine.analysis.network import ActivityNetwork, View


class Span(NamedTuple):
    """When an activity began and when it was decided, in working days after the beginning."""

    start: int
    finish: int


def walk(network: ActivityNetwork, view: View) -> dict[str, Span]:
    """Run every activity as early as its gates allow, each for exactly its days.

    Returns a span for each id, in the order in which they finished. An activity whose work
    is done while its decision gate is shut finishes the moment the gate opens.
    """
    return _Walk(network, view).run()


class _Walk:
    def __init__(self, network: ActivityNetwork, view: View) -> None:
        self._lengths = {activity.id: view.length(activity) for activity in network}
        self._to_start: Counter[str] = Counter()
        self._to_decide: Counter[str] = Counter()
        self._opens: defaultdict[str, list[str]] = defaultdict(list)
        self._releases: defaultdict[str, list[str]] = defaultdict(list)
        self._started: dict[str, int] = {}
        self._held: set[str] = set()
        self._done: list[tuple[int, str]] = []
        self._spans: dict[str, Span] = {}
        for activity in network:
            self._gate(activity.id, activity.predecessors, self._to_start, self._opens)
            self._gate(activity.id, activity.decision_waits_for, self._to_decide, self._releases)

    @staticmethod
    def _gate(
        activity_id: str,
        waits_for: tuple[str, ...],
        missing: Counter[str],
        wakes: defaultdict[str, list[str]],
    ) -> None:
        for before in set(waits_for):
            missing[activity_id] += 1
            wakes[before].append(activity_id)

    def run(self) -> dict[str, Span]:
        for activity_id in self._lengths:
            if not self._to_start[activity_id]:
                self._start(activity_id, 0)
        while self._done:
            now, activity_id = heapq.heappop(self._done)
            self._work_done(activity_id, now)
        return self._spans

    def _start(self, activity_id: str, now: int) -> None:
        self._started[activity_id] = now
        heapq.heappush(self._done, (now + self._lengths[activity_id], activity_id))

    def _work_done(self, activity_id: str, now: int) -> None:
        if self._to_decide[activity_id]:
            self._held.add(activity_id)
        else:
            self._finish(activity_id, now)

    def _finish(self, activity_id: str, now: int) -> None:
        self._spans[activity_id] = Span(self._started[activity_id], now)
        for after in self._opens[activity_id]:
            self._to_start[after] -= 1
            if not self._to_start[after]:
                self._start(after, now)
        for held in self._releases[activity_id]:
            self._to_decide[held] -= 1
            if not self._to_decide[held] and held in self._held:
                # through the heap, not by a call: chains of gates may be long
                heapq.heappush(self._done, (now, held))
