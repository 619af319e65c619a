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
from engine.rules.case_clock import ClockFacts, deadlines
from engine.rules.catalogue import Item, Name
from engine.rules.notice import FORMS, NoticeKind
from engine.rules.suspension import REASONS, StopReason
from engine.service import access, codes, departments, deployments, names, notice_trust
from engine.service.access import Row
from engine.service.notice_trust import TrustTold
from engine.service.work import Work
from engine.store import tables as t

#: events that may bring about a notice
TELLING = (notice.ANSWERED, notice.REVIEWED, *notice.EVENTS, *notice.TRUST_EVENTS)


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice. `id` is that of the event it tells of, by which it is numbered.

    `materials` are those that are missing, `received` those that were handed in, `corrected` what
    was put right on the spot. What was not
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
    corrected: list[str]
    reason: str
    legal_basis: str
    authority: str
    deemed: bool
    accepted_on: date | None
    promised_days: int | None
    promised_unit: str
    promised_due_on: date | None
    statutory_days: int | None
    statutory_unit: str
    statutory_due_on: date | None
    clock: ClockTold | None = None
    trust: TrustTold | None = None


@dataclass(frozen=True, slots=True)
class ClockTold:
    """What a notice says of a clock: that it stands still, goes on, or has more days.

    `reason` is a stop's, `source` what lists it; `reference` that of the paper it was told with.
    `until_on` is the day it went on. `extension_days` are of `unit`, approved by the head of the
    department `approver`, or ('') of the government.
    """

    reason: Name
    source: str
    reference: str
    expected_days: int | None
    expected_on: date | None
    from_on: date | None
    until_on: date | None
    extension_days: int | None
    unit: str
    approver: str


def find(work: Work, project_id: int, item: str | None = None) -> list[Notice]:
    """Return a project's notices, or an item's, in order. Raises NotFound."""
    project = access.row_of(work, project_id)
    table = t.history
    query = (
        select(table)
        .where(table.c.project_id == project_id, table.c.event.in_(TELLING))
        .order_by(table.c.id)
    )
    if item is not None:
        query = query.where(table.c.item == item)
    rows = [row for row in work.db.execute(query).mappings() if kind_of(row)]
    people = display_names(work, [row["actor"] for row in rows])
    return [view(work, project, row, people) for row in rows]


def get(work: Work, identifier: int) -> Notice:
    """Return a notice by the id of its event. Raises NotFound where that brought about none."""
    query = select(t.history).where(t.history.c.id == identifier, t.history.c.event.in_(TELLING))
    row = work.db.execute(query).mappings().one_or_none()
    if row is None or kind_of(row) is None:
        raise NotFound(f"there is no notice {identifier}", notice=identifier)
    project = access.row_of(work, row["project_id"])
    return view(work, project, row, display_names(work, [row["actor"]]))


def kind_of(row: RowMapping) -> NoticeKind | None:
    """Return the kind of notice that an event brings about."""
    return notice.kind_of_event(row["event"], row["data"])


def display_names(work: Work, users: Sequence[str]) -> Mapping[str, str]:
    """Return what users are called, by their names."""
    user = t.user.c
    query = select(user.name, user.display_name).where(user.name.in_(sorted(set(users))))
    return {row.name: row.display_name for row in work.db.execute(query)} if users else {}


def view(work: Work, project: Row, row: RowMapping, people: Mapping[str, str]) -> Notice:
    """Return the notice that an answer brought about."""
    built = deployments.deployment(work.db, project["version_id"])
    item = built.procedure.items.get(row["item"]) or Item(row["item"], Name(row["item"]))
    kind = NoticeKind(kind_of(row) or "")
    issued_on = row["at"].astimezone(work.settings.zone).date()
    clock = row["event"] in notice.EVENTS
    own = clock or row["event"] in {notice.REVIEWED, *notice.TRUST_EVENTS}
    given = row["data"] if own else row["data"].get("data") or {}
    department = notice.text(given, "lead") or item.department
    until = told_until(given) if clock else due(work, kind, item, row["data"], issued_on)
    told = clock_told(given) if clock else None
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
        department=department,
        department_name=department_name(work, department),
        person=row["actor"],
        person_name=people.get(row["actor"]) or row["actor"],
        **said(given) | ({"reason": told.reason.zh} if told else {}),
        **until,
        deemed=given.get("deemed") is True,
        clock=told,
        trust=notice_trust.told(item, row["data"]),
    )


def said(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was given with an answer."""
    lists = ("materials", "received", "corrected")
    texts = ("reason", "legal_basis", "authority")
    found: dict[str, Any] = {name: notice.listed(given, name) for name in lists}
    found |= {name: notice.text(given, name) for name in texts}
    reasons = (notice.text(given, name) for name in ("reason", "reasons", "findings"))
    return found | {"reason": next(filter(None, reasons), "")}


def due(
    work: Work, kind: NoticeKind, item: Item, answer: Mapping[str, Any], issued_on: date
) -> dict[str, Any]:
    """Return until when an item is to be decided that is accepted, by what is told of that."""
    accepted, promised = kind in notice.ACCEPTANCES, item.promised
    accepted_on = notice.accepted_on(answer, issued_on)
    dates = None
    if accepted and promised is not None:
        facts = ClockFacts(accepted_on, promised, item.statutory)
        dates = deadlines(work.calendar, facts)
    return {
        "accepted_on": accepted_on if accepted else None,
        "promised_days": promised.days if promised and accepted else None,
        "promised_unit": str(item.promised_unit),
        "promised_due_on": dates.promised_due_on if dates else None,
        "statutory_days": item.statutory_days if accepted else None,
        "statutory_unit": str(item.unit),
        "statutory_due_on": dates.statutory_due_on if dates else None,
    }


def told_until(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the due dates that were told with what became of a clock."""
    return {
        "accepted_on": None,
        "promised_days": None,
        "promised_unit": "",
        "promised_due_on": day(given, "promised_due_on"),
        "statutory_days": None,
        "statutory_unit": "",
        "statutory_due_on": day(given, "statutory_due_on"),
    }


def clock_told(given: Mapping[str, Any]) -> ClockTold:
    """Return what became of a clock."""
    rule = REASONS[StopReason(given["reason"])] if "stop" in given else None
    return ClockTold(
        reason=Name(rule.zh, rule.en) if rule else Name(notice.text(given, "reason")),
        source=rule.source if rule else notice.text(given, "source"),
        reference=notice.text(given, "notice"),
        expected_days=given.get("expected_days"),
        expected_on=day(given, "expected_on"),
        from_on=day(given, "from_on"),
        until_on=day(given, "until_on"),
        extension_days=given.get("days"),
        unit=notice.text(given, "unit"),
        approver=notice.text(given, "approver"),
    )


def day(given: Mapping[str, Any], name: str) -> date | None:
    """Return a date that stands with an event."""
    text = notice.text(given, name)
    return date.fromisoformat(text) if text else None


def department_name(work: Work, code: str) -> Name:
    """Return what a department is called."""
    known = (each.name for each in departments.find(work.settings) if each.id == code)
    return next(known, Name(code))
