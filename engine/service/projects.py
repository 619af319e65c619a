"""Projects: opened, started, suspended, ended; and where one stands."""

from __future__ import annotations

from typing import Any

from sqlalchemy import RowMapping, insert, select

from engine.errors import Conflict, Invalid
from engine.rules import lifecycle
from engine.rules.procedure import START
from engine.service import access, codes, deployments, procedures, standing, standings
from engine.service.access import Row
from engine.service.cases import Case
from engine.service.clock import stops, suspensions
from engine.service.docket import Docket
from engine.service.ledger import event_row
from engine.service.pages import decode_cursor, number, page
from engine.service.review import rounds
from engine.service.running import Running
from engine.service.views import EventView, Page, ProjectSummary, ProjectView
from engine.service.work import Work
from engine.store import statements as sql
from engine.store import tables as t
from engine.workflow.deployment import Deployment

MAX_NAME = 300


def create(work: Work, name: str, procedure: str, applicant: str) -> ProjectView:
    """Open a project on the newest version of a procedure.

    An applicant opens projects of their own. Raises Invalid naming the field.
    """
    work.actor.require("coordinator", "applicant")
    name, applicant = checked("name", name), checked("applicant", applicant)
    version = procedures.latest(work, procedure)
    row = {
        "name": name,
        "applicant": applicant,
        "applicant_user_id": applicant_user(work, applicant),
        "version_id": version,
        "state": "draft",
        "created_at": work.now,
    }
    statement = insert(t.project).values(row).returning(t.project.c.id)
    identifier = int(work.db.execute(statement).scalar_one())
    built = deployments.deployment(work.db, version)
    work.db.execute(insert(t.project_item), item_rows(built, identifier))
    standings.refresh(work, identifier)
    record(work, identifier, "project.created", {"name": row["name"], "procedure": procedure})
    return get(work, identifier)


def checked(field: str, value: str) -> str:
    """Return a text without the space around it. Raises Invalid where it cannot be a name."""
    plain = value.strip()
    if not plain or len(plain) > MAX_NAME:
        raise Invalid(f"{field} needs 1 to {MAX_NAME} characters", field=field)
    if not plain.isprintable():
        raise Invalid(f"{field} has characters that cannot be printed", field=field)
    return plain


def applicant_user(work: Work, applicant: str) -> int | None:
    """Return the user who is the applicant: the actor where they are one, else by name.

    A display name that several applicants share names nobody.
    """
    if work.actor.id is not None and work.actor.has_plain("applicant"):
        return work.actor.id
    user = t.user.c
    query = (
        select(user.id, user.name)
        .join(t.user_role, t.user_role.c.user_id == user.id)
        .where(t.user_role.c.role == "applicant", user.active)
        .where((user.name == applicant) | (user.display_name == applicant))
        .distinct()
    )
    found = work.db.execute(query).all()
    by_name = [each.id for each in found if each.name == applicant]
    candidates = by_name or [each.id for each in found]
    return candidates[0] if len(candidates) == 1 else None


def item_rows(built: Deployment, project: int) -> list[Row]:
    """Return a row per activity of the procedure, and per task outside its network."""
    planned = {each.id: each for each in built.activities}
    items = built.procedure.items
    rows = [(each.id, each.stage, each.kind, each.department) for each in built.activities]
    for stage, definition in built.stages.items():
        names = {element.item for element in definition.elements.values()} - set(planned)
        outside = [items[name] for name in sorted(names & set(items))]
        rows.extend((item.id, stage, item.kind, item.department) for item in outside)
    columns = ("item", "stage", "kind", "department")
    fixed = {"project_id": project, "state": "not_started"}
    return [
        {
            **fixed,
            **dict(zip(columns, row, strict=True)),
            "promised_days": item.promised_days if (item := items.get(row[0])) else None,
        }
        for row in rows
    ]


def start(
    work: Work, identifier: int, *, reason: str = "", expected_version: int | None = None
) -> ProjectView:
    """Start a project: all its stages, which wait at their gates."""
    row = change(work, identifier, "running", expected_version, ("draft",), reason)
    built = deployments.deployment(work.db, row["version_id"])
    running = Running(work, row, built)
    running.project_changes.update(started_at=work.now, started_on=work.today)
    running.docket.case(START).reach(work.today)
    running.start_stages()
    return get(work, identifier)


def suspend(
    work: Work, identifier: int, *, reason: str = "", expected_version: int | None = None
) -> ProjectView:
    """Suspend a project: its tasks cannot be completed, and every clock stands still."""
    change(work, identifier, "suspended", expected_version, ("running",), reason)
    suspensions.begin_project(work, identifier, reason)
    return get(work, identifier)


def resume(
    work: Work, identifier: int, *, reason: str = "", expected_version: int | None = None
) -> ProjectView:
    """Let a suspended project go on: what was due later is due later by the days it stood still."""
    change(work, identifier, "running", expected_version, ("suspended",), reason)
    suspensions.end_project(work, identifier)
    return get(work, identifier)


