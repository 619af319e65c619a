"""What was found in a log as its page shows it: fits with their charts, shares, pools, limits.

The report is that of `engine.analysis.discovery.reported`; hours in it are those of the office's
calendar, a day of work has `day_hours` of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from api.web import log_charts
from api.web.gantt.words import gettext as _
from api.web.labels import Labels, drawn
from api.web.log_charts import Histogram, Spark
from api.web.log_nodes import Nodes
from api.web.log_words import percent, short_number
from engine.analysis.discovery.limits import Limit
from engine.analysis.simulation.distribution import Distribution, Shape

Row = Mapping[str, Any]
#: what is as likely by chance at least this often fits
LIKELY = 0.05
MINUTES = 60
#: from so many days of work on durations are told in days, below so many hours in minutes
DAYS, HOURS = 2, 1
#: so many values of what was observed are written out
WRITTEN = 6
#: with a first bar of more than this share a histogram shows nothing else
SKEWED = 0.5

FAMILIES: Labels = {
    "fixed": _l("固定"),
    "uniform": _l("均匀分布"),
    "triangular": _l("三角分布"),
    "pert": _l("PERT 分布"),
    "normal": _l("正态分布"),
    "lognormal": _l("对数正态分布"),
    "exponential": _l("指数分布"),
    "gamma": _l("伽马分布"),
    "weibull": _l("韦伯分布"),
    "empirical": _l("照搬实测"),
}
#: why an activity has no node
MISSING: Labels = {
    "unknown": _l("流程里没有这样的名称"),
    "left out": _l("选了不用"),
    "rare: left out of the diagram": _l("太少，没有画进图里"),
}
AMBIGUOUS = "ambiguous: "
DAY_WORDS: Labels = {
    "mon": _l("周一"),
    "tue": _l("周二"),
    "wed": _l("周三"),
    "thu": _l("周四"),
    "fri": _l("周五"),
    "sat": _l("周六"),
    "sun": _l("周日"),
}
LIMITS: Labels = {
    Limit.ONE_TIMESTAMP: _l(
        "每个事件只有一个时刻，分不清等待和办理：用时从上一个事件算起；办理最多那么久，"
        "也最多从经办人办完前一件算起。"
    ),
    Limit.UPPER: _l("没有开始时间的，办理时间只是上限：模拟出来的排队和忙闲都不可靠。"),
    Limit.DEPENDENT: _l(
        "同一件里各步的快慢在日志里常常一致，模拟时各抽各的：整件历时的离散程度会不一样。"
    ),
    Limit.FIRST: _l("每件的第一个事件，没有开始和待办时间的，不知道用了多久。"),
    Limit.DATES: _l("时间里没有钟点：按整天计算，看不出上班时间。"),
    Limit.HOLIDAYS: _l(
        "日志里没有人办的日子已从用时中扣除，但设定里的一周没有节假日：请改用本市的工作日历。"
    ),
    Limit.FOUND: _l("图是由日志发现的：下一步只看上一个活动；同时进行的工作看起来像来回走。"),
    Limit.CONCURRENT: _l("把同一件的上一个事件当作待办的起点；同时进行的工作不一定如此。"),
    Limit.PEOPLE: _l("人手是平常一周里办过事的人数；他们花多少时间在这上面，日志不知道。"),
    Limit.ABSENCE: _l("日志看不出谁不在岗：拟合的人手没有缺勤，那时停下的看起来像等待。"),
    Limit.ARRIVALS: _l("办件或天数太少，看不出一年来多少件：请自己填。"),
    Limit.UNTOLD: _l("有些分支日志分不清走了哪一条，次数平均分配。"),
    Limit.UNMAPPED: _l("有些活动不是这个流程的环节，或者太少，没有用上。"),
    Limit.PROCEDURE: _l("日志里还有别的流程的办件，没有用上。"),
    Limit.UNSEEN: _l("流程里有些环节日志里没有出现，它们的设定不变。"),
    Limit.OPTIMISTIC: _l(
        "比较各种分布时的 p 偏乐观，因为参数是用同一份数据拟合的；"
        "采用的那一种，p 由参数自助法重算。"
    ),
}


@dataclass(frozen=True, slots=True)
class Sign:
    """How well something fits, in a word with its tone and icon."""

    tone: str
    icon: str
    word: str


@dataclass(frozen=True, slots=True)
class Fit:
    """One activity's durations with what was fitted to them; of `visits`, `n` are known."""

    name: str
    node: str
    node_name: str
    visits: int
    n: int
    family: str
    mean: float
    p90: float
    ks: float
    sign: Sign
    spark: Spark
    data: Row


@dataclass(frozen=True, slots=True)
class Unit:
    """In what durations are told: hours times `scale`."""

    word: str
    scale: float


