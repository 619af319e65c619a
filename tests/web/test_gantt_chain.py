"""What decides when construction starts: as the engine says it of what is unfinished."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from random import Random
from typing import Any

import pytest

from api.web.gantt.chain import Link, Times, chain, goals_of, with_milestones
from api.web.gantt.project import Project
from engine.analysis.network import ActivityNetwork
from engine.analysis.progress import Progress, State
from engine.rules import china
from engine.rules.procedure import OPEN, START
from engine.service import procedures, projects
from engine.settings import Settings
from engine.workflow.deployment import load
from tests.service.city import PROCEDURES, City
from tests.web.gantts import MONDAY, WORDS, network, underway

CALENDAR = china.calendar()


def project_of(report: Mapping[str, Any]) -> Project:
    return Project(report, {}, CALENDAR, report["as_of_on"], WORDS)


def links_of(report: Mapping[str, Any]) -> set[tuple[str, str]]:
    return {(link.before, link.after) for link in project_of(report).chain.links}


def test_of_several_gates_the_last_to_open_decides() -> None:
    found = network("A 3", "B 5", "C 2 after=A,B", opens_after="C")
    report = underway(found, {}, MONDAY)
    assert project_of(report).chain.critical - {START, OPEN} == {"B", "C"}
    assert links_of(report) == {("B", "C")}


def test_all_that_finish_last_decide() -> None:
    found = network("A 5", "B 5", "C 2 after=A,B", opens_after="C")
    assert links_of(underway(found, {}, MONDAY)) == {("A", "C"), ("B", "C")}


def test_what_happened_counts_not_what_was_planned() -> None:
    """A was to take three days and took six, B five: A let C go."""
    found = network("A 3", "B 5", "C 2 after=A,B", opens_after="C")
    ends = {"A": CALENDAR.add(MONDAY, 6), "B": CALENDAR.add(MONDAY, 5)}
    done = {key: Progress(State.FINISHED, MONDAY, end) for key, end in ends.items()}
    report = underway(found, done, CALENDAR.add(MONDAY, 7))
    assert links_of(report) == {("A", "C")}


def test_a_decision_gate_is_passed_through_by_what_only_waited() -> None:
    found = network("A 9", "B 2 decides=A", "C 3 after=B", opens_after="C")
    chained = project_of(underway(found, {}, MONDAY)).chain
    assert chained.critical - {START, OPEN} == {"A", "C"}
    assert set(chained.links) == {Link("A", "B", "decision"), Link("B", "C", "start")}


def test_milestones_have_no_rows_and_are_passed_through() -> None:
    rows = [
        {"id": "A", "kind": "approval", "predecessors": [], "decision_waits_for": []},
        {"id": "M", "kind": "milestone", "predecessors": ["A"], "decision_waits_for": []},
        {"id": "N", "kind": "milestone", "predecessors": ["M"], "decision_waits_for": []},
        {"id": "B", "kind": "approval", "predecessors": ["N"], "decision_waits_for": []},
    ]
    times = with_milestones(rows, {"A": Times(0, 3), "B": Times(3, 5)})
    assert times["N"] == Times(3, 3)
    assert chain(rows, times, ["B"]).links == (Link("A", "B", "start"),)


def test_without_construction_start_the_last_activity_is_the_goal() -> None:
    rows = [{"id": each, "kind": "approval"} for each in "ABC"]
    times = {"A": Times(0, 3), "B": Times(0, 5), "C": Times(0, 9)}
    assert goals_of(rows, times, {"C"}) == ["B"]


@pytest.fixture(scope="module")
def networks() -> dict[str, ActivityNetwork]:
    """The four procedures of the city."""
    files = {name: procedures.named(name, Settings()) for name in PROCEDURES}
    return {name: ActivityNetwork(load(each).activities) for name, each in files.items()}


def progress(found: ActivityNetwork, days: int, chance: Random) -> dict[str, Progress]:
    """How far a project may be after so many working days, each thing a little off its time."""
    known: dict[str, Progress] = {START: Progress(State.FINISHED, MONDAY, MONDAY)}
    ends: dict[str, int] = {START: 0}
    for identifier in found.order[1:]:
        activity = found[identifier]
        gates = (*activity.predecessors, *activity.decision_waits_for)
        if identifier == OPEN or not all(gate in ends for gate in gates):
            continue
        start = max(ends[gate] for gate in activity.predecessors)
        decided = max((ends[gate] for gate in activity.decision_waits_for), default=0)
        end = max(start + max(0, activity.days + chance.randint(-2, 3)), decided)
        start_on = CALENDAR.add(MONDAY, start)
        if end <= days:
            ends[identifier] = end
            known[identifier] = Progress(State.FINISHED, start_on, CALENDAR.add(MONDAY, end))
        elif start <= days:
            due_on = CALENDAR.add(start_on, activity.days)
            known[identifier] = Progress(State.OPEN, start_on, due_on=due_on)
    return known


@pytest.mark.parametrize("name", PROCEDURES)
@pytest.mark.parametrize("days", [0, 4, 11, 19, 28, 40])
def test_unfinished_work_is_on_it_where_it_has_no_float(
    networks: dict[str, ActivityNetwork], name: str, days: int
) -> None:
    found = networks[name]
    for seed in range(5):
        come = progress(found, days, Random(seed))
        report = underway(found, come, CALENDAR.add(MONDAY, days))
        chained = project_of(report)
        beyond = {row["id"] for row in report["activities"] if row["stage"] == "acceptance"}
        without = {
            row["id"]
            for row in report["activities"]
            if row.get("remaining_float") == 0 and row["id"] not in beyond
        }
        unfinished = {
            row["id"]
            for row in report["activities"]
            if row["id"] in chained.chain.critical and row.get("state") != "finished"
        }
        assert unfinished - {START, OPEN} == without
        assert without, "something always decides"


def test_each_link_joins_where_one_ends_and_the_next_begins(
    networks: dict[str, ActivityNetwork],
) -> None:
    report = underway(networks["industrial-2014"], {}, MONDAY + timedelta(days=1))
    rows = {row["id"]: row for row in report["activities"]}
    links = project_of(report).chain.links
    assert len(links) >= 4
    for link in links:
        assert rows[link.before]["finish_on"] == rows[link.after]["start_on"]


def test_a_project_of_the_services_has_the_path_of_its_plan_at_its_start(
    sqlite_url: str, tmp_path: Any
) -> None:
    city = City(sqlite_url, tmp_path / "data")
    city.deploy("industrial-2014")
    report = city.see(projects.critical_path, city.start("industrial-2014"))
    found = Project(report, {}, city.calendar, city.today, WORDS).chain.critical
    assert found - {START, OPEN} == set(report["elapsed_critical_path"])
    city.engine.dispose()
