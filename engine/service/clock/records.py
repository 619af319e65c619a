"""What is recorded of clocks for ever: when they stood still, and by how much time was extended."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, Select, func, select

from engine.errors import NotFound
from engine.rules.catalogue import Name
from engine.rules.extension import HEAD, ExtensionState, approver
from engine.rules.legal_clock import Stop, dates
from engine.rules.lifecycle import CLOCK_RUNS
from engine.rules.suspension import REASONS, StopReason
from engine.service import access, codes, deployments, names
from engine.service.clock.extensions import approves, item_of
from engine.service.pages import decode_cursor, number, page
from engine.service.views import Page
from engine.service.work import Actor, Work
from engine.store import tables as t


@dataclass(frozen=True, slots=True)
class Suspension:
    """A time the clock of an item stood still, or ('') of a whole project.

    `until_on` is the day it went on, not counted; None while it stands still. `days` are the
    working days it has taken. `source` is what lists the reason; people are also told by the
    name others call them.
    """

    id: int
    project: int
    item: str
    item_name: Name
    attempt: int
    reason: str
    reason_name: Name
    source: str
    notice: str
    expected_days: int | None
    expected_on: date | None
    overran: bool
    note: str
    from_on: date
    until_on: date | None
    days: int
    started_at: datetime
    started_by: str
    started_by_name: str
    ended_at: datetime | None
    ended_by: str | None
    ended_by_name: str | None


@dataclass(frozen=True, slots=True)
class Extension:
    """An extension of an item's time, asked for (`requested`), `approved` or `declined`.

    `days` are of `unit`. `approver` is the department whose head decides, '' the government's.
    `open` tells whether it still can be decided; `may_approve` whether the caller may.
    """

    id: int
    project: int
    code: str
    project_name: str
    item: str
    item_name: Name
    attempt: int
    department: str
    days: int
    unit: str
    reason: str
    notice: str
    state: str
    open: bool
    approver: str
    source: str
    may_approve: bool
    promised_due_on: date | None
    statutory_due_on: date | None
    requested_at: datetime
    requested_by: str
    requested_by_name: str
    decided_at: datetime | None
    decided_by: str | None
    decided_by_name: str | None
    decided_note: str


# -- stops -------------------------------------------------------------------------------------


def suspensions(work: Work, project: int, item: str | None = None) -> list[Suspension]:
    """Return every stop of a project and its items, or of one item, the earliest first.

    Raises NotFound.
    """
    row = access.row_of(work, project)
    built = deployments.deployment(work.db, row["version_id"])
    table = t.suspension.c
    query = stops_of(project)
    if item is not None:
        query = query.where(table.item == item)
    found = work.db.execute(query).mappings()
    return [suspension_of(work, each, names.item_name(built, each["item"])) for each in found]


def suspension(work: Work, project: int, identifier: int) -> Suspension:
    """Return a stop of a project. Raises NotFound."""
    found = (each for each in suspensions(work, project) if each.id == identifier)
    only = next(found, None)
    if only is None:
        raise NotFound(f"the project has no suspension {identifier}", suspension=identifier)
    return only


def stops_of(project: int) -> Select[Any]:
    """Return the query of a project's stops with who acted, the earliest first."""
    table, starter, ender = t.suspension, t.user.alias(), t.user.alias()
    return (
        select(table, starter.c.display_name.label("starter"), ender.c.display_name.label("ender"))
        .outerjoin(starter, starter.c.name == table.c.started_by)
        .outerjoin(ender, ender.c.name == table.c.ended_by)
        .where(table.c.project_id == project)
        .order_by(table.c.from_on, table.c.id)
    )


def suspension_of(work: Work, row: RowMapping, item_name: Name) -> Suspension:
    """Return a row as a stop."""
    rule = REASONS[StopReason(row["reason"])]
    same = (
        *("id", "item", "attempt", "reason", "notice", "expected_days", "expected_on", "overran"),
        *("note", "from_on", "until_on", "started_at", "started_by", "ended_at", "ended_by"),
    )
    return Suspension(
        project=row["project_id"],
        item_name=item_name,
        reason_name=Name(rule.zh, rule.en),
        source=rule.source,
        days=days_of(work, Stop(row["from_on"], row["until_on"])),
        started_by_name=row["starter"] or row["started_by"],
        ended_by_name=row["ender"] or row["ended_by"],
        **{name: row[name] for name in same},
    )


def days_of(work: Work, stop: Stop) -> int:
    """Return the working days a stop has taken until today."""
    last = stop.until_on or work.today
    days = (day for day in dates(stop.from_on, last) if stop.holds(day))
    return sum(map(work.calendar.is_working_day, days))


# -- extensions --------------------------------------------------------------------------------


def extensions(work: Work, project: int, item: str | None = None) -> list[Extension]:
    """Return what was asked for of a project, or of one of its items, in order. Raises NotFound."""
    access.row_of(work, project)
    table = t.extension.c
    query = columns().where(table.project_id == project).order_by(table.id)
    if item is not None:
        query = query.where(table.item == item)
    return [extension_of(work, row) for row in work.db.execute(query).mappings()]


