"""A real log: the receipt phase of permits in a Dutch municipality (tests/data/README.md)."""

from __future__ import annotations

from datetime import date
from functools import cache

import numpy as np
import pytest

from engine.analysis.discovery.calibrate import Calibration, calibrated
from engine.analysis.discovery.comparison import compared
from engine.analysis.discovery.durations import of_cases
from engine.analysis.discovery.fit import Reason
from engine.analysis.discovery.limits import Limit
from engine.analysis.eventlog import xes
from engine.analysis.simulation.assume import model_of
from engine.analysis.simulation.assumptions import Assumptions
from engine.analysis.simulation.events import events
from engine.analysis.simulation.plan import Plan
from engine.rules.china import calendar
from tests.analysis.discovery_logs import AMSTERDAM
from tests.analysis.eventlogs import RECEIPT

#: public holidays on weekdays while the log lasts and has its usual events
HOLIDAYS = {
    *(date(2011, 4, 22), date(2011, 4, 25), date(2011, 5, 5), date(2011, 6, 2)),
    *(date(2011, 6, 13), date(2011, 12, 26)),
}


@cache
def found(cover: float = 0.9) -> Calibration:
    return calibrated(xes.read(RECEIPT.read_bytes()), timezone=AMSTERDAM, cover=cover)


def test_it_is_what_it_is_known_to_be() -> None:
    log = found(1.0).log
    assert (len(log.cases), found(1.0).events) == (1_434, 8_577)
    assert not log.has_starts
    assert Limit.ONE_TIMESTAMP in found().report()["limits"]


def test_its_people_work_from_half_past_seven_to_five_on_weekdays() -> None:
    week = found().weeks["office"]
    assert week.written() == {"hours": ["07:30-17:00"], "days": ["mon", "tue", "wed", "thu", "fri"]}
    assert week.support > 0.95


def test_its_holidays_are_those_of_the_country() -> None:
    assert set(found().weeks["office"].closed) >= HOLIDAYS
    assert len(found().weeks["office"].closed) < 30


def test_its_pools_are_its_groups() -> None:
    told = found().pools
    assert told.grouped
    assert [each.id for each in told.pools[:4]] == ["Group 1", "Group 4", "Group 3", "Group 2"]
    assert all(each.active <= len(each.people) for each in told.pools)


def test_arrivals_are_counted_by_month() -> None:
    told = found().arriving
    assert told.cases == 1_434
    assert told.per_year == pytest.approx(1_434 / 479 * 365.2425)
    assert sum(count for _, count, _ in told.months) == 1_434
    assert told.by_weekday[5] + told.by_weekday[6] < 10


def test_the_diagram_leads_from_receipt_over_checks_to_the_end() -> None:
    made = found(0.8).found
    assert made is not None
    assert [*made.nodes] == [
        "Confirmation of receipt",
        "T02 Check confirmation of receipt",
        "T06 Determine necessity of stop advice",
        "T10 Determine necessity to stop indication",
        "T04 Determine confirmation of receipt",
        "T05 Print and send confirmation of receipt",
    ]
    assert made.covered == pytest.approx(0.802, abs=0.001)
    assert (made.moves[0].source, made.moves[0].target, made.moves[0].count) == (
        "START",
        "Confirmation-of-receipt",
        1_434,
    )


def test_the_diagram_explains_most_of_the_log() -> None:
    assert found().fitness.allowed > 0.99
    assert found().fitness.cases > 0.97
    assert found().fitness.mapped > 0.97


def test_shares_add_up_at_every_gateway() -> None:
    for each in found().choices:
        assert sum(way.share for way in each.branches) == pytest.approx(1)
        assert each.untold == 0


def test_half_of_all_steps_follow_within_a_minute() -> None:
    """Automatic or done at a stretch: the time between them is no work, and of no family."""
    for each in found(0.8).timings[1:]:
        assert each.elapsed.median < 1 / 60
        assert each.elapsed.reason in {Reason.POOR, Reason.ZEROS}
        assert each.elapsed.distribution.mean == pytest.approx(each.elapsed.mean, rel=0.01)
    assert Limit.DEPENDENT in found().report()["limits"]


def test_the_first_step_took_nobody_knows_how_long() -> None:
    first = found().timings[0]
    assert (first.node, first.elapsed.reason) == ("Confirmation-of-receipt", Reason.NONE)
    assert Limit.FIRST in found().report()["limits"]


def test_the_model_gives_the_log_again() -> None:
    """Means and upper quantiles; the log's cases are done at a stretch more often."""
    told = found()
    model = model_of(
        told.flow,
        Assumptions.of(told.assumptions()),
        origin=told.clock.origin,
        business_calendar=calendar(),
    )
    plan = Plan(cases=4_000, seed=1, replications=1, warm_up_days=0, cool_down_days=0)
    made = events(model, plan, timezone=AMSTERDAM)
    result = compared(of_cases(told.log, ends_only=True), of_cases(made, ends_only=True))
    assert result["ks"] < 0.12
    observed, simulated = (result["sides"][each] for each in ("observed", "simulated"))
    assert simulated["mean"] == pytest.approx(observed["mean"], rel=0.25)
    for share in ("0.9", "0.95"):
        assert simulated["quantiles"][share] == pytest.approx(observed["quantiles"][share], rel=0.2)


def test_the_same_log_gives_the_same_answer() -> None:
    again = calibrated(xes.read(RECEIPT.read_bytes()), timezone=AMSTERDAM, cover=0.9)
    assert again.assumptions() == found().assumptions()
    assert again.report() == found().report()
    assert np.isfinite(again.measured.elapsed).sum() == len(again.log) - 1_434
