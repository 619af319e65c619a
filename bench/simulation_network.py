"""Without queues: samples a second of the 28-day network, against a loop in NumPy by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from statistics import median
from time import process_time
from typing import Any, TypeAlias

import numpy as np

from bench.simulation_permit import MONDAY, all_of
from engine.analysis.network import ActivityNetwork
from engine.analysis.simulation.assume import model_of
from engine.analysis.simulation.assumptions import Assumptions
from engine.analysis.simulation.model import Model
from engine.analysis.simulation.run import simulate
from engine.rules import china
from engine.rules.procedure import OPEN, Kind
from engine.service import procedures
from engine.settings import Settings
from engine.workflow.deployment import Deployment, load
from engine.workflow.flow import control_flow

PROCEDURE = "industrial-2014"
SAMPLES, REPLICATIONS, BLOCK = 1_000_000, 30, 10_000
ROUNDS = 5
#: an approval takes half to one and a half times its days; everybody else keeps to the plan
LOW, HIGH = 0.5, 1.5

Draw: TypeAlias = Callable[[np.random.Generator, float], Any]
#: the same distributions, as somebody would draw them by hand
DRAWS: Mapping[str, Draw] = {
    "triangular": lambda rng, days: rng.triangular(LOW * days, days, HIGH * days, BLOCK),
    "pert": lambda rng, days: LOW * days + (HIGH - LOW) * days * rng.beta(3.0, 3.0, BLOCK),
}


@dataclass(frozen=True, slots=True)
class Samples:
    """Millions of samples a second of processor time, and both means in working days."""

    shape: str
    theirs: float
    ours: float
    ratio: float
    means: tuple[float, float]


def samples() -> Iterator[Samples]:
    """Measure both sides in turn: ours is a whole run with everything its result holds."""
    deployment = load(procedures.named(PROCEDURE, Settings()))
    network = ActivityNetwork(deployment.activities)
    for shape, draw in DRAWS.items():
        model = played(deployment, shape)
        simulate(model, all_of(100))
        rounds = [(by_hand(network, draw), by_us(model)) for _ in range(ROUNDS)]
        yield Samples(
            shape,
            median(theirs for (theirs, _), _ in rounds) / 1e6,
            median(ours for _, (ours, _) in rounds) / 1e6,
            median(ours / theirs for (theirs, _), (ours, _) in rounds),
            (rounds[0][0][1], rounds[0][1][1]),
        )


def played(deployment: Deployment, shape: str) -> Model:
    """Return the procedure with approvals of one family."""
    said = Assumptions.of({"durations": {"approval": f"{shape}({LOW}, 1, {HIGH})"}})
    flow = control_flow(deployment)
    return model_of(flow, said, origin=MONDAY, business_calendar=china.calendar())


def by_us(model: Model) -> tuple[float, float]:
    """Return samples a second, and the mean of the counted days."""
    began = process_time()
    result = simulate(model, all_of(SAMPLES // REPLICATIONS, REPLICATIONS))
    result.data()
    return result.cases / (process_time() - began), result.measures["counted"].mean


def by_hand(network: ActivityNetwork, draw: Draw) -> tuple[float, float]:
    """Return samples a second, and the mean of the counted days, and nothing else."""
    rng, total = np.random.default_rng(1), 0.0
    began = process_time()
    for _ in range(SAMPLES // BLOCK):
        total += block(network, draw, rng).sum()
    return SAMPLES / (process_time() - began), total / SAMPLES


def block(network: ActivityNetwork, draw: Draw, rng: np.random.Generator) -> Any:
    """Return a block of counted days to construction start."""
    ends: dict[str, Any] = {}
    for name in network.order:
        activity, start = network[name], np.zeros(BLOCK)
        for each in (*activity.predecessors, *activity.decision_waits_for):
            start = np.maximum(start, ends[each])
        counts = activity.kind is Kind.APPROVAL and activity.days > 0
        ends[name] = start + draw(rng, activity.days) if counts else start
    return ends[OPEN]
