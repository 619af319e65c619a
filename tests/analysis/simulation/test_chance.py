"""Chance: Philox against its published answers, quantiles and durations against SciPy."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from engine.analysis.simulation.distribution import Distribution, InvalidDistribution
from engine.analysis.simulation.draw import draw
from engine.analysis.simulation.kernel.chance import philox, uniform
from engine.analysis.simulation.kernel.quantile import normal

#: Random123's known answers for philox4x32-10: counter, key, result
KNOWN = [
    ("0 0 0 0", "0 0", "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
    (
        "ffffffff ffffffff ffffffff ffffffff",
        "ffffffff ffffffff",
        "408f276d 41c83b0e a20bc7c6 6d5451fd",
    ),
    (
        "243f6a88 85a308d3 13198a2e 03707344",
        "a4093822 299f31d0",
        "d16cfe09 94fdcceb 5001e420 24126ea1",
    ),
]
#: each family, and the same in SciPy
FAMILIES = [
    ("uniform(2, 5)", stats.uniform(2, 3)),
    ("triangular(1, 2, 6)", stats.triang(0.2, 1, 5)),
    ("triangular(1, 1, 6)", stats.triang(0.0, 1, 5)),
    ("pert(1, 3, 9)", stats.beta(2, 4, 1, 8)),
    ("exponential(4)", stats.expon(0, 4)),
    ("gamma(6, 3)", stats.gamma(4, 0, 1.5)),
    ("weibull(1.5, 7)", stats.weibull_min(1.5, 0, 7)),
    (
        "lognormal(5, 2)",
        stats.lognorm(np.log1p(0.16) ** 0.5, 0, np.exp(np.log(5) - np.log1p(0.16) / 2)),
    ),
]


def words(written: str) -> list[int]:
    return [int(each, 16) for each in written.split()]


@pytest.mark.parametrize(("counter", "key", "result"), KNOWN)
def test_philox_gives_its_published_answers(counter: str, key: str, result: str) -> None:
    found = philox.py_func(*(np.uint64(each) for each in (*words(counter), *words(key))))
    assert [int(each) for each in found] == words(result)


def test_numbers_are_uniform_and_independent() -> None:
    numbers = np.array([uniform(case, 7, 0, 3, 11, 0) for case in range(20_000)])
    assert stats.kstest(numbers, "uniform").pvalue > 0.01
    assert abs(np.corrcoef(numbers[:-1], numbers[1:])[0, 1]) < 0.02
    other = np.array([uniform(case, 8, 0, 3, 11, 0) for case in range(20_000)])
    assert abs(np.corrcoef(numbers, other)[0, 1]) < 0.02


def test_the_normal_quantile_is_exact() -> None:
    below = np.concatenate([10.0 ** -np.arange(1, 300, 7), np.linspace(0.01, 0.999999, 1_001)])
    found = np.array([normal(each) for each in below])
    assert found == pytest.approx(stats.norm.ppf(below), rel=1e-14, abs=1e-15)


@pytest.mark.parametrize(("written", "truth"), FAMILIES, ids=[name for name, _ in FAMILIES])
def test_durations_have_their_familys_quantiles(written: str, truth: object) -> None:
    below = np.concatenate([[1e-6, 1e-4], np.linspace(0.001, 0.999, 999), [0.9999, 1 - 1e-6]])
    given = Distribution.of(written)
    assert draw(given, below) == pytest.approx(truth.ppf(below), rel=2e-4)  # type: ignore[attr-defined]
    assert given.mean == pytest.approx(truth.mean(), rel=1e-9)  # type: ignore[attr-defined]


def test_moments_of_a_pert_are_malcolms() -> None:
    """Mean (a + 4m + b) / 6, variance (mean - a)(b - mean) / 7."""
    numbers = (np.arange(200_000) + 0.5) / 200_000
    found = draw(Distribution.of("pert(2, 5, 14)"), numbers)
    assert found.mean() == pytest.approx(6.0, rel=1e-4)
    assert found.var() == pytest.approx((6 - 2) * (14 - 6) / 7, rel=1e-3)


def test_observations_are_equally_likely_and_a_fixed_one_is_certain() -> None:
    numbers = (np.arange(4_000) + 0.5) / 4_000
    found = draw(Distribution.of("empirical(9, 1, 4, 4)"), numbers)
    assert dict(zip(*np.unique(found, return_counts=True), strict=True)) == {
        1.0: 1_000,
        4.0: 2_000,
        9.0: 1_000,
    }
    assert set(draw(Distribution.of(3), numbers)) == {3.0}
    assert draw(Distribution.of("normal(1, 2)"), numbers).mean() == pytest.approx(
        Distribution.of("normal(1, 2)").mean, rel=1e-3
    )


@pytest.mark.parametrize(
    "written",
    ["pert(3, 2, 1)", "pert(1, 2)", "gauss(1, 2)", "fixed(-1)", "gamma(0, 1)", "empirical()",
     "fixed(nan)", "fixed(inf)", "exponential(x)", True, None, ""],
)  # fmt: skip
def test_what_is_no_distribution_is_refused(written: object) -> None:
    with pytest.raises(InvalidDistribution):
        Distribution.of(written)


@pytest.mark.parametrize("written", [name for name, _ in FAMILIES])
def test_twice_as_long_is_twice_every_quantile(written: str) -> None:
    given = Distribution.of(written)
    numbers = np.linspace(0.01, 0.99, 99)
    assert draw(given.scaled(2), numbers) == pytest.approx(2 * draw(given, numbers), rel=1e-9)
    assert Distribution.of(str(given)) == given
