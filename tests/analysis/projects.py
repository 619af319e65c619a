"""Running projects to forecast: progress at a numbered working day, and whole runs."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from engine.analysis.forecast import Forecast, forecast
from engine.analysis.network import ActivityNetwork
from engine.analysis.progress import Progress, State
from engine.rules import china
from engine.rules.procedure import START

if TYPE_CHECKING:
    from engine.analysis.walk import Span

CALENDAR = china.calendar()
#: a Monday; the Qingming, May and Dragon Boat holidays lie in the run
MONDAY = date(2014, 3, 3)
SATURDAY = date(2014, 3, 1)


def day(number: int, start_on: date = MONDAY) -> date:
    return CALENDAR.add(start_on, number)


def opened(number: int, **known: int | date | None) -> Progress:
    return Progress(State.OPEN, started_on=day(number), **known)  # type: ignore[arg-type]


def finished(start: int, end: int) -> Progress:
    return Progress(State.FINISHED, started_on=day(start), finished_on=day(end))


def look(net: ActivityNetwork, today: int, **known: Progress) -> Forecast:
    """The forecast at the end of a numbered working day."""
    return at_date(net, day(today), known)


def at_date(
    net: ActivityNetwork,
    today: date,
    known: dict[str, Progress],
    *,
    months: int | None = None,
    start_on: date = MONDAY,
) -> Forecast:
    return forecast(
        net, known, calendar=CALENDAR, start_on=start_on, today=today, window_months=months
    )


def snapshot(spans: dict[str, Span], days: dict[str, int], today: int) -> dict[str, Progress]:
    """What is known at the end of a day of a run in which work took these days."""
    return {
        name: _known(span, span.start + days[name], today)
        for name, span in spans.items()
        if span.start <= today and name != START
    }


def _known(span: Span, work_done: int, today: int) -> Progress:
    reviewed_on = day(work_done) if work_done <= today else None
    if span.finish <= today:
        return replace(finished(span.start, span.finish), reviewed_on=reviewed_on)
    return opened(span.start, reviewed_on=reviewed_on)


def without_reviews(known: dict[str, Progress]) -> dict[str, Progress]:
    """The same where nobody wrote down when a finished review was done."""
    return {
        name: replace(one, reviewed_on=None if one.finished_on else one.reviewed_on)
        for name, one in known.items()
    }


def days_in(net: ActivityNetwork) -> dict[str, int]:
    return {activity.id: activity.days for activity in net}


def replaced(net: ActivityNetwork, days: dict[str, int]) -> ActivityNetwork:
    return ActivityNetwork(replace(a, days=days[a.id]) for a in net)
