"""Which published charts an evaluation is of, and of what time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from engine.errors import Invalid
from engine.service import deployments, plans
from engine.service.work import Work
from engine.store import tables as t
from engine.workflow.deployment import Deployment

#: the last day that every month has
SHORTEST = 28


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a procedure: what it is for, and where its items are."""

    id: int
    procedure: str
    kind: str
    built: Deployment
    #: the stage of each item, in the order of the diagrams
    stages: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which decisions and openings: of a procedure, or of all; from a date to another, included.

    `versions` are all that are deployed, by their ids.
    """

    since: date
    until: date
    versions: Mapping[int, Version]
    procedure: str = ""

    @property
    def chosen(self) -> Mapping[int, Version]:
        """The versions of the procedure that is asked for."""
        every = self.versions.items()
        return {key: each for key, each in every if self.procedure in {"", each.procedure}}


def wanted(
    work: Work, procedure: str = "", since: date | None = None, until: date | None = None
) -> Wanted:
    """Return what is asked for: without dates the last twelve months. Raises Invalid."""
    last = min(until or work.today, work.today)
    first = since or last.replace(year=last.year - 1, day=min(last.day, SHORTEST))
    if first > last:
        raise Invalid(f"{first} is after {last}", field="since")
    known = versions(work)
    if procedure and procedure not in {each.procedure for each in known.values()}:
        raise Invalid(f"there is no procedure {procedure!r}", field="procedure")
    return Wanted(first, last, known, procedure)


def versions(work: Work) -> Mapping[int, Version]:
    """Return every version that is deployed."""
    table = t.procedure_version.c
    query = select(table.id, table.procedure, table.project_type).order_by(table.procedure)
    return {row.id: version(work, *row) for row in work.db.execute(query)}


def version(work: Work, identifier: int, procedure: str, kind: str) -> Version:
    """Return a version."""
    built = deployments.deployment(work.db, identifier)
    stages = {each.id: each.stage for each in plans.catalogue(built)}
    return Version(identifier, procedure, kind, built, stages)
