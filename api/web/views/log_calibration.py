"""What was found in a log: durations and how well they fit, shares, hours, pools, its limits."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

import yaml

from api.call import Content
from api.web import failure, log_against, log_charts, log_report, log_words
from api.web.gantt.words import gettext as _
from api.web.log_nodes import Nodes
from api.web.log_report import Fit
from api.web.log_words import LOG
from api.web.page import Answer, Redirect, Shown, show
from api.web.visit import Visit
from engine.errors import LianshenError
from engine.service.logs import calibrating, logs
from engine.service.simulations import runs
from engine.service.simulations.runs import Wanted
from engine.service.simulations.views import RunRow

Row = Mapping[str, Any]
MONTHS = 12
#: so many runs are offered to be compared
RUNS = 30


def find(visit: Visit) -> Answer:
    """Show a calibration, with one activity in full."""
    frame = log_words.frame(visit)
    if not frame["log"].calibrated:
        return Redirect(f"{frame['home']}#lay")
    kept = calibrating.calibration(visit.work, visit.path["log"])
    report, nodes = kept["report"], Nodes.of(visit, kept)
    fits = log_report.fits(report, nodes.names)
    week = report["calendars"][report["clock"]]
    values = {
        **frame,
        **log_words.words(),
        "report": report,
        "fitness": report["fitness"],
        "fits": [(each, url(visit, each)) for each in fits],
        "good": sum(each.sign.tone == "good" for each in fits),
        "matched": len(report["mapping"]["nodes"]),
        "of_all": len(report["mapping"]["nodes"]) + len(report["mapping"]["missing"]),
        "busy": any(each["utilisation"] is not None for each in report["pools"]["pools"]),
        "one": log_report.detail(chosen(visit, fits), report["day_hours"]),
        "worked": lambda hours: log_report.worked(hours, report["day_hours"]),
        "duration_meaning": meaning(report),
        "unmatched": log_report.unmatched(report),
        "choices": log_report.choices(report, nodes),
        "arrivals": report["arrivals"],
        "by_month": by_month(report["arrivals"]["by_month"]),
        "trend": trend(report["arrivals"]),
        "between": log_report.written(report["arrivals"]["between"]["distribution"], _("小时")),
        "week": week,
        "week_said": log_report.week_said(week),
        "week_days": _("每周 %(n)s 天", n=len(week["days"])),
        "week_hours": log_charts.week(week["counts"], log_report.open_hours(week)),
        "pools": report["pools"]["pools"],
        "grouped": report["pools"]["grouped"],
        "active": sum(each["active"] for each in report["pools"]["pools"]),
        **compared(visit, kept),
        "limits": log_report.limits(report),
    }
    return Shown("logs/calibration.html.jinja", values)


def compared(visit: Visit, kept: Row) -> dict[str, Any]:
    """Return the log beside its fitted model, or beside the run that was asked for."""
    found = runs_of(visit, kept["procedure"])
    wanted = visit.argument("simulation", {str(each.id): each for each in found})
    told, problem = kept["fitted"], log_against.problem(kept["fitted"])
    if wanted:
        try:
            told, problem = calibrating.against(visit.work, visit.path["log"], int(wanted)), ""
        except LianshenError as error:
            told, problem = {}, failure.told(error).title
    return {
        "runs": found,
        "chosen_run": int(wanted) if wanted else None,
        "run_name": next((each.name for each in found if str(each.id) == wanted), ""),
        "against": log_against.against(told),
        "problem": problem,
    }


def runs_of(visit: Visit, procedure: str | None) -> list[RunRow]:
    """Return the runs that are done of a procedure, the newest first."""
    if procedure is None:
        return []
    return runs.find(visit.work, Wanted(state="done", procedure=procedure), limit=RUNS).items


def url(visit: Visit, fit: Fit) -> str:
    """Return the address at which an activity is shown in full."""
    kept = {name: value for name, value in visit.args.items() if name != "activity" and value}
    return f"?{urlencode({**kept, 'activity': fit.node})}#fit"


def chosen(visit: Visit, fits: Sequence[Fit]) -> Fit:
    """Return the activity that was asked for; else the most frequent one that was fitted."""
    wanted = visit.argument("activity")
    for each in fits:
        if each.node == wanted:
            return each
    return max(fits, key=lambda each: (each.data["reason"] == "best", each.n))


def meaning(report: Row) -> str:
    """Return from when to when durations are measured."""
    if report["taken"] == "work":
        return _("从开始到结束，只算上班时间")
    return _("从待办（不知道的从上一个事件）到结束，只算上班时间，连等待在内")


def by_month(weights: Sequence[float]) -> dict[str, Any]:
    """Return the weights of the twelve months as a chart."""
    labels = map(str, range(1, MONTHS + 1))
    return log_charts.columns(labels, (round(each, 2) for each in weights), _("权重"), "")


def trend(arrivals: Row) -> str:
    """Return whether arrivals grow, where that is not by chance."""
    likely = arrivals["trend_p"]
    if arrivals["trend"] is None or likely is None or likely >= log_report.LIKELY:
        return _("看不出增减")
    told = {"n": f"{abs(arrivals['trend']):,.0f}"}
    if arrivals["trend"] > 0:
        return _("每年多 %(n)s 件", **told)
    return _("每年少 %(n)s 件", **told)


def assumptions(visit: Visit) -> Answer:
    """Give what was found as assumptions of a simulation."""
    found = calibrating.assumptions(visit.work, visit.path["log"])
    text = yaml.safe_dump(found, allow_unicode=True, sort_keys=False)
    name = logs.get(visit.work, visit.path["log"]).name
    return Content(text.encode(), "application/yaml", f"{name}.yaml")


def everything(visit: Visit) -> Answer:
    """Give all that was found."""
    found = calibrating.calibration(visit.work, visit.path["log"])
    name = logs.get(visit.work, visit.path["log"]).name
    content = json.dumps(found, ensure_ascii=False, indent=1).encode()
    return Content(content, "application/json", f"{name}.json")


PAGES = (
    show("log_calibration", f"{LOG}/calibration", find, "event_log_calibration"),
    show("log_assumptions", f"{LOG}/assumptions.yaml", assumptions, "event_log_assumptions"),
    show("log_everything", f"{LOG}/calibration.json", everything, "event_log_calibration"),
)
