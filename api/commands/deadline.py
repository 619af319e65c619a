"""A task's due date, explained."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

import click
from rich.console import Group
from rich.table import Table

from api.commands.database import working
from api.output import formatted, rows, show
from engine.service.clock import explain
from engine.service.clock.explained import DeadlineView, TermView


@click.command("deadline")
@click.argument("task")
@formatted
def deadline(task: str, style: str) -> None:
    """Explain the due date of TASK, so that it can be computed anew by hand.

    As JSON it is what `GET /api/v1/tasks/TASK/deadline` answers.
    """
    with working() as work:
        found = explain.explain(work, task)
        zone = work.settings.zone
    show(found, style, partial(drawn, zone=zone))


def drawn(found: DeadlineView, zone: ZoneInfo) -> Group:
    """Return an explanation as people read it."""
    tables = [part for term in found.terms for part in ("", table(term))]
    return Group(*said(found, zone), *tables)


def said(found: DeadlineView, zone: ZoneInfo) -> Iterator[str]:
    """Yield what is said of a due date before its days."""
    start, lapse = found.start, found.on_lapse
    due = found.due_on or f"at no date: the clock stands still since {found.stopped_on}"
    yield f"{found.item} {found.name.zh}, {found.step}: due {due} ({found.in_force})"
    yield f"why: {found.why.en}{', provisional' if found.provisional else ''}"
    yield f"counted from {start.on}: {start.words.en} ({start.source})"
    if start.filed_at:
        filed = f"filed {moment(start.filed_at, zone)}, received on {start.received_on}"
        yield f"{filed} (cut-off {start.cut_off})"
    for number, stop in enumerate(found.stops, 1):
        until = stop.until_on or "now"
        yield (
            f"stop {number}: {stop.from_on} to {until}, {stop.words.en} {stop.words.zh} "
            f"{stop.notice} ({stop.source})"
        )
    if found.extension:
        more = found.extension
        yield f"extended by {more.days}: {more.reason} {more.notice} ({more.source})"
    late = moment(found.overdue_from, zone) if found.overdue_from else "never"
    yield f"late from {late}; silence: {lapse.words.en} ({lapse.source})"
    yield f"calendar {found.calendar.source} {found.calendar.revision}"


def moment(at: datetime, zone: ZoneInfo) -> str:
    """Return an instant on the wall clock of the city."""
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}"


def table(term: TermView) -> Table:
    """Return the days of one of the due dates."""
    more = f" + {term.extension_days}" if term.extension_days else ""
    title = f"{term.kind}: {term.days}{more} {term.unit} days, {term.due_on} ({term.source})"
    lines = [
        (day.date, day.weekday[:3], day.number or "", day.reason, day.source) for day in term.lines
    ]
    return rows(("date", "", "day", "reason", "source"), lines, title)
