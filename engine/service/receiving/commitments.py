"""Commitments (告知承诺): listed, checked by the department, put right, or revoked."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, select, update

from engine.errors import Forbidden, Invalid, NotFound
from engine.rules import commitment as rules
from engine.rules.catalogue import Name
from engine.rules.credit import Cause
from engine.rules.deadline import days_left
from engine.rules.lifecycle import check
from engine.rules.light import Light, task_light
from engine.service import access, codes, deployments, names
from engine.service.access import Row
from engine.service.ledger import event_row
from engine.service.pages import decode_cursor, number, page
from engine.service.receiving import credit
from engine.service.running import Running
from engine.service.views import Page
from engine.service.work import Actor, Work
from engine.store import statements as sql
from engine.store import tables as t

#: who of a department checks its commitments
CHECKERS = ("reviewer", "head")
table = t.commitment.c
STATES = (*rules.COMMITMENT, "to_check", "overdue", "all")
COPIED = (
    *("id", "item", "attempt", "department", "conditions", "committed_on", "state"),
    *("check_due_on", "checked_on", "checked_by", "findings", "rectify_by_on", "ended_on"),
    "version",
)


@dataclass(frozen=True, slots=True)
class CommitmentView:
    """A commitment. `due_on` is until when something is to be done about it, `light` how it stands.

    `days_left` are working days; negative when late.
    """

    id: int
    project: int
    project_name: str
    code: str
    applicant: str
    item: str
    item_name: Name
    attempt: int
    department: str
    conditions: str
    committed_on: date
    state: str
    check_due_on: date | None
    checked_on: date | None
    checked_by: str | None
    findings: str
    rectify_by_on: date | None
    ended_on: date | None
    due_on: date | None
    days_left: int | None
    light: Light
    version: int


def find(
    work: Work,
    *,
    state: str = "to_check",
    department: str | None = None,
    project: int | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[CommitmentView]:
    """Return commitments, what is to be checked first first; applicants see their own.

    `to_check` are those a department has something to do about, `overdue` those of them that are
    late. Raises Invalid.
    """
    if state not in STATES:
        raise Invalid(f"state must be one of {', '.join(STATES)}", field="state")
    query = columns().where(access.visible(work.actor), *of_state(work, state))
    query = query.order_by(ORDER, table.id).limit(limit + 1)
    if department:
        query = query.where(table.department == department)
    if project is not None:
        query = query.where(table.project_id == project)
    if cursor:
        on, identifier = decode_cursor(cursor, date.fromisoformat, number)
        later = (on < ORDER) | ((on == ORDER) & (table.id > identifier))
        query = query.where(later)
    rows = list(work.db.execute(query).mappings())
    found = page(rows, limit, lambda last: (last["due_order"], last["id"]))
    return Page([view(work, dict(row)) for row in found.items], found.next)


def of_project(work: Work, project: int, states: Collection[str]) -> list[CommitmentView]:
    """Return a project's commitments in some states, in order; the project is seen already."""
    query = columns().where(table.project_id == project, table.state.in_(tuple(states)))
    rows = work.db.execute(query.order_by(table.id)).mappings()
    return [view(work, dict(row)) for row in rows]


#: until when something is to be done; what asks for nothing comes last
NEVER = date(9999, 12, 31)
DUE = case(
    (table.state == "open", table.check_due_on), (table.state == "rectifying", table.rectify_by_on)
)
ORDER: ColumnElement[date] = func.coalesce(DUE, NEVER, type_=t.commitment.c.check_due_on.type)


def of_state(work: Work, state: str) -> list[ColumnElement[bool]]:
    """Return the conditions of the commitments in a state, or in one of several."""
    if state == "all":
        return []
    if state == "to_check":
        return [table.state.in_(rules.TO_CHECK)]
    if state == "overdue":
        return [and_(table.state.in_(rules.TO_CHECK), work.today > DUE)]
    return [table.state == state]


def columns() -> Select[Any]:
    """Return the query of commitments with their projects."""
    project = t.project.c
    return select(
        t.commitment,
        ORDER.label("due_order"),
        project.name.label("project_name"),
        project.applicant,
        project.created_at,
        project.version_id,
    ).join(t.project, project.id == table.project_id)


def counts(work: Work, *departments: str) -> Mapping[str, int]:
    """Return how many commitments there are to check, and how many of them are late.

    Of some departments, or of all.
    """
    number_, overdue = work.db.execute(counting(work, departments)).one()
    return {"to_check": int(number_), "overdue": int(overdue)}


def own_counting(work: Work) -> Select[Any] | None:
    """Return the query of the same for the departments the actor checks for, None for none."""
    places = sorted({place for role, place in work.actor.roles if role in CHECKERS and place})
    return counting(work, places) if places else None


