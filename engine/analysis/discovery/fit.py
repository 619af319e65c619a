"""A distribution fitted to observed durations, with how well it fits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import numpy as np

from engine.analysis.discovery import goodness
from engine.analysis.discovery.families import FAMILIES, Array, Parameters, distribution
from engine.analysis.simulation.distribution import Distribution, InvalidDistribution, Shape, fixed

#: fewer values, or fewer different ones, are kept as they are
FEW, DIFFERENT = 20, 8
#: at most so many values of an empirical distribution, each the mean of an equal share
KEPT = 200
#: with more zeros than this share no continuous family is tried
ZEROS = 0.05
#: a family further off than this is not taken, where its bootstrap says it is not by chance
FAR, UNLIKELY = 0.1, 0.02
#: how far a fitted mean may be from the observed one, beside three standard errors
MEAN_OFF = 0.1
#: durations are the same where they differ by less than this share, or by this many hours
SAME, SECOND = 0.005, 1 / 3600
#: a normal distribution that is below 0 more often is none of durations
BELOW = 0.01


class Reason(StrEnum):
    """Why this distribution was taken."""

    #: no duration is known
    NONE = "none"
    #: all are the same
    CONSTANT = "constant"
    #: too few for a family
    FEW = "few"
    #: too many are zero: one timestamp an event, or dates only
    ZEROS = "zeros"
    #: no family is near what was observed
    POOR = "poor"
    #: the least criterion among the families
    BEST = "best"


@dataclass(frozen=True, slots=True)
class Candidate:
    """One family that was tried. `p` is optimistic, as its parameters were fitted to the sample."""

    distribution: Distribution
    aic: float
    bic: float
    ks: float
    p: float

    def data(self) -> dict[str, Any]:
        """Return it as JSON."""
        return {
            "distribution": str(self.distribution),
            "shape": str(self.distribution.shape),
            "mean": self.distribution.mean,
            "aic": round(self.aic, 2),
            "bic": round(self.bic, 2),
            "ks": round(self.ks, 5),
            "p": round(self.p, 5),
        }


@dataclass(frozen=True, slots=True)
class Fitted:
    """A distribution and how well it fits: `n` durations in hours of a calendar.

    `ks` is the greatest distance between its shares and those observed; `p` how likely one as
    great is by chance if it were the true one (parametric bootstrap for a family; None where
    nothing was tested). `qq` are [fitted, observed] quantiles, `histogram` is `goodness.bars`.
    """

    distribution: Distribution
    reason: Reason
    n: int
    zeros: float = 0.0
    mean: float = 0.0
    median: float = 0.0
    p90: float = 0.0
    ks: float = 0.0
    p: float | None = None
    candidates: tuple[Candidate, ...] = ()
    qq: list[list[float]] = field(default_factory=list)
    histogram: dict[str, Any] = field(default_factory=dict)

    def data(self) -> dict[str, Any]:
        """Return it as JSON, the candidates best first."""
        told = ("n", "zeros", "mean", "median", "p90", "ks", "p", "qq", "histogram")
        return {
            "distribution": str(self.distribution),
            "shape": str(self.distribution.shape),
            "reason": str(self.reason),
            "candidates": [each.data() for each in self.candidates],
            **{name: getattr(self, name) for name in told},
        }


@dataclass(frozen=True, slots=True)
class Tried:
    """A candidate with the parameters it was fitted by."""

    candidate: Candidate
    parameters: Parameters


def fitted(durations: Array, *, criterion: str = "aic") -> Fitted:
    """Fit the families to durations in hours; unknown ones (NaN) are left out.

    Taken is the family with the least criterion (`aic` or `bic`) whose mean is the observed one
    within its error; what was observed itself, where that is far off, has many zeros or few values.
    Zeros, where they are few, count as half the least duration above 0. The same durations give
    the same answer.
    """
    known = np.sort(np.asarray(durations, np.float64))
    known = known[np.isfinite(known) & (known >= 0)]
    if not len(known):
        return Fitted(fixed(0.0), Reason.NONE, 0)
    if known[-1] - known[0] <= max(SAME * known[-1], SECOND):
        return told(known, fixed(float(np.median(known))), Reason.CONSTANT)
    zeros = float((known <= 0).mean())
    if len(known) < FEW or len(np.unique(known)) < DIFFERENT or zeros > ZEROS:
        return told(known, empirical(known), Reason.ZEROS if zeros > ZEROS else Reason.FEW)
    return chosen(known, lifted(known), criterion)


def lifted(known: Array) -> Array:
    """Return durations with zeros half as long as the least above."""
    least = known[np.searchsorted(known, 0.0, side="right")]
    return np.maximum(known, least / 2)


def chosen(known: Array, above: Array, criterion: str) -> Fitted:
    """Return the family that fits best, or what was observed where none is near."""
    found = sorted(tried(above), key=lambda each: float(getattr(each.candidate, criterion)))
    candidates = tuple(each.candidate for each in found)
    best = next((each for each in found if near_in_mean(each.candidate, known)), None)
    if best is None:
        return told(known, empirical(known), Reason.POOR, candidates)
    shape, ks = best.candidate.distribution.shape, best.candidate.ks
    p = goodness.bootstrapped(shape, best.parameters, ks, len(known))
    if ks > FAR and p < UNLIKELY:
        return told(known, empirical(known), Reason.POOR, candidates)
    return told(known, best.candidate.distribution, Reason.BEST, candidates, best, p)


def tried(above: Array) -> list[Tried]:
    """Return the families that can be fitted."""
    found = (one(shape, above) for shape in FAMILIES)
    return [each for each in found if each is not None]


def one(shape: Shape, above: Array) -> Tried | None:
    """Fit one family; None where it cannot be, or a normal one would be below 0 too often."""
    family = FAMILIES[shape]
    parameters = family.estimate(above)
    try:
        fits = distribution(shape, parameters)
    except (InvalidDistribution, ArithmeticError):
        return None
    likelihood = float(family.log_density(above, *parameters).sum())
    if not np.isfinite(likelihood):
        return None
    if shape is Shape.NORMAL and float(family.below(np.zeros(1), *parameters)[0]) > BELOW:
        return None
    count, free = len(above), len(fits.values)
    ks = float(goodness.distance(above, family.below(above, *parameters)))
    aic, bic = 2 * free - 2 * likelihood, free * np.log(count) - 2 * likelihood
    found = Candidate(fits, aic, float(bic), ks, goodness.chance(ks, count))
    return Tried(found, parameters)


def near_in_mean(candidate: Candidate, known: Array) -> bool:
    """Tell whether a family's mean is the observed one within its error.

    A heavy tail can fit every quantile that was observed and have a mean far beyond.
    """
    observed, error = float(known.mean()), float(known.std() / np.sqrt(len(known)))
    return abs(candidate.distribution.mean - observed) <= max(MEAN_OFF * observed, 3 * error)


def empirical(known: Array) -> Distribution:
    """Return what was observed, as the means of at most KEPT equal shares: the mean stays."""
    if len(known) > KEPT:
        total = np.concatenate([[0.0], np.cumsum(known)]) / len(known)
        upto = np.interp(np.linspace(0, len(known), KEPT + 1), np.arange(len(total)), total)
        known = np.maximum(np.diff(upto) * KEPT, 0.0)
    return Distribution(Shape.EMPIRICAL, tuple(float(f"{each:.6g}") for each in known))


def told(
    known: Array,
    taken: Distribution,
    reason: Reason,
    candidates: tuple[Candidate, ...] = (),
    best: Tried | None = None,
    p: float | None = None,
) -> Fitted:
    """Return a fit with its figures and charts."""
    below, quantile = functions(taken, best)
    return Fitted(
        distribution=taken,
        reason=reason,
        n=len(known),
        zeros=float((known <= 0).mean()),
        mean=float(known.mean()),
        median=float(np.median(known)),
        p90=float(np.quantile(known, 0.9)),
        ks=best.candidate.ks if best else 0.0,
        p=p,
        candidates=candidates,
        qq=goodness.pairs(known, quantile),
        histogram=goodness.bars(known, below),
    )


def functions(
    taken: Distribution, best: Tried | None
) -> tuple[Callable[[Array], Array], Callable[[Array], Array]]:
    """Return shares below and quantiles: of a family, or of values each as likely."""
    if best is not None:
        family, parameters = FAMILIES[taken.shape], best.parameters
        return (
            lambda x: family.below(x, *parameters),
            lambda p: family.quantile(p, *parameters),
        )
    values = np.sort(np.array(taken.values))
    places = (np.arange(len(values)) + 0.5) / len(values)
    return (
        lambda x: np.searchsorted(values, x, side="right") / len(values),
        lambda p: np.interp(p, places, values),
    )
