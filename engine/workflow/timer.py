"""Timer events without a clock.

SpiffWorkflow's timers read the system clock. Here a timer waits until it is told that it
fired; `due_at` says when that is, from the ISO 8601 literal and the instant it began to
wait. A timer's due instant becomes a row, and the sweep fires it by our clock.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import MAXYEAR, MINYEAR, datetime, timedelta
from typing import Any

from SpiffWorkflow.bpmn.specs.event_definitions.timer import (
    CycleTimerEventDefinition,
    DurationTimerEventDefinition,
    TimeDateEventDefinition,
)

from engine.workflow.expressions import ExpressionError, evaluate

LITERAL = re.compile(r"^\s*(P|R\d*/|\d{4}-\d\d-\d\d)", re.IGNORECASE)
CYCLE = re.compile(r"R(\d{0,6})/(?:(\d[^/]*)/)?([^/]+)", re.IGNORECASE)
AMOUNT = r"(?:(\d{1,6}(?:[.,]\d{1,6})?)%s)?"
DURATION = re.compile(
    r"P(?=[\dT])(?:(\d{1,6})Y)?(?:(\d{1,6})M)?"
    + "".join(AMOUNT % unit for unit in "WD")
    + r"(?:T(?=\d)"
    + "".join(AMOUNT % unit for unit in "HMS")
    + ")?",
    re.IGNORECASE,
)
UNITS = ("weeks", "days", "hours", "minutes", "seconds")


class Told:
    """Mixin of a timer that fires when it is told so, not by itself."""

    def has_fired(self, my_task: Any) -> bool:
        return bool(my_task._get_internal_data("event_fired", False))


class TimeDate(Told, TimeDateEventDefinition):  # type: ignore[misc]
    """A date or instant."""


class Duration(Told, DurationTimerEventDefinition):  # type: ignore[misc]
    """A time span from when the event began to wait."""


class Cycle(Told, CycleTimerEventDefinition):  # type: ignore[misc]
    """A repetition. The sweep fires each round; the number of rounds is kept with the task."""

    def cycle_complete(self, my_task: Any) -> bool:
        return bool(my_task.internal_data.pop("round_due", False))


def literal(definition: Any, data: dict[str, Any]) -> str:
    """Return the ISO 8601 text of a timer, whether written bare, quoted or as an expression."""
    text = str(definition.expression or "").strip()
    return text if LITERAL.match(text) else str(evaluate(text, data)).strip()


def due_at(definition: Any, data: dict[str, Any], since: datetime, count: int = 0) -> datetime:
    """Return the instant a timer falls due that began to wait at `since` (aware).

    `count` is how many rounds of a repetition have fired. A date without offset is meant in
    the time zone of `since`. Raises ExpressionError where the text is no ISO 8601 date,
    duration or repetition, or not the one the event asks for.
    """
    text = literal(definition, data)
    if is_cycle(text) != isinstance(definition, Cycle):
        raise ExpressionError(f"{text!r}: a repetition goes with timeCycle, and only there")
    return instant(text, since, count)


def instant(text: str, since: datetime, count: int = 0) -> datetime:
    """Return when a date, a duration or the next round of a repetition falls.

    Raises ExpressionError where the text is none of them.
    """
    try:
        if is_cycle(text):
            return round_at(text, since, count)
        if text.upper().startswith("P"):
            return after(text, since)
        moment = datetime.fromisoformat(text)
    except (ValueError, OverflowError) as error:
        raise ExpressionError(f"{text[:80]!r} is not an ISO 8601 time: {error}") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=since.tzinfo)


def is_cycle(text: str) -> bool:
    """Tell whether a text is a repetition."""
    return text.upper().startswith("R")


def round_at(text: str, since: datetime, count: int) -> datetime:
    """Return when the next round falls: after `since`, or on the grid of the start named."""
    match = CYCLE.fullmatch(text)
    if match is None or match[1].strip("0") == "" != match[1]:
        raise ValueError("a repetition is R, a count, a start if any, and a duration")
    _, start, duration = match.groups()
    return after(duration, instant(start, since), count) if start else after(duration, since)


def after(text: str, since: datetime, times: int = 1) -> datetime:
    """Return the instant so many durations after another; months keep the day if they can."""
    match = DURATION.fullmatch(text)
    if match is None:
        raise ValueError("a duration is written like P3D, PT1H or P1Y2M")
    years, months, *parts = match.groups()
    amounts = {unit: fraction(part) for unit, part in zip(UNITS, parts, strict=True)}
    moved = months_after(since, times * (12 * int(years or 0) + int(months or 0)))
    return moved + times * timedelta(**amounts)


def fraction(text: str | None) -> float:
    """Return an amount written with a point or a comma; 0 for none."""
    return float((text or "0").replace(",", "."))


def months_after(moment: datetime, months: int) -> datetime:
    """Return an instant some months later, on the last day of a shorter month."""
    year, month = divmod(moment.year * 12 + moment.month - 1 + months, 12)
    if not MINYEAR <= year <= MAXYEAR:
        raise ValueError(f"beyond the year {MAXYEAR}")
    day = min(moment.day, monthrange(year, month + 1)[1])
    return moment.replace(year=year, month=month + 1, day=day)


def rounds(text: str) -> int | None:
    """Return how often a repetition fires; None for without end, 1 for anything else."""
    match = CYCLE.fullmatch(text)
    if match is None:
        return 1
    return int(match[1]) if match[1] else None