def close(
    work: Work, identifier: int, *, reason: str = "", expected_version: int | None = None
) -> ProjectView:
    """End a project that will not be built, after a refusal for one."""
    return end(work, identifier, "closed", reason, expected_version)


def cancel(
    work: Work, identifier: int, *, reason: str = "", expected_version: int | None = None
) -> ProjectView:
    """End a project that should not have been opened."""
    return end(work, identifier, "cancelled", reason, expected_version)


def end(
    work: Work, identifier: int, state: str, reason: str, expected_version: int | None
) -> ProjectView:
    """Stop everything that runs of a project and give it its last state."""
    row = change(work, identifier, state, expected_version, (), reason)
    running = Running(work, row, deployments.deployment(work.db, row["version_id"]))
    for case in undecided(work, running.docket):
        running.docket.move(case, "cancelled")
    stops.close(work, identifier, stops.PROJECT)
    running.project_changes["ended_at"] = work.now
    running.stop_all()
    rounds.end_all(work, identifier)
    return get(work, identifier)


def undecided(work: Work, docket: Docket) -> list[Case]:
    """Return the cases that nobody has decided yet; what is decided stays so."""
    query = select(t.project_item).where(t.project_item.c.project_id == docket.project_id)
    cases = [docket.adopt(dict(row)) for row in work.db.execute(query).mappings()]
    return [case for case in cases if case.state in lifecycle.WITHDRAWABLE]


def change(
    work: Work,
    identifier: int,
    state: str,
    expected_version: int | None,
    allowed: tuple[str, ...],
    reason: str,
) -> Row:
    """Lock a project and move it to a state. Raises Conflict where the move is not listed."""
    row = access.lock(work, identifier, expected_version)
    starts = row["state"] == "draft" and state == "running"
    if not (starts and work.actor.owns(row)):
        work.actor.require("coordinator")
    lifecycle.check(lifecycle.PROJECT, row["state"], state, "the project")
    if allowed and row["state"] not in allowed:
        raise Conflict(f"the project is {row['state']}", state=row["state"], wanted=state)
    work.db.execute(sql.project_update(identifier).values(state=state))
    event = {"running": "started" if starts else "resumed"}.get(state, state)
    record(work, identifier, f"project.{event}", {"reason": reason} if reason else {})
    return {**row, "state": state}


def record(work: Work, project: int, event: str, data: dict[str, Any]) -> None:
    """Add an event to a project's history."""
    work.db.execute(sql.INSERT_HISTORY, [event_row(work, project, event, None, data)])


def get(work: Work, identifier: int) -> ProjectView:
    """Return a project: where it stands, what it is heading for, and what holds it."""
    return standing.view(work, access.row_of(work, identifier))


def critical_path(work: Work, identifier: int) -> dict[str, Any]:
    """Return the critical path of a running project, with its forecast."""
    return standing.critical_path(work, access.row_of(work, identifier))


def find(
    work: Work,
    *,
    state: str | None = None,
    procedure: str | None = None,
    text: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[ProjectSummary]:
    """Return projects, the newest first; applicants see their own."""
    table, version = t.project, t.procedure_version
    names = ("id", "name", "applicant", "state", "version", "created_at", "started_on", "opened_on")
    query = (
        select(
            *(table.c[name] for name in names),
            version.c.procedure,
            version.c.version.label("procedure_version"),
        )
        .join(version, version.c.id == table.c.version_id)
        .where(access.visible(work.actor))
        .order_by(table.c.id.desc())
        .limit(limit + 1)
    )
    if state:
        query = query.where(table.c.state == state)
    if procedure:
        query = query.where(version.c.procedure == procedure)
    if text:
        query = query.where(codes.matches(work, text))
    if cursor:
        query = query.where(table.c.id < decode_cursor(cursor, number)[0])
    found = work.db.execute(query).mappings()
    rows = [ProjectSummary(**row, code=codes.code_of(work, dict(row))) for row in found]
    return page(rows, limit, lambda last: (last.id,))


def history(
    work: Work, identifier: int, cursor: str | None = None, limit: int = 50
) -> Page[EventView]:
    """Return what happened to a project, in order."""
    access.row_of(work, identifier)
    query = (
        select(t.history)
        .where(t.history.c.project_id == identifier, access.told(work.actor))
        .order_by(t.history.c.id)
        .limit(limit + 1)
    )
    if cursor:
        query = query.where(t.history.c.id > decode_cursor(cursor, number)[0])
    rows = list(work.db.execute(query).mappings())
    found = page(rows, limit, lambda last: (last["id"],))
    return Page([event_view(row, str(row["id"])) for row in found.items], found.next)


def event_view(row: RowMapping, identifier: str) -> EventView:
    """Return a row of the history as an event."""
    return EventView(
        id=identifier,
        project=row["project_id"],
        at=row["at"],
        actor=row["actor"],
        on_behalf_of=row["on_behalf_of"],
        event=row["event"],
        item=row["item"],
        task=row["task_id"],
        data=row["data"],
    )
