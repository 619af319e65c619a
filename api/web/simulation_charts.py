"""The charts of a simulation as data for the scripts that draw them; tables say the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import ceil, floor
from typing import Any

from api.web import simulation_words as words
from api.web.gantt.words import gettext as _

Row = Mapping[str, Any]
#: more bars cannot be told apart
MOST_BINS = 60
#: the axis ends where so few lie beyond it
TAIL = 0.001
#: empty bins that are shown for the sake of the promise, as a share of the others
FAR = 1.0
#: working days of a month: 250 of a year
MONTH_DAYS = 250 / 12
#: inputs that a tornado shows
MOST_INPUTS = 12


@dataclass(frozen=True, slots=True)
class Bins:
    """Shares of projects by length: `shares` of `width` days each from `origin` on."""

    origin: float
    width: float
    shares: tuple[float, ...]

    def edge(self, number: int) -> float:
        """Return where a bin begins."""
        return self.origin + number * self.width

    def reaching(self, at: float) -> Bins:
        """Return the same with empty bins up to a value, unless it lies far away."""
        before = max(0, ceil((self.origin - at) / self.width) + 1)
        after = max(0, ceil((at - self.edge(len(self.shares))) / self.width) + 1)
        if before + after > FAR * len(self.shares):
            return self
        shares = (0.0,) * before + self.shares + (0.0,) * after
        return Bins(self.origin - before * self.width, self.width, shares)


def bins(histogram: Row, width: float | None = None, origin: float | None = None) -> Bins:
    """Return a histogram in shares, without its longest tail, in at most MOST_BINS wide bins.

    With `width` and `origin` it is put on that grid, so that two can be laid over each other.
    """
    counts, total = list(histogram["counts"]), sum(histogram["counts"]) or 1
    shown = shown_bins(counts, total)
    own = float(histogram["width"])
    wide = width or own * max(1, ceil(shown / MOST_BINS))
    begin = float(histogram["from"]) if origin is None else origin
    filled: dict[int, float] = {}
    for number, count in enumerate(counts[:shown]):
        middle = histogram["from"] + (number + 0.5) * own
        place = floor((middle - begin) / wide)
        filled[place] = filled.get(place, 0.0) + count / total
    return Bins(
        begin, wide, tuple(filled.get(place, 0.0) for place in range(max(filled, default=0) + 1))
    )


def shown_bins(counts: Sequence[float], total: float) -> int:
    """Return how many bins hold all but the longest tail."""
    reached = next(
        (n for n, sum_ in enumerate(accumulate(counts), 1) if sum_ >= total * (1 - TAIL)), 1
    )
    return int(reached)


def distribution(result: Row, measure: str) -> dict[str, Any]:
    """Return one measure's distribution with the lines of promise, quantiles and window."""
    told = result["measures"][measure]
    promise = result["promise"] if measure == "counted" else None
    found = bins(told["histogram"])
    if promise is not None:
        found = found.reaching(promise["days"])
    late = past(found, promise)
    return {
        **axis(found, measure),
        "sides": [
            {"name": "", "shares": [round(100 * each, 2) for each in found.shares], "late": late}
        ],
        "lines": [*quantiles(told), *limits(result, measure)],
    }


def tail(told: Row, found: Bins) -> str:
    """Return that the axis ends before the longest project, '' where it does not."""
    end = found.edge(len(found.shares))
    if told["most"] is None or told["most"] <= end:
        return ""
    return _(
        "横轴只到 %(end)s 天：更久的不到千分之一，最长 %(most)s 天。",
        end=words.days(end),
        most=words.days(told["most"]),
    )


def axis(found: Bins, measure: str) -> dict[str, Any]:
    """Return what a distribution's axis is told."""
    name = str(words.MEASURES[measure])
    return {
        "from": found.origin,
        "width": found.width,
        "across": _("%(name)s（工作日）", name=name),
        "unit": _("天"),
    }


def past(found: Bins, promise: Row | None) -> list[bool]:
    """Return which bins lie past the promise; its own goes with most of its projects."""
    if promise is None:
        return [False] * len(found.shares)
    kept, reached, told = promise["chance"]["value"] or 0.0, 0.0, []
    for share in found.shares:
        told.append(reached + share / 2 > kept)
        reached += share
    return told


def quantiles(told: Row) -> list[dict[str, Any]]:
    """Return the lines of the quantiles."""
    tones = {"p50": "quantile", "p90": "late", "p95": "late"}
    return [
        {
            "at": told[key]["value"],
            "name": f"{key.upper()} {words.days(told[key]['value'])}",
            "tone": tone,
        }
        for key, tone in tones.items()
        if told[key]["value"] is not None
    ]


