"""How many statements a step takes: a count, not a time, and it does not grow."""

from __future__ import annotations

from typing import Any

import pytest

from engine.service import projects, tasks
from tests.service.city import City, counted, said
from tests.service.test_tasks import wide

#: inside an item, when one is decided, and when the last one opens everything
INSIDE, DECIDED = 10, 25


def statements(city: City, verb: Any, *arguments: Any, **named: Any) -> int:
    """How many statements a use case takes, BEGIN among them."""
    with counted(city.engine) as found:
        city.do(verb, *arguments, **named)
    return len(found)


def of_one_item(city: City, size: int) -> dict[str, int]:
    """The statements of each step of one item, in a project of so many."""
    city.deploy(wide(size))
    project = city.start(f"wide-{size}")
    city.open_tasks(project)
    answers = ("supplement", "submit", "accept", "done", "approve", "delivered")
    counts: dict[str, int] = {}
    for outcome in answers:
        task = city.task(project, "W-002")
        given = said(outcome, {})
        counts[outcome] = statements(city, tasks.complete, task.id, outcome, given)
    return counts


def test_a_step_takes_few_statements_in_a_project_of_any_size(city: City) -> None:
    small, large = of_one_item(city, 5), of_one_item(city, 100)
    assert small == large
    assert small.pop("approve") <= DECIDED
    assert max(small.values()) <= INSIDE


def test_in_a_real_procedure(city: City) -> None:
    """Every single step of the whole procedure, gates opened across stages among them."""
    city.deploy("industrial-2014")
    project = city.start("industrial-2014")
    most: dict[str, int] = {}
    while found := city.open_tasks(project):
        for task in found:
            number = statements(city, tasks.complete, task.id, None)
            kind = "decided" if task.element in {"decide", task.item} else "inside"
            most[kind] = max(most.get(kind, 0), number)
    assert city.project(project).state == "completed"
    assert most["inside"] <= INSIDE
    assert most["decided"] <= DECIDED


@pytest.mark.parametrize("size", [5, 100])
def test_reading_a_project_takes_the_same(small_city: City, size: int) -> None:
    small_city.deploy(wide(size))
    project = small_city.start(f"wide-{size}")
    small_city.project(project)
    with counted(small_city.engine) as found:
        small_city.see(projects.get, project)
    assert len(found) <= 5
    with counted(small_city.engine) as found:
        small_city.see(tasks.find, project=project)
    assert len(found) <= 2
