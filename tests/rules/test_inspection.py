"""The inspection's figures add up, and a better department never gets a worse grade."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import Invalid
from engine.rules.city import CityRules
from engine.rules.inspection import FIELDS, Grade, Standard, SupervisionRules, Tally, total

RULES = SupervisionRules()
ORDER = list(Grade)
COUNTS = st.integers(0, 60)


@st.composite
def tallies(draw: st.DrawFn) -> Tally:
    """A department's figures as they can be: no more in time than decided."""
    decided = draw(COUNTS)
    bound = draw(st.integers(0, decided))
    return Tally(
        accepted=draw(COUNTS),
        decided=decided,
        on_time=draw(st.integers(0, decided)),
        used_days=draw(COUNTS),
        promised_days=draw(COUNTS),
        bound=bound,
        bound_days=bound * 5,
        statutory_days=bound * 20,
        yellow=draw(st.integers(0, 8)),
        red=draw(st.integers(0, 3)),
    )


@given(several=st.lists(tallies(), max_size=6))
def test_a_total_has_the_sum_of_each_figure(several: list[Tally]) -> None:
    found = total(several)
    for name in FIELDS:
        assert getattr(found, name) == sum(getattr(each, name) for each in several)


@given(tally=tallies())
def test_rates_lie_between_nothing_and_all(tally: Tally) -> None:
    rates = (tally.on_time_percent, tally.reduction_percent)
    assert all(rate is None or 0 <= rate <= 100 for rate in rates)
    assert (tally.on_time_percent is None) == (tally.decided == 0)
    assert (tally.average_statutory_days is None) == (tally.bound == 0)


def test_the_figures_of_a_hand_computed_department() -> None:
    """Two cases of 20 statutory days, promised in 5 and 7; one instant filing in 1."""
    tally = Tally(
        decided=3,
        on_time=2,
        used_days=4 + 9 + 1,
        promised_days=5 + 7 + 1,
        bound=2,
        bound_days=12,
        statutory_days=40,
    )
    assert tally.on_time_percent == pytest.approx(66.67, abs=0.01)
    assert tally.average_used_days == pytest.approx(14 / 3)
    assert tally.average_promised_days == pytest.approx(13 / 3)
    assert tally.average_statutory_days == 20
    assert tally.reduction_percent == 70


@given(tally=tallies(), worse=st.sampled_from(["on_time", "yellow", "red"]))
def test_who_does_worse_gets_no_better_grade(tally: Tally, worse: str) -> None:
    by = -1 if worse == "on_time" and tally.on_time else 1
    if worse == "on_time" and not tally.on_time:
        return
    less = replace(tally, **{worse: getattr(tally, worse) + by})
    before, after = RULES.grade(tally), RULES.grade(less)
    assert after is not None
    assert before is None or ORDER.index(after) >= ORDER.index(before)


@pytest.mark.parametrize(
    ("decided", "on_time", "yellow", "red", "grade"),
    [
        (100, 98, 0, 0, Grade.EXCELLENT),
        (100, 97, 0, 0, Grade.GOOD),
        (100, 100, 1, 0, Grade.GOOD),
        (100, 95, 2, 0, Grade.GOOD),
        (100, 94, 0, 0, Grade.FAIR),
        (100, 100, 0, 1, Grade.FAIR),
        (100, 84, 0, 0, Grade.POOR),
        (100, 100, 0, 2, Grade.POOR),
        (0, 0, 0, 0, None),
        (0, 0, 1, 0, Grade.GOOD),
    ],
)
def test_grades_at_their_limits(
    decided: int, on_time: int, yellow: int, red: int, grade: Grade | None
) -> None:
    tally = Tally(decided=decided, on_time=on_time, yellow=yellow, red=red)
    assert RULES.grade(tally) is grade


def test_a_city_sets_its_own_limits_and_cannot_turn_them_round() -> None:
    asked = {"on_time_percent": 99, "yellow": 0, "red": 0}
    rules = CityRules.of({"supervision": {"target_percent": 97, "excellent": asked}}).supervision
    assert (rules.target_percent, rules.excellent) == (97, Standard(99, 0, 0))
    assert rules.good == RULES.good
    with pytest.raises(Invalid):
        SupervisionRules(good=Standard(99, 0, 0))
    with pytest.raises(Invalid):
        Standard(101, 0, 0)
