"""The sentences of charts: what a bar says when it is pointed at, what the whole chart shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date

from api.web.gantt.activity import OWN, Row
from api.web.gantt.words import gettext as _

#: columns of the table beside a chart: of a running project, and of a plan
PROJECT_HEADS = ("item", "department", "state", "days", "start", "finish", "late", "float", "path")
PLAN_HEADS = ("item", "department", "days", "from", "until", "latest", "float", "free", "path")
NUMBERS = frozenset({"days", "from", "until", "latest", "late", "float", "free"})


def heads(names: Iterable[str]) -> tuple[tuple[str, bool], ...]:
    """Return columns' names, and which hold numbers."""
    known = {
        "item": _("事项"),
        "department": _("部门"),
        "state": _("状态"),
        "days": _("天数"),
        "start": _("开始"),
        "finish": _("结束"),
        "from": _("最早开始"),
        "until": _("最早结束"),
        "latest": _("最迟结束"),
        "late": _("逾期天数"),
        "float": _("总时差"),
        "free": _("自由时差"),
        "path": _("关键路径"),
    }
    return tuple((known[name], name in NUMBERS) for name in names)


def short(on: date) -> str:
    """Return a date as 10-16: the axis says the year."""
    return on.strftime("%m-%d")


def day(on: date, today: date) -> str:
    """Return a date as 10-16, with its year where that is not this one."""
    return short(on) if on.year == today.year else on.isoformat()


def listed(parts: Iterable[str]) -> str:
    """Return the parts that say something, as one sentence."""
    return _("，").join(part for part in parts if part)


def promise(row: Row) -> str:
    """Return how long an activity may take."""
    days = row["days"]
    own = row["kind"] in OWN
    return _("预计 %(days)s 天", days=days) if own else _("承诺 %(days)s 天", days=days)


def room(days: int | None) -> str:
    """Return an activity's float."""
    if days is None:
        return ""
    return _("时差 %(days)s 天", days=days) if days else _("没有时差")


def when(state: str, start_on: date, finish_on: date, today: date) -> str:
    """Return from when to when an activity runs, as far as that is known."""
    start, finish = day(start_on, today), day(finish_on, today)
    if state == "finished":
        return _("%(start)s 至 %(finish)s", start=start, finish=finish)
    if state == "open":
        return _("%(start)s 开始，预计 %(finish)s 结束", start=start, finish=finish)
    return _("预计 %(start)s 至 %(finish)s", start=start, finish=finish)


def planned(start: int, finish: int) -> str:
    """Return on which working days a planned activity runs; positions are ends of days."""
    if start >= finish:
        return _("第 %(day)s 天", day=finish)
    return _("第 %(first)s 至 %(last)s 天", first=start + 1, last=finish)


def against(days: int) -> str:
    """Return how many working days a date is after its target, before it where negative."""
    if days > 0:
        return _("比计划晚 %(days)s 个工作日", days=days)
    return _("比计划早 %(days)s 个工作日", days=-days) if days else _("与计划一致")


def census(states: Iterable[str]) -> str:
    """Return how many activities stand how."""
    counts = Counter(states)
    return _(
        "甘特图，共 %(all)s 项：已办结 %(done)s 项，办理中 %(open)s 项，未开始 %(waiting)s 项。",
        all=counts.total(),
        done=counts["finished"],
        open=counts["open"],
        waiting=counts["not_started"],
    )
