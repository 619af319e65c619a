"""The whole history of a project: by kind and item, in parts, and as a file."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from api.web import export
from api.web.export import Column
from api.web.page import Answer, Shown, show
from api.web.views import clock_words, project_entries
from api.web.views.project_names import Names
from api.web.visit import Visit
from engine.service import chronicle, dossier
from engine.service.chronicle import Entry
from engine.service.views import Page

#: kinds of events in the order in which they are offered
KINDS = {
    "": _l("全部"),
    "major": _l("要事"),
    "item": _l("事项"),
    "task": _l("任务"),
    "review": _l("联合审查"),
    "card": _l("红黄牌"),
    "attachment": _l("文件"),
    "project": _l("项目"),
    "incident": _l("出错"),
}
ROWS = 50


def history(visit: Visit) -> Answer:
    """Show what happened to a project, the newest first."""
    work, project = visit.work, visit.path["project"]
    built, view = dossier.outline(work, project)
    names = Names.of(built, view)
    filters = {"kind": visit.argument("kind", KINDS), "item": visit.argument("item", names.items)}

    def part(cursor: str | None, limit: int) -> Page[Entry]:
        return chronicle.find(work, project, **filters, cursor=cursor, limit=limit)

    if export.wanted(visit):
        return export.file(visit, f"{view.code}-history", columns(names), export.every(part))
    counts = chronicle.counts(work, project)
    values = {
        "section": "/projects",
        "project": view,
        "found": part(visit.argument("cursor") or None, ROWS),
        "kinds": [(key, str(word), counts[key]) for key, word in KINDS.items()],
        "items": [(each.id, names.item(each.id)) for each in view.items],
        **filters,
        **project_entries.words(names),
    }
    return Shown("project/history.html.jinja", values)


def columns(names: Names) -> list[Column[Entry]]:
    """Return the columns of the history as a file."""
    data = _("数据")
    return [
        Column(_("编号"), lambda entry: int(entry.event.id)),
        Column(_("时间"), lambda entry: entry.event.at),
        Column(_("经过"), lambda entry: project_entries.told(entry.event, names)),
        Column(_("事项"), lambda entry: names.item(entry.event.item)),
        Column(_("办理人"), project_entries.teller),
        Column(_("代"), lambda entry: entry.event.on_behalf_of),
        Column(_("理由"), lambda entry: clock_words.why(entry.event)),
        Column(_("事件"), lambda entry: entry.event.event),
        Column(data, lambda entry: as_text(entry.event.data)),
    ]


def as_text(data: dict[str, Any]) -> str:
    """Return an event's data on one line."""
    return "; ".join(f"{name}={value}" for name, value in data.items())


PAGES = (show("project_history", "/projects/<key:project>/history", history, "project_history"),)
