"""A model played, its log calibrated, and the same model found again; and how it plays then."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import numpy as np
import pytest
import yaml

from engine.analysis.discovery.calibrate import Calibration, Office, calibrated
from engine.analysis.discovery.comparison import compared
from engine.analysis.discovery.durations import of_cases
from engine.analysis.discovery.limits import Limit
from engine.analysis.eventlog.log import EventLog
from engine.analysis.simulation.assume import model_of
from engine.analysis.simulation.assumptions import Assumptions
from engine.analysis.simulation.distribution import Distribution
from engine.analysis.simulation.events import events
from engine.analysis.simulation.plan import Plan
from engine.errors import Invalid
from engine.rules.china import calendar
from engine.rules.flow import ControlFlow
from tests.analysis.discovery_logs import CITY, MONDAY, flow, log, words

WEEK = {"hours": ["08:30-12:00", "14:00-17:30"], "days": ["mon", "tue", "wed", "thu", "fri"]}
FLOW = """
    START > x1
    x1 > receive
    receive > x2
    x2 > review supplement
    supplement > x1
    review > END
"""
TRUTH: dict[str, Any] = {
    "calendars": {"office": WEEK},
    "clock": "office",
    "steps": {
        "receive": {"hours": "gamma(0.6, 0.3)", "pool": "window"},
        "review": {"hours": "lognormal(4, 2)", "pool": "reviewers"},
        "supplement": {"hours": "pert(5, 10, 30)"},
    },
    "shares": {"x2": {"x2--supplement": 0.16}},
    "pools": {"window": {"people": 1}, "reviewers": {"people": 3}},
    "arrivals": {"per_year": 900},
}


def played(given: ControlFlow, assumptions: dict[str, Any], seed: int = 3) -> EventLog:
    model = model_of(
        given, Assumptions.of(assumptions), origin=MONDAY, business_calendar=calendar()
    )
    plan = Plan(cases=2_000, seed=seed, replications=1, warm_up_days=0, cool_down_days=0)
    return events(model, plan, timezone=CITY)


@cache
def truth() -> EventLog:
    return played(flow(FLOW), TRUTH)


@cache
def found() -> Calibration:
    return calibrated(truth(), flow(FLOW), timezone=CITY)


def test_hours_of_work_are_found_again() -> None:
    assert found().assumptions()["calendars"]["office"] == WEEK
    assert found().day_hours == 7.0


def test_shares_and_arrivals_are_found_again() -> None:
    told = found().assumptions()
    assert told["shares"]["x2"]["x2--supplement"] == pytest.approx(0.16, abs=0.025)
    assert sum(told["shares"]["x2"].values()) == 1.0
    assert told["arrivals"]["per_year"] == pytest.approx(900, rel=0.07)


@pytest.mark.parametrize(
    ("node", "mean", "sd"), [("receive", 0.6, 0.3), ("review", 4, 2), ("supplement", 12.5, 4.6)]
)
def test_work_is_found_again_without_waiting(node: str, mean: float, sd: float) -> None:
    (timing,) = [each for each in found().timings if each.node == node]
    assert timing.exact == 1.0
    assert timing.work.mean == pytest.approx(mean, rel=0.05)
    candidates = {each.distribution.shape for each in timing.work.candidates[:2]}
    assert {str(each) for each in candidates} & set(TRUTH["steps"][node]["hours"].split("("))
    work = found().measured.work[found().log.activity == truth().activities.index(node)]
    assert work.std() == pytest.approx(sd, rel=0.12)


def test_pools_are_found_again_with_their_people() -> None:
    told = found().assumptions()
    assert {name: pool["people"] for name, pool in told["pools"].items()} == {
        "window": 1,
        "reviewers": 3,
    }
    assert {name: step.get("pool") for name, step in told["steps"].items()} == {
        "receive": "window",
        "review": "reviewers",
        "supplement": None,
    }


def test_the_flow_fits_wholly() -> None:
    assert (found().fitness.mapped, found().fitness.allowed, found().fitness.cases) == (1, 1, 1)


def test_what_was_found_plays_as_the_log_did() -> None:
    """Another seed: the distance is what two samples of one city have."""
    again = played(flow(FLOW), found().assumptions(), seed=99)
    told = compared(of_cases(truth()), of_cases(again))
    other = compared(of_cases(truth()), of_cases(played(flow(FLOW), TRUTH, seed=99)))
    assert told["ks"] < other["ks"] + 0.05
    observed, simulated = (told["sides"][each] for each in ("observed", "simulated"))
    assert simulated["mean"] == pytest.approx(observed["mean"], rel=0.15)
    for share in ("0.5", "0.9"):
        assert simulated["quantiles"][share] == pytest.approx(
            observed["quantiles"][share], rel=0.2, abs=0.05
        )


def test_what_was_found_is_written_and_read_again() -> None:
    told = found().assumptions()
    read = Assumptions.of(told)
    assert Assumptions.of(yaml.safe_load(yaml.safe_dump(told, allow_unicode=True))) == read
    assert Assumptions.of(json.loads(json.dumps(told))) == read


# -- with one timestamp ------------------------------------------------------------------------


@cache
def hidden() -> Calibration:
    """The same log, its ends alone."""
    whole = truth()
    unknown = np.full(len(whole), np.nan)
    ends = EventLog(
        **{name: getattr(whole, name) for name in ("cases", "activities", "resources", "groups")},
        **{name: getattr(whole, name) for name in ("case", "activity", "resource", "group", "end")},
        ready=unknown,
        start=unknown,
    )
    return calibrated(ends, flow(FLOW), timezone=CITY)


def test_with_one_timestamp_nothing_is_staffed_unless_asked() -> None:
    told = hidden().assumptions()
    assert "pools" not in told
    assert not hidden().staffed
    again = calibrated(hidden().log, flow(FLOW), timezone=CITY, staffed=True)
    assert set(again.assumptions()["pools"]) == {"window", "reviewers"}


def test_with_one_timestamp_elapsed_time_holds_the_wait_and_work_its_bound() -> None:
    for each, exact in zip(hidden().timings[1:], found().timings[1:], strict=True):
        assert each.exact == 0
        assert each.waiting is None
        assert each.work.mean <= each.elapsed.mean
        assert each.work.mean >= exact.work.mean * 0.99


def test_with_one_timestamp_cases_still_last_as_long() -> None:
    again = played(flow(FLOW), hidden().assumptions(), seed=5)
    told = compared(of_cases(hidden().log, ends_only=True), of_cases(again, ends_only=True))
    observed, simulated = (told["sides"][each] for each in ("observed", "simulated"))
    assert simulated["mean"] == pytest.approx(observed["mean"], rel=0.12)
    assert told["ks"] < 0.1


def test_limits_are_told() -> None:
    one, whole = (set(each.report()["limits"]) for each in (hidden(), found()))
    assert {Limit.ONE_TIMESTAMP, Limit.FIRST, Limit.CONCURRENT} <= one
    assert Limit.ONE_TIMESTAMP not in whole
    assert {Limit.PEOPLE, Limit.ABSENCE} <= whole


# -- what is given -----------------------------------------------------------------------------


def test_known_hours_are_not_looked_for() -> None:
    clock = found().clock
    given = Office({"hours": WEEK["hours"], "days": "business"}, clock.calendar, clock.origin)
    told = calibrated(truth(), flow(FLOW), timezone=CITY, office=given)
    assert told.assumptions()["calendars"] == {"office": dict(given.written)}
    assert told.report()["office_given"]
    assert Limit.HOLIDAYS not in told.report()["limits"]


def test_what_is_left_out_is_no_part_of_it() -> None:
    told = calibrated(truth(), flow(FLOW), timezone=CITY, mapping={"supplement": ""})
    assert told.fitness.mapped < 1
    assert told.report()["unseen"] == ["supplement"]
    assert "supplement" not in told.assumptions()["steps"]
    # a loop over work that is not recorded shows as work done again
    assert told.assumptions()["shares"]["x2"]["x2--supplement"] == pytest.approx(0.16, abs=0.03)


def test_pools_with_other_hours_have_a_calendar_of_their_own() -> None:
    evening = {"hours": ["18:00-22:00"], "days": ["mon", "tue", "wed", "thu", "fri", "sat"]}
    said = {
        **TRUTH,
        "calendars": {"office": WEEK, "evening": evening},
        "pools": {"window": {"people": 1}, "reviewers": {"people": 4, "calendar": "evening"}},
    }
    told = calibrated(played(flow(FLOW), said), flow(FLOW), timezone=CITY).assumptions()
    assert told["calendars"]["reviewers"] == evening
    assert told["calendars"]["window"] == WEEK
    assert told["pools"]["reviewers"]["calendar"] == "reviewers"
    assert Distribution.of(told["steps"]["review"]["hours"]).mean == pytest.approx(4, rel=0.05)


def test_whoever_serves_two_pools_does_so_again() -> None:
    said = {
        **TRUTH,
        "pools": {"window": {"people": 1}, "reviewers": {"people": 2}},
        "people": [{"id": "ann", "pools": ["reviewers", "window"]}],
    }
    logged = played(flow(FLOW), said)
    groups = ("window", "reviewers")
    of = np.array(
        [{"receive": 0, "review": 1}.get(each, -1) for each in logged.activities], np.int32
    )
    grouped = EventLog(
        **{name: getattr(logged, name) for name in ("cases", "activities", "resources")},
        **{name: getattr(logged, name) for name in ("case", "activity", "resource")},
        **{name: getattr(logged, name) for name in ("ready", "start", "end")},
        groups=groups,
        group=of[logged.activity],
    )
    told = calibrated(grouped, flow(FLOW), timezone=CITY).assumptions()
    assert {name: each["people"] for name, each in told["pools"].items()} == {
        "window": 1,
        "reviewers": 2,
    }
    assert told["people"] == [{"id": "ann", "pools": ["window", "reviewers"], "calendar": "office"}]


# -- without a flow ----------------------------------------------------------------------------


def test_without_a_flow_one_is_found_and_played() -> None:
    told = calibrated(truth(), timezone=CITY, cover=1.0)
    assert told.found is not None
    assert told.found.nodes.keys() == {"receive", "review", "supplement"}
    assert told.assumptions()["shares"]["receive-out"]["receive-out--supplement"] == pytest.approx(
        0.16, abs=0.025
    )
    again = played(told.flow, told.assumptions(), seed=8)
    sides = compared(of_cases(truth()), of_cases(again))["sides"]
    assert sides["simulated"]["mean"] == pytest.approx(sides["observed"]["mean"], rel=0.15)


@pytest.mark.parametrize("make", [lambda: log([], [], []), lambda: words("x y")])
def test_a_log_of_something_else_is_refused(make: Any) -> None:
    with pytest.raises(Invalid, match="no activity of the log"):
        calibrated(make(), flow(FLOW), timezone=CITY)


@pytest.mark.parametrize("case", ["receive", "receive review", "receive supplement receive review"])
def test_a_log_of_one_case_is_calibrated(case: str) -> None:
    told = calibrated(words(case), flow(FLOW), timezone=CITY)
    assert set(Assumptions.of(told.assumptions()).steps) == set(case.split())
    assert json.dumps(told.report(), allow_nan=False)


# -- what is reported --------------------------------------------------------------------------


def test_the_report_is_json_and_adds_up() -> None:
    told = json.loads(json.dumps(found().report(), allow_nan=False))
    assert told["log"]["cases"] == told["cases"]["n"] == len(np.unique(truth().case))
    assert told["log"]["used"] == len(truth())
    assert sum(each["count"] for each in told["activities"]) == len(truth())
    assert sum(each["count"] for each in told["heat"].values()) == len(truth())
    moves = len(truth()) - told["log"]["cases"]
    assert sum(count for _, _, count in told["flows"]) == moves
    assert {each["id"] for each in told["pools"]["pools"]} == {"window", "reviewers"}


def test_heat_tells_waiting_and_work_apart() -> None:
    heat = found().report()["heat"]
    assert heat["review"]["work_hours"] == pytest.approx(4, rel=0.05)
    assert heat["review"]["waiting_hours"] > 0
    assert heat["supplement"]["waiting_hours"] == 0
    assert hidden().report()["heat"]["review"]["work_hours"] is None


# -- people shared between departments ---------------------------------------------------------

SHARED_FLOW = """
    START > x1
    x1 > receive-A receive-B receive-C
    receive-A > review-A
    receive-B > review-B
    receive-C > review-C
    review-A > END
    review-B > END
    review-C > END
