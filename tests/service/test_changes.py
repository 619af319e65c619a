"""Who changed what since somebody looked."""

from __future__ import annotations

import pytest

from engine.errors import NotFound
from engine.service import changes, projects, tasks
from engine.service.views import EventView
from tests.service.city import City
from tests.service.drawn import little


def told(events: list[EventView]) -> list[tuple[str, str, str | None]]:
    """Who did what to which item."""
    return [(each.actor, each.event, each.item) for each in events]


def test_a_stale_page_is_told_who_did_what(city: City) -> None:
    city.deploy(little())
    project = city.start("little")
    clerk = city.user("clerk", ("clerk", "PLAN"))
    boss = city.user("boss", ("coordinator", ""), shown="许文静")
    seen = city.see(changes.last_seen, project)
    assert city.see(changes.since, project, seen) == []
    city.do(tasks.claim, city.task(project, "A-1").id, by=clerk)
    city.answer(project, "A-2", "accept")
    city.do(projects.suspend, project, by=boss)
    whole = told(city.see(changes.since, project, seen))
    assert whole[0] == ("clerk", "task.claimed", "A-1")
    assert whole[-1] == ("许文静", "project.suspended", None)
    assert ("root", "task.completed", "A-2") in whole
    of_item = told(city.see(changes.since, project, seen, item="A-1"))
    assert of_item == [("clerk", "task.claimed", "A-1"), ("许文静", "project.suspended", None)]
    assert city.see(changes.since, project, city.see(changes.last_seen, project)) == []


def test_of_much_the_last_is_told_in_order(city: City) -> None:
    city.deploy(little())
    project = city.start("little")
    task = city.task(project, "A-1").id
    clerk = city.user("clerk", ("clerk", "PLAN"))
    for _ in range(changes.MOST):
        city.do(tasks.claim, task, by=clerk)
        city.do(tasks.unclaim, task, by=clerk)
    found = city.see(changes.since, project, 0)
    ids = [int(each.id) for each in found]
    assert len(ids) == changes.MOST
    assert ids == sorted(ids)
    assert ids[-1] == city.see(changes.last_seen, project)


def test_a_stranger_is_told_nothing(city: City) -> None:
    city.deploy(little())
    project = city.start("little")
    stranger = city.user("stranger", ("applicant", ""))
    with pytest.raises(NotFound):
        city.see(changes.since, project, 0, by=stranger)
