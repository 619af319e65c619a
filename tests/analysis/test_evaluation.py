"""Where the days went adds up to the days there were; percentiles are values that occurred."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.analysis.evaluation import (
    Distribution,
    Held,
    Holder,
    Shares,
    deal_out,
    nearest_rank,
    without,
)
from engine.errors import Invalid
from tests.analysis.projects import CALENDAR, MONDAY

SPAN = 120
OFFSETS = st.integers(-10, SPAN + 10)


def on(number: int) -> date:
    """A date so many days after the Monday the projects here begin on."""
    return MONDAY + timedelta(days=number)


@st.composite
def holdings(draw: st.DrawFn) -> Held:
    """Something in somebody's hand, its clock standing still on some of the days."""
    first, last = sorted([draw(OFFSETS), draw(OFFSETS)])
    still = draw(st.sets(st.integers(first, last), max_size=8))
    return Held(draw(st.sampled_from(Holder)), on(first), on(last), frozenset(map(on, still)))


@given(held=st.lists(holdings(), max_size=12), length=st.integers(0, SPAN))
def test_the_parts_are_the_elapsed_working_days(held: list[Held], length: int) -> None:
    found = deal_out(CALENDAR, MONDAY, on(length), held)
    assert found.total == CALENDAR.between(MONDAY, on(length))
    assert min(found.department, found.applicant, found.intermediary, found.suspended) >= 0


@given(held=st.lists(holdings(), max_size=8), more=holdings(), length=st.integers(0, SPAN))
def test_a_department_with_more_in_hand_has_no_fewer_days(
    held: list[Held], more: Held, length: int
) -> None:
    mine = Held(Holder.DEPARTMENT, more.after_on, more.until_on)
    before = deal_out(CALENDAR, MONDAY, on(length), held)
    after = deal_out(CALENDAR, MONDAY, on(length), [*held, mine])
    assert after.department >= before.department
    assert after.applicant <= before.applicant


@given(held=st.lists(holdings(), max_size=8), length=st.integers(1, SPAN))
def test_a_project_that_stands_still_throughout_is_nobodys(held: list[Held], length: int) -> None:
    whole = Held(Holder.SUSPENDED, MONDAY, on(length))
    found = deal_out(CALENDAR, MONDAY, on(length), [*held, whole])
    assert found == Shares(suspended=CALENDAR.between(MONDAY, on(length)))


def test_days_are_dealt_out_by_precedence() -> None:
    """Two weeks: Monday 3 March to Monday 17 March 2014, ten working days.

    The department has a case to Thursday the 6th, whose clock stands still on the 5th and 6th.
    The applicant draws until Monday the 10th, an intermediary reviews until the 12th, the project
    is suspended after the 12th until the 14th; on the 17th nobody has anything.
    """
    held = [
        Held(Holder.DEPARTMENT, MONDAY, on(3), without(on(1), on(3), on(14))),
        Held(Holder.APPLICANT, on(3), on(7)),
        Held(Holder.INTERMEDIARY, on(3), on(9)),
        Held(Holder.SUSPENDED, on(9), on(11)),
    ]
    found = deal_out(CALENDAR, MONDAY, on(14), held)
    assert found == Shares(department=1, applicant=2 + 1, intermediary=2, suspended=2 + 2)


def test_the_day_something_came_in_is_not_counted() -> None:
    held = [Held(Holder.DEPARTMENT, on(1), on(2))]
    assert deal_out(CALENDAR, MONDAY, on(2), held) == Shares(department=1, applicant=1)
    assert deal_out(CALENDAR, MONDAY, MONDAY, held) == Shares()
    with pytest.raises(Invalid):
        deal_out(CALENDAR, on(1), MONDAY, held)


def test_a_stop_that_goes_on_ends_with_what_is_looked_at() -> None:
    assert without(on(0), None, on(2)) == {on(1), on(2)}
    assert without(on(0), on(1), on(9)) == {on(1)}
    assert without(on(3), None, on(2)) == frozenset()


# -- distributions ---------------------------------------------------------------------------------

VALUES = st.lists(st.integers(0, 40), min_size=1, max_size=60)


def counted(values: list[int]) -> dict[int, int]:
    """Values as how often each occurred."""
    return {each: values.count(each) for each in values}


@given(values=VALUES, percent=st.integers(1, 100))
def test_a_percentile_is_the_smallest_value_that_so_many_reach(
    values: list[int], percent: int
) -> None:
    found = nearest_rank(counted(values), percent)
    assert found in values
    assert 100 * sum(each <= found for each in values) >= percent * len(values)
    assert 100 * sum(each < found for each in values) < percent * len(values)


@pytest.mark.parametrize(("percent", "wanted"), [(1, 15), (30, 20), (40, 20), (50, 35), (100, 50)])
def test_nearest_ranks_of_five_values(percent: int, wanted: int) -> None:
    assert nearest_rank(counted([15, 20, 35, 40, 50]), percent) == wanted


@given(first=VALUES, second=VALUES)
def test_distributions_add_up(first: list[int], second: list[int]) -> None:
    both = Distribution(counted(first), 1) + Distribution(counted(second), 0)
    assert both == Distribution(counted(first + second), 1)
    assert both.number == len(first) + len(second)
    assert both.average == pytest.approx(sum(first + second) / both.number)
    assert both.within_percent == pytest.approx(100 / both.number)


def test_of_nothing_there_is_nothing_to_tell() -> None:
    none = Distribution({})
    assert (none.number, none.average, none.median, none.most) == (0, None, None, None)
    assert none.within_percent is None
    assert nearest_rank({3: 0}, 50) is None
    for percent in (0, 101):
        with pytest.raises(Invalid):
            nearest_rank({3: 1}, percent)
