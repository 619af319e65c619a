"""The versions of a procedure, their files, and what differs between two of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from api.web import export
from api.web.export import Column
from api.web.page import Answer, Shown
from api.web.views import procedure_difference
from api.web.views.procedure_version import Opened, called, frame
from api.web.visit import Visit
from engine.service import differences, procedures, usage
from engine.service.differences import Side
from engine.service.usage import Usage
from engine.service.views import VersionView
from engine.workflow.problem import ERROR

TAB = "versions"


def find(visit: Visit, version: Opened) -> Answer:
    """Show the versions and the files of one; compare it with another that is asked for."""
    if export.wanted(visit):
        used = usage.by_version(visit.work, version.version.procedure)
        name = f"{version.version.procedure}-versions"
        return export.file(visit, name, columns(used), version.versions)
    every = procedures.find(visit.work)
    other = chosen(visit, every)
    files = procedures.files(visit.work, version.version.id)
    values = {
        **frame(visit, version, TAB),
        "files": sorted((name, len(content)) for name, content in files.items()),
        "counted": {each.id: counts(each) for each in version.versions},
        "others": others(version, every),
        "other": other,
        "other_name": called(other) if other else "",
        "no_use": Usage(),
    }
    return Shown("procedure_versions.html.jinja", values | compared(visit, version, other, files))


def chosen(visit: Visit, every: list[VersionView]) -> VersionView | None:
    """Return the version to compare with, where one is asked for and there is such a one."""
    wanted = visit.argument("before")
    return next((each for each in every if str(each.id) == wanted), None)


def compared(
    visit: Visit, version: Opened, other: VersionView | None, files: Mapping[str, bytes]
) -> dict[str, Any]:
    """Return what differs from another version; nothing without one."""
    if other is None:
        return {"difference": None}
    before = differences.side(visit.work, other.id)
    found = differences.difference(before, Side(version.built, files))
    return procedure_difference.values(visit, found)


def others(version: Opened, every: list[VersionView]) -> list[tuple[int, str]]:
    """Return what a version can be compared with: its own others, and other procedures' newest."""
    own = [each for each in version.versions if each.id != version.version.id]
    newest: dict[str, VersionView] = {}
    for each in every:
        newest.setdefault(each.procedure, each)
    newest.pop(version.version.procedure, None)
    return [
        *((each.id, _("第 %(n)s 版", n=each.version)) for each in own),
        *(
            (each.id, _("%(name)s 第 %(n)s 版", name=called(each), n=each.version))
            for each in newest.values()
        ),
    ]


def counts(version: VersionView) -> tuple[int, int]:
    """Return how many problems of a version are errors, and how many are warnings."""
    count = Counter(each.get("severity") for each in version.problems)
    return count[ERROR], len(version.problems) - count[ERROR]


def columns(used: Mapping[int, Usage]) -> list[Column[VersionView]]:
    """Return the columns of the list as a file."""
    return [
        Column(_("版本"), lambda each: each.version),
        Column(_("校验值"), lambda each: each.hash),
        Column(_("部署时间"), lambda each: each.deployed_at),
        Column(_("部署人"), lambda each: each.deployed_by),
        Column(_("在办项目"), lambda each: used.get(each.id, Usage()).running),
        Column(_("全部项目"), lambda each: used.get(each.id, Usage()).projects),
        Column(_("警告"), lambda each: counts(each)[1]),
    ]
