"""What a stop needs, and where it may lie: listed, told in writing, apart from others."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import Invalid
from engine.rules import china, suspension
from engine.rules.legal_clock import Stop
from engine.rules.suspension import LISTED, REASONS, Overlap, StopReason

CHINA = china.calendar()
TODAY = date(2014, 9, 30)


def on(day: int) -> date:
    return date(2014, 9, day)


def test_every_reason_has_a_name_and_a_source() -> None:
    assert set(REASONS) == set(StopReason)
    assert all(rule.zh and rule.en and rule.source for rule in REASONS.values())
    by_law = {reason for reason in LISTED if REASONS[reason].source == suspension.ART_45}
    assert len(by_law) == 8, "行政许可法 art. 45 lists eight"
    assert set(LISTED) - by_law == {StopReason.PUBLICITY}


@pytest.mark.parametrize("reason", LISTED)
def test_what_is_listed_and_told_is_a_reason(reason: str) -> None:
    assert suspension.check_reason(reason, "2014-7", 15) == reason


@pytest.mark.parametrize(
    ("field", "reason", "notice", "days"),
    [
        ("reason", "lunch", "2014-7", 15),
        # those are the service's and the coordinator's
        ("reason", "gap", "2014-7", 15),
        ("reason", "project", "2014-7", 15),
        ("notice", "hearing", "  ", 15),
        ("expected_days", "hearing", "2014-7", 0),
        ("expected_days", "hearing", "2014-7", -3),
        ("expected_days", "hearing", "2014-7", 1_001),
    ],
)
def test_anything_else_is_refused(field: str, reason: str, notice: str, days: int) -> None:
    with pytest.raises(Invalid) as refused:
        suspension.check_reason(reason, notice, days)
    assert refused.value.detail["field"] == field


def test_a_stop_begins_on_a_day_of_the_clock() -> None:
    suspension.check_beginning(on(10), on(10), TODAY, [])
    suspension.check_beginning(TODAY, on(10), TODAY, [])
    for wrong in (on(9), TODAY + timedelta(days=1)):
        with pytest.raises(Invalid):
            suspension.check_beginning(wrong, on(10), TODAY, [])


def test_a_stop_ends_on_a_day_after_it_began_and_not_after_today() -> None:
    suspension.check_end(Stop(on(10)), on(10), TODAY)
    for wrong in (on(9), TODAY + timedelta(days=1)):
        with pytest.raises(Invalid):
            suspension.check_end(Stop(on(10)), wrong, TODAY)


def test_one_stop_may_begin_when_another_ends() -> None:
    earlier = Stop(on(10), on(15))
    suspension.check_beginning(on(15), on(1), TODAY, [earlier])
    suspension.check_end(Stop(on(5)), on(10), TODAY, [earlier])
    with pytest.raises(Overlap):
        suspension.check_beginning(on(14), on(1), TODAY, [earlier])
    with pytest.raises(Overlap):
        suspension.check_end(Stop(on(5)), on(11), TODAY, [earlier])
    with pytest.raises(Overlap):
        suspension.check_beginning(TODAY, on(1), TODAY, [Stop(on(10))])


SPANS = st.tuples(st.integers(0, 40), st.integers(1, 20))


@given(one=SPANS, other=SPANS)
def test_stops_are_apart_where_no_day_stands_still_in_both(
    one: tuple[int, int], other: tuple[int, int]
) -> None:
    first, second = (
        Stop(TODAY + timedelta(days=begin), TODAY + timedelta(days=begin + length))
        for begin, length in (one, other)
    )
    days = [TODAY + timedelta(days=number) for number in range(70)]
    common = any(first.holds(day) and second.holds(day) for day in days)
    if common:
        with pytest.raises(Overlap):
            suspension.check_apart(first.from_on, first.until_on, second)
    else:
        suspension.check_apart(first.from_on, first.until_on, second)


def test_it_is_expected_to_end_so_many_working_days_later() -> None:
    # National Day lies between
    assert suspension.expected_on(CHINA, on(30), 2) == date(2014, 10, 9)
