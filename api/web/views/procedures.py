"""The list of deployed procedures."""

from __future__ import annotations

from collections import Counter

from flask_babel import gettext as _

from api.web import export
from api.web.export import Column
from api.web.labels import PROJECT_KINDS
from api.web.language import named
from api.web.page import Answer, Shown, show
from api.web.visit import Visit
from engine.rules.catalogue import Name
from engine.service import overview
from engine.service.overview import ProcedureView

#: of procedures that say no kind the city knows
OTHER = "other"
KINDS = {**PROJECT_KINDS, OTHER: ""}


def find(visit: Visit) -> Answer:
    """Show every procedure, or those of one kind of project."""
    every = overview.find(visit.work)
    kind = visit.argument("kind", KINDS)
    found = [each for each in every if kind in ("", kind_of(each))]
    if export.wanted(visit):
        return export.file(visit, "procedures", columns(), found)
    values = {"section": "/procedures", "found": found, "total": len(every), "kind": kind}
    return Shown("procedures.html.jinja", {**values, "kinds": kinds(every), "called": called})


def kind_of(view: ProcedureView) -> str:
    """Return what kind of project a procedure is for."""
    kind = view.newest.project_type
    return kind if kind in PROJECT_KINDS else OTHER


def kinds(every: list[ProcedureView]) -> list[tuple[str, str, int]]:
    """Return the kinds to choose from with how many there are of each; empty ones left out."""
    count = Counter(kind_of(each) for each in every)
    known = [(kind, kind_name(kind), count[kind]) for kind in KINDS if count[kind]]
    return [("", _("全部"), len(every)), *known]


def kind_name(kind: str) -> str:
    """Return what a kind of project is called."""
    return str(PROJECT_KINDS[kind]) if kind in PROJECT_KINDS else _("其他")


def called(view: ProcedureView) -> str:
    """Return a procedure's name in the page's language."""
    return named(Name(**view.newest.name))


def columns() -> list[Column[ProcedureView]]:
    """Return the columns of the list as a file."""
    return [
        Column(_("流程"), called),
        Column(_("流程代码"), lambda each: each.id),
        Column(_("项目类型"), lambda each: kind_name(kind_of(each))),
        Column(_("计时工作日"), lambda each: each.totals.counted_days),
        Column(_("历时工作日"), lambda each: each.totals.elapsed_days),
        Column(_("验收计时工作日"), lambda each: each.totals.acceptance_days),
        Column(_("审批事项数"), lambda each: each.totals.items),
        Column(_("最新版本"), lambda each: each.newest.version),
        Column(_("在办项目"), lambda each: each.usage.running),
        Column(_("全部项目"), lambda each: each.usage.projects),
        Column(_("部署时间"), lambda each: each.newest.deployed_at),
        Column(_("部署人"), lambda each: each.newest.deployed_by),
    ]


PAGES = (show("procedures", "/procedures", find, "list_definitions"),)
