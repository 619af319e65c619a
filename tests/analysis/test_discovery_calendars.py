"""Hours of work found again in what was drawn within them, and measured against plain counting."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.analysis.discovery.calendars import week_of
from engine.analysis.discovery.clock import WorkClock, monday_before, wall_hours
from engine.analysis.discovery.week import Week
from engine.analysis.simulation.assumptions import Assumptions
from tests.analysis.discovery_logs import (
    AMSTERDAM,
    AROUND_THE_CLOCK,
    CITY,
    HOUR,
    MONDAY,
    instants,
    log,
    random,
)

OFFICE = ((8.5, 12.0), (14.0, 17.5))
WEEKDAYS = (0, 1, 2, 3, 4)
YEAR = range(364)
SPRING = [date(2014, 1, 31) + timedelta(days=each) for each in range(7)]


def drawn(
    days: Iterable[int], spans: tuple[tuple[float, float], ...], each: int, seed: int = 1
) -> Any:
    """Hours at which something happens: `each` times a day, evenly within the spans."""
    rng, found = random(seed), []
    lengths = np.array([stop - start for start, stop in spans])
    for day in days:
        into = rng.uniform(0, lengths.sum(), rng.poisson(each))
        span = np.searchsorted(np.cumsum(lengths), into, side="right")
        before = np.concatenate([[0], np.cumsum(lengths)])[span]
        found.append(24 * day + np.array([start for start, _ in spans])[span] + into - before)
    return np.concatenate(found)


def week(hours: Any) -> Week:
    return week_of(log(range(len(hours)), ["a"] * len(hours), hours), AROUND_THE_CLOCK)


def worked(on: Iterable[int]) -> list[int]:
    return [each for each in on if each % 7 in WEEKDAYS]


def test_the_citys_office_hours_are_found() -> None:
    found = week(drawn(worked(YEAR), OFFICE, 20))
    assert (found.days, found.spans, found.closed, found.opened) == (WEEKDAYS, OFFICE, (), ())
    assert found.support == 1.0
    assert found.day_hours == 7.0
    assert found.written() == {
        "hours": ["08:30-12:00", "14:00-17:30"],
        "days": ["mon", "tue", "wed", "thu", "fri"],
    }
    assert Assumptions.of({"calendars": {"office": found.written()}}).calendars["office"].hours


@pytest.mark.parametrize("spans", [((9.0, 17.0),), ((8.0, 12.0), (13.0, 18.0)), ((20.0, 24.0),)])
@pytest.mark.parametrize("days", [(0, 1, 2, 3, 4), (0, 2, 4), (1, 2, 3, 4, 5, 6)])
def test_other_hours_too(spans: Any, days: Any) -> None:
    found = week(drawn([each for each in YEAR if each % 7 in days], spans, 12))
    assert (found.days, found.spans) == (days, spans)


def test_what_happens_seldom_is_no_habit() -> None:
    usual, odd = drawn(worked(YEAR), OFFICE, 20), drawn(range(5, 364, 35), ((10.0, 20.0),), 6)
    found = week(np.concatenate([usual, odd]))
    assert (found.days, found.spans) == (WEEKDAYS, OFFICE)
    assert 0.98 < found.support < 1


def test_a_holiday_and_a_day_made_up_for_are_found() -> None:
    on = [each for each in YEAR if (each % 7 in WEEKDAYS) or each == 20]
    closed = {(day - MONDAY).days for day in SPRING}
    found = week(drawn([each for each in on if each not in closed], OFFICE, 20))
    assert found.closed == tuple(each for each in SPRING if each.weekday() in WEEKDAYS)
    assert found.opened == (MONDAY + timedelta(days=20),)
    assert not found.works(SPRING[0])
    assert found.works(date(2014, 1, 26))


def test_in_a_quiet_log_a_day_without_an_event_is_no_holiday() -> None:
    assert week(drawn(worked(YEAR), OFFICE, 2)).closed == ()


def test_times_at_midnight_tell_days_only() -> None:
    found = week(np.repeat(np.array(worked(YEAR)), 20) * 24.0)
    assert (found.dates_only, found.days, found.day_hours) == (True, WEEKDAYS, 24.0)
    assert found.written()["hours"] == ["00:00-24:00"]
    assert found.notes
    assert Assumptions.of({"calendars": {"office": found.written()}}).calendars


def test_work_around_the_clock_is_always() -> None:
    found = week(random().uniform(0, 364 * 24, 8_000))
    assert found.always
    assert found.written() == {"always": True}


def test_a_few_events_tell_from_when_to_when() -> None:
    found = week(drawn(worked(range(28)), ((9.0, 16.5),), 3))
    assert found.days == WEEKDAYS
    assert [start for start, _ in found.spans] == pytest.approx([9], abs=1)
    assert found.notes


def test_no_events_are_no_hours() -> None:
    assert week(np.zeros(0)) == Week()


def test_the_matrix_counts_every_event_by_weekday_and_hour() -> None:
    found = week(np.array([9.5, 9.7, 24 + 9.2, 168 + 9.1, 6 * 24 + 23.9]))
    assert (found.counts[0][9], found.counts[1][9], found.counts[6][23]) == (3, 1, 1)
    assert sum(map(sum, found.counts)) == 5
    assert (found.shares[0][9], found.shares[1][9]) == (1.0, 0.5)


# -- the clock ---------------------------------------------------------------------------------


@given(st.integers(1_100_000_000, 1_500_000_000), st.sampled_from([CITY, AMSTERDAM, UTC]))
def test_the_wall_clock_is_the_zones(second: int, zone: Any) -> None:
    origin = monday_before(np.array([float(second)]), zone)
    local = datetime.fromtimestamp(second, zone).replace(tzinfo=None)
    told = wall_hours(np.array([float(second), np.nan]), zone, origin)
    passed = local - datetime.combine(origin, datetime.min.time())
    assert told[0] == pytest.approx(passed.total_seconds() / HOUR)
    assert np.isnan(told[1])
    assert origin.weekday() == 0
    assert 0 <= told[0] < 168


def test_days_on_which_clocks_change() -> None:
    """27 March 2011: two o'clock became three in Amsterdam."""
    at = np.array([datetime(2011, 3, 27, 0, minute, tzinfo=UTC).timestamp() for minute in (30, 59)])
    later = at + HOUR
    told = wall_hours(np.concatenate([at, later]), AMSTERDAM, date(2011, 3, 21)) - 144
    assert told == pytest.approx([1.5, 1 + 59 / 60, 3.5, 3 + 59 / 60])


