"""The inspection report as it is printed, as a workbook, and the list of quarters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import format_date
from flask_babel import gettext as _

from api.call import Content
from api.web import periods, workbook
from api.web.language import named
from api.web.page import Answer, Shown, show
from api.web.visit import Visit
from api.web.workbook import Sheet
from engine.rules.inspection import GRADES, Grade
from engine.rules.period import Period
from engine.rules.supervision import RUNGS
from engine.service.supervision import report
from engine.service.supervision.report import DepartmentReport, Report
from engine.service.supervision.views import COLUMNS, TERMS, Figures

WHOLE, TENTHS = "0", "0.0"
#: figures with a decimal
WITH_TENTHS = {
    *("on_time_percent", "average_used_days", "average_promised_days"),
    *("average_statutory_days", "reduction_percent"),
}


def find(visit: Visit) -> Answer:
    """Show the quarters there are reports of."""
    found = report.periods(visit.work)
    years = sorted({each.first_on.year for each in found}, reverse=True)
    called = {each.period: periods.called(Period.of(each.period)) for each in found}
    values = {"section": "/supervision", "found": found, "called": called, "years": years}
    return Shown("supervision_reports.html.jinja", values)


def look(visit: Visit) -> Answer:
    """Show a report on paper, or give it as a workbook."""
    seen = report.get(visit.work, visit.path["period"])
    if visit.argument("format") == "xlsx":
        name = f"report-{seen.period}.xlsx"
        return Content(workbook.made_of([figures(seen), definitions(seen)]), workbook.XLSX, name)
    period = Period.of(seen.period)
    values = {
        "section": "/supervision",
        "report": seen,
        "called": periods.called(period),
        "columns": COLUMNS,
        "terms": TERMS,
        "grades": GRADES,
        "rungs": RUNGS,
        "tenths": WITH_TENTHS,
        "best": graded(seen, Grade.EXCELLENT),
        "poor": graded(seen, Grade.POOR),
        "below": [each for each in seen.departments if below(each, seen.target_percent)],
        "long": lambda on: format_date(on, "long"),
    }
    return Shown("supervision_report.html.jinja", values)


def graded(seen: Report, grade: Grade) -> list[DepartmentReport]:
    """Return the departments of a grade."""
    return [each for each in seen.departments if each.grade == grade]


def below(line: DepartmentReport, target: int) -> bool:
    """Tell whether a department decided too few cases in time."""
    rate = line.figures.on_time_percent
    return rate is not None and rate < target


# -- as a workbook ---------------------------------------------------------------------------------


def title(seen: Report) -> str:
    """Return what the report is called."""
    return str(_("%(period)s行政审批效能督查通报", period=periods.called(Period.of(seen.period))))


def figures(seen: Report) -> Sheet:
    """Return the sheet of figures."""
    headings = [_("部门"), *(named(TERMS[name][0]) for name in COLUMNS), *last_headings()]
    return Sheet(
        name=_("督查数据"),
        title=title(seen),
        notes=[span(seen), _("天数均为工作日；比率为百分数，保留一位小数。")],
        headings=headings,
        rows=[[named(line.name), *numbers(line.figures), *last(line)] for line in seen.departments],
        total=[_("全市"), *numbers(seen.city), "", ""],
        formats=["", *(TENTHS if name in WITH_TENTHS else WHOLE for name in COLUMNS), "", ""],
    )


def span(seen: Report) -> str:
    """Return the days a report is of."""
    days = {"first": seen.first_on, "last": seen.as_of_on, "n": seen.working_days}
    text = str(_("%(first)s 至 %(last)s，计 %(n)s 个工作日。", **days))
    return text if seen.complete else text + str(_("本期未满，数据截至当日。"))


def numbers(of: Figures) -> list[Any]:
    """Return figures in the order of the columns."""
    return [getattr(of, name) for name in COLUMNS]


def last_headings() -> list[str]:
    """Return the headings of what follows from the figures."""
    return [named(TERMS[name][0]) for name in ("rung", "grade")]


def last(line: DepartmentReport) -> Sequence[str]:
    """Return what follows from a department's figures."""
    return named(RUNGS[line.rung]), named(GRADES[line.grade]) if line.grade else _("不评")


def definitions(seen: Report) -> Sheet:
    """Return the sheet that says what each figure is."""
    rows = [[named(name), named(text)] for name, text in TERMS.values()]
    rows += [[named(GRADES[Grade(grade)]), asked(grade, seen)] for grade in seen.standards]
    return Sheet(
        name=_("指标口径"),
        title=_("指标口径与等次要求"),
        notes=[_("等次要求为建议值，由本市在 city.yaml 中设定。")],
        headings=[_("指标"), _("口径")],
        rows=rows,
    )


def asked(grade: str, seen: Report) -> str:
    """Return what a grade asks for."""
    standard = seen.standards[grade]
    given = {"rate": standard.on_time_percent, "yellow": standard.yellow, "red": standard.red}
    return str(
        _("按期办结率不低于 %(rate)s%%，黄牌不多于 %(yellow)s 张，红牌不多于 %(red)s 张。", **given)
    )


PAGES = (
    show("supervision_reports", "/supervision/reports", find, "list_supervision_reports"),
    show("supervision_report", "/supervision/reports/<name:period>", look, "supervision_report"),
)
