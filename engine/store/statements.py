"""The statements of the hot path, built once: finding, locking and writing a step.

Bound names begin with `b_` where they would collide with a column that is set.
"""

from __future__ import annotations

from sqlalchemy import Update, bindparam, func, insert, select, update

from engine.store import tables as t

#: the id of the newest revision of the calendar, to be read along with something else
NEWEST_CALENDAR = select(func.max(t.calendar_revision.c.id)).scalar_subquery().label("calendar_id")

PROJECT_COLUMNS = (
    t.project.c.id,
    t.project.c.state,
    t.project.c.version,
    t.project.c.version_id,
    t.project.c.applicant_user_id,
    t.project.c.started_on,
    t.project.c.opened_on,
    t.project.c.suspended_on,
    t.project.c.name,
)

#: takes the project's lock and gives it its next version, by the id of one of its tasks
LOCK_PROJECT_OF_TASK = (
    update(t.project)
    .where(
        t.project.c.id
        == select(t.task.c.project_id).where(t.task.c.id == bindparam("b_task")).scalar_subquery()
    )
    .values(version=t.project.c.version + 1)
    .returning(*PROJECT_COLUMNS, NEWEST_CALENDAR)
)

LOCK_PROJECT = (
    update(t.project)
    .where(t.project.c.id == bindparam("b_id"))
    .values(version=t.project.c.version + 1)
    .returning(*PROJECT_COLUMNS, NEWEST_CALENDAR)
)

#: gives a project its next version without reading it
NEXT_VERSION = (
    update(t.project)
    .where(t.project.c.id == bindparam("b_id"))
    .values(version=t.project.c.version + 1)
)

INSTANCE_COLUMNS = tuple(t.process_instance.c)

#: a task with its running diagram (`of_…`) and the activity it belongs to (`case_…`)
TASK_WITH_INSTANCE = (
    select(
        t.task,
        *(column.label(f"of_{column.name}") for column in INSTANCE_COLUMNS),
        *(column.label(f"case_{column.name}") for column in t.project_item.c),
    )
    .join(t.process_instance, t.process_instance.c.id == t.task.c.instance_id)
    .join(
        t.project_item,
        (t.project_item.c.project_id == t.task.c.project_id)
        & (t.project_item.c.item == t.task.c.item),
    )
    .where(t.task.c.id == bindparam("b_task"))
)

INSTANCE = select(*INSTANCE_COLUMNS).where(t.process_instance.c.id == bindparam("b_id"))

INSTANCES_WITH_GATES = select(*INSTANCE_COLUMNS).where(
    t.process_instance.c.project_id == bindparam("b_project"),
    t.process_instance.c.status == "running",
    t.process_instance.c.gates != "",
)

CHILDREN_OF_CALL = select(*INSTANCE_COLUMNS).where(
    t.process_instance.c.project_id == bindparam("b_project"),
    t.process_instance.c.parent_task == bindparam("b_task"),
    t.process_instance.c.status == "running",
)

RUNNING_INSTANCES = select(*INSTANCE_COLUMNS).where(
    t.process_instance.c.project_id == bindparam("b_project"),
    t.process_instance.c.status == "running",
)

RUNNING_IDS = RUNNING_INSTANCES.with_only_columns(t.process_instance.c.id)

CASES_OF_ITEM = RUNNING_INSTANCES.where(t.process_instance.c.item == bindparam("b_item"))

ITEM = select(t.project_item).where(
    t.project_item.c.project_id == bindparam("b_project"),
    t.project_item.c.item == bindparam("b_item"),
)

ITEMS = select(t.project_item).where(
    t.project_item.c.project_id == bindparam("b_project"),
    t.project_item.c.item.in_(bindparam("b_items", expanding=True)),
)

REACHED = select(t.project_item.c.item).where(
    t.project_item.c.project_id == bindparam("b_project"), t.project_item.c.decided_on.is_not(None)
)

INSERT_INSTANCE = insert(t.process_instance)
UPDATE_INSTANCE = (
    update(t.process_instance)
    .where(t.process_instance.c.id == bindparam("b_id"))
    .values(
        state=bindparam("b_state"),
        status=bindparam("b_status"),
        gates=bindparam("b_gates"),
        version=t.process_instance.c.version + 1,
    )
)
INSERT_TASK = insert(t.task)
END_TASK = (
    update(t.task)
    .where(t.task.c.id == bindparam("b_id"), t.task.c.state == "open")
    .values(
        state=bindparam("b_state"),
        outcome=bindparam("b_outcome"),
        ended_at=bindparam("b_at"),
        ended_by=bindparam("b_by"),
        version=t.task.c.version + 1,
    )
)
INSERT_TIMER = insert(t.timer)
END_TIMER = (
    update(t.timer)
    .where(t.timer.c.id == bindparam("b_id"), t.timer.c.state == "open")
    .values(state=bindparam("b_state"))
)
REOPEN_TIMER = update(t.timer).where(t.timer.c.id == bindparam("b_id")).values(state="open")
INSERT_HISTORY = insert(t.history)

ITEM_FIELDS = (
    "state",
    "attempt",
    "opened_on",
    "received_on",
    "accepted_on",
    "decided_on",
    "delivered_on",
    "promised_due_on",
    "statutory_due_on",
    "reviewed_on",
    "paused_on",
    "waited_days",
    "supplemented_on",
    "stopped_on",
    "extension_days",
    "gaps",
    "committed_on",
    "deemed_on",
)
UPDATE_ITEM = (
    update(t.project_item)
    .where(
        t.project_item.c.project_id == bindparam("b_project"),
        t.project_item.c.item == bindparam("b_item"),
    )
    .values({name: bindparam(f"b_{name}") for name in ITEM_FIELDS})
)


def project_update(identifier: int) -> Update:
    """Return an update of one project."""
    return update(t.project).where(t.project.c.id == identifier)
