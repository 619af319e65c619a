"""Families of distributions as they are fitted: estimates, densities, quantiles, for many samples.

Samples are the last axis, so that a bootstrap of a hundred samples is one call; parameters keep
that axis with length 1. All durations are above 0. Estimates are those of greatest likelihood,
but for triangular and PERT, whose quantiles are regressed on those of the family. scipy.special is
imported where it is needed: importing it takes longer than most programs run.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeAlias

import numpy as np

from engine.analysis.simulation.distribution import Distribution, Shape

Array: TypeAlias = Any
Parameters: TypeAlias = tuple[Array, ...]
#: modes tried between the ends of a triangular or PERT, and quantiles compared
MODES, POINTS = 41, 199
ROUNDS = 40
SMALLEST, LARGEST = 1e-3, 1e3


@dataclass(frozen=True, slots=True)
class Family:
    """One family. `of` turns parameters into those of a Distribution."""

    estimate: Callable[[Array], Parameters]
    log_density: Callable[..., Array]
    below: Callable[..., Array]
    quantile: Callable[..., Array]
    of: Callable[..., tuple[Any, ...]] = lambda *parameters: parameters


def distribution(shape: Shape, parameters: Parameters) -> Distribution:
    """Return a fitted distribution of one sample. Raises InvalidDistribution, OverflowError."""
    values = FAMILIES[shape].of(*(float(np.ravel(each)[0]) for each in parameters))
    return Distribution(shape, tuple(max(0.0, float(each)) for each in values))


def mean(x: Array) -> Array:
    """Return the mean of each sample."""
    return x.mean(-1, keepdims=True)


def _inside(x: Array, low: Array, high: Array) -> Array:
    return np.clip((x - low) / np.maximum(high - low, 1e-300), 0.0, 1.0)


# -- lognormal, exponential, normal: closed forms -----------------------------------------------


def lognormal(x: Array) -> Parameters:
    """Return mean and deviation of the logarithm."""
    logs = np.log(x)
    return mean(logs), np.maximum(logs.std(-1, keepdims=True), 1e-9)


def lognormal_density(x: Array, at: Array, scale: Array) -> Array:
    """Return the logarithm of the density."""
    return _normal_density(np.log(x), at, scale) - np.log(x)


def lognormal_values(at: float, scale: float) -> tuple[float, float]:
    """Return mean and standard deviation of the duration itself."""
    with np.errstate(over="raise"):
        middle = np.exp(np.float64(at + scale * scale / 2))
        return float(middle), float(middle * np.sqrt(np.expm1(np.float64(scale * scale))))


def normal(x: Array) -> Parameters:
    """Return mean and standard deviation."""
    return mean(x), np.maximum(x.std(-1, keepdims=True), 1e-12)


def _normal_density(x: Array, at: Array, scale: Array) -> Array:
    return -0.5 * ((x - at) / scale) ** 2 - np.log(scale) - 0.5 * np.log(2 * np.pi)


def _ndtr(x: Array) -> Array:
    from scipy.special import ndtr  # noqa: PLC0415

    return ndtr(x)


def _ndtri(p: Array) -> Array:
    from scipy.special import ndtri  # noqa: PLC0415

    return ndtri(p)


# -- gamma and weibull: Newton's steps for all samples at once ----------------------------------


def gamma(x: Array) -> Parameters:
    """Return shape and scale (Choi and Wette 1969)."""
    from scipy.special import polygamma, psi  # noqa: PLC0415

    gap = np.maximum(np.log(mean(x)) - mean(np.log(x)), 1e-9)
    form = (3 - gap + np.sqrt((gap - 3) ** 2 + 24 * gap)) / (12 * gap)
    for _ in range(5):
        step = (np.log(form) - psi(form) - gap) / (1 / form - polygamma(1, form))
        form = np.clip(form - step, form / 2, form * 2)
    return form, mean(x) / form


def gamma_density(x: Array, form: Array, scale: Array) -> Array:
    """Return the logarithm of the density."""
    from scipy.special import gammaln  # noqa: PLC0415

    return (form - 1) * np.log(x / scale) - x / scale - np.log(scale) - gammaln(form)


def _gammainc(x: Array, form: Array, scale: Array) -> Array:
    from scipy.special import gammainc  # noqa: PLC0415

    return gammainc(form, np.maximum(x, 0.0) / scale)


def _gammaincinv(p: Array, form: Array, scale: Array) -> Array:
    from scipy.special import gammaincinv  # noqa: PLC0415

    return gammaincinv(form, p) * scale


def weibull(x: Array) -> Parameters:
    """Return shape and scale: the shape solves the equation of greatest likelihood."""
    logs = np.log(x)
    top = logs.max(-1, keepdims=True)
    form = np.clip(1.28 / np.maximum(logs.std(-1, keepdims=True), 1e-6), SMALLEST, LARGEST)
    for _ in range(ROUNDS):
        powers = np.exp(form * (logs - top))
        total, first = powers.sum(-1, keepdims=True), (powers * logs).sum(-1, keepdims=True)
        second = (powers * logs * logs).sum(-1, keepdims=True)
        value = first / total - 1 / form - mean(logs)
        slope = (second * total - first * first) / (total * total) + 1 / (form * form)
        after = np.clip(form - value / slope, np.maximum(form / 2, SMALLEST), form * 2)
        done = bool(np.all(abs(after - form) <= 1e-10 * form))
        form = np.minimum(after, LARGEST)
        if done:
            break
    return form, np.exp(top + np.log(mean(np.exp(form * (logs - top)))) / form)


def weibull_density(x: Array, form: Array, scale: Array) -> Array:
    """Return the logarithm of the density."""
    ratio = np.log(x) - np.log(scale)
    return np.log(form) - np.log(scale) + (form - 1) * ratio - np.exp(form * ratio)


# -- bounded families ----------------------------------------------------------------------------


def uniform(x: Array) -> Parameters:
    """Return the ends: the least and the most, an expected gap further out."""
    low, high, count = x.min(-1, keepdims=True), x.max(-1, keepdims=True), x.shape[-1]
    gap = (high - low) / max(count - 1, 1)
    return np.maximum(low - gap, 0.0), high + gap


@cache
def table(shape: Shape) -> Array:
    """Return quantiles between 0 and 1 for each mode tried: MODES rows of POINTS."""
    modes = np.linspace(0, 1, MODES)[:, None]
    points = (np.arange(POINTS) + 0.5) / POINTS
    return UNIT[shape](points[None, :], modes)


def bounded(shape: Shape) -> Callable[[Array], Parameters]:
    """Return the estimate of low, mode and high by regression of quantiles.

    For every mode between the ends, the sample's quantiles are regressed on the family's; the
    mode with the least residue holds. The ends are drawn out to hold all of the sample.
    """

    def estimate(x: Array) -> Parameters:
        wanted = (np.arange(POINTS) + 0.5) / POINTS
        found = np.moveaxis(np.quantile(x, wanted, axis=-1), 0, -1)[..., None, :]
        unit = table(shape)
        across = unit - unit.mean(-1, keepdims=True)
        width = (across * found).sum(-1) / (across * across).sum(-1)
        low = found.mean(-1) - width * unit.mean(-1)
        residue = ((found - low[..., None] - width[..., None] * unit) ** 2).sum(-1)
        best = residue.argmin(-1)[..., None]
        low, width = (np.take_along_axis(each, best, -1) for each in (low, width))
        return _holding(x, low, low + np.linspace(0, 1, MODES)[best] * width, low + width)

    return estimate


def _holding(x: Array, low: Array, mode: Array, high: Array) -> Parameters:
    least, most = x.min(-1, keepdims=True), x.max(-1, keepdims=True)
    gap = (most - least) / (10 * x.shape[-1])
    low = np.clip(low, 0.0, np.maximum(least - gap, 0.0))
    high = np.maximum(high, most + gap)
    return low, np.clip(mode, low, high), high


def triangle_below(x: Array, low: Array, mode: Array, high: Array) -> Array:
    """Return the share below."""
    at, top = _inside(x, low, high), _inside(mode, low, high)
    with np.errstate(divide="ignore", invalid="ignore"):
        rising = np.where(top > 0, at * at / top, 0.0)
        falling = np.where(top < 1, 1 - (1 - at) ** 2 / (1 - top), 1.0)
    return np.where(at < top, rising, falling)


def triangle_density(x: Array, low: Array, mode: Array, high: Array) -> Array:
    """Return the logarithm of the density."""
    at, top = _inside(x, low, high), _inside(mode, low, high)
    with np.errstate(divide="ignore", invalid="ignore"):
        height = np.where(at < top, at / top, (1 - at) / (1 - top))
        return np.log(2 * np.nan_to_num(height, nan=1.0)) - np.log(high - low)


def unit_triangle(p: Array, top: Array) -> Array:
    """Return quantiles of a triangular between 0 and 1."""
    return np.where(p < top, np.sqrt(p * top), 1 - np.sqrt((1 - p) * (1 - top)))


def unit_pert(p: Array, top: Array) -> Array:
    """Return quantiles of a PERT between 0 and 1."""
    from scipy.special import betaincinv  # noqa: PLC0415

    return betaincinv(1 + 4 * top, 5 - 4 * top, p)


def pert_below(x: Array, low: Array, mode: Array, high: Array) -> Array:
    """Return the share below."""
    from scipy.special import betainc  # noqa: PLC0415

    top = _inside(mode, low, high)
    return betainc(1 + 4 * top, 5 - 4 * top, _inside(x, low, high))


def pert_density(x: Array, low: Array, mode: Array, high: Array) -> Array:
    """Return the logarithm of the density."""
    from scipy.special import betaln, xlog1py, xlogy  # noqa: PLC0415

    at, top = _inside(x, low, high), _inside(mode, low, high)
    left, right = 4 * top, 4 - 4 * top
    inner = xlogy(left, at) + xlog1py(right, -at) - betaln(left + 1, right + 1)
    return inner - np.log(high - low)


def _stretched(shape: Shape) -> Callable[..., Array]:
    def quantile(p: Array, low: Array, mode: Array, high: Array) -> Array:
        return low + (high - low) * UNIT[shape](p, _inside(mode, low, high))

    return quantile


UNIT: Mapping[Shape, Callable[[Array, Array], Array]] = {
    Shape.TRIANGULAR: unit_triangle,
    Shape.PERT: unit_pert,
}
FAMILIES: Mapping[Shape, Family] = {
    Shape.EXPONENTIAL: Family(
        lambda x: (mean(x),),
        lambda x, scale: -x / scale - np.log(scale),
        lambda x, scale: -np.expm1(-x / scale),
        lambda p, scale: -np.log1p(-p) * scale,
    ),
    Shape.LOGNORMAL: Family(
        lognormal,
        lognormal_density,
        lambda x, at, scale: _ndtr((np.log(np.maximum(x, 1e-300)) - at) / scale),
        lambda p, at, scale: np.exp(at + scale * _ndtri(p)),
        lognormal_values,
    ),
    Shape.GAMMA: Family(
        gamma,
        gamma_density,
        _gammainc,
        _gammaincinv,
        lambda form, scale: (form * scale, form**0.5 * scale),
    ),
    Shape.WEIBULL: Family(
        weibull,
        weibull_density,
        lambda x, form, scale: -np.expm1(-((np.maximum(x, 0.0) / scale) ** form)),
        lambda p, form, scale: scale * (-np.log1p(-p)) ** (1 / form),
    ),
    Shape.NORMAL: Family(
        normal,
        _normal_density,
        lambda x, at, scale: _ndtr((x - at) / scale),
        lambda p, at, scale: np.maximum(at + scale * _ndtri(p), 0.0),
    ),
    Shape.UNIFORM: Family(
        uniform,
        lambda x, low, high: 0 * x - np.log(high - low),
        _inside,
        lambda p, low, high: low + p * (high - low),
    ),
    Shape.TRIANGULAR: Family(
        bounded(Shape.TRIANGULAR),
        triangle_density,
        triangle_below,
        _stretched(Shape.TRIANGULAR),
    ),
    Shape.PERT: Family(bounded(Shape.PERT), pert_density, pert_below, _stretched(Shape.PERT)),
}
