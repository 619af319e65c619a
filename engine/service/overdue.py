"""Late tasks: flagged once, in the history of their project."""

from __future__ import annotations

from sqlalchemy import RowMapping, select, update

from engine.service.ledger import event_row
from engine.service.work import Work
from engine.store import statements as sql
from engine.store import tables as t


def late(work: Work, limit: int) -> list[RowMapping]:
    """Return open tasks whose due day has ended and that are not flagged, the oldest first.

    Those of suspended projects are not among them: they are flagged when it goes on.
    """
    table = t.task.c
    query = (
        select(table.id, table.project_id)
        .join(t.project, t.project.c.id == table.project_id)
        .where(t.OPEN_TASK, t.NOT_OVERDUE, table.overdue_from <= work.now)
        .where(t.project.c.state == "running")
        .order_by(table.overdue_from, table.id)
        .limit(limit)
    )
    return list(work.db.execute(query).mappings())


def flag(work: Work, task_id: str) -> bool:
    """Flag one task as overdue; False where somebody did already, or it has ended.

    Takes the project's lock first, as every step does, so that two sweeps and a completion
    queue up and each late task is flagged once.
    """
    project = work.db.execute(sql.LOCK_PROJECT_OF_TASK, {"b_task": task_id}).mappings().one()
    if project["state"] != "running":
        return False
    table = t.task
    change = (
        update(table)
        .where(table.c.id == task_id, table.c.state == "open", ~table.c.overdue)
        .values(overdue=True, card_look_on=work.today, version=table.c.version + 1)
        .returning(table.c.item, table.c.element, table.c.department, table.c.due_on)
    )
    row = work.db.execute(change).mappings().one_or_none()
    if row is None:
        return False
    data = {
        "element": row["element"],
        "department": row["department"],
        "due_on": str(row["due_on"]),
    }
    event = event_row(work, project["id"], "task.overdue", row["item"], data, task_id=task_id)
    work.db.execute(sql.INSERT_HISTORY, [event])
    return True
