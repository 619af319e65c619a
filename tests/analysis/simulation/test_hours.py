"""Working hours: compiled, and for arrays, against counting half hour by half hour."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.analysis.simulation.hours import after, before
from engine.analysis.simulation.kernel import hours, records
from engine.analysis.simulation.kernel import present as kernel_present
from engine.analysis.simulation.model import ALWAYS, Calendar, InvalidModel
from engine.analysis.simulation.replication import present
from engine.analysis.simulation.spans import Hours, calendars
from engine.analysis.simulation.spans import hours as layout_hours
from tests.analysis.simulation.models import OFFICE

HALF = 0.5
#: open half hours of a short week; each is open or not
WEEKS = st.lists(st.booleans(), min_size=48, max_size=48 * 3).filter(any)


def program(calendar: Calendar) -> records.Program:
    """A program of nothing but a calendar."""
    rows, spans, days = calendars([laid(calendar)])
    rest = [np.zeros(0) for _ in records.Program._fields]
    return records.Program(*rest)._replace(calendars=rows, spans=spans, days=days)


def now(at: float) -> records.State:
    """A state of nothing but the present instant."""
    rest = [np.zeros(0) for _ in records.State._fields]
    return records.State(*rest)._replace(now=np.array([at]), present=present(1))


def finishes(p: records.Program, at: float, more: float) -> float:
    """When so many open hours have passed since an instant."""
    return float(kernel_present.finishes(p, now(at), 0, more))


def opens(p: records.Program, at: float) -> float:
    """The first open instant from one on."""
    return float(kernel_present.opens_next(p, now(at), 0))


def laid(calendar: Calendar) -> Hours:
    return layout_hours(calendar.times, calendar.period, calendar.day_hours)


def of(open_halves: list[bool]) -> Calendar:
    """A calendar of half hours."""
    spans: list[tuple[float, float]] = []
    for place, is_open in enumerate(open_halves):
        if is_open and spans and spans[-1][1] == place * HALF:
            spans[-1] = (spans[-1][0], (place + 1) * HALF)
        elif is_open:
            spans.append((place * HALF, (place + 1) * HALF))
    return Calendar(tuple(spans), len(open_halves) * HALF, 8.0)


@given(WEEKS, st.integers(0, 1_000), st.integers(1, 400))
def test_hours_are_those_counted_one_by_one(week: list[bool], at: int, more: int) -> None:
    calendar = of(week)
    p = program(calendar)
    counted = sum(week[each % len(week)] for each in range(at)) * HALF
    assert hours.worked(p, 0, at * HALF) == pytest.approx(counted)
    assert before(calendar, np.array([at * HALF]))[0] == pytest.approx(counted)
    done, place = 0, at
    while done < more:
        done += week[place % len(week)]
        place += 1
    assert finishes(p, at * HALF, more * HALF) == pytest.approx(place * HALF)
    opening = next(each for each in range(at, at + len(week)) if week[each % len(week)])
    assert opens(p, at * HALF) == pytest.approx(opening * HALF)


@given(WEEKS, st.floats(0, 500), st.floats(1e-3, 300))
def test_work_takes_as_many_open_hours_as_it_has(week: list[bool], at: float, more: float) -> None:
    calendar = of(week)
    p = program(calendar)
    end = finishes(p, at, more)
    assert hours.worked(p, 0, end) - hours.worked(p, 0, at) == pytest.approx(more, abs=1e-6)
    assert hours.worked(p, 0, end - 1e-7) < hours.worked(p, 0, end)
    again = after(calendar, before(calendar, np.array([at])) + more)[0]
    assert again == pytest.approx(end, abs=1e-6)


def test_no_work_takes_no_time_even_at_night() -> None:
    assert finishes(program(OFFICE), 3.0, 0.0) == 3.0


def test_work_begun_at_night_begins_in_the_morning_and_pauses_at_noon_and_on_sundays() -> None:
    p = program(OFFICE)
    assert finishes(p, 3.0, 4.0) == 14.5
    assert finishes(p, 24 * 4 + 17.0, 1.0) == 24 * 7 + 9.0
    assert finishes(p, 8.5, 35.0) == 24 * 4 + 17.5
    assert finishes(p, 8.5, 70.0) == 24 * 11 + 17.5


@pytest.mark.parametrize(
    "spans", [(), ((5.0, 4.0),), ((0.0, 5.0), (4.0, 6.0)), ((-1.0, 3.0),), ((20.0, 25.0),)]
)
def test_a_calendar_that_is_none_is_refused(spans: tuple[tuple[float, float], ...]) -> None:
    with pytest.raises(InvalidModel):
        laid(Calendar(spans, 24.0, 8.0))


def test_around_the_clock_a_day_has_twenty_four_hours() -> None:
    assert finishes(program(ALWAYS), 13.0, 100.0) == pytest.approx(113.0)
