"""Periods: codes, neighbours, and what lies in them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import Invalid
from engine.rules.period import Grain, Period, months_between, months_from

DATES = st.dates(date(2004, 1, 1), date(2050, 12, 31))
GRAINS = st.sampled_from(Grain)


@pytest.mark.parametrize(
    ("code", "first", "last"),
    [
        ("2014", "2014-01-01", "2014-12-31"),
        ("2014Q4", "2014-10-01", "2014-12-31"),
        ("2014Q1", "2014-01-01", "2014-03-31"),
        ("2016-02", "2016-02-01", "2016-02-29"),
    ],
)
def test_a_code_names_its_days(code: str, first: str, last: str) -> None:
    period = Period.of(code)
    assert (str(period.first_on), str(period.last_on), period.code) == (first, last, code)


@pytest.mark.parametrize("code", ["", "14", "2014Q5", "2014Q0", "2014-13", "2014-1", "0014", "x"])
def test_what_is_no_period_is_refused(code: str) -> None:
    with pytest.raises(Invalid) as refusal:
        Period.of(code)
    assert refusal.value.detail["field"] == "period"


@given(on=DATES, grain=GRAINS)
def test_a_period_holds_its_date_and_its_neighbours_touch_it(on: date, grain: Grain) -> None:
    period = Period.around(on, grain)
    assert period.holds(on)
    assert Period.of(period.code) == period
    after, before = period.shifted(1), period.shifted(-1)
    assert after.first_on == period.last_on + timedelta(days=1)
    assert before.last_on + timedelta(days=1) == period.first_on
    assert before.shifted(1) == period


@given(on=DATES, grain=GRAINS)
def test_its_quarters_are_those_of_its_days(on: date, grain: Grain) -> None:
    period = Period.around(on, grain)
    count = (period.last_on - period.first_on).days + 1
    days = [period.first_on + timedelta(days=number) for number in range(count)]
    wanted = dict.fromkeys(Period.around(each).code for each in days)
    assert period.quarters() == tuple(wanted)


def test_it_has_passed_as_far_as_today() -> None:
    quarter = Period.of("2014Q4")
    assert quarter.until(date(2014, 10, 16)) == date(2014, 10, 16)
    assert quarter.until(date(2015, 3, 1)) == quarter.last_on
    assert quarter.until(date(2014, 9, 1)) == quarter.first_on
    with pytest.raises(Invalid):
        quarter.check_begun(date(2014, 9, 30))
    quarter.check_begun(date(2014, 10, 1))


@given(on=DATES, months=st.integers(-30, 30))
def test_months_go_there_and_back(on: date, months: int) -> None:
    first = on.replace(day=1)
    assert months_from(months_from(on, months), -months) == first
    between = list(months_between(*sorted([first, months_from(on, months)])))
    assert len(between) == abs(months) + 1
    assert all(each.day == 1 for each in between)
