"""Projects: opened, started, suspended, ended; and where one stands."""

from __future__ import annotations

from typing import Any

from sqlalchemy import RowMapping, insert, select

from engine.errors import Conflict, Invalid, NotFound, Stale
from engine.rules import lifecycle
from engine.service import deployments, procedures, standing
from engine.service.pages import decode_cursor, page
from engine.service.running import Running, event_row
from engine.service.views import EventView, Page, ProjectSummary, ProjectView
from engine.service.work import Work
from engine.store import statements as sql
from engine.store import tables as t

MAX_NAME = 300


def create(
    work: Work, name: str, procedure: str, applicant: str, *, expected: None = None
) -> ProjectView:
    """Open a project on the newest version of a procedure.

    An applicant opens projects of their own. Raises Invalid naming the field.
    """
    work.actor.require("coordinator", "applicant")
    for field, value in (("name", name), ("applicant", applicant)):
        if not value.strip() or len(value) > MAX_NAME:
            raise Invalid(f"{field} needs 1 to {MAX_NAME} characters", field=field)
    version = procedures.latest(work, procedure)
    row = {
        "name": name.strip(),
        "applicant": applicant.strip(),
        "applicant_user_id": applicant_user(work, applicant.strip()),
        "version_id": version,
        "state": "draft",
        "created_at": work.now,
    }
    statement = insert(t.project).values(row).returning(t.project.c.id)
    identifier = int(work.db.execute(statement).scalar_one())
    work.db.execute(insert(t.project_item), item_rows(work, identifier, version))
    record(work, identifier, "project.created", {"name": row["name"], "procedure": procedure})
    return get(work, identifier)


def applicant_user(work: Work, applicant: str) -> int | None:
    """Return the user who is the applicant: the actor where they are one, else by name."""
    if work.actor.id is not None and work.actor.has_plain("applicant"):
        return work.actor.id
    query = select(t.user.c.id).where(
        (t.user.c.name == applicant) | (t.user.c.display_name == applicant)
    )
    return work.db.execute(query.limit(1)).scalar_one_or_none()


def item_rows(work: Work, project: int, version: int) -> list[dict[str, Any]]:
    """Return a row per activity of the procedure."""
    built = deployments.deployment(work.db, version)
    return [
        {
            "project_id": project,
            "item": each.id,
            "stage": each.stage,
            "kind": each.kind,
            "department": each.department,
            "state": "not_started",
        }
        for each in built.activities
    ]


def lock(work: Work, identifier: int, expected_version: int | None = None) -> RowMapping:
    """Take a project's lock and return its row, its version already the next.

    Raises NotFound, or Stale where somebody changed it since it was read.
    """
    row = work.db.execute(sql.LOCK_PROJECT, {"b_id": identifier}).mappings().one_or_none()
    if row is None:
        raise NotFound(f"there is no project {identifier}", project=identifier)
    check_version(row["version"] - 1, expected_version)
    return row


def check_version(present: int, expected: int | None) -> None:
    """Raise Stale where a version is not the one that was read."""
    if expected is not None and expected != present:
        raise Stale(present_version=present, your_version=expected)


def may_see(work: Work, row: RowMapping) -> None:
    """Refuse an applicant another's project, as if it were not there."""
    if work.actor.only("applicant") and row["applicant_user_id"] != work.actor.id:
        raise NotFound(f"there is no project {row['id']}", project=row["id"])


def start(
    work: Work, identifier: int, *, reason: str = "", expected_version: int | None = None
) -> ProjectView:
    """Start a project: all its stages, which wait at their gates."""
    row = change(work, identifier, "running", expected_version, ("draft",), reason)
    built = deployments.deployment(work.db, row["version_id"])
    running = Running(work, row, built)
    running.project_changes.update(started_at=work.now, started_on=work.today)
    running.case("START").reach(work.today) if has_start(built) else None
    running.start_stages()
    return get(work, identifier)


def has_start(built: Any) -> bool:
    """Tell whether the network has a start milestone."""
    return any(each.id == "START" for each in built.activities)


def suspend(
    work: Work, identifier: int, *, reason: str = "", expected_version: int | None = None
) -> ProjectView:
    """Suspend a project: its tasks stay open and cannot be completed."""
    change(work, identifier, "suspended", expected_version, ("running",), reason)
    return get(work, identifier)


