"""Transitive reduction: a network without the preconditions that others already imply."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from engine.analysis.network import ActivityNetwork

if TYPE_CHECKING:
    from engine.rules.procedure import Activity


def reduced(network: ActivityNetwork) -> ActivityNetwork:
    """The network with the fewest edges that allows exactly the same runs.

    A start gate is implied when another start gate's predecessor already waits, at any
    distance, for the same activity; a decision gate when any other predecessor does.
    Activities keep their order; the names in `predecessors` keep theirs.
    """
    implied = _implied(network)
    return ActivityNetwork(_slim(activity, *implied[activity.id]) for activity in network)


def equivalent(one: ActivityNetwork, other: ActivityNetwork) -> bool:
    """Whether two networks ask the same work of the same people in the same order.

    Compared after transitive reduction, by id, kind, department, stage, days and edges;
    display names and the order of the activities do not matter.
    """
    return _essence(one) == _essence(other)


def _essence(network: ActivityNetwork) -> dict[str, tuple[Any, ...]]:
    return {
        activity.id: (
            activity.kind,
            activity.department,
            activity.stage,
            activity.days,
            frozenset(activity.predecessors),
            frozenset(activity.decision_waits_for),
        )
        for activity in reduced(network)
    }


def _implied(network: ActivityNetwork) -> dict[str, tuple[set[str], set[str]]]:
    """Per id, the start gates and the decision gates that are implied by others."""
    before = _ancestors(network)
    found = {}
    for activity_id, starts, decides in zip(
        network.order, network.starts_after, network.decides_after, strict=True
    ):
        by_start = _union(before, starts)
        by_any = by_start | _union(before, decides)
        found[activity_id] = (
            {network.order[at] for at in starts if by_start >> at & 1},
            {network.order[at] for at in decides if by_any >> at & 1},
        )
    return found


def _slim(activity: Activity, starts: set[str], decisions: set[str]) -> Activity:
    # a name among the start gates need not be repeated among the decision gates
    decisions = decisions.union(activity.predecessors)
    return replace(
        activity,
        predecessors=_without(activity.predecessors, starts),
        decision_waits_for=_without(activity.decision_waits_for, decisions),
    )


def _ancestors(network: ActivityNetwork) -> list[int]:
    """Per position, the positions it waits for at any distance, as a bit set."""
    before: list[int] = []
    for starts, decides in zip(network.starts_after, network.decides_after, strict=True):
        near = sum(1 << at for at in {*starts, *decides})
        before.append(near | _union(before, starts) | _union(before, decides))
    return before


def _union(sets: list[int], positions: list[int]) -> int:
    found = 0
    for at in positions:
        found |= sets[at]
    return found


def _without(names: tuple[str, ...], implied: set[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in names if name not in implied))
