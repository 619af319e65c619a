"""A simulation in words: states, where it comes from, figures with their intervals.

An estimate is `{"value", "low", "high"}`: the mean over the replications with the 95 % interval
of Student's t; `low` and `high` are None where there is one replication alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from flask_babel import lazy_gettext as _l

from api.web.gantt.words import gettext as _
from api.web.labels import Labels, drawn, label
from api.web.language import CHINESE, language

Row = Mapping[str, Any]
SECTION = "/simulations"
#: the actor of commands that name no user
COMMAND_LINE = "command line"
#: a share so near to none or all is told with a decimal
EDGE = 0.01
#: a share nearer yet is not told as none or all
LEAST = 0.0005
#: more days are told without a decimal
LONG = 200

STATES: Labels = {
    "queued": _l("排队中"),
    "running": _l("计算中"),
    "done": _l("已完成"),
    "failed": _l("失败"),
    "cancelled": _l("已取消"),
}
#: the tone and the icon of a run's state
SIGNS: Mapping[str, tuple[str, str]] = {
    "queued": ("waiting", "hourglass-empty"),
    "running": ("running", "player-play"),
    "done": ("done", "circle-check"),
    "failed": ("red", "circle-x"),
    "cancelled": ("gone", "ban"),
}
#: what is measured, and what it counts
MEASURES: Labels = {
    "counted": _l("部门计时天数"),
    "elapsed": _l("历时天数"),
    "whole": _l("全程天数"),
}
MEANINGS: Labels = {
    "counted": _l("部门的工作日，到开工；承诺按它算"),
    "elapsed": _l("全部工作日，企业、中介的也算，到开工"),
    "whole": _l("全部工作日，到竣工验收和最后一项办完"),
}
#: where the hours of an item go, in the order of its bar
PARTS: Labels = {
    "waiting": _l("排队等待"),
    "working": _l("办理用时"),
    "off_hours": _l("下班和休息日"),
    "held": _l("等前置事项"),
}
#: kinds of inputs that are varied one at a time
INPUTS: Labels = {
    "item": _l("%(name)s用时"),
    "pool": _l("%(name)s人手"),
    "share": _l("退回补正的比例"),
    "applicant": _l("企业、中介用时"),
}
run_state = label(STATES)


@dataclass(frozen=True, slots=True)
class Origin:
    """Of what a run is: the kind in a word, its name, and the page that shows it."""

    kind: str
    name: str
    url: str
    version: int | None


def origin(source: Row, procedures: Mapping[str, str]) -> Origin:
    """Return of what a run is; `procedures` are their names by id."""
    procedure = str(source.get("procedure") or source.get("portfolio") or "")
    name, url = procedures.get(procedure, procedure), f"/procedures/{quote(procedure, safe='')}"
    version = source.get("version")
    if source.get("scenario") is not None:
        told = str(source.get("scenario_name") or source["scenario"])
        return Origin(_("方案"), told, f"/lab/{source['scenario']}", None)
    if source.get("portfolio") is not None:
        told = _("%(name)s的 %(n)s 个在办项目", name=name, n=source.get("projects", 0))
        return Origin(_("在办项目"), told, url, version)
    return Origin(_("所用流程"), name, f"{url}?version={version}" if version else url, version)


def pool_name(pool: str, name: str, department: str, called: str) -> str:
    """Return what a queue is called; `called` is its department in the page's language."""
    if name and name != pool and (language() == CHINESE or drawn(name) != name):
        return drawn(name)
    if called and pool == department:
        return called
    if called and pool == f"{department}-window":
        return _("%(department)s的窗口", department=called)
    return name or pool


#: an estimate of nothing
UNKNOWN: Row = {"value": None, "low": None, "high": None}
#: the measure of no project: none came so far
NOBODY: Row = {
    **dict.fromkeys(("mean", "p50", "p90", "p95"), UNKNOWN),
    **dict.fromkeys(("sd", "least", "most")),
    "histogram": {"from": 0.0, "width": 1.0, "counts": []},
}


def measured(result: Row) -> Row:
    """Return a result in which the measures of no project have figures of their own: none."""
    measures = {key: told or NOBODY for key, told in result["measures"].items()}
    return {**result, "measures": measures}


