"""The deployed procedures, one line each: what the newest version promises and who uses it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from engine.service import plans, procedures, usage
from engine.service.plans import Totals
from engine.service.usage import Usage
from engine.service.views import VersionView
from engine.service.work import Work


@dataclass(frozen=True, slots=True)
class ProcedureView:
    """A procedure: its newest version, how many there are, and the projects of all of them."""

    newest: VersionView
    versions: int
    totals: Totals
    usage: Usage

    @property
    def id(self) -> str:
        """Its id."""
        return self.newest.procedure


def find(work: Work) -> list[ProcedureView]:
    """Return every deployed procedure by its id."""
    used = usage.by_version(work)
    found = groupby(procedures.find(work), key=attrgetter("procedure"))
    return [view(work, list(versions), used) for _, versions in found]


def view(work: Work, versions: list[VersionView], used: usage.ByVersion) -> ProcedureView:
    """Return one procedure; the newest version comes first."""
    newest = versions[0]
    return ProcedureView(
        newest=newest,
        versions=len(versions),
        totals=plans.totals(plans.of_version(work, newest.id)),
        usage=usage.total(used, ids(versions)),
    )


def ids(versions: Iterable[VersionView]) -> list[int]:
    """Return the ids of versions."""
    return [each.id for each in versions]
