"""Distributions as the kernel reads them: three numbers, or a table of quantiles."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, TypeAlias

import numpy as np
from scipy.special import betaincinv, gammaincinv, ndtr

from engine.analysis.simulation.distribution import Distribution, Shape
from engine.analysis.simulation.kernel import quantile as q

#: a shape's number and its three parameters
Plain: TypeAlias = tuple[int, tuple[float, float, float]]
#: points of a table between the scores -8.25 and 8.25
POINTS = 4_096


def write(row: Any, work: Distribution, tables: list[float]) -> None:
    """Write a distribution into a node's record, its table at the end of `tables`."""
    values = (*work.values, 0.0, 0.0)[:3]
    if work.shape in TABLES or work.shape is Shape.EMPIRICAL:
        row["table_from"] = len(tables)
        tables.extend(table(work))
        row["table_to"] = len(tables)
        row["shape"] = q.EMPIRICAL if work.shape is Shape.EMPIRICAL else q.TABLE
        return
    row["shape"], (row["shift"], row["scale"], row["form"]) = PLAIN[work.shape](*values)


def triangle(low: float, mode: float, high: float) -> Plain:
    """Return a triangle; one of no width is fixed."""
    if high <= low:
        return q.FIXED, (low, 0.0, 0.0)
    return q.TRIANGULAR, (low, high, (mode - low) / (high - low))


def logarithmic(mean: float, sd: float, _: float) -> Plain:
    """Return a lognormal by the mean and deviation of its logarithm."""
    variance = math.log1p((sd / mean) ** 2)
    return q.LOGNORMAL, (math.log(mean) - variance / 2, math.sqrt(variance), 0.0)


PLAIN: Mapping[Shape, Callable[[float, float, float], Plain]] = {
    Shape.FIXED: lambda value, _, __: (q.FIXED, (value, 0.0, 0.0)),
    Shape.UNIFORM: lambda low, high, _: (q.UNIFORM, (low, high, 0.0)),
    Shape.TRIANGULAR: triangle,
    Shape.NORMAL: lambda mean, sd, _: (q.NORMAL, (mean, sd, 0.0)),
    Shape.LOGNORMAL: logarithmic,
    Shape.EXPONENTIAL: lambda mean, _, __: (q.EXPONENTIAL, (0.0, mean, 0.0)),
    Shape.WEIBULL: lambda form, scale, _: (q.WEIBULL, (0.0, scale, form)),
}


@lru_cache(maxsize=512)
def table(work: Distribution) -> tuple[float, ...]:
    """Return the quantiles of a distribution at scores evenly apart; of an empirical one, all."""
    if work.shape is Shape.EMPIRICAL:
        return tuple(sorted(work.values))
    below = ndtr(np.linspace(-q.SCORE, q.SCORE, POINTS))
    return tuple(float(each) for each in TABLES[work.shape](below, *work.values))


def pert(below: Any, low: float, mode: float, high: float) -> Any:
    """Return quantiles of a PERT: a beta with its mean at (low + 4 mode + high) / 6."""
    if high <= low:
        return np.full(len(below), low)
    width = high - low
    left, right = 1 + 4 * (mode - low) / width, 1 + 4 * (high - mode) / width
    return low + width * betaincinv(left, right, below)


def gamma(below: Any, mean: float, sd: float) -> Any:
    """Return quantiles of a gamma distribution."""
    form = (mean / sd) ** 2
    found = gammaincinv(form, np.minimum(below, 1 - 2**-53))
    return found * mean / form


TABLES: Mapping[Shape, Callable[..., Any]] = {Shape.PERT: pert, Shape.GAMMA: gamma}