def test_hours_of_work_are_those_counted_minute_by_minute() -> None:
    found = Week(WEEKDAYS, OFFICE, closed=(date(2014, 1, 9),), opened=(date(2014, 1, 11),))
    clock = WorkClock(CITY, MONDAY, found.calendar(MONDAY, 14))
    minutes = np.arange(14 * 24 * 60) / 60
    day, into = minutes // 24, minutes % 24
    on = np.isin(day % 7, WEEKDAYS) & (day != 3) | (day == 5)
    works = on & ((into >= 8.5) & (into < 12) | (into >= 14) & (into < 17.5))
    passed = np.concatenate([[0], np.cumsum(works)]) / 60
    rng = random()
    ends = np.sort(rng.integers(0, len(minutes), (300, 2)))
    told = clock.between(*(instants(minutes[each]) for each in ends.T))
    assert told == pytest.approx(passed[ends[:, 1]] - passed[ends[:, 0]])


def test_what_is_unknown_stays_unknown_and_nothing_is_below_zero() -> None:
    start, end = np.array([np.nan, 5.0]), np.array([5.0, 4.0])
    told = AROUND_THE_CLOCK.between(instants(start), instants(end))
    assert np.isnan(told[0])
    assert told[1] == 0


def test_one_event_by_day_has_its_hour_and_one_at_midnight_none() -> None:
    morning, midnight = (week_of(log(["1"], ["a"], [at]), AROUND_THE_CLOCK) for at in (10, 24))
    assert (morning.dates_only, midnight.dates_only) == (False, True)


def test_what_applicants_send_on_saturdays_makes_them_no_days_of_work() -> None:
    """On every other Saturday one thing, on every day of work twenty."""
    office = [day * 24 + 9 + at / 4 for day in range(140) if day % 7 < 5 for at in range(20)]
    sent = [day * 24 + 11.0 for day in range(5, 140, 14)]
    ends = sorted([*office, *sent])
    week = week_of(log(range(len(ends)), ["a"] * len(ends), ends), AROUND_THE_CLOCK)
    assert week.days == (0, 1, 2, 3, 4)
