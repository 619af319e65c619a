"""Deadlines: from the day a clock starts to the day it ends.

Every item has two (优化营商环境条例 art. 36): the **promised** one, published by the city, and the
**statutory** one, from the law. Lights and defaults follow the promise, legality the statute.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from typing import TYPE_CHECKING

from engine import errors

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from engine.rules.calendar import BusinessCalendar

#: Filings that arrive later in the day count as received on the next working day (a default).
CUT_OFF = time(17, 0)


class DayUnit(StrEnum):
    """What a number of days counts."""

    #: working days (行政许可法 art. 82)
    WORKING = "working"
    #: every day, where another law says "days" (环境影响评价法 art. 22, 建筑法 art. 8)
    CALENDAR = "calendar"


@dataclass(frozen=True, slots=True)
class StepDeadline:
    """The time that one step of an item has of its own, counted from what `starts_with` names.

    It is `statutory` where a law gives it. What a city promises of a step is no law: late then is
    past the promise, never past the statute.
    """

    step: str
    days: int
    unit: DayUnit
    starts_with: str
    source: str
    #: the outcome that counts as given once the time has run out; '' where none does
    on_lapse: str = ""
    statutory: bool = True

    @property
    def kind(self) -> str:
        """Which of a task's two due dates it is."""
        return "statutory" if self.statutory else "promised"

    def dates(self, due_on: date) -> dict[str, date | None]:
        """Return both due dates of a task that has this time; the other is none."""
        both: dict[str, date | None] = {"promised_due_on": None, "statutory_due_on": None}
        return both | {f"{self.kind}_due_on": due_on}


#: By the id of the step in the item process.
STEP_DEADLINES: Mapping[str, StepDeadline] = {
    step.step: step
    for step in (
        # no notice in time: accepted, from the day of receipt (art. 32, first paragraph, item 4)
        StepDeadline("receive", 5, DayUnit.WORKING, "receipt", "行政许可法 art. 32", "accept"),
        # passed by its silence, the department issues the paper at once (泰政办发〔2022〕58号)
        StepDeadline(
            "issue", 1, DayUnit.WORKING, "default", "泰政办发〔2022〕58号", statutory=False
        ),
        StepDeadline("deliver", 10, DayUnit.WORKING, "decision", "行政许可法 art. 44"),
    )
}


@dataclass(frozen=True, slots=True)
class Deadlines:
    """Both due dates of an item; `provisional` when the one in force has no notice yet."""

    promised_due_on: date
    statutory_due_on: date | None
    provisional: bool = False

    @property
    def effective_due_on(self) -> date:
        """The earlier of the two: units may differ, so a promise can end after the statute."""
        return min(self.promised_due_on, self.statutory_due_on or self.promised_due_on)


def due_on(
    calendar: BusinessCalendar,
    start_on: date,
    days: int,
    unit: DayUnit,
    *,
    roll: bool = True,
    not_counted: Collection[date] = (),
) -> date:
    """The last day of a period of `days` that starts on `start_on`, itself not counted.

    Calendar days that end on a rest day roll to the next working day (民法典 art. 203) unless
    `roll` is off. `not_counted` are the days on which the clock stood still, of any kind:
    working and rest days alike may be listed, each is passed over once. 0 days is `start_on`.
    Raises `errors.Invalid` for a negative number, `errors.CalendarRange` outside the calendar.
    """
    stopped = frozenset(not_counted)
    if unit is DayUnit.WORKING:
        return _working_due_on(calendar, start_on, days, stopped)
    due = _calendar_due_on(calendar, start_on, days, stopped)
    return _rolled(calendar, due, stopped) if roll and days else due


def received_on(
    calendar: BusinessCalendar, at: datetime, timezone: tzinfo, cut_off: time = CUT_OFF
) -> date:
    """The day a filing counts as received: always a working day.

    The local day, if it is worked and the cut-off has not passed (at the cut-off itself is
    still in time); else the next working day. Raises `errors.Invalid` for a naive instant.
    """
    local = local_time(at, timezone)
    if calendar.is_working_day(local.date()) and local.time() <= cut_off:
        return local.date()
    return calendar.add(local.date(), 1)


