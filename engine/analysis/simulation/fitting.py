"""What of assumptions does not fit a procedure: names that lead nowhere, queues nobody serves."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping

from engine.analysis.simulation.assumptions import Assumptions, PersonRule
from engine.analysis.simulation.reading import Problem
from engine.analysis.simulation.ways import CHOOSING
from engine.rules.flow import ControlFlow, FlowKind, FlowNode

TAKING_TIME = frozenset({FlowKind.WORK, FlowKind.TIMER})


def unfit(
    flow: ControlFlow,
    said: Assumptions,
    calendars: Mapping[str, object],
    queued: Mapping[str, str],
) -> Iterator[Problem]:
    """Yield every problem; `queued` are the pools in which work stands, each with a node of it."""
    nodes = flow.nodes.values()
    steps = names(each for each in nodes if each.kind in TAKING_TIME)
    gateways = names(each for each in nodes if each.kind in CHOOSING and len(each.outgoing) > 1)
    yield from missing("items", said.items, flow.items, "the procedure has no such item")
    yield from missing("steps", said.steps, steps, "the procedure has no such step")
    yield from missing("shares", said.shares, gateways, "no such gateway has several ways")
    for name in said.items:
        if name in flow.items and not flow.items[name].main:
            yield Problem(f"items.{name}", "nobody works on it in its diagram")
    for place, person in enumerate(said.people):
        yield from unfit_person(f"people[{place}]", person, said.pools)
    yield from unserved(said, queued)
    for at, calendar in named_calendars(said):
        if calendar and calendar not in calendars:
            yield Problem(at, f"{calendar!r} is no calendar; there are {', '.join(calendars)}")


def missing(at: str, said: Iterable[str], known: Container[str], why: str) -> Iterator[Problem]:
    """Yield a problem for each name that is not known."""
    return (Problem(f"{at}.{name}", why) for name in said if name not in known)


def names(nodes: Iterable[FlowNode]) -> set[str]:
    """Return the names by which nodes are called: their ids, and what is drawn."""
    return {name for each in nodes for name in (each.id, each.element)}


def unfit_person(at: str, person: PersonRule, pools: Container[str]) -> Iterator[Problem]:
    """Yield what is wrong with a person."""
    if not person.pools:
        yield Problem(f"{at}.pools", "name at least one pool")
    yield from missing(f"{at}.pools", person.pools, pools, "there is no such pool")


def unserved(said: Assumptions, queued: Mapping[str, str]) -> Iterator[Problem]:
    """Yield a problem for each pool in which work stands and nobody takes it up."""
    served = {name for name, each in said.pools.items() if each.people}
    served.update(name for each in said.people for name in each.pools)
    for name, node in queued.items():
        if name not in served:
            yield Problem(f"pools.{name}.people", f"{node} waits there, and nobody serves it")


def named_calendars(said: Assumptions) -> Iterator[tuple[str, str]]:
    """Yield each place at which a calendar may be named, with its name there."""
    yield "clock", said.clock
    yield "arrivals.calendar", said.arrivals.calendar
    for name, pool in said.pools.items():
        yield f"pools.{name}.calendar", pool.calendar
    for place, person in enumerate(said.people):
        yield f"people[{place}].calendar", person.calendar
