"""The departments: what they decide, who works there, what waits there."""

from __future__ import annotations

from itertools import groupby
from operator import attrgetter
from urllib.parse import quote

from flask_babel import gettext as _

from api.web import export
from api.web.export import Column
from api.web.language import named
from api.web.page import Answer, Shown, show
from api.web.visit import Visit
from engine.service import workload
from engine.service.workload import DecidedItem, Workload


def find(visit: Visit) -> Answer:
    """Show every department."""
    found = workload.find(visit.work)
    if export.wanted(visit):
        return export.file(visit, "departments", columns(), found)
    values = {
        "section": "/departments",
        "found": found,
        "open": sum(each.open for each in found),
        "overdue": sum(each.overdue for each in found),
        "by_procedure": by_procedure,
        "item_url": item_url,
    }
    return Shown("departments.html.jinja", values)


def by_procedure(view: Workload) -> list[tuple[str, str, list[DecidedItem]]]:
    """Return a department's items by procedure: its id and name."""
    grouped = groupby(view.items, key=attrgetter("procedure"))
    found = [(procedure, list(items)) for procedure, items in grouped]
    return [(procedure, named(items[0].procedure_name), items) for procedure, items in found]


def item_url(item: DecidedItem) -> str:
    """Return where an item stands in its procedure's catalogue."""
    procedure = quote(item.procedure, safe="")
    return f"/procedures/{procedure}?tab=catalogue#item-{quote(item.id)}"


def columns() -> list[Column[Workload]]:
    """Return the columns of the list as a file: both names, whatever the page's language."""
    return [
        Column(_("代码"), lambda each: each.id),
        Column(_("部门"), lambda each: each.name.zh),
        Column(_("英文名称"), lambda each: each.name.en),
        Column(_("用户"), lambda each: each.users),
        Column(_("待办"), lambda each: each.open),
        Column(_("逾期"), lambda each: each.overdue),
        Column(_("决定的事项数"), lambda each: len({item.id for item in each.decides})),
        Column(_("决定的事项"), lambda each: _("；").join(titles(each))),
    ]


def titles(view: Workload) -> list[str]:
    """Return the items a department decides, each once."""
    return list(dict.fromkeys(f"{item.id} {named(item.name)}" for item in view.decides))


PAGES = (show("departments", "/departments", find, "department_workload"),)
