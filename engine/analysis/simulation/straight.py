"""Models without queues and chance in their ways: a network of activities, drawn at once.

Such a model has no people, one calendar, and at every gateway one way that all take. Its cases
do not touch each other, so they are drawn in blocks instead of played event by event; the numbers
drawn are those the events would draw, so both give the same durations.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any, NamedTuple

import networkx as nx
import numpy as np

from engine.analysis.simulation.kernel import records as r
from engine.analysis.simulation.kernel.sample import BLOCK
from engine.analysis.simulation.layout import Layout, facts, key
from engine.analysis.simulation.model import Model, Node
from engine.analysis.simulation.plan import Plan
from engine.analysis.simulation.shapes import write
from engine.analysis.simulation.spans import bounds, fill, whole
from engine.rules.flow import FlowKind

BARRED = frozenset({FlowKind.INCLUSIVE, FlowKind.FIRST, FlowKind.TIMER})
OPENING = "opening"


class Network(NamedTuple):
    """A network as the kernel reads it: `before` are what each waits for, `works` an item's."""

    nodes: Any
    before: Any
    tables: Any
    works: Any
    items_of: Any
    promised: Any
    day_hours: Any
    facts: Any


class Block(NamedTuple):
    """Room for one block of cases, and the sums over all."""

    uniform: Any
    start: Any
    hours: Any
    ends: Any
    counted: Any
    spent: Any
    days: Any
    items: Any
    critical: Any
    seen: Any


def graph(model: Model) -> nx.DiGraph[str] | None:
    """Return which work waits for which, or None where the model is not straight.

    The last node, OPENING, is construction start, or the end of all where nothing opens.
    """
    found = flows(model)
    if found is None or not nx.is_directed_acyclic_graph(found):
        return None
    nodes = {each.id: each for each in model.nodes}
    works = [name for name in nx.topological_sort(found) if nodes[name].work.mean > 0]
    reduced: nx.DiGraph[str] = nx.DiGraph()
    reduced.add_nodes_from(works)
    for name in works:
        reduced.add_edges_from((each, name) for each in before(found, [name], nodes))
    reduced.add_node(OPENING)
    opening = [name for name in found if model.opens and nodes[name].brings == model.opens]
    if model.opens and not opening:
        return None
    ends = opening or [name for name in found if not found.out_degree(name)]
    inclusive = [name for name in ends if nodes[name].work.mean > 0]
    reduced.add_edges_from((each, OPENING) for each in (*inclusive, *before(found, ends, nodes)))
    return reduced


def before(found: nx.DiGraph[str], names: list[str], nodes: dict[str, Node]) -> Iterator[str]:
    """Yield the work that comes directly before some nodes."""
    seen: set[str] = set()
    stack = [each for name in names for each in found.predecessors(name)]
    while stack:
        each = stack.pop()
        if each in seen:
            continue
        seen.add(each)
        if nodes[each].work.mean > 0:
            yield each
        else:
            stack.extend(found.predecessors(each))


def flows(model: Model) -> nx.DiGraph[str] | None:
    """Return every way that is taken, and what gates wait for; None where chance or people play."""
    if model.people or model.standing or len(model.calendars) == 0:
        return None
    if any(each.pool or each.kind in BARRED or elsewhere(model, each) for each in model.nodes):
        return None
    nodes = {each.id: each for each in model.nodes}
    bringing = {each.brings: each.id for each in model.nodes if each.brings}
    found: nx.DiGraph[str] = nx.DiGraph()
    stack = [each.id for each in model.nodes if each.kind is FlowKind.START]
    found.add_nodes_from(stack)
    while stack:
        node = nodes[stack.pop()]
        ways = taken(node)
        if ways is None:
            return None
        stack.extend(each for each in ways if each not in found)
        found.add_edges_from((node.id, each) for each in ways)
    for name in list(found):
        for awaited in nodes[name].waits_for:
            if bringing.get(awaited) not in found:
                return None
            found.add_edge(bringing[awaited], name)
    into = Counter(each for node in model.nodes for each in node.outgoing)
    return found if single(found, nodes, into) else None


