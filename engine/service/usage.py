"""How many projects run on each deployed version."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import case, func, select

from engine.service import access
from engine.service.work import Work
from engine.store import tables as t

#: states of a project that is neither ended nor yet to begin
RUNNING = ("running", "suspended")


@dataclass(frozen=True, slots=True)
class Usage:
    """How many projects there are, and how many of them are under way."""

    running: int = 0
    projects: int = 0

    def __add__(self, other: Usage) -> Usage:
        return Usage(self.running + other.running, self.projects + other.projects)


ByVersion = Mapping[int, Usage]


def by_version(work: Work, procedure: str | None = None) -> ByVersion:
    """Return the use of every version that some project keeps; applicants count their own."""
    project = t.project.c
    running = func.sum(case((project.state.in_(RUNNING), 1), else_=0)).label("running")
    query = (
        select(project.version_id, running, func.count().label("projects"))
        .where(access.visible(work.actor))
        .group_by(project.version_id)
    )
    if procedure is not None:
        version = t.procedure_version.c
        query = query.where(
            project.version_id.in_(select(version.id).where(version.procedure == procedure))
        )
    return {row.version_id: Usage(int(row.running), row.projects) for row in work.db.execute(query)}


def total(found: ByVersion, versions: Iterable[int]) -> Usage:
    """Return the use of several versions together."""
    return sum((found.get(version, Usage()) for version in versions), Usage())
