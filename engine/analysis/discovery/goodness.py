"""How well a distribution fits what was observed: Kolmogorov-Smirnov, quantiles, histogram."""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.analysis.discovery.families import FAMILIES, Array, Parameters
from engine.analysis.simulation.distribution import Shape

#: samples of a bootstrap and the most values of each
SAMPLES, SIZE = 99, 400
BARS, POINTS = 40, 50
SCORES = np.linspace(-6, 6, 2_001)
#: bars reach so far; what lies beyond is counted
SHOWN = 0.98


def distance(ordered: Array, below: Array) -> Array:
    """Return the Kolmogorov-Smirnov statistic of sorted samples, by their shares below."""
    count = ordered.shape[-1]
    steps = np.arange(count + 1) / count
    return np.maximum(steps[1:] - below, below - steps[:-1]).max(-1)


def chance(statistic: float, count: int) -> float:
    """Return how likely a distance this great is for a distribution known beforehand.

    Where its parameters were fitted to the same values this is too optimistic (Lilliefors 1967).
    """
    from scipy.special import kolmogorov  # noqa: PLC0415

    root = np.sqrt(count)
    return float(kolmogorov((root + 0.12 + 0.11 / root) * statistic))


def bootstrapped(shape: Shape, parameters: Parameters, statistic: float, count: int) -> float:
    """Return the same chance with the fitting repeated on samples of the fitted distribution.

    The parametric bootstrap (Stute, Manteiga and Quindimil 1993) with SAMPLES samples of at most
    SIZE values; distances of larger samples are compared by their growth with the square root.
    Its own seed is fixed: the same log gives the same answer.
    """
    from scipy.special import ndtr  # noqa: PLC0415

    family, size = FAMILIES[shape], min(count, SIZE)
    scores = np.random.default_rng(size).normal(size=(SAMPLES, size))
    # quantiles are looked up between scores: some take long to compute
    table = np.maximum(family.quantile(ndtr(SCORES), *parameters), 1e-12)
    drawn = np.sort(np.interp(scores, SCORES, np.ravel(table)), axis=-1)
    apart = distance(drawn, family.below(drawn, *family.estimate(drawn)))
    beyond = int((apart * np.sqrt(size) >= statistic * np.sqrt(count)).sum())
    return (1 + beyond) / (1 + SAMPLES)


def pairs(ordered: Array, fitted: Any) -> list[list[float]]:
    """Return quantiles as [fitted, observed], for a chart. `fitted` gives quantiles of shares."""
    shares = (np.arange(POINTS) + 0.5) / POINTS
    observed = np.quantile(ordered, shares)
    both = np.stack([np.asarray(fitted(shares), np.float64), observed], axis=-1)
    return [[round(float(one), 6), round(float(other), 6)] for one, other in both]


def bars(ordered: Array, below: Any) -> dict[str, Any]:
    """Return a histogram of what was observed, with what the fitted one has in each bar.

    `below` gives shares below values. Bars reach to the SHOWN quantile, `beyond` counts the rest.
    """
    first, last = float(ordered[0]), float(np.quantile(ordered, SHOWN))
    if last <= first:
        last = first + max(abs(first), 1.0) * 0.05
    edges = np.linspace(first, last, BARS + 1)
    counts = np.histogram(ordered, edges)[0]
    expected = np.diff(below(edges)) * len(ordered)
    return {
        "from": first,
        "width": (last - first) / BARS,
        "counts": [int(each) for each in counts],
        "expected": [round(float(each), 4) for each in expected],
        "beyond": int(len(ordered) - counts.sum()),
    }