def resume(
    work: Work, identifier: int, *, reason: str = "", expected_version: int | None = None
) -> ProjectView:
    """Let a suspended project go on."""
    change(work, identifier, "running", expected_version, ("suspended",), reason)
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
    query = select(t.process_instance).where(
        t.process_instance.c.project_id == identifier, t.process_instance.c.status == "running"
    )
    for instance in work.db.execute(query).mappings().all():
        running.stop(dict(instance), "cancelled")
    for case in open_cases(work, running, identifier):
        case.row["state"] = "cancelled"
        case.changed = True
    running.project_changes["ended_at"] = work.now
    running.write()
    return get(work, identifier)


def open_cases(work: Work, running: Running, identifier: int) -> list[Any]:
    """Return the activities of a project that are under way."""
    ended = {"not_started", "delivered", "done", "reached", "cancelled"}
    ended |= lifecycle.CLOSED_WITHOUT_RESULT
    query = select(t.project_item).where(t.project_item.c.project_id == identifier)
    for row in work.db.execute(query).mappings():
        running.adopt_case(dict(row))
    return [case for case in running.cases.values() if case.state not in ended]


def change(
    work: Work,
    identifier: int,
    state: str,
    expected_version: int | None,
    allowed: tuple[str, ...],
    reason: str,
) -> RowMapping:
    """Lock a project and move it to a state. Raises Conflict where the move is not listed."""
    row = lock(work, identifier, expected_version)
    owner = row["applicant_user_id"] is not None and row["applicant_user_id"] == work.actor.id
    if not (owner and state == "running" and row["state"] == "draft"):
        work.actor.require("coordinator")
    lifecycle.check(lifecycle.PROJECT, row["state"], state, "the project")
    if allowed and row["state"] not in allowed:
        raise Conflict(f"the project is {row['state']}", state=row["state"], wanted=state)
    work.db.execute(sql.project_update(identifier).values(state=state))
    event = {"running": "started" if row["state"] == "draft" else "resumed"}.get(state, state)
    record(work, identifier, f"project.{event}", {"reason": reason} if reason else {})
    return row


def record(work: Work, project: int, event: str, data: dict[str, Any]) -> None:
    """Add an event to a project's history."""
    work.db.execute(sql.INSERT_HISTORY, [event_row(work, project, event, None, data)])


def row_of(work: Work, identifier: int) -> RowMapping:
    """Return a project's row with its procedure's. Raises NotFound."""
    query = (
        select(
            t.project,
            t.procedure_version.c.procedure,
            t.procedure_version.c.version.label("procedure_version"),
        )
        .join(t.procedure_version, t.procedure_version.c.id == t.project.c.version_id)
        .where(t.project.c.id == identifier)
    )
    row = work.db.execute(query).mappings().one_or_none()
    if row is None:
        raise NotFound(f"there is no project {identifier}", project=identifier)
    may_see(work, row)
    return row


def get(work: Work, identifier: int) -> ProjectView:
    """Return a project: where it stands, what it is heading for, and what holds it."""
    return standing.view(work, row_of(work, identifier))


def critical_path(work: Work, identifier: int) -> dict[str, Any]:
    """Return the critical path of a running project, with its forecast."""
    return standing.critical_path(work, row_of(work, identifier))


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
        .order_by(table.c.id.desc())
        .limit(limit + 1)
    )
    if work.actor.only("applicant"):
        query = query.where(table.c.applicant_user_id == work.actor.id)
    if state:
        query = query.where(table.c.state == state)
    if procedure:
        query = query.where(version.c.procedure == procedure)
    if text:
        like = f"%{text.replace('%', '').replace('_', '')}%"
        query = query.where(table.c.name.like(like) | table.c.applicant.like(like))
    if cursor:
        query = query.where(table.c.id < decode_cursor(cursor, int)[0])
    rows = [ProjectSummary(**row) for row in work.db.execute(query).mappings()]
    return page(rows, limit, lambda last: (last.id,))


def history(
    work: Work, identifier: int, cursor: str | None = None, limit: int = 50
) -> Page[EventView]:
    """Return what happened to a project, in order."""
    row_of(work, identifier)
    query = (
        select(t.history)
        .where(t.history.c.project_id == identifier)
        .order_by(t.history.c.id)
        .limit(limit + 1)
    )
    if cursor:
        query = query.where(t.history.c.id > decode_cursor(cursor, int)[0])
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
