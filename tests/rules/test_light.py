"""Lights: by working days left; as dates they say the same."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.rules import china
from engine.rules.light import (
    DEFAULT,
    Bounds,
    Light,
    Limits,
    bounds,
    project_light,
    started_before,
    task_light,
)

CALENDAR = china.calendar()
#: Wednesday 15 October 2014
TODAY = date(2014, 10, 15)

days = st.dates(date(2005, 1, 1), date(2044, 12, 31))


def light(due: str, days_in_all: int | None = 7, **more: object) -> str:
    """The light on 15 October of what is due then."""
    statutory = more.get("statutory")
    return str(
        task_light(
            CALENDAR,
            TODAY,
            date.fromisoformat(due) if due else None,
            date.fromisoformat(str(statutory)) if statutory else None,
            days=days_in_all,
            paused=bool(more.get("paused")),
        )
    )


@pytest.mark.parametrize(
    ("due", "expected"),
    [
        ("2014-10-20", "green"),  # three days left, over a weekend
        ("2014-10-17", "yellow"),
        ("2014-10-16", "yellow"),
        ("2014-10-15", "yellow"),  # today is in time
        ("2014-10-14", "orange"),
        ("2014-10-11", "orange"),  # three days over
        ("2014-10-10", "red"),  # four: 11 October, a Saturday, was worked
    ],
)
def test_an_item_of_seven_days(due: str, expected: str) -> None:
    assert light(due) == expected


@pytest.mark.parametrize(
    ("due", "expected"),
    [("2014-10-17", "green"), ("2014-10-16", "yellow"), ("2014-10-15", "yellow")],
)
def test_an_item_of_five_days_turns_yellow_a_day_later(due: str, expected: str) -> None:
    assert light(due, 5) == expected
    assert light(due, 6) == "yellow"


def test_past_the_date_of_the_law_is_red_at_once() -> None:
    assert light("2014-10-14", statutory="2014-10-14") == "red"
    assert light("2014-10-20", statutory="2014-10-14") == "red"
    assert light("2014-10-14", statutory="2014-10-15") == "orange"


def test_what_is_paused_never_turns_yellow_and_what_is_never_due_has_no_light() -> None:
    for due in ("2014-09-01", "2014-10-15", "2014-10-16", "2014-12-01", ""):
        assert light(due, paused=True) == "paused"
    assert light("") == "none"


@given(
    today=days, due_offset=st.integers(-40, 40), days_in_all=st.sampled_from([None, 3, 5, 6, 20])
)
def test_dates_say_the_same_as_days(today: date, due_offset: int, days_in_all: int | None) -> None:
    due_on = today + timedelta(days=due_offset)
    limits = bounds(CALENDAR, today)
    assert by_dates(limits, due_on, days_in_all) == task_light(
        CALENDAR, today, due_on, days=days_in_all
    )


def by_dates(limits: Bounds, due_on: date, days_in_all: int | None) -> Light:
    """The light as a database finds it."""
    short = days_in_all is not None and days_in_all <= DEFAULT.short_days
    yellow_before = limits.short_yellow_before if short else limits.yellow_before
    steps = (
        (limits.red_before, Light.RED),
        (limits.orange_before, Light.ORANGE),
        (yellow_before, Light.YELLOW),
    )
    return next((each for before, each in steps if due_on < before), Light.GREEN)


@given(due_before=days, length=st.integers(0, 30), offset=st.integers(-60, 10))
def test_what_began_before_is_due_before(due_before: date, length: int, offset: int) -> None:
    began_on = due_before + timedelta(days=offset)
    before = began_on < started_before(CALENDAR, due_before, length)
    assert before == (CALENDAR.add(began_on, length) < due_before)


def test_on_the_calendars_first_day_there_are_limits_too() -> None:
    first = CALENDAR.first_on
    limits = bounds(CALENDAR, first)
    assert limits.red_before == limits.orange_before == first
    assert started_before(CALENDAR, first, 5) == first


def test_a_citys_own_limits() -> None:
    """Guangdong's cards come with the first day late: no orange."""
    strict = Limits(yellow_days=1, orange_days=0)
    found = [
        str(task_light(CALENDAR, TODAY, date(2014, 10, day), limits=strict, days=20))
        for day in (14, 15, 16, 17)
    ]
    assert found == ["red", "yellow", "yellow", "green"]


@pytest.mark.parametrize(
    ("slack", "window", "expected"),
    [
        (3, 10, "green"),
        (2, 10, "yellow"),
        (0, 0, "yellow"),
        (-1, 10, "orange"),
        (-3, 10, "orange"),
        (-4, 10, "red"),
        (5, -1, "red"),  # past its window
        (1, None, "yellow"),
        (None, None, "none"),
    ],
)
def test_a_running_project(slack: int | None, window: int | None, expected: str) -> None:
    assert project_light(slack, window, "running") == expected


def test_once_construction_has_started_slack_that_was_kept_is_green() -> None:
    assert project_light(0, 0, "running", opened=True) == "green"
    assert project_light(-1, 5, "running", opened=True) == "orange"


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("draft", "waiting"),
        ("suspended", "paused"),
        ("completed", "done"),
        ("closed", "gone"),
        ("cancelled", "gone"),
    ],
)
def test_a_project_that_does_not_run(state: str, expected: str) -> None:
    assert project_light(-9, -9, state) == expected
