"""The applicants the city knows: those with an account, and those of earlier projects."""

from __future__ import annotations

from sqlalchemy import case, func, select

from engine.service.work import Work
from engine.store import tables as t

#: a form suggests at most so many
SUGGESTED = 200


def known(work: Work, limit: int = SUGGESTED) -> list[str]:
    """Return the names of applicants: with an account first, then by their newest project."""
    work.actor.require("coordinator")
    user, project = t.user.c, t.project.c
    shown = case((user.display_name != "", user.display_name), else_=user.name)
    accounts = (
        select(shown)
        .join(t.user_role, t.user_role.c.user_id == user.id)
        .where(t.user_role.c.role == "applicant", user.active)
        .order_by(shown)
        .limit(limit)
    )
    earlier = (
        select(project.applicant)
        .group_by(project.applicant)
        .order_by(func.max(project.id).desc())
        .limit(limit)
    )
    found = [*work.db.execute(accounts).scalars(), *work.db.execute(earlier).scalars()]
    return list(dict.fromkeys(found))[:limit]