def played(run: Any) -> int:
    """Return how many projects a run plays: those under way, each as often as it is repeated."""
    if run.source.get("portfolio") is None:
        return int(run.plan["cases"])
    return int(run.source.get("projects", 0)) * int(run.plan["replications"])


def caller(names: Mapping[str, str], name: str) -> str:
    """Return who started a run; what runs on the server has no user."""
    return _("命令行") if name == COMMAND_LINE else names.get(name, name)


# -- figures ---------------------------------------------------------------------------------------


def number(value: float | None, digits: int = 1) -> str:
    """Return a number as it is read: thousands apart, a minus that is one, – for none."""
    if value is None:
        return "–"
    text = f"{abs(value):,.{digits}f}"
    return f"−{text}" if value < 0 and float(text.replace(",", "")) else text


def days(value: float | None) -> str:
    """Return working days without their unit."""
    return number(value, 0 if value is not None and abs(value) >= LONG else 1)


def percent(value: float | None) -> str:
    """Return a share with its sign; what is nearly none or all says so."""
    if value is None:
        return "–"
    near = min(value, 1 - value)
    if 0 < near < LEAST:
        return "<0.1%" if value < LEAST else ">99.9%"
    digits = 1 if 0 < near < EDGE else 0
    return f"{number(100 * value, digits)}%"


def between(estimate: Row | None, say: Any = days) -> str:
    """Return the 95 % interval of an estimate; '' where it is not known."""
    if estimate is None or estimate.get("low") is None:
        return ""
    low, high = say(estimate["low"]), say(estimate["high"])
    return f"{low.removesuffix('%')}–{high}"


def signed(value: float | None, say: Any = days) -> str:
    """Return a difference with its sign."""
    if value is None:
        return "–"
    text = say(value)
    return f"+{text}" if value > 0 and any(each in "123456789" for each in text) else text


def points(value: float | None) -> str:
    """Return a difference of shares in percentage points."""
    return number(None if value is None else 100 * value, 1)


def kept(result: Row) -> str:
    """Return in one sentence whether the promise holds, or how long it takes."""
    promise, counted = result["promise"], result["measures"]["counted"]
    if counted is NOBODY:
        return _("没有一个项目走到开工，说不出要多少天。")
    if promise is None:
        return _(
            "一半的项目在 %(half)s 个工作日内开工，九成在 %(most)s 个以内。",
            half=days(counted["p50"]["value"]),
            most=days(counted["p90"]["value"]),
        )
    told = {"days": promise["days"], "n": f"{result['cases']:,}"}
    projects = len(result.get("projects") or [])
    if projects:
        return _(
            "%(days)s 天的承诺：%(projects)s 个在办项目有 %(share)s 的机会守得住。",
            projects=projects,
            share=percent(promise["chance"]["value"]),
            **told,
        )
    share, spread = percent(promise["chance"]["value"]), between(promise["chance"], percent)
    if not spread:
        return _("%(days)s 天的承诺：在 %(n)s 个项目中 %(share)s 守得住。", share=share, **told)
    return _(
        "%(days)s 天的承诺：在 %(n)s 个项目中 %(share)s 守得住（%(spread)s）。",
        share=share,
        spread=spread,
        **told,
    )


def opened(result: Row) -> str:
    """Return in one sentence how many start construction within the window, '' without one."""
    window = result["window"]
    if window is None:
        return ""
    return _(
        "交地后 %(n)s 个月内开工的有 %(share)s。",
        n=window["months"],
        share=percent(window["chance"]["value"]),
    )


def real(estimate: Row | None) -> str:
    """Return whether a difference is more than chance: 'less', 'more', '' or 'unknown'."""
    if estimate is None or estimate.get("low") is None:
        return "unknown"
    if estimate["high"] < 0:
        return "less"
    return "more" if estimate["low"] > 0 else ""


def listed(texts: Iterable[str]) -> str:
    """Return several texts in one line."""
    return _("、").join(texts)


GLOBALS: Mapping[str, Any] = {
    "figure": number,
    "in_days": days,
    "percent": percent,
    "between": between,
    "signed": signed,
    "points": points,
    "is_real": real,
    "run_state": run_state,
    "played_projects": played,
    "caller": caller,
    "run_signs": SIGNS,
    "time_parts": PARTS,
}
