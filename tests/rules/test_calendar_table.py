"""The committed table: who adds next year's notice learns here what is wrong with it."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from importlib.resources import files

import pytest

from engine.rules import china
from engine.rules.calendar import BusinessCalendar, Reason, SpecialDay

CHINA = china.calendar()
YEARS = range(2004, CHINA.provisional_from.year)
SATURDAY = 5


def rows(name: str) -> list[dict[str, str]]:
    text = (files("engine.rules") / "data" / name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def special(year: int) -> list[SpecialDay]:
    return [day for on, day in CHINA.special.items() if on.year == year]


def holiday_names(calendar: BusinessCalendar, year: int) -> dict[str, str]:
    days = calendar.days(date(year, 1, 1), date(year, 12, 31))
    return {day.on.isoformat(): day.name.zh for day in days if day.name}


def test_days_are_in_order_and_decided_once() -> None:
    dates = [row["date"] for row in rows("china-days.csv")]
    assert dates == sorted(set(dates))


def test_make_up_days_lie_on_weekends() -> None:
    worked = [row["date"] for row in rows("china-days.csv") if row["kind"] == "make-up"]
    assert worked
    assert all(date.fromisoformat(text).weekday() >= SATURDAY for text in worked)


def test_every_day_follows_from_a_notice_of_its_year_or_the_next() -> None:
    for row in rows("china-days.csv"):
        year = date.fromisoformat(row["date"]).year
        assert china.notices()[row["notice"]].year in {year, year + 1}


def test_every_year_has_a_notice_and_every_notice_decides_days() -> None:
    assert {notice.year for notice in china.notices().values()} == set(YEARS)
    assert {row["notice"] for row in rows("china-days.csv")} == set(china.notices())


@pytest.mark.parametrize("year", YEARS[4:])
def test_all_seven_holidays_are_there_since_2008(year: int) -> None:
    names = {day.name.zh for day in special(year) if day.reason is Reason.HOLIDAY}
    assert names >= {"元旦", "春节", "清明节", "劳动节", "端午节", "国庆节"}
    # In some years the notice gives one name to National Day and Mid-Autumn together.
    assert "中秋节" in names or len([d for d in special(year) if d.on.month == 10]) >= 8


def test_holidays_are_named_in_both_languages() -> None:
    assert all(name.zh and name.en for name in china.holidays().values())
    assert china.holidays()["national-day"].en == "National Day"


def test_the_last_saturday_of_2005_was_worked() -> None:
    day = CHINA.day(date(2005, 12, 31))
    assert (day.make_up, day.source) == (True, "2006")


def test_the_calendar_is_built_once_and_its_revision_is_stable() -> None:
    assert china.calendar() is CHINA
    assert (CHINA.source, len(CHINA.revision)) == ("china", 12)


def test_years_with_a_notice_are_certain_and_later_ones_provisional() -> None:
    first = CHINA.provisional_from
    assert first >= date(2027, 1, 1)
    assert CHINA.is_provisional(first)
    assert CHINA.day(first).provisional
    assert not CHINA.is_provisional(first - timedelta(days=1))
    assert not CHINA.day(first - timedelta(days=1)).provisional


def test_a_year_without_notice_has_the_statutory_holidays() -> None:
    assert holiday_names(CHINA, 2040) == {
        "2040-01-01": "元旦",
        "2040-02-11": "春节",
        "2040-02-12": "春节",
        "2040-02-13": "春节",
        "2040-02-14": "春节",
        "2040-04-04": "清明节",
        "2040-05-01": "劳动节",
        "2040-05-02": "劳动节",
        "2040-06-14": "端午节",
        "2040-09-20": "中秋节",
        "2040-10-01": "国庆节",
        "2040-10-02": "国庆节",
        "2040-10-03": "国庆节",
    }


def test_a_year_without_notice_has_no_make_up_days() -> None:
    later = [day for on, day in CHINA.special.items() if on >= CHINA.provisional_from]
    assert {day.reason for day in later} == {Reason.HOLIDAY}
    assert {day.source for day in later} == {"全国年节及纪念日放假办法"}


def test_two_holidays_may_share_a_date() -> None:
    assert holiday_names(CHINA, 2028)["2028-10-03"] == "国庆节"
    assert "中秋节" not in holiday_names(CHINA, 2028).values()
