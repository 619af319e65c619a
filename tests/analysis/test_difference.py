"""The way from one network to another in steps, each with its total."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given

from engine.analysis.network import ActivityNetwork, View
from engine.analysis.reduction import equivalent
from engine.analysis.reengineering.difference import Difference, DifferenceKind, differences
from engine.analysis.schedule import schedule
from engine.rules.procedure import Kind
from tests.analysis.networks import milestone, network, networks, procedure, work


def told(steps: tuple[Difference, ...]) -> list[tuple[str, str, int, int]]:
    return [(each.kind.value, each.item, each.before, each.after) for each in steps]


def check(before: ActivityNetwork, after: ActivityNetwork) -> tuple[Difference, ...]:
    """The steps, which must hang together and end at the other network's totals."""
    steps = differences(before, after)
    for view, first, last in (
        (View.COUNTED, "before", "after"),
        (View.ELAPSED, "elapsed_before", "elapsed_after"),
    ):
        start, end = schedule(before, view).days, schedule(after, view).days
        totals = [(getattr(each, first), getattr(each, last)) for each in steps]
        assert all(one[1] == other[0] for one, other in pairwise(totals))
        assert (start, end) == ((totals[0][0], totals[-1][1]) if totals else (end, start))
    return steps


def test_every_way_of_being_different_is_a_step_of_its_own() -> None:
    before = network(
        milestone("START"),
        work("A", 5, "START"),
        work("GONE", 3, "A"),
        work("B", 4, "GONE"),
        work("C", 2, "B"),
        work("D", 1, "START"),
        milestone("OPEN", "C", "D"),
    )
    after = network(
        milestone("START"),
        work("A", 4, "START"),
        work("B", 4, "START"),
        work("NEW", 6, "A"),
        work("C", 2, "B"),
        work("D", 1, "START", stage="construction"),
        milestone("OPEN", "C", "D", "NEW"),
    )
    assert told(check(before, after)) == [
        ("removed", "GONE", 14, 11),
        ("preconditions", "B", 11, 6),
        ("added", "NEW", 6, 6),
        ("preconditions", "OPEN", 6, 11),
        ("days", "A", 11, 10),
        ("handled", "D", 10, 10),
    ]


def test_who_waited_for_what_is_left_out_waits_for_what_came_before_it() -> None:
    before = network(
        milestone("START"), work("A", 5, "START"), work("B", 3, "A"), work("C", 1, "B")
    )
    after = network(milestone("START"), work("A", 5, "START"), work("C", 1, "A"))
    assert told(check(before, after)) == [("removed", "B", 9, 6)]


def test_a_gate_that_others_imply_is_no_difference() -> None:
    before = network(milestone("START"), work("A", 5, "START"), work("B", 3, "A", "START"))
    after = network(milestone("START"), work("A", 5, "START"), work("B", 3, "A"))
    assert check(before, after) == ()


def test_the_order_of_two_can_be_turned_round() -> None:
    before = network(milestone("START"), work("A", 5, "START"), work("B", 3, "A"))
    after = network(milestone("START"), work("B", 3, "START"), work("A", 5, "B"))
    assert [each.item for each in check(before, after)] == ["B", "A"]


def test_a_decision_that_waits_for_less_is_a_difference_of_preconditions() -> None:
    start, a = milestone("START"), work("A", 5, "START", kind=Kind.APPROVAL)
    before = network(start, a, work("B", 3, "START", waits=("A",)), work("C", 1, "B"))
    after = network(start, a, work("B", 3, "START"), work("C", 1, "B"))
    assert told(check(before, after)) == [("preconditions", "B", 6, 5)]


@pytest.mark.parametrize(("name", "days"), [("industrial", (63, 28)), ("real-estate", (66, 29))])
def test_the_city_from_2013_to_2014(name: str, days: tuple[int, int]) -> None:
    before, after = procedure(f"{name}-2013"), procedure(f"{name}-2014")
    steps = check(before, after)
    assert (steps[0].before, steps[-1].after) == days
    gone = {each.item for each in steps if each.kind is DifferenceKind.REMOVED}
    assert gone == before.activities.keys() - after.activities.keys()


@given(networks(), networks())
def test_the_way_between_any_two_networks_ends_at_the_other(
    before: ActivityNetwork, after: ActivityNetwork
) -> None:
    steps = check(before, after)
    assert equivalent(before, after) == (not steps)
