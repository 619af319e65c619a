"""The axes of charts: where days lie, what is written above them, labels that do not touch."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.web.gantt import lettering
from api.web.gantt.dates import Dates
from api.web.gantt.days import Days
from api.web.gantt.flags import Line, flags
from engine.rules import china
from tests.web.gantts import speaking

CALENDAR = china.calendar()
SEPTEMBER, NOVEMBER = date(2014, 9, 3), date(2014, 11, 30)


@pytest.fixture
def autumn() -> Dates:
    """From Wednesday 3 September 2014 to 30 November, over 89 days from Monday on."""
    return Dates.over(CALENDAR, SEPTEMBER, NOVEMBER, 1070)


def test_dates_begin_on_a_monday_and_fill_the_width(autumn: Dates) -> None:
    assert autumn.first_on == date(2014, 9, 1)
    assert autumn.unit == pytest.approx(1070 / 91, abs=0.01)
    assert autumn.x(NOVEMBER.toordinal()) == pytest.approx(1070, abs=1)


def test_a_position_is_the_end_of_its_day(autumn: Dates) -> None:
    first = date(2014, 9, 1)
    assert autumn.left(first) == 0
    assert autumn.x(first.toordinal()) == autumn.unit
    assert autumn.left(first + timedelta(days=1)) == pytest.approx(autumn.unit, abs=0.06)


def test_rest_days_and_holidays_cover_all_that_is_not_worked(autumn: Dates) -> None:
    runs = [*autumn.rest(), *autumn.holidays()]
    covered = sum(run.width for run in runs) / autumn.unit
    off = sum(not day.working for day in CALENDAR.days(autumn.first_on, autumn.last_on))
    assert covered == pytest.approx(off, abs=0.2)
    assert len(autumn.holidays()) == 2, "Mid-Autumn and the National Day, each one stretch"


@pytest.mark.parametrize(
    ("language", "names"),
    [("zh", ["中秋节", "国庆节"]), ("en", ["Mid-Autumn Festival", "National Day"])],
)
def test_holidays_are_named_in_the_pages_language(
    autumn: Dates, language: str, names: list[str]
) -> None:
    with speaking(language):
        marks = autumn.marks()
    assert [mark.words for mark in marks if mark.look == "holiday"] == names


def test_make_up_days_are_marked_where_they_are(autumn: Dates) -> None:
    with speaking():
        marks = [mark for mark in autumn.marks() if mark.look == "worked"]
    expected = [date(2014, 9, 28), date(2014, 10, 11)]
    assert [mark.words for mark in marks] == ["班", "班"]
    middles = [autumn.left(on) + autumn.unit / 2 for on in expected]
    assert [mark.x for mark in marks] == pytest.approx(middles, abs=0.2)


def test_months_stand_at_their_first_day_and_weeks_at_mondays(autumn: Dates) -> None:
    with speaking():
        marks = autumn.marks()
    months = [mark.words for mark in marks if mark.look == "month"]
    weeks = [mark.words for mark in marks if mark.look == "tick"]
    assert months == ["2014年9月", "2014年10月", "2014年11月"]
    assert weeks[:6] == ["1", "8", "15", "22", "29", "6"]


def test_the_calendar_ends_where_it_ends() -> None:
    last = CALENDAR.last_on
    axis = Dates.over(CALENDAR, last - timedelta(days=9), last, 1070).reaching(5_000)
    assert axis.last_on == last
    assert axis.width == 5_000


def test_years_of_dates_keep_a_width_that_can_be_read() -> None:
    axis = Dates.over(CALENDAR, date(2014, 1, 1), date(2016, 12, 31), 1070)
    assert axis.unit == 5
    assert Dates.over(CALENDAR, SEPTEMBER, SEPTEMBER, 1070).unit == 24


@pytest.mark.parametrize(("last", "step"), [(1, 1), (28, 1), (63, 5), (130, 5), (2000, 5)])
def test_counted_days_are_labelled_without_crowding(last: int, step: int) -> None:
    axis = Days.over(last, 1070)
    assert axis.step == step
    assert axis.step * axis.unit >= 30


def test_the_last_counted_day_lies_inside() -> None:
    axis = Days.over(63, 1070)
    assert 1_060 < axis.x(63) <= 1_070


BOXES = st.lists(st.tuples(st.integers(0, 1_000), st.integers(1, 200)), max_size=12)


@given(BOXES)
def test_labels_in_a_lane_never_touch(spans: list[tuple[int, int]]) -> None:
    boxes = [(float(left), float(left + width)) for left, width in spans]
    placed = list(zip(boxes, lettering.lanes(boxes), strict=True))
    for (one, lane), (other, same) in combinations(placed, 2):
        assert lane != same or one[1] < other[0] or other[1] < one[0]


@given(st.lists(st.integers(0, 400), min_size=1, max_size=5))
def test_flags_stay_inside_and_off_one_another(positions: list[int]) -> None:
    lines = [Line("target", at, f"目标 10-{at % 31}") for at in positions]
    found = flags(lines, [float(at) for at in positions], 60, 400)
    for each in found:
        assert each.left >= 0
        assert each.left + each.width <= 400.1
        assert each.left <= each.x <= each.left + each.width
    for one, other in combinations(found, 2):
        apart = one.left + one.width <= other.left or other.left + other.width <= one.left
        assert one.y != other.y or apart


def test_close_flags_have_two_levels_and_far_ones_share_one() -> None:
    lines = [Line("today", 100, "今天 10-15"), Line("target", 110, "目标 10-16")]
    assert [each.y for each in flags(lines, [100, 110], 60, 1_000)] == [60, 82]
    assert [each.y for each in flags(lines, [100, 300], 60, 1_000)] == [60, 60]


def test_chinese_letters_are_as_wide_as_they_are_high() -> None:
    assert lettering.width("今天") == 24
    assert lettering.width("10-15") < 36
    assert lettering.width("今天", bold=True) > 24
