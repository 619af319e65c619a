"""Working hours on dated days: what is written of a calendar, as open spans."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from engine.analysis.simulation.model import ALWAYS, Calendar, InvalidModel
from engine.errors import Invalid
from engine.rules.calendar import BusinessCalendar

WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
#: the city's days, with its holidays and make-up days
BUSINESS = "business"
WRITTEN = re.compile(r"([01]\d|2[0-4]):([0-5]\d)\s*-\s*([01]\d|2[0-4]):([0-5]\d)")
DAY, WEEK_HOURS, MINUTES = 24.0, 168.0, 60
#: dated calendars are written out for so many years, then they repeat
YEARS = 40


@dataclass(frozen=True, slots=True)
class Hours:
    """A calendar as people write it: `hours` like `08:30-12:00` on `days`, or `always` open.

    `days`: the city's own (`("business",)`), or days of the week.
    """

    hours: tuple[str, ...] = ("08:30-12:00", "14:00-17:30")
    days: tuple[str, ...] = (BUSINESS,)
    always: bool = False


def days(given: object) -> tuple[str, ...]:
    """Return the days of a calendar. Raises Invalid."""
    if given in (BUSINESS, [BUSINESS]):
        return (BUSINESS,)
    found = tuple(given) if isinstance(given, list | tuple) else ()
    known = all(isinstance(each, str) and each in WEEK for each in found)
    if not found or not known or len(set(found)) < len(found):
        raise Invalid(f"write {BUSINESS} or a list of {', '.join(WEEK)}, not {given!r}")
    return found


def hours(given: object) -> tuple[str, ...]:
    """Return the hours of a day. Raises Invalid."""
    found = tuple(given) if isinstance(given, list | tuple) else (given,)
    if not found or not all(isinstance(each, str) and WRITTEN.fullmatch(each) for each in found):
        raise Invalid(f"write hours as 08:30-12:00, not {given!r}")
    times = [time for each in opened(found) for time in each]
    if times != sorted(times) or times[-1] > DAY or any(a == b for a, b in opened(found)):
        raise Invalid(f"hours stand in their order within a day, and apart: {', '.join(found)}")
    return found


def opened(written: tuple[str, ...]) -> list[tuple[float, float]]:
    """Return from when to when a day is open, in hours."""
    found = []
    for each in written:
        read = WRITTEN.fullmatch(each)
        begin, minute, end, last = map(int, read.groups()) if read else (0, 0, 0, 0)
        found.append((begin + minute / MINUTES, end + last / MINUTES))
    return found


@lru_cache(maxsize=64)
def calendar_of(written: Hours, origin: date, business: BusinessCalendar) -> Calendar:
    """Return a calendar in hours since `origin`, a Monday.

    A week repeats; the city's days are written out up to their calendar's end, 40 years at most.
    Raises InvalidModel where the origin is no Monday or the city's days do not reach a week.
    """
    if origin.weekday() != 0:
        raise InvalidModel(f"hours are counted from a Monday, and {origin} is none", field="start")
    if written.always:
        return ALWAYS
    spans = opened(written.hours)
    if written.days == (BUSINESS,):
        last = min(business.last_on, origin + timedelta(days=round(YEARS * 365.25)))
        weeks = ((last - origin).days + 1) // 7
        worked = [*worked_days(origin, weeks, business)] if business.first_on <= origin else []
    else:
        weeks, worked = 1, sorted(WEEK.index(each) for each in written.days)
    if not worked:
        known = f"{business.first_on} to {business.last_on}"
        raise InvalidModel(f"{origin} lies outside the calendar ({known})", field="start")
    found = ((day * DAY + begin, day * DAY + end) for day in worked for begin, end in spans)
    length = sum(end - begin for begin, end in spans)
    return Calendar(tuple(found), weeks * WEEK_HOURS, length)


def worked_days(origin: date, weeks: int, business: BusinessCalendar) -> Iterator[int]:
    """Yield the days that are worked, counted from the origin."""
    every = ((day, origin + timedelta(days=day)) for day in range(weeks * 7))
    return (day for day, on in every if business.is_working_day(on))
