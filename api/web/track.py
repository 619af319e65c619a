"""A project's days on one line: used, still to come, and the target, as lengths to draw."""

from __future__ import annotations

from dataclasses import dataclass

#: units of the drawing's width
WIDTH = 200.0
#: what is longest ends a little before the edge
ROOM = 1.12
#: a number needs so many units to stand inside its bar
NUMBER = 22.0


@dataclass(frozen=True, slots=True)
class Track:
    """Lengths out of WIDTH; `late` tells that the forecast ends behind the target."""

    day: int
    used: float
    ahead: float
    target: float
    late: bool

    @property
    def number_inside(self) -> bool:
        """Tell whether the day count has room within the used part."""
        return self.used >= NUMBER


def track(day: int, forecast_days: int, target_days: int) -> Track:
    """Return the line of a project on working day `day`, with both totals in counted days."""
    longest = max(day, forecast_days, target_days, 1) * ROOM
    used, forecast, target = (
        round(WIDTH * days / longest, 1) for days in (day, max(forecast_days, day), target_days)
    )
    return Track(
        day, used, round(forecast - used, 1), target, max(forecast_days, day) > target_days
    )
