"""How long something may take: distributions, written as `pert(3, 5, 9)`.

All have a quantile function, so that one uniform number gives one duration: the same number
gives a longer duration in a slower scenario, which is what common random numbers need.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from engine.errors import Invalid


class Shape(StrEnum):
    """The families, with their parameters in order."""

    #: value
    FIXED = "fixed"
    #: low, high
    UNIFORM = "uniform"
    #: low, mode, high
    TRIANGULAR = "triangular"
    #: low, mode, high: a beta of mean (low + 4 mode + high) / 6 (Malcolm et al. 1959)
    PERT = "pert"
    #: mean, standard deviation; below 0 it is 0
    NORMAL = "normal"
    #: mean, standard deviation of the duration itself, not of its logarithm
    LOGNORMAL = "lognormal"
    #: mean
    EXPONENTIAL = "exponential"
    #: mean, standard deviation
    GAMMA = "gamma"
    #: shape, scale
    WEIBULL = "weibull"
    #: what was observed, each as likely
    EMPIRICAL = "empirical"


COUNT = {
    Shape.FIXED: 1,
    Shape.UNIFORM: 2,
    Shape.TRIANGULAR: 3,
    Shape.PERT: 3,
    Shape.NORMAL: 2,
    Shape.LOGNORMAL: 2,
    Shape.EXPONENTIAL: 1,
    Shape.GAMMA: 2,
    Shape.WEIBULL: 2,
}
#: more is a slip of the pen
LONGEST = 1e7
WRITTEN = re.compile(r"\s*([a-z]+)\s*\(([^()]*)\)\s*")
ORDERED = frozenset({Shape.UNIFORM, Shape.TRIANGULAR, Shape.PERT})
POSITIVE = frozenset({Shape.LOGNORMAL, Shape.GAMMA, Shape.WEIBULL})


class InvalidDistribution(Invalid):
    """A distribution is not written as one, or its parameters do not fit."""

    code = "invalid_distribution"
    remedy = (
        "Write fixed(v), uniform(low, high), triangular(low, mode, high), pert(low, mode, high), "
        "normal(mean, sd), lognormal(mean, sd), exponential(mean), gamma(mean, sd), "
        "weibull(shape, scale) or empirical(v, v, …)."
    )


@dataclass(frozen=True, slots=True)
class Distribution:
    """A family with its parameters; the unit is that of whoever holds it.

    Raises InvalidDistribution where the parameters are not those of the family.
    """

    shape: Shape
    values: tuple[float, ...]

    def __post_init__(self) -> None:
        wanted = COUNT.get(self.shape)
        if wanted is not None and len(self.values) != wanted:
            raise InvalidDistribution(f"{self.shape} takes {wanted} numbers: {self}")
        if not self.values or not all(math.isfinite(each) and each >= 0 for each in self.values):
            raise InvalidDistribution(f"durations are finite and not negative: {self}")
        if max(self.values) > LONGEST:
            raise InvalidDistribution(f"durations are at most {LONGEST:,.0f}: {self}")
        if self.shape in ORDERED and list(self.values) != sorted(self.values):
            raise InvalidDistribution(f"low, mode and high in this order: {self}")
        if self.shape in POSITIVE and not all(self.values):
            raise InvalidDistribution(f"{self.shape} takes numbers above 0: {self}")

    def __str__(self) -> str:
        return f"{self.shape}({', '.join(f'{each:.10g}' for each in self.values)})"

    @classmethod
    def of(cls, written: object) -> Distribution:
        """Read `pert(3, 5, 9)`, or a number for a fixed duration."""
        if isinstance(written, int | float) and not isinstance(written, bool):
            return fixed(float(written))
        found = WRITTEN.fullmatch(str(written))
        if found is None or found[1] not in set(Shape):
            raise InvalidDistribution(f"{written!r} is no distribution")
        try:
            values = tuple(float(each) for each in found[2].split(","))
        except ValueError as error:
            raise InvalidDistribution(f"{written!r}: these are not numbers") from error
        return cls(Shape(found[1]), values)

    def scaled(self, factor: float) -> Distribution:
        """Return the distribution of a duration `factor` (not negative) times as long."""
        if not factor:
            return fixed(0.0)
        shape, scale = (self.values[:1], self.values[1:])
        if self.shape is Shape.WEIBULL:
            return Distribution(self.shape, (*shape, *(each * factor for each in scale)))
        return Distribution(self.shape, tuple(each * factor for each in self.values))

    @property
    def mean(self) -> float:
        """Its mean; of a normal one cut at 0, the mean of what it is cut to."""
        return MEANS[self.shape](self.values)


def fixed(value: float) -> Distribution:
    """Return the distribution of a duration that is always the same."""
    return Distribution(Shape.FIXED, (value,))


def _cut_normal(values: tuple[float, ...]) -> float:
    mean, sd = values
    if not sd:
        return mean
    at = mean / sd
    density = math.exp(-at * at / 2) / math.sqrt(2 * math.pi)
    return mean * 0.5 * (1 + math.erf(at / math.sqrt(2))) + sd * density


MEANS: Mapping[Shape, Callable[[tuple[float, ...]], float]] = {
    Shape.FIXED: lambda values: values[0],
    Shape.UNIFORM: lambda values: sum(values) / 2,
    Shape.TRIANGULAR: lambda values: sum(values) / 3,
    Shape.PERT: lambda values: (values[0] + 4 * values[1] + values[2]) / 6,
    Shape.NORMAL: _cut_normal,
    Shape.LOGNORMAL: lambda values: values[0],
    Shape.EXPONENTIAL: lambda values: values[0],
    Shape.GAMMA: lambda values: values[0],
    Shape.WEIBULL: lambda values: values[1] * math.gamma(1 + 1 / values[0]),
    Shape.EMPIRICAL: lambda values: math.fsum(values) / len(values),
}
