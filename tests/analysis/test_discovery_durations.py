"""Waiting and work, row by row, against a slow reading of the same rules."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from engine.analysis.discovery.durations import (
    durations,
    enabling,
    of_cases,
    same_person,
    together,
)
from engine.analysis.eventlog.log import EventLog
from tests.analysis.discovery_logs import AROUND_THE_CLOCK, HOUR, MIDNIGHT, log, random


def hours(instants: Any) -> list[float]:
    return [round((each - MIDNIGHT) / HOUR, 6) for each in instants]


def known(values: Any) -> list[float | None]:
    return [None if np.isnan(each) else round(float(each), 6) for each in values]


def test_with_one_timestamp_waiting_and_work_are_one() -> None:
    """Ann does a in both cases, then b in the first: work on b is at most from her last a on."""
    told = log(["1", "1", "2"], ["a", "b", "a"], [1, 9, 6], resource=["ann", "ann", "ann"])
    found = durations(told, AROUND_THE_CLOCK)
    assert known(found.elapsed) == [None, 8, None]
    assert known(found.work) == [None, 3, None]
    assert known(found.waiting) == [None, None, None]
    assert not found.exact.any()


def test_where_starts_are_known_work_is_exact() -> None:
    told = log(["1", "1"], ["a", "b"], [2, 9], start=[1, 7], ready=[0, np.nan])
    found = durations(told, AROUND_THE_CLOCK)
    assert known(found.work) == [1, 2]
    assert known(found.waiting) == [1, 5]
    assert known(found.elapsed) == [2, 7]
    assert found.exact.all()


def test_what_goes_on_at_once_was_enabled_by_what_ended_before() -> None:
    """B and c overlap: c was not enabled by b, which ended after c began."""
    told = log(["1"] * 3, ["a", "b", "c"], [1, 5, 6], start=[0, 2, 3])
    assert hours(enabling(told)[1:]) == [1, 1]


def test_rows_without_length_do_not_enable_themselves() -> None:
    told = log(["1"] * 3, ["a", "b", "c"], [1, 1, 1], start=[1, 1, 1])
    assert np.isnan(enabling(told)[0])
    assert hours(enabling(told)[1:]) == [1, 1]


def drawn(seed: int) -> EventLog:
    """Cases and people at random; some rows know their start or readiness, some nobody."""
    rng = random(seed)
    count = 200
    end = rng.integers(1, 60, count).astype(float)
    start = np.where(rng.random(count) < 0.6, end - rng.integers(0, 6, count), np.nan)
    ready = np.where(rng.random(count) < 0.3, np.fmin(start, end) - 1, np.nan)
    people = [["", "ann", "bo", "cy"][each] for each in rng.integers(0, 4, count)]
    cases = [f"{each:03}" for each in rng.integers(0, 25, count)]
    return log(cases, ["a"] * count, end, start=start, ready=ready, resource=people)


@pytest.mark.parametrize("seed", range(6))
def test_against_a_slow_reading(seed: int) -> None:
    told = drawn(seed)
    found, by_whom = enabling(told), same_person(told)
    for row in range(len(told)):
        mine = [each for each in range(row) if told.case[each] == told.case[row]]
        begins = told.start[row] if np.isfinite(told.start[row]) else told.end[row]
        ends = [told.end[each] for each in mine if told.end[each] <= begins]
        assert known([found[row]]) == known([max(ends, default=np.nan)])
        theirs = [
            told.end[each]
            for each in range(len(told))
            if told.resource[each] == told.resource[row] >= 0
            and (told.end[each], each) < (told.end[row], row)
        ]
        assert known([by_whom[row]]) == known([max(theirs, default=np.nan)])


@pytest.mark.parametrize("seed", range(6))
def test_bounds_hold(seed: int) -> None:
    found = durations(drawn(seed), AROUND_THE_CLOCK)
    told = np.isfinite(found.elapsed) & np.isfinite(found.work)
    assert told.any()
    assert (found.work[told & ~found.exact] <= found.elapsed[told & ~found.exact]).all()
    assert not (found.elapsed < 0).any()
    assert not (found.waiting < 0).any()


def test_upper_bounds_of_work_lie_above_it() -> None:
    """Where people do one thing at a time: compared with the truth that one timestamp hides."""
    rng = random()
    count = 500
    work = rng.uniform(0.1, 0.5, count)
    end = np.cumsum(rng.exponential(2, count) + work)
    start = end - work
    cases = [f"{each:03}" for each in rng.integers(0, 80, count)]
    whole = log(cases, ["a"] * count, end, start=start, resource=["ann"] * count)
    hidden = log(cases, ["a"] * count, end, resource=["ann"] * count)
    truth, bound = (durations(each, AROUND_THE_CLOCK).work for each in (whole, hidden))
    told = np.isfinite(bound)
    assert (bound[told] >= truth[told] - 1e-6).all()


def test_cases_from_their_first_instant_or_their_first_end() -> None:
    told = log(["1", "1", "2"], ["a", "b", "a"], [2, 9, 3], ready=[0, 3, np.nan], start=[1, 7, 1])
    assert known(of_cases(told)) == [9, 2]
    assert known(of_cases(told, ends_only=True)) == [7, 0]
    assert known(of_cases(told, AROUND_THE_CLOCK)) == [9, 2]


def test_an_empty_log_has_no_durations() -> None:
    told = log([], [], [])
    assert not len(durations(told, AROUND_THE_CLOCK).elapsed)
    assert not len(of_cases(told))
    assert together(told, durations(told, AROUND_THE_CLOCK)) == 0


def test_durations_that_go_together_are_noticed() -> None:
    rng = random()
    pace = np.repeat(rng.lognormal(0, 1.5, 300), 5)
    cases = np.repeat([f"{each:03}" for each in range(300)], 5).tolist()

    def correlation(lengths: Any) -> float:
        ends = np.concatenate([np.cumsum(each) for each in np.split(lengths, 300)])
        told = log(cases, ["a"] * 1_500, ends)
        return together(told, durations(told, AROUND_THE_CLOCK))

    assert correlation(pace * rng.uniform(0.5, 1.5, 1_500)) > 0.7
    assert abs(correlation(rng.lognormal(0, 1.5, 1_500))) < 0.1
