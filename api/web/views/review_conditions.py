"""Conditions of joint reviews, tracked until each has ended: what is due first."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from api.web import export
from api.web.export import Column
from api.web.page import Answer, Shown, show
from api.web.rendering import department_names
from api.web.review_words import CONDITIONS, WORDS
from api.web.visit import Visit
from engine.service.review import signing, tracking
from engine.service.review.shown import ConditionView
from engine.service.review.tracking import Wanted
from engine.service.views import Page

SECTION, LIST = "/joint-reviews", "/joint-reviews/conditions"
#: groups of the list by the argument that chooses them; those without one are open
GROUPS = ("overdue", "met", "waived", "all")
ROWS = 50


def find(visit: Visit) -> Answer:
    """Show the conditions one may see."""
    group, place = visit.argument("show"), visit.argument("department")
    group = group if group in GROUPS else ""
    wanted = Wanted(
        department=place or None,
        state="open" if group in {"", "overdue"} else group,
        overdue=True if group == "overdue" else None,
    )

    def part(cursor: str | None, limit: int) -> Page[ConditionView]:
        return tracking.find(visit.work, wanted, cursor=cursor, limit=limit)

    if export.wanted(visit):
        return export.file(visit, "conditions", columns(visit), export.every(part))
    words: dict[str, Any] = {
        "": CONDITIONS["open"],
        "overdue": _("逾期"),
        "met": CONDITIONS["met"],
        "waived": CONDITIONS["waived"],
        "all": _("全部"),
    }
    values = {
        "section": SECTION,
        "found": part(visit.argument("cursor") or None, ROWS),
        "groups": [(code, word, None) for code, word in words.items()],
        "group": group,
        "place": place,
        "own": signing.own_departments(visit.actor),
        **WORDS,
    }
    return Shown("review/conditions.html.jinja", values)


def columns(visit: Visit) -> list[Column[ConditionView]]:
    """Return the columns of the list as a file."""
    names = department_names(visit.work)
    return [
        Column(_("编号"), lambda row: row.code),
        Column(_("项目"), lambda row: row.project_name),
        Column(_("条件"), lambda row: row.text),
        Column(_("落实单位"), lambda row: row.owner),
        Column(_("期限"), lambda row: row.due_on),
        Column(_("核实部门"), lambda row: names.get(row.department, row.department)),
        Column(_("状态"), lambda row: CONDITIONS[row.state]),
        Column(_("逾期"), lambda row: _("是") if row.overdue else ""),
        Column(_("办结日期"), lambda row: row.closed_on),
        Column(_("情况"), lambda row: row.note),
    ]


PAGES = (show("review_conditions", LIST, find, "list_conditions"),)
