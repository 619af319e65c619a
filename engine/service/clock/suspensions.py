"""Clocks stopped and let go on (特别程序): of an item, for a listed reason; of a whole project."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from engine.errors import Conflict
from engine.rules.calendar import BusinessCalendar
from engine.rules.case_clock import lost_days
from engine.rules.legal_clock import Stop
from engine.rules.suspension import (
    StopReason,
    check_apart,
    check_beginning,
    check_end,
    check_reason,
    expected_on,
)
from engine.service.access import Row
from engine.service.clock import handled, recompute, stops
from engine.service.work import Work
from engine.store import statements as sql
from engine.store import tables as t


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

    def row(self, calendar: BusinessCalendar, today: date) -> Row:
        """Return what is recorded of it. Raises Invalid where it is not listed, or not told."""
        reason = check_reason(self.reason, self.notice, self.expected_days)
        from_on = self.from_on or today
        return {
            "reason": reason,
            "notice": self.notice.strip(),
            "expected_days": self.expected_days,
            "note": self.note.strip(),
            "from_on": from_on,
            "expected_on": expected_on(calendar, from_on, self.expected_days),
        }


def suspend(
    work: Work, project: int, item: str, given: Stopping, version: int | None = None
) -> int:
    """Stop the clock of an item; returns the stop's id.

    Raises Invalid, Conflict where its clock does not run, Overlap, Forbidden, Stale.
    """
    case, known, _row = handled.locked(work, project, item, version)
    row = given.row(work.calendar, work.today)
    if row["from_on"] < work.today:
        work.actor.require("coordinator")
    handled.check_runs(case)
    check_beginning(row["from_on"], case["accepted_on"], work.today, own(known, item))
    return stand(work, case, row)


def enter(
    work: Work, project: int, item: str, given: Stopping, until_on: date, version: int | None = None
) -> int:
    """Enter a stop of an item that is over, with both its days; returns its id.

    A coordinator's: nobody stopped the clock when it should have stood still. The due dates are
    computed anew, as if it had. Raises Invalid, Conflict where the item's clock does not run,
    Overlap, Forbidden, Stale.
    """
    work.actor.require("coordinator")
    case, known, _row = handled.locked(work, project, item, version)
    row = given.row(work.calendar, work.today)
    handled.check_runs(case)
    stop, others = Stop(row["from_on"], until_on, row["reason"]), own(known, item)
    check_end(stop, until_on, work.today)
    for other in others:
        check_apart(stop.from_on, until_on, other)
    check_beginning(stop.from_on, case["accepted_on"], work.today, ())
    over = {"until_on": until_on, "ended_at": work.now, "ended_by": work.actor.name}
    identifier = stops.begin(work, project, item, case["attempt"], {**row, **over})
    ended = {**row, **over, "id": identifier, "item": item}
    count_waiting(work, case, stops.of_project(work, project), ended)
    data = {**told(identifier, row), "until_on": str(until_on)}
    handled.record_moving(work, case, "item.stop_entered", data, "entered", reason=row["reason"])
    return identifier


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
    case, known, _row = handled.locked(work, project, item, version)
    row = stops.standing(known, item)
    if row is None:
        raise Conflict(f"the clock of {item} does not stand still", state=case["state"])
    if row["reason"] == StopReason.GAP:
        raise Conflict(f"{item} waits for a promised material; it goes on with that", item=item)
    until = until_on or work.today
    if until < work.today:
        work.actor.require("coordinator")
    others = own([each for each in known if each is not row], item)
    check_end(stops.stop(row), until, work.today, others)
    return go_on(work, case, row, until, {"note": note.strip()} if note.strip() else {})


def stand(work: Work, case: Row, row: Row) -> int:
    """Stop the clock of an item whose project is locked."""
    identifier = stops.begin(work, case["project_id"], case["item"], case["attempt"], row)
    handled.change_item(work, case, stopped_on=row["from_on"])
    data, reason = told(identifier, row), row["reason"]
    handled.record_moving(work, case, "item.suspended", data, "suspended", reason=reason)
    return identifier


def go_on(work: Work, case: Row, row: Row, until_on: date, more: Mapping[str, Any]) -> Row:
    """Let the clock of an item go on whose project is locked."""
    ended = stops.end(work, row, until_on)
    count_waiting(work, case, stops.of_project(work, case["project_id"]), ended)
    handled.change_item(work, case, stopped_on=None)
    data = {**told(row["id"], row), **more, "until_on": str(until_on)}
    handled.record_moving(work, case, "item.resumed", data, "resumed", reason=row["reason"])
    return ended


TOLD = ("reason", "notice", "expected_days", "note", "from_on", "expected_on")


def told(identifier: int, row: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the history says of a stop."""
    said = {name: row.get(name) for name in TOLD}
    return {"stop": identifier} | {
        name: str(value) if isinstance(value, date) else value
        for name, value in said.items()
        if value not in {None, ""}
    }


def own(known: Iterable[Row], item: str) -> tuple[Stop, ...]:
    """Return the stops of an item itself; those of its project may lie over them."""
    return tuple(stops.stop(row) for row in known if row["item"] == item)


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
    handled.change_item(work, case, waited_days=case["waited_days"] + lost)


# -- whole projects ----------------------------------------------------------------------------


def begin_project(work: Work, project: int, reason: str) -> None:
    """Stop every clock of a project whose lock is held."""
    row = {"reason": StopReason.PROJECT, "note": reason, "from_on": work.today}
    stops.begin(work, project, stops.PROJECT, 0, row)
    work.db.execute(sql.project_update(project).values(suspended_on=work.today))
    recompute.project(work, project, "suspended", reason=StopReason.PROJECT)


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
    recompute.project(work, project, "resumed", reason=StopReason.PROJECT)


def undecided(work: Work, project: int) -> list[Row]:
    """Return the activities that have begun and are not decided."""
    table = t.project_item.c
    query = t.project_item.select().where(
        table.project_id == project, table.opened_on.is_not(None), table.decided_on.is_(None)
    )
    return [dict(row) for row in work.db.execute(query).mappings()]
