"""A run that nobody wants any more ends, wherever it is played."""

from __future__ import annotations

import pytest

from engine.analysis.simulation.plan import Plan
from engine.analysis.simulation.run import Cancelled, simulate
from tests.analysis.simulation.models import coming, line, model, pool, staffed, task

#: two replications that would take minutes
LONG = Plan(cases=10_000_000, replications=2, warm_up_days=0.0, cool_down_days=0.0)
WINDOW = model(*line(task("work", "exponential(1)", pool="W")), arrivals=coming(0.5))


@pytest.mark.parametrize("processes", [1, 2])
def test_it_ends_within_a_replication(processes: int) -> None:
    asked = []

    def progress(done: int, of: int) -> bool:
        asked.append((done, of))
        return False

    with pytest.raises(Cancelled, match="the run was cancelled"):
        simulate(staffed(WINDOW, pool("W", 1)), LONG, processes=processes, progress=progress)
    assert asked == [(0, 2)]
