"""When what is filed counts as received, by the city's cut-off."""

from __future__ import annotations

from datetime import date, datetime

from engine.rules.calendar import BusinessCalendar
from engine.rules.deadline import received_on
from engine.service.work import Work


def receipt_day(work: Work, at: datetime, calendar: BusinessCalendar | None = None) -> date:
    """Return the day something filed at an instant counts as received: always a working day."""
    cut_off = work.rules.receipt.cut_off
    return received_on(calendar or work.calendar, at, work.settings.zone, cut_off)
