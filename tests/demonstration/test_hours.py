"""People answer in office hours, the day they should."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.demonstration.hours import COUNTER, OFFICE, Hours
from engine.rules import china
from engine.settings import Settings

HOURS = Hours(china.calendar(), Settings().zone)
FIRST = datetime(2014, 1, 1, tzinfo=HOURS.zone)
MINUTES = 12 * 365 * 24 * 60
instants = st.integers(0, MINUTES).map(lambda minutes: FIRST + timedelta(minutes=minutes))


@given(after=instants, days=st.integers(0, 30), seed=st.integers(0, 99), counter=st.booleans())
def test_an_answer_comes_so_many_working_days_later(
    after: datetime, days: int, seed: int, *, counter: bool
) -> None:
    at = HOURS.later(after, days, Random(seed), counter=counter)
    calendar, on = china.calendar(), HOURS.day_of(at)
    assert at > after
    assert calendar.is_working_day(on)
    assert calendar.between(HOURS.day_of(after), on) in {days, max(days, 1)}
    assert at.hour * 60 + at.minute in (COUNTER if counter else OFFICE)
    assert HOURS.later(after, days, Random(seed), counter=counter) == at


@pytest.mark.parametrize(
    ("after", "counter", "on"),
    [
        ("2014-09-30T10:00", True, "2014-09-30"),
        ("2014-09-30T16:45", True, "2014-10-08"),
        ("2014-09-30T16:45", False, "2014-09-30"),
        ("2014-10-03T10:00", False, "2014-10-08"),
    ],
)
def test_what_no_longer_fits_comes_the_next_working_day(
    after: str, on: str, *, counter: bool
) -> None:
    at = datetime.fromisoformat(after).replace(tzinfo=HOURS.zone)
    assert str(HOURS.day_of(HOURS.later(at, 0, Random(1), counter=counter))) == on


@pytest.mark.parametrize("today", ["2020-01-24", "2020-02-01", "2020-02-03"])
def test_days_of_rest_count_as_the_day_after_them(today: str) -> None:
    on = datetime.fromisoformat(today).date()
    assert [str(HOURS.back(on, days)) for days in (0, 1, 2)] == [
        *("2020-02-03", "2020-01-23", "2020-01-22")
    ]
