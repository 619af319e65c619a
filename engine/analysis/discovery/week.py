"""A week of work as it was found in a log, and as it is written in assumptions."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from engine.analysis.simulation.model import Calendar

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WEEK = 7
HOURS = 24.0
WHOLE_DAY = ((0.0, HOURS),)

Spans = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Week:
    """On which days, 0 for Monday, and in which hours of them people work.

    `closed` and `opened` are dates on which it was otherwise. `counts` are events by weekday and
    hour, `shares` the shares of weeks in which there was one. `support` is the share of events
    that lie in the hours found. `dates_only`: times say no hour, so a day has 24 of them.
    """

    days: tuple[int, ...] = tuple(range(WEEK))
    spans: Spans = WHOLE_DAY
    closed: tuple[date, ...] = ()
    opened: tuple[date, ...] = ()
    counts: tuple[tuple[int, ...], ...] = ()
    shares: tuple[tuple[float, ...], ...] = ()
    events: int = 0
    support: float = 1.0
    dates_only: bool = False
    notes: tuple[str, ...] = field(default=())

    @property
    def always(self) -> bool:
        """Whether work goes on around the clock."""
        return len(self.days) == WEEK and self.spans == WHOLE_DAY

    @property
    def day_hours(self) -> float:
        """Hours of a day of work."""
        return sum(stop - start for start, stop in self.spans)

    def written(self) -> dict[str, Any]:
        """Return it as it stands in assumptions; dated exceptions have no place there."""
        if self.always:
            return {"always": True}
        hours = [f"{clock(start)}-{clock(stop)}" for start, stop in self.spans]
        return {"hours": hours, "days": [DAYS[each] for each in self.days]}

    def calendar(self, origin: date, days: int) -> Calendar:
        """Return it for so many days from a Monday on, with the dates that were otherwise."""
        dates = (origin + timedelta(days=each) for each in range(days))
        worked = [each for each, on in enumerate(dates) if self.works(on)]
        spans = tuple(
            (HOURS * each + start, HOURS * each + stop)
            for each in worked
            for start, stop in self.spans
        )
        period = HOURS * max(days, 1)
        return Calendar(spans or ((0.0, period),), period, self.day_hours)

    def works(self, on: date) -> bool:
        """Tell whether a date is worked."""
        return (on.weekday() in self.days and on not in self.closed) or on in self.opened

    def data(self) -> dict[str, Any]:
        """Return it as JSON: the matrix by weekday and hour, and what was taken of it."""
        return {
            "written": self.written(),
            "days": [DAYS[each] for each in self.days],
            "spans": [list(each) for each in self.spans],
            "day_hours": self.day_hours,
            "always": self.always,
            "dates_only": self.dates_only,
            "events": self.events,
            "support": round(self.support, 4),
            "counts": [list(row) for row in self.counts],
            "shares": [list(row) for row in self.shares],
            "closed": [each.isoformat() for each in self.closed],
            "opened": [each.isoformat() for each in self.opened],
            "notes": list(self.notes),
        }


def clock(hour: float) -> str:
    """Return an hour of the day as it is written."""
    return f"{int(hour):02}:{round(hour % 1 * 60):02}"
