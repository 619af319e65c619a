"""How far the activities of a running project are, and the day count they are placed on."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol

from engine.errors import Invalid


class WorkingDays(Protocol):
    """What is asked of a calendar; `engine.rules.calendar.BusinessCalendar` gives it."""

    def add(self, on: date, days: int, /) -> date:
        """The `days`-th working day after `on`; 0 is `on` itself."""
        ...

    def between(self, start_on: date, end_on: date, /) -> int:
        """Working days after `start_on` up to and including `end_on`, which is no earlier."""
        ...

    def next_working_day(self, on: date, /) -> date:
        """The first working day from `on` on."""
        ...


class State(StrEnum):
    """Where an activity stands."""

    #: nobody works on it, whether its gates are open or not
    NOT_STARTED = "not_started"
    #: its clock has started
    OPEN = "open"
    #: decided with a positive outcome, or recorded by default: its successors' gates are open
    FINISHED = "finished"


@dataclass(frozen=True, slots=True)
class Progress:
    """What is known of one activity on the day of the forecast.

    Refused, returned and withdrawn items are NOT_STARTED: they are to be applied for again.
    Raises Invalid if the dates do not fit the state: an open activity has a start and no
    end, a finished one an end that is no earlier than its start, any other neither.
    """

    state: State = State.NOT_STARTED
    #: day of receipt or acceptance; not counted itself. Unknown for a finished one: decided at once
    started_on: date | None = None
    finished_on: date | None = None
    #: the day the open clock now runs out, with extensions and past suspensions in it
    due_on: date | None = None
    #: working days left of the open clock; wins over `due_on`, and is needed while suspended
    remaining_days: int | None = None
    #: working days the clock has run, suspensions left out; else counted from the dates
    used_days: int | None = None
    #: the day the review was done and only the decision gate held the item. None while it is
    #: open is a review still going on; once finished, one that took the days promised
    reviewed_on: date | None = None

    def __post_init__(self) -> None:
        if (self.finished_on is not None) != (self.state is State.FINISHED):
            raise Invalid("Finished activities, and only they, have an end.", field="finished_on")
        if self.state is State.OPEN and self.started_on is None:
            raise Invalid("An open activity has a start.", field="started_on")
        if self.state is State.NOT_STARTED and self.started_on is not None:
            raise Invalid("An activity that has a start is open.", field="started_on")
        if self.started_on and self.finished_on and self.finished_on < self.started_on:
            raise Invalid("An activity cannot end before it starts.", field="finished_on")


@dataclass(frozen=True, slots=True)
class DayCount:
    """A project's working days, numbered: 0 is its start, 1 the next working day.

    A day of rest has the number of the working day before it.
    """

    calendar: WorkingDays
    start_on: date

    def number(self, on: date) -> int:
        """The number of a date; negative before the start."""
        if on < self.start_on:
            return -self.calendar.between(on, self.start_on)
        return self.calendar.between(self.start_on, on)

    def on(self, number: int) -> date:
        """The date of a number from 0 on."""
        return self.calendar.add(self.start_on, number)

    def first_working(self, on: date) -> int:
        """The number of the first day from `on` on at which a decision can fall."""
        # what is decided on the day of the start needs no later day, be it one of rest
        return self.number(self.calendar.next_working_day(on) if on > self.start_on else on)


def months_after(on: date, months: int) -> date:
    """The same day `months` months later; the month's last day where it has no such day."""
    years, month = divmod(on.month - 1 + months, 12)
    year = on.year + years
    return date(year, month + 1, min(on.day, monthrange(year, month + 1)[1]))
