"""What an explanation of a due date says: enough to compute it anew by hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.rules.calendar import Name
from engine.rules.explanation import LAPSES, MARKS, Line, Mark, Rule
from engine.rules.suspension import REASONS, StopReason
from engine.rules.workdays import WEEKDAYS, reason_of, source_of
from engine.service.access import Row
from engine.service.clock import stops
from engine.service.clock.origin import STARTS, Origin
from engine.service.work import Work


@dataclass(frozen=True, slots=True)
class StartView:
    """The day from which is counted, itself not counted, and why.

    `filed_at` is when the application came: after `cut_off`, or on a day of rest, it counts as
    received on the next working day, `received_on`.
    """

    on: dt.date
    reason: str
    words: Name
    source: str
    filed_at: dt.datetime | None
    received_on: dt.date | None
    cut_off: str
    noted_at: dt.datetime
    noted_by: str


@dataclass(frozen=True, slots=True)
class CountedDay:
    """A day: `number` is which counted day it is, 0 where it is not counted.

    `mark` says what it is to the count, `kind` what it is to the calendar, with the `name` of its
    holiday; `source` is the law or the notice that says so, `stop` the place of the stop in the
    list of stops, from 1, in which it lies.
    """

    date: dt.date
    weekday: str
    counted: bool
    number: int
    mark: str
    kind: str
    name: Name | None
    reason: str
    source: str
    stop: int
    provisional: bool


@dataclass(frozen=True, slots=True)
class TermView:
    """One of the due dates: the city's promise, or the law's.

    `lines` are all days from the start to the last. `due_on` is the date that is stored, `agrees`
    tells whether the lines come to it.
    """

    kind: str
    days: int
    unit: str
    extension_days: int
    due_on: dt.date
    words: Name
    source: str
    counted_days: int
    agrees: bool
    lines: list[CountedDay]


@dataclass(frozen=True, slots=True)
class StopNote:
    """A time the clock stood still: the day it began counts, the day it went on does not."""

    reason: str
    words: Name
    source: str
    whole_project: bool
    notice: str
    expected_days: int | None
    note: str
    from_on: dt.date
    until_on: dt.date | None


@dataclass(frozen=True, slots=True)
class ExtensionNote:
    """Days that were added, approved by whom the law names; the applicant was told why."""

    days: int
    reason: str
    notice: str
    approved_by: str
    approved_at: dt.datetime
    source: str


@dataclass(frozen=True, slots=True)
class CalendarNote:
    """The calendar that was counted by."""

    source: str
    revision: str


@dataclass(frozen=True, slots=True)
class LapseView:
    """What silence past the time means: an outcome, '' for none; from when, None for never."""

    outcome: str
    at: dt.datetime | None
    words: Name
    source: str


@dataclass(frozen=True, slots=True)
class DeadlineView:
    """A task's due date, explained.

    `clock` says which it runs on: its `item`'s, or its `step`'s own by law. `due_on` is the date
    in force, the earlier of the terms', None while the clock stands still. It is late from
    `overdue_from` on, `overdue` that it has been flagged.
    """

    task: str
    project: int
    project_name: str
    item: str
    name: Name
    step: str
    department: str
    state: str
    clock: str
    start: StartView
    terms: list[TermView]
    due_on: dt.date | None
    in_force: str
    why: Name
    stops: list[StopNote]
    stopped_on: dt.date | None
    extension: ExtensionNote | None
    calendar: CalendarNote
    provisional: bool
    overdue_from: dt.datetime | None
    overdue: bool
    on_lapse: LapseView


# -- made of what is recorded -------------------------------------------------------------------


def start_view(work: Work, began: Origin) -> StartView:
    """Return the day a clock began as a view."""
    rule = STARTS[began.reason]
    return StartView(
        on=began.on,
        reason=began.reason,
        words=words(rule),
        source=rule.source,
        filed_at=began.filed_at,
        received_on=began.received_on,
        cut_off=f"{work.rules.receipt.cut_off:%H:%M}",
        noted_at=began.noted_at,
        noted_by=began.noted_by,
    )


def day_view(line: Line, began: Rule, stood: Sequence[Row]) -> CountedDay:
    """Return a day of a count as a view."""
    reason, source = reason_of(line, began.en), source_of(line)
    if line.mark is Mark.START:
        source = began.source
    if line.stop and line.mark is not Mark.ROLLED:
        stop = stop_view(stood[line.stop - 1])
        notice = f", {stop.notice}" if stop.notice else ""
        reason = f"{MARKS[line.mark].en}: {stop.words.en} {stop.words.zh}{notice}"
        source = stop.source if line.mark is Mark.STOPPED else source
    return CountedDay(
        date=line.on,
        weekday=WEEKDAYS[line.on.weekday()],
        counted=line.counted,
        number=line.number,
        mark=line.mark,
        kind=line.day.reason,
        name=line.day.name,
        reason=reason,
        source=source,
        stop=line.stop,
        provisional=line.day.provisional,
    )


def stop_view(row: Mapping[str, Any]) -> StopNote:
    """Return a stop as a view."""
    rule = REASONS[StopReason(row["reason"])]
    return StopNote(
        reason=row["reason"],
        words=Name(rule.zh, rule.en),
        source=rule.source,
        whole_project=row["item"] == stops.PROJECT,
        notice=row["notice"],
        expected_days=row["expected_days"],
        note=row["note"],
        from_on=row["from_on"],
        until_on=row["until_on"],
    )


def lapse_view(task: Row) -> LapseView:
    """Return what silence means at a task."""
    rule = LAPSES[task["on_lapse"] if task["on_lapse"] in LAPSES else ""]
    return LapseView(task["on_lapse"], task["lapses_at"], words(rule), rule.source)


def words(rule: Rule) -> Name:
    """Return the words of a rule."""
    return Name(rule.zh, rule.en)
