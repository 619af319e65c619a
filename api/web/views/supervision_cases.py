"""The cases behind the board's numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from api.web import export
from api.web.display import light_word
from api.web.export import Column
from api.web.labels import ITEM_STATES
from api.web.language import named
from api.web.page import Answer, Shown, show
from api.web.rendering import department_names
from api.web.visit import Visit
from engine.service.supervision import in_hand
from engine.service.supervision.in_hand import COLOURS, OVERDUE, PAST_STATUTE, CaseRow
from engine.service.views import Page

ROWS = 50
SEVERAL: Mapping[str, Any] = {OVERDUE: _l("逾期（全部）"), PAST_STATUTE: _l("超法定期限")}


def look(visit: Visit) -> Answer:
    """Show the cases in hand of a department and a light, or give them as a file."""
    department = visit.argument("department") or None
    light = visit.argument("light") or None

    def part(cursor: str | None, limit: int) -> Page[CaseRow]:
        return in_hand.find(visit.work, department, light, cursor=cursor, limit=limit)

    if export.wanted(visit):
        return export.file(visit, "cases", columns(visit), export.every(part))
    lights = [*((str(each), light_word(each)) for each in COLOURS), *SEVERAL.items()]
    values = {
        "section": "/supervision",
        "found": part(visit.argument("cursor") or None, ROWS),
        "department": department,
        "light_wanted": light,
        "offered": lights,
    }
    return Shown("supervision_cases.html.jinja", values)


def columns(visit: Visit) -> list[Column[CaseRow]]:
    """Return the columns of the list as a file."""
    places = department_names(visit.work)
    return [
        Column(_("灯"), lambda row: light_word(row.light)),
        Column(_("部门"), lambda row: places.get(row.department, row.department)),
        Column(_("事项编号"), lambda row: row.item),
        Column(_("事项"), lambda row: named(row.item_name)),
        Column(_("项目编号"), lambda row: row.code),
        Column(_("项目"), lambda row: row.project_name),
        Column(_("状态"), lambda row: ITEM_STATES.get(row.state, row.state)),
        Column(_("受理日"), lambda row: row.accepted_on),
        Column(_("承诺到期"), lambda row: row.promised_due_on),
        Column(_("法定到期"), lambda row: row.statutory_due_on),
    ]


PAGES = (show("supervision_cases", "/supervision/cases", look, "supervision_cases"),)
