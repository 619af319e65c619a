"""Networks as models to simulate: every activity waits at gates, fixed durations."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from engine.analysis.network import ActivityNetwork
from engine.analysis.simulation.distribution import fixed
from engine.analysis.simulation.model import (
    Arrivals,
    Calendar,
    Model,
    ModelItem,
    Node,
    Person,
    Pool,
)
from engine.rules.flow import FlowKind
from engine.rules.procedure import OPEN, Activity, Kind

HOURS = 7.0
OFFICE = Calendar(tuple((24.0 * day + 9, 24.0 * day + 16) for day in range(5)), 168.0, HOURS)


def model(network: ActivityNetwork) -> Model:
    """The model of a network whose durations are the plan's days."""
    return Model(
        origin=date(2014, 1, 6),
        nodes=(*(node for each in network for node in nodes(each)), Node("end", FlowKind.END)),
        calendars={"office": OFFICE},
        clock="office",
        items=tuple(item(each) for each in network if each.kind is not Kind.MILESTONE),
        arrivals=Arrivals(per_year=250),
        opens=OPEN if OPEN in network else "",
    )


def queued(given: Model) -> Model:
    """The same model, played event by event: somebody is there, with nothing to do."""
    return replace(given, pools=(Pool("idle"),), people=(Person("one", ("idle",), "office"),))


def nodes(activity: Activity) -> Iterator[Node]:
    """An activity: a gate before its work, one before its decision."""
    name, days = activity.id, activity.days
    yield Node(f"{name}/start", FlowKind.START, (f"{name}/before",))
    yield Node(f"{name}/before", FlowKind.GATE, (f"{name}/work",), waits_for=activity.predecessors)
    yield Node(
        f"{name}/work",
        FlowKind.WORK,
        (f"{name}/decision",),
        item="" if activity.kind is Kind.MILESTONE else name,
        work=fixed(days * HOURS),
        counted=activity.kind is Kind.APPROVAL,
    )
    yield Node(
        f"{name}/decision",
        FlowKind.GATE,
        (f"{name}/decided",),
        waits_for=tuple(set(activity.decision_waits_for)),
    )
    yield Node(f"{name}/decided", FlowKind.PASS, ("end",), brings=name)


def item(activity: Activity) -> ModelItem:
    """What is totalled for an activity."""
    kind, begins = str(activity.kind), f"{activity.id}/work"
    return ModelItem(activity.id, activity.name, activity.stage, "D", kind, activity.days, begins)
