"""The supervisor's board: departments with their lights, decisions in time, cards, the ladder."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask_babel import gettext as _

from api.web import export, periods
from api.web.display import light_word
from api.web.export import Column
from api.web.language import named
from api.web.page import Answer, Shown, show
from api.web.rendering import department_names
from api.web.views.dashboard import month
from api.web.visit import Visit
from engine.rules.light import Light
from engine.rules.period import Grain, Period
from engine.service.supervision import board
from engine.service.supervision.board import Board, DepartmentLine, MonthRate

#: lights as columns of the table
LIGHTS = (Light.GREEN, Light.YELLOW, Light.ORANGE, Light.RED, Light.PAUSED)
#: how many departments are drawn beside the city, and how many are where nobody chose
MOST_LINES, USUAL_LINES = 4, 2
#: bars of rates begin here, or lower where a rate does
FLOOR, STEP = 80, 20


def look(visit: Visit) -> Answer:
    """Show the board of a period, or give its table as a file."""
    seen = board.show(visit.work, visit.argument("period"))
    if export.wanted(visit):
        return export.file(visit, f"supervision-{seen.period}", columns(visit), seen.departments)
    period = Period.of(seen.period)
    lines = chosen(visit, seen)
    values = {
        "section": "/supervision",
        "seen": seen,
        "called": periods.called(period),
        "ladder_of": periods.called(Period.of(seen.ladder_quarter)),
        "reported": seen.period if seen.grain is not Grain.MONTH else seen.ladder_quarter,
        "switches": periods.switch(visit.work.today),
        "past": periods.past(visit.work.today),
        "before": period.shifted(-1).code,
        "after": period.shifted(1).code if period.last_on < visit.work.today else "",
        "lights": [str(light) for light in LIGHTS],
        "floor": floor(seen.departments, seen.target_percent),
        "lines": lines,
        "trend": trend(visit, seen, lines),
        "chart_days": days(visit, seen.departments),
    }
    return Shown("supervision.html.jinja", values)


def floor(lines: Iterable[DepartmentLine], target: int) -> int:
    """Return where the bars of rates begin: at 80 %, or lower where a rate or the target is."""
    rates = [each.figures.on_time_percent for each in lines]
    lowest = min([FLOOR, target - 1, *(each for each in rates if each is not None)])
    return max(0, int(lowest // STEP * STEP))


def chosen(visit: Visit, seen: Board) -> list[str]:
    """Return the departments drawn beside the city: those chosen, else the lowest and highest."""
    there = [each.department for each in seen.departments]
    wanted = [each for each in visit.args.getlist("line") if each in there]
    if wanted or "line" in visit.args:
        return list(dict.fromkeys(wanted))[:MOST_LINES]
    return ends(seen.months)


def ends(months: Sequence[MonthRate]) -> list[str]:
    """Return the departments with the lowest and the highest rate of those that decide often."""
    rates: dict[str, list[float]] = {}
    for each in months:
        for code, rate in each.departments.items():
            rates.setdefault(code, []).extend([] if rate is None else [rate])
    often = {code: several for code, several in rates.items() if 2 * len(several) > len(months)}
    order = sorted(often, key=lambda code: (sum(often[code]) / len(often[code]), code))
    return order if len(order) < USUAL_LINES else [order[0], order[-1]]


def trend(visit: Visit, seen: Board, lines: Iterable[str]) -> dict[str, Any]:
    """Return the rates by month as the chart's options."""
    places = department_names(visit.work)
    several = [(_("全市"), [each.percent for each in seen.months])]
    several += [(places.get(code, code), of_department(seen.months, code)) for code in lines]
    known = [rate for _name, rates in several for rate in rates if rate is not None]
    lowest = min([*known, seen.target_percent])
    return {
        "labels": [month(each.month_on) for each in seen.months],
        "series": [{"name": name, "values": rates} for name, rates in several],
        "target": seen.target_percent,
        "targetName": _("目标"),
        "unit": "%",
        "min": int(max(0, lowest - 5) // 5 * 5),
        "max": 100,
    }


def of_department(months: Iterable[MonthRate], code: str) -> list[float | None]:
    """Return a department's rates by month."""
    return [each.departments.get(code) for each in months]


def days(visit: Visit, lines: Iterable[DepartmentLine]) -> dict[str, Any]:
    """Return statutory, promised and actual average days as the chart's options."""
    places = department_names(visit.work)
    drawn = [each for each in lines if each.figures.decided]
    return {
        "labels": [places.get(each.department, each.department) for each in drawn],
        "names": {
            "statutory": _("法定"),
            "promised": _("承诺"),
            "actual": _("实际平均"),
            "late": _("实际平均，超承诺"),
        },
        "rows": [row(each) for each in drawn],
        "unit": _("工作日"),
    }


def row(line: DepartmentLine) -> dict[str, Any]:
    """Return a department's average days; the note says how much shorter its promises are."""
    figures = line.figures
    reduction = figures.reduction_percent
    return {
        "statutory": figures.average_statutory_days,
        "promised": figures.average_promised_days,
        "actual": figures.average_used_days,
        "note": None if reduction is None else f"−{reduction:.0f}%",
    }


def columns(visit: Visit) -> list[Column[DepartmentLine]]:
    """Return the columns of the table as a file."""
    places = department_names(visit.work)
    lights: Mapping[str, str] = {light: light_word(light) for light in LIGHTS}
    return [
        Column(_("部门"), lambda line: places.get(line.department, named(line.name))),
        Column(_("在办"), lambda line: line.in_hand),
        *(Column(word, counted(light)) for light, word in lights.items()),
        Column(_("超法定"), lambda line: line.past_statute),
        Column(_("办结"), lambda line: line.figures.decided),
        Column(_("按期"), lambda line: line.figures.on_time),
        Column(_("按期办结率 %"), lambda line: line.figures.on_time_percent),
        Column(_("平均用时（工作日）"), lambda line: line.figures.average_used_days),
        Column(_("平均承诺（工作日）"), lambda line: line.figures.average_promised_days),
        Column(_("平均法定（工作日）"), lambda line: line.figures.average_statutory_days),
        Column(_("较法定压缩 %"), lambda line: line.figures.reduction_percent),
        Column(_("默认意见"), lambda line: line.figures.deemed),
        Column(_("黄牌"), lambda line: line.figures.yellow),
        Column(_("红牌"), lambda line: line.figures.red),
    ]


def counted(light: str) -> Any:
    """Return the function that says how many cases of a line have a light."""
    return lambda line: line.lights.get(light, 0)


PAGES = (show("supervision", "/supervision", look, "supervision"),)
