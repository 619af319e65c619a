"""The due dates of a case as a pure function of what is recorded of it.

Nothing else is needed to recompute them: the day the clock began, the two periods, the times it
stood still, and the days of an approved extension. So a stored date can be checked against its
case for ever, and moves when the calendar does.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from engine.rules.calendar import BusinessCalendar
from engine.rules.deadline import DayUnit, Deadlines, due_on
from engine.rules.legal_clock import Stop, dates


@dataclass(frozen=True, slots=True)
class Period:
    """A number of days and what they count."""

    days: int
    unit: DayUnit = DayUnit.WORKING

    def with_extension(self, days: int) -> Period:
        """Return it longer by an extension, which is of its own unit."""
        return Period(self.days + days, self.unit)


@dataclass(frozen=True, slots=True)
class ClockFacts:
    """What a case's due dates follow from.

    `start_on` is the day of acceptance, or of receipt where silence accepted: itself not counted.
    `extension_days` lengthen both periods: what the law allows to be extended was approved, and
    the applicant was told the new date, so the promise goes with it (a default of ours).
    """

    start_on: date
    promised: Period | None = None
    statutory: Period | None = None
    stops: tuple[Stop, ...] = ()
    extension_days: int = 0


def deadlines(calendar: BusinessCalendar, facts: ClockFacts) -> Deadlines | None:
    """Both due dates; None where nothing is promised.

    A stop that has not ended moves nothing yet: the dates move when it ends. Raises
    `errors.CalendarRange` where a date lies outside the calendar.
    """
    promised = period_due_on(calendar, facts, facts.promised)
    statutory = period_due_on(calendar, facts, facts.statutory)
    if promised is None:
        return None
    in_force = min(promised, statutory or promised)
    return Deadlines(promised, statutory, calendar.is_provisional(in_force))


def period_due_on(
    calendar: BusinessCalendar, facts: ClockFacts, period: Period | None
) -> date | None:
    """The last day of one of the periods, its extension and the stops taken into account."""
    if period is None:
        return None
    whole = period.with_extension(facts.extension_days)
    still = stopped_days(facts.stops)
    return due_on(calendar, facts.start_on, whole.days, whole.unit, not_counted=still)


def stopped_days(stops: Iterable[Stop]) -> frozenset[date]:
    """Every date on which a clock stood still in stops that have ended, each once.

    The day a stop begins still counts, the day the clock goes on does not (proposed: no law says).
    """
    return frozenset(
        day
        for stop in stops
        if stop.until_on is not None
        for day in dates(stop.from_on, stop.until_on)
        if stop.holds(day)
    )


def lost_days(
    calendar: BusinessCalendar, stop: Stop, others: Iterable[Stop], since_on: date
) -> int:
    """The working days a stop took from what began on a day, not those other stops took."""
    mine = stopped_days([stop]) - stopped_days(others)
    return sum(day > since_on and calendar.is_working_day(day) for day in mine)
