"""When a task is due, late, and answered by silence: what its row keeps of its due dates."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from engine.rules.calendar import BusinessCalendar
from engine.rules.deadline import overdue_from
from engine.settings import Settings

#: stands for "no due date" where lists sort by it
NEVER = date(9999, 12, 31)
#: what the row of a task keeps that is due at no date
NO_TIMES: Mapping[str, Any] = {
    "due_on": NEVER,
    "overdue_from": None,
    "lapses_at": None,
    "stopped_on": None,
}


def times(
    calendar: BusinessCalendar,
    settings: Settings,
    due: Mapping[str, date | None],
    *,
    opened_on: date,
    on_lapse: str = "",
    stopped_on: date | None = None,
) -> Mapping[str, Any]:
    """Return what a task's row keeps of both its due dates.

    It is late when the earlier one has ended. Silence has a meaning (`on_lapse`) then too, but
    nobody is silent who had the task for less than a working day: it may have waited for others.
    While its clock stands still, since `stopped_on`, it is due at no date.
    """
    dates = [on for on in due.values() if on is not None]
    if stopped_on is not None or not dates:
        return {**NO_TIMES, "stopped_on": stopped_on}
    due_on = min(dates)
    silent_on = max(due_on, calendar.add(opened_on, 1)) if on_lapse else due_on
    return {
        "due_on": due_on,
        "overdue_from": overdue_from(due_on, settings.zone),
        "lapses_at": overdue_from(silent_on, settings.zone) if on_lapse else None,
        "stopped_on": None,
    }