def limits(result: Row, measure: str) -> list[dict[str, Any]]:
    """Return the line of the promise, or that of the window among elapsed days."""
    promise, window = result["promise"], result["window"]
    if measure == "counted" and promise is not None:
        name = _("承诺 %(days)s", days=promise["days"])
        return [{"at": promise["days"], "name": name, "tone": "promise"}]
    if measure == "elapsed" and window is not None:
        at = window["months"] * MONTH_DAYS
        name = _("%(n)s 个月，约 %(days)s", n=window["months"], days=round(at))
        return [{"at": at, "name": name, "tone": "window"}]
    return []


def overlaid(first: Row, second: Row, names: Sequence[str], measure: str) -> dict[str, Any]:
    """Return the distributions of two runs on one grid."""
    both = [each["measures"][measure]["histogram"] for each in (first, second)]
    own = [bins(each) for each in both]
    wide = max(each.width for each in own)
    begin = floor(min(each.origin for each in own) / wide) * wide
    ends = max(each.edge(len(each.shares)) for each in own)
    wide *= max(1, ceil((ends - begin) / wide / MOST_BINS))
    found = [bins(each, wide, begin) for each in both]
    most = max(len(each.shares) for each in found)
    filled = [each.shares + (0.0,) * (most - len(each.shares)) for each in found]
    return {
        **axis(found[0], measure),
        "sides": [
            {"name": name, "shares": [round(100 * each, 2) for each in shares], "late": []}
            for name, shares in zip(names, filled, strict=True)
        ],
        "lines": limits(first, measure),
    }


# -- what it depends on, when it has settled -------------------------------------------------------


def tornado(rows: Iterable[Row], base: float, key: str, names: Any) -> dict[str, Any]:
    """Return the inputs that move the days most, at their low and high."""
    told = [bar(each, base, key, names) for each in rows if None not in each[key]]
    told.sort(key=lambda each: -max(abs(each["atLow"]), abs(each["atHigh"])))
    return {
        "base": base,
        "rows": told[:MOST_INPUTS],
        "unit": _("与所设相比，工作日"),
        "names": {"low": _("较低"), "high": _("较高")},
    }


def bar(row: Row, base: float, key: str, names: Any) -> dict[str, Any]:
    """Return one input: by how many days the result moves."""
    low, high = row[key]
    return {
        "name": input_name(row, names),
        "low": setting(row["low"]),
        "high": setting(row["high"]),
        "atLow": round(low - base, 1),
        "atHigh": round(high - base, 1),
        "daysLow": low,
        "daysHigh": high,
    }


def input_name(row: Row, names: Any) -> str:
    """Return what an input is called."""
    sentence = words.INPUTS.get(row["kind"])
    name = names(row)
    return str(sentence) % {"name": name} if sentence is not None else name


def setting(value: Any) -> str:
    """Return what an input was set to."""
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def warmup(told: Row, mean: float | None) -> dict[str, Any]:
    """Return the days of projects by when they came, with the cut."""
    return {
        "cut": told["days"],
        "cutName": _("从第 %(n)s 天起计", n=f"{told['days']:.0f}"),
        "mean": None if mean is None else round(mean, 1),
        "meanName": _("平均 %(n)s", n=words.days(mean)),
        "points": [[round(day, 1), round(days, 2)] for day, days in known(told["series"])],
        "across": _("项目到来之日（日历天）"),
        "unit": _("计时工作日"),
    }


def known(series: Iterable[Sequence[float | None]]) -> list[tuple[float, float]]:
    """Return the days of those periods in which projects came."""
    return [(day, days) for day, days in series if day is not None and days is not None]


# -- bars in tables --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a bar in hundredths of the longest one."""

    part: str
    at: float
    width: float
    hours: float


def pieces(row: Row, longest: float) -> list[Piece]:
    """Return an item's bar: where its hours go."""
    found, at = [], 0.0
    for part in words.PARTS:
        hours = float(row.get(part) or 0.0)
        wide = 100 * hours / longest if longest else 0.0
        if wide:
            found.append(Piece(part, round(at, 2), round(wide, 2), hours))
        at += wide
    return found


def hours_of(row: Row) -> float:
    """Return all hours of an item."""
    return sum(float(row.get(part) or 0.0) for part in words.PARTS)
