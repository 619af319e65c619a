"""Our model as Prosimos reads it: the same tasks, shares, people, hours and arrivals."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from engine.analysis.simulation.distribution import Distribution, Shape
from engine.analysis.simulation.model import Calendar, Model
from engine.rules.flow import ControlFlow, FlowKind

SECONDS = 3600.0
#: Prosimos cuts every distribution off somewhere: so far out that nothing is cut
NEVER = 1e9
DAYS = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")
AROUND_THE_CLOCK = [
    {"from": DAYS[0], "to": DAYS[6], "beginTime": "00:00:00", "endTime": "23:59:59.999999"}
]


class Unknown(ValueError):
    """Prosimos has nothing of this kind."""


#: a family's name there, and its parameters out of ours, in seconds; lognormal and gamma take the
#: variance where we write the deviation
FAMILIES: Mapping[Shape, tuple[str, Callable[..., tuple[float, ...]]]] = {
    Shape.FIXED: ("fix", lambda value: (value,)),
    Shape.UNIFORM: ("uniform", lambda low, high: (low, high)),
    Shape.EXPONENTIAL: ("expon", lambda mean: (mean, 0.0, NEVER)),
    Shape.LOGNORMAL: ("lognorm", lambda mean, sd: (mean, sd * sd, 0.0, NEVER)),
    Shape.GAMMA: ("gamma", lambda mean, sd: (mean, sd * sd, 0.0, NEVER)),
}


def parameters(flow: ControlFlow, model: Model) -> dict[str, Any]:
    """Return the parameters of a model of plain weeks, exponential arrivals and one stage.

    Raises Unknown for a family that Prosimos does not read, as triangular ones.
    """
    gap = Distribution(Shape.EXPONENTIAL, (365.2425 * 24 / model.arrivals.per_year,))
    return {
        "resource_profiles": [*profiles(model)],
        "resource_calendars": [
            {"id": name, "name": name, "time_periods": [*periods(each)]}
            for name, each in model.calendars.items()
            if each.period == 168.0
        ],
        "task_resource_distribution": [*works(model)],
        "arrival_time_distribution": family(gap),
        "arrival_time_calendar": AROUND_THE_CLOCK,
        "gateway_branching_probabilities": [*shares(flow, model)],
    }


def family(work: Distribution) -> dict[str, Any]:
    """Return a distribution of hours, in seconds."""
    if work.shape not in FAMILIES:
        raise Unknown(f"Prosimos does not read {work}")
    name, values = FAMILIES[work.shape]
    numbers = values(*(each * SECONDS for each in work.values))
    return {
        "distribution_name": name,
        "distribution_params": [{"value": each} for each in numbers],
    }


def profiles(model: Model) -> Iterator[dict[str, Any]]:
    """Yield the pools with their people, each person a profile."""
    for pool in model.pools:
        people = [
            {
                "id": each.id,
                "name": each.id,
                "cost_per_hour": 0,
                "amount": 1,
                "calendar": each.calendar,
            }
            for each in model.people
            if pool.id in each.pools
        ]
        yield {"id": pool.id, "name": pool.id, "resource_list": people}


def works(model: Model) -> Iterator[dict[str, Any]]:
    """Yield the tasks with everybody who may do them."""
    for node in model.nodes:
        if node.kind is FlowKind.WORK:
            people = [each.id for each in model.people if node.pool in each.pools]
            hours = family(node.work)
            yield {
                "task_id": node.id,
                "resources": [{"resource_id": each} | hours for each in people],
            }


def shares(flow: ControlFlow, model: Model) -> Iterator[dict[str, Any]]:
    """Yield the exclusive gateways with the shares of their ways."""
    for node in model.nodes:
        if node.kind is FlowKind.EXCLUSIVE and len(node.outgoing) > 1:
            ways = zip(flow.nodes[node.id].outgoing, node.shares, strict=True)
            probabilities = [{"path_id": way.id, "value": share} for way, share in ways]
            yield {"gateway_id": node.id, "probabilities": probabilities}


def periods(calendar: Calendar) -> Iterator[dict[str, str]]:
    """Yield the open hours of a week."""
    for start, stop in calendar.spans:
        day, begin = divmod(start, 24)
        yield {
            "from": DAYS[int(day)],
            "to": DAYS[int(day)],
            "beginTime": clock(begin),
            "endTime": clock(begin + stop - start),
        }


def clock(hours: float) -> str:
    """Return an hour of a day as it is written."""
    minutes = round(hours * 60)
    return f"{minutes // 60:02}:{minutes % 60:02}:00"