def item_deadlines(
    calendar: BusinessCalendar,
    accepted_on: date,
    promised_days: int,
    promised_unit: DayUnit = DayUnit.WORKING,
    statutory_days: int | None = None,
    statutory_unit: DayUnit = DayUnit.WORKING,
    *,
    not_counted: Collection[date] = (),
) -> Deadlines:
    """The due dates of an item accepted on `accepted_on`; an extension is more days.

    `statutory_days` None: no law sets a limit. See `due_on` for `not_counted` and errors.
    """
    promised = due_on(calendar, accepted_on, promised_days, promised_unit, not_counted=not_counted)
    statutory = None
    if statutory_days is not None:
        statutory = due_on(
            calendar, accepted_on, statutory_days, statutory_unit, not_counted=not_counted
        )
    in_force = min(promised, statutory or promised)
    return Deadlines(promised, statutory, calendar.is_provisional(in_force))


def step_due_on(calendar: BusinessCalendar, step: str, started_on: date) -> date:
    """The due date of a step that has a time of its own. Raises `errors.Invalid` for another."""
    if step not in STEP_DEADLINES:
        raise errors.Invalid(f"The step {step} has no deadline of its own.", step=step)
    rule = STEP_DEADLINES[step]
    return due_on(calendar, started_on, rule.days, rule.unit)


def check_promise(
    promised_days: int,
    statutory_days: int | None,
    unit: DayUnit = DayUnit.WORKING,
    promised_unit: DayUnit = DayUnit.WORKING,
) -> None:
    """Raise `errors.Invalid` if a promise is longer than the statute allows.

    `unit` is the statute's. Different units cannot be compared without a date: each case is
    then due on the earlier of the two.
    """
    if promised_days < 0 or (statutory_days is not None and statutory_days < 0):
        raise errors.Invalid("Days cannot be negative.", field="promised_days")
    if statutory_days is None or unit is not promised_unit:
        return
    if promised_days > statutory_days:
        raise errors.Invalid(
            f"{promised_days} days promised, but the law allows {statutory_days}.",
            field="promised_days",
        )


def planned_days(days: int, unit: DayUnit) -> int:
    """Working days that a period takes in a plan on paper, which has no dates.

    Five of seven calendar days are worked, holidays left out: 30 calendar days are 21 (rounded).
    """
    return days if unit is DayUnit.WORKING else round(days * 5 / 7)


def overdue_from(due_on: date, timezone: tzinfo) -> datetime:
    """The instant (UTC) at which the due day has ended: a decision at any moment of it is in time.

    Local midnight rather than the close of business of 民法典 art. 203, as offices also decide
    in the evening.
    """
    midnight = datetime.combine(due_on + timedelta(days=1), time(), timezone)
    return midnight.astimezone(UTC)


def days_left(calendar: BusinessCalendar, due_on: date, today: date) -> int:
    """Working days after `today` up to the due day; 0 on the day itself; negative when late.

    Late is negative from the first day after, a rest day included: that already counts
    as the working day it leads to.
    """
    if today <= due_on:
        return calendar.between(today, due_on)
    return -calendar.between(due_on, calendar.next_working_day(today))


def local_time(at: datetime, timezone: tzinfo) -> datetime:
    """The instant on the wall clock of the city. Raises `errors.Invalid` for a naive one."""
    if at.tzinfo is None:
        raise errors.Invalid("An instant needs an offset.", at=at.isoformat())
    return at.astimezone(timezone)


def _working_due_on(
    calendar: BusinessCalendar, start_on: date, days: int, stopped: frozenset[date]
) -> date:
    lost = [day for day in stopped if day > start_on and calendar.is_working_day(day)]
    return _lengthened(calendar.add, start_on, days, lost)


def _calendar_due_on(
    calendar: BusinessCalendar, start_on: date, days: int, stopped: frozenset[date]
) -> date:
    lost = [day for day in stopped if day > start_on]
    return _lengthened(calendar.add_calendar_days, start_on, days, lost)


def _lengthened(
    add: Callable[[date, int], date], start_on: date, days: int, lost: Collection[date]
) -> date:
    due = add(start_on, days)
    # Each lengthening can reach further lost days; it ends at the first date that fits.
    while (longer := add(start_on, days + sum(day <= due for day in lost))) != due:
        due = longer
    return due


def _rolled(calendar: BusinessCalendar, on: date, stopped: frozenset[date]) -> date:
    due = calendar.next_working_day(on)
    while due in stopped:
        due = calendar.add(due, 1)
    return due
