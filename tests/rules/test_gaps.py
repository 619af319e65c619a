"""Gaps as rules: what may be promised, from when the clock stands, how long grace lasts."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import Invalid
from engine.rules import china
from engine.rules.case_clock import ClockFacts, Period, deadlines
from engine.rules.catalogue import Item
from engine.rules.city import CityRules
from engine.rules.gaps import (
    GapRules,
    GapsOpen,
    check_complete,
    grace_until_on,
    promised,
    stands_from,
)
from engine.rules.legal_clock import Stop

CALENDAR = china.calendar()
ITEM = {"materials": ["申请表", "地形图"], "secondary": ["地形图"], "promised_days": 7}


def test_an_instant_item_and_one_decided_above_take_no_gaps() -> None:
    for more in ({"instant": True, "promised_days": 0}, {"guards": ["above_city"]}):
        with pytest.raises(Invalid) as caught:
            Item.of("X", {**ITEM, **more})
        assert caught.value.detail["field"] == "secondary"
    plain = Item.of("X", {**ITEM, "secondary": []})
    with pytest.raises(Invalid) as caught:
        promised(plain, [], date(2014, 9, 1), date(2014, 9, 10))
    assert caught.value.detail["field"] == "outcome"


def test_what_is_missing_is_named() -> None:
    check_complete("X", [])
    with pytest.raises(GapsOpen) as caught:
        check_complete("X", [{"material": "地形图", "promised_on": date(2014, 9, 4)}])
    assert caught.value.detail["missing"] == "地形图 (2014-09-04)"


def test_the_clock_stands_from_the_promised_day_or_leaves_one_for_the_decision() -> None:
    accepted, due = date(2014, 9, 1), date(2014, 9, 11)
    assert stands_from(CALENDAR, date(2014, 9, 4), due, [accepted]) == date(2014, 9, 4)
    assert stands_from(CALENDAR, due, due, [accepted]) == date(2014, 9, 10)
    assert stands_from(CALENDAR, date(2014, 9, 4), due, [accepted, date(2014, 9, 8)]) == date(
        2014, 9, 8
    )
    # the working day before the last one lies before the clock began
    assert stands_from(CALENDAR, date(2014, 9, 9), date(2014, 9, 9), [date(2014, 9, 7)]) == date(
        2014, 9, 7
    )


@given(
    start=st.dates(date(2010, 1, 1), date(2024, 6, 30)),
    days=st.integers(1, 20),
    after=st.integers(1, 40),
    late=st.integers(1, 60),
)
def test_a_day_is_always_left_after_the_stop(start: date, days: int, after: int, late: int) -> None:
    """Whenever it comes, the decision has at least one working day."""
    facts = ClockFacts(start, Period(days))
    found = deadlines(CALENDAR, facts)
    assert found is not None
    due = found.promised_due_on
    promised_on = min(start + timedelta(days=after), due)
    from_on = stands_from(CALENDAR, promised_on, due, [start])
    assert start <= from_on <= promised_on
    came_on = promised_on + timedelta(days=late)
    stop = Stop(from_on, came_on, "gap")
    moved = deadlines(CALENDAR, ClockFacts(start, Period(days), stops=(stop,)))
    assert moved is not None
    assert moved.promised_due_on > came_on


def test_grace_counts_from_the_day_of_the_reminder() -> None:
    assert grace_until_on(CALENDAR, date(2014, 9, 5), 15) == CALENDAR.add(date(2014, 9, 4), 15)
    stopped = [date(2014, 9, 9), date(2014, 9, 10)]
    assert grace_until_on(CALENDAR, date(2014, 9, 5), 3, stopped) == date(2014, 9, 12)


def test_the_rules_of_a_city() -> None:
    assert GapRules() == GapRules(15, "returned", 6)
    found = CityRules.of({"gaps": {"grace_days": 3, "outcome": "refused"}}).gaps
    assert (found.grace_days, found.outcome) == (3, "refused")
    with pytest.raises(Invalid) as caught:
        CityRules.of({"gaps": {"outcome": "granted"}})
    assert caught.value.detail["field"] == "gaps.outcome"
