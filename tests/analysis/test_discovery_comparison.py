"""Two samples compared, against scipy.stats."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from engine.analysis.discovery.comparison import compared
from tests.analysis.discovery_logs import random

ONE, OTHER = random(1).gamma(2, 10, 700), random(2).gamma(2, 12, 300)


@pytest.mark.parametrize("rounded", [False, True])
def test_distances_are_scipys(*, rounded: bool) -> None:
    one, other = (np.round(each) if rounded else each for each in (ONE, OTHER))
    told = compared(one, other, day_hours=7)
    tested = stats.ks_2samp(one, other, method="asymp")
    assert told["ks"] == pytest.approx(tested.statistic)
    assert told["p"] == pytest.approx(tested.pvalue, abs=0.01)
    assert told["emd"] == pytest.approx(stats.wasserstein_distance(one / 7, other / 7))


def test_a_sample_is_no_distance_from_itself() -> None:
    told = compared(ONE, ONE)
    assert (told["ks"], told["emd"]) == (0, 0)
    assert told["p"] == pytest.approx(1)


def test_all_a_day_longer_is_a_day_away() -> None:
    told = compared(ONE, ONE + 24)
    assert told["emd"] == pytest.approx(1)
    assert told["sides"]["simulated"]["mean"] - told["sides"]["observed"]["mean"] == pytest.approx(
        1
    )


def test_charts_are_of_both() -> None:
    told = compared(np.append(ONE, np.nan), OTHER)
    assert told["sides"]["observed"]["n"] == 700
    assert told["sides"]["observed"]["quantiles"]["0.5"] == pytest.approx(np.median(ONE) / 24)
    for name in ("observed", "simulated"):
        assert sum(told["histogram"][name]) == pytest.approx(1, abs=1e-4)
        days, shares = zip(*told["ecdf"][name], strict=True)
        assert list(days) == sorted(days)
        assert (shares[0], shares[-1]) == (0, 1)


def test_with_nothing_there_is_nothing_to_compare() -> None:
    told = compared(ONE, np.array([np.nan]))
    assert (told["ks"], told["emd"], told["sides"]["simulated"]["n"]) == (None, None, 0)