"""
DEPARTMENTS = ("A", "B", "C")
SHARED: dict[str, Any] = {
    "calendars": {"office": WEEK},
    "clock": "office",
    "steps": {
        **{
            f"receive-{each}": {"hours": "gamma(1.2, 0.5)", "pool": f"{each}-window"}
            for each in DEPARTMENTS
        },
        **{f"review-{each}": {"hours": "lognormal(4, 2)", "pool": each} for each in DEPARTMENTS},
    },
    "shares": {"x1": {"x1--receive-A": 0.42, "x1--receive-B": 0.51, "x1--receive-C": 0.07}},
    "pools": {
        **{each: {"department": each, "people": 1} for each in DEPARTMENTS},
        **{f"{each}-window": {"department": each} for each in DEPARTMENTS},
    },
    "people": [
        {"id": name, "pools": [f"{each}-window" for each in DEPARTMENTS]} for name in ("ann", "bo")
    ],
    "arrivals": {"per_year": 450},
}


def test_people_shared_between_departments_are_found_once() -> None:
    """One reviewer each; two clerks for all windows, who give the third a fourteenth of the day."""
    logged = played(flow(SHARED_FLOW), SHARED)
    assert set(logged.groups) == set(DEPARTMENTS)
    told = calibrated(logged, flow(SHARED_FLOW), timezone=CITY).assumptions()
    assert {each["id"] for each in told["people"]} == {"ann", "bo"}
    assert all(len(each["pools"]) == 3 for each in told["people"])
    assert sum(each["people"] for each in told["pools"].values()) == 3
    means = [
        np.mean([of_cases(played(flow(SHARED_FLOW), each, seed)).mean() for seed in range(20, 26)])
        for each in (SHARED, told)
    ]
    assert means[1] == pytest.approx(means[0], rel=0.06)
