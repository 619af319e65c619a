"""The portfolio: all projects, the one with the least room to its target first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from typing import Any

from flask_babel import gettext as _

from api.web import export, links
from api.web.display import light_word
from api.web.export import Column
from api.web.labels import PROJECT_KINDS, PROJECT_STATES
from api.web.language import named
from api.web.page import Answer, Redirect, Shown, act, show
from api.web.rendering import department_names
from api.web.track import track
from api.web.visit import Visit
from engine.service import portfolio, saved_views
from engine.service.portfolio import SORTS, PortfolioRow, Wanted
from engine.service.views import Page

LIST = "projects"
#: filters that the page offers as selects, in order
FILTERS = ("light", "stage", "kind", "department", "procedure")


def find(visit: Visit) -> Answer:
    """Show projects under filters that carry counts."""
    wanted = wanted_by(visit)
    sort = visit.argument("sort", SORTS) or "slack"

    def part(cursor: str | None, limit: int) -> Page[PortfolioRow]:
        return portfolio.find(visit.work, wanted, sort=sort, cursor=cursor, limit=limit)

    if export.wanted(visit):
        return export.file(visit, LIST, columns(visit), export.every(part))
    found = part(visit.argument("cursor") or None, 50)
    values = {
        "found": found,
        "facets": portfolio.facets(visit.work, wanted),
        "wanted": wanted,
        "sort": sort,
        "filters": FILTERS,
        "tracks": tracks(found.items),
        "views": saved_views.find(visit.work, LIST),
        "chosen_view": saved_views.checked_query(visit.query),
    }
    return Shown("portfolio.html.jinja", {"section": "/projects", **values})


def wanted_by(visit: Visit) -> Wanted:
    """Return the filters that the address asks for."""
    given = {each.name: visit.argument(each.name) for each in fields(Wanted)}
    given["text"] = visit.argument("q")
    return Wanted(**{name: value or None for name, value in given.items()})


def tracks(rows: Iterable[PortfolioRow]) -> dict[int, Any]:
    """Return each project's days as a line to draw."""
    return {row.id: track(row.day, row.forecast_counted_days, row.counted_days) for row in rows}


def columns(visit: Visit) -> list[Column[PortfolioRow]]:
    """Return the columns of the list as a file."""
    places = department_names(visit.work)
    return [
        Column(_("编号"), lambda row: row.code),
        Column(_("项目"), lambda row: row.name),
        Column(_("建设单位"), lambda row: row.applicant),
        Column(_("类型"), lambda row: PROJECT_KINDS.get(row.kind, row.kind)),
        Column(_("流程版本"), lambda row: f"{row.procedure} v{row.procedure_version}"),
        Column(_("状态"), lambda row: PROJECT_STATES[row.state]),
        Column(_("灯"), lambda row: light_word(row.light)),
        Column(_("阶段"), lambda row: named(row.stage_name)),
        Column(_("启动日"), lambda row: row.started_on),
        Column(_("计时天数"), lambda row: row.day),
        Column(_("承诺天数"), lambda row: row.counted_days),
        Column(_("预计天数"), lambda row: row.forecast_counted_days),
        Column(_("余量"), lambda row: row.slack_days),
        Column(_("预计日期"), lambda row: row.forecast_finish_on),
        Column(_("窗口截止"), lambda row: row.window_ends_on),
        Column(_("卡在"), lambda row: named(row.held_item_name)),
        Column(_("卡在部门"), lambda row: places.get(row.held_department, row.held_department)),
        Column(_("逾期任务"), lambda row: row.overdue_tasks),
        Column(_("已决定事项"), lambda row: row.decided),
        Column(_("事项数"), lambda row: row.items),
    ]


def keep_view(visit: Visit) -> Answer:
    """Keep the present filters under a name; they come as a query."""
    view = saved_views.add(visit.work, LIST, visit.text("name"), visit.text("query"))
    return Redirect(address(view.query), _("已保存视图 %(name)s。", name=view.name))


def forget_view(visit: Visit) -> Answer:
    """Forget a view."""
    saved_views.remove(visit.work, visit.path["view"])
    return Redirect(address(visit.text("query")), _("已删除视图。"))


def address(query: str) -> str:
    """Return the address of the list with a query."""
    return links.local(f"/projects?{query}" if query else "/projects", "/projects")


PAGES = (
    show("portfolio", "/projects", find, "list_projects"),
    act("keep_view", "/projects/views", keep_view, "add_view", form=find),
    act("forget_view", "/projects/views/<key:view>/remove", forget_view, "remove_view", form=None),
)
