"""Who sees a coaching, and who speaks for whom in it."""

from __future__ import annotations

import json

from sqlalchemy import ColumnElement, Text, cast, or_, true

from engine.errors import Forbidden
from engine.rules.coaching import CENTRE, NotTakingPart
from engine.service.access import Row
from engine.service.work import Actor
from engine.store import tables as t

#: roles of a department that give advice
COACHES = frozenset({"clerk", "reviewer", "head"})
#: roles that see every coaching
OVERSEERS = ("coordinator", "supervisor", "analyst")


def offices(actor: Actor) -> set[str]:
    """Return the departments an actor gives advice for."""
    return {place for role, place in actor.roles if role in COACHES and place}


def sees_all(actor: Actor) -> bool:
    """Tell whether an actor sees every coaching; the head of the government does, too."""
    return actor.has(*OVERSEERS) or actor.bound("head", department="")


def visible(actor: Actor) -> ColumnElement[bool]:
    """Return the condition of the coachings an actor sees: their own, or their department's."""
    if sees_all(actor):
        return true()
    own = t.coaching.c.applicant_user_id == (actor.id or 0)
    return or_(own, *(takes_part(place) for place in sorted(offices(actor))))


def takes_part(department: str) -> ColumnElement[bool]:
    """Return the condition of the coachings a department takes part in; the centre in all."""
    if department == CENTRE:
        return true()
    listed = cast(t.coaching.c.departments, Text)
    return listed.contains(json.dumps(department), autoescape=True)


def hidden(actor: Actor, row: Row) -> bool:
    """Tell whether a coaching is not the actor's to see, which to them is not there."""
    mine = actor.owns(row) or offices(actor) & set(row["departments"])
    return not (sees_all(actor) or mine)


def speaks_for(actor: Actor, department: str) -> bool:
    """Tell whether an actor may speak for a department, or as a coordinator for the centre."""
    if actor.is_admin:
        return True
    if department == CENTRE:
        return actor.has("coordinator")
    return department in offices(actor)


def require_to_speak(actor: Actor, row: Row, department: str) -> None:
    """Raise NotTakingPart, or Forbidden where the actor is not of the department."""
    check_part(row, department)
    if not speaks_for(actor, department):
        who = f"clerk, reviewer or head of {department}" if department else "coordinator"
        roles = sorted(COACHES) if department else ["coordinator"]
        raise Forbidden(f"this needs the role {who}", roles=roles, department=department)


def check_part(row: Row, department: str) -> None:
    """Raise NotTakingPart unless a department takes part; the service centre always does."""
    if department != CENTRE and department not in row["departments"]:
        text = f"{department} does not take part; those who do: {', '.join(row['departments'])}"
        raise NotTakingPart(text, field="department", departments=row["departments"])


def office_of(actor: Actor, row: Row) -> str:
    """Return for whom an actor speaks who does not say: their one department, or the centre."""
    mine = sorted(offices(actor) & set(row["departments"]))
    return mine[0] if len(mine) == 1 else CENTRE


def require_applicant(actor: Actor, row: Row) -> None:
    """Raise Forbidden unless the actor is the applicant, or a coordinator who acts for them."""
    if not (actor.owns(row) or actor.has("coordinator")):
        text = "only the applicant may do this, or a coordinator for them"
        raise Forbidden(text, roles=["applicant", "coordinator"])


def for_whom(actor: Actor, row: Row, department: str | None) -> str | None:
    """Return for whom somebody acts, as the history notes it, None where for themselves.

    `department` is None for what is the applicant's, who is noted as APPL.
    """
    if department is None:
        return None if actor.owns(row) else "APPL"
    plain = department in offices(actor) or (department == CENTRE and not actor.is_admin)
    return None if plain else department or None
