"""Lights: how urgent a task or a project is, by the working days it has left.

The colours differ by city, so the limits are data; the default is a proposal
(green, yellow when about to expire, orange overdue, red long overdue or against the law).
A light follows the promise; the statutory date only turns it red.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from engine.rules.calendar import BusinessCalendar
from engine.rules.deadline import days_left


class Light(StrEnum):
    """The colour of a task or a project."""

    GREEN = "green"
    #: about to expire
    YELLOW = "yellow"
    #: overdue
    ORANGE = "orange"
    #: long overdue, or past the date that the law sets
    RED = "red"
    #: its clock stands still
    PAUSED = "paused"
    #: nothing is due
    NONE = "none"
    #: a project that has not been started
    WAITING = "waiting"
    #: a project that is completed
    DONE = "done"
    #: a project that was closed or cancelled
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Limits:
    """From which working day on which colour is shown."""

    #: yellow with so many days left, or fewer
    yellow_days: int = 2
    #: an item promised in so many days, or fewer, ...
    short_days: int = 5
    #: ... turns yellow later: with so many days left
    short_yellow_days: int = 1
    #: orange as long as it is overdue by so many days, then red
    orange_days: int = 3
    #: a project with less slack than this is yellow
    project_green_slack: int = 3


DEFAULT = Limits()
ONE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Bounds:
    """The limits of one day as dates: what is due before them has the colour."""

    yellow_before: date
    short_yellow_before: date
    orange_before: date
    red_before: date


#: of projects that do not run
OF_STATES = {
    "draft": Light.WAITING,
    "suspended": Light.PAUSED,
    "completed": Light.DONE,
    "closed": Light.GONE,
    "cancelled": Light.GONE,
}


def bounds(calendar: BusinessCalendar, today: date, limits: Limits = DEFAULT) -> Bounds:
    """Return the limits of a day as dates, in which databases compare."""
    return Bounds(
        yellow_before=calendar.add(today, limits.yellow_days + 1),
        short_yellow_before=calendar.add(today, limits.short_yellow_days + 1),
        orange_before=today,
        red_before=counted_back(calendar, today, limits.orange_days),
    )


def counted_back(calendar: BusinessCalendar, today: date, days: int) -> date:
    """Return the first date that is overdue by no more than so many working days."""
    on = today
    while on > calendar.first_on and -days_left(calendar, on - ONE, today) <= days:
        on -= ONE
    return on


def started_before(calendar: BusinessCalendar, due_before: date, days: int) -> date:
    """Return the date before which what began has been due before another, after so many days."""
    on = due_before
    while on > calendar.first_on and calendar.add(on - ONE, days) >= due_before:
        on -= ONE
    return on


def task_light(
    calendar: BusinessCalendar,
    today: date,
    due_on: date | None,
    statutory_due_on: date | None = None,
    *,
    days: int | None = None,
    paused: bool = False,
    limits: Limits = DEFAULT,
) -> Light:
    """Return the light of a task that is due on a date, None for never.

    `days` are the working days it has in all, by which short ones turn yellow later.
    """
    if due_on is None:
        return Light.PAUSED if paused else Light.NONE
    left = days_left(calendar, due_on, today)
    unlawful = statutory_due_on is not None and statutory_due_on < today
    if paused:
        return Light.PAUSED
    if left < -limits.orange_days or unlawful:
        return Light.RED
    if left < 0:
        return Light.ORANGE
    short = days is not None and days <= limits.short_days
    warned = limits.short_yellow_days if short else limits.yellow_days
    return Light.YELLOW if left <= warned else Light.GREEN


def project_light(
    slack_days: int | None,
    window_slack_days: int | None,
    state: str,
    *,
    opened: bool = False,
    limits: Limits = DEFAULT,
) -> Light:
    """Return the light of a project by its slack to both targets; negative slack is late.

    Once construction has started no slack can be lost any more: what was kept is green.
    """
    if state in OF_STATES:
        return OF_STATES[state]
    if slack_days is None:
        return Light.NONE
    if slack_days < -limits.orange_days or (window_slack_days or 0) < 0:
        return Light.RED
    if slack_days < 0:
        return Light.ORANGE
    return Light.GREEN if opened or slack_days >= limits.project_green_slack else Light.YELLOW
