"""Questions about working days with plain answers, for the command line and the API."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

if TYPE_CHECKING:
    from datetime import date

    from engine.rules.calendar import BusinessCalendar, CountedDay


class ExplainedDay(TypedDict):
    """A line of `explain`: an ISO date, whether it counts, and why in words."""

    date: str
    counted: bool
    reason: str


def add(calendar: BusinessCalendar, on: date, days: int) -> dict[str, str]:
    """`{"date"}`: the last day of a period of `days` working days that starts on `on`."""
    return {"date": calendar.add(on, days).isoformat()}


def between(calendar: BusinessCalendar, start_on: date, end_on: date) -> dict[str, int]:
    """`{"working_days"}` after `start_on` up to and including `end_on`."""
    return {"working_days": calendar.between(start_on, end_on)}


def explain(calendar: BusinessCalendar, on: date, days: int) -> dict[str, list[ExplainedDay]]:
    """`{"days": [{"date", "counted", "reason"}]}` from `on` to the last day of the period."""
    return {"days": [_explained(line) for line in calendar.explain(on, days)]}


def _explained(line: CountedDay) -> ExplainedDay:
    return ExplainedDay(date=line.day.on.isoformat(), counted=line.counted, reason=reason_of(line))


def reason_of(line: CountedDay) -> str:
    """The reason in words, e.g. `holiday: National Day 国庆节` or `day of receipt, not counted`."""
    if line.start:
        return "day of receipt, not counted"
    day = line.day
    words = day.reason_name.en
    if day.name:
        words = f"{words}: {day.name.en} {day.name.zh}"
    return f"{words} (provisional)" if day.provisional else words
