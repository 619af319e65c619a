"""Applications that count as accepted because nobody said otherwise in time (行政许可法 art. 32).

The service answers the task of receipt itself, in the words of the law; the history says so.
"""

from __future__ import annotations

from sqlalchemy import RowMapping, select

from engine.rules.deadline import STEP_DEADLINES
from engine.rules.receipt import deemed_from
from engine.service import overdue, tasks
from engine.service.incidents import StepFailed
from engine.service.tasks import ProjectStands, TaskEnded
from engine.service.work import Work
from engine.store import tables as t

#: what is answered at a step whose time has run out
ON_LAPSE = {step: rule.on_lapse for step, rule in STEP_DEADLINES.items() if rule.on_lapse}


def lapsed(work: Work, limit: int) -> list[RowMapping]:
    """Return the open tasks whose silence has a meaning and whose time has run out.

    Those that already failed for a reason in the diagram wait for somebody to mend it.
    """
    table = t.task.c
    query = (
        select(table.id, table.project_id)
        .join(t.project, t.project.c.id == table.project_id)
        .where(table.state == "open", table.element.in_(ON_LAPSE), ~table.stuck)
        .where(table.overdue_from <= work.now, t.project.c.state == "running")
        .order_by(table.overdue_from, table.id)
        .limit(limit)
    )
    return list(work.db.execute(query).mappings())


def accept(work: Work, task_id: str) -> bool:
    """Answer one of them, which is flagged as late all the same.

    False where somebody was faster, or the diagram offers no such answer.
    """
    overdue.flag(work, task_id)
    try:
        task, project = tasks.lock(work, task_id, None)
    except (TaskEnded, ProjectStands):
        return False
    outcome = ON_LAPSE[task["element"]]
    if outcome not in task["outcomes"] or task["overdue_from"] > work.now:
        return False
    received_on = task["created_at"].astimezone(work.settings.zone).date()
    from_on = deemed_from(work.calendar, received_on, task["due_on"])
    data = {"deemed": True, "received_on": str(received_on), "counted_from": str(from_on)}
    try:
        tasks.settle(work, task, project, outcome, data, clock_from=from_on)
    except StepFailed:
        # the incident is written; whoever mends the diagram retries it
        return False
    return True
