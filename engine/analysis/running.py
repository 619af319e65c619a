"""The passes of a forecast: real dates as far as they go, the plan's days from there.

Not the passes of `schedule`: there everything is still to come, here what has happened is
fixed, nothing new happens before today, and only what is unfinished has float.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from engine.analysis.network import ActivityNetwork, Phase
from engine.analysis.progress import State
from engine.analysis.standing import Standing
from engine.rules.procedure import OPEN

if TYPE_CHECKING:
    from collections.abc import Iterable


class Run(NamedTuple):
    """Day numbers by position in the network's order."""

    starts: list[int]
    #: the work is done; the decision may wait for its gate
    done: list[int]
    finishes: list[int]


def run(network: ActivityNetwork, stands: list[Standing], *, done_today: int | None = None) -> Run:
    """Elapsed times from where the project stands; `done_today` is a position taken as done."""
    times = Run([], [], [])
    gates = zip(stands, network.starts_after, network.decides_after, strict=True)
    for at, (stand, after, held_by) in enumerate(gates):
        start, done = _work(stand, _latest(times.finishes, after))
        finish = max(done, _latest(times.finishes, held_by)) if stand.finish is None else done
        times.starts.append(start)
        times.done.append(done)
        times.finishes.append(stand.today if at == done_today else finish)
    return times


def _work(stand: Standing, gates_open: int) -> tuple[int, int]:
    if stand.finish is not None:
        return stand.finish if stand.start is None else stand.start, stand.finish
    if stand.start is not None:
        return stand.start, max(stand.today + stand.left, stand.first_working)
    if stand.milestone:
        return gates_open, gates_open
    start = max(gates_open, stand.today)
    return start, max(start + stand.left, stand.first_working)


def floats(network: ActivityNetwork, stands: list[Standing], times: Run) -> list[int | None]:
    """Working days each unfinished activity's work may still grow; None for finished ones."""
    latest = _ends(network, times.finishes)
    for at in reversed(range(len(stands))):
        stand = stands[at]
        if stand.finish is not None:
            continue
        # what is open has begun, so its start gates bind nobody any more
        starts_after = network.starts_after[at] if stand.start is None else []
        _limit(network, latest, at, starts_after, latest[at] - stand.left)
        _limit(network, latest, at, network.decides_after[at], latest[at])
    return [
        limit - done if stand.finish is None else None
        for stand, limit, done in zip(stands, latest, times.done, strict=True)
    ]


def opening_day(network: ActivityNetwork, finishes: list[int]) -> int:
    """The day number of construction start; without OPEN, of the last finish before acceptance."""
    if OPEN in network:
        return finishes[network.position[OPEN]]
    phases = zip(finishes, network.phases, strict=True)
    return max((day for day, phase in phases if phase is Phase.OPENING), default=0)


def city_total(network: ActivityNetwork, stands: list[Standing], *, ahead: bool) -> int:
    """The counted day reached or, `ahead`, the counted total the project is heading for.

    The longest path to OPEN through the working days the city has used, and ahead through
    what is left of open clocks and the promises of unopened items.
    """
    finishes: list[int] = []
    for stand, after, held_by in zip(
        stands, network.starts_after, network.decides_after, strict=True
    ):
        in_review = stand.in_review + (stand.left if ahead else 0)
        in_review, in_decision = (in_review, stand.in_decision) if stand.counted else (0, 0)
        done = _latest(finishes, after) + in_review
        finishes.append(max(done, _latest(finishes, held_by)) + in_decision)
    return opening_day(network, finishes)


def ready(network: ActivityNetwork, stands: list[Standing]) -> list[bool]:
    """By position, whether every start gate is open; milestones fall by themselves."""
    passed: list[bool] = []
    found: list[bool] = []
    for stand, after in zip(stands, network.starts_after, strict=True):
        gates_open = all(passed[u] for u in after)
        found.append(gates_open)
        passed.append(stand.progress.state is State.FINISHED or (stand.milestone and gates_open))
    return found


def _ends(network: ActivityNetwork, finishes: list[int]) -> list[int]:
    ends = dict.fromkeys(Phase, 0)
    for phase, finish in zip(network.phases, finishes, strict=True):
        ends[phase] = max(ends[phase], finish)
    ends[Phase.OPENING] = opening_day(network, finishes)
    ends[Phase.ASIDE] = max(ends.values())
    return [ends[phase] for phase in network.phases]


def _limit(
    network: ActivityNetwork, latest: list[int], at: int, gates: list[int], limit: int
) -> None:
    for before in gates:
        if network.phases[before] is network.phases[at]:
            latest[before] = min(latest[before], limit)


def _latest(finishes: list[int], positions: Iterable[int]) -> int:
    # nothing is forecast for before the project's start
    return max((finishes[at] for at in positions if finishes[at] > 0), default=0)
