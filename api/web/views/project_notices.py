"""The dated notices of a project, each a page to be printed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from api.web import export
from api.web.display import zone
from api.web.export import Column
from api.web.language import named
from api.web.page import Answer, Shown, show
from api.web.views.project_names import Names
from api.web.visit import Visit
from engine.rules import notice
from engine.service import dossier, notices
from engine.service.chronicle import Entry
from engine.service.notices import Notice


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """A notice in a short list."""

    url: str
    title: str
    number: str
    item: str
    at: datetime


def line(entry: Entry, names: Names) -> NoticeLine:
    """Return the notice that an event brought about."""
    event, kind = entry.event, notice.kind_of_event(entry.event.event, entry.event.data)
    year = event.at.astimezone(zone()).year
    return NoticeLine(
        url=f"/projects/{event.project}/notices/{event.id}",
        title=named(notice.FORMS[kind].title) if kind else "",
        number=notice.number(year, int(event.id)),
        item=names.item(event.item),
        at=event.at,
    )


def find(visit: Visit) -> Answer:
    """Show all notices of a project, the newest first."""
    work, project = visit.work, visit.path["project"]
    _built, view = dossier.outline(work, project)
    found = notices.find(work, project)[::-1]
    if export.wanted(visit):
        return export.file(visit, f"{view.code}-notices", columns(), found)
    values = {"section": "/projects", "project": view, "found": found}
    return Shown("project/all_notices.html.jinja", values)


def columns() -> list[Column[Notice]]:
    """Return the columns of the list as a file."""
    return [
        Column(_("文号"), lambda each: each.number),
        Column(_("文书"), lambda each: named(each.title)),
        Column(_("事项"), lambda each: named(each.item_name)),
        Column(_("部门"), lambda each: named(each.department_name)),
        Column(_("办理人"), lambda each: each.person_name),
        Column(_("日期"), lambda each: each.issued_on),
        Column(_("材料"), lambda each: "; ".join(each.materials)),
        Column(_("理由"), lambda each: named(each.clock.reason) if each.clock else each.reason),
        Column(_("法律依据"), lambda each: each.legal_basis),
    ]


PAGES = (show("project_notices", "/projects/<key:project>/notices", find, "project_history"),)
