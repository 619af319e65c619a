"""A version of a procedure that was asked for, with what all its pages show around it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from flask_babel import gettext as _

from api.web.gantt.words import Stage, Words
from api.web.labels import drawn
from api.web.language import named
from api.web.rendering import department_names
from api.web.visit import Visit
from engine.errors import NotFound
from engine.rules.catalogue import Name
from engine.rules.procedure import START
from engine.service import plans, procedures, usage
from engine.service.views import VersionView
from engine.workflow.deployment import Deployment


class NoVersion(NotFound):
    """The procedure has no such version."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A version, all versions of its procedure (the newest first), and what it says."""

    version: VersionView
    versions: list[VersionView]
    built: Deployment

    @property
    def newest(self) -> VersionView:
        """The version that new projects get."""
        return self.versions[0]

    @property
    def is_old(self) -> bool:
        """Whether there is a newer one."""
        return self.version.version != self.newest.version

    def url(self, *more: str, **arguments: str | int | None) -> str:
        """Return an address of this version's pages; parts of a path are quoted."""
        parts = "/".join(quote(each, safe="") for each in (self.version.procedure, *more))
        own = {"version": self.version.version} if self.is_old else {}
        given = {name: value for name, value in arguments.items() if value not in (None, "")}
        query = urlencode(own | given)
        return f"/procedures/{parts}?{query}" if query else f"/procedures/{parts}"


def opened(visit: Visit) -> Opened:
    """Return the version asked for, the newest where none is. Raises NotFound, NoVersion."""
    procedure = visit.path["procedure"]
    versions = procedures.find(visit.work, procedure)
    if not versions:
        raise NotFound(f"there is no procedure {procedure!r}")
    wanted = visit.argument("version")
    found = [each for each in versions if not wanted or str(each.version) == wanted]
    if not found:
        raise NoVersion(f"{procedure} has no version {wanted[:20]!r}")
    return Opened(found[0], versions, plans.of_version(visit.work, found[0].id))


def frame(visit: Visit, version: Opened, tab: str) -> dict[str, Any]:
    """Return what every tab shows above its own: totals, use, the version, the other tabs."""
    used = usage.by_version(visit.work, version.version.procedure)
    return {
        "section": "/procedures",
        "opened": version,
        "version": version.version,
        "name": called(version.version),
        "starts_with": named(version.built.procedure.starts_with),
        "window_months": version.built.procedure.window_months,
        "totals": plans.totals(version.built),
        "usage": usage.total(used, [version.version.id]),
        "usage_all": usage.total(used, used),
        "used": used,
        "tab": tab,
        "tabs": tabs(version),
    }


def tabs(version: Opened) -> list[tuple[str, str, int | None]]:
    """Return the tabs: their argument, their word, how many of what they hold."""
    return [
        ("", _("流程图"), None),
        ("catalogue", _("事项目录"), len(version.built.procedure.items)),
        ("path", _("关键路径"), None),
        ("versions", _("版本与文件"), len(version.versions)),
    ]


def called(version: VersionView) -> str:
    """Return the name of a version's procedure in the page's language."""
    return named(Name(**version.name))


def activity_names(built: Deployment) -> Mapping[str, str]:
    """Return what activities are called in the page's language, by id."""
    items = built.procedure.items
    found = {
        each.id: named(items[each.id].name) if each.id in items else drawn(each.name)
        for each in built.activities
    }
    start = named(built.procedure.starts_with)
    return {**found, START: start} if start else found


def words(visit: Visit, built: Deployment) -> Words:
    """Return what charts call items, departments and stages."""
    return Words(
        items=activity_names(built),
        departments=department_names(visit.work),
        stages={each.id: Stage(named(each.name), each.lead) for each in built.procedure.stages},
    )
