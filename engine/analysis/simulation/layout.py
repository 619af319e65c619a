"""A model laid out as the arrays the kernel plays: names become places."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from math import isclose
from typing import Any

import numpy as np

from engine.analysis.simulation import shapes
from engine.analysis.simulation.kernel import records as r
from engine.analysis.simulation.kernel import tokens
from engine.analysis.simulation.model import InvalidModel, Model, Node
from engine.analysis.simulation.past import past_ways
from engine.analysis.simulation.plan import Plan
from engine.analysis.simulation.spans import Hours, bounds, fill, hours, whole
from engine.rules.flow import FlowKind
from engine.rules.procedure import Kind

KINDS = {
    FlowKind.START: tokens.START,
    FlowKind.END: tokens.END,
    FlowKind.WORK: tokens.WORK,
    # time that passes is work nobody does
    FlowKind.TIMER: tokens.WORK,
    FlowKind.EXCLUSIVE: tokens.EXCLUSIVE,
    FlowKind.PARALLEL: tokens.PARALLEL,
    FlowKind.INCLUSIVE: tokens.INCLUSIVE,
    FlowKind.GATE: tokens.GATE,
    FlowKind.FIRST: tokens.FIRST,
    FlowKind.PASS: tokens.PASS,
}
JOINS = frozenset({FlowKind.PARALLEL, FlowKind.INCLUSIVE})


def key(name: str) -> int:
    """Return the number that names a node to chance: the same in every scenario."""
    return zlib.crc32(name.encode())


def facts(plan: Plan, replication: int, opens: int) -> Any:
    """Return the numbers of a program: the seed, the replication, what opens; the rest is 0."""
    found = np.zeros(r.FACTS, np.int64)
    found[r.SEED], found[r.SEED_HIGH] = plan.seed & 0xFFFFFFFF, plan.seed >> 32
    found[r.REPLICATION], found[r.OPENS] = replication, opens
    return found


@dataclass(frozen=True, eq=False)
class Layout:
    """The places of a model's names, and the arrays that replications share.

    Raises InvalidModel where a name leads nowhere.
    """

    model: Model

    @cached_property
    def places(self) -> dict[str, int]:
        """Places of nodes."""
        return places((each.id for each in self.model.nodes), "node")

    @cached_property
    def pools(self) -> dict[str, int]:
        """Places of pools."""
        return places((each.id for each in self.model.pools), "pool")

    @cached_property
    def items(self) -> dict[str, int]:
        """Places of items."""
        return places((each.id for each in self.model.items), "item")

    @cached_property
    def calendars(self) -> dict[str, int]:
        """Places of calendars."""
        return places(self.model.calendars, "calendar")

    @cached_property
    def hours(self) -> tuple[Hours, ...]:
        """The model's calendars laid out, in the order of their places."""
        given = self.model.calendars.values()
        return tuple(hours(each.times, each.period, each.day_hours) for each in given)

    @cached_property
    def milestones(self) -> dict[str, int]:
        """Places of what nodes bring about."""
        brought = dict.fromkeys(each.brings for each in self.model.nodes if each.brings)
        return places(brought, "milestone")

    @cached_property
    def gates(self) -> dict[str, int]:
        """Places of gates among gates."""
        gates = (each.id for each in self.model.nodes if each.kind is FlowKind.GATE)
        return places(gates, "gate")

    @cached_property
    def inputs(self) -> list[int]:
        """For each node, how many flows lead into it."""
        counts = [0] * len(self.places)
        for node in self.model.nodes:
            for target in node.outgoing:
                counts[self.place(self.places, target, node)] += 1
        return counts

    @cached_property
    def joins(self) -> dict[str, int]:
        """Places of joins among joins."""
        found = (
            each.id for each in self.model.nodes if each.kind in JOINS and self.comes(each) > 1
        )
        return places(found, "join")

    def comes(self, node: Node) -> int:
        """Return how many flows lead into a node."""
        return self.inputs[self.places[node.id]]

    def place(self, known: Mapping[str, int], name: str, node: Node) -> int:
        """Return the place of a name that a node gives."""
        if name not in known:
            raise InvalidModel(f"{node.id} names {name!r}, which is not in the model", node=node.id)
        return known[name]

    def check(self) -> None:
        """Refuse a model whose names or shares do not fit. Raises InvalidModel naming one."""
        self.place_of_clock()
        self.nodes()
        self.flows()
        self.waits()
        self.staff()

    def own(self, node: Node) -> bool:
        """Whether a node's days are its item's own: those that count; of applicants' work all."""
        return node.counted or node.item in self.outside

    @cached_property
    def outside(self) -> frozenset[str]:
        """The items that no department works on."""
        return frozenset(each.id for each in self.model.items if each.kind != Kind.APPROVAL)

    @cached_property
    def program(self) -> r.Program:
        """What all replications share; their arrivals, calendars and numbers are still to come."""
        (nodes, tables), (targets, shares) = self.nodes(), self.flows()
        _, _, pools_of, people_of = self.staff()
        starts = [self.places[each.id] for each in self.model.nodes if each.kind is FlowKind.START]
        later = dict.fromkeys(("calendars", "spans", "days", "arrivals", "facts", "window"))
        return r.Program(
            nodes, targets, shares, *self.waits(), tables, pools_of=pools_of, people_of=people_of,
            starts=whole(starts), done=self.done(), past=past_ways(self.model),
            promised=self.promised(), **later,
        )  # fmt: skip

    def done(self) -> Any:
        """Return what is done of each node, by standing case."""
        standing = self.model.standing
        found = np.zeros((len(standing), len(self.places)))
        for row, each in zip(found, standing, strict=True):
            for name, share in each.done.items():
                row[self.places[name]] = share
        return found

    def promised(self) -> Any:
        """Return the items' days in the plan."""
        return np.array([each.days for each in self.model.items], np.float64)

    def place_of_clock(self) -> int:
        """Return the place of the calendar that days are counted on."""
        if self.model.clock not in self.calendars:
            raise InvalidModel(f"the clock {self.model.clock!r} is no calendar")
        return self.calendars[self.model.clock]

    def nodes(self) -> tuple[Any, Any]:
        """Return the records of all nodes and the tables of their distributions."""
        rows = np.zeros(len(self.model.nodes), r.NODE)
        tables: list[float] = []
        begins = {each.begins for each in self.model.items}
        exits = self.exits
        targets = waits = 0
        for row, node in zip(rows, self.model.nodes, strict=True):
            row["kind"], row["key"] = KINDS[node.kind], key(node.id)
            row["own"] = self.own(node)
            row["counted"], row["begins"] = node.counted, node.id in begins and node.item != ""
            row["priority"], row["inputs"] = node.priority, max(1, self.comes(node))
            row["item"] = self.items.get(node.item, -1)
            row["begins"] = row["begins"] and row["item"] >= 0
            row["join"], row["gate"] = self.joins.get(node.id, -1), self.gates.get(node.id, -1)
            row["brings"] = self.milestones.get(node.brings, -1)
            row["decides"] = self.items.get(node.brings, -1)
            row["pool"] = self.place(self.pools, node.pool, node) if node.pool else -1
            row["calendar"] = self.place(self.calendars, node.calendar or self.model.clock, node)
            row["out_from"], row["exit"] = targets, targets + exits[node.id]
            targets += len(node.outgoing)
            row["out_to"], row["waits_from"] = targets, waits
            waits += len(node.waits_for)
            row["waits_to"] = waits
            shapes.write(row, node.work, tables)
        return rows, np.array(tables)

    @cached_property
    def exits(self) -> dict[str, int]:
        """For each node, the way by which dead tokens come to a join or an end soonest."""
        distance = {each.id: 0 for each in self.model.nodes if ends(each, self.joins)}
        before = incoming(self.model.nodes)
        reached = list(distance)
        for node in reached:
            for source in before.get(node, ()):
                if source not in distance:
                    distance[source] = distance[node] + 1
                    reached.append(source)
        far = len(distance)
        return {
            each.id: nearest([distance.get(target, far) for target in each.outgoing])
            for each in self.model.nodes
        }

    def flows(self) -> tuple[Any, Any]:
        """Return the targets of all flows and their shares, cumulated at exclusive nodes."""
        pairs = list(self.shared())
        return (
            np.array([self.places[target] for target, _ in pairs], np.int32),
            np.array([share for _, share in pairs], np.float64),
        )

    def shared(self) -> Iterator[tuple[str, float]]:
        """Yield every flow's target with its share."""
        for node in self.model.nodes:
            shares = node.shares or (1.0,) * len(node.outgoing)
            if node.kind is FlowKind.EXCLUSIVE:
                shares = cumulated(node)
            if len(shares) != len(node.outgoing):
                raise InvalidModel(f"{node.id} has a share too many or too few", node=node.id)
            yield from zip(node.outgoing, shares, strict=True)

    def waits(self) -> tuple[Any, Any, Any]:
        """Return what gates wait for, and each milestone's gates with where they begin."""
        awaited: list[int] = []
        listeners: list[list[int]] = [[] for _ in self.milestones]
        for node in self.model.nodes:
            for name in node.waits_for:
                milestone = self.place(self.milestones, name, node)
                awaited.append(milestone)
                listeners[milestone].append(self.places[node.id])
        return whole(awaited), whole([*chain.from_iterable(listeners)]), bounds(listeners)

    def staff(self) -> tuple[Any, Any, Any, Any]:
        """Return people and pools, with who serves what, each both ways."""
        people = np.zeros(len(self.model.people), r.PERSON)
        pools = np.zeros(len(self.model.pools), r.POOL)
        serves = [[self.pool(each.id, name) for name in each.pools] for each in self.model.people]
        served: list[list[int]] = [[] for _ in pools]
        for which, row in enumerate(people):
            row["calendar"] = row["office"] = self.calendars[self.model.people[which].calendar]
            for pool in serves[which]:
                served[pool].append(which)
        fill(people, "pools_from", "pools_to", bounds(serves))
        fill(pools, "people_from", "people_to", bounds(served))
        pools["root"] = -1
        pools["idle"] = [len(each) for each in served]
        return (
            people,
            pools,
            whole([*chain.from_iterable(serves)]),
            whole([*chain.from_iterable(served)]),
        )

    def pool(self, person: str, name: str) -> int:
        """Return the place of a pool that a person names."""
        if name not in self.pools:
            raise InvalidModel(f"{person} serves {name!r}, which is no pool", person=person)
        return self.pools[name]


