"""A due date counted by hand, against the arithmetic and against the clock of the page."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import errors
from engine.rules import china
from engine.rules.case_clock import ClockFacts, Period, period_due_on
from engine.rules.deadline import DayUnit
from engine.rules.explanation import Line, Mark, count, counted
from engine.rules.legal_clock import LegalClock, Stop
from engine.rules.legal_clock import Mark as PanelMark

CHINA = china.calendar()
WORKING, CALENDAR = DayUnit.WORKING, DayUnit.CALENDAR


def on(text: str) -> date:
    return date.fromisoformat(f"2014-{text}")


def told(lines: tuple[Line, ...]) -> dict[str, tuple[str, int]]:
    return {f"{line.on:%m-%d}": (str(line.mark), line.number) for line in lines}


def test_working_days_over_a_holiday_with_make_up_days() -> None:
    found = told(count(CHINA, on("09-26"), Period(5)))
    assert found["09-26"] == ("start", 0)
    assert found["09-27"] == ("rest", 0)
    assert found["09-28"] == ("counted", 1)
    assert found["10-07"] == ("rest", 0)
    assert list(found)[-1] == "10-09"
    assert found["10-09"] == ("counted", 5)


def test_calendar_days_count_rest_days_and_roll_to_a_working_day() -> None:
    found = told(count(CHINA, on("09-22"), Period(10, CALENDAR)))
    assert found["09-27"] == ("counted", 5)
    assert found["10-02"] == ("counted", 10)
    assert found["10-03"] == ("rolled", 0)
    assert list(found)[-1] == "10-08"
    assert found["10-08"] == ("rolled", 0)


def test_a_stop_takes_out_the_days_after_the_one_it_began_and_the_one_it_ended() -> None:
    stops = (Stop(on("10-14"), on("10-16"), "hearing"),)
    found = count(CHINA, on("10-13"), Period(3), stops)
    assert told(found) == {
        "10-13": ("start", 0),
        "10-14": ("counted", 1),
        "10-15": ("stopped", 0),
        "10-16": ("resumed", 0),
        "10-17": ("counted", 2),
        "10-18": ("rest", 0),
        "10-19": ("rest", 0),
        "10-20": ("counted", 3),
    }
    assert [line.stop for line in found if line.mark in {Mark.STOPPED, Mark.RESUMED}] == [1, 1]


def test_days_of_an_extension_are_told_apart() -> None:
    marks = [line.mark for line in count(CHINA, on("10-13"), Period(2), extension_days=2)]
    assert marks == [Mark.START, Mark.COUNTED, Mark.COUNTED, Mark.EXTENDED, Mark.EXTENDED]


def test_a_clock_that_stands_still_is_told_up_to_the_day_it_stopped() -> None:
    lines = count(CHINA, on("10-13"), Period(5), (Stop(on("10-15")),))
    assert (lines[-1].on, counted(lines)) == (on("10-15"), 2)
    before = count(CHINA, on("10-13"), Period(5), (Stop(on("10-10")),))
    assert (len(before), counted(before)) == (1, 0)


def test_a_clock_that_stops_on_its_last_day_rolls_as_before() -> None:
    plain = count(CHINA, on("10-13"), Period(5, CALENDAR))
    assert [f"{line.on:%m-%d}" for line in plain[-3:]] == ["10-18", "10-19", "10-20"]
    stopped = count(CHINA, on("10-13"), Period(5, CALENDAR), (Stop(on("10-18")),))
    assert [line.on for line in stopped] == [line.on for line in plain]


def test_what_is_decided_at_once_is_due_on_its_first_day() -> None:
    for unit in DayUnit:
        assert told(count(CHINA, on("10-12"), Period(0, unit))) == {"10-12": ("start", 0)}


def test_beyond_the_calendar_there_is_no_answer() -> None:
    with pytest.raises(errors.CalendarRange):
        count(CHINA, CHINA.last_on, Period(5))


STARTS = st.dates(date(2004, 1, 1), date(2025, 12, 31))


@st.composite
def facts(draw: Any) -> tuple[date, tuple[Stop, ...]]:
    """A start and stops in order, which may touch but not overlap, and begin before the start."""
    start_on = draw(STARTS)
    lengths = draw(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=4))
    begin, stops = start_on - timedelta(days=draw(st.integers(0, 10))), []
    for gap, length in lengths:
        begin += timedelta(days=gap)
        stops.append(Stop(begin, begin + timedelta(days=length)))
        begin += timedelta(days=length)
    return start_on, tuple(stops)


PERIODS = st.builds(Period, st.integers(0, 60), st.sampled_from(DayUnit))
EXTENSIONS = st.integers(0, 20)


@given(given=facts(), period=PERIODS, more=EXTENSIONS)
def test_it_comes_to_the_date_that_is_computed(
    given: tuple[date, tuple[Stop, ...]], period: Period, more: int
) -> None:
    start_on, stops = given
    computed = period_due_on(CHINA, ClockFacts(start_on, None, None, stops, more), period)
    lines = count(CHINA, start_on, period, stops, more)
    assert lines[-1].on == computed
    assert counted(lines) == period.days + more
    numbers = [line.number for line in lines if line.counted]
    assert numbers == list(range(1, period.days + more + 1))
    assert [line.on for line in lines] == [
        start_on + timedelta(days=n) for n in range(len(lines))
    ], "no day is left out"


#: what the page's clock calls the same day
SAME = {
    Mark.START: PanelMark.START,
    Mark.COUNTED: PanelMark.COUNTED,
    Mark.EXTENDED: PanelMark.COUNTED,
    Mark.REST: PanelMark.REST,
    Mark.STOPPED: PanelMark.STOPPED,
    Mark.RESUMED: PanelMark.RESUMED,
}


@given(given=facts(), days=st.integers(0, 60), more=EXTENSIONS)
def test_it_says_of_each_day_what_the_page_says(
    given: tuple[date, tuple[Stop, ...]], days: int, more: int
) -> None:
    start_on, stops = given
    lines = count(CHINA, start_on, Period(days), stops, more)
    panel = LegalClock(CHINA, start_on, stops=stops).days(start_on, lines[-1].on)
    assert [(SAME[line.mark], line.number) for line in lines] == [
        (day.mark, day.number) for day in panel
    ]
