"""What staying away from a meeting without good reason leaves with electronic supervision."""

from __future__ import annotations

from engine.rules.supervision import BREACHES
from engine.service import access
from engine.service.access import Row
from engine.service.review.convened import ASKED
from engine.service.supervision import issuing
from engine.service.work import Work
from engine.store import tables as t

BREACH = BREACHES["absent_from_review"]


def card(work: Work, participant: Row) -> None:
    """Give a department that stayed away its card, once; where the city gives cards by itself.

    Who did not answer in time gets one for the task that grew late; of an absence none does.
    """
    task = t.task.c
    mine = (task.instance_id == participant["instance_id"], task.element == ASKED)
    row = access.only(work, issuing.task_rows().where(*mine).limit(1))
    if row is None or not work.rules.cards.automatic:
        return
    if not issuing.has_card(work, row["id"], BREACH.id, BREACH.colour):
        issuing.write(work, issuing.of_task(row) | issuing.given_for(BREACH, BREACH.colour))
