"""Questions about working days with plain answers, for the command line and the API."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, TypedDict

from engine.rules import china
from engine.rules.case_clock import Period
from engine.rules.deadline import DayUnit
from engine.rules.explanation import COUNTED, MARKS, Line, Mark, count
from engine.rules.legal_clock import Stop

if TYPE_CHECKING:
    from datetime import date

    from engine.rules.calendar import BusinessCalendar

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

#: days of which the calendar says whether they count
BY_NOTICE = frozenset({*COUNTED, Mark.REST, Mark.ROLLED})


class ExplainedDay(TypedDict):
    """A line of `explain`: an ISO date, whether it counts, and why in words.

    `number` is which counted day it is, 0 where it is not counted; `source` the law and its
    article that says so.
    """

    date: str
    weekday: str
    counted: bool
    number: int
    reason: str
    source: str


class Explained(TypedDict):
    """What `explain` answers."""

    days: list[ExplainedDay]


def add(calendar: BusinessCalendar, on: date, days: int) -> dict[str, str]:
    """`{"date"}`: the last day of a period of `days` working days that starts on `on`."""
    return {"date": calendar.add(on, days).isoformat()}


def between(calendar: BusinessCalendar, start_on: date, end_on: date) -> dict[str, int]:
    """`{"working_days"}` after `start_on` up to and including `end_on`."""
    return {"working_days": calendar.between(start_on, end_on)}


def explain(
    calendar: BusinessCalendar,
    on: date,
    days: int,
    unit: DayUnit = DayUnit.WORKING,
    stops: Sequence[Stop] = (),
    extension_days: int = 0,
) -> Explained:
    """Every day from `on` to the last day of the period: `{"days": [{"date", "counted", …}]}`."""
    lines = count(calendar, on, Period(days, unit), stops, extension_days)
    return {"days": [_explained(line) for line in lines]}


def _explained(line: Line) -> ExplainedDay:
    return ExplainedDay(
        date=line.on.isoformat(),
        weekday=WEEKDAYS[line.on.weekday()],
        counted=line.counted,
        number=line.number,
        reason=reason_of(line),
        source=source_of(line),
    )


def reason_of(line: Line, start: str = "day of receipt") -> str:
    """The reason in words, e.g. `holiday: National Day 国庆节` or `day of receipt, not counted`."""
    said = MARKS[line.mark].en
    if line.mark is Mark.START:
        return f"{start}, not counted"
    plain = line.mark is Mark.REST or (line.mark is Mark.COUNTED and line.day.working)
    return day_words(line) if plain else f"{said} ({day_words(line)})"


def day_words(line: Line) -> str:
    """What the calendar says of a day."""
    day = line.day
    words = day.reason_name.en
    if day.name:
        words = f"{words}: {day.name.en} {day.name.zh}"
    return f"{words} (provisional)" if day.provisional else words


def source_of(line: Line) -> str:
    """The law that says why a day counts or does not; for a holiday or a closure the notice."""
    special = line.day.source if line.mark in BY_NOTICE else None
    if special is None:
        return MARKS[line.mark].source
    notice = china.notices().get(special)
    return notice.title if notice else special
