"""Tasks: who may do what with them, what is refused, and how they are found."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from engine.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from engine.scheduler import sweep
from engine.service import projects, tasks
from engine.service.views import TaskView
from engine.service.work import Actor
from tests.service.city import REASONS, City
from tests.service.drawn import approval, call, chain, little, node, one_stage


@pytest.fixture
def project(city: City) -> int:
    """A project of the little procedure: A-1 is of PLAN, A-2 of HOUS."""
    city.deploy(little())
    return city.start("little")


CASTS: list[tuple[str, tuple[tuple[str, str], ...], bool, bool]] = [
    # name, roles, may receive A-1, may review it
    ("clerk there", (("clerk", "PLAN"),), True, False),
    ("clerk elsewhere", (("clerk", "HOUS"),), False, False),
    ("clerk of no department", (("clerk", ""),), False, False),
    ("reviewer there", (("reviewer", "PLAN"),), True, True),
    ("reviewer elsewhere", (("reviewer", "HOUS"), ("clerk", "FIRE")), False, False),
    ("coordinator", (("coordinator", ""),), False, False),
    ("applicant", (("applicant", ""),), False, False),
    ("supervisor there", (("supervisor", "PLAN"),), False, False),
    ("admin", (("admin", ""),), True, True),
    ("nobody", (), False, False),
]


def test_a_task_is_done_in_its_role_and_department(city: City, project: int) -> None:
    for element, place in (("receive", 0), ("review", 1)):
        task = city.task(project, "A-1")
        assert task.element == element
        able: list[Actor] = []
        for name, roles, *may in CASTS:
            actor = city.user(f"{name} {element}", *roles)
            if may[place]:
                able.append(actor)
                continue
            with pytest.raises((Forbidden, NotFound)):
                city.do(tasks.complete, task.id, None, by=actor)
            with pytest.raises((Forbidden, NotFound)):
                city.do(tasks.claim, task.id, by=actor)
        for actor in able:
            city.do(tasks.claim, task.id, by=actor)
            city.do(tasks.unclaim, task.id, by=actor)
        done = city.do(tasks.complete, task.id, None, by=able[0])
        assert (done.state, done.ended_by, done.outcome) == (
            "completed",
            able[0].name,
            task.outcomes[0],
        )


def test_an_applicant_works_on_their_own_project_alone(city: City) -> None:
    city.deploy(little())
    mine, other = (city.user(name, ("applicant", "")) for name in ("mine", "other"))
    clerk = city.user("clerk", ("clerk", "PLAN"), ("clerk", "APPL"))
    project = city.start("little", by=mine)
    city.answer(project, "A-1", "supplement", by=clerk)
    task = city.task(project, "A-1")
    for who, refusal in ((other, NotFound), (clerk, Forbidden)):
        with pytest.raises(refusal):
            city.do(tasks.complete, task.id, None, by=who)
    with pytest.raises(NotFound):
        city.see(tasks.get, task.id, by=other)
    assert city.see(tasks.find, by=other).items == []
    assert task.id in {each.id for each in city.see(tasks.find, by=mine).items}
    city.do(tasks.complete, task.id, None, by=mine)


def test_a_project_without_an_applicant_is_nobodys(city: City, project: int) -> None:
    for actor in (
        Actor(None, "public", frozenset({("applicant", "")})),
        Actor(None, "", frozenset()),
    ):
        assert city.see(tasks.find, by=actor).items == []
        assert city.see(projects.find, by=actor).items == []
        with pytest.raises(NotFound):
            city.see(projects.get, project, by=actor)


def told(city: City, project: int) -> tuple[str, str | None]:
    """Who completed a task last, and on whose behalf."""
    found = city.see(projects.history, project, limit=1000).items
    event = next(each for each in reversed(found) if each.event == "task.completed")
    return event.actor, event.on_behalf_of


def test_an_admin_acts_for_anyone_and_the_history_says_so(city: City, project: int) -> None:
    admin = city.user("root", ("admin", ""))
    city.answer(project, "A-1", "supplement", by=admin)
    assert told(city, project) == ("root", "PLAN")
    city.answer(project, "A-1", "submit", by=admin)
    assert told(city, project) == ("root", "APPL")
    both = city.user("both", ("admin", ""), ("clerk", "PLAN"))
    city.answer(project, "A-1", "accept", by=both)
    assert told(city, project) == ("both", None)
    there = city.user("there", ("admin", "PLAN"))
    city.answer(project, "A-1", "done", by=there)
    assert told(city, project) == ("there", "PLAN")


def test_what_one_has_claimed_nobody_else_completes(city: City, project: int) -> None:
    one, two = (city.user(name, ("clerk", "PLAN")) for name in ("one", "two"))
    boss = city.user("boss", ("coordinator", ""), ("clerk", "PLAN"))
    task = city.task(project, "A-1")
    claimed = city.do(tasks.claim, task.id, by=one)
    assert (claimed.assignee, claimed.version) == ("one", task.version + 1)
    for verb in (tasks.claim, tasks.unclaim):
        with pytest.raises((Conflict, Forbidden)):
            city.do(verb, task.id, by=two)
    with pytest.raises(Conflict):
        city.do(tasks.complete, task.id, None, by=two)
    city.do(tasks.claim, task.id, by=one)
    assert city.do(tasks.complete, task.id, None, by=boss).assignee == "one"


def test_a_coordinator_gives_and_takes_tasks(city: City, project: int) -> None:
    boss = city.user("boss", ("coordinator", ""))
    one, _ = city.user("one", ("clerk", "PLAN")), city.user("far", ("clerk", "HOUS"))
    task = city.task(project, "A-1")
    with pytest.raises(Forbidden):
        city.do(tasks.assign, task.id, "one", by=one)
    for name in ("far", "nobody", "boss"):
        with pytest.raises(Invalid):
            city.do(tasks.assign, task.id, name, by=boss)
    assert city.do(tasks.assign, task.id, "one", by=boss).assignee == "one"
    assert [each.id for each in city.see(tasks.find, assignee="one").items] == [task.id]
    assert city.do(tasks.unclaim, task.id, by=boss).assignee is None
    with pytest.raises(Conflict):
        city.do(tasks.unclaim, task.id, by=boss)
    said = [each for each in city.events(project) if "task." in each]
    assert said == ["A-1: task.assigned", "A-1: task.unclaimed"]


def test_a_stale_version_is_refused(city: City, project: int) -> None:
    one = city.user("one", ("clerk", "PLAN"))
    task = city.task(project, "A-1")
    city.do(tasks.claim, task.id, task.version, by=one)
    with pytest.raises(Stale):
        city.do(tasks.complete, task.id, None, expected_version=task.version, by=one)
    with pytest.raises(Stale):
        city.do(tasks.unclaim, task.id, task.version, by=one)
    city.do(tasks.complete, task.id, None, expected_version=task.version + 1, by=one)


def test_what_cannot_be_answered_is_refused(city: City, project: int) -> None:
    task = city.task(project, "A-1")
    with pytest.raises(Invalid) as refusal:
        city.do(tasks.complete, task.id, "approve")
    assert "accept" in refusal.value.message
    for unknown in ("", "?", "0" * 32, task.id.upper() + "x"):
        with pytest.raises(NotFound):
            city.do(tasks.complete, unknown, None)
        with pytest.raises(NotFound):
            city.see(tasks.get, unknown)
    city.do(tasks.complete, task.id, None)
    with pytest.raises(Conflict) as conflict:
        city.do(tasks.complete, task.id, None)
    assert conflict.value.detail["outcome"] == "accept"


def wide(items: int) -> Any:
    """A procedure of so many items side by side."""
    names = [f"W-{number:03}" for number in range(items)]
    parts = [
        node("parallelGateway", "fork"),
        node("parallelGateway", "join"),
        chain("START", "fork"),
    ]
    for name in names:
        parts += [call(name), chain("fork", name, "join")]
    parts += [node("endEvent", "OPEN"), chain("join", "OPEN")]
    rows = {name.replace("-", "_"): approval(1 + number % 9) for number, name in enumerate(names)}
    return one_stage(f"wide-{items}", *parts, **rows)


def everyone(city: City, limit: int, **wanted: Any) -> list[TaskView]:
    """All pages of a list."""
    found: list[TaskView] = []
    cursor = None
    while True:
        part = city.see(tasks.find, limit=limit, cursor=cursor, **wanted)
        assert len(part.items) <= limit
        found += part.items
        cursor = part.next
        if cursor is None:
            return found


def test_pages_neither_repeat_nor_miss_while_tasks_are_completed(city: City) -> None:
    city.deploy(wide(220))
    project = city.start("wide-220")
    whole = everyone(city, 500)
    assert len({each.id for each in whole}) == 220
    seen: list[str] = []
    cursor = None
    while True:
        part = city.see(tasks.find, limit=30, cursor=cursor)
        seen += [each.id for each in part.items]
        cursor = part.next
        if cursor is None:
            break
        # what was on the page is worked on: its successors fall due later or are new
        city.do(tasks.complete, part.items[0].id, "not_accept", REASONS["not_accept"])
        city.do(tasks.complete, part.items[-1].id, "not_accept", REASONS["not_accept"])
    assert seen == [each.id for each in whole]
    assert len(city.open_tasks(project)) == 220 - 14


def test_tasks_come_by_what_is_due_first(city: City, project: int) -> None:
    city.wait_working(2)
    city.answer(project, "A-1", "accept")
    city.answer(project, "A-2", "supplement")
    second = city.start("little")
    found = city.open_tasks(project) + city.open_tasks(second)
    listed = everyone(city, 2)
    dated = [each.promised_due_on or each.statutory_due_on for each in listed]
    assert [each for each in dated if each] == sorted(each for each in dated if each)
    assert dated[-1] is None
    assert {each.id for each in listed} == {each.id for each in found}


def test_tasks_are_found_by_what_is_asked(city: City, project: int) -> None:
    city.answer(project, "A-1", "accept")
    city.start("little")
    city.now += timedelta(days=20)
    sweep(city.engine, city.now, city.settings)
    city.start("little")
    wanted: list[tuple[dict[str, Any], int]] = [
        ({}, 6),
        ({"project": project}, 2),
        ({"department": "PLAN"}, 3),
        ({"department": "?"}, 0),
        ({"item": "A-1", "project": project}, 1),
        ({"stage": "approval"}, 6),
        ({"stage": "construction"}, 0),
        ({"overdue": True}, 4),
        ({"overdue": False}, 2),
        ({"state": "completed"}, 4),
        ({"state": "all"}, 10),
        ({"assignee": "nobody"}, 0),
    ]
    for given, count in wanted:
        assert len(everyone(city, 3, **given)) == count, given
    refused: list[dict[str, Any]] = [
        {"state": "late"},
        {"cursor": "?"},
        {"cursor": "WyJ4IiwieSJd"},
    ]
    for given in refused:
        with pytest.raises(Invalid):
            city.see(tasks.find, **given)
