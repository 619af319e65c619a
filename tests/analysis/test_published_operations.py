"""The city's lists turn 2013 into 2014, step by step as the reconstruction has it."""

from __future__ import annotations

from itertools import accumulate

import pytest

from engine.analysis.reduction import equivalent
from engine.analysis.reengineering.change import changes
from engine.analysis.reengineering.effect import effect
from engine.analysis.reengineering.scenario import StepState, play
from tests.analysis.networks import procedure
from tests.analysis.plans import bundled, laws, published

LISTS = ("industrial", "real-estate")
#: counted days that each operation of the reconstruction saves, in its order
SAVED = {
    "industrial": [0, 2, 10, 0, 0, 5, 5, 3, 2, 2, 3, 3],
    "real-estate": [0, 2, 2, 10, 0, 0, 5, 5, 3, 2, 2, 3, 3],
}
#: before and after: counted days, elapsed days, items, the sum of their days
FIGURES = {
    "industrial": ((63, 80, 16, 89), (28, 59, 12, 57)),
    "real-estate": ((66, 85, 19, 100), (29, 74, 15, 66)),
}


@pytest.mark.parametrize("name", LISTS)
def test_the_published_operations_make_the_procedure_of_2014(name: str) -> None:
    base, _ = bundled(f"{name}-2013")
    played = play(base, published(f"{name}-2013"), laws())
    assert equivalent(played.plan.network, bundled(f"{name}-2014")[1])
    assert not played.conflicts
    assert not played.breaches
    assert not played.inherited


@pytest.mark.parametrize("name", LISTS)
def test_the_days_are_those_of_the_facts(name: str) -> None:
    plan = play(bundled(f"{name}-2013")[0], published(f"{name}-2013")).plan
    facts = procedure(f"{name}-2014")
    for item in facts:
        if item.id in plan.activities:
            assert plan[item.id].days == item.days


@pytest.mark.parametrize("name", LISTS)
def test_the_intermediate_totals(name: str) -> None:
    base, _ = bundled(f"{name}-2013")
    steps = play(base, published(f"{name}-2013"), laws()).steps
    done = [step for step in steps if step.state is StepState.APPLIED]
    saved = SAVED[name]
    assert [step.saved_days for step in done[: len(saved)]] == saved
    assert not any(step.saved_days for step in done[len(saved) :])
    start = FIGURES[name][0][0]
    totals = [start - sum_ for sum_ in accumulate(saved)]
    assert [step.counted_days for step in done[: len(saved)]] == totals


@pytest.mark.parametrize("name", LISTS)
def test_the_figures_before_and_after(name: str) -> None:
    played = play(bundled(f"{name}-2013")[0], published(f"{name}-2013"), laws())
    found = effect(name, played)
    names = ("counted_days", "elapsed_days", "items", "sum_days")
    told = tuple(tuple(found[when][each] for each in names) for when in ("before", "after"))
    assert told == FIGURES[name]
    assert found["saved"] == FIGURES[name][0][0] - FIGURES[name][1][0]
    assert found["lawful"]
    assert found["steps"][-1]["elapsed_after"] == FIGURES[name][1][1]


@pytest.mark.parametrize("name", LISTS)
def test_what_departments_do_differently_names_every_item_that_is_gone(name: str) -> None:
    base, _ = bundled(f"{name}-2013")
    played = play(base, published(f"{name}-2013"), laws())
    found = changes(base, played.plan, played.applied)
    gone = {each.item for each in found if each.kind in {"merged", "dropped"}}
    assert gone == base.activities.keys() - bundled(f"{name}-2014")[0].activities.keys()
    assert changes(base, base) == ()


@pytest.mark.parametrize("name", [f"{each}-2014" for each in LISTS])
def test_beyond_2014_every_operation_can_be_done_alone_and_one_is_barred(name: str) -> None:
    base, _ = bundled(name)
    unlawful = []
    for each in published(name):
        assert not each.enabled
        played = play(base, [type(each).of({**each.as_dict(), "enabled": True})], laws())
        assert not played.conflicts
        unlawful += [each.id] if played.breaches else []
    prefix = "IND" if name.startswith("industrial") else "RE"
    assert unlawful == [f"commit-{prefix}-11"]