def ends(node: Node, joins: Mapping[str, int]) -> bool:
    """Whether a dead token is done with at a node."""
    return node.id in joins or not node.outgoing


def nearest(distances: Sequence[int]) -> int:
    """Return the place of the least of some distances, 0 of none."""
    return distances.index(min(distances)) if distances else 0


def incoming(nodes: Iterable[Node]) -> dict[str, list[str]]:
    """Return, for each node, where its flows come from."""
    found: dict[str, list[str]] = {}
    for node in nodes:
        for target in node.outgoing:
            found.setdefault(target, []).append(node.id)
    return found


def cumulated(node: Node) -> tuple[float, ...]:
    """Return the cumulated shares of an exclusive node; all the first way's where none is given."""
    shares = node.shares or (1.0, *(0.0 for _ in node.outgoing[1:]))
    if node.outgoing and not isclose(sum(shares), 1.0):
        raise InvalidModel(
            f"the shares of {node.id} add up to {sum(shares):g}, not 1", node=node.id
        )
    totals = np.cumsum(shares)
    # nobody falls between the last share and 1
    totals[totals > 1.0 - 1e-12] = 1.0
    return tuple(float(each) for each in totals)


def places(names: Iterable[str], what: str) -> dict[str, int]:
    """Return the place of each name; raises InvalidModel where one stands twice."""
    found: dict[str, int] = {}
    for name in names:
        if name in found:
            raise InvalidModel(f"the {what} {name!r} stands twice")
        found[name] = len(found)
    return found
