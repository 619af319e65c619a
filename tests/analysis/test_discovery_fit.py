"""Fits against numpy's draws and scipy.stats: parameters, likelihood, distances, chances."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import stats

from engine.analysis.discovery.families import FAMILIES, gamma, weibull
from engine.analysis.discovery.fit import KEPT, Fitted, Reason, empirical, fitted
from engine.analysis.discovery.goodness import bootstrapped
from engine.analysis.simulation.distribution import Distribution, Shape
from tests.analysis.discovery_logs import random

MANY = 4_000
RNG = random()
DRAWN: dict[Shape, tuple[Any, tuple[float, ...]]] = {
    Shape.EXPONENTIAL: (RNG.exponential(3, MANY), (3,)),
    Shape.LOGNORMAL: (RNG.lognormal(1, 0.5, MANY), (3.08, 1.64)),
    Shape.GAMMA: (RNG.gamma(2.5, 2, MANY), (5, 3.162)),
    Shape.WEIBULL: (4 * RNG.weibull(2.5, MANY), (2.5, 4)),
    Shape.NORMAL: (RNG.normal(10, 1.5, MANY), (10, 1.5)),
    Shape.UNIFORM: (RNG.uniform(2, 5, MANY), (2, 5)),
    Shape.TRIANGULAR: (RNG.triangular(1, 2, 8, MANY), (1, 2, 8)),
    Shape.PERT: (3 + 6 * RNG.beta(1 + 4 / 3, 1 + 8 / 3, MANY), (3, 5, 9)),
}


def scipy_of(told: Distribution) -> Any:
    """The same distribution as scipy has it."""
    one, *more = told.values
    if told.shape is Shape.LOGNORMAL:
        variance = np.log1p((more[0] / one) ** 2)
        return stats.lognorm(np.sqrt(variance), scale=one * np.exp(-variance / 2))
    if told.shape is Shape.GAMMA:
        return stats.gamma((one / more[0]) ** 2, scale=more[0] ** 2 / one)
    if told.shape is Shape.WEIBULL:
        return stats.weibull_min(one, scale=more[0])
    if told.shape in {Shape.TRIANGULAR, Shape.PERT}:
        mode, high = more
        top = (mode - one) / (high - one)
        if told.shape is Shape.TRIANGULAR:
            return stats.triang(top, loc=one, scale=high - one)
        return stats.beta(1 + 4 * top, 5 - 4 * top, loc=one, scale=high - one)
    return {
        Shape.EXPONENTIAL: lambda: stats.expon(scale=one),
        Shape.NORMAL: lambda: stats.norm(one, *more),
        Shape.UNIFORM: lambda: stats.uniform(one, more[0] - one),
    }[told.shape]()


@pytest.mark.parametrize("shape", DRAWN)
def test_the_family_that_was_drawn_is_found_again(shape: Shape) -> None:
    drawn, truth = DRAWN[shape]
    found = fitted(drawn)
    assert (found.distribution.shape, found.reason) == (shape, Reason.BEST)
    assert found.distribution.values == pytest.approx(truth, rel=0.08, abs=0.1)
    assert found.p is not None
    assert found.p > 0.01


@pytest.mark.parametrize("criterion", ["aic", "bic"])
@pytest.mark.parametrize("shape", DRAWN)
def test_likelihoods_and_distances_are_scipys(shape: Shape, criterion: str) -> None:
    """Of every family tried on every sample."""
    drawn = DRAWN[shape][0][:400]
    found = fitted(drawn, criterion=criterion)
    told = [getattr(each, criterion) for each in found.candidates]
    assert told == sorted(told)
    for each in found.candidates:
        known = scipy_of(each.distribution)
        likelihood = known.logpdf(drawn).sum()
        free = len(each.distribution.values)
        assert each.aic == pytest.approx(2 * free - 2 * likelihood, rel=1e-6)
        assert each.bic == pytest.approx(free * np.log(400) - 2 * likelihood, rel=1e-6)
        tested = stats.kstest(drawn, known.cdf)
        assert each.ks == pytest.approx(tested.statistic, abs=1e-9)
        assert each.p == pytest.approx(tested.pvalue, abs=0.01)


@pytest.mark.parametrize("shape", FAMILIES)
def test_quantiles_undo_shares_below(shape: Shape) -> None:
    family = FAMILIES[shape]
    parameters = family.estimate(DRAWN[shape][0])
    shares = np.linspace(0.01, 0.99, 50)
    assert family.below(family.quantile(shares, *parameters), *parameters) == pytest.approx(shares)


def test_many_samples_are_fitted_at_once_as_one_by_one() -> None:
    drawn = np.sort(random().gamma(1.7, 3, (5, 200)))
    for family in FAMILIES.values():
        together = family.estimate(drawn)
        for at, sample in enumerate(drawn):
            alone = family.estimate(sample)
            assert [each[at] for each in together] == [pytest.approx(each) for each in alone]


def test_gamma_and_weibull_are_of_greatest_likelihood() -> None:
    drawn = random(3).gamma(0.6, 4, 500)
    form, _, scale = stats.gamma.fit(drawn, floc=0)
    assert [float(each[0]) for each in gamma(drawn)] == pytest.approx([form, scale], rel=1e-3)
    form, _, scale = stats.weibull_min.fit(drawn, floc=0)
    assert [float(each[0]) for each in weibull(drawn)] == pytest.approx([form, scale], rel=1e-3)


def test_the_bootstrapped_chance_is_even_where_the_family_is_true() -> None:
    """A p of at most 0.2 comes about a fifth of the time; the plain one hardly ever does."""
    drawn = random(11).exponential(2, (150, 80))
    tests = [fitted(each) for each in drawn]
    alone = [
        next(each for each in one.candidates if each.distribution.shape is Shape.EXPONENTIAL)
        for one in tests
    ]
    family = FAMILIES[Shape.EXPONENTIAL]
    chances = [
        bootstrapped(Shape.EXPONENTIAL, family.estimate(sample), each.ks, 80)
        for sample, each in zip(drawn, alone, strict=True)
    ]
    assert 0.1 < np.mean(np.array(chances) <= 0.2) < 0.32
    assert np.mean(np.array([each.p for each in alone]) <= 0.2) < 0.06


def test_a_false_family_is_found_out() -> None:
    family = FAMILIES[Shape.EXPONENTIAL]
    sample = np.sort(random().normal(10, 1, 300))
    apart = float(stats.kstest(sample, stats.expon(scale=10).cdf).statistic)
    assert bootstrapped(Shape.EXPONENTIAL, family.estimate(sample), apart, 300) == 0.01


# -- where no family is fitted -----------------------------------------------------------------


def test_nothing_known_is_nothing() -> None:
    found = fitted(np.array([np.nan, np.nan]))
    assert (found.reason, found.n, str(found.distribution)) == (Reason.NONE, 0, "fixed(0)")


def test_what_is_always_the_same_is_fixed() -> None:
    found = fitted([2.0, 2.001, 2.0, np.nan])
    assert (found.reason, found.n, found.distribution.shape) == (Reason.CONSTANT, 3, Shape.FIXED)


def test_a_few_are_kept_as_they_are() -> None:
    found = fitted([1.0, 4.0, 2.0])
    assert (found.reason, str(found.distribution)) == (Reason.FEW, "empirical(1, 2, 4)")


def test_few_different_ones_too() -> None:
    assert fitted(random().integers(1, 5, 500) * 24.0).reason is Reason.FEW


def test_many_zeros_are_no_family() -> None:
    durations = np.concatenate([np.zeros(300), random().exponential(5, 700)])
    found = fitted(durations)
    assert (found.reason, found.zeros) == (Reason.ZEROS, 0.3)
    assert found.distribution.shape is Shape.EMPIRICAL
    assert np.mean(np.array(found.distribution.values) == 0) == pytest.approx(0.3, abs=0.006)


def test_a_few_zeros_do_not_hinder_a_family() -> None:
    durations = np.concatenate([np.zeros(10), random().exponential(5, 1_990)])
    assert fitted(durations).distribution.shape in {Shape.EXPONENTIAL, Shape.WEIBULL, Shape.GAMMA}


def test_what_has_two_humps_is_kept_as_observed() -> None:
    durations = np.concatenate([random().normal(2, 0.1, 400), random(2).normal(30, 1, 400)])
    found = fitted(durations)
    assert (found.reason, found.distribution.shape) == (Reason.POOR, Shape.EMPIRICAL)
    assert found.candidates


def test_a_tail_that_nobody_observed_is_not_taken() -> None:
    """Quantiles up to the last would be lognormal's, its mean a hundred times what was observed."""
    shares = (np.arange(200) + 0.5) / 200
    durations = np.minimum(stats.lognorm(3.2).ppf(shares), 50)
    found = fitted(durations)
    assert found.distribution.mean == pytest.approx(durations.mean(), rel=0.4)


