"""What is late in joint reviews beside tasks: conditions and questions, each noted once."""

from __future__ import annotations

from typing import Any

from sqlalchemy import or_, select, update

from engine.errors import NotFound
from engine.rules.joint_review import Conclusion
from engine.service import access
from engine.service.access import Row
from engine.service.ledger import event_row
from engine.service.review import conditions, letters, rounds
from engine.service.review import sheet as review_sheet
from engine.service.review.sheet import SETTLE
from engine.service.work import Work
from engine.store import statements as sql
from engine.store import tables as t

#: conditions outlive the project's course, but not its end before time
TRACKED = ("running", "suspended", "completed")
condition, around = t.review_condition.c, t.review_round.c
escalation, task = t.escalation.c, t.task.c


def due(work: Work, limit: int) -> list[tuple[int, int]]:
    """Return the conditions of approved rounds that are late and not noted, with their projects."""
    query = (
        select(around.project_id, condition.id)
        .join(t.review_round, around.id == condition.round_id)
        .join(t.project, t.project.c.id == around.project_id)
        .where(condition.state == "open", condition.due_on < work.today, ~condition.noted_late)
        .where(around.conclusion == Conclusion.APPROVED, t.project.c.state.in_(TRACKED))
        .order_by(condition.due_on, condition.id)
        .limit(limit)
    )
    return [(row.project_id, row.id) for row in work.db.execute(query)]


def note(work: Work, project: int, identifier: int) -> bool:
    """Note one of them, and tell who is to meet it, who asked for it and the lead.

    False where it has ended, or somebody noted it meanwhile.
    """
    try:
        access.lock(work, project)
        row = conditions.only(work, identifier)
    except NotFound:
        return False
    if row["state"] != "open" or row["noted_late"] or row["due_on"] >= work.today:
        return False
    table = t.review_condition
    work.db.execute(update(table).where(table.c.id == identifier).values(noted_late=True))
    told(work, row)
    letters.condition_late(work, review_sheet.read(work, row["round_id"]), row)
    return True


def questions(work: Work, limit: int) -> list[tuple[int, int]]:
    """Return the questions that are not settled in time and not noted, with their projects.

    A question that has a task is late with it: its clock may stand still.
    """
    mine = (task.project_id == around.project_id) & (task.round_id == around.id)
    settles = mine & (task.element == SETTLE) & (task.state == "open")
    by_date = task.id.is_(None) & (escalation.settle_by_on < work.today)
    query = (
        select(around.project_id, escalation.id)
        .select_from(t.escalation)
        .join(t.review_round, around.id == escalation.round_id)
        .join(t.project, t.project.c.id == around.project_id)
        .outerjoin(t.task, settles)
        .where(escalation.settled_on.is_(None), ~escalation.noted_late)
        .where(around.state == "open", t.project.c.state == "running")
        .where(or_(task.overdue_from <= work.now, by_date))
        .order_by(escalation.settle_by_on, escalation.id)
        .limit(limit)
    )
    return [(row.project_id, row.id) for row in work.db.execute(query)]


def note_question(work: Work, project: int, identifier: int) -> bool:
    """Note one of them, and tell its level, the next one and the lead.

    False where it was settled, or somebody noted it meanwhile.
    """
    try:
        access.lock(work, project)
    except NotFound:
        return False
    table = t.escalation
    query = select(table).where(table.c.id == identifier, table.c.settled_on.is_(None))
    row = access.only(work, query.where(~table.c.noted_late))
    if row is None:
        return False
    work.db.execute(update(table).where(table.c.id == identifier).values(noted_late=True))
    sheet = review_sheet.read(work, row["round_id"])
    names = ("level", "question")
    data = {name: row[name] for name in names} | {"settle_by_on": str(row["settle_by_on"])}
    rounds.record(work, sheet, "review.question_late", **data)
    letters.question_late(work, sheet, row)
    return True


def told(work: Work, row: Row) -> None:
    """Write that a condition is late."""
    names = ("department", "text", "owner")
    data: dict[str, Any] = {"round": row["round_id"], "condition": row["id"]}
    data |= {name: row[name] for name in names} | {"due_on": str(row["due_on"])}
    event = event_row(work, row["project_id"], "review.condition_late", row["item"], data)
    work.db.execute(sql.INSERT_HISTORY, [event])
