"""Columns of a drawing: how far right each node stands.

Every flow leads at least one column to the right, but for the flows that close a loop.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import networkx as nx

from engine.workflow.diagram import Diagram, Flow, Node


@dataclass(frozen=True, slots=True)
class Link:
    """A flow turned so that it leads to the right; `back` if it was turned."""

    flow: Flow
    source: str
    target: str
    back: bool = False


def links(diagram: Diagram) -> list[Link]:
    """Turn the flows that close loops, and with them the nodes that only lead back.

    A boundary event's flows start at its host; flows from a node to itself are left out.
    """
    known = diagram.by_id()
    flows = [f for f in diagram.flows if f.source in known and f.target in known]
    back = _closing_loops(diagram, flows)
    turned: list[Link] = []
    for flow in flows:
        source = known[flow.source].attached_to or flow.source
        target = known[flow.target].attached_to or flow.target
        if source == target:
            continue
        if flow.id in back:
            source, target = target, source
        turned.append(Link(flow, source, target, flow.id in back))
    return turned


def _closing_loops(diagram: Diagram, flows: Sequence[Flow]) -> set[str]:
    """Ids of the flows that lead back, found depth first from the nodes without a way in."""
    known = diagram.by_id()
    onward: dict[str, list[Flow]] = defaultdict(list)
    inward: dict[str, list[Flow]] = defaultdict(list)
    for flow in flows:
        onward[known[flow.source].attached_to or flow.source].append(flow)
        inward[flow.target].append(flow)
    back = _depth_first(diagram, onward, inward)
    for flow in [flow for flow in flows if flow.id in back]:
        back |= _way_back(flow, known, onward, inward)
    return back


def _depth_first(
    diagram: Diagram, onward: Mapping[str, list[Flow]], inward: Mapping[str, list[Flow]]
) -> set[str]:
    back: set[str] = set()
    done: set[str] = set()
    for root in sorted(diagram.nodes, key=lambda node: bool(inward.get(node.id))):
        if root.id in done:
            continue
        open_nodes = {root.id}
        stack = [(root.id, iter(onward.get(root.id, ())))]
        while stack:
            node, rest = stack[-1]
            flow = next(rest, None)
            if flow is None:
                stack.pop()
                open_nodes.discard(node)
                done.add(node)
            elif flow.target in open_nodes:
                back.add(flow.id)
            elif flow.target not in done:
                open_nodes.add(flow.target)
                stack.append((flow.target, iter(onward.get(flow.target, ()))))
    return back


def _way_back(
    flow: Flow,
    known: Mapping[str, Node],
    onward: Mapping[str, list[Flow]],
    inward: Mapping[str, list[Flow]],
) -> set[str]:
    """Flows into the nodes that do nothing but lead to a back flow."""
    found: set[str] = set()
    node = flow.source
    while (
        not known[node].is_gateway
        and len(onward[node]) == 1
        and len(inward[node]) == 1
        and inward[node][0].id not in found
        and inward[node][0].source != flow.target
    ):
        found.add(inward[node][0].id)
        node = inward[node][0].source
    return found


def columns(nodes: Sequence[Node], turned: Sequence[Link]) -> dict[str, int]:
    """Column of each node: as far left as the flows into it allow."""
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from(node.id for node in nodes if not node.attached_to)
    graph.add_edges_from((link.source, link.target) for link in turned)
    column: dict[str, int] = {}
    for node in nx.lexicographical_topological_sort(graph, list(graph).index):
        column[node] = max((column[p] + 1 for p in graph.predecessors(node)), default=0)
    return column


def split(column: Mapping[str, int], ahead: Collection[str]) -> dict[str, int]:
    """Give the nodes `ahead` a column of their own before that of their neighbours."""
    places = sorted({(place, node not in ahead) for node, place in column.items()})
    rank = {place: index for index, place in enumerate(places)}
    return {node: rank[place, node not in ahead] for node, place in column.items()}
