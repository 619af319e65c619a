"""Due dates: what a case is measured against."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import errors
from engine.rules import china, deadline
from engine.rules.deadline import DayUnit, Deadlines

CHINA = china.calendar()
SHANGHAI = ZoneInfo("Asia/Shanghai")
WORKING, CALENDAR = DayUnit.WORKING, DayUnit.CALENDAR

dates = st.dates(date(2004, 1, 1), date(2024, 12, 31))
pauses = st.sets(st.integers(-5, 90), max_size=30)


def on(text: str) -> date:
    return date.fromisoformat(text)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("start_on", "days", "unit", "due"),
    [
        ("2014-09-26", 5, WORKING, "2014-10-09"),
        # 30 days from a Monday end on a Wednesday
        ("2014-10-13", 30, CALENDAR, "2014-11-12"),
        # ends on Saturday 2014-10-18: Monday
        ("2014-10-13", 5, CALENDAR, "2014-10-20"),
        # ends inside the holiday: the day after it
        ("2014-09-22", 10, CALENDAR, "2014-10-08"),
        # ends on a Sunday that is worked: no roll
        ("2014-09-22", 6, CALENDAR, "2014-09-28"),
        ("2014-10-12", 0, WORKING, "2014-10-12"),
        ("2014-10-12", 0, CALENDAR, "2014-10-12"),
    ],
)
def test_due_day(start_on: str, days: int, unit: DayUnit, due: str) -> None:
    assert deadline.due_on(CHINA, on(start_on), days, unit) == on(due)


def test_rolling_can_be_switched_off() -> None:
    due = deadline.due_on(CHINA, on("2014-10-13"), 5, CALENDAR, roll=False)
    assert due == on("2014-10-18")


@pytest.mark.parametrize("unit", DayUnit)
def test_periods_that_make_no_sense_are_refused(unit: DayUnit) -> None:
    with pytest.raises(errors.Invalid):
        deadline.due_on(CHINA, on("2014-10-13"), -1, unit)
    with pytest.raises(errors.CalendarRange):
        deadline.due_on(CHINA, on("2014-10-13"), 10**12, unit)
    with pytest.raises(errors.CalendarRange):
        deadline.due_on(CHINA, on("2003-10-13"), 5, unit)


def test_days_on_which_the_clock_stood_still_move_the_due_day() -> None:
    stopped = {on("2014-10-15"), on("2014-10-16")}
    start_on = on("2014-10-13")
    plain = deadline.due_on(CHINA, start_on, 3, WORKING)
    assert plain == on("2014-10-16")
    assert deadline.due_on(CHINA, start_on, 3, WORKING, not_counted=stopped) == on("2014-10-20")
    assert deadline.due_on(CHINA, start_on, 2, CALENDAR, not_counted=stopped) == on("2014-10-17")


def test_a_pause_over_rest_days_costs_only_working_days() -> None:
    weekend = {on("2014-10-18"), on("2014-10-19")}
    assert deadline.due_on(CHINA, on("2014-10-16"), 2, WORKING, not_counted=weekend) == on(
        "2014-10-20"
    )


def test_a_pause_beyond_the_due_day_or_before_the_start_changes_nothing() -> None:
    stopped = {on("2014-10-13"), on("2014-10-17"), on("2003-01-01")}
    assert deadline.due_on(CHINA, on("2014-10-13"), 3, WORKING, not_counted=stopped) == on(
        "2014-10-16"
    )


def test_a_roll_does_not_end_on_a_stopped_day() -> None:
    due = deadline.due_on(CHINA, on("2014-10-13"), 5, CALENDAR, not_counted={on("2014-10-20")})
    assert due == on("2014-10-21")


def walk(start_on: date, days: int, stopped: set[date], unit: DayUnit) -> date:
    """Day by day, as one would on paper."""
    due = start_on
    while days:
        due += timedelta(days=1)
        counts = unit is CALENDAR or CHINA.is_working_day(due)
        days -= counts and due not in stopped
    return due


@given(start_on=dates, days=st.integers(0, 60), offsets=pauses, unit=st.sampled_from(DayUnit))
def test_stopped_days_are_passed_over_as_on_paper(
    start_on: date, days: int, offsets: set[int], unit: DayUnit
) -> None:
    # A pause before the first day of the table cannot be.
    stopped = {max(start_on + timedelta(days=n), CHINA.first_on) for n in offsets}
    due = deadline.due_on(CHINA, start_on, days, unit, roll=False, not_counted=stopped)
    assert due == walk(start_on, days, stopped, unit)


@given(start_on=dates, days=st.integers(1, 120))
def test_a_rolled_day_is_the_first_working_day_from_the_plain_one(
    start_on: date, days: int
) -> None:
    plain = start_on + timedelta(days=days)
    assert deadline.due_on(CHINA, start_on, days, CALENDAR) == CHINA.next_working_day(plain)


@pytest.mark.parametrize(
    ("instant", "received"),
    [
        ("2014-10-13T09:00", "2014-10-13"),
        ("2014-10-13T17:00", "2014-10-13"),
        ("2014-10-13T17:00:00.000001", "2014-10-14"),
        ("2014-09-28T10:00", "2014-09-28"),  # a Sunday that is worked
        ("2014-10-01T08:00", "2014-10-08"),
        ("2014-10-01T23:00", "2014-10-08"),  # late on a rest day: no day is lost twice
        ("2014-10-10T18:00", "2014-10-11"),  # Friday evening before a worked Saturday
        ("2014-10-11T18:00", "2014-10-13"),
    ],
)
def test_day_of_receipt(instant: str, received: str) -> None:
    assert deadline.received_on(CHINA, at(instant), SHANGHAI) == on(received)


def test_the_day_of_receipt_is_the_city_s_own() -> None:
    late_evening_in_utc = datetime(2014, 10, 12, 20, 0, tzinfo=UTC)
    assert deadline.received_on(CHINA, late_evening_in_utc, SHANGHAI) == on("2014-10-13")


def test_the_cut_off_is_the_city_s_choice() -> None:
    instant = at("2014-10-13T17:30")
    assert deadline.received_on(CHINA, instant, SHANGHAI, time(18)) == on("2014-10-13")
    assert deadline.received_on(CHINA, instant, SHANGHAI, time(12)) == on("2014-10-14")


def test_a_naive_instant_is_refused() -> None:
    with pytest.raises(errors.Invalid, match="offset"):
        deadline.received_on(CHINA, datetime(2014, 10, 13, 9), SHANGHAI)  # noqa: DTZ001


def test_an_item_has_a_promised_and_a_statutory_due_day() -> None:
    due = deadline.item_deadlines(CHINA, on("2014-09-26"), 5, WORKING, 20, WORKING)
    assert due == Deadlines(on("2014-10-09"), on("2014-10-29"))
    assert due.effective_due_on == on("2014-10-09")


def test_an_item_without_statutory_limit_follows_the_promise() -> None:
    due = deadline.item_deadlines(CHINA, on("2014-09-26"), 5)
    assert due.statutory_due_on is None
    assert due.effective_due_on == due.promised_due_on


def test_the_earlier_day_counts_when_units_differ() -> None:
    """A construction permit: 7 calendar days by law, here with 7 working days promised."""
    due = deadline.item_deadlines(CHINA, on("2014-10-13"), 7, WORKING, 7, CALENDAR)
    assert due == Deadlines(on("2014-10-22"), on("2014-10-20"))
    assert due.effective_due_on == on("2014-10-20")


def test_a_stopped_clock_moves_both_due_days() -> None:
    stopped = {on("2014-10-14")}
    due = deadline.item_deadlines(CHINA, on("2014-10-13"), 1, WORKING, 2, not_counted=stopped)
    assert due == Deadlines(on("2014-10-15"), on("2014-10-16"))


def test_a_due_day_in_a_year_without_notice_is_provisional() -> None:
    accepted_on = CHINA.provisional_from - timedelta(days=10)
    assert deadline.item_deadlines(CHINA, accepted_on, 20).provisional
    assert not deadline.item_deadlines(CHINA, accepted_on, 3).provisional
    # The date in force is certain although the statutory one is not.
    assert not deadline.item_deadlines(CHINA, accepted_on, 3, WORKING, 20).provisional


@pytest.mark.parametrize(
    ("step", "due"),
    [("receive", "2014-10-09"), ("deliver", "2014-10-15")],
)
def test_steps_with_a_deadline_by_law(step: str, due: str) -> None:
    assert deadline.step_due_on(CHINA, step, on("2014-09-26")) == on(due)
    assert "行政许可法" in deadline.STEP_DEADLINES[step].source


def test_other_steps_have_none() -> None:
    with pytest.raises(errors.Invalid, match="review"):
        deadline.step_due_on(CHINA, "review", on("2014-09-26"))


@pytest.mark.parametrize(
    ("promised_days", "statutory_days", "unit", "promised_unit"),
    [
        (20, 20, WORKING, WORKING),
        (5, None, WORKING, WORKING),
        (10, 7, CALENDAR, WORKING),
        (0, 20, WORKING, WORKING),
        (7, 7, CALENDAR, CALENDAR),
    ],
)
def test_promises_that_may_be_made(
    promised_days: int, statutory_days: int | None, unit: DayUnit, promised_unit: DayUnit
) -> None:
    deadline.check_promise(promised_days, statutory_days, unit, promised_unit)


@pytest.mark.parametrize(
    ("promised_days", "statutory_days", "unit"),
    [(21, 20, WORKING), (-1, 20, WORKING), (-1, None, WORKING), (5, -1, CALENDAR)],
)
def test_promises_that_may_not(
    promised_days: int, statutory_days: int | None, unit: DayUnit
) -> None:
    with pytest.raises(errors.Invalid) as caught:
        deadline.check_promise(promised_days, statutory_days, unit)
    assert caught.value.detail["field"] in {"promised_days", "statutory_days"}


def test_the_whole_due_day_is_in_time() -> None:
    overdue_at = deadline.overdue_from(on("2014-10-09"), SHANGHAI)
    assert overdue_at == datetime(2014, 10, 9, 16, 0, tzinfo=UTC)
    assert overdue_at.tzinfo is UTC
    assert at("2014-10-09T23:59:59") < overdue_at <= at("2014-10-10T00:00")


@pytest.mark.parametrize(
    ("today", "left"),
    [
        ("2014-10-10", 3),  # Friday; Saturday the 11th is worked
        ("2014-10-11", 2),
        ("2014-10-12", 2),
        ("2014-10-14", 0),
        ("2014-10-15", -1),
        ("2014-10-17", -3),
        ("2014-10-18", -4),  # Saturday counts as the Monday it leads to
        ("2014-10-20", -4),
    ],
)
def test_days_left(today: str, left: int) -> None:
    assert deadline.days_left(CHINA, on("2014-10-14"), on(today)) == left


@given(start_on=dates, days=st.integers(0, 60), offset=st.integers(0, 120))
def test_days_left_is_negative_exactly_when_late(start_on: date, days: int, offset: int) -> None:
    due, today = CHINA.add(start_on, days), start_on + timedelta(days=offset)
    assert (deadline.days_left(CHINA, due, today) < 0) is (today > due)