def unit(hours: float, day_hours: float) -> Unit:
    """Return the unit in which durations up to these hours are read best."""
    if hours >= DAYS * day_hours:
        return Unit(_("工作日"), 1 / day_hours)
    if hours >= HOURS:
        return Unit(_("小时"), 1.0)
    if hours * MINUTES >= 1:
        return Unit(_("分钟"), float(MINUTES))
    return Unit(_("秒"), float(MINUTES * MINUTES))


def worked(hours: float | None, day_hours: float) -> str:
    """Return hours of work in the unit they are read best in."""
    if hours is None:
        return "–"
    found = unit(hours, day_hours)
    return f"{short_number(hours * found.scale)} {found.word}"


# -- fits ----------------------------------------------------------------------------------------


def fits(report: Row, names: Mapping[str, str]) -> list[Fit]:
    """Return the activities in the flow's order; `names` are the nodes' in the page's language."""
    return [fit(each, report["taken"], names) for each in report["activities"]]


def fit(timing: Row, taken: str, names: Mapping[str, str]) -> Fit:
    """Return one node's activities."""
    data = timing[taken]
    return Fit(
        name=_("、").join(timing["activities"]),
        node=timing["node"],
        node_name=names.get(timing["node"], timing["name"]),
        visits=timing["count"],
        n=data["n"],
        family=str(FAMILIES.get(data["shape"], data["shape"])),
        mean=data["mean"],
        p90=data["p90"],
        ks=data["ks"],
        sign=sign(data),
        spark=log_charts.spark(histogram(data)),
        data=data,
    )


def histogram(data: Row, scale: float = 1.0) -> Histogram:
    """Return the bars of durations; a fitted family goes through them as a curve."""
    told = data["histogram"]
    if not told:
        return Histogram(0.0, 1.0, (), ())
    n, origin, width = data["n"] or 1, told["from"] * scale, told["width"] * scale
    shares = tuple(each / n for each in told["counts"])
    middles = (origin + (place + 0.5) * width for place in range(len(shares)))
    curve = tuple(zip(middles, (each / n for each in told["expected"]), strict=True))
    return Histogram(origin, width, shares, curve if data["reason"] == "best" else ())


def sign(data: Row) -> Sign:
    """Return how well a distribution fits."""
    if data["reason"] == "best":
        likely = data["p"] is None or data["p"] >= LIKELY
        if likely:
            return Sign("good", "circle-check", _("贴合"))
        return Sign("good", "circle", _("大致贴合"))
    return SIGNS[data["reason"]]()


SIGNS: Mapping[str, Callable[[], Sign]] = {
    "none": lambda: Sign("none", "info-circle", _("不知道")),
    "constant": lambda: Sign("good", "circle-check", _("固定不变")),
    "few": lambda: Sign("none", "copy", _("次数太少")),
    "zeros": lambda: Sign("fair", "copy", _("照搬实测")),
    "poor": lambda: Sign("fair", "copy", _("照搬实测")),
}


def said(data: Row) -> str:
    """Return how well a distribution fits, in a sentence."""
    return SAID[data["reason"]](data)


def _best(data: Row) -> str:
    told = {"ks": f"{data['ks']:.3f}", "p": f"{data['p']:.2f}" if data["p"] is not None else "–"}
    if data["p"] is None or data["p"] >= LIKELY:
        return _("与日志的最大距离（KS）%(ks)s，p = %(p)s：看不出差别。", **told)
    return _("与日志的最大距离（KS）%(ks)s，p = %(p)s：次数多，差别不算偶然，但不大。", **told)


SAID: Mapping[str, Callable[[Row], str]] = {
    "none": lambda _data: _("没有一次知道用了多久，当作不占时间。"),
    "constant": lambda _data: _("每次都一样。"),
    "few": lambda data: _("只有 %(n)s 次，不够拟合，照搬实测的值。", n=data["n"]),
    "zeros": lambda data: _("%(share)s 的用时是 0，照搬实测的值。", share=percent(data["zeros"])),
    "poor": lambda _data: _("没有一种分布离日志够近，照搬实测的值。"),
    "best": _best,
}


