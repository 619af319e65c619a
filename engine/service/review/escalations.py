"""Disagreements raised to the next level: the lead, a named department, the government.

Raised within so many days of the disagreement, settled there within so many more (proposed); while
a question is open the round is not concluded, and its conclusion waits. Whoever its level names has
a task to settle it, where the diagram of the round knows one.
"""

from __future__ import annotations

from sqlalchemy import insert, select, update

from engine.errors import Conflict, Forbidden, Invalid
from engine.rules.joint_review import LEVELS, NotConcludable, OpinionKind
from engine.service.access import Row
from engine.service.clock import recompute
from engine.service.review import letters
from engine.service.review.asking import complete_task
from engine.service.review.opinions import text_of
from engine.service.review.rounds import LEADS, change_round, locked_round, open_round, record
from engine.service.review.sheet import SETTLE, ReviewSheet
from engine.service.running import Running
from engine.service.work import Actor, Work
from engine.store import tables as t
from engine.workflow.deployment import QUESTION


def of_round(work: Work, identifier: int) -> list[Row]:
    """Return the questions of a round, in the order they were raised."""
    table = t.escalation
    query = select(table).where(table.c.round_id == identifier).order_by(table.c.id)
    return [dict(row) for row in work.db.execute(query).mappings()]


def raise_question(work: Work, identifier: int, question: str, version: int | None = None) -> Row:
    """Raise what departments disagree on to the next level; it has so many days to settle it.

    Raises Invalid without a question or a disagreement, Conflict where one is open or no level
    is left.
    """
    running, sheet = open_round(work, identifier, version)
    if not question.strip():
        raise Invalid("say what is to be settled", field="question")
    if OpinionKind.DISAGREE not in {voice.kind for voice in sheet.voices()}:
        raise Invalid("nobody disagrees: there is nothing to settle", field="question")
    level = next_level(of_round(work, identifier))
    days = work.rules.joint_review.settle_days
    row = {
        "round_id": identifier,
        "level": level,
        "question": question.strip(),
        "raised_on": work.today,
        "raised_by": work.actor.name,
        "settle_by_on": work.calendar.add(work.today, days),
    }
    table = t.escalation
    found = work.db.execute(insert(table).values(row).returning(*table.c)).mappings().one()
    change_round(work, sheet)
    told = {"level": level, "question": row["question"], "settle_by_on": str(row["settle_by_on"])}
    record(work, sheet, "review.raised", **told)
    ask(running, sheet)
    recompute.project(work, sheet.row["project_id"], "question_raised")
    letters.raised(work, sheet, dict(found))
    return dict(found)


def ask(running: Running, sheet: ReviewSheet) -> None:
    """Give whoever settles the open question a task."""
    definition = running.deployment.reviews.get(QUESTION)
    if definition is not None:
        where = {"stage": sheet.row["stage"], "round_id": sheet.id}
        running.move(running.instances.start(definition, {}, where))
        running.settle()


def next_level(before: list[Row]) -> str:
    """Return the level a question goes to. Raises Conflict."""
    if any(each["settled_on"] is None for each in before):
        raise Conflict("a question is open already", level=before[-1]["level"])
    if len(before) >= len(LEVELS):
        raise Conflict("the government has settled it; there is no further level")
    return LEVELS[len(before)]


def settle(work: Work, identifier: int, settlement: str, version: int | None = None) -> Row:
    """Settle the open question of a round: whoever its level names.

    Raises Invalid without a settlement, Conflict where none is open, Forbidden.
    """
    running, sheet = locked_round(work, identifier, version)
    row = open_question(of_round(work, identifier))
    if row is None:
        raise Conflict("no question is open", round=identifier)
    check_level(work, sheet, row["level"])
    settled = write(running, sheet, row, settlement)
    complete(running, sheet)
    return settled


def take(running: Running, sheet: ReviewSheet, _task: Row, _outcome: str, data: Row) -> None:
    """Write the settlement that answers its task. Raises Invalid, Conflict."""
    row = open_question(of_round(running.work, sheet.id))
    if row is None:
        raise Conflict("no question is open", round=sheet.id)
    write(running, sheet, row, text_of(data, "settlement"))


def write(running: Running, sheet: ReviewSheet, row: Row, settlement: str) -> Row:
    """Write how a question is settled; the conclusion waits no more. Raises Invalid."""
    work = running.work
    if not settlement.strip():
        raise Invalid("say how it is settled", field="settlement")
    settled = {
        "settled_on": work.today,
        "settled_by": work.actor.name,
        "settlement": settlement.strip(),
    }
    table = t.escalation
    work.db.execute(update(table).where(table.c.id == row["id"]).values(settled))
    change_round(work, sheet)
    record(work, sheet, "review.settled", level=row["level"], settlement=settlement.strip())
    recompute.project(work, sheet.row["project_id"], "question_settled")
    return {**row, **settled}


def complete(running: Running, sheet: ReviewSheet) -> None:
    """Complete the task of a question that was settled elsewhere, if it has one."""
    task = t.task.c
    found = running.work.db.execute(
        select(task.instance_id).where(
            *(task.project_id == sheet.row["project_id"], task.state == "open"),
            *(task.round_id == sheet.id, task.element == SETTLE),
        )
    ).scalar()
    if found is not None:
        complete_task(running, found, "settled")
        running.settle()


def open_question(rows: list[Row]) -> Row | None:
    """Return the question that is not settled."""
    return next((each for each in rows if each["settled_on"] is None), None)


def check_level(work: Work, sheet: ReviewSheet, level: str) -> None:
    """Raise Forbidden unless the actor is who settles at a level."""
    if not settles(work.actor, sheet.row["lead"], level):
        raise Forbidden(f"this is for the level {level} to settle", level=level)


def settles(actor: Actor, lead: str, level: str) -> bool:
    """Tell whether somebody settles at a level.

    The lead's own people, bound to that very department; the service centre's coordinators for
    the department the government named; the government's head, who is bound to no department.
    """
    may = {
        "lead": actor.bound(*LEADS, department=lead),
        "named_department": actor.has("coordinator"),
        "government": actor.bound("head", department=""),
    }
    return actor.is_admin or may[level]


def check_settled(work: Work, identifier: int) -> None:
    """Raise NotConcludable while a question is open."""
    row = open_question(of_round(work, identifier))
    if row is not None:
        text = f"a question is with {row['level']} until {row['settle_by_on']}"
        raise NotConcludable(text, level=row["level"])
