"""The legal clock of an item laid out day by day: each day numbered, or named why it is not.

Day 1 is the next working day after the clock's start; make-up days count; a stop (特别程序) takes
out whole days: the day it begins still counts, the day the clock goes on does not.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise

from engine.rules.calendar import BusinessCalendar, Day, Name, Reason
from engine.rules.deadline import DayUnit

WEEK = 7


class Mark(StrEnum):
    """What a day is to a clock."""

    #: before its start
    BEFORE = "before"
    #: the day of receipt or acceptance: not counted
    START = "start"
    #: counted
    COUNTED = "counted"
    #: nobody works
    REST = "rest"
    #: worked, but the clock stands still
    STOPPED = "stopped"
    #: the day the clock goes on: not counted
    RESUMED = "resumed"
    #: after its end
    AFTER = "after"


@dataclass(frozen=True, slots=True)
class Stop:
    """A time the clock stood still: after the first day up to and including the last.

    Without a last day it stands still yet. `reason` is one of `suspension.StopReason`, `note` what
    was said besides.
    """

    from_on: date
    until_on: date | None = None
    reason: str = ""
    note: str = ""

    def holds(self, on: date) -> bool:
        """Tell whether the clock stands still on a date."""
        return self.from_on < on and (self.until_on is None or on <= self.until_on)


@dataclass(frozen=True, slots=True)
class ClockDay:
    """One day; `number` is which counted day it is, 0 where it is not counted."""

    day: Day
    mark: Mark
    number: int = 0
    stop: Stop | None = None

    @property
    def on(self) -> date:
        return self.day.on


@dataclass(frozen=True, slots=True)
class Span:
    """Days in a row that count, or do not for one reason.

    `counted` is how many count; `days` all from the first to the last. `holiday` is the name of
    the days off, `make_up` are the weekend days among them that are worked.
    """

    mark: Mark
    first_on: date
    last_on: date
    counted: int = 0
    holiday: Name | None = None
    make_up: tuple[date, ...] = ()
    stop: Stop | None = None

    @property
    def days(self) -> int:
        return (self.last_on - self.first_on).days + 1


@dataclass(frozen=True, slots=True)
class Term:
    """One of the due dates of a clock: how many days it gives, of which unit, by which rule."""

    due_on: date
    days: int | None
    unit: DayUnit = DayUnit.WORKING
    source: str = ""


@dataclass(frozen=True, slots=True)
class LegalClock:
    """A clock that starts on a day and ends on another, or goes on."""

    calendar: BusinessCalendar
    start_on: date
    end_on: date | None = None
    stops: tuple[Stop, ...] = field(default=())
    promised: Term | None = None
    statutory: Term | None = None

    def used(self, on: date, unit: DayUnit = DayUnit.WORKING) -> int:
        """Return how many days have been counted up to and including a date, or the end."""
        last = max(min(on, self.end_on or on), self.start_on)
        days = dates(self.start_on + timedelta(days=1), last)
        if unit is DayUnit.WORKING:
            days = (day for day in days if self.calendar.is_working_day(day))
        return sum(self.stop_on(day) is None for day in days)

    def as_of(self, today: date) -> date:
        """Return the day a clock tells of: its end, or where it stands still, if before."""
        standing = (stop.from_on for stop in self.stops if stop.until_on is None)
        return min(today, self.end_on or today, *standing)

    def stop_on(self, on: date) -> Stop | None:
        """Return the stop in which a date lies."""
        return next((stop for stop in self.stops if stop.holds(on)), None)

    def days(self, first_on: date, last_on: date) -> tuple[ClockDay, ...]:
        """Return every day from the first to the last, both included."""
        number = self.used(first_on - timedelta(days=1)) if first_on > self.start_on else 0
        lines = []
        for day in self.calendar.days(first_on, last_on):
            mark = self.mark(day)
            number += mark is Mark.COUNTED
            counted = number if mark is Mark.COUNTED else 0
            lines.append(ClockDay(day, mark, counted, self.stop_on(day.on)))
        return tuple(lines)

    def mark(self, day: Day) -> Mark:
        """Return what a day is to the clock."""
        if day.on <= self.start_on:
            return Mark.START if day.on == self.start_on else Mark.BEFORE
        if self.end_on is not None and day.on > self.end_on:
            return Mark.AFTER
        if not day.working:
            return Mark.REST
        stop = self.stop_on(day.on)
        if stop is None:
            return Mark.COUNTED
        return Mark.RESUMED if day.on == stop.until_on else Mark.STOPPED

    def weeks(self, until: date) -> tuple[tuple[ClockDay, ...], ...]:
        """Return the weeks from that of the start to that of a date, Monday first."""
        first = self.start_on - timedelta(days=self.start_on.weekday())
        last = until + timedelta(days=WEEK - 1 - until.weekday())
        days = self.days(max(first, self.calendar.first_on), min(last, self.calendar.last_on))
        return tuple(days[place : place + WEEK] for place in range(0, len(days), WEEK))

    def spans(self, until: date) -> tuple[Span, ...]:
        """Return the days from the start to a date, or the end, as ranges with their reasons.

        A weekend breaks no range, nor begins or ends one.
        """
        last = max(min(until, self.end_on or until), self.start_on)
        days = [day for day in self.days(self.start_on, last) if not is_weekend(day)]
        return tuple(span(group) for group in grouped(days))


def dates(first_on: date, last_on: date) -> Iterator[date]:
    """Yield the dates from the first to the last."""
    for ordinal in range(first_on.toordinal(), last_on.toordinal() + 1):
        yield date.fromordinal(ordinal)


def is_weekend(day: ClockDay) -> bool:
    """Tell whether nothing but the week makes it a day of rest."""
    return day.mark is Mark.REST and day.day.reason is Reason.WEEKEND


def grouped(days: Sequence[ClockDay]) -> Iterator[list[ClockDay]]:
    """Yield runs of days that are one range."""
    run = list(days[:1])
    for before, day in pairwise(days):
        if kind(before) != kind(day):
            yield run
            run = []
        run.append(day)
    yield run


def kind(day: ClockDay) -> tuple[Mark, object]:
    """Return what days of one range have in common."""
    if day.mark in {Mark.STOPPED, Mark.RESUMED}:
        return Mark.STOPPED, day.stop
    return day.mark, day.day.name if day.mark is Mark.REST else None


def span(days: Sequence[ClockDay]) -> Span:
    """Return a run of days as a range."""
    first, last = days[0], days[-1]
    mark, _common = kind(first)
    return Span(
        mark=mark,
        first_on=first.on,
        last_on=last.on,
        counted=sum(day.mark is Mark.COUNTED for day in days),
        holiday=first.day.name if mark is Mark.REST else None,
        make_up=tuple(day.on for day in days if day.mark is Mark.COUNTED and day.day.make_up),
        stop=first.stop if mark is Mark.STOPPED else None,
    )
