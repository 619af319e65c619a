"""A project's life: opened, started once, suspended and resumed, completed, given up."""

from __future__ import annotations

from typing import Any

import pytest

from engine.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from engine.service import projects, tasks
from engine.store import tables as t
from tests.service.city import City
from tests.service.drawn import call, chain, little, node, one_stage
from tests.service.driving import run_on_time

VERBS = {
    "start": projects.start,
    "suspend": projects.suspend,
    "resume": projects.resume,
    "close": projects.close,
    "cancel": projects.cancel,
}
#: which moves each state allows
ALLOWED = {
    "draft": {"start", "cancel"},
    "running": {"suspend", "close", "cancel"},
    "suspended": {"resume", "close", "cancel"},
    "closed": set(),
    "cancelled": set(),
    "completed": set(),
}
REACHED_BY: dict[str, tuple[str, ...]] = {
    "draft": (),
    "running": ("start",),
    "suspended": ("start", "suspend"),
    "closed": ("start", "close"),
    "cancelled": ("start", "cancel"),
}


def opened(city: City, *verbs: str) -> int:
    """A project after these moves."""
    identifier = city.do(projects.create, "A workshop", "little", "ACME").id
    for verb in verbs:
        city.do(VERBS[verb], identifier)
    return identifier


@pytest.mark.parametrize("state", REACHED_BY)
def test_only_the_moves_of_its_state_are_possible(small_city: City, state: str) -> None:
    small_city.deploy(little())
    for name, verb in VERBS.items():
        project = opened(small_city, *REACHED_BY[state])
        if name in ALLOWED[state]:
            small_city.do(verb, project)
            continue
        with pytest.raises(Conflict):
            small_city.do(verb, project)
        assert small_city.project(project).state == state


def test_a_project_is_started_once(city: City) -> None:
    city.deploy(little())
    project = opened(city, "start")
    before = city.open_tasks(project)
    with pytest.raises(Conflict):
        city.do(projects.start, project)
    assert city.open_tasks(project) == before


def test_starting_opens_what_waits_for_nothing(city: City) -> None:
    city.deploy(little())
    project = opened(city, "start")
    opened_tasks = {(task.item, task.element) for task in city.open_tasks(project)}
    assert opened_tasks == {("A-1", "receive"), ("A-2", "receive")}
    view = city.project(project)
    assert (view.state, view.started_on, view.day) == ("running", city.today, 0)
    assert [stage.state for stage in view.stages] == ["running", "not_started"]
    assert {item.id: item.state for item in view.items} == {
        "START": "reached",
        "A-1": "received",
        "A-2": "received",
        "B-1": "not_started",
        "OPEN": "not_started",
    }


def test_a_suspended_project_stands_still(city: City) -> None:
    city.deploy(little())
    project = opened(city, "start", "suspend")
    task = city.task(project, "A-1")
    for verb in (tasks.complete, tasks.claim):
        arguments = (task.id, None) if verb is tasks.complete else (task.id,)
        with pytest.raises(Conflict):
            city.do(verb, *arguments)
    city.do(projects.resume, project)
    city.do(tasks.complete, task.id, None)
    assert city.task(project, "A-1").element == "review"


@pytest.mark.parametrize("verb", ["close", "cancel"])
def test_giving_up_ends_everything_that_is_open(city: City, verb: str) -> None:
    city.deploy(little())
    project = opened(city, "start")
    city.decide(project, "A-1")
    task = city.task(project, "A-2")
    city.do(VERBS[verb], project, reason="the investor withdrew")
    assert city.open_tasks(project) == []
    assert city.rows(t.process_instance, project_id=project, status="running") == []
    with pytest.raises(Conflict):
        city.do(tasks.complete, task.id, None)
    view = city.project(project)
    states = {item.id: item.state for item in view.items}
    # what was decided stays decided: only its delivery is not made any more
    assert states == {
        "START": "reached",
        "A-1": "delivering",
        "A-2": "cancelled",
        "B-1": "cancelled",
        "OPEN": "not_started",
    }
    assert (view.forecast_finish_on, view.slack_days, view.held_by) == (None, None, [])
    told = [each for each in city.events(project) if each.endswith("item.cancelled")]
    assert sorted(told) == ["A-2: item.cancelled", "B-1: item.cancelled"]


def test_a_project_given_up_counts_no_further_days(city: City) -> None:
    city.deploy(little())
    project = opened(city, "start")
    city.answer(project, "A-1", "accept")
    city.wait_working(2)
    before = city.project(project)
    city.do(projects.close, project)
    city.wait(60)
    after = city.project(project)
    assert (before.day, before.elapsed_day) == (2, 2)
    assert (after.day, after.elapsed_day) == (2, 2)


def test_it_is_completed_when_every_certificate_is_delivered(city: City) -> None:
    city.deploy(little())
    project = opened(city, "start")
    for item in ("A-1", "A-2", "B-1"):
        city.decide(project, item)
    view = city.project(project)
    assert (view.state, view.opened_on) == ("running", city.today)
    city.answer(project, "A-1", "delivered")
    city.answer(project, "B-1", "delivered")
    assert city.project(project).state == "running"
    city.answer(project, "A-2", "paid", "delivered")
    assert city.project(project).state == "completed"
    assert city.events(project)[-1] == "project.completed"
    for verb in VERBS.values():
        with pytest.raises(Conflict):
            city.do(verb, project)


def test_a_diagram_that_waits_for_nobody_completes_at_its_start(small_city: City) -> None:
    small_city.deploy(one_stage("nothing", node("endEvent", "done"), chain("START", "done")))
    project = small_city.start("nothing")
    assert small_city.project(project).state == "completed"


