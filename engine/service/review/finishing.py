"""The last steps of a round by its lead: conclusion, minutes, reply. It finds the tasks itself."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select

from engine.errors import Conflict
from engine.rules.joint_review import Conclusion, check_conclusion
from engine.service import access, tasks
from engine.service.review import escalations, minutes
from engine.service.review.rounds import check_lead, locked_round
from engine.service.review.sheet import ReviewSheet
from engine.service.work import Work
from engine.store import tables as t

CONCLUDE, MINUTES, REPLY = "conclude", "minutes", "reply"


def conclude(
    work: Work, identifier: int, conclusion: str, reasons: str = "", version: int | None = None
) -> None:
    """Draw the conclusion of a round: completes the task `conclude`, for its lead.

    `version` is the round's. Raises RoundClosed, Stale, NotConcludable while an opinion or a
    settlement is missing, GapsOpen while promised materials are, Invalid, Forbidden.
    """
    _running, sheet = locked_round(work, identifier, version)
    escalations.check_settled(work, identifier)
    check_conclusion(Conclusion(conclusion), sheet.voices(), reasons)
    complete(work, sheet, CONCLUDE, conclusion, {"reasons": reasons})


def send(work: Work, identifier: int, texts: Mapping[str, str], version: int | None = None) -> None:
    """Write the lead's texts and send the minutes out: completes the task `minutes`.

    `version` is that of the minutes, 0 before the first draft. Raises Forbidden, Stale,
    RoundClosed, MinutesFixed, BadTemplate, Conflict where the round is not concluded.
    """
    sheet = minutes.draft(work, identifier, texts, version)
    complete(work, sheet, MINUTES, "drafted", {})


def answer(work: Work, identifier: int, text: str, version: int | None = None) -> None:
    """Send the one reply to the applicant: completes the task `reply`. `version` is the round's.

    Raises Forbidden, Stale, Conflict before the minutes are sealed.
    """
    _running, sheet, _row = minutes.locked(work, identifier, None)
    check_lead(work, sheet.row["lead"])
    access.check_version(sheet.row["version"], version)
    complete(work, sheet, REPLY, "replied", {"text": text.strip()})


def complete(
    work: Work, sheet: ReviewSheet, element: str, outcome: str, data: Mapping[str, str]
) -> None:
    """Complete the open task of a round at a step. Raises Conflict where there is none."""
    task = t.task.c
    query = select(task.id).where(
        task.instance_id == sheet.row["instance_id"],
        task.element == element,
        task.state == "open",
    )
    found = work.db.execute(query).scalar()
    if found is None:
        raise Conflict(f"the round does not stand at {element}", element=element)
    tasks.complete(work, found, outcome, data)
