"""Due dates of a case against an oracle that walks the days, as one counts on a wall calendar.

The oracle asks a library which days are worked, knows stops and extensions only as the law words
them, and shares no arithmetic with the rules.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from typing import Any

import holidays
from hypothesis import given
from hypothesis import strategies as st

from engine.rules import china
from engine.rules.case_clock import ClockFacts, Period, deadlines, lost_days, stopped_days
from engine.rules.deadline import DayUnit
from engine.rules.legal_clock import Stop

CHINA = china.calendar()
FIRST, LAST = date(2004, 1, 1), date(2026, 12, 31)
LIBRARY = holidays.country_holidays("CN", years=range(2004, 2028))
ONE = timedelta(days=1)


@cache
def worked(on: date) -> bool:
    """Whether offices work, by the library."""
    return bool(LIBRARY.is_working_day(on))


def stands(stops: tuple[Stop, ...], on: date) -> bool:
    """The day it stops counts, the day it goes on does not."""
    return any(each.until_on and each.from_on < on <= each.until_on for each in stops)


def walked(facts: ClockFacts, period: Period | None) -> date | None:
    """The due date, day by day."""
    if period is None:
        return None
    left, on = period.days + facts.extension_days, facts.start_on
    calendar_days = period.unit is DayUnit.CALENDAR
    counts = left > 0
    while left:
        on += ONE
        left -= (calendar_days or worked(on)) and not stands(facts.stops, on)
    while calendar_days and counts and (not worked(on) or stands(facts.stops, on)):
        on += ONE
    return on


PERIODS = st.builds(Period, st.integers(0, 60), st.sampled_from(DayUnit))
STARTS = st.dates(FIRST, LAST - timedelta(days=400))


@st.composite
def some_facts(draw: Any) -> ClockFacts:
    """A case of any year: either unit for either date, stops that touch, overlap or lie before."""
    start_on = draw(STARTS)
    spans = draw(st.lists(st.tuples(st.integers(-20, 90), st.integers(0, 30)), max_size=5))
    stops = [
        Stop(max(start_on + timedelta(days=begin), FIRST), start_on + timedelta(days=begin + more))
        for begin, more in spans
        if start_on + timedelta(days=begin) >= FIRST
    ]
    statutory = draw(st.none() | PERIODS)
    return ClockFacts(start_on, draw(PERIODS), statutory, tuple(stops), draw(st.integers(0, 20)))


@given(facts=some_facts())
def test_both_dates_are_those_that_are_walked(facts: ClockFacts) -> None:
    found = deadlines(CHINA, facts)
    assert found is not None
    assert found.promised_due_on == walked(facts, facts.promised)
    assert found.statutory_due_on == walked(facts, facts.statutory)
    both = (found.promised_due_on, found.statutory_due_on)
    assert found.effective_due_on == min(each for each in both if each)
    assert found.provisional is (found.effective_due_on > LAST)


@given(facts=some_facts(), standing=st.integers(0, 60))
def test_a_stop_that_has_not_ended_moves_nothing_yet(facts: ClockFacts, standing: int) -> None:
    still = Stop(facts.start_on + timedelta(days=standing))
    more = replace(facts, stops=(*facts.stops, still))
    assert deadlines(CHINA, more) == deadlines(CHINA, facts)


@given(facts=some_facts(), end=st.integers(0, 60))
def test_a_further_stop_or_an_extension_never_makes_a_date_earlier(
    facts: ClockFacts, end: int
) -> None:
    stop = Stop(facts.start_on, facts.start_on + timedelta(days=end))
    plain = promised_on(replace(facts, extension_days=0))
    assert plain <= promised_on(replace(facts, extension_days=0, stops=(*facts.stops, stop)))
    assert plain <= promised_on(facts)


def promised_on(facts: ClockFacts) -> date:
    """The promised date, which is always there."""
    found = deadlines(CHINA, facts)
    assert found is not None
    return found.promised_due_on


@given(facts=some_facts())
def test_each_day_is_lost_once_however_stops_overlap(facts: ClockFacts) -> None:
    lost = stopped_days(facts.stops)
    assert all(stands(facts.stops, on) for on in lost)
    total = 0
    for place, stop in enumerate(facts.stops):
        total += lost_days(CHINA, stop, facts.stops[:place], facts.start_on)
    assert total == sum(on > facts.start_on and worked(on) for on in lost)


def test_nothing_promised_is_due_at_no_date() -> None:
    assert deadlines(CHINA, ClockFacts(date(2014, 9, 26), None, Period(20))) is None


def test_a_promise_in_calendar_days_beside_a_statute_in_working_days() -> None:
    """Either may be the earlier one: each case is due on that."""
    facts = ClockFacts(date(2014, 9, 26), Period(30, DayUnit.CALENDAR), Period(20))
    found = deadlines(CHINA, facts)
    assert found is not None
    # 30 calendar days end on Sunday 10-26: the Monday after it
    assert found.promised_due_on == date(2014, 10, 27)
    assert found.statutory_due_on == date(2014, 10, 29)
    assert found.effective_due_on == date(2014, 10, 27)
