"""Due dates computed from the table, against asking `chinesecalendar` day by day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random
from statistics import median
from time import perf_counter

import chinese_calendar

from engine.rules import china
from engine.rules.deadline import DayUnit, due_on

QUERIES = 2_000
ROUNDS = 7
#: the one day on which the library differs from the notice
DISPUTED = date(2005, 12, 31)
FIRST, LAST = date(2004, 1, 1), date(2025, 12, 31)
#: working days that items have: promised and by law, extended and in joint handling
DAYS = (1, 3, 5, 7, 10, 20, 30, 45, 60)
Query = tuple[date, int]


def queries() -> list[Query]:
    """Return starts and numbers of days, the same every time."""
    random = Random(2014)
    span = (LAST - FIRST).days - 200
    starts = (FIRST + timedelta(days=random.randrange(span)) for _ in range(QUERIES))
    return [(start, random.choice(DAYS)) for start in starts]


def walked(asked: Sequence[Query]) -> list[date]:
    """Return the due dates by asking of each day whether it is worked."""
    found = []
    for start, days in asked:
        on, left = start, days
        while left:
            on += timedelta(days=1)
            left -= chinese_calendar.is_workday(on) or on == DISPUTED
        found.append(on)
    return found


def computed(asked: Sequence[Query]) -> list[date]:
    """Return the due dates by the rules."""
    calendar = china.calendar()
    return [due_on(calendar, start, days, DayUnit.WORKING) for start, days in asked]


def measure() -> dict[str, float]:
    """Answer the same queries both ways in turn; microseconds a query, and the median ratio."""
    asked = queries()
    if walked(asked) != computed(asked):
        raise RuntimeError("they differ")
    times: list[tuple[float, float]] = []
    for _ in range(ROUNDS):
        begin = perf_counter()
        walked(asked)
        middle = perf_counter()
        computed(asked)
        times.append((middle - begin, perf_counter() - middle))
    return {
        "walked_us": 1e6 * median(slow for slow, _fast in times) / QUERIES,
        "computed_us": 1e6 * median(fast for _slow, fast in times) / QUERIES,
        "ratio": median(slow / fast for slow, fast in times),
    }
