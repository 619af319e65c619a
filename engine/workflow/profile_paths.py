"""Checks of where the flows lead: from the start, to an end, and not too far.

SpiffWorkflow keeps what has happened as a tree and looks 1,000 levels deep; what lies
deeper would be forgotten. A path through a diagram therefore has at most MAX_DEPTH nodes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import networkx as nx
from lxml import etree

from engine.workflow.problem import Problem
from engine.workflow.profile_elements import (
    FLOW_NODES,
    GATEWAYS,
    UNSUPPORTED,
    children,
    problem,
    scopes,
)
from engine.workflow.xml import local_name

MAX_DEPTH = 950
MAX_LOOP = 200
#: levels of the tree that every process has beside its nodes
FRAME = 3

#: nodes that an instance passes by itself
AUTOMATIC = (GATEWAYS - {"eventBasedGateway"}) | {"scriptTask", "intermediateThrowEvent"}

Edges = Mapping[str, list[str]]


def check_paths(root: etree._Element) -> Iterator[Problem]:
    """Every node lies on a path from the start event to an end event."""
    for scope in scopes(root):
        known = flow_nodes(scope)
        flows, boundaries = edges(scope, known)
        if not of_kind(known, "startEvent") or not of_kind(known, "endEvent"):
            continue
        reached = spread(of_kind(known, "startEvent"), flows, boundaries)
        ending = spread(of_kind(known, "endEvent"), reverse(flows))
        for identifier, node in known.items():
            if identifier not in reached:
                text = "no path leads here from the start event"
                yield problem(node, "unreachable", text)
            if identifier not in ending:
                text = "no path leads from here to an end event"
                yield problem(node, "no_way_out", text)


def check_depth(root: etree._Element) -> Iterator[Problem]:
    """A path is at most MAX_DEPTH nodes long, a loop at most MAX_LOOP."""
    for process in children(root, {"process"}):
        depth = depth_of(process)
        if depth > MAX_DEPTH:
            text = f"a path of {depth} nodes; at most {MAX_DEPTH} are run: split the process"
            yield problem(process, "too_deep", text)
    for scope in scopes(root):
        _, loop = ordered(scope)
        if loop > MAX_LOOP:
            text = f"a loop of {loop} nodes; at most {MAX_LOOP} are run: split the process"
            yield problem(scope, "too_deep", text)


def flow_nodes(scope: etree._Element) -> dict[str, etree._Element]:
    """Return the nodes of a scope by id, those that are refused among them."""
    found = children(scope, FLOW_NODES | set(UNSUPPORTED))
    return {node.get("id", ""): node for node in found}


def of_kind(known: Mapping[str, etree._Element], tag: str) -> list[str]:
    """Return the ids of the nodes of one kind."""
    return [identifier for identifier, node in known.items() if local_name(node) == tag]


def edges(scope: etree._Element, known: Mapping[str, etree._Element]) -> tuple[Edges, Edges]:
    """Return what follows each node along the flows, and the events at its boundary."""
    flows: dict[str, list[str]] = {}
    for flow in children(scope, {"sequenceFlow"}):
        source, target = flow.get("sourceRef", ""), flow.get("targetRef", "")
        if source in known and target in known:
            flows.setdefault(source, []).append(target)
    boundaries: dict[str, list[str]] = {}
    for identifier in of_kind(known, "boundaryEvent"):
        boundaries.setdefault(known[identifier].get("attachedToRef", ""), []).append(identifier)
    return flows, boundaries


def reverse(edges: Edges) -> Edges:
    """Return edges the other way round."""
    turned: dict[str, list[str]] = {}
    for source, targets in edges.items():
        for target in targets:
            turned.setdefault(target, []).append(source)
    return turned


def spread(sources: Iterable[str], *ways: Edges) -> set[str]:
    """Return everything that can be reached."""
    found: set[str] = set()
    stack = list(sources)
    while stack:
        node = stack.pop()
        if node not in found:
            found.add(node)
            stack.extend(after for edges in ways for after in edges.get(node, ()))
    return found


def depth_of(scope: etree._Element) -> int:
    """Return how many levels the longest path of a scope takes, loops left out."""
    known = flow_nodes(scope)
    flows, boundaries = edges(scope, known)
    order, _ = ordered(scope)
    place = {identifier: index for index, identifier in enumerate(order)}
    depth: dict[str, int] = {}
    for identifier in order:
        after = [*flows.get(identifier, ()), *boundaries.get(identifier, ())]
        ahead = [each for each in after if place[each] < place[identifier]]
        own = 1 + (identifier in boundaries)
        if local_name(known[identifier]) == "subProcess":
            own += depth_of(known[identifier])
        depth[identifier] = own + max((depth[each] for each in ahead), default=0)
    return FRAME + max(depth.values(), default=0)


def ordered(scope: etree._Element) -> tuple[list[str], int]:
    """Return the nodes of a scope ends first, and the length of its longest loop."""
    known = flow_nodes(scope)
    flows, boundaries = edges(scope, known)
    order: list[str] = []
    level: dict[str, int] = {}
    longest = 0
    for start in of_kind(known, "startEvent"):
        stack = [(start, iter((*boundaries.get(start, ()), *flows.get(start, ()))))]
        level.setdefault(start, 0)
        while stack:
            node, after = stack[-1]
            target = next(after, None)
            if target is None:
                stack.pop()
                order.append(node)
                level[node] = -1
            elif target not in level:
                level[target] = len(stack)
                ways = (*boundaries.get(target, ()), *flows.get(target, ()))
                stack.append((target, iter(ways)))
            elif level[target] >= 0:
                longest = max(longest, len(stack) - level[target])
    return order, longest


def check_pauses(root: etree._Element) -> Iterator[Problem]:
    """A loop waits for somebody somewhere; one that does not would spin."""
    for scope in scopes(root):
        known = flow_nodes(scope)
        flows, _ = edges(scope, known)
        alone = {name for name, node in known.items() if local_name(node) in AUTOMATIC}
        graph: nx.DiGraph[str] = nx.DiGraph(
            (name, to) for name in alone for to in flows.get(name, ()) if to in alone
        )
        for group in nx.strongly_connected_components(graph):
            first = min(group)
            if len(group) > 1 or graph.has_edge(first, first):
                text = "this loop waits for nobody: put a task or an event into it"
                yield problem(known[first], "automatic_loop", text)


PATH_CHECKS = (check_paths, check_depth, check_pauses)
