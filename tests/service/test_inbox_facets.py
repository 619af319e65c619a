"""What an inbox can be narrowed to: counts of each filter under the others."""

from __future__ import annotations

from collections import Counter

import pytest

from engine.service import inbox, inbox_facets, tasks
from engine.service.inbox_query import Wanted
from tests.service.city import City, counted
from tests.service.drawn import little


@pytest.fixture
def projects(city: City) -> list[int]:
    """Two projects of the little procedure: A-1 of PLAN, A-2 of HOUS; one of them further on."""
    city.deploy(little())
    found = [city.start("little") for _ in range(2)]
    city.decide(found[0], "A-1")
    return found


@pytest.mark.usefixtures("projects")
def test_each_filter_counts_under_the_others_but_not_itself(city: City) -> None:
    boss = city.user("boss", ("coordinator", ""))
    found = city.see(inbox_facets.facets, Wanted("all"), by=boss)
    assert found["item"] == {"A-1": 2, "A-2": 2, "B-1": 1}
    assert found["department"] == {"PLAN": 2, "HOUS": 3}
    assert found["stage"] == {"approval": 4, "construction": 1}
    assert found["kind"] == {"approval": 5}
    found = city.see(inbox_facets.facets, Wanted("all", department="HOUS"), by=boss)
    assert found["item"] == {"A-2": 2, "B-1": 1}
    assert found["department"] == {"PLAN": 2, "HOUS": 3}
    whole = city.see(inbox.counts, Wanted("all", department="HOUS"), by=boss)["all"]
    assert sum(found["item"].values()) == whole


@pytest.mark.usefixtures("projects")
def test_the_group_and_the_text_narrow_every_filter(city: City) -> None:
    boss = city.user("boss", ("coordinator", ""))
    receive = city.see(inbox_facets.facets, Wanted("all", group="receive"), by=boss)
    assert receive["item"] == {"A-1": 1, "A-2": 2, "B-1": 1}
    named = city.see(inbox_facets.facets, Wanted("all", text="B-1"), by=boss)
    assert named["item"] == {"B-1": 1}


def test_scopes_are_counted(city: City, projects: list[int]) -> None:
    clerk = city.user("clerk", ("clerk", "HOUS"))
    boss = city.user("boss", ("coordinator", ""))
    assert city.see(inbox_facets.scope_counts, by=clerk) == {"mine": 3, "department": 3}
    assert city.see(inbox_facets.scope_counts, by=boss) == {"mine": 0, "all": 5}
    city.do(tasks.claim, city.task(projects[1], "A-2").id, by=clerk)
    other = city.user("other", ("clerk", "HOUS"))
    assert city.see(inbox_facets.scope_counts, by=other) == {"mine": 2, "department": 3}


@pytest.mark.usefixtures("projects")
def test_nobody_has_an_inbox_without_a_role(city: City) -> None:
    nobody = city.user("nobody")
    assert city.see(inbox_facets.scope_counts, by=nobody) == {"mine": 0, "all": 0}
    found = city.see(inbox_facets.facets, Wanted(), by=nobody)
    assert not any(found.values())


@pytest.mark.usefixtures("projects")
def test_one_statement_counts_all_filters(city: City) -> None:
    boss = city.user("boss", ("coordinator", ""), ("clerk", "PLAN"))
    with counted(city.engine) as found:
        city.see(inbox_facets.facets, Wanted("mine", stage="approval"), by=boss)
    assert len([each for each in found if each.startswith("SELECT")]) == 1


@pytest.mark.usefixtures("projects")
def test_names_are_those_of_the_procedures(city: City) -> None:
    items, stages = city.see(inbox_facets.item_names)
    assert {"A-1", "A-2", "B-1"} <= set(items)
    assert set(stages) == {"approval", "construction"}


def test_overdue_tasks_are_counted_by_who_has_them(city: City, projects: list[int]) -> None:
    boss = city.user("late-boss", ("coordinator", ""))
    assert city.see(inbox_facets.late_by_department, "all", by=boss) == {}
    city.wait_working(6)
    late = [
        task.department
        for project in projects
        for task in city.open_tasks(project)
        if task.statutory_due_on and task.statutory_due_on < city.today
    ]
    assert late
    assert city.see(inbox_facets.late_by_department, "all", by=boss) == Counter(late)
    assert city.see(inbox_facets.late_by_department, "mine", by=boss) == {}
