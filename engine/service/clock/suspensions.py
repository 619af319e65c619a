"""Clocks stopped and let go on (特别程序): of an item, for a listed reason; of a whole project."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import update

from engine.errors import Conflict, Forbidden, NotFound
from engine.rules.case_clock import lost_days
from engine.rules.lifecycle import CLOCK_RUNS
from engine.rules.suspension import (
    StopReason,
    check_beginning,
    check_end,
    check_reason,
    expected_on,
)
from engine.service import access
from engine.service.access import Row
from engine.service.clock import recompute, stops
from engine.service.ledger import event_row
from engine.service.work import Work
from engine.store import statements as sql
from engine.store import tables as t

#: who of a department may stop its item's clock
HANDLERS = ("reviewer", "head")


@dataclass(frozen=True, slots=True)
class Stopping:
    """What somebody says who stops an item's clock.

    `expected_days` are working days; without `from_on` it begins today. Only a coordinator may
    enter one that began earlier.
    """

    reason: str
    notice: str
    expected_days: int
    note: str = ""
    from_on: date | None = None


def suspend(
    work: Work, project: int, item: str, given: Stopping, version: int | None = None
) -> int:
    """Stop the clock of an item; returns the stop's id.

    Raises Invalid, Conflict where its clock does not run, Overlap, Forbidden, Stale.
    """
    case, known = locked(work, project, item, version)
    reason = check_reason(given.reason, given.notice, given.expected_days)
    from_on = given.from_on or work.today
    if from_on < work.today:
        work.actor.require("coordinator")
    if case["state"] not in CLOCK_RUNS or case["accepted_on"] is None:
        raise Conflict(f"{item} is {case['state']}; its clock does not run", state=case["state"])
    check_beginning(from_on, case["accepted_on"], work.today, stops.of_item(known, item))
    row = {
        "reason": reason,
        "notice": given.notice.strip(),
        "expected_days": given.expected_days,
        "note": given.note.strip(),
        "from_on": from_on,
        "expected_on": expected_on(work.calendar, from_on, given.expected_days),
    }
    return stand(work, case, row)


def resume(
    work: Work,
    project: int,
    item: str,
    until_on: date | None = None,
    note: str = "",
    version: int | None = None,
) -> Row:
    """Let the clock of an item go on; returns the stop's row.

    Without a day it goes on today, a day not counted. Raises Conflict where it does not stand
    still, Invalid for a day before it stopped, or after today; Forbidden, Stale.
    """
    case, known = locked(work, project, item, version)
    row = stops.standing(known, item)
    if row is None:
        raise Conflict(f"the clock of {item} does not stand still", state=case["state"])
    until = until_on or work.today
    if until < work.today:
        work.actor.require("coordinator")
    others = (stops.stop(each) for each in known if each is not row and each["item"] == item)
    check_end(stops.stop(row), until, work.today, others)
    return go_on(work, case, row, until, {"note": note} if note else {})


def stand(work: Work, case: Row, row: Mapping[str, Any]) -> int:
    """Stop the clock of an item whose project is locked."""
    project, item = case["project_id"], case["item"]
    identifier = stops.begin(work, project, item, case["attempt"], row)
    change_item(work, case, stopped_on=row["from_on"])
    told = {"stop": identifier, **{name: str(row[name] or "") for name in TOLD if name in row}}
    record(work, project, "item.suspended", item, told)
    recompute.project(work, project, "suspended")
    return identifier


TOLD = ("reason", "notice", "expected_days", "note", "from_on", "expected_on")


def go_on(work: Work, case: Row, row: Row, until_on: date, more: Mapping[str, Any]) -> Row:
    """Let the clock of an item go on whose project is locked."""
    project, item = case["project_id"], case["item"]
    ended = stops.end(work, row, until_on)
    count_waiting(work, case, stops.of_project(work, project), ended)
    change_item(work, case, stopped_on=None)
    told = {"stop": row["id"], "reason": row["reason"], "until_on": str(until_on), **more}
    record(work, project, "item.resumed", item, told)
    recompute.project(work, project, "resumed")
    return ended


def count_waiting(work: Work, case: Row, known: list[Row], ended: Row) -> None:
    """Add the days a stop took to those the item was in nobody's hand, each day once."""
    if case["paused_on"] is not None:
        # the applicant's days of a supplement are counted when it comes
        return
    mine = {stops.PROJECT, case["item"]}
    others = [
        stops.stop(each) for each in known if each["item"] in mine and each["id"] != ended["id"]
    ]
    since = case["received_on"] or case["opened_on"]
    lost = lost_days(work.calendar, stops.stop(ended), others, since)
    change_item(work, case, waited_days=case["waited_days"] + lost)


def change_item(work: Work, case: Row, **values: Any) -> None:
    """Write what changed of an item."""
    table = t.project_item
    mine = (table.c.project_id == case["project_id"]) & (table.c.item == case["item"])
    work.db.execute(update(table).where(mine).values(values))
    case.update(values)


def record(work: Work, project: int, event: str, item: str | None, data: dict[str, Any]) -> None:
    """Add an event to the history."""
    work.db.execute(sql.INSERT_HISTORY, [event_row(work, project, event, item, data)])


def locked(
    work: Work, project: int, item: str, version: int | None = None
) -> tuple[Row, list[Row]]:
    """Take the project's lock; return one of its items, and the stops there were.

    Whoever handles the item may act, or a coordinator. Raises NotFound, Stale, Forbidden,
    Conflict where the project does not run.
    """
    row = access.lock(work, project, version)
    case = access.only(work, sql.ITEM, {"b_project": project, "b_item": item})
    if case is None:
        raise NotFound(f"the project has no item {item}", item=item)
    handles = work.actor.has(*HANDLERS, department=case["department"])
    if not (handles or work.actor.has("coordinator")):
        text = f"this needs the role {' or '.join(HANDLERS)} of {case['department']}"
        raise Forbidden(text, roles=[*HANDLERS, "coordinator"])
    if row["state"] != "running":
        raise Conflict(f"the project is {row['state']}", state=row["state"])
    return case, stops.of_project(work, project)


# -- whole projects ----------------------------------------------------------------------------


def begin_project(work: Work, project: int, reason: str) -> None:
    """Stop every clock of a project whose lock is held."""
    row = {"reason": StopReason.PROJECT, "note": reason, "from_on": work.today}
    stops.begin(work, project, stops.PROJECT, 0, row)
    work.db.execute(sql.project_update(project).values(suspended_on=work.today))
    recompute.project(work, project, "suspended")


def end_project(work: Work, project: int) -> None:
    """Let every clock of a project go on that does not stand still for a cause of its own."""
    known = stops.of_project(work, project)
    row = stops.standing(known, stops.PROJECT)
    work.db.execute(sql.project_update(project).values(suspended_on=None))
    if row is not None:
        ended = stops.end(work, row, work.today)
        known = [ended if each is row else each for each in known]
        for case in undecided(work, project):
            count_waiting(work, case, known, ended)
    recompute.project(work, project, "resumed")


def undecided(work: Work, project: int) -> list[Row]:
    """Return the activities that have begun and are not decided."""
    table = t.project_item.c
    query = t.project_item.select().where(
        table.project_id == project, table.opened_on.is_not(None), table.decided_on.is_(None)
    )
    return [dict(row) for row in work.db.execute(query).mappings()]
