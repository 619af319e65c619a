"""The legal clock laid out: what each day is to it, and the ranges with their reasons."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from engine.rules import china
from engine.rules.deadline import DayUnit, due_on
from engine.rules.legal_clock import LegalClock, Mark, Span, Stop, dates

CALENDAR = china.calendar()


def on(text: str) -> date:
    return date.fromisoformat(f"2014-{text}")


#: accepted on a Thursday before National Day, stopped over it, resumed on the Monday after
STOP = Stop(on("09-30"), on("10-13"), "专家评审")
CLOCK = LegalClock(CALENDAR, on("09-25"), stops=(STOP,))


def told(spans: tuple[Span, ...]) -> list[tuple[str, str, str, int]]:
    return [(str(s.mark), f"{s.first_on:%m-%d}", f"{s.last_on:%m-%d}", s.counted) for s in spans]


def test_each_day_is_numbered_or_named() -> None:
    marks = {
        f"{day.on:%m-%d}": (day.mark, day.number) for day in CLOCK.days(on("09-22"), on("10-16"))
    }
    assert marks["09-24"] == (Mark.BEFORE, 0)
    assert marks["09-25"] == (Mark.START, 0)
    assert marks["09-26"] == (Mark.COUNTED, 1)
    assert marks["09-27"] == (Mark.REST, 0)
    assert marks["09-28"] == (Mark.COUNTED, 2), "a make-up day counts"
    assert marks["09-30"] == (Mark.COUNTED, 4), "the day of the stop counts"
    assert marks["10-01"] == (Mark.REST, 0)
    assert marks["10-08"] == (Mark.STOPPED, 0)
    assert marks["10-11"] == (Mark.STOPPED, 0), "a make-up day is lost like any other"
    assert marks["10-12"] == (Mark.REST, 0)
    assert marks["10-13"] == (Mark.RESUMED, 0), "the day it goes on does not count"
    assert marks["10-16"] == (Mark.COUNTED, 7)


def test_weeks_begin_on_monday_and_hold_the_start_and_the_last_day() -> None:
    weeks = CLOCK.weeks(on("10-16"))
    assert [f"{week[0].on:%m-%d}" for week in weeks] == ["09-22", "09-29", "10-06", "10-13"]
    assert all(len(week) == 7 for week in weeks)


def test_ranges_say_why_days_count_or_not() -> None:
    spans = CLOCK.spans(on("10-15"))
    assert told(spans) == [
        ("start", "09-25", "09-25", 0),
        ("counted", "09-26", "09-30", 4),
        ("rest", "10-01", "10-07", 0),
        ("stopped", "10-08", "10-13", 0),
        ("counted", "10-14", "10-15", 2),
    ]
    assert spans[1].make_up == (on("09-28"),)
    assert spans[2].holiday is not None
    assert (spans[2].holiday.zh, spans[2].days) == ("国庆节", 7)
    assert spans[3].stop == STOP


def test_a_clock_that_has_ended_counts_no_further() -> None:
    ended = LegalClock(CALENDAR, on("09-25"), end_on=on("09-29"))
    assert ended.used(on("10-31")) == 3
    assert ended.days(on("09-30"), on("09-30"))[0].mark is Mark.AFTER
    assert told(ended.spans(on("10-31")))[-1] == ("counted", "09-26", "09-29", 3)


def test_a_clock_that_stands_still_yet_counts_up_to_the_stop() -> None:
    standing = LegalClock(CALENDAR, on("09-25"), stops=(Stop(on("09-26")),))
    assert standing.used(on("10-31")) == 1
    assert told(standing.spans(on("09-30")))[-1] == ("stopped", "09-28", "09-30", 0)


def test_calendar_days_count_rest_days_and_lose_those_of_a_stop() -> None:
    assert LegalClock(CALENDAR, on("09-25")).used(on("10-05"), DayUnit.CALENDAR) == 10
    assert CLOCK.used(on("10-15"), DayUnit.CALENDAR) == 7


def test_on_the_day_it_starts_nothing_has_been_counted() -> None:
    assert CLOCK.used(on("09-25")) == 0
    assert told(CLOCK.spans(on("09-25"))) == [("start", "09-25", "09-25", 0)]


DAYS = st.integers(0, 400).map(lambda days: date(2014, 1, 1) + timedelta(days=days))


@given(start=DAYS, days=st.integers(1, 40), gap=st.integers(0, 30), length=st.integers(1, 30))
def test_the_due_day_has_the_number_of_the_last_day(
    start: date, days: int, gap: int, length: int
) -> None:
    begins = start + timedelta(days=gap)
    stop = Stop(begins, begins + timedelta(days=length))
    lost = set(dates(begins + timedelta(days=1), begins + timedelta(days=length)))
    clock = LegalClock(CALENDAR, start, stops=(stop,))
    due = due_on(CALENDAR, start, days, DayUnit.WORKING, not_counted=lost)
    [line] = clock.days(due, due)
    assert (line.mark, line.number) == (Mark.COUNTED, days)
    assert clock.used(due) == days
    assert sum(span.counted for span in clock.spans(due)) == days
