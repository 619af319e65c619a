"""The opinion a department still owes once silence has spoken for it (补发意见)."""

from __future__ import annotations

from dataclasses import asdict

from sqlalchemy import select

from engine.errors import Conflict
from engine.rules.joint_review import Answer
from engine.service import tasks
from engine.service.review import sheet as review_sheet
from engine.service.review.opinions import FIELDS, participant_of
from engine.service.review.sheet import ISSUE
from engine.service.work import Work
from engine.store import tables as t


def issue(work: Work, identifier: int, department: str, answer: Answer) -> None:
    """Issue the opinion that a department owes: completes its task `issue-opinion`.

    After the conclusion it is kept, and changes nothing. Raises NotFound, Forbidden, Invalid,
    Conflict where it owes none.
    """
    participant = participant_of(review_sheet.read(work, identifier), department)
    task = t.task.c
    mine = (task.instance_id == participant["instance_id"], task.element == ISSUE)
    found = work.db.execute(select(task.id).where(*mine, task.state == "open")).scalar()
    if found is None:
        raise Conflict(f"{department} owes no opinion", department=department)
    data = {name: getattr(answer, name) for name in FIELDS}
    conditions = [{**asdict(each), "due_on": str(each.due_on)} for each in answer.conditions]
    lists = {"materials": list(answer.materials), "conditions": conditions}
    tasks.complete(work, found, str(answer.kind), {**data, **lists})
