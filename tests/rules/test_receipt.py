"""Receipt: one notice of what is missing, and what silence means."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.rules import china
from engine.rules.deadline import step_due_on
from engine.rules.receipt import RECEIVE, SecondNotice, check_notice, deemed_from

CALENDAR = china.calendar()
DAYS = st.dates(date(2004, 1, 1), date(2026, 10, 31))


def test_what_is_missing_is_told_once() -> None:
    check_notice("IND-01", None)
    with pytest.raises(SecondNotice, match="2014-09-03"):
        check_notice("IND-01", date(2014, 9, 3))


@given(DAYS)
def test_silence_reaches_back_to_the_day_of_receipt(received_on: date) -> None:
    lapsed_on = step_due_on(CALENDAR, RECEIVE, received_on)
    assert deemed_from(CALENDAR, received_on, lapsed_on) == received_on


@given(DAYS, st.integers(0, 40))
def test_days_the_project_stood_still_are_nobodys(received_on: date, stood: int) -> None:
    lapsed_on = CALENDAR.add(step_due_on(CALENDAR, RECEIVE, received_on), stood)
    from_on = deemed_from(CALENDAR, received_on, lapsed_on)
    assert CALENDAR.between(received_on, from_on) == stood
    assert step_due_on(CALENDAR, RECEIVE, from_on) == lapsed_on or stood == 0
