"""Revisions laid over the calendar: the newest holds, the order of days does not matter, undone."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import CalendarRange
from engine.rules import china
from engine.rules.calendar import Name, Reason
from engine.rules.revision import DecidedDay, Decision, Revision, changes, deciding, laid

CHINA = china.calendar()
FIRST = date(2026, 9, 1)
DAYS = [FIRST + timedelta(days=n) for n in range(250)]
NAME = Name("调整", "change")

days = st.builds(
    DecidedDay, on=st.sampled_from(DAYS), decision=st.sampled_from(Decision), name=st.just(NAME)
)
#: days of one revision: a date once
several = st.lists(days, max_size=12, unique_by=lambda day: day.on).map(tuple)
histories = st.lists(several, max_size=5).map(
    lambda each: [Revision(n, f"notice {n}", days) for n, days in enumerate(each, 1)]
)
WORKED = {Decision.MAKE_UP: True, Decision.EXTRA: True, Decision.HOLIDAY: False}


def oracle(on: date, history: list[Revision]) -> bool:
    """Whether a day is worked, by looking for the last decision there is on it."""
    worked = CHINA.is_working_day(on)
    for revision in history:
        for day in revision.days:
            if day.on == on:
                plain = on.weekday() < 5 and day.decision is Decision.ORDINARY
                worked = WORKED.get(day.decision, plain)
    return worked


@given(histories, st.randoms(use_true_random=False))
def test_the_newest_decision_holds_whatever_the_order(
    history: list[Revision], random: Random
) -> None:
    mixed = [
        Revision(each.id, each.source, tuple(random.sample(each.days, len(each.days))))
        for each in random.sample(history, len(history))
    ]
    calendar = laid(CHINA, mixed)
    assert [calendar.is_working_day(on) for on in DAYS] == [oracle(on, history) for on in DAYS]
    assert calendar == laid(CHINA, history)
    assert calendar.special == laid(CHINA, history).special


@given(histories, st.integers(min_value=0, max_value=20), st.sampled_from(DAYS[:200]))
def test_working_days_are_counted_by_it(history: list[Revision], days: int, on: date) -> None:
    calendar, due, left = laid(CHINA, history), on, days
    while left:
        due += timedelta(days=1)
        left -= oracle(due, history)
    assert calendar.add(on, days) == due


@given(histories, several)
def test_what_is_undone_is_as_its_day_of_the_week(
    history: list[Revision], last: tuple[DecidedDay, ...]
) -> None:
    undone = tuple(DecidedDay(day.on, Decision.ORDINARY) for day in last)
    calendar = laid(CHINA, [*history, Revision(99, "undone", undone)])
    for day in undone:
        assert calendar.day(day.on).reason in {Reason.WORKING_DAY, Reason.WEEKEND}
        assert calendar.is_working_day(day.on) is (day.on.weekday() < 5)


@given(histories, several)
def test_what_changes_is_what_differs(
    history: list[Revision], last: tuple[DecidedDay, ...]
) -> None:
    before = laid(CHINA, history)
    after = laid(CHINA, [*history, Revision(99, "last", last)])
    found = changes(before, after, last)
    assert {each.on for each in found} == {
        on for on in DAYS if before.day(on).reason is not after.day(on).reason
    }
    for each in found:
        worked = after.is_working_day(each.on) - before.is_working_day(each.on)
        assert each.counted == worked


@given(histories)
def test_equal_calendars_hold_equal_days(history: list[Revision]) -> None:
    assert (laid(CHINA, history) == CHINA) is (not history)
    other = [*history, Revision(99, "more", (DecidedDay(FIRST, Decision.CLOSURE, NAME),))]
    assert laid(CHINA, other) != laid(CHINA, history)
    assert len({laid(CHINA, other), laid(CHINA, list(other)), CHINA}) == 2
    renamed = [*history, Revision(99, "more", (DecidedDay(FIRST, Decision.CLOSURE, Name("", "")),))]
    assert laid(CHINA, renamed) != laid(CHINA, other)


def test_it_names_the_newest_revision() -> None:
    calendar = laid(CHINA, [Revision(7, "市政府7号", ()), Revision(3, "another", ())])
    assert calendar.source == "china+市政府7号"
    assert calendar.revision.startswith("7-")
    assert laid(CHINA, []) is CHINA


def test_a_days_source_is_the_revision_that_decided_it() -> None:
    on = date(2026, 10, 8)
    first = Revision(1, "first", (DecidedDay(on, Decision.CLOSURE),))
    second = Revision(2, "second", (DecidedDay(on, Decision.CLOSURE, Name("", "Flood")),))
    day = laid(CHINA, [first, second]).day(on)
    assert (day.source, day.name) == ("second", Name("Flood", "Flood"))
    assert laid(CHINA, [first]).day(on).name == Name("本地休息", "local closure")
    assert deciding([second, first])[on] is second


def test_a_published_year_is_provisional_no_more() -> None:
    assert CHINA.is_provisional(date(2027, 3, 1))
    notice = Revision(1, "2027 notice", (), date(2028, 1, 1))
    calendar = laid(CHINA, [notice, Revision(2, "flood", ())])
    assert not calendar.is_provisional(date(2027, 12, 31))
    assert calendar.is_provisional(date(2028, 1, 1))


def test_outside_the_calendar_nothing_is_decided() -> None:
    with pytest.raises(CalendarRange):
        laid(CHINA, [Revision(1, "x", (DecidedDay(date(2051, 1, 1), Decision.CLOSURE),))])
