"""Credit records of applicants: made by a broken promise or by hand, lifted, expired."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, insert, select, update

from engine.errors import Conflict, Invalid, NotFound
from engine.rules import credit
from engine.rules.credit import Cause
from engine.service import access
from engine.service.access import Row
from engine.service.ledger import event_row
from engine.service.pages import decode_cursor, number, page
from engine.service.views import Page
from engine.service.work import Work
from engine.store import statements as sql
from engine.store import tables as t

#: who keeps the records
KEEPERS = ("coordinator", "supervisor")
#: characters of an applicant's name
MAX_NAME = 300
STATES = ("valid", "expired", "lifted", "all")
COPIED = (
    *("id", "applicant", "item", "cause", "note", "since_on", "until_on"),
    *("noted_at", "noted_by", "lifted_at", "lifted_by"),
)


@dataclass(frozen=True, slots=True)
class CreditRecordView:
    """A record. `state` is valid, expired or lifted; `project` is None where it is of none."""

    id: int
    applicant: str
    project: int | None
    project_name: str
    item: str
    cause: str
    note: str
    since_on: date
    until_on: date
    state: str
    noted_at: datetime
    noted_by: str
    lifted_at: datetime | None
    lifted_by: str | None


def check(work: Work, project: int) -> None:
    """Raise OnRecord where a project's applicant has a valid record."""
    credit.check(valid(work, project), work.today)


def valid(work: Work, project: int) -> Row | None:
    """Return the valid record of a project's applicant that lasts longest; None without."""
    table = t.credit_record
    query = (
        select(table)
        .join(t.project, t.project.c.applicant == table.c.applicant)
        .where(t.project.c.id == project, *STATE_CONDITIONS["valid"](work.today))
        .order_by(table.c.until_on.desc(), table.c.id)
        .limit(1)
    )
    return access.only(work, query)


def note(work: Work, project: int, item: str, cause: Cause, text: str, months: int) -> None:
    """Put a project's applicant on record for a promise that was broken; 0 months: no record."""
    if not months:
        return
    name = select(t.project.c.applicant).where(t.project.c.id == project)
    row = {
        "applicant": work.db.execute(name).scalar_one(),
        "project_id": project,
        "item": item,
        "cause": cause,
        "note": text,
        "until_on": credit.expires_on(work.today, months),
    }
    write(work, row)


def add(work: Work, applicant: str, text: str, until_on: date | None = None) -> CreditRecordView:
    """Put an applicant on record by hand, with a note why. Raises Forbidden, Invalid."""
    work.actor.require(*KEEPERS)
    until = until_on or credit.expires_on(work.today, work.rules.credit.months)
    row = {
        "applicant": named(applicant),
        "cause": Cause.OTHER,
        "note": credit.check_by_hand(text, work.today, until),
        "until_on": until,
    }
    return get(work, write(work, row))


def named(applicant: str) -> str:
    """Return the name of an applicant. Raises Invalid."""
    plain = applicant.strip()
    if not 0 < len(plain) <= MAX_NAME or not plain.isprintable():
        raise Invalid(f"applicant needs 1 to {MAX_NAME} printable characters", field="applicant")
    return plain


def write(work: Work, given: Row) -> int:
    """Write a record with its event; returns its id."""
    row = {"since_on": work.today, "noted_at": work.now, "noted_by": work.actor.name, **given}
    statement = insert(t.credit_record).values(row).returning(t.credit_record.c.id)
    identifier = int(work.db.execute(statement).scalar_one())
    tell(work, {**row, "id": identifier}, "credit.noted")
    return identifier


def lift(work: Work, identifier: int, text: str = "") -> CreditRecordView:
    """Lift a record before it expires.

    Raises Forbidden, NotFound, Conflict where it is not valid.
    """
    work.actor.require(*KEEPERS)
    row = row_of(work, identifier)
    if not credit.holds(row, work.today):
        state = credit.state(row, work.today)
        raise Conflict(f"the record is {state}; there is nothing to lift", state=state)
    table = t.credit_record
    mine = (table.c.id == identifier) & table.c.lifted_at.is_(None)
    change = update(table).where(mine)
    done = work.db.execute(change.values(lifted_at=work.now, lifted_by=work.actor.name))
    if done.rowcount != 1:
        raise Conflict("the record was lifted just now", state="lifted")
    tell(work, row, "credit.lifted", **({"note": text.strip()} if text.strip() else {}))
    return get(work, identifier)


def tell(work: Work, row: Row, event: str, **more: Any) -> None:
    """Add an event about a record to the history, its project's where there is one."""
    data = {"record": row["id"], "applicant": row["applicant"], "cause": row["cause"]}
    data |= {"until_on": str(row["until_on"]), **more}
    told = event_row(work, row.get("project_id"), event, row.get("item") or None, data)
    work.db.execute(sql.INSERT_HISTORY, [told])


# -- found -------------------------------------------------------------------------------------

table = t.credit_record.c
STATE_CONDITIONS: Mapping[str, Any] = {
    "valid": lambda today: (table.lifted_at.is_(None), table.until_on >= today),
    "expired": lambda today: (table.lifted_at.is_(None), table.until_on < today),
    "lifted": lambda _today: (table.lifted_at.is_not(None),),
    "all": lambda _today: (),
}


def columns() -> Select[Any]:
    """Return the query of records with the names of their projects."""
    return select(t.credit_record, t.project.c.name.label("project_name")).outerjoin(
        t.project, t.project.c.id == table.project_id
    )


def find(
    work: Work,
    *,
    state: str = "valid",
    text: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[CreditRecordView]:
    """Return records, the newest first; `text` is part of an applicant's name. Raises Invalid."""
    if state not in STATES:
        raise Invalid(f"state must be one of {', '.join(STATES)}", field="state")
    query = columns().where(*STATE_CONDITIONS[state](work.today)).order_by(table.id.desc())
    if text:
        query = query.where(matches(text))
    if cursor:
        query = query.where(table.id < decode_cursor(cursor, number)[0])
    rows = [view(work, dict(row)) for row in work.db.execute(query.limit(limit + 1)).mappings()]
    return page(rows, limit, lambda last: (last.id,))


def matches(text: str) -> ColumnElement[bool]:
    """Return the condition of the records whose applicant's name has a text in it."""
    return table.applicant.icontains(text, autoescape=True)


def row_of(work: Work, identifier: int) -> Row:
    """Return a record's row. Raises NotFound."""
    row = access.only(work, columns().where(table.id == identifier))
    if row is None:
        raise NotFound(f"there is no credit record {identifier}", record=identifier)
    return row


def get(work: Work, identifier: int) -> CreditRecordView:
    """Return a record. Raises NotFound."""
    return view(work, row_of(work, identifier))


def view(work: Work, row: Row) -> CreditRecordView:
    """Return a row as a record."""
    return CreditRecordView(
        **{name: row[name] for name in COPIED},
        project=row["project_id"],
        project_name=row["project_name"] or "",
        state=credit.state(row, work.today),
    )
