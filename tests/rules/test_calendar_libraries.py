"""The national table against two independent libraries, day by day, in all years with a notice."""

from __future__ import annotations

from datetime import date, timedelta

import chinese_calendar
import holidays
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.rules import china

CHINA = china.calendar()
FIRST, LAST = CHINA.first_on, CHINA.provisional_from - timedelta(days=1)
ALL_DAYS = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
LIBRARY = holidays.country_holidays("CN", years=range(2004, LAST.year + 2))

# The notice for 2006 (国办发明电〔2005〕35号) has it worked; only `holidays` says so too.
DISPUTED = date(2005, 12, 31)

dates = st.dates(date(2004, 1, 1), date(2024, 12, 31))
counts = st.integers(0, 400)


def naive_add(on: date, days: int) -> date:
    """Walk day by day, asking the library."""
    while days:
        on += timedelta(days=1)
        days -= LIBRARY.is_working_day(on)
    return on


def test_chinesecalendar_agrees_but_for_one_day() -> None:
    differ = [d for d in ALL_DAYS if CHINA.is_working_day(d) != chinese_calendar.is_workday(d)]
    assert differ == [DISPUTED]


def test_holidays_agrees_on_every_day() -> None:
    assert [d for d in ALL_DAYS if CHINA.is_working_day(d) != LIBRARY.is_working_day(d)] == []


def test_statutory_holidays_of_years_without_notice_agree_with_holidays() -> None:
    years = range(CHINA.provisional_from.year, CHINA.last_on.year + 1)
    expected = holidays.country_holidays("CN", years=years, observed=False)
    ours = {on for on, day in CHINA.special.items() if on >= CHINA.provisional_from}
    assert ours == set(expected)


@settings(deadline=None)
@given(on=dates, days=counts)
def test_add_is_the_same_as_walking_the_days(on: date, days: int) -> None:
    assert CHINA.add(on, days) == naive_add(on, days)


@settings(deadline=None)
@given(on=dates, span=st.integers(0, 700))
def test_between_is_the_same_as_counting_the_days(on: date, span: int) -> None:
    end_on = on + timedelta(days=span)
    walked = (on + timedelta(days=n) for n in range(1, span + 1))
    expected = sum(d == DISPUTED or chinese_calendar.is_workday(d) for d in walked)
    assert CHINA.between(on, end_on) == expected


@given(on=dates, days=counts)
def test_between_undoes_add(on: date, days: int) -> None:
    assert CHINA.between(on, CHINA.add(on, days)) == days


@given(on=dates, span=st.integers(1, 700))
def test_add_undoes_between_up_to_rest_days(on: date, span: int) -> None:
    end_on = on + timedelta(days=span)
    last = CHINA.add(on, CHINA.between(on, end_on))
    assert on <= last <= end_on
    assert last == end_on or not CHINA.is_working_day(end_on)


@given(on=dates, days=counts, more=counts)
def test_periods_can_be_chained(on: date, days: int, more: int) -> None:
    assert CHINA.add(CHINA.add(on, days), more) == CHINA.add(on, days + more)


@given(on=dates, later=st.integers(0, 60), days=counts, more=counts)
def test_a_later_start_or_a_longer_period_never_ends_earlier(
    on: date, later: int, days: int, more: int
) -> None:
    due_on = CHINA.add(on, days)
    assert due_on <= CHINA.add(on + timedelta(days=later), days)
    assert due_on <= CHINA.add(on, days + more)


@given(on=dates, days=st.integers(1, 400))
def test_a_period_ends_on_a_working_day(on: date, days: int) -> None:
    assert CHINA.is_working_day(CHINA.add(on, days))
