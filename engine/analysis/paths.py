"""All critical paths of a schedule: counted exactly, listed up to a limit.

A path names the activities whose *work* makes up the total, in order, without milestones;
the days of its members add up to that total. Two things therefore do not appear:

- an activity passed through only at its decision gate, for its own work has float;
- in the counted view, applicant or intermediary work (length 0) running from one approval
  to the next where the second follows the first directly as well: that tie is the same
  path. Where it is the only link it stays, so neighbours on a path are always linked.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING

from engine.analysis.network import Phase, View
from engine.rules.procedure import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.analysis.schedule import Schedule

#: paths listed unless the caller names another limit; the count is exact in any case
PATH_LIMIT = 1000

_BEGIN, _END = -1, -2
#: the last activity that is no mere link, and where the path stands
_State = tuple[int, int]


class CriticalPaths:
    """The critical paths of one phase: of construction start, or of acceptance."""

    def __init__(self, schedule: Schedule, phase: Phase = Phase.OPENING) -> None:
        self._order = schedule.network.order
        self._after = _links(schedule, phase)
        self._ties = _possible_ties(schedule)

    @property
    def count(self) -> int:
        """How many there are, whatever the limit; found without listing them."""
        return self._counts[_BEGIN, _BEGIN]

    def __iter__(self) -> Iterator[list[str]]:
        """Paths as lists of ids, in the order of the network."""
        path: list[int] = []
        branches = [iter(self._steps((_BEGIN, _BEGIN)))]
        while branches:
            state = next(branches[-1], None)
            if state is None:
                branches.pop()
                del path[max(0, len(branches) - 1) :]
            elif state[1] == _END:
                yield [self._order[at] for at in path]
            elif self._counts[state]:
                path.append(state[1])
                branches.append(iter(self._steps(state)))

    def first(self, limit: int = PATH_LIMIT) -> list[list[str]]:
        """At most `limit` paths, always the same ones."""
        return list(islice(self, limit))

    @cached_property
    def _counts(self) -> dict[_State, int]:
        """For each state, how many ways lead on to the end."""
        counts: dict[_State, int] = {}
        waiting: list[_State] = [(_BEGIN, _BEGIN)]
        while waiting:
            state = waiting[-1]
            steps = self._steps(state)
            unknown = [step for step in steps if step not in counts]
            if state[1] != _END and unknown:
                waiting.extend(unknown)
                continue
            counts[waiting.pop()] = 1 if state[1] == _END else sum(map(counts.__getitem__, steps))
        return counts

    def _steps(self, state: _State) -> list[_State]:
        last, here = state
        direct = self._after.get(last, ())
        return [
            (last, at) if at in self._ties else (at, at)
            for at in self._after.get(here, ())
            if here == last or at in self._ties or at not in direct
        ]


def _possible_ties(schedule: Schedule) -> frozenset[int]:
    if schedule.view is View.ELAPSED:
        return frozenset()
    network = schedule.network
    return frozenset(
        at for at, name in enumerate(network.order) if network[name].kind is not Kind.APPROVAL
    )


def _links(schedule: Schedule, phase: Phase) -> dict[int, list[int]]:
    """Which listed activities follow directly on which along the phase's critical edges.

    Walks backwards, so that what an activity's finish leads to is complete when it is
    reached; milestones and gated decisions hand on what they themselves lead to.
    """
    network = schedule.network
    after: defaultdict[int, set[int]] = defaultdict(set)
    for at in reversed(range(len(network))):
        if network.phases[at] is phase and schedule.finish_is_critical(at):
            onward = after[at] or {_END}
            after[at] |= onward
            for source, target in _critical_edges(schedule, at, onward):
                inside = source != _BEGIN and network.phases[source] is phase
                after[source if inside else _BEGIN] |= target
    # a network of nothing but milestones has no path, rather than an empty one
    after[_BEGIN].discard(_END)
    return {source: sorted(targets, key=_end_last) for source, targets in after.items()}


def _critical_edges(
    schedule: Schedule, at: int, onward: set[int]
) -> Iterator[tuple[int, set[int]]]:
    """Where the critical edges into an activity come from, and what they make follow there."""
    network, finishes = schedule.network, schedule.earliest_finish
    for before in network.decides_after[at]:
        if finishes[before] == finishes[at]:
            yield before, onward
    if not schedule.work_is_critical(at):
        return
    milestone = network[network.order[at]].kind is Kind.MILESTONE
    target = onward if milestone else {at}
    for before in network.starts_after[at]:
        if finishes[before] == schedule.earliest_start[at]:
            yield before, target
    if not network.starts_after[at]:
        yield _BEGIN, target


def _end_last(position: int) -> tuple[bool, int]:
    return position == _END, position
