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
        return actor.owns(project)
    return any((role, task["department"]) in actor.roles for role in task["roles"])


def forbidden(task: Row) -> Forbidden:
    """Return why a task is not the actor's."""
    if task["kind"] == Kind.APPLICANT:
        return Forbidden("only the project's applicant may do this", department="APPL")
    roles = " or ".join(task["roles"])
    text = f"this needs the role {roles} of {task['department']}"
    return Forbidden(text, roles=task["roles"], department=task["department"])


def on_behalf_of(actor: Actor, task: Row, project: Row) -> str | None:
    """Return for whom an admin acts where the task is not theirs."""
    roles = frozenset(each for each in actor.roles if each[0] != ADMIN)
    plain = Actor(actor.id, actor.name, roles)
    return None if may_complete(plain, task, project) else task["department"]
