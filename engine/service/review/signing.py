"""Minutes that wait for somebody's signature: found among rounds, and counted."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, func, not_, or_, select

from engine.rules.joint_review import OpinionKind
from engine.rules.minutes import MinutesState
from engine.service.review.rounds import LEADS
from engine.service.review.sheet import GONE
from engine.service.work import Actor
from engine.store import tables as t

rounds = t.review_round.c


def own_departments(actor: Actor) -> list[str]:
    """Return the departments somebody answers for."""
    return sorted({place for role, place in actor.roles if role in LEADS and place})


def own_counting(actor: Actor) -> Select[Any] | None:
    """Return the query of how many minutes wait for the actor; None for whom none can."""
    if not own_departments(actor):
        return None
    return select(func.count()).select_from(t.review_round).where(waits_for(actor))


def waits_for(actor: Actor) -> ColumnElement[bool]:
    """Return the condition of the rounds whose minutes a department of the actor's is to sign."""
    own = own_departments(actor)
    return or_(*(waits_for_department(each) for each in own)) if own else false()


def waits_for_department(department: str) -> ColumnElement[bool]:
    """Return the condition of the rounds whose minutes wait for a department.

    Who signs is what `engine.rules.minutes.signers` says, of what stands in the tables.
    """
    minutes, signature = t.minutes.c, t.minutes_signature.c
    mine = and_(signature.minutes_id == minutes.id, signature.department == department)
    signed = select(signature.minutes_id).where(mine).correlate(t.minutes).exists()
    unsigned = select(minutes.round_id).where(minutes.state == MinutesState.SIGNING, not_(signed))
    return and_(rounds.id.in_(unsigned), or_(rounds.lead == department, took_part(department)))


def took_part(department: str) -> ColumnElement[bool]:
    """Return the condition of the rounds in which a department was present, or spoke itself."""
    guest, said = t.review_participant.c, t.opinion.c
    of_it = (said.round_id == rounds.id, said.department == department)
    given = said.kind != OpinionKind.DEEMED_AGREE
    spoke = select(said.id).where(*of_it, given).correlate(t.review_round).exists()
    asked = (guest.round_id == rounds.id, guest.department == department)
    counts = guest.state.not_in(GONE)
    came = or_(guest.state == "present", spoke)
    return select(guest.department).where(*asked, counts, came).correlate(t.review_round).exists()