def detail(one: Fit, day_hours: float) -> dict[str, Any]:
    """Return all that is shown of the activity that was chosen."""
    data = one.data
    bars = data["histogram"]
    most = (bars["from"] + bars["width"] * len(bars["counts"])) if bars else 0.0
    told = unit(most, day_hours)
    bars_drawn = histogram(data, told.scale)
    across = _("用时（%(unit)s）", unit=told.word)
    points = [(x * told.scale, y * told.scale) for x, y in data["qq"]]
    return {
        "name": one.name,
        "node": one.node,
        "node_name": one.node_name,
        "n": one.n,
        "sign": one.sign,
        "said": said(data),
        "written": written(data["distribution"], _("小时")),
        "chart": log_charts.fit(bars_drawn, across, told.word),
        "qq": log_charts.qq(points, _("拟合（%(unit)s）", unit=told.word), _("日志")),
        "skewed": bool(bars_drawn.shares) and bars_drawn.shares[0] > SKEWED,
        "ecdf": log_charts.ecdf(points, across),
        "beyond": bars.get("beyond", 0),
        "rows": list(rows(data, bars_drawn, told.word)),
        "candidates": [candidate(each, data) for each in data["candidates"]],
    }


def rows(data: Row, bars: Histogram, word: str) -> Iterator[dict[str, Any]]:
    """Yield the bars as a table says them."""
    told = data["histogram"]
    for place, (counted, expected) in enumerate(
        zip(told.get("counts", ()), told.get("expected", ()), strict=True)
    ):
        low = bars.origin + place * bars.width
        span = f"{short_number(low)}–{short_number(low + bars.width)} {word}"
        yield {"span": span, "counted": counted, "expected": expected}


def candidate(each: Row, data: Row) -> dict[str, Any]:
    """Return a family that was tried."""
    word = str(FAMILIES.get(each["shape"], each["shape"]))
    return {**each, "word": word, "taken": each["distribution"] == data["distribution"]}


def written(distribution: str, unit_word: str) -> str:
    """Return a distribution as assumptions have it, its numbers cut for people."""
    found = Distribution.of(distribution)
    if found.shape is Shape.EMPIRICAL and len(found.values) > WRITTEN:
        return _("empirical：%(n)s 个实测值（%(unit)s）", n=len(found.values), unit=unit_word)
    values = ", ".join(short_number(each) for each in found.values)
    return f"{found.shape}({values}) {unit_word}"


# -- what is not fitted, branches, hours ----------------------------------------------------------


def unmatched(report: Row) -> list[tuple[str, list[str]]]:
    """Return why activities were not used, each reason with them."""
    found: dict[str, list[str]] = {}
    for name, reason in report["mapping"]["missing"].items():
        found.setdefault(why(reason), []).append(name)
    return list(found.items())


def why(reason: str) -> str:
    """Return why an activity has no node."""
    if reason.startswith(AMBIGUOUS):
        nodes = reason.removeprefix(AMBIGUOUS)
        return _("有几个环节都叫这个：%(nodes)s", nodes=nodes)
    return str(MISSING.get(reason, reason))


def limits(report: Row) -> list[str]:
    """Return what the log cannot tell."""
    return [str(LIMITS.get(each, each)) for each in report["limits"]]


@dataclass(frozen=True, slots=True)
class Choices:
    """Gateways at which cases went several ways, and those at which all went the same."""

    several: list[dict[str, Any]]
    one: list[tuple[str, str, int]]


def choices(report: Row, nodes: Nodes) -> Choices:
    """Return the gateways with their ways, named in the page's language."""
    found = Choices([], [])
    for each in report["shares"]:
        gone = [way for way in each["branches"] if way["count"]]
        name = nodes.gateway(each["node"], each["name"])
        if len(gone) > 1:
            ways = [{**way, "name": way_name(way, nodes)} for way in each["branches"]]
            found.several.append({**each, "name": name, "branches": ways})
        elif gone:
            found.one.append((name, way_name(gone[0], nodes), round(gone[0]["count"])))
    return found


def way_name(way: Row, nodes: Nodes) -> str:
    """Return what a way out of a gateway is called: by itself, else by what it leads to."""
    told = drawn(way["name"]) or nodes(way["target"])
    return told[:1].upper() + told[1:]


def open_hours(week: Row) -> list[list[bool]]:
    """Return of each hour of the seven days whether it counts as worked, for half of it or more."""
    days = set(week["days"])
    return [
        [day in days and worked_in(week["spans"], hour) for hour in range(24)] for day in DAY_WORDS
    ]


def worked_in(spans: Sequence[Sequence[float]], hour: int) -> bool:
    """Tell whether at least half of an hour of the day is worked."""
    inside = (min(to, hour + 1) - max(since, hour) for since, to in spans)
    return sum(max(0.0, each) for each in inside) >= 1 / 2


def week_said(week: Row) -> str:
    """Return the hours of work in a line."""
    if week["always"]:
        return _("不分昼夜")
    days = _("、").join(str(DAY_WORDS[each]) for each in week["days"])
    hours = _("、").join(f"{clock(since)}–{clock(to)}" for since, to in week["spans"])
    return f"{days} {hours}"


def clock(hour: float) -> str:
    """Return an hour of the day."""
    return f"{int(hour):02}:{round(hour % 1 * MINUTES):02}"
