"""A network says what is wrong with it, and means the same after reduction."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import TYPE_CHECKING

import networkx as nx
import pytest
from hypothesis import given

from engine.analysis.network import ActivityNetwork, Gate, InvalidNetwork, Phase, View
from engine.analysis.reduction import equivalent, reduced
from engine.errors import Invalid
from engine.rules.procedure import OPEN, START, Kind
from tests.analysis import oracles
from tests.analysis.networks import drawn, milestone, network, networks, procedure, work

if TYPE_CHECKING:
    from engine.rules.procedure import Activity


def refused(*activities: Activity) -> InvalidNetwork:
    with pytest.raises(InvalidNetwork) as caught:
        network(*activities)
    assert isinstance(caught.value, Invalid)
    return caught.value


def test_a_missing_predecessor_is_named_with_who_waits_for_it() -> None:
    error = refused(work("A", 1), work("B", 1, "A", "GONE"))
    assert error.detail == {"cause": "unknown_predecessor", "activities": ["B", "GONE"]}
    assert "GONE" in error.message


def test_a_missing_soft_gate_is_named_too() -> None:
    error = refused(work("A", 1, waits=("GONE",)))
    assert error.detail["cause"] == "unknown_predecessor"


def test_two_activities_of_one_name_are_refused() -> None:
    assert refused(work("A", 1), work("A", 2)).detail == {
        "cause": "duplicate_id",
        "activities": ["A"],
    }


def test_a_cycle_names_its_members_and_nobody_else() -> None:
    error = refused(work("OUT", 1), work("A", 1, "OUT", "C"), work("B", 1, "A"), work("C", 1, "B"))
    assert error.detail["cause"] == "cycle"
    assert set(error.detail["activities"]) == {"A", "B", "C"}


def test_decisions_that_wait_for_each_other_are_a_cycle() -> None:
    error = refused(work("A", 1, waits=("B",)), work("B", 1, waits=("A",)))
    assert error.detail["cause"] == "cycle"


def test_an_activity_that_nothing_sets_going_is_refused() -> None:
    error = refused(milestone(START), work("A", 1, START), work("B", 1), work("C", 1, "B"))
    assert error.detail == {"cause": "unreachable", "activities": ["B", "C"]}


def test_a_decision_gate_alone_sets_nothing_going() -> None:
    error = refused(milestone(START), work("A", 1, START), work("B", 1, waits=("A",)))
    assert error.detail["activities"] == ["B"]


@pytest.mark.parametrize("days", [-1, -10])
def test_days_cannot_be_negative(days: int) -> None:
    assert refused(work("A", days)).detail["cause"] == "negative_days"


def test_a_milestone_takes_no_time() -> None:
    error = refused(replace(milestone("M"), days=1))
    assert error.detail["cause"] == "milestone_with_days"


def test_only_approvals_count_but_everybody_takes_time() -> None:
    net = network(
        work("A", 3), work("B", 5, kind=Kind.APPLICANT), work("C", 7, kind=Kind.INTERMEDIARY)
    )
    assert net.lengths(View.COUNTED) == [3, 0, 0]
    assert net.lengths(View.ELAPSED) == [3, 5, 7]


def test_edges_say_what_they_hold_back() -> None:
    net = network(work("A", 1), work("B", 1), work("C", 1, "A", waits=("A", "B")))
    assert net.graph.edges["A", "C"]["gate"] is Gate.START
    assert net.graph.edges["B", "C"]["gate"] is Gate.DECISION


def test_phases_follow_from_what_construction_start_and_acceptance_need() -> None:
    net = network(
        milestone(START),
        work("PERMIT", 1, START),
        milestone(OPEN, "PERMIT", stage="construction"),
        work("PRESALE", 1, OPEN, stage="construction"),
        work("SURVEY", 1, OPEN, stage="construction"),
        work("VERIFY", 1, "SURVEY", stage="acceptance"),
    )
    assert {a: net.phases[net.position[a]] for a in net.activities} == {
        START: Phase.OPENING,
        "PERMIT": Phase.OPENING,
        OPEN: Phase.OPENING,
        "PRESALE": Phase.ASIDE,
        "SURVEY": Phase.ACCEPTANCE,
        "VERIFY": Phase.ACCEPTANCE,
    }


def test_the_order_of_the_activities_does_not_matter() -> None:
    net = procedure("real-estate-2013")
    shuffled = list(net)
    random.Random(7).shuffle(shuffled)
    assert equivalent(net, ActivityNetwork(shuffled))


def test_reduction_drops_what_is_implied_in_2013() -> None:
    slim = reduced(procedure("industrial-2013"))
    assert slim[OPEN].predecessors == ("IND-16",)
    assert slim["IND-07"].predecessors == ("IND-02",)


def test_a_start_gate_implies_the_decision_gate() -> None:
    slim = reduced(network(work("A", 1), work("B", 1, "A", waits=("A",))))
    assert slim["B"].predecessors == ("A",)
    assert slim["B"].decision_waits_for == ()


def test_a_decision_gate_does_not_imply_a_start_gate() -> None:
    net = network(work("A", 1), work("M", 1, "A"), work("B", 1, "A", waits=("M",)))
    assert equivalent(net, reduced(net))
    assert reduced(net)["B"].predecessors == ("A",)


@given(networks())
def test_reduction_is_the_transitive_reduction_of_starts_and_decisions(
    net: ActivityNetwork,
) -> None:
    full = oracles.events(net, View.ELAPSED)
    assert set(oracles.events(reduced(net), View.ELAPSED).edges) == set(
        nx.transitive_reduction(full).edges
    )


@given(networks())
def test_a_network_is_equivalent_to_its_reduction(net: ActivityNetwork) -> None:
    assert equivalent(net, reduced(net))
    assert len(reduced(net).graph.edges) <= len(net.graph.edges)


def test_networks_of_other_days_departments_or_gates_are_not_equivalent() -> None:
    net = drawn(random.Random(3), 10)
    one = next(activity for activity in net if activity.id == "W3")
    for other in (
        replace(one, days=one.days + 1),
        replace(one, department="FIRE"),
        replace(one, predecessors=(START,), decision_waits_for=("W0", "W1", "W2")),
    ):
        changed = ActivityNetwork(other if a.id == one.id else a for a in net)
        assert not equivalent(net, changed)
