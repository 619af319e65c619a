"""What the desk of a task reads: a statement for each kind of row, none grows with the project."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, and_, false, func, or_, select

from engine.errors import NotFound
from engine.rules.extension import ExtensionState
from engine.rules.procedure import Kind
from engine.service import access, attachments, tasks
from engine.service.access import Row
from engine.service.clock import stops
from engine.service.projects import event_view
from engine.service.views import AttachmentView, EventView, TaskView
from engine.service.work import Work
from engine.store import tables as t

#: what its row says of a task beside what everybody is shown
OF_TASK = ("instance_id", "assignee_id", "stuck", "days", "stopped_on", "on_lapse", "lapses_at")
#: by what a project's history tells of answers
COMPLETED = "task.completed"


def row_of(work: Work, identifier: str) -> Row:
    """Return a task's row with its project's. Raises NotFound."""
    history, project = t.history.c, t.project.c
    present, past = t.project_item.c, t.past_case.c
    seen = select(func.max(history.id)).where(history.project_id == project.id)
    query = (
        tasks.columns()
        .add_columns(
            *(t.task.c[name] for name in OF_TASK),
            *(project[name] for name in ("applicant", "version_id")),
            project.state.label("project_state"),
            project.created_at.label("project_created_at"),
            project.ended_at.label("project_ended_at"),
            t.process_instance.c.item.label("case_item"),
            t.process_instance.c.attempt.label("attempt"),
            func.coalesce(present.deemed_on, past.deemed_on).label("deemed_on"),
            seen.scalar_subquery().label("seen"),
        )
        .join(t.process_instance, t.process_instance.c.id == t.task.c.instance_id)
        .outerjoin(t.project_item, of_its_case(present))
        .outerjoin(t.past_case, of_its_case(past))
        .where(t.task.c.id == identifier)
    )
    row = access.only(work, query)
    if row is None or access.hidden_task(work.actor, row):
        raise NotFound(f"there is no task {identifier}", task=identifier)
    return row


def of_its_case(table: Any) -> ColumnElement[bool]:
    """Return the condition of the application a task belongs to, by the columns of a table."""
    task, instance = t.task.c, t.process_instance.c
    same: ColumnElement[bool] = (table.project_id == task.project_id) & (table.item == task.item)
    return and_(same, table.attempt == instance.attempt)


def cases(
    work: Work, project: int, item: str, others: Collection[str] = ()
) -> tuple[dict[str, Row], list[Row]]:
    """Return an activity of a project and others of it, by item, and the stops of the first one.

    Those of the whole project are among them, the earliest first. The columns of its extension,
    asked for or approved, begin with `extension_of_`.
    """
    table, stop, more = t.project_item, t.suspension, t.extension
    extends = (more.c.project_id == table.c.project_id) & (more.c.item == table.c.item)
    extends &= (more.c.attempt == table.c.attempt) & (more.c.state != ExtensionState.DECLINED)
    mine = (stop.c.project_id == table.c.project_id) & stop.c.item.in_((stops.PROJECT, item))
    query = (
        select(
            table,
            *(column.label(f"stop_{column.name}") for column in stop.c),
            *(column.label(f"extension_of_{column.name}") for column in more.c),
        )
        .outerjoin(stop, mine & (table.c.item == item))
        .outerjoin(more, extends & (table.c.item == item))
        .where(table.c.project_id == project, table.c.item.in_((item, *others)))
        .order_by(stop.c.from_on, stop.c.id)
    )
    rows = [dict(row) for row in work.db.execute(query).mappings()]
    stood = [tasks.part(row, "stop_") for row in rows if row["stop_id"] is not None]
    return {row["item"]: row for row in rows}, stood


def extension(case: Row) -> Row | None:
    """Return the extension that was read with an activity, None where there is none."""
    found = tasks.part(case, "extension_of_")
    return found if found["id"] is not None else None


def events(work: Work, task: Row) -> list[EventView]:
    """Return the answers of a task's case."""
    history = t.history
    query = (
        select(history)
        .join(t.task, t.task.c.id == history.c.task_id)
        .where(history.c.project_id == task["project"], history.c.item == task["item"])
        .where(history.c.event == COMPLETED, t.task.c.instance_id == task["instance_id"])
        .order_by(history.c.id)
    )
    return [event_view(row, str(row["id"])) for row in work.db.execute(query).mappings()]


def files(work: Work, project: int, item: str) -> list[AttachmentView]:
    """Return the attachments of an item, every version, the newest first."""
    table = t.attachment
    mine = (table.c.project_id == project) & (table.c.item == item)
    query = select(table).where(mine).order_by(table.c.id.desc())
    return [attachments.view(row) for row in work.db.execute(query).mappings()]


def people(work: Work, task: Row, names: Collection[str | None]) -> Sequence[RowMapping]:
    """Return the users of these names; for a coordinator also all who may work on the task.

    `may_work` marks the latter.
    """
    user = t.user.c
    may_work = may_work_on(work, task)
    query = (
        select(user.name, user.display_name, (may_work & user.active).label("may_work"))
        .where(or_(user.name.in_({name for name in names if name}), may_work))
        .order_by(user.display_name, user.name)
    )
    return work.db.execute(query).mappings().all()


def may_work_on(work: Work, task: Row) -> ColumnElement[bool]:
    """Return the condition of the users a coordinator may give a task to."""
    if task["kind"] == Kind.APPLICANT or not work.actor.has("coordinator"):
        return false()
    held = t.user_role.c
    fitting = held.role.in_(task["roles"]) & (held.department == task["department"])
    users: Any = select(held.user_id).where(fitting)
    return t.user.c.id.in_(users)


def answered(work: Work, task: TaskView) -> EventView:
    """Return the answer that completed a task."""
    table = t.history
    mine = (table.c.project_id == task.project) & (table.c.task_id == task.id)
    query = select(table).where(mine, table.c.event == COMPLETED).order_by(table.c.id.desc())
    row = work.db.execute(query.limit(1)).mappings().one()
    return event_view(row, str(row["id"]))
