"""Two samples of durations compared: those of a log and those that were simulated from it."""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.analysis.discovery.families import Array

SHARES = (0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99)
BARS, POINTS = 40, 100
#: bars reach to this quantile of both
SHOWN = 0.98


def compared(observed: Array, simulated: Array, *, day_hours: float = 24.0) -> dict[str, Any]:
    """Compare durations in hours, those unknown (NaN) left out; all that is told is in days.

    `day_hours` are the hours of one day. Answers `sides` (n, mean, sd, quantiles by share of
    `observed` and `simulated`), `ks` (the greatest distance between shares below a value) with its
    `p`, `emd` (Wasserstein or earth mover's distance: the mean distance by which durations would
    have to move), `histogram` {"from", "width", "observed", "simulated"} (shares in bars, what lies
    beyond in the last) and `ecdf` {"observed", "simulated"}: points [days, share below]. For an
    empty sample only `sides`.
    """
    both = [known(each) / day_hours for each in (observed, simulated)]
    names = ("observed", "simulated")
    sides = {name: figures(side) for name, side in zip(names, both, strict=True)}
    if not all(len(each) for each in both):
        return {"sides": sides, "ks": None, "p": None, "emd": None, "histogram": {}, "ecdf": {}}
    statistic = distance(*both)
    return {
        "sides": sides,
        "ks": statistic,
        "p": chance(statistic, len(both[0]), len(both[1])),
        "emd": moved(*both),
        "histogram": bars(*both),
        "ecdf": {name: steps(side) for name, side in zip(names, both, strict=True)},
    }


def known(hours: Array) -> Array:
    """Return the known durations, ascending."""
    found = np.asarray(hours, np.float64)
    return np.sort(found[np.isfinite(found)])


def figures(days: Array) -> dict[str, Any]:
    """Return the figures of one sample; None where it is empty."""
    if not len(days):
        return {"n": 0, "mean": None, "sd": None, "quantiles": {}}
    found = np.quantile(days, SHARES)
    return {
        "n": len(days),
        "mean": float(days.mean()),
        "sd": float(days.std()),
        "quantiles": {f"{share:g}": float(at) for share, at in zip(SHARES, found, strict=True)},
    }


def apart(one: Array, other: Array) -> tuple[Array, Array]:
    """Return all values of two samples, and by how much their shares up to each differ."""
    at = np.concatenate([one, other])
    at.sort()
    gap = np.searchsorted(one, at, side="right") / len(one)
    return at, gap - np.searchsorted(other, at, side="right") / len(other)


def distance(one: Array, other: Array) -> float:
    """Return the two-sample Kolmogorov-Smirnov statistic."""
    return float(abs(apart(one, other)[1]).max())


def moved(one: Array, other: Array) -> float:
    """Return the first Wasserstein distance: the area between the two shares below."""
    at, gap = apart(one, other)
    return float((abs(gap[:-1]) * np.diff(at)).sum())


def chance(statistic: float, one: int, other: int) -> float:
    """Return how likely a distance as great is where both are of one distribution (asymptotic)."""
    from scipy.special import kolmogorov  # noqa: PLC0415

    root = np.sqrt(one * other / (one + other))
    return float(kolmogorov((root + 0.12 + 0.11 / root) * statistic))


def bars(one: Array, other: Array) -> dict[str, Any]:
    """Return the shares of both in common bars."""
    first = float(min(one[0], other[0]))
    last = float(max(np.quantile(one, SHOWN), np.quantile(other, SHOWN)))
    width = (last - first) / BARS or 1.0
    edges = first + width * np.arange(BARS + 1)
    edges[-1] = np.inf
    return {
        "from": first,
        "width": width,
        "observed": [round(float(each), 6) for each in np.histogram(one, edges)[0] / len(one)],
        "simulated": [round(float(each), 6) for each in np.histogram(other, edges)[0] / len(other)],
    }


def steps(days: Array) -> list[list[float]]:
    """Return points of the shares below."""
    shares = np.linspace(0, 1, POINTS + 1)
    at = np.quantile(days, shares)
    return [[round(float(x), 6), round(float(y), 4)] for x, y in zip(at, shares, strict=True)]
