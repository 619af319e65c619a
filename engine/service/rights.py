"""Who may work on a task: its role in its department, the applicant of its project, an admin."""

from __future__ import annotations

from engine.errors import Forbidden
from engine.rules.procedure import Kind
from engine.service.access import Row
from engine.service.work import ADMIN, Actor


def may_complete(actor: Actor, task: Row, project: Row) -> bool:
    """Tell whether an actor may work on a task: in its role, of its department, or an admin."""
    if actor.is_admin:
        return True
    if task["kind"] == Kind.APPLICANT:
        return actor.owns(project) or (without_account(project) and actor.has("coordinator"))
    return actor.bound(*task["roles"], department=task["department"])


def without_account(project: Row) -> bool:
    """Tell whether the applicant has no account: the service centre then acts for them."""
    return project["applicant_user_id"] is None


def forbidden(task: Row) -> Forbidden:
    """Return why a task is not the actor's."""
    if task["kind"] == Kind.APPLICANT:
        return Forbidden("only the project's applicant may do this", department="APPL")
    roles = " or ".join(task["roles"])
    text = f"this needs the role {roles} of {task['department']}"
    return Forbidden(text, roles=task["roles"], department=task["department"])


def on_behalf_of(actor: Actor, task: Row, project: Row, assignee: str | None) -> str | None:
    """Return for whom somebody acts whose task it is not: its assignee, or the department."""
    roles = frozenset(each for each in actor.roles if each[0] not in {ADMIN, "coordinator"})
    plain = Actor(actor.id, actor.name, roles)
    mine = assignee in {None, actor.name} and may_complete(plain, task, project)
    return None if mine else assignee or task["department"]