@pytest.mark.parametrize("count", [7, 200, 201, 1_434, 50_000])
def test_observations_keep_their_mean_in_at_most_200_values(count: int) -> None:
    durations = np.sort(random().lognormal(0, 2, count))
    kept = empirical(durations)
    assert len(kept.values) == min(count, KEPT)
    assert list(kept.values) == sorted(kept.values)
    assert kept.mean == pytest.approx(durations.mean(), rel=1e-4)


# -- what is told ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def told() -> Fitted:
    return fitted(DRAWN[Shape.GAMMA][0])


def test_the_chart_of_quantiles_lies_on_the_diagonal(told: Fitted) -> None:
    for fits, observed in told.qq[5:-5]:
        assert fits == pytest.approx(observed, rel=0.1)


def test_the_histogram_counts_everything_once(told: Fitted) -> None:
    bars = told.histogram
    assert sum(bars["counts"]) + bars["beyond"] == told.n == MANY
    assert sum(bars["expected"]) == pytest.approx(sum(bars["counts"]), rel=0.02)
    assert (
        stats.chisquare(
            bars["counts"], np.array(bars["expected"]) * sum(bars["counts"]) / sum(bars["expected"])
        ).pvalue
        > 0.001
    )


def test_the_same_durations_give_the_same_answer_in_any_order(told: Fitted) -> None:
    assert fitted(random(5).permutation(DRAWN[Shape.GAMMA][0])).data() == told.data()


def test_candidates_are_written_as_assumptions_write_them(told: Fitted) -> None:
    for each in told.data()["candidates"]:
        assert Distribution.of(each["distribution"]).mean == pytest.approx(each["mean"])
