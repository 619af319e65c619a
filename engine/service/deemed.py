"""What counts as answered because nobody said otherwise in time.

An application of which the window was silent is accepted (行政许可法 art. 32); an item whose
department was silent past its promise is passed, so that others need not wait (超时默认). The
service answers the task itself, in the words of the diagram, and the history says so. No licence
comes of it: the department issues that, or is late again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sqlalchemy import RowMapping, select

from engine.rules.joint_review import DeemedCause, OpinionKind
from engine.rules.receipt import DEEM
from engine.service import overdue, tasks
from engine.service.access import Row
from engine.service.clock import stops
from engine.service.clock.receipt import receipt_day
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
    if task["lapses_at"] is None or task["lapses_at"] > work.now or not is_offered(task):
        return False
    act = ACTS.get(task["on_lapse"], accept_by_silence)
    try:
        act(work, task, project)
    except StepFailed:
        # the incident is written; whoever mends the diagram retries it
        return False
    return True


def is_offered(task: Row) -> bool:
    """Tell whether the diagram knows the answer; a default is nobody's to give but ours.

    No silence passes an item while a material is missing that its applicant promised.
    """
    if task["on_lapse"] == DEEM:
        return not task["case_gaps"]
    return task["on_lapse"] in ACTS or task["on_lapse"] in task["outcomes"]


def accept_by_silence(work: Work, task: Row, project: Row) -> None:
    """Accept an application, from the day it was received; the days it stood still do not count."""
    from_on = receipt_day(work, task["created_at"])
    stood = stops.of_item(stops.of_project(work, project["id"]), stops.PROJECT)
    data = {"deemed": True, "received_on": str(from_on), "counted_from": str(from_on)}
    tasks.settle(work, task, project, task["on_lapse"], data, began=(from_on, stood))


def pass_by_silence(work: Work, task: Row, project: Row) -> None:
    """Pass an item whose department was silent; it is to issue the paper at once."""
    data = {"deemed": True, "lapsed_on": str(task["due_on"])}
    tasks.settle(work, task, project, task["on_lapse"], data)


def agree_by_silence(work: Work, task: Row, project: Row) -> None:
    """Take a department that was asked for its opinion, and said nothing, as agreeing."""
    data = {"deemed": True, "lapsed_on": str(task["due_on"]), "cause": str(DeemedCause.TIMEOUT)}
    tasks.settle(work, task, project, task["on_lapse"], data)


#: by the outcome silence counts as; of any other the diagram must know the answer
ACTS: Mapping[str, Callable[[Work, Row, Row], None]] = {
    DEEM: pass_by_silence,
    OpinionKind.DEEMED_AGREE: agree_by_silence,
}
