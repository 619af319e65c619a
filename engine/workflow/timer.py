"""Timer events without a clock.

SpiffWorkflow's timers read the system clock. Here a timer waits until it is told that it
fired; `due_at` says when that is, from the ISO 8601 literal and the instant it began to
wait. A timer's due instant becomes a row, and the sweep fires it by our clock.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

from SpiffWorkflow.bpmn.specs.event_definitions.timer import (
    CycleTimerEventDefinition,
    DurationTimerEventDefinition,
    TimeDateEventDefinition,
    TimerEventDefinition,
)

from engine.workflow.expressions import ExpressionError, evaluate

LITERAL = re.compile(r"^\s*(P|R\d*/|\d{4}-\d\d-\d\d)", re.IGNORECASE)


class TimeDate(TimeDateEventDefinition):  # type: ignore[misc]
    """A date or instant."""

    def has_fired(self, my_task: Any) -> bool:
        return bool(my_task._get_internal_data("event_fired", False))


class Duration(DurationTimerEventDefinition):  # type: ignore[misc]
    """A time span from when the event began to wait."""

    def has_fired(self, my_task: Any) -> bool:
        return bool(my_task._get_internal_data("event_fired", False))


class Cycle(CycleTimerEventDefinition):  # type: ignore[misc]
    """A repetition. The sweep fires each round; `fired_count` tells how many there were."""

    def cycle_complete(self, my_task: Any) -> bool:
        return bool(my_task.internal_data.pop("round_due", False))


def literal(definition: Any, data: dict[str, Any]) -> str:
    """Return the ISO 8601 text of a timer, whether written bare, quoted or as an expression."""
    text = str(definition.expression or "").strip()
    if LITERAL.match(text):
        return text
    return str(evaluate(text, data))


def due_at(definition: Any, data: dict[str, Any], since: datetime) -> datetime:
    """Return the instant a timer falls due that began to wait at `since` (aware).

    Raises ExpressionError where the text is no ISO 8601 date, duration or repetition.
    """
    text = literal(definition, data)
    try:
        return instant(text, since)
    except Exception as error:
        raise ExpressionError(f"{text!r} is not an ISO 8601 time: {error}") from error


def instant(text: str, since: datetime) -> datetime:
    """Return when a date, a duration or the next round of a repetition falls."""
    if text.upper().startswith("R"):
        return instant(text.rsplit("/", 1)[-1], since)
    if text.upper().startswith("P"):
        return since + span(text, since)
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=since.tzinfo)


def span(text: str, since: datetime) -> timedelta:
    """Return an ISO 8601 duration as a time span counted from `since`."""
    parsed = TimerEventDefinition.parse_iso_duration(text)
    return timedelta(
        seconds=TimerEventDefinition.get_timedelta_from_start(parsed, since).total_seconds()
    )


def rounds(text: str) -> int | None:
    """Return how often a repetition fires; None for without end, 1 for anything else."""
    if not text.upper().startswith("R"):
        return 1
    count = text[1:].split("/", 1)[0]
    return int(count) if count else None
