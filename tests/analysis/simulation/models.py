"""Small models to test with, and what theory says of them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from engine.analysis.simulation.distribution import Distribution
from engine.analysis.simulation.model import (
    ALWAYS,
    Arrivals,
    Calendar,
    Model,
    ModelItem,
    Node,
    Person,
    Pool,
)
from engine.rules.flow import FlowKind

MONDAY = date(2014, 1, 6)
SHIFTS = ((8.5, 12.0), (14.0, 17.5))
#: five days a week, seven hours a day
OFFICE = Calendar(
    tuple((24 * day + begin, 24 * day + end) for day in range(5) for begin, end in SHIFTS),
    168.0,
    7.0,
)
CALENDARS = {"always": ALWAYS, "office": OFFICE}


def start(*targets: str) -> Node:
    return Node("start", FlowKind.START, targets)


def end(name: str = "end") -> Node:
    return Node(name, FlowKind.END)


def task(name: str, hours: str, *targets: str, **more: Any) -> Node:
    """Work that is an item of its own."""
    given: dict[str, Any] = {"counted": True, "item": name, "brings": name} | more
    return Node(name, FlowKind.WORK, targets, work=Distribution.of(hours), **given)


def pool(name: str, people: int, calendar: str = "always") -> tuple[Pool, tuple[Person, ...]]:
    return Pool(name), tuple(Person(f"{name}-{at}", (name,), calendar) for at in range(people))


def model(*nodes: Node, clock: str = "always", **more: Any) -> Model:
    """A model of these nodes, an item for each task."""
    items = tuple(item(each) for each in nodes if each.item)
    return Model(MONDAY, nodes, CALENDARS, clock, items=items, **more)


def item(node: Node) -> ModelItem:
    return ModelItem(node.item, node.item, "stage", "DEPT", "approval", 5, node.id)


def staffed(given: Model, *pools: tuple[Pool, Sequence[Person]]) -> Model:
    people = tuple(person for _, some in pools for person in some)
    return replace(given, pools=tuple(one for one, _ in pools), people=people)


def coming(per_hour: float) -> Arrivals:
    """Poisson arrivals."""
    return Arrivals(between=Distribution.of(f"exponential({1 / per_hour})"))


def line(*works: Node) -> Iterator[Node]:
    """Tasks one after another."""
    names = [each.id for each in works]
    yield start(names[0])
    for each, after in zip(works, [*names[1:], "end"], strict=True):
        yield replace(each, outgoing=(after,))
    yield end()


def erlang_wait(servers: int, arrivals: float, services: float) -> float:
    """Mean wait of M/M/c by Erlang's second formula (Erlang 1917)."""
    load = arrivals / services
    top = load**servers / math.factorial(servers) * servers / (servers - load)
    below = sum(load**k / math.factorial(k) for k in range(servers)) + top
    return top / below / (servers * services - arrivals)