def test_a_terminate_event_ends_the_other_branch(city: City) -> None:
    """Where one of two is enough, the other's case is cancelled, and the project completed."""
    parts = (
        node("parallelGateway", "fork"),
        call("X-1"),
        call("X-2"),
        node("endEvent", "enough", "<bpmn:terminateEventDefinition id='t'/>"),
        node("endEvent", "also"),
        chain("START", "fork", "X-1", "enough"),
        chain("fork", "X-2", "also"),
    )
    items: dict[str, Any] = {"X_1": {"promised_days": 1}, "X_2": {"promised_days": 1}}
    city.deploy(one_stage("either", *parts, **items))
    project = city.start("either")
    city.decide(project, "X-1")
    assert city.item(project, "X-2").state == "cancelled"
    assert [task.item for task in city.open_tasks(project)] == ["X-1"]
    city.answer(project, "X-1", "delivered")
    assert city.project(project).state == "completed"


def test_a_stale_version_is_refused(city: City) -> None:
    city.deploy(little())
    project = opened(city)
    read = city.project(project).version
    city.do(projects.start, project, expected_version=read)
    with pytest.raises(Stale):
        city.do(projects.suspend, project, expected_version=read)
    city.do(projects.suspend, project, expected_version=city.project(project).version)


@pytest.mark.parametrize(
    "spoil",
    [{"name": " "}, {"name": "x" * 301}, {"applicant": ""}, {"name": "a\0b"}, {"procedure": "?"}],
)
def test_what_cannot_be_is_refused_by_its_field(small_city: City, spoil: dict[str, str]) -> None:
    small_city.deploy(little())
    given: dict[str, Any] = {
        "name": "A workshop",
        "procedure": "little",
        "applicant": "ACME",
        **spoil,
    }
    with pytest.raises(Invalid) as refusal:
        small_city.do(projects.create, **given)
    assert refusal.value.detail["field"] in spoil


def test_the_applicant_starts_their_own_project_and_no_more(city: City) -> None:
    city.deploy(little())
    mine, other = (city.user(name, ("applicant", "")) for name in ("mine", "other"))
    project = city.do(projects.create, "A workshop", "little", "ACME", by=mine).id
    with pytest.raises(NotFound):
        city.do(projects.start, project, by=other)
    city.do(projects.start, project, by=mine)
    with pytest.raises(Forbidden):
        city.do(projects.suspend, project, by=mine)
    for verb in (projects.get, projects.history, projects.critical_path):
        city.see(verb, project, by=mine)
        with pytest.raises(NotFound):
            city.see(verb, project, by=other)
    assert [each.id for each in city.see(projects.find, by=mine).items] == [project]
    assert city.see(projects.find, by=other).items == []


def test_the_applicant_is_found_by_name(city: City) -> None:
    city.deploy(little())
    acme = city.user("acme", ("applicant", ""), shown="ACME")
    city.user("acme2", ("clerk", "HOUS"), shown="ACME")
    project = city.start("little")
    assert city.rows(t.project)[0]["applicant_user_id"] == acme.id
    assert city.see(projects.get, project, by=acme).id == project
    twin = city.user("acme3", ("applicant", ""), shown="ACME")
    second = city.start("little")
    for who in (acme, twin):
        with pytest.raises(NotFound):
            city.see(projects.get, second, by=who)


def test_projects_are_found_by_what_is_asked(city: City) -> None:
    city.deploy(little())
    for name in ("A workshop", "A workshop too"):
        identifier = city.do(projects.create, name, "little", "ACME").id
        city.do(projects.start, identifier)
    city.do(projects.create, "50% done", "little", "ACME")
    answers: list[tuple[dict[str, Any], int]] = [
        ({}, 3),
        ({"state": "draft"}, 1),
        ({"procedure": "little"}, 3),
        ({"procedure": "?"}, 0),
        ({"text": "WORK"}, 2),
        ({"text": "50%"}, 1),
        ({"text": "_"}, 0),
    ]
    for wanted, found in answers:
        assert len(city.see(projects.find, **wanted).items) == found, wanted


def test_pages_of_projects_go_on_where_the_last_ended(city: City) -> None:
    city.deploy(little())
    made = [city.do(projects.create, str(number), "little", "ACME").id for number in range(5)]
    seen, cursor = [], None
    while True:
        part = city.see(projects.find, limit=2, cursor=cursor)
        seen += [each.id for each in part.items]
        cursor = part.next
        if cursor is None:
            break
        city.do(projects.create, "later", "little", "ACME")
    assert seen == made[::-1]


@pytest.mark.parametrize("cursor", ["?", "WyI5OTk5OTk5OTk5OTk5OTk5OTk5OTkiXQ", "e30", "WyItMSJd"])
def test_a_cursor_from_elsewhere_is_refused(small_city: City, cursor: str) -> None:
    with pytest.raises(Invalid):
        small_city.see(projects.find, cursor=cursor)


def test_the_history_tells_everything_in_order(city: City) -> None:
    city.deploy(little())
    project = opened(city, "start")
    run_on_time(city, project)
    told = city.events(project)
    assert told[:3] == ["project.created", "project.started", "A-1: item.received"]
    assert told[-1] == "project.completed"
    for item in ("A-1", "A-2", "B-1"):
        states = [each for each in told if each.startswith(f"{item}: item.")]
        paid = ["awaiting_payment"] if item == "A-2" else []
        passed = ["received", "accepted", "in_decision", "decided", *paid, "delivering"]
        assert states == [f"{item}: item.{state}" for state in [*passed, "delivered"]]
    assert told.index("A-1: item.decided") < told.index("B-1: item.received")
    assert told.index("B-1: item.decided") < told.index("OPEN: milestone.reached")
