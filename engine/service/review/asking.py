"""Departments that are asked in a round, each by a diagram of its own, and asked no more."""

from __future__ import annotations

from sqlalchemy import insert, update

from engine.rules.joint_review import missing
from engine.service.access import Row
from engine.service.review.sheet import ReviewSheet
from engine.service.running import Running
from engine.service.work import Work
from engine.store import tables as t
from engine.workflow.deployment import OPINION, Deployment

#: what the gate of a round waits for
ALL_GIVEN = "round.opinions"


def ask(running: Running, sheet: ReviewSheet, department: str) -> None:
    """Ask a department for its opinion; one that was replaced, anew."""
    where = {"stage": sheet.row["stage"], "round_id": sheet.id}
    instance = running.instances.start(running.deployment.reviews[OPINION], {}, where)
    mine = {"round_id": sheet.id, "department": department}
    row = {
        "representative": None,
        "state": "invited",
        "guarded": is_guarded(running.deployment, department),
        "receipt_at": None,
        "receipt_by": None,
        "note": "",
        "instance_id": instance.id,
    }
    table = t.review_participant
    if department in sheet.participants:
        known = (table.c[name] == value for name, value in mine.items())
        running.work.db.execute(update(table).where(*known).values(row))
    else:
        running.work.db.execute(insert(table).values(**mine, **row))
    sheet.participants[department] = {**mine, **row}
    running.move(instance)


def is_guarded(built: Deployment, department: str) -> bool:
    """Tell whether a department decides on what could endanger others: silence is no opinion."""
    items = built.procedure.items.values()
    return any(item.guards for item in items if item.department == department)


def recall(running: Running, sheet: ReviewSheet, department: str) -> None:
    """Let what a department said before it was replaced count again, with its conditions.

    It may revise it until the conclusion, as any opinion.
    """
    said = sheet.opinions[department]
    table = t.review_condition
    mine = (table.c.opinion_id == said["id"], table.c.state == "dropped")
    running.work.db.execute(update(table).where(*mine).values(state="open"))
    complete_task(running, sheet.participants[department]["instance_id"], said["kind"])
    open_gate(running, sheet)
    running.settle()


def stop(running: Running, row: Row) -> None:
    """Take back the task of a participant that is asked no more."""
    instance = running.instances.load(row["instance_id"])
    if not instance.ended and instance.row["status"] == "running":
        running.stop(instance, "cancelled")


def drop_conditions(work: Work, sheet: ReviewSheet, department: str | None = None) -> None:
    """Drop the open conditions of an opinion that counts no more; None for all of the round."""
    table = t.review_condition
    mine = table.c.round_id == sheet.id
    if department is not None:
        mine &= table.c.department == department
    work.db.execute(update(table).where(mine, table.c.state == "open").values(state="dropped"))


def complete_task(running: Running, instance_id: str, outcome: str) -> None:
    """Complete the one task of an instance of a round, where it is still open."""
    instance = running.instances.load(instance_id)
    waiting = next(iter(instance.execution.before), None)
    if instance.row["status"] != "running" or waiting is None:
        return
    instance.completing[waiting] = outcome
    instance.execution.complete(waiting, {"outcome": outcome})
    running.move(instance)


def open_gate(running: Running, sheet: ReviewSheet) -> None:
    """Let the round go on to its conclusion once nobody's opinion is missing."""
    if missing(sheet.voices()):
        return
    main = running.instances.load(sheet.row["instance_id"])
    if main.execution.open_gates((ALL_GIVEN,)):
        running.move(main)
