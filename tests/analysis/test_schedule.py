"""Times and floats are what brute force says they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.analysis.network import Phase, View
from engine.analysis.schedule import schedule
from engine.rules.procedure import OPEN, START, Kind
from tests.analysis import oracles
from tests.analysis.networks import milestone, network, networks, procedure, with_days, work

if TYPE_CHECKING:
    from engine.analysis.network import ActivityNetwork
    from engine.rules.procedure import Activity

views = st.sampled_from(View)

#: name, counted, elapsed
TOTALS = [
    ("industrial-2013", 63, 80),
    ("industrial-2014", 28, 59),
    ("real-estate-2013", 66, 85),
    ("real-estate-2014", 29, 74),
]


@pytest.mark.parametrize(("name", "counted", "elapsed"), TOTALS)
def test_the_four_procedures_have_their_totals(name: str, counted: int, elapsed: int) -> None:
    net = procedure(name)
    assert schedule(net, View.COUNTED).days == counted
    assert schedule(net, View.ELAPSED).days == elapsed


@pytest.mark.parametrize(
    ("name", "counted", "elapsed"),
    [("industrial-2013", 40, 50), ("industrial-2014", 12, 22), ("real-estate-2014", 12, 22)],
)
def test_acceptance_is_totalled_apart(name: str, counted: int, elapsed: int) -> None:
    assert schedule(procedure(name), View.COUNTED).acceptance_days == counted
    assert schedule(procedure(name), View.ELAPSED).acceptance_days == elapsed


def test_floats_before_and_after_construction_start_are_measured_apart() -> None:
    plan = schedule(procedure("industrial-2014"), View.COUNTED)
    assert plan[OPEN].latest_finish == 28
    assert plan["IND-23"].total_float == 0
    assert plan["IND-21"].total_float == 3
    assert plan["IND-06"].total_float == 28 - 5 - 7 - 5 - 5


def test_review_goes_on_while_the_decision_waits() -> None:
    net = network(
        milestone(START),
        work("EIA", 10, START),
        work("PERMIT", 4, START, waits=("EIA",)),
        milestone(OPEN, "PERMIT"),
    )
    permit = schedule(net, View.COUNTED)["PERMIT"]
    assert (permit.earliest_start, permit.earliest_finish) == (0, 10)
    assert (permit.latest_start, permit.latest_finish) == (6, 10)
    assert (permit.total_float, permit.free_float, permit.critical) == (6, 6, False)
    assert schedule(net, View.COUNTED)["EIA"].critical


def test_a_gate_that_opens_in_time_changes_nothing() -> None:
    net = network(work("EIA", 3), work("PERMIT", 4, waits=("EIA",)))
    plan = schedule(net, View.COUNTED)
    assert plan.days == 4
    assert plan["EIA"].latest_finish == plan["PERMIT"].latest_finish == 4
    assert plan["EIA"].total_float == 1


def test_without_construction_start_all_but_acceptance_is_totalled() -> None:
    net = network(work("A", 3), work("B", 2, "A"), work("CHECK", 9, "A", stage="acceptance"))
    plan = schedule(net, View.COUNTED)
    assert (plan.days, plan.acceptance_days) == (5, 7)
    assert plan["A"].critical
    assert plan["CHECK"].critical


def test_an_empty_network_takes_no_time() -> None:
    plan = schedule(network(milestone(START), milestone(OPEN, START)), View.COUNTED)
    assert (plan.days, plan.acceptance_days) == (0, 0)


@given(networks(), views)
def test_earliest_finishes_are_the_longest_paths(net: ActivityNetwork, view: View) -> None:
    for activity_id, times in schedule(net, view):
        assert times.earliest_finish == oracles.finish(net, view, activity_id)


def moves(net: ActivityNetwork, view: View, activity: Activity, days: int) -> int:
    """By how much the end it is measured against moves when its days grow."""
    phase = net.phases[net.position[activity.id]]
    changed = with_days(net, **{activity.id: activity.days + days})
    return oracles.end(changed, view, phase) - oracles.end(net, view, phase)


@given(networks(size=5), views)
def test_total_float_is_how_far_an_activity_may_grow_and_not_a_day_more(
    net: ActivityNetwork, view: View
) -> None:
    plan = schedule(net, view)
    for activity in counting(net, view):
        spare = plan[activity.id].total_float
        assert moves(net, view, activity, spare) == 0
        assert moves(net, view, activity, spare + 1) == 1
        assert plan[activity.id].critical == (spare == 0)


@given(networks(size=6), views)
def test_free_float_is_how_far_an_activity_may_grow_unnoticed(
    net: ActivityNetwork, view: View
) -> None:
    plan = schedule(net, view)
    for activity in counting(net, view):
        spare = plan[activity.id].free_float
        assert others(net, view, activity, spare) == others(net, view, activity, 0)
        assert others(net, view, activity, spare + 1) != others(net, view, activity, 0)


def others(
    net: ActivityNetwork, view: View, activity: Activity, days: int
) -> tuple[dict[str, tuple[int, int]], int]:
    """When everything else runs, and the ends, once its days have grown."""
    changed = with_days(net, **{activity.id: activity.days + days})
    plan = schedule(changed, view)
    spans = {a: (t.earliest_start, t.earliest_finish) for a, t in plan if a != activity.id}
    # nothing waits for what leads nowhere, so it is noticed only at the end of its phase
    phase = net.phases[net.position[activity.id]]
    return spans, oracles.end(changed, view, phase)


def counting(net: ActivityNetwork, view: View) -> list[Activity]:
    """Activities whose days may grow in this view."""
    kinds = set(Kind) - {Kind.MILESTONE}
    return [a for a in net if a.kind in (kinds if view is View.ELAPSED else {Kind.APPROVAL})]


@given(networks(), views)
def test_floats_are_sane(net: ActivityNetwork, view: View) -> None:
    for _, times in schedule(net, view):
        assert 0 <= times.free_float <= times.total_float
        assert times.earliest_start <= times.latest_start
        assert times.earliest_finish <= times.latest_finish


@given(networks(), views)
def test_something_is_always_critical(net: ActivityNetwork, view: View) -> None:
    plan = schedule(net, view)
    assert any(plan.at(i).critical for i, p in enumerate(net.phases) if p is Phase.OPENING)
