"""One box for everything: projects, coachings, items, procedures, and for administrators users."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select

from engine.rules.catalogue import Item, Name, Procedure
from engine.service import access, codes, deployments, identity, names
from engine.service.coaching import register
from engine.service.identity import UserView
from engine.service.work import Work
from engine.store import tables as t

SHORTEST, LONGEST = 1, 100


@dataclass(frozen=True, slots=True)
class ProjectFound:
    """A project whose name, applicant or code holds the text."""

    id: int
    code: str
    name: str
    applicant: str
    state: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class ItemFound:
    """An item of the newest procedures whose id or name holds the text; its open tasks."""

    id: str
    name: Name
    department: str
    open_tasks: int


@dataclass(frozen=True, slots=True)
class ProcedureFound:
    """A procedure whose id or name holds the text."""

    id: str
    name: Name


@dataclass(frozen=True, slots=True)
class CoachingFound:
    """A coaching whose name or applicant holds the text."""

    id: int
    name: str
    applicant: str
    state: str


@dataclass(frozen=True, slots=True)
class Found:
    """What a text stands for, the first few of each kind."""

    text: str
    projects: list[ProjectFound]
    items: list[ItemFound]
    procedures: list[ProcedureFound]
    users: list[UserView]
    coachings: list[CoachingFound]

    @property
    def total(self) -> int:
        """How much was found, as far as it is shown."""
        found = len(self.projects) + len(self.coachings) + len(self.items)
        return found + len(self.procedures) + len(self.users)


def find(work: Work, text: str, limit: int = 6) -> Found:
    """Return what a text stands for; nothing for an empty one. Applicants find what is theirs."""
    wanted = text.strip()[:LONGEST]
    if len(wanted) < SHORTEST:
        return Found("", [], [], [], [], [])
    users = identity.find(work, text=wanted, limit=limit).items if work.actor.is_admin else []
    newest = [built.procedure for built in deployments.newest(work.db)]
    return Found(
        wanted,
        projects(work, wanted, limit),
        items(work, wanted, newest, limit),
        [
            ProcedureFound(each.id, each.name)
            for each in newest
            if names.holds(wanted, each.id, each.name)
        ][:limit],
        users,
        coachings(work, wanted, limit),
    )


def projects(work: Work, text: str, limit: int) -> list[ProjectFound]:
    """Return projects: those whose name holds the text first, the newest of them first."""
    table = t.project.c
    columns = ("id", "name", "applicant", "state", "created_at")
    query = (
        select(*(table[name] for name in columns))
        .where(access.visible(work.actor), codes.matches(work, text))
        .order_by(table.name.icontains(text, autoescape=True).desc(), table.id.desc())
        .limit(limit)
    )
    rows = [dict(row) for row in work.db.execute(query).mappings()]
    return [ProjectFound(code=codes.code_of(work, row), **row) for row in rows]


def coachings(work: Work, text: str, limit: int) -> list[CoachingFound]:
    """Return coachings, the newest first."""
    table = t.coaching.c
    columns = ("id", "name", "applicant", "state")
    query = (
        select(*(table[name] for name in columns))
        .where(*register.common(work, register.Wanted(text=text)))
        .order_by(table.id.desc())
        .limit(limit)
    )
    return [CoachingFound(**row) for row in work.db.execute(query).mappings()]


def items(work: Work, text: str, newest: list[Procedure], limit: int) -> list[ItemFound]:
    """Return items of procedures, each once, with the open tasks that the actor may see."""
    found: dict[str, Item] = {}
    for procedure in newest:
        for item in procedure.items.values():
            if names.holds(text, item.id, item.name):
                found.setdefault(item.id, item)
    chosen = [found[name] for name in sorted(found)][:limit]
    counts = open_tasks(work, [item.id for item in chosen])
    return [
        ItemFound(item.id, item.name, item.department, counts.get(item.id, 0)) for item in chosen
    ]


def open_tasks(work: Work, names: list[str]) -> dict[str, int]:
    """Return how many tasks of items are open."""
    if not names:
        return {}
    task = t.task.c
    query = (
        select(task.item, func.count())
        .join(t.project, t.project.c.id == task.project_id)
        .where(task.state == "open", or_(*(task.item == name for name in names)))
        .where(access.visible(work.actor))
        .group_by(task.item)
    )
    return {name: int(number) for name, number in work.db.execute(query)}
