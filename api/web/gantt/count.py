"""A project's days: their numbers, and their positions on the axis that is drawn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from api.web.gantt.chart import Axis
from engine.analysis.progress import DayCount


@dataclass(frozen=True, slots=True)
class Count:
    """The working days of a project that started on `days.start_on`; `as_of_on` is its today.

    `suspended_on` and `given_up` tell of a project that stands still, or came to nothing.
    """

    days: DayCount
    axis: Axis
    today: date
    as_of_on: date
    suspended_on: date | None = None
    given_up: bool = False

    def at(self, on: date) -> int:
        """Return the position of a date's end."""
        return on.toordinal() if self.axis == "dates" else self.days.number(on)

    def number(self, on: date) -> int:
        """Return which working day a date is."""
        return self.days.number(on)

    def later(self, on: date, days: int) -> date:
        """Return the date so many working days later."""
        return self.days.calendar.add(on, days)

    def earlier(self, on: date, days: int) -> date:
        """Return the date so many working days earlier, not before the start."""
        return self.days.on(max(0, self.number(on) - days))
