"""Follow-up evaluation of the published charts: planned against achieved, where the days went."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from api.call import Content
from api.web import export, workbook
from api.web.labels import PROJECT_KINDS
from api.web.language import named
from api.web.page import Answer, Shown, show
from api.web.rendering import department_names
from api.web.visit import Visit
from api.web.workbook import Sheet
from engine.analysis.evaluation import Shares
from engine.errors import Invalid
from engine.service.supervision import charts, evaluation, openings
from engine.service.supervision.achieved import Achieved
from engine.service.supervision.charts import Wanted
from engine.service.supervision.evaluation import Evaluation
from engine.service.supervision.openings import OpenedProject
from engine.service.views import Page

ROWS = 20
#: with whom days were, in the order bars are drawn
HOLDERS = {
    "department": _l("部门"),
    "applicant": _l("建设单位"),
    "intermediary": _l("中介"),
    "suspended": _l("中止"),
}


def look(visit: Visit) -> Answer:
    """Show an evaluation, or give it as a workbook."""
    asked = wanted(visit)
    seen = evaluation.show(visit.work, asked)

    def part(cursor: str | None, limit: int) -> Page[OpenedProject]:
        return openings.projects(visit.work, asked, cursor=cursor, limit=limit)

    if visit.argument("format") == "xlsx":
        sheets = [*achieved(visit, seen), opened(seen), days(export.every(part))]
        name = f"evaluation-{asked.since:%Y%m%d}-{asked.until:%Y%m%d}.xlsx"
        return Content(workbook.made_of(sheets), workbook.XLSX, name)
    found = part(visit.argument("cursor") or None, ROWS)
    versions = asked.versions.values()
    values = {
        "section": "/supervision",
        "seen": seen,
        "found": found,
        "holders": HOLDERS,
        "procedures": {each.procedure: each.built.procedure.name for each in versions},
        "by_procedure": by_procedure(seen.items),
        "busiest": busiest(seen.items),
        "longest": max((each.elapsed_days for each in found.items), default=1) or 1,
        "widest": widest(seen.items),
    }
    return Shown("supervision_evaluation.html.jinja", values)


def wanted(visit: Visit) -> Wanted:
    """Return what the address asks for. Raises Invalid."""
    since, until = (day(visit, name) for name in ("since", "until"))
    return charts.wanted(visit.work, visit.argument("procedure"), since, until)


def day(visit: Visit, name: str) -> date | None:
    """Return an argument that is a date. Raises Invalid."""
    text = visit.argument(name)
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise Invalid(f"{name} must be a date such as 2014-10-16", field=name) from error


def by_procedure(items: Sequence[Achieved]) -> dict[str, list[Achieved]]:
    """Return items by their procedures."""
    found: dict[str, list[Achieved]] = {}
    for each in items:
        found.setdefault(each.procedure, []).append(each)
    return found


def busiest(items: Sequence[Achieved]) -> str:
    """Return the procedure of which most cases were decided: its items are shown at once."""
    counts: Counter[str] = Counter()
    for each in items:
        counts[each.procedure] += each.number
    return max(counts, key=lambda code: counts[code], default="")


def widest(items: Sequence[Achieved]) -> float:
    """Return the longest time that bars of items are drawn to."""
    ends = [end for each in items for end in (each.p90_days, each.planned_days) if end is not None]
    return max(ends, default=1) or 1


# -- as a workbook ---------------------------------------------------------------------------------


def achieved(visit: Visit, seen: Evaluation) -> list[Sheet]:
    """Return the sheets of items, stages and kinds."""
    places = department_names(visit.work)
    parts_of = {_("按事项"): seen.items, _("按阶段"): seen.stages, _("按类型"): seen.kinds}
    headings = [
        *(_("流程"), _("事项编号"), _("名称"), _("部门"), _("件数"), _("平均承诺")),
        *(_("平均用时"), _("P50"), _("P90"), _("承诺内 %")),
    ]
    return [
        Sheet(
            name=str(name),
            title=_("计划与实际：%(what)s", what=name),
            notes=[span(seen), _("天数均为工作日；P50、P90 取最近秩。")],
            headings=headings,
            rows=[row(each, places) for each in several],
            formats=["", "", "", "", "0", "0.0", "0.0", "0", "0", "0.0"],
        )
        for name, several in parts_of.items()
    ]


def called(each: Achieved) -> str:
    """Return what an item, a stage or a kind is called."""
    return named(each.name) if each.stage else str(PROJECT_KINDS.get(each.kind, each.kind))


def row(each: Achieved, places: dict[str, str]) -> list[Any]:
    """Return what was achieved as a row."""
    department = places.get(each.department, each.department)
    planned = (each.number, each.planned_days, each.average_days)
    spread = (each.p50_days, each.p90_days, each.within_percent)
    return [each.procedure, each.item, called(each), department, *planned, *spread]


def span(seen: Evaluation) -> str:
    """Return the days an evaluation is of."""
    return str(_("%(since)s 至 %(until)s", since=seen.since, until=seen.until))


def opened(seen: Evaluation) -> Sheet:
    """Return the sheet of the procedures' projects that came to construction start."""
    return Sheet(
        name=_("开工项目汇总"),
        title=_("开工项目：计时天数对照承诺"),
        notes=[span(seen), _("天数均为工作日。")],
        headings=[
            *(_("流程"), _("项目数"), _("承诺总天数"), _("平均计时天数"), _("P50"), _("P90")),
            *(_("承诺内 %"), _("窗口（月）"), _("窗口内 %"), _("平均历时")),
            *HOLDERS.values(),
        ],
        rows=[
            [
                *(named(each.name), each.number, each.promised_days, each.average_days),
                *(each.p50_days, each.p90_days, each.within_percent),
                *(each.window_months, each.window_percent, each.elapsed_days),
                *parts(each.shares),
            ]
            for each in seen.opened
        ],
    )


def days(projects: Any) -> Sheet:
    """Return the sheet of projects with whom their days were."""
    return Sheet(
        name=_("每个项目"),
        title=_("每个项目的天数在谁手里"),
        notes=[_("历时为启动次日至开工日的工作日；四项之和等于历时。")],
        headings=[
            *(_("编号"), _("项目"), _("流程"), _("开工日"), _("计时天数"), _("承诺天数")),
            *(_("窗口截止"), _("历时")),
            *HOLDERS.values(),
        ],
        rows=[
            [
                *(each.code, each.name, each.procedure, each.opened_on),
                *(each.counted_days, each.promised_days, each.window_ends_on, each.elapsed_days),
                *parts(each.shares),
            ]
            for each in projects
        ],
    )


def parts(shares: Shares) -> list[int]:
    """Return with whom days were, in the order of the columns."""
    return [getattr(shares, name) for name in HOLDERS]


PAGES = (show("supervision_evaluation", "/supervision/evaluation", look, "supervision_evaluation"),)
