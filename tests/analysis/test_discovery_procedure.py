"""A whole procedure of the city played and calibrated: items, gates, loops and parallel ways."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from functools import cache
from typing import Any

import numpy as np
import pytest

from engine.analysis.discovery.calibrate import Calibration, calibrated
from engine.analysis.discovery.subset import part
from engine.analysis.eventlog.log import EventLog
from engine.analysis.simulation.assume import model_of
from engine.analysis.simulation.assumptions import Assumptions
from engine.analysis.simulation.events import events
from engine.analysis.simulation.plan import Plan
from engine.rules.china import calendar
from engine.rules.flow import ControlFlow
from engine.workflow.flow import control_flow
from tests.analysis.discovery_logs import CITY, MONDAY
from tests.workflow.flows import city

TRUTH: dict[str, Any] = {
    "shares": {
        "received": {"received--supplement": 0.16, "received--not-accepted": 0.02},
        "reviewed": {"reviewed--returned": 0.03},
        "decision": {"decision--refused": 0.05},
        "fee": {"fee--pay": 0.3},
    },
    "steps": {
        "receive": {"hours": "gamma(1, 0.5)", "pool": "{department}"},
        "supplement": {"days": "pert(1, 3, 10)"},
        "decide": {"hours": "lognormal(1, 0.5)", "pool": "{department}"},
        "deliver": {"hours": "uniform(0.1, 0.3)", "pool": "{department}"},
    },
    "again": {"days": "pert(3, 5, 10)"},
    "arrivals": {"per_year": 300},
}


@cache
def procedure() -> ControlFlow:
    return control_flow(city("industrial-2014"))


@cache
def logged() -> EventLog:
    departments = {each.department for each in procedure().items.values()}
    pools = {each: {"department": each, "people": 9} for each in departments}
    said = Assumptions.of({**TRUTH, "pools": pools})
    model = model_of(procedure(), said, origin=MONDAY, business_calendar=calendar())
    plan = Plan(cases=400, replications=1, warm_up_days=0, cool_down_days=0)
    return events(model, plan, timezone=CITY)


@cache
def found() -> Calibration:
    return calibrated(logged(), procedure(), timezone=CITY)


def shares(told: Calibration) -> dict[str, dict[str, float]]:
    """Shares by gateway's element, over all items."""
    counts: dict[str, Counter[str]] = {}
    for each in told.choices:
        element = procedure().nodes[each.node].element
        counts.setdefault(element, Counter()).update({way.flow: way.count for way in each.branches})
    return {
        element: {flow: count / ways.total() for flow, count in ways.items()}
        for element, ways in counts.items()
    }


def test_the_log_fits_the_procedure_it_is_of() -> None:
    fits = found().fitness
    assert (fits.mapped, fits.allowed, fits.cases) == (1.0, 1.0, 1.0)


@pytest.mark.parametrize("recorded", [True, False])
def test_shares_are_found_again(*, recorded: bool) -> None:
    """Also where the log has no step at which the applicant applies again."""
    told = found()
    if not recorded:
        again = [each.endswith("/again") for each in logged().activities]
        told = calibrated(
            part(logged(), ~np.array(again)[logged().activity]),
            procedure(),
            timezone=CITY,
        )
    known = shares(told)
    for element, ways in TRUTH["shares"].items():
        for flow, share in ways.items():
            # what is not accepted and what is out of scope look the same without `again`
            same = not recorded and flow == "received--not-accepted"
            assert known[element][flow] == pytest.approx(share / (2 if same else 1), abs=0.012)


def test_the_citys_hours_holidays_and_make_up_days_are_found() -> None:
    week = found().weeks["office"]
    assert week.written() == {
        "hours": ["08:30-12:00", "14:00-17:30"],
        "days": ["mon", "tue", "wed", "thu", "fri"],
    }
    year = [date(2014, 3, 1) + timedelta(days=each) for each in range(300)]
    known = calendar()
    wrong = [on for on in year if week.works(on) != known.is_working_day(on)]
    assert len(wrong) <= 6
    assert {date(2014, 5, 4), date(2014, 9, 28), date(2014, 10, 11)} <= set(week.opened)


@pytest.mark.parametrize(("element", "mean"), [("receive", 1.0), ("decide", 1.0), ("deliver", 0.2)])
def test_work_is_found_again(element: str, mean: float) -> None:
    timings = [each for each in found().timings if each.node.endswith(f"/{element}")]
    assert len(timings) > 10
    total = sum(each.count for each in timings)
    worked = sum(each.work.mean * each.count for each in timings) / total
    assert worked == pytest.approx(mean, rel=0.05)


def test_work_is_done_by_departments_and_applicants_time_is_their_own() -> None:
    told = found().assumptions()
    assert told["steps"]["IND-02/receive"]["pool"] == procedure().items["IND-02"].department
    assert "pool" not in told["steps"]["IND-02/supplement"]
    assert told["pools"]["EPB"]["department"] == "EPB"


def test_what_was_found_is_a_model_of_the_procedure() -> None:
    read = Assumptions.of(found().assumptions())
    model = model_of(procedure(), read, origin=MONDAY, business_calendar=calendar())
    assert len(model.nodes) == len(procedure().nodes)


def test_where_the_log_has_items_alone_nothing_is_said_of_their_steps() -> None:
    """Every way through the window looks the same then."""
    main = [each.endswith("/review") for each in logged().activities]
    rows = np.array(main)[logged().activity]
    told = calibrated(part(logged(), rows), procedure(), timezone=CITY).assumptions()
    assert not [each for each in told["shares"] if each.endswith("/received")]
