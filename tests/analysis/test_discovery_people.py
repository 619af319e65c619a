"""Pools, who is there, how busy; and when cases arrive."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import numpy as np
import pytest

from engine.analysis.discovery.arrivals import arriving
from engine.analysis.discovery.durations import durations
from engine.analysis.discovery.resources import Pools, pools
from engine.analysis.eventlog.log import EventLog
from engine.analysis.simulation.distribution import Shape
from tests.analysis.discovery_logs import AROUND_THE_CLOCK, MONDAY, log, random


def found(told: EventLog) -> Pools:
    return pools(told, AROUND_THE_CLOCK, durations(told, AROUND_THE_CLOCK))


def test_groups_of_the_log_are_its_pools() -> None:
    told = log(
        ["1", "1", "1", "2"],
        ["a", "b", "a", "a"],
        [1, 2, 3, 4],
        resource=["ann", "bo", "ann", "cy"],
        group=["window", "review", "EMPTY", "window"],
    )
    made = found(told)
    assert made.grouped
    assert [(each.id, dict(each.people), dict(each.activities)) for each in made.pools] == [
        ("window", {"ann": 1, "cy": 1}, {"a": 2}),
        ("review", {"bo": 1}, {"b": 1}),
    ]
    assert list(made.of) == [0, 1, -1, 0]
    assert made.handovers == {("window", "review"): 1}
    assert made.people_handovers == (("ann", "bo", 1), ("bo", "ann", 1))


def test_without_groups_people_of_a_kind_are_a_pool() -> None:
    """Three clerks receive, two reviewers review, and now and then one helps the others out."""
    rng = random()
    people = [f"clerk {each}" for each in range(3)] + [f"reviewer {each}" for each in range(2)]
    by = rng.integers(0, 5, 900)
    own = np.where(by < 3, "receive", "review")
    other = np.where(by < 3, "review", "receive")
    done = np.where(rng.random(900) < 0.9, own, other)
    told = log(
        np.arange(900), done.tolist(), np.arange(900), resource=[people[each] for each in by]
    )
    made = found(told)
    assert not made.grouped
    assert {each.id: set(each.people) for each in made.pools} == {
        "receive": set(people[:3]),
        "review": set(people[3:]),
    }


def test_pools_that_do_the_same_most_are_told_apart() -> None:
    rows = [("ann", "a"), ("bo", "a"), ("bo", "b"), ("bo", "c"), ("bo", "d")] * 3
    told = log(range(15), [each for _, each in rows], range(15), resource=[who for who, _ in rows])
    assert [each.id for each in found(told).pools] == ["a", "a (2)"]


def test_how_many_are_there_in_a_usual_week() -> None:
    """Four of ten people every week, everybody once."""
    weeks = [(week, person) for week in range(20) for person in range(4)]
    rows = [*weeks, *((7, person) for person in range(10))]
    ends = [week * 168 + 10 + person / 10 for week, person in rows]
    told = log(range(len(rows)), ["a"] * len(rows), ends, resource=[f"p{p}" for _, p in rows])
    (pool,) = found(told).pools
    assert (len(pool.people), pool.active) == (10, 4)


def test_utilisation_is_work_over_presence() -> None:
    """Two people work 30 of 100 hours each."""
    starts = [hour for hour in range(0, 100, 10) for _ in range(2)]
    told = log(
        range(20),
        ["a"] * 20,
        [each + 3 if each < 90 else 100 for each in starts],
        start=[each if each < 90 else 97 for each in starts],
        resource=["ann", "bo"] * 10,
    )
    (pool,) = found(told).pools
    assert pool.active == 2
    assert pool.utilisation == pytest.approx(0.3)


def test_utilisation_is_unknown_without_starts_and_pools_without_people() -> None:
    (pool,) = found(log(["1"], ["a"], [1], resource=["ann"])).pools
    assert pool.utilisation is None
    assert found(log(["1"], ["a"], [1])).pools == ()


# -- arrivals ----------------------------------------------------------------------------------


def coming(hours: Any) -> EventLog:
    return log([f"{each:05}" for each in range(len(hours))], ["a"] * len(hours), hours)


def test_a_steady_stream_is_poisson_without_trend_or_season() -> None:
    arrivals = np.cumsum(random(2).exponential(4, 6_000))
    told = arriving(coming(arrivals), AROUND_THE_CLOCK)
    assert told.per_year == pytest.approx(365.2425 * 6, rel=0.04)
    assert told.between.distribution.shape in {Shape.EXPONENTIAL, Shape.GAMMA, Shape.WEIBULL}
    assert told.between.mean == pytest.approx(4, rel=0.04)
    assert told.by_month == pytest.approx([1.0] * 12, abs=0.25)
    assert told.trend_p is not None
    assert told.trend_p > 0.01
    assert sum(told.by_weekday) == told.cases == 6_000
    assert sum(count for _, count, _ in told.months) == 6_000


def test_seasons_and_growth_are_found() -> None:
    """Twice as many in the second half of the year, and ten a day more each year."""
    rng = random()
    days = np.arange(3 * 365)
    late = np.array([(MONDAY + timedelta(days=int(each))).month > 6 for each in days])
    counts = rng.poisson((10 + 10 * days / 365) * np.where(late, 2, 1))
    told = arriving(coming(np.repeat(days, counts) * 24.0 + 9), AROUND_THE_CLOCK)
    assert np.mean(told.by_month[6:]) / np.mean(told.by_month[:6]) == pytest.approx(2, rel=0.35)
    assert np.mean(told.by_month) == pytest.approx(1, abs=0.01)
    assert told.trend is not None
    assert told.trend_p is not None
    assert told.trend > 10 * 365
    assert told.trend_p < 0.001


def test_a_part_of_a_month_counts_for_its_part() -> None:
    """One a day from 6 January to 9 February: neither month is busier."""
    told = arriving(coming(np.arange(35) * 24.0 + 9), AROUND_THE_CLOCK)
    assert told.months == (("2014-01", 26, 0.8387), ("2014-02", 9, 0.3214))
    assert told.by_month[:2] == pytest.approx([1.05, 0.95], abs=0.01)
    assert told.by_month[2:] == (1.0,) * 10
    assert told.trend is None


def test_an_empty_log_brings_nothing() -> None:
    told = arriving(log([], [], []), AROUND_THE_CLOCK)
    assert (told.cases, told.per_year, told.by_month) == (0, 0.0, (1.0,) * 12)


def test_a_case_begins_with_what_is_known_first() -> None:
    told = arriving(log(["1", "2"], ["a", "a"], [300, 50], ready=[1, 49]), AROUND_THE_CLOCK)
    assert told.days == 3


def test_one_case_tells_no_year() -> None:
    assert arriving(coming([10.0]), AROUND_THE_CLOCK).per_year == 1.0


def test_parts_of_a_group_without_people_in_common_are_pools() -> None:
    """A window and a reviewer of one department."""
    told = log(
        range(80),
        ["receive", "review"] * 40,
        range(1, 81),
        start=range(80),
        resource=["ann", "bo"] * 40,
        group=["EPB"] * 80,
    )
    assert [(each.id, set(each.people)) for each in found(told).pools] == [
        ("EPB", {"ann"}),
        ("EPB (2)", {"bo"}),
    ]