def elsewhere(model: Model, node: Node) -> bool:
    """Whether a node's work is on another calendar than the clock's."""
    return node.work.mean > 0 and node.calendar not in {"", model.clock}


def taken(node: Node) -> tuple[str, ...] | None:
    """Return the ways out of a node that every token takes; None where chance decides."""
    if node.kind is not FlowKind.EXCLUSIVE or len(node.outgoing) <= 1:
        return node.outgoing
    shares = node.shares or (1.0,)
    return (node.outgoing[shares.index(1.0)],) if 1.0 in shares else None


def single(found: nx.DiGraph[str], nodes: dict[str, Node], into: Counter[str]) -> bool:
    """Whether tokens meet wherever several come: at a join all that lead there, else one."""
    return all(
        found.in_degree(name) - len(set(nodes[name].waits_for)) in {0, comes(nodes[name], into)}
        for name in found
        if nodes[name].outgoing or nodes[name].brings
    )


def comes(node: Node, into: Counter[str]) -> int:
    """Return how many tokens a node takes."""
    return into[node.id] if node.kind is FlowKind.PARALLEL else 1


@dataclass(frozen=True, eq=False)
class Straight:
    """A network laid out: its activities in the order in which they are drawn, and its arrays."""

    names: list[str]
    network: Network

    def of(self, plan: Plan, replication: int) -> Network:
        """Return the network of one replication."""
        return self.network._replace(facts=facts(plan, replication, self.names.index(OPENING)))


def laid_out(layout: Layout) -> Straight | None:
    """Return a model's network, or None where the model is not straight."""
    waits = graph(layout.model)
    if waits is None:
        return None
    names = list(nx.topological_sort(waits))
    places = {name: at for at, name in enumerate(names)}
    awaited = [[places[each] for each in waits.predecessors(name)] for name in names]
    works = [places_of(layout, places, item.id) for item in layout.model.items]
    rows, tables = activities(layout, names)
    fill(rows, "waits_from", "waits_to", bounds(awaited))
    day = layout.model.calendars[layout.model.clock].day_hours
    network = Network(
        nodes=rows,
        before=whole([*chain.from_iterable(awaited)]),
        tables=tables,
        works=whole([*chain.from_iterable(works)]),
        items_of=bounds(works),
        promised=layout.promised(),
        day_hours=np.array([day]),
        facts=None,
    )
    return Straight(names, network)


def activities(layout: Layout, names: list[str]) -> tuple[Any, Any]:
    """Return the records of activities and the tables of their distributions."""
    rows, tables = np.zeros(len(names), r.NODE), list[float]()
    rows["item"] = -1
    for row, name in zip(rows, names, strict=True):
        if name in layout.places:
            node = layout.model.nodes[layout.places[name]]
            row["key"], row["counted"] = key(name), node.counted
            row["item"] = layout.items.get(node.item, -1)
            write(row, node.work, tables)
    return rows, np.array([*tables, 0.0])


def places_of(layout: Layout, places: dict[str, int], item: str) -> list[int]:
    """Return the places of the activities whose days are an item's own."""
    nodes = [each for each in layout.model.nodes if each.item == item and layout.own(each)]
    return [places[each.id] for each in nodes if each.id in places]


def room(activities: int, items: int) -> Block:
    """Return room for a block of cases."""
    return Block(
        uniform=np.zeros(BLOCK),
        start=np.zeros(BLOCK),
        hours=np.zeros((activities, BLOCK)),
        ends=np.zeros((activities, BLOCK)),
        counted=np.zeros((activities, BLOCK)),
        spent=np.zeros(activities),
        days=np.zeros((items, 2 * r.DAY_STEPS), np.int64),
        items=np.zeros((items, 3)),
        critical=np.zeros(items, np.int64),
        seen=np.zeros(items, np.int8),
    )
