"""The same answers by brute force: every path of a small network, one by one."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import networkx as nx

from engine.analysis.network import Phase, View
from engine.rules.procedure import OPEN, Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.analysis.network import ActivityNetwork


class Event(NamedTuple):
    """An activity's start or its decision."""

    id: str
    decided: bool


def events(net: ActivityNetwork, view: View) -> nx.DiGraph[Event]:
    """Each activity as two events with its work between them; gates join events."""
    graph: nx.DiGraph[Event] = nx.DiGraph()
    for activity in net:
        start, decided = Event(activity.id, decided=False), Event(activity.id, decided=True)
        graph.add_edge(start, decided, days=view.length(activity))
        for before in activity.predecessors:
            graph.add_edge(Event(before, decided=True), start, days=0)
        for before in set(activity.decision_waits_for).difference(activity.predecessors):
            graph.add_edge(Event(before, decided=True), decided, days=0)
    return graph


def paths_to(graph: nx.DiGraph[Event], event: Event) -> Iterator[list[Event]]:
    """Every path from an event that waits for nothing to this one."""
    before = list(graph.predecessors(event))
    if not before:
        yield [event]
    for earlier in before:
        for path in paths_to(graph, earlier):
            yield [*path, event]


def length(graph: nx.DiGraph[Event], path: list[Event]) -> int:
    return sum(graph.edges[edge]["days"] for edge in pairwise(path))


def finish(net: ActivityNetwork, view: View, activity_id: str) -> int:
    """Earliest finish: the longest of all paths to the decision."""
    graph = events(net, view)
    return max(length(graph, path) for path in paths_to(graph, Event(activity_id, decided=True)))


def end(net: ActivityNetwork, view: View, phase: Phase) -> int:
    """The day the phase's floats are measured against."""
    if phase is Phase.OPENING and OPEN in net:
        return finish(net, view, OPEN)
    phases = zip(net.order, net.phases, strict=True)
    members = [member for member, own in phases if own is phase or phase is Phase.ASIDE]
    return max((finish(net, view, member) for member in members), default=0)


def critical_paths(net: ActivityNetwork, view: View) -> set[tuple[str, ...]]:
    """The work on every longest path to construction start, with the ties of mere links."""
    graph, total = events(net, view), end(net, view, Phase.OPENING)
    goals = [Event(OPEN, decided=True)] if OPEN in net else [e for e in graph if not graph[e]]
    paths = (path for goal in goals for path in paths_to(graph, goal))
    found = {_work(net, path) for path in paths if length(graph, path) == total}
    return found - {()}


def without_ties(net: ActivityNetwork, paths: set[tuple[str, ...]]) -> set[tuple[str, ...]]:
    """Paths on which no run of links joins two approvals that follow each other directly."""
    direct = {pair for path in paths for pair in pairwise(("begin", *path, "end"))}
    return {path for path in paths if not direct & set(_bridged(net, path))}


def _bridged(net: ActivityNetwork, path: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Pairs of approvals, or ends, with nothing but links between them."""
    steps = ["begin", *path, "end"]
    kept = [i for i, step in enumerate(steps) if step not in net or _is_approval(net, step)]
    return ((steps[i], steps[j]) for i, j in pairwise(kept) if j > i + 1)


def _is_approval(net: ActivityNetwork, activity_id: str) -> bool:
    return net[activity_id].kind is Kind.APPROVAL


def _work(net: ActivityNetwork, path: list[Event]) -> tuple[str, ...]:
    done = [before.id for before, after in pairwise(path) if before.id == after.id]
    return tuple(name for name in done if net[name].kind is not Kind.MILESTONE)
