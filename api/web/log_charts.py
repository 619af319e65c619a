"""The charts of event logs as data for the scripts that draw them; small ones are drawn here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from api.web.gantt.words import gettext as _
from api.web.heat import level

Row = Mapping[str, Any]
#: the box of a histogram as small as a word
SPARK_WIDTH, SPARK_HEIGHT = 96, 28
Points = Sequence[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a small histogram."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Spark:
    """A histogram as small as a word; `path` is the fitted curve over it, '' without one."""

    bars: tuple[Bar, ...]
    path: str


@dataclass(frozen=True, slots=True)
class Histogram:
    """What was observed, in shares of all; `curve` has at each point the share of a bar there."""

    origin: float
    width: float
    shares: tuple[float, ...]
    curve: Points

    @property
    def to(self) -> float:
        """Where the last bar ends."""
        return self.origin + self.width * len(self.shares)

    @property
    def top(self) -> float:
        """The highest bar or the highest point of the curve, if that is not far above."""
        bars = max(self.shares, default=0.0)
        return min(max([bars, *(y for _x, y in self.curve)]), 1.5 * bars) or 1.0


def spark(told: Histogram) -> Spark:
    """Return a histogram as small as a word."""
    wide = SPARK_WIDTH / max(1, len(told.shares))
    bars = (bar(place * wide, wide, share / told.top) for place, share in enumerate(told.shares))
    scale = SPARK_WIDTH / ((told.to - told.origin) or 1.0)
    points = [
        (f"{(x - told.origin) * scale:.1f}", f"{SPARK_HEIGHT * (1 - min(1.0, y / told.top)):.1f}")
        for x, y in told.curve
    ]
    path = " ".join(f"{'L' if place else 'M'}{x} {y}" for place, (x, y) in enumerate(points))
    return Spark(tuple(bars), path)


def bar(x: float, wide: float, share: float) -> Bar:
    """Return a bar of a small histogram; what is not nothing is seen."""
    height = max(1.0, SPARK_HEIGHT * share) if share else 0.0
    return Bar(
        round(x, 2), round(SPARK_HEIGHT - height, 2), round(wide * 0.92, 2), round(height, 2)
    )


def fit(told: Histogram, across: str, unit: str) -> dict[str, Any]:
    """Return what was observed and the curve that was fitted to it."""
    return {
        "from": told.origin,
        "width": told.width,
        "shares": [round(100 * each, 2) for each in told.shares],
        "curve": [[round(x, 4), round(100 * min(y, told.top), 3)] for x, y in told.curve],
        "names": [_("日志"), _("拟合")],
        "across": across,
        "unit": unit,
    }


def qq(points: Points, across: str, up: str) -> dict[str, Any]:
    """Return the quantiles of a log against those of what was fitted."""
    most = max((value for each in points for value in each), default=1.0) or 1.0
    return {
        "points": [[round(x, 3), round(y, 3)] for x, y in points],
        "most": round(most * 1.04, 3),
        "across": across,
        "up": up,
        "line": _("完全贴合"),
    }


def ecdf(points: Points, across: str) -> dict[str, Any]:
    """Return the cumulative shares of a log and of what was fitted, by their quantiles.

    The axis of durations is logarithmic: a curve begins at its share of nothing.
    """
    known = [value for each in points for value in each if value > 0]
    least = min(known, default=1.0)
    sides = zip(*points, strict=True) if points else ((), ())
    fitted, observed = (list(climbing(side, least)) for side in sides)
    series = [{"name": _("日志"), "points": observed}, {"name": _("拟合"), "points": fitted}]
    return {"series": series, "across": across}


def climbing(side: Sequence[float], least: float) -> Iterator[list[float]]:
    """Yield the points of a cumulative curve: what is nothing at once, at the axis's beginning."""
    nothing = sum(value <= 0 for value in side)
    if nothing:
        yield [float(f"{least:.4g}"), round(100 * nothing / len(side), 1)]
    for place, value in enumerate(side):
        if value > 0:
            yield [float(f"{value:.4g}"), round(100 * (place + 0.5) / len(side), 1)]


def columns(labels: Iterable[str], values: Iterable[float], name: str, unit: str) -> dict[str, Any]:
    """Return bars side by side."""
    series = [{"name": name, "values": list(values)}]
    return {"labels": list(labels), "series": series, "unit": unit, "min": 0}


# -- weekdays and hours --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Hour:
    """How often something happened in an hour of a weekday; `shade` is 0 to 5."""

    number: int
    count: int
    shade: int
    is_open: bool


def week(counts: Sequence[Sequence[int]], open_: Sequence[Sequence[bool]] = ()) -> list[list[Hour]]:
    """Return the hours of the seven days, Monday first, shaded by how much happened in each."""
    most = max((each for day in counts for each in day), default=0)
    return [
        [
            Hour(hour, int(each), level(each, most), bool(open_ and open_[day][hour]))
            for hour, each in enumerate(hours)
        ]
        for day, hours in enumerate(counts)
    ]
