"""A project that stands still: no clock runs (特别程序), and no due date passes meanwhile.

The day it is suspended still counts, the day it goes on does not (a default: no law says).
What was late already stays as late as it was due.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select, update

from engine.rules.calendar import BusinessCalendar
from engine.rules.catalogue import Item
from engine.rules.deadline import DayUnit, overdue_from
from engine.service import deployments
from engine.service.access import Row
from engine.service.docket import NEVER
from engine.service.work import Work
from engine.store import statements as sql
from engine.store import tables as t


@dataclass(frozen=True, slots=True)
class Standstill:
    """The days a project stood still: after the first up to and including the last."""

    calendar: BusinessCalendar
    from_on: date
    until_on: date

    @property
    def days(self) -> int:
        """How many working days were lost."""
        return self.calendar.between(self.from_on, self.until_on)

    def moved(self, due_on: date | None, unit: DayUnit = DayUnit.WORKING) -> date | None:
        """Return the date by which something is due now; what was late before stays so."""
        if due_on is None or due_on < self.from_on:
            return due_on
        if unit is DayUnit.WORKING:
            return self.calendar.add(due_on, self.days)
        later = due_on + (self.until_on - self.from_on)
        return self.calendar.next_working_day(later)

    def lost_since(self, began_on: date) -> int:
        """Return the working days lost to what began on a day."""
        first = max(self.from_on, began_on)
        return self.calendar.between(first, self.until_on) if first < self.until_on else 0


def begin(work: Work, project: int) -> None:
    """Note from when a project stands still."""
    work.db.execute(sql.project_update(project).values(suspended_on=work.today))


def end(work: Work, project: Row) -> None:
    """Move the due dates of everything that is open in a project that goes on."""
    stood = Standstill(work.calendar, project["suspended_on"], work.today)
    work.db.execute(sql.project_update(project["id"]).values(suspended_on=None))
    if stood.from_on >= stood.until_on:
        return
    items = deployments.deployment(work.db, project["version_id"]).procedure.items
    for row in open_rows(work, t.project_item, project["id"]):
        move_item(work, stood, row, items.get(row["item"]))
    for row in open_rows(work, t.task, project["id"]):
        move_task(work, stood, row, items.get(row["item"]))


def open_rows(work: Work, table: Any, project: int) -> list[Row]:
    """Return the tasks that are open, or the activities that have begun and are undecided."""
    is_open = table.c.state == "open"
    if table is t.project_item:
        is_open = table.c.opened_on.is_not(None) & table.c.decided_on.is_(None)
    query = select(table).where(table.c.project_id == project, is_open)
    return [dict(row) for row in work.db.execute(query).mappings()]


def move_item(work: Work, stood: Standstill, row: Row, item: Item | None) -> None:
    """Move an activity's due dates; the days lost were in nobody's hand."""
    unit = item.unit if item else DayUnit.WORKING
    lost = stood.lost_since(row["received_on"] or row["opened_on"])
    values = {
        "promised_due_on": stood.moved(row["promised_due_on"]),
        "statutory_due_on": stood.moved(row["statutory_due_on"], unit),
        # the applicant's days of a supplement are counted when it comes
        "waited_days": row["waited_days"] + (0 if row["paused_on"] else lost),
    }
    table = t.project_item
    of_item = (table.c.project_id == row["project_id"]) & (table.c.item == row["item"])
    work.db.execute(update(table).where(of_item).values(values))


def move_task(work: Work, stood: Standstill, row: Row, item: Item | None) -> None:
    """Move a task's due dates; a step with a time of its own has working days."""
    by_item = item is not None and row["promised_due_on"] is not None
    unit = item.unit if item is not None and by_item else DayUnit.WORKING
    promised = stood.moved(row["promised_due_on"])
    statutory = stood.moved(row["statutory_due_on"], unit)
    due_on = min((each for each in (promised, statutory) if each), default=NEVER)
    if due_on == row["due_on"]:
        return
    values = {
        "promised_due_on": promised,
        "statutory_due_on": statutory,
        "due_on": due_on,
        "overdue_from": overdue_from(due_on, work.settings.zone),
        "version": row["version"] + 1,
    }
    work.db.execute(update(t.task).where(t.task.c.id == row["id"]).values(values))