def extension(work: Work, identifier: int) -> Extension:
    """Return an extension. Raises NotFound."""
    query = columns().where(t.extension.c.id == identifier, access.visible(work.actor))
    row = work.db.execute(query).mappings().one_or_none()
    if row is None:
        raise NotFound(f"there is no extension {identifier}", extension=identifier)
    return extension_of(work, row)


def find(
    work: Work, state: str = "", cursor: str | None = None, limit: int = 50
) -> Page[Extension]:
    """Return extensions, the newest first: those an applicant's projects have, or all.

    `requested` are those that still can be decided.
    """
    table = t.extension.c
    query = columns().where(access.visible(work.actor)).order_by(table.id.desc())
    if state:
        query = query.where(table.state == state)
    if state == ExtensionState.REQUESTED:
        query = query.where(still_open())
    if cursor:
        query = query.where(table.id < decode_cursor(cursor, number)[0])
    rows = work.db.execute(query.limit(limit + 1)).mappings().all()
    found = page(rows, limit, lambda last: (last["id"],))
    return Page([extension_of(work, row) for row in found.items], found.next)


def waiting(actor: Actor) -> Select[Any] | None:
    """Return the query of how many requests wait for a head, None for everybody else."""
    places = {place for role, place in actor.roles if role == HEAD}
    if not places:
        return None
    table = t.extension.c
    return (
        select(func.count())
        .select_from(t.extension)
        .join(t.project, t.project.c.id == table.project_id)
        .join(t.project_item, of_its_item())
        .where(table.state == ExtensionState.REQUESTED, table.approver.in_(sorted(places)))
        .where(still_open())
    )


def counts(work: Work) -> Mapping[str, int]:
    """Return how many extensions there are in each state, and of all under ''."""
    table, opened = t.extension.c, still_open().label("open")
    query = (
        select(table.state, opened, func.count())
        .select_from(t.extension)
        .join(t.project, t.project.c.id == table.project_id)
        .join(t.project_item, of_its_item())
        .where(access.visible(work.actor))
        .group_by(table.state, opened)
    )
    known: dict[str, int] = dict.fromkeys((*ExtensionState, ""), 0)
    for state, is_still_open, number_of in work.db.execute(query):
        known[""] += number_of
        known[state] += number_of if is_still_open or state != ExtensionState.REQUESTED else 0
    return known


def columns() -> Select[Any]:
    """Return the query of extensions with their item and project, and who acted."""
    table, asker, decider = t.extension, t.user.alias(), t.user.alias()
    item, project = t.project_item.c, t.project.c
    return (
        select(
            table,
            asker.c.display_name.label("asker"),
            decider.c.display_name.label("decider"),
            *(item[name] for name in ("department", "promised_due_on", "statutory_due_on")),
            item.attempt.label("present_attempt"),
            item.state.label("item_state"),
            project.name.label("project_name"),
            project.state.label("project_state"),
            *(project[name] for name in ("version_id", "created_at")),
        )
        .join(t.project, project.id == table.c.project_id)
        .join(t.project_item, of_its_item())
        .outerjoin(asker, asker.c.name == table.c.requested_by)
        .outerjoin(decider, decider.c.name == table.c.decided_by)
    )


def of_its_item() -> ColumnElement[bool]:
    """Return the condition of an extension's item."""
    item, table = t.project_item.c, t.extension.c
    return (item.project_id == table.project_id) & (item.item == table.item)


def still_open() -> ColumnElement[bool]:
    """Return the condition of the requests whose application still runs."""
    item, table = t.project_item.c, t.extension.c
    runs = item.state.in_(sorted(CLOCK_RUNS)) & (item.attempt == table.attempt)
    return runs & t.project.c.state.in_(("running", "suspended"))


def is_open(row: Mapping[str, Any]) -> bool:
    """Tell whether a request still can be decided."""
    return (
        row["state"] == ExtensionState.REQUESTED
        and row["item_state"] in CLOCK_RUNS
        and row["attempt"] == row["present_attempt"]
        and row["project_state"] in {"running", "suspended"}
    )


def extension_of(work: Work, row: RowMapping) -> Extension:
    """Return a row as an extension."""
    built = deployments.deployment(work.db, row["version_id"])
    item = item_of(work, row["version_id"], row["item"])
    wanted, opened = approver(item), is_open(dict(row))
    same: Collection[str] = (
        *("id", "project_name", "item", "attempt", "department", "days", "reason", "notice"),
        *("state", "promised_due_on", "statutory_due_on", "requested_at", "requested_by"),
        *("decided_at", "decided_by", "decided_note"),
    )
    return Extension(
        project=row["project_id"],
        code=codes.code_of(work, {"id": row["project_id"], "created_at": row["created_at"]}),
        item_name=names.item_name(built, item.id),
        unit=str(item.unit),
        open=opened,
        approver=wanted.department,
        source=wanted.source,
        may_approve=opened and approves(work.actor, wanted),
        requested_by_name=row["asker"] or row["requested_by"],
        decided_by_name=row["decider"] or row["decided_by"],
        **{name: row[name] for name in same},
    )
