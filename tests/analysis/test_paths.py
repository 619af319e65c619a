"""All critical paths, each once, counted without listing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.analysis.critical_path import report
from engine.analysis.network import Phase, View
from engine.analysis.paths import CriticalPaths
from engine.analysis.schedule import schedule
from engine.rules.procedure import OPEN, START, Kind
from tests.analysis import oracles
from tests.analysis.networks import PROCEDURES, milestone, network, networks, procedure, work

if TYPE_CHECKING:
    from engine.analysis.network import ActivityNetwork


def paths(
    net: ActivityNetwork, view: View = View.COUNTED, phase: Phase = Phase.OPENING
) -> list[list[str]]:
    return CriticalPaths(schedule(net, view), phase).first()


@given(networks(), st.sampled_from(View))
def test_exactly_the_longest_paths_are_listed(net: ActivityNetwork, view: View) -> None:
    expected = oracles.critical_paths(net, view)
    if view is View.COUNTED:
        expected = oracles.without_ties(net, expected)
    found = CriticalPaths(schedule(net, view))
    listed = [tuple(path) for path in found]
    assert len(listed) == len(set(listed)) == found.count
    assert set(listed) == expected


@given(networks(), st.sampled_from(View))
def test_the_days_on_a_path_add_up_to_the_total_and_all_on_it_is_critical(
    net: ActivityNetwork, view: View
) -> None:
    plan = schedule(net, view)
    for path in CriticalPaths(plan):
        assert sum(view.length(net[a]) for a in path) == plan.days
        assert all(plan[a].critical for a in path)


def test_a_tie_through_the_applicant_is_the_same_counted_path() -> None:
    net = network(
        work("P", 3),
        work("DRAW", 9, "P", kind=Kind.APPLICANT),
        work("REVIEW", 5, "DRAW", kind=Kind.INTERMEDIARY),
        work("Q", 4, "P", "REVIEW"),
    )
    assert paths(net) == [["P", "Q"]]
    assert paths(net, View.ELAPSED) == [["P", "DRAW", "REVIEW", "Q"]]


def test_applicant_work_that_alone_links_two_approvals_stays_on_the_path() -> None:
    net = network(work("P", 3), work("DRAW", 9, "P", kind=Kind.APPLICANT), work("Q", 4, "DRAW"))
    assert paths(net) == [["P", "DRAW", "Q"]]


def test_an_item_held_only_at_its_decision_is_not_work_on_the_path() -> None:
    net = network(
        milestone(START),
        work("EIA", 10, START),
        work("PERMIT", 4, START, waits=("EIA",)),
        work("LAST", 2, "PERMIT"),
        milestone(OPEN, "LAST"),
    )
    assert paths(net) == [["EIA", "LAST"]]


def test_the_count_is_exact_where_the_list_is_cut() -> None:
    activities = [work("J0", 1)]
    for i in range(1, 101):
        activities += [work(f"A{i}", 1, f"J{i - 1}"), work(f"B{i}", 1, f"J{i - 1}")]
        activities += [work(f"J{i}", 1, f"A{i}", f"B{i}")]
    found = CriticalPaths(schedule(network(*activities), View.COUNTED))
    assert found.count == 2**100
    assert len(found.first(7)) == 7
    assert len(found.first()[0]) == 201


def test_milestones_on_the_way_multiply_no_paths() -> None:
    net = network(
        work("A", 2),
        work("B", 2),
        milestone("M", "A", "B"),
        work("C", 1, "M", "A"),
        work("D", 1, "M"),
    )
    assert paths(net) == [["A", "C"], ["A", "D"], ["B", "C"], ["B", "D"]]


def test_a_procedure_of_milestones_has_no_path() -> None:
    assert paths(network(milestone(START), milestone(OPEN, START))) == []


def test_the_critical_paths_of_the_four_procedures() -> None:
    assert paths(procedure("industrial-2014")) == [
        ["IND-01", "IND-07", "IND-08", "IND-10", "IND-11", "IND-16"]
    ]
    assert paths(procedure("industrial-2013"))[0][-3:] == ["IND-13", "IND-15", "IND-16"]
    assert paths(procedure("industrial-2014"), phase=Phase.ACCEPTANCE) == [
        ["IND-A6", "IND-23", "IND-26"]
    ]


@pytest.mark.parametrize("name", PROCEDURES)
def test_the_report_is_what_clients_read(name: str) -> None:
    net = procedure(name)
    found = json.loads(json.dumps(report(name, net)))
    assert found["procedure"] == name
    assert found["critical_path"] == found["critical_paths"][0]
    assert found["critical_path_count"] == len(found["critical_paths"])
    assert [row["id"] for row in found["activities"]] == list(net.activities)
    days = {row["id"]: row["days"] for row in found["activities"]}
    assert sum(days[a] for a in found["elapsed_critical_path"]) == found["elapsed_days"]
    assert sum(days[a] for a in found["critical_path"]) == found["counted_days"]


TIMES = [
    "earliest_start",
    "earliest_finish",
    "latest_start",
    "latest_finish",
    "total_float",
    "free_float",
    "critical",
]


def test_every_row_of_the_report_has_both_views() -> None:
    rows = {row["id"]: row for row in report("p", procedure("industrial-2014"))["activities"]}
    row = rows["IND-08"]
    assert [key for key in row if key in TIMES] == TIMES
    assert [key for key in row if key.startswith("elapsed_")] == [f"elapsed_{k}" for k in TIMES]
    assert row["predecessors"] == ["IND-07", "IND-A1"]
    assert row["kind"] == "approval"
    assert (row["earliest_start"], row["elapsed_earliest_start"]) == (4, 10)
    assert rows[START]["kind"] == rows[OPEN]["kind"] == "milestone"
    assert rows[OPEN]["earliest_start"] == 28


def test_the_report_cuts_the_list_but_not_the_count() -> None:
    net = network(*(work(f"A{i}", 1) for i in range(5)))
    found = report("p", net, limit=2)
    assert found["critical_paths"] == [["A0"], ["A1"]]
    assert found["critical_path_count"] == 5
