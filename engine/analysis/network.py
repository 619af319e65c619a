"""The activity network of a procedure: what may start when, and what a decision waits for."""

from __future__ import annotations

from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, NoReturn

import networkx as nx

from engine.errors import Invalid
from engine.rules.procedure import OPEN, START, Activity, Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ACCEPTANCE_STAGE = "acceptance"


class InvalidNetwork(Invalid):
    """The activities do not form a network."""

    code = "invalid_network"
    remedy = "Correct the preconditions of the activities named."


class View(StrEnum):
    """Whose days are added up."""

    #: the departments' promised days; applicant and intermediary work counts 0
    COUNTED = "counted"
    #: everybody's days: what the calendar on the wall sees
    ELAPSED = "elapsed"

    def length(self, activity: Activity) -> int:
        """Working days the activity takes in this view."""
        counts = self is View.ELAPSED or activity.kind is Kind.APPROVAL
        return activity.days if counts else 0


class Gate(StrEnum):
    """What an edge holds back until its predecessor is finished."""

    #: finish-to-start: the activity may not begin
    START = "start"
    #: finish-to-finish: the activity may begin, its decision may not fall
    DECISION = "decision"


class Phase(StrEnum):
    """What an activity is measured against."""

    #: construction start needs it
    OPENING = "opening"
    #: joint acceptance, after construction start, and what it alone needs
    ACCEPTANCE = "acceptance"
    #: neither: nothing that is totalled waits for it
    ASIDE = "aside"


class ActivityNetwork:
    """Activities with their preconditions: an acyclic graph, checked when it is built.

    `graph` is a networkx DiGraph over activity ids; each edge carries `gate`, a `Gate`.
    A predecessor named both ways is a start gate, which implies the decision gate.
    Times and floats are not kept here: see `schedule`, `walk` and `forecast`.

    Raises InvalidNetwork, whose `detail["cause"]` is one of `duplicate_id`,
    `negative_days`, `milestone_with_days`, `unknown_predecessor`, `cycle`, `unreachable`.
    """

    def __init__(self, activities: Iterable[Activity]) -> None:
        self.activities: dict[str, Activity] = _by_id(activities)
        self.graph: nx.DiGraph[str] = _graph(self.activities)
        #: ids in topological order; positions in it index every list below
        self.order: tuple[str, ...] = _topological_order(self.graph)
        _check_reachable(self.activities, self.order)

    def __repr__(self) -> str:
        return f"ActivityNetwork({list(self.activities.values())})"

    def __len__(self) -> int:
        return len(self.activities)

    def __iter__(self) -> Iterator[Activity]:
        return iter(self.activities.values())

    def __getitem__(self, activity_id: str) -> Activity:
        return self.activities[activity_id]

    def __contains__(self, activity_id: str) -> bool:
        return activity_id in self.activities

    @cached_property
    def position(self) -> dict[str, int]:
        """Position of each id in `order`."""
        return {activity_id: index for index, activity_id in enumerate(self.order)}

    @cached_property
    def starts_after(self) -> list[list[int]]:
        """For each position, the positions its start waits for (finish-to-start)."""
        position, activities = self.position, self.activities
        return [[position[before] for before in activities[at].predecessors] for at in self.order]

    @cached_property
    def decides_after(self) -> list[list[int]]:
        """For each position, the positions its decision alone waits for (finish-to-finish)."""
        position, activities = self.position, self.activities
        return [
            [position[before] for before in _decision_gates(activities[at])] for at in self.order
        ]

    @cached_property
    def phases(self) -> list[Phase]:
        """For each position, what the activity is measured against."""
        acceptance = [self.activities[at].stage == ACCEPTANCE_STAGE for at in self.order]
        opening = [at == OPEN for at in self.order] if OPEN in self else [not a for a in acceptance]
        self._spread(acceptance)
        self._spread(opening)
        return [
            Phase.OPENING if opens else Phase.ACCEPTANCE if accepts else Phase.ASIDE
            for opens, accepts in zip(opening, acceptance, strict=True)
        ]

    def lengths(self, view: View) -> list[int]:
        """For each position, the working days the activity takes in this view."""
        return [view.length(self.activities[activity_id]) for activity_id in self.order]

    def _spread(self, needed: list[bool]) -> None:
        """Mark, by position, whatever the activities marked already wait for."""
        # backwards through the order, so that every need is known when it is passed on
        for at in reversed(range(len(needed))):
            if needed[at]:
                for before in (*self.starts_after[at], *self.decides_after[at]):
                    needed[before] = True


def _decision_gates(activity: Activity) -> tuple[str, ...]:
    if not activity.decision_waits_for:
        return ()
    return tuple(set(activity.decision_waits_for).difference(activity.predecessors))


def _by_id(activities: Iterable[Activity]) -> dict[str, Activity]:
    found: dict[str, Activity] = {}
    for activity in activities:
        if activity.id in found:
            _refuse("duplicate_id", f"two activities are called {activity.id}", activity.id)
        _check_days(activity)
        found[activity.id] = activity
    return found


def _check_days(activity: Activity) -> None:
    if activity.days < 0:
        _refuse("negative_days", f"{activity.id} takes {activity.days} days", activity.id)
    if activity.kind is Kind.MILESTONE and activity.days:
        _refuse("milestone_with_days", f"milestone {activity.id} takes days", activity.id)


def _graph(activities: dict[str, Activity]) -> nx.DiGraph[str]:
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from(activities)
    graph.add_edges_from(_edges(activities))
    return graph


def _edges(activities: dict[str, Activity]) -> Iterator[tuple[str, str, dict[str, Gate]]]:
    starts, decides = {"gate": Gate.START}, {"gate": Gate.DECISION}
    for activity in activities.values():
        _check_known(activity, activities)
        for before in activity.decision_waits_for:
            yield before, activity.id, decides
        # start gates come last: they win where a predecessor is named both ways
        for before in activity.predecessors:
            yield before, activity.id, starts


def _check_known(activity: Activity, activities: dict[str, Activity]) -> None:
    for before in (*activity.predecessors, *activity.decision_waits_for):
        if before not in activities:
            message = f"{activity.id} waits for {before}, which is not in the network"
            _refuse("unknown_predecessor", message, activity.id, before)


def _topological_order(graph: nx.DiGraph[str]) -> tuple[str, ...]:
    try:
        return tuple(nx.topological_sort(graph))
    except nx.NetworkXUnfeasible:
        members = [edge[0] for edge in nx.find_cycle(graph)]
    chain = " -> ".join([*members, members[0]])
    raise InvalidNetwork(
        f"activities wait for one another: {chain}", cause="cycle", activities=members
    )


def _check_reachable(activities: dict[str, Activity], order: tuple[str, ...]) -> None:
    # a decision gate does not set an activity going, so only start gates reach
    if START not in activities:
        return
    reached = {START}
    for activity_id in order:
        if not reached.isdisjoint(activities[activity_id].predecessors):
            reached.add(activity_id)
    lost = [activity_id for activity_id in activities if activity_id not in reached]
    if lost:
        _refuse("unreachable", f"{START} does not lead to {', '.join(lost)}", *lost)


def _refuse(cause: str, message: str, *activities: str) -> NoReturn:
    raise InvalidNetwork(message, cause=cause, activities=list(activities))
