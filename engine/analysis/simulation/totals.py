"""Replications put together: estimates with their intervals, and one distribution of all."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import stdtrit

#: days of cases are counted in steps of this many
STEP = 0.05
MOST_STEPS = 400_000
QUANTILES = {"p50": 0.5, "p90": 0.9, "p95": 0.95}
LEVEL = 0.95
#: the two-sided 95 % point of the normal distribution
NORMAL = 1.959964


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its 95 % interval; no interval comes of one replication."""

    value: float
    low: float | None = None
    high: float | None = None

    def data(self) -> dict[str, float | None]:
        """Return it as JSON."""
        return {"value": rounded(self.value), "low": rounded(self.low), "high": rounded(self.high)}


def rounded(value: float | None) -> float | None:
    """Return a number as it is written; None for what is not known."""
    return None if value is None or not np.isfinite(value) else round(float(value), 6)


def estimate(
    values: Sequence[float] | Any, value: float | None = None, *, share: bool = False
) -> Estimate:
    """Return the mean of independent figures with Student's interval; a share's within 0 and 1.

    `value` stands in the middle instead where all cases together give a better one.
    """
    known = np.asarray(values, np.float64)
    known = known[np.isfinite(known)]
    if not len(known):
        return Estimate(float("nan"))
    middle = float(known.mean()) if value is None else value
    if len(known) == 1:
        return Estimate(middle)
    half = student(len(known) - 1) * float(known.std(ddof=1)) / len(known) ** 0.5
    low, high = middle - half, middle + half
    return Estimate(middle, max(low, 0.0), min(high, 1.0)) if share else Estimate(middle, low, high)


def student(freedom: int) -> float:
    """Return the two-sided 95 % point of Student's t."""
    return float(stdtrit(freedom, 0.5 + LEVEL / 2))


def wider(found: Estimate, low: float, high: float) -> Estimate:
    """Return an estimate whose interval also holds another one: few cases tell less than they seem.

    One replication has no interval: nothing is known of how cases hang together.
    """
    if found.low is None or found.high is None:
        return found
    return Estimate(found.value, min(found.low, low), max(found.high, high))


def wilson(share: float, cases: int) -> tuple[float, float]:
    """Return the interval of a share of independent cases (Wilson 1927)."""
    if not cases:
        return share, share
    width = NORMAL**2 / cases
    middle = (share + width / 2) / (1 + width)
    half = NORMAL / (1 + width) * math.sqrt(share * (1 - share) / cases + width / cases / 4)
    return middle - half, middle + half


@dataclass(eq=False)
class Measure:
    """One view of all cases: a histogram of their days, and each replication's figures."""

    counts: Any
    figures: list[tuple[float, ...]]
    squares: float = 0.0
    total: float = 0.0
    cases: int = 0

    @classmethod
    def empty(cls) -> Measure:
        """Return the measure of no case."""
        return cls(np.zeros(0, np.int64), [])

    def add(self, days: Any) -> None:
        """Add one replication's cases."""
        days = days[np.isfinite(days)]
        if not len(days):
            # so that figures stand by replication
            self.figures.append((float("nan"),) * (1 + len(QUANTILES)))
            return
        steps = np.minimum(np.rint(days / STEP).astype(np.int64), MOST_STEPS)
        more = np.bincount(steps, minlength=len(self.counts))
        more[: len(self.counts)] += self.counts
        self.counts = more
        self.total += float(days.sum())
        self.squares += float((days * days).sum())
        self.cases += len(days)
        self.figures.append((float(days.mean()), *np.quantile(days, [*QUANTILES.values()])))

    def quantile(self, below: float) -> float:
        """Return a quantile of all cases, to a step."""
        if not self.cases:
            return float("nan")
        place = np.searchsorted(np.cumsum(self.counts), below * self.cases, side="left")
        return min(int(place), len(self.counts) - 1) * STEP

    def ranks(self, below: float) -> tuple[float, float]:
        """Return the interval of a quantile of independent cases, by their ranks."""
        half = NORMAL * math.sqrt(below * (1 - below) / self.cases)
        return self.quantile(max(0.0, below - half)), self.quantile(min(1.0, below + half))

    @property
    def mean(self) -> float:
        """The mean days of all cases."""
        return self.total / self.cases if self.cases else float("nan")

    @property
    def deviation(self) -> float:
        """The standard deviation of all cases."""
        return math.sqrt(max(0.0, self.squares / self.cases - self.mean**2))

    def data(self) -> dict[str, Any] | None:
        """Return it as JSON; None of no case."""
        if not self.cases:
            return None
        figures = np.array(self.figures)
        found: dict[str, Any] = {"mean": estimate(figures[:, 0], self.mean).data()}
        for place, (name, below) in enumerate(QUANTILES.items(), start=1):
            middle = estimate(figures[:, place], self.quantile(below))
            found[name] = wider(middle, *self.ranks(below)).data()
        steps = np.flatnonzero(self.counts)
        return found | {
            "sd": rounded(self.deviation),
            "least": rounded(steps[0] * STEP),
            "most": rounded(steps[-1] * STEP),
            "histogram": self.histogram(int(steps[0]), int(steps[-1])),
        }

    def histogram(self, first: int, last: int, bars: int = 60) -> dict[str, Any]:
        """Return at most so many bars, each of the same whole number of steps."""
        wide: int = next(each for each in WIDTHS if (last - first) / each < bars)
        begin = (first // wide) * wide
        edges = np.arange(begin, last + wide + 1, wide)
        counts = np.add.reduceat(self.counts[: last + 1], edges[edges <= last])
        return {
            "from": rounded((begin - 0.5) * STEP),
            "width": rounded(wide * STEP),
            "counts": counts.tolist(),
        }


WIDTHS: list[int] = [one * 10**power for power in range(7) for one in (1, 2, 5, 10)]