def counting(work: Work, departments: Collection[str]) -> Select[Any]:
    """Return the query of one row: how many there are to check, and how many of them are late."""
    late = func.coalesce(func.sum(case((work.today > DUE, 1), else_=0)), 0)
    query = (
        select(func.count().label("to_check"), late.label("overdue"))
        .select_from(t.commitment)
        .join(t.project, t.project.c.id == table.project_id)
        .where(table.state.in_(rules.TO_CHECK), access.visible(work.actor))
    )
    if departments:
        query = query.where(table.department.in_(departments))
    return query


def view(work: Work, row: Row) -> CommitmentView:
    """Return a row as a commitment."""
    due = rules.due_on(row["state"], row["check_due_on"], row["rectify_by_on"])
    built = deployments.deployment(work.db, row["version_id"])
    opened = {"id": row["project_id"], "created_at": row["created_at"]}
    return CommitmentView(
        **{name: row[name] for name in COPIED},
        project=row["project_id"],
        project_name=row["project_name"],
        code=codes.code_of(work, opened),
        applicant=row["applicant"],
        item_name=names.item_name(built, row["item"]),
        due_on=due,
        days_left=None if due is None else days_left(work.calendar, due, work.today),
        light=light_of(work, row["state"], due),
    )


def light_of(work: Work, state: str, due: date | None) -> Light:
    """Return the light of a commitment; that of a late check is as a late task's."""
    if due is None:
        return {"kept": Light.DONE, "rectified": Light.DONE}.get(state, Light.GONE)
    return task_light(work.calendar, work.today, due, None, limits=work.rules.lights)


# -- checked -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Checking:
    """What a check came to: kept, rectify (by a date), rectified, or revoked.

    `findings` must be there where something is to be put right, or is revoked.
    """

    result: str
    findings: str = ""
    rectify_by_on: date | None = None


def check_kept(
    work: Work, identifier: int, given: Checking, expected_version: int | None = None
) -> CommitmentView:
    """Write down what the check of a commitment came to.

    Raises NotFound, Forbidden, Stale, Invalid, Conflict where it is not in a state to be checked.
    """
    row, project = locked(work, identifier, expected_version)
    state, findings = rules.check_result(
        given.result, given.findings, given.rectify_by_on, work.today
    )
    check(rules.COMMITMENT, row["state"], state, "the commitment")
    values: Row = {"state": state, "checked_on": work.today, "checked_by": work.actor.name}
    values["findings"] = findings or row["findings"]
    values["rectify_by_on"] = given.rectify_by_on if state == "rectifying" else row["rectify_by_on"]
    values["ended_on"] = None if state == "rectifying" else work.today
    change = update(t.commitment).where(table.id == identifier)
    work.db.execute(change.values(**values, version=table.version + 1))
    tell(work, row, state, findings, values["rectify_by_on"] if state == "rectifying" else None)
    if state == "revoked":
        revoke(work, row, project, findings)
    return get(work, identifier)


def revoke(work: Work, row: Row, project: Row, findings: str) -> None:
    """Revoke the decision: what is still open of the case ends, the applicant goes on record."""
    item = row["item"]
    running = Running(work, project, deployments.deployment(work.db, project["version_id"]))
    for instance in running.instances.of_item(item):
        running.stop(instance, "revoked")
    running.docket.move(running.docket.case(item), "revoked", reason=findings)
    running.write()
    months = work.rules.commitments.credit_months
    credit.note(work, row["project_id"], item, Cause.COMMITMENT, findings, months)


def locked(work: Work, identifier: int, expected_version: int | None) -> tuple[Row, Row]:
    """Return a commitment and its project, whose lock is taken. Raises NotFound, Forbidden."""
    query = select(t.commitment).where(table.id == identifier)
    row = access.only(work, query)
    if row is None:
        raise missing(identifier)
    if not may_check(work.actor, row["department"]):
        text = f"this needs the role {' or '.join(CHECKERS)} of {row['department']}"
        raise Forbidden(text, roles=list(CHECKERS), department=row["department"])
    project = access.lock(work, row["project_id"])
    row = access.only(work, query) or row
    access.check_version(row["version"], expected_version)
    return row, project


def may_check(actor: Actor, department: str) -> bool:
    """Tell whether an actor checks the commitments of a department."""
    return actor.is_admin or actor.bound(*CHECKERS, department=department)


def missing(identifier: int) -> NotFound:
    """Return the error that says there is no such commitment."""
    return NotFound(f"there is no commitment {identifier}", commitment=identifier)


def get(work: Work, identifier: int) -> CommitmentView:
    """Return a commitment. Raises NotFound."""
    query = columns().where(table.id == identifier, access.visible(work.actor))
    row = access.only(work, query)
    if row is None:
        raise missing(identifier)
    return view(work, row)


def tell(work: Work, row: Row, state: str, findings: str, by: date | None) -> None:
    """Add an event about a commitment to the history."""
    data: Row = {"commitment": row["id"], "department": row["department"]}
    data |= {"findings": findings} if findings else {}
    data |= {"rectify_by_on": str(by)} if by else {}
    event = event_row(work, row["project_id"], f"commitment.{state}", row["item"], data)
    work.db.execute(sql.INSERT_HISTORY, [event])
