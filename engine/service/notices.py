"""Dated notices to applicants, derived from the history: nothing is written down twice.

An answer says which notice it brings about; what it was given with it (materials, reasons, the
legal basis) stands in the notice, and what nobody gave is not recorded.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import RowMapping, select

from engine.errors import NotFound
from engine.rules import notice
from engine.rules.catalogue import Item, Name
from engine.rules.deadline import Deadlines, item_deadlines
from engine.rules.notice import FORMS, NoticeKind
from engine.service import access, codes, departments, deployments, names
from engine.service.access import Row
from engine.service.work import Work
from engine.store import tables as t

COMPLETED = "task.completed"


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice. `id` is that of the event it tells of, by which it is numbered.

    `materials` are those that are missing, `received` those that were handed in. What was not
    given with the answer is '' or empty; `authority` is whom the applicant is referred to. Due
    dates and days are of an acceptance, as promised and by law, from `accepted_on`: the day of
    the notice, or of receipt where the application is accepted by silence (`deemed`).
    """

    id: int
    number: str
    kind: NoticeKind
    title: Name
    law: str
    issued_at: datetime
    issued_on: date
    project: int
    code: str
    project_name: str
    applicant: str
    item: str
    item_name: Name
    department: str
    department_name: Name
    person: str
    person_name: str
    materials: list[str]
    received: list[str]
    reason: str
    legal_basis: str
    authority: str
    deemed: bool
    accepted_on: date | None
    promised_days: int | None
    promised_due_on: date | None
    statutory_days: int | None
    statutory_unit: str
    statutory_due_on: date | None


def find(work: Work, project_id: int, item: str | None = None) -> list[Notice]:
    """Return a project's notices, or an item's, in order. Raises NotFound."""
    project = access.row_of(work, project_id)
    table = t.history
    query = (
        select(table)
        .where(table.c.project_id == project_id, table.c.event == COMPLETED)
        .order_by(table.c.id)
    )
    if item is not None:
        query = query.where(table.c.item == item)
    rows = [row for row in work.db.execute(query).mappings() if notice.kind_of(row["data"])]
    people = display_names(work, [row["actor"] for row in rows])
    return [view(work, project, row, people) for row in rows]


def get(work: Work, identifier: int) -> Notice:
    """Return a notice by the id of its event. Raises NotFound where that brought about none."""
    query = select(t.history).where(t.history.c.id == identifier, t.history.c.event == COMPLETED)
    row = work.db.execute(query).mappings().one_or_none()
    if row is None or notice.kind_of(row["data"]) is None:
        raise NotFound(f"there is no notice {identifier}", notice=identifier)
    project = access.row_of(work, row["project_id"])
    return view(work, project, row, display_names(work, [row["actor"]]))


def display_names(work: Work, users: Sequence[str]) -> Mapping[str, str]:
    """Return what users are called, by their names."""
    user = t.user.c
    query = select(user.name, user.display_name).where(user.name.in_(sorted(set(users))))
    return {row.name: row.display_name for row in work.db.execute(query)} if users else {}


def view(work: Work, project: Row, row: RowMapping, people: Mapping[str, str]) -> Notice:
    """Return the notice that an answer brought about."""
    built = deployments.deployment(work.db, project["version_id"])
    item = built.procedure.items.get(row["item"]) or Item(row["item"], Name(row["item"]))
    kind = NoticeKind(notice.kind_of(row["data"]) or "")
    issued_on = row["at"].astimezone(work.settings.zone).date()
    given = row["data"].get("data") or {}
    return Notice(
        id=row["id"],
        number=notice.number(issued_on.year, row["id"]),
        kind=kind,
        title=FORMS[kind].title,
        law=FORMS[kind].law,
        issued_at=row["at"],
        issued_on=issued_on,
        project=project["id"],
        code=codes.code_of(work, project),
        project_name=project["name"],
        applicant=project["applicant"],
        item=item.id,
        item_name=names.item_name(built, item.id),
        department=item.department,
        department_name=department_name(work, item.department),
        person=row["actor"],
        person_name=people.get(row["actor"]) or row["actor"],
        **said(given),
        **due(work, kind, item, notice.accepted_on(given, issued_on)),
        deemed=given.get("deemed") is True,
    )


def said(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was given with an answer."""
    lists, texts = ("materials", "received"), ("reason", "legal_basis", "authority")
    return {name: notice.listed(given, name) for name in lists} | {
        name: notice.text(given, name) for name in texts
    }


def due(work: Work, kind: NoticeKind, item: Item, accepted_on: date) -> dict[str, Any]:
    """Return until when an item is to be decided that is accepted on a day."""
    accepted = kind is NoticeKind.ACCEPTED
    promised = item.promised_days if accepted else None
    dates: Deadlines | None = None
    if promised is not None:
        dates = item_deadlines(
            work.calendar,
            accepted_on,
            promised,
            statutory_days=item.statutory_days,
            statutory_unit=item.unit,
        )
    return {
        "accepted_on": accepted_on if accepted else None,
        "promised_days": promised,
        "promised_due_on": dates.promised_due_on if dates else None,
        "statutory_days": item.statutory_days if accepted else None,
        "statutory_unit": str(item.unit),
        "statutory_due_on": dates.statutory_due_on if dates else None,
    }


def department_name(work: Work, code: str) -> Name:
    """Return what a department is called."""
    known = (each.name for each in departments.find(work.settings) if each.id == code)
    return next(known, Name(code))
