"""The city's dated calendar as the hours of work of a log: holidays and make-up days are known."""

from __future__ import annotations

from engine.analysis.discovery.calibrate import Calibration, Office
from engine.analysis.simulation.calendars import BUSINESS, Hours, calendar_of
from engine.errors import Invalid
from engine.rules.calendar import BusinessCalendar

MONDAY_TO_FRIDAY = (0, 1, 2, 3, 4)


def dated(found: Calibration, calendar: BusinessCalendar) -> Office | None:
    """Return the hours that were found in a log, on the city's own days.

    None where they are no office's: around the clock, without hours, on other days than Monday to
    Friday; and where the log begins before the calendar does.
    """
    week = found.weeks["office"]
    if week.always or week.dates_only or week.days != MONDAY_TO_FRIDAY:
        return None
    hours, origin = week.written()["hours"], found.clock.origin
    try:
        known = calendar_of(Hours(tuple(hours)), origin, calendar)
    except Invalid:
        return None
    return Office({"hours": hours, "days": BUSINESS}, known, origin)
