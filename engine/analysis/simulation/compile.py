"""Compile the kernel now, so that the first run need not do it.

It takes some twenty seconds once for each state of the kernel, and nothing afterwards.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from engine.analysis.simulation.distribution import Distribution
from engine.analysis.simulation.events import events
from engine.analysis.simulation.model import ALWAYS, Arrivals, Model, Node, Person, Pool
from engine.analysis.simulation.plan import Plan
from engine.analysis.simulation.run import simulate
from engine.rules.flow import FlowKind

PLAN = Plan(cases=2, replications=1, warm_up_days=0, cool_down_days=0)
HOUR = Distribution.of("exponential(1)")
ALONE = Model(
    date(2014, 1, 6),
    (
        Node("start", FlowKind.START, ("work",)),
        Node("work", FlowKind.WORK, ("end",), work=HOUR, counted=True),
        Node("end", FlowKind.END),
    ),
    {"always": ALWAYS},
    "always",
    arrivals=Arrivals(between=HOUR),
)
QUEUED = replace(ALONE, pools=(Pool("pool"),), people=(Person("one", ("pool",), "always"),))


def main() -> None:
    """Play what touches every function of the kernel."""
    simulate(ALONE, PLAN)
    simulate(QUEUED, PLAN)
    events(QUEUED, PLAN)


if __name__ == "__main__":
    main()
