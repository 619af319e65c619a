"""The third way: simulated with fixed durations, every case takes the critical path's days."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from engine.analysis.network import ActivityNetwork, View
from engine.analysis.schedule import schedule
from engine.analysis.simulation import run
from engine.analysis.simulation.assume import model_of
from engine.analysis.simulation.assumptions import Assumptions
from engine.analysis.simulation.model import Model
from engine.analysis.simulation.plan import Plan
from engine.analysis.simulation.run import Unit
from engine.rules.china import calendar
from engine.rules.procedure import OPEN
from engine.workflow import deployment
from engine.workflow.flow import control_flow
from tests.analysis.networks import drawn
from tests.analysis.simulation.invariants import checked
from tests.three_ways.simulated import model, queued

ROOT = Path(__file__).parents[2]
FEW = Plan(cases=4, replications=1, warm_up_days=0, cool_down_days=0)
TOTALS = [
    ("industrial-2013", 63, 80),
    ("industrial-2014", 28, 59),
    ("real-estate-2013", 66, 85),
    ("real-estate-2014", 29, 74),
]


def totals(given: Model) -> tuple[float, float, float]:
    """The one number of days all cases take, counted, elapsed and to the last end."""
    days = Unit(given, FEW).play(0).days
    assert np.ptp(days, axis=1) == pytest.approx([0, 0, 0], abs=1e-6)
    counted, elapsed, whole = days[:, 0]
    return counted, elapsed, whole


def of(procedure: str) -> Model:
    """The model of a bundled procedure without any assumption."""
    folder = ROOT / "bpmn"
    paths = [*(folder / "procedures" / procedure).iterdir(), *(folder / "shared").glob("*.bpmn")]
    files = {each.name: each.read_bytes() for each in (*paths, folder / "catalogue.yaml")}
    built, problems = deployment.build(files)
    assert built is not None, problems
    given = Assumptions.of({})
    return model_of(
        control_flow(built), given, origin=date(2014, 1, 6), business_calendar=calendar()
    )


@pytest.mark.parametrize(("procedure", "counted_days", "elapsed_days"), TOTALS)
def test_procedures_take_their_totals(
    procedure: str, counted_days: int, elapsed_days: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = of(procedure)
    monkeypatch.setattr(run, "MANY", 1)
    assert Unit(given, FEW).mode == "sampled"
    counted, elapsed, _ = totals(given)
    assert counted == pytest.approx(counted_days)
    assert elapsed == pytest.approx(elapsed_days)
    played = queued(
        replace(given, calendars={**given.calendars, "office": given.calendars[given.clock]})
    )
    assert Unit(played, FEW).mode == "queued"
    assert totals(played) == pytest.approx(totals(given))
    checked(played, FEW)


def planned(network: ActivityNetwork) -> tuple[int, int, int]:
    """The same of a network's critical paths."""
    counted, elapsed = (schedule(network, view) for view in (View.COUNTED, View.ELAPSED))
    whole = max(elapsed.earliest_finish)
    opens = OPEN in network
    return (counted.days if opens else max(counted.earliest_finish),
            elapsed.days if opens else whole, whole)  # fmt: skip


def test_a_thousand_random_networks_take_their_critical_path() -> None:
    rng = random.Random(7)
    for number in range(1_000):
        network = drawn(rng, rng.randint(1, 14), opens=bool(number % 4))
        assert totals(queued(model(network))) == pytest.approx(planned(network)), network


def test_random_networks_are_sampled_to_the_same_days(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "MANY", 1)
    rng = random.Random(8)
    for number in range(200):
        network = drawn(rng, rng.randint(1, 14), opens=bool(number % 4))
        given = model(network)
        assert Unit(given, FEW).mode == "sampled"
        assert totals(given) == pytest.approx(planned(network)), network
