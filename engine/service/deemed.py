"""What counts as answered because nobody said otherwise in time.

An application of which the window was silent is accepted (行政许可法 art. 32); an item whose
department was silent past its promise is passed, so that others need not wait (超时默认). The
service answers the task itself, in the words of the diagram, and the history says so. No licence
comes of it: the department issues that, or is late again.
"""

from __future__ import annotations

from sqlalchemy import RowMapping, select

from engine.rules.receipt import DEEM
from engine.service import overdue, silence, tasks
from engine.service.incidents import StepFailed
from engine.service.tasks import ItemStands, ProjectStands, TaskEnded
from engine.service.work import Work
from engine.store import tables as t


def lapsed(work: Work, limit: int) -> list[RowMapping]:
    """Return the open tasks whose silence has a meaning and whose time has run out.

    Those that already failed for a reason in the diagram wait for somebody to mend it, and no
    default passes an item while a promised material is missing.
    """
    table, item = t.task.c, t.project_item.c
    query = (
        select(table.id, table.project_id)
        .join(t.project, t.project.c.id == table.project_id)
        .outerjoin(
            t.project_item, (item.project_id == table.project_id) & (item.item == table.item)
        )
        .where(t.OPEN_TASK, table.lapses_at.is_not(None), ~table.stuck)
        .where(table.lapses_at <= work.now, t.project.c.state == "running")
        .where((table.on_lapse != DEEM) | (item.gaps == 0))
        .order_by(table.lapses_at, table.id)
        .limit(limit)
    )
    return list(work.db.execute(query).mappings())


def settle(work: Work, task_id: str) -> bool:
    """Answer one of them, which is flagged as late all the same.

    False where somebody was faster, or the diagram offers no such answer.
    """
    overdue.flag(work, task_id)
    try:
        task, project = tasks.lock(work, task_id, None)
    except (TaskEnded, ProjectStands, ItemStands):
        return False
    if not silence.has_come(work, task):
        return False
    data, began = silence.said(work, task, project)
    try:
        tasks.settle(work, task, project, task["on_lapse"], data, began=began)
    except StepFailed:
        # the incident is written; whoever mends the diagram retries it
        return False
    return True
