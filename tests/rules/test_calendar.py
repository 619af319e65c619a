"""What a clerk relies on: which days are worked, and how a period in working days is counted."""

from __future__ import annotations

import pickle
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from engine import errors
from engine.rules import china
from engine.rules.calendar import BusinessCalendar, Name, Reason, SpecialDay

CHINA = china.calendar()
FAIR = Name("进博会", "Import Expo")


def on(text: str) -> date:
    return date.fromisoformat(text)


def closure(text: str, reason: Reason = Reason.CLOSURE) -> SpecialDay:
    return SpecialDay(on(text), reason, FAIR, "city notice 7")


@pytest.mark.parametrize(
    ("start_on", "days", "due_on"),
    [
        ("2014-09-26", 5, "2014-10-09"),
        ("2014-09-26", 20, "2014-10-29"),
        ("2020-01-17", 5, "2020-01-23"),
        ("2020-01-17", 20, "2020-02-21"),
        ("2024-02-08", 5, "2024-02-21"),
        ("2026-02-13", 10, "2026-03-05"),
    ],
)
def test_periods_across_long_holidays(start_on: str, days: int, due_on: str) -> None:
    assert CHINA.add(on(start_on), days) == on(due_on)
    assert CHINA.between(on(start_on), on(due_on)) == days


@pytest.mark.parametrize(("year", "worked"), [(2014, 250), (2020, 249), (2024, 251), (2026, 248)])
def test_working_days_of_a_year(year: int, worked: int) -> None:
    days = CHINA.days(date(year, 1, 1), date(year, 12, 31))
    assert sum(day.working for day in days) == worked


@pytest.mark.parametrize(
    ("text", "working", "reason", "holiday"),
    [
        ("2014-09-28", True, Reason.MAKE_UP, "国庆节"),
        ("2014-10-11", True, Reason.MAKE_UP, "国庆节"),
        ("2014-10-01", False, Reason.HOLIDAY, "国庆节"),
        ("2014-10-04", False, Reason.HOLIDAY, "国庆节"),
        ("2014-10-12", False, Reason.WEEKEND, None),
        ("2014-10-13", True, Reason.WORKING_DAY, None),
        ("2015-09-03", False, Reason.HOLIDAY, "抗战胜利70周年纪念日"),
        ("2015-09-04", False, Reason.HOLIDAY, "抗战胜利70周年纪念日"),
        ("2015-09-06", True, Reason.MAKE_UP, "抗战胜利70周年纪念日"),
        ("2020-01-19", True, Reason.MAKE_UP, "春节"),
        ("2020-01-24", False, Reason.HOLIDAY, "春节"),
        ("2020-02-02", False, Reason.HOLIDAY, "春节"),
        ("2020-02-03", True, Reason.WORKING_DAY, None),
        ("2024-02-04", True, Reason.MAKE_UP, "春节"),
        ("2024-02-09", True, Reason.WORKING_DAY, None),
        ("2024-02-18", True, Reason.MAKE_UP, "春节"),
        ("2026-02-14", True, Reason.MAKE_UP, "春节"),
        ("2026-02-28", True, Reason.MAKE_UP, "春节"),
    ],
)
def test_a_day_says_why(text: str, *, working: bool, reason: Reason, holiday: str | None) -> None:
    day = CHINA.day(on(text))
    assert (day.working, day.reason) == (working, reason)
    assert (day.name.zh if day.name else None) == holiday
    assert day.make_up is (reason is Reason.MAKE_UP)
    assert CHINA.is_working_day(on(text)) is working


def test_a_day_names_its_notice_and_its_reason_in_both_languages() -> None:
    day = CHINA.day(on("2020-01-31"))
    assert day.source == "2020-extension"
    assert china.notices()["2020-extension"].title.startswith("国务院办公厅关于延长2020年春节假期")
    assert (day.reason_name.zh, day.reason_name.en) == ("法定节假日", "holiday")


def test_the_day_of_receipt_is_not_counted() -> None:
    assert CHINA.add(on("2014-10-13"), 1) == on("2014-10-14")
    assert CHINA.between(on("2014-10-13"), on("2014-10-13")) == 0


@pytest.mark.parametrize("text", ["2014-10-13", "2014-10-12", "2004-01-01", "2050-12-31"])
def test_no_days_is_the_same_day_even_on_a_rest_day(text: str) -> None:
    assert CHINA.add(on(text), 0) == on(text)


def test_the_next_working_day_is_today_if_worked() -> None:
    assert CHINA.next_working_day(on("2014-09-28")) == on("2014-09-28")
    assert CHINA.next_working_day(on("2014-10-01")) == on("2014-10-08")


