"""What the tasks of a round bring about when they are answered, by their step."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from engine.rules.joint_review import Conclusion, Mode, RoundClosed, check_conclusion
from engine.service.access import Row
from engine.service.review import escalations, letters, minutes, opinions, promised
from engine.service.review.asking import drop_conditions
from engine.service.review.minutes_content import materials
from engine.service.review.opinions import text_of
from engine.service.review.rounds import OPEN, change_round, record
from engine.service.review.sheet import ISSUE, SETTLE, ReviewSheet
from engine.service.running import Running

Taken = Callable[[Running, ReviewSheet, Row, str, Row], None]


def take(running: Running, task: Row, outcome: str, data: Row) -> Row:
    """Write what an answer says, before the diagram goes on; returns what that asks besides.

    Raises Invalid, Conflict.
    """
    sheet = running.docket.review(task["round_id"])
    step = STEPS.get(task["element"])
    if step is not None:
        step(running, sheet, task, outcome, data)
    return facts(sheet)


def facts(sheet: ReviewSheet) -> Row:
    """Return what the diagram of a round asks: whether it met, and asked for material."""
    return {
        "met": sheet.row["mode"] == Mode.MEETING,
        "supplement": sheet.row["conclusion"] == Conclusion.SUPPLEMENT,
    }


def opinion(running: Running, sheet: ReviewSheet, task: Row, outcome: str, data: Row) -> None:
    """Write a department's opinion."""
    if sheet.row["state"] != OPEN:
        raise RoundClosed(f"the round is {sheet.row['state']}", state=sheet.row["state"])
    opinions.take(running, sheet, task["instance_id"], outcome, data)


def issue(running: Running, sheet: ReviewSheet, task: Row, outcome: str, data: Row) -> None:
    """Write the opinion of a department whose silence was taken as agreement.

    Until the conclusion it cures the default; afterwards it is on record, and changes nothing.
    """
    if sheet.row["state"] == OPEN:
        opinions.take(running, sheet, task["instance_id"], outcome, data)
    else:
        opinions.issued(running, sheet, task["department"], outcome, data)


def conclude(running: Running, sheet: ReviewSheet, _task: Row, outcome: str, data: Row) -> None:
    """Write the lead's conclusion."""
    reasons = text_of(data, "reasons")
    escalations.check_settled(running.work, sheet.id)
    check_conclusion(Conclusion(outcome), sheet.voices(), reasons)
    promised.check(running.work, sheet.id, outcome)
    work = running.work
    change_round(
        work,
        sheet,
        state="concluded",
        conclusion=outcome,
        reasons=reasons,
        concluded_at=work.now,
        concluded_by=work.actor.name,
    )
    if outcome != Conclusion.APPROVED:
        # nothing was agreed to that they could bind
        drop_conditions(work, sheet)
    told: dict[str, Any] = {"conclusion": outcome, "reasons": reasons}
    if outcome == Conclusion.SUPPLEMENT:
        told |= {"materials": materials(sheet), "lead": sheet.row["lead"]}
    record(work, sheet, "review.concluded", **told)


def supplement(running: Running, sheet: ReviewSheet, _task: Row, _outcome: str, _data: Row) -> None:
    """Close a round whose material has come: a further one can be launched."""
    change_round(running.work, sheet, state="closed")
    record(running.work, sheet, "review.supplemented")


def reply(running: Running, sheet: ReviewSheet, _task: Row, _outcome: str, data: Row) -> None:
    """Close a round with the one reply to the applicant."""
    change_round(running.work, sheet, state="closed", replied_at=running.work.now)
    record(running.work, sheet, "review.replied", text=text_of(data, "text"))
    letters.replied(running.work, sheet, text_of(data, "text"))


STEPS: Mapping[str, Taken] = {
    "give-opinion": opinion,
    ISSUE: issue,
    "conclude": conclude,
    SETTLE: escalations.take,
    "minutes": minutes.send,
    "supplement": supplement,
    "reply": reply,
}
