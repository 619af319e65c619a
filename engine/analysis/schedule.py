"""The critical path method: earliest and latest times, floats, totals.

Two linear passes over the topological order. With S(v) the start gates of v, D(v) its
decision gates and d(v) its days:

    ES(v) = max EF(u) over u in S(v), or 0         EF(v) = max(ES(v) + d(v), EF(u) over u in D(v))
    LF(u) = min(LS(v) over v with u in S(v), LF(v) over v with u in D(v), the phase's end)
    LS(v) = LF(v) - d(v)
    total float = LS - ES
    free float  = min(ES(v) over v with u in S(v), EF(v) over v with u in D(v), the end) - ES - d

A float says by how many days the *work* may grow: an activity whose decision waits for
another has EF > ES + d, and that wait is float of its own work.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from engine.analysis.network import ActivityNetwork, Phase, View
from engine.rules.procedure import OPEN

if TYPE_CHECKING:
    from collections.abc import Iterator


class Times(NamedTuple):
    """When an activity may run, in working days after START; a finish on day 3 is 3."""

    earliest_start: int
    earliest_finish: int
    latest_start: int
    latest_finish: int
    #: days its work may grow before the end it is measured against moves
    total_float: int
    #: days its work may grow before any other activity moves
    free_float: int
    #: its total float is 0
    critical: bool


@dataclass(frozen=True, slots=True)
class Schedule:
    """The times of every activity of a network in one view; lists follow `network.order`."""

    network: ActivityNetwork
    view: View
    #: working days START..OPEN; with no OPEN, to the last activity that is not acceptance
    days: int
    #: working days from there to the end of acceptance; 0 without acceptance
    acceptance_days: int
    lengths: list[int]
    earliest_start: list[int]
    earliest_finish: list[int]
    latest_finish: list[int]
    free_float: list[int]

    def __getitem__(self, activity_id: str) -> Times:
        return self.at(self.network.position[activity_id])

    def __iter__(self) -> Iterator[tuple[str, Times]]:
        """Ids in topological order with their times."""
        return ((activity_id, self.at(at)) for at, activity_id in enumerate(self.network.order))

    def at(self, position: int) -> Times:
        """The times of the activity at a position of the topological order."""
        start, length = self.earliest_start[position], self.lengths[position]
        latest = self.latest_finish[position]
        spare = latest - length - start
        return Times(
            earliest_start=start,
            earliest_finish=self.earliest_finish[position],
            latest_start=latest - length,
            latest_finish=latest,
            total_float=spare,
            free_float=self.free_float[position],
            critical=spare == 0,
        )

    def work_is_critical(self, position: int) -> bool:
        """Whether a day more of its work moves the end: its total float is 0."""
        latest_start = self.latest_finish[position] - self.lengths[position]
        return latest_start == self.earliest_start[position]

    def finish_is_critical(self, position: int) -> bool:
        """Whether its finish may not slip; its work may still have float behind a gate."""
        return self.latest_finish[position] == self.earliest_finish[position]

    @property
    def total_float(self) -> list[int]:
        """Total floats in topological order."""
        spans = zip(self.latest_finish, self.lengths, self.earliest_start, strict=True)
        return [latest - length - start for latest, length, start in spans]


def schedule(network: ActivityNetwork, view: View) -> Schedule:
    """Times and floats of all activities, in time linear in activities and edges.

    What OPEN waits for is measured against OPEN, the rest up to acceptance against its end,
    anything else against the end of the network; all times count from START.
    """
    lengths = network.lengths(view)
    starts, finishes = _forward(network, lengths)
    ends = _ends(network, finishes)
    latest, free = _backward(network, lengths, starts, finishes, ends)
    opening = ends[Phase.OPENING]
    return Schedule(
        network=network,
        view=view,
        days=opening,
        acceptance_days=max(0, ends[Phase.ACCEPTANCE] - opening),
        lengths=lengths,
        earliest_start=starts,
        earliest_finish=finishes,
        latest_finish=latest,
        free_float=free,
    )


def _forward(network: ActivityNetwork, lengths: list[int]) -> tuple[list[int], list[int]]:
    starts: list[int] = []
    finishes: list[int] = []
    for length, after, held in zip(
        lengths, network.starts_after, network.decides_after, strict=True
    ):
        start = 0
        for before in after:
            start = max(start, finishes[before])
        finish = start + length
        for before in held:
            finish = max(finish, finishes[before])
        starts.append(start)
        finishes.append(finish)
    return starts, finishes


def _ends(network: ActivityNetwork, finishes: list[int]) -> dict[Phase, int]:
    ends = dict.fromkeys(Phase, 0)
    for phase, finish in zip(network.phases, finishes, strict=True):
        ends[phase] = max(ends[phase], finish)
    if OPEN in network:
        ends[Phase.OPENING] = finishes[network.position[OPEN]]
    ends[Phase.ASIDE] = max(ends.values())
    return ends


def _backward(
    network: ActivityNetwork,
    lengths: list[int],
    starts: list[int],
    finishes: list[int],
    ends: dict[Phase, int],
) -> tuple[list[int], list[int]]:
    """Latest finishes, and free floats."""
    phases = network.phases
    latest = [ends[phase] for phase in phases]
    bound = latest.copy()
    for at in range(len(lengths) - 1, -1, -1):
        phase, start, finish = phases[at], starts[at], finishes[at]
        latest_finish = latest[at]
        latest_start = latest_finish - lengths[at]
        for before in network.starts_after[at]:
            # an earlier phase is not measured against what comes after it
            if latest_start < latest[before] and phase is phases[before]:
                latest[before] = latest_start
            bound[before] = min(bound[before], start)
        for before in network.decides_after[at]:
            if latest_finish < latest[before] and phase is phases[before]:
                latest[before] = latest_finish
            bound[before] = min(bound[before], finish)
    free = [
        limit - start - length for limit, start, length in zip(bound, starts, lengths, strict=True)
    ]
    return latest, free