def test_a_period_runs_over_the_end_of_the_year() -> None:
    assert CHINA.add(on("2018-12-28"), 2) == on("2019-01-02")


def test_counting_backwards_is_refused() -> None:
    with pytest.raises(errors.Invalid, match="forward"):
        CHINA.add(on("2014-09-26"), -1)
    with pytest.raises(errors.Invalid, match="forward"):
        CHINA.add_calendar_days(on("2014-09-26"), -1)
    with pytest.raises(errors.Invalid, match="2014-09-26 is before 2014-10-09"):
        CHINA.between(on("2014-10-09"), on("2014-09-26"))


def test_an_instant_is_no_date() -> None:
    with pytest.raises(errors.Invalid, match="not an instant"):
        CHINA.is_working_day(datetime(2014, 9, 28, tzinfo=UTC))


@pytest.mark.parametrize("text", ["2003-12-31", "2051-01-01"])
def test_dates_outside_the_table_are_refused(text: str) -> None:
    outside = on(text)
    for ask in (CHINA.day, CHINA.is_working_day, CHINA.is_provisional, CHINA.next_working_day):
        with pytest.raises(errors.CalendarRange, match=text):
            ask(outside)
    with pytest.raises(errors.CalendarRange):
        CHINA.add(outside, 0)


def test_a_period_that_leaves_the_table_is_refused() -> None:
    with pytest.raises(errors.CalendarRange):
        CHINA.add(on("2050-12-30"), 2)
    with pytest.raises(errors.CalendarRange):
        CHINA.add_calendar_days(on("2050-12-30"), 2)
    with pytest.raises(errors.CalendarRange):
        CHINA.add(on("2026-01-01"), 10**12)


def test_a_city_closes_a_day_and_works_another() -> None:
    city = CHINA.with_closures(
        [closure("2014-10-09"), closure("2014-10-12", Reason.EXTRA)], source="anqing", revision="3"
    )
    assert city.add(on("2014-09-26"), 5) == on("2014-10-10")
    assert city.add(on("2014-10-10"), 2) == on("2014-10-12")
    assert city.day(on("2014-10-09")).name == FAIR
    assert city.day(on("2014-10-09")).source == "city notice 7"
    assert CHINA.add(on("2014-09-26"), 5) == on("2014-10-09"), "the national table is untouched"


def test_a_city_s_own_decision_wins_over_the_notice() -> None:
    city = CHINA.with_closures(
        [closure("2014-09-28"), closure("2014-10-07", Reason.EXTRA)], source="anqing", revision="3"
    )
    assert not city.is_working_day(on("2014-09-28"))
    assert city.day(on("2014-09-28")).reason is Reason.CLOSURE
    assert city.is_working_day(on("2014-10-07"))


def test_a_city_calendar_is_told_apart_by_source_and_revision() -> None:
    city = CHINA.with_closures([closure("2014-10-09")], source="anqing", revision="3")
    assert (city.source, city.revision) == ("china+anqing", f"{CHINA.revision}+3")
    assert city != CHINA
    assert hash(CHINA) == hash(replace(CHINA))
    assert replace(CHINA) == CHINA
    assert len({CHINA, replace(CHINA), city}) == 2


def test_a_new_notice_can_be_laid_on_before_the_table_has_it() -> None:
    notice = SpecialDay(on("2040-02-16"), Reason.HOLIDAY, Name("春节", "Spring Festival"), "2040")
    known = CHINA.with_closures(
        [notice], source="2040", revision="1", provisional_from=on("2041-01-01")
    )
    assert not known.is_provisional(on("2040-02-16"))
    assert not known.is_working_day(on("2040-02-16"))
    assert known.is_provisional(on("2041-01-01"))


@pytest.mark.parametrize(
    ("days", "message"),
    [
        ([closure("2014-10-09"), closure("2014-10-09", Reason.EXTRA)], "decided twice"),
        ([closure("2014-10-09", Reason.WEEKEND)], "no exception"),
        ([closure("2003-10-09")], "outside the calendar"),
    ],
)
def test_contradictory_closures_are_refused(days: list[SpecialDay], message: str) -> None:
    with pytest.raises(errors.Invalid, match=message):
        CHINA.with_closures(days, source="anqing", revision="3")


def test_a_calendar_travels_to_other_processes() -> None:
    copy: BusinessCalendar = pickle.loads(pickle.dumps(CHINA))
    assert copy == CHINA
    assert copy.add(on("2014-09-26"), 5) == on("2014-10-09")
