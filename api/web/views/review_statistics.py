"""A year of joint review in numbers: meetings, rounds, days, silence, opinions in time."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from api.call import Content
from api.web import workbook
from api.web.labels import STAGES
from api.web.page import Answer, Shown, show
from api.web.rendering import department_names
from api.web.review_words import CONCLUSIONS, MODES, STATES, WORDS
from api.web.views.calendar_words import MONTHS
from api.web.visit import Visit
from api.web.workbook import Sheet
from engine.errors import Invalid
from engine.service.review import statistics
from engine.service.review.punctuality import DepartmentOpinions
from engine.service.review.statistics import ReviewStatistics

SECTION, STATISTICS = "/joint-reviews", "/joint-reviews/statistics"
#: how many years are offered
YEARS = 6


def look(visit: Visit) -> Answer:
    """Show a year, or give it as a workbook."""
    seen = statistics.of_year(visit.work, year(visit))
    names = department_names(visit.work)
    if visit.argument("format") == "xlsx":
        name = f"joint-reviews-{seen.year}.xlsx"
        return Content(workbook.made_of(sheets(seen, names)), workbook.XLSX, name)
    latest = visit.work.today.year
    asked = sorted(seen.departments, key=lambda each: (-each.asked, each.department))
    values = {
        "section": SECTION,
        "seen": seen,
        "asked": asked,
        "years": range(latest, latest - YEARS, -1),
        "months": monthly(seen),
        "shares": shares(asked, names),
        "modes": modes(seen),
        "month_words": [str(MONTHS[each.month_on.month - 1]) for each in seen.months],
        "conclusions": conclusions(seen),
        **WORDS,
    }
    return Shown("review/statistics.html.jinja", values)


def year(visit: Visit) -> int | None:
    """Return the year that is asked for, None for this one. Raises Invalid."""
    text = visit.argument("year")
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) == len("2014")):
        raise Invalid("year must be a year such as 2014", field="year")
    return int(text)


def monthly(seen: ReviewStatistics) -> dict[str, Any]:
    """Return the months as a chart draws them."""
    series = {
        _("发起"): [each.launched for each in seen.months],
        _("答复"): [each.replied for each in seen.months],
        _("会议"): [each.meetings for each in seen.months],
    }
    return {
        "labels": [str(MONTHS[each.month_on.month - 1]) for each in seen.months],
        "series": [{"name": str(name), "values": values} for name, values in series.items()],
        "min": 0,
    }


def shares(asked: list[DepartmentOpinions], names: dict[str, str]) -> dict[str, Any]:
    """Return the departments' shares in time and by silence as a chart draws them."""

    def rounded(value: float | None) -> float | None:
        return None if value is None else round(value, 1)

    series = {
        _("按时"): [rounded(each.on_time_percent) for each in asked],
        _("默认同意"): [rounded(each.deemed_percent) for each in asked],
    }
    return {
        "labels": [names.get(each.department, each.department) for each in asked],
        "series": [{"name": str(name), "values": values} for name, values in series.items()],
        "min": 0,
        "max": 100,
        "unit": "%",
    }


def modes(seen: ReviewStatistics) -> list[tuple[str, dict[str, int], int]]:
    """Return the stages with how many rounds of each mode they had, and of all."""
    found: dict[str, dict[str, int]] = {}
    for each in seen.by_mode_and_stage:
        found.setdefault(each.stage, {})[each.mode] = each.rounds
    order = list(STAGES)
    ordered = sorted(found, key=lambda stage: order.index(stage) if stage in order else len(order))
    return [(stage, found[stage], sum(found[stage].values())) for stage in ordered]


def conclusions(seen: ReviewStatistics) -> list[tuple[str, str, int]]:
    """Return how rounds ended: code, word, how many."""
    words = {**CONCLUSIONS, "cancelled": STATES["cancelled"]}
    return [
        (code, str(word), seen.conclusions[code])
        for code, word in words.items()
        if seen.conclusions.get(code)
    ]


# -- as a workbook ---------------------------------------------------------------------------------


def sheets(seen: ReviewStatistics, names: dict[str, str]) -> list[Sheet]:
    """Return the year as sheets: the whole, departments, months."""
    title = _("%(year)s 年联合审查统计", year=seen.year)
    return [whole(seen, title), departments(seen, title, names), months(seen, title)]


def whole(seen: ReviewStatistics, title: str) -> Sheet:
    """Return the numbers of the whole city."""
    rows: list[tuple[Any, Any]] = [
        (_("会议"), seen.meetings),
        (_("上会项目"), seen.projects_met),
        (_("轮次"), seen.rounds),
        (_("项目"), seen.projects),
        (_("尚在征求意见"), seen.open),
        (_("已答复轮次"), seen.days.number),
        (_("发起到答复平均天数"), seen.days.mean),
        (_("发起到答复 P50"), seen.days.p50),
        (_("发起到答复 P90"), seen.days.p90),
        (_("默认同意占比 %"), seen.city.deemed_percent),
        (_("意见按时率 %"), seen.city.on_time_percent),
        *(
            (
                _(
                    "%(stage)s，%(mode)s",
                    stage=STAGES.get(each.stage, each.stage),
                    mode=MODES[each.mode],
                ),
                each.rounds,
            )
            for each in seen.by_mode_and_stage
        ),
        *((_("结论：%(word)s", word=word), n) for _code, word, n in conclusions(seen)),
    ]
    notes = [_("轮次按通知日期、会议按召开日期归年；天数为工作日。")]
    return Sheet(
        str(_("全市")), title, [_("指标"), _("数值")], rows, notes=notes, formats=["", "0.0"]
    )


def departments(seen: ReviewStatistics, title: str, names: dict[str, str]) -> Sheet:
    """Return the departments, the whole city below them."""
    headings = [
        *(_("部门"), _("征求"), _("已提"), _("按时"), _("缺席默认"), _("超时默认")),
        *(_("默认后补正"), _("未提"), _("其中逾期"), _("按时率 %"), _("默认占比 %")),
    ]
    return Sheet(
        str(_("部门")),
        title,
        headings,
        [
            opinions_row(each, names.get(each.department, each.department))
            for each in seen.departments
        ],
        total=opinions_row(seen.city, str(_("全市"))),
        formats=["", *["0"] * 8, "0.0", "0.0"],
    )


def opinions_row(each: DepartmentOpinions, name: str) -> list[Any]:
    """Return a department as a row."""
    return [
        *(name, each.asked, each.given, each.on_time, each.absent, each.timeout),
        *(each.cured, each.waiting, each.overdue, each.on_time_percent, each.deemed_percent),
    ]


def months(seen: ReviewStatistics, title: str) -> Sheet:
    """Return the months."""
    rows = [
        (f"{each.month_on:%Y-%m}", each.meetings, each.launched, each.replied)
        for each in seen.months
    ]
    headings = [_("月份"), _("会议"), _("发起"), _("答复")]
    return Sheet(str(_("按月")), title, headings, rows, formats=["", "0", "0", "0"])


PAGES = (show("review_statistics", STATISTICS, look, "joint_review_statistics"),)
