"""A step that fails for a reason in the diagram: nothing half-written, an incident, a retry."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from engine.errors import Conflict, Forbidden, ModelError
from engine.scheduler import sweep
from engine.service import incidents, items, projects, retries, tasks
from engine.service.incidents import StepFailed
from engine.store import tables as t
from tests.service.city import City
from tests.service.drawn import (
    approval,
    boundary,
    call,
    chain,
    diagram,
    files,
    flow,
    node,
    one_stage,
    winding,
    work,
)

#: what an incident writes; the project's version is its lock
WRITTEN = {"incident", "history", "project"}


def everything(city: City) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table but those an incident writes."""
    rows = {
        name: city.rows(table) for name, table in t.metadata.tables.items() if name not in WRITTEN
    }
    for task in rows["task"]:
        del task["stuck"]
    return {name: sorted(each, key=str) for name, each in rows.items()}


@pytest.fixture
def project(city: City) -> int:
    """A project whose next step asks for a `size` that nobody has told."""
    city.deploy(winding())
    project = city.start("winding")
    city.answer(project, "F-1", "done")
    city.answer(project, "C-1", "fine")
    city.answer(project, "A-1", "accept", "done")
    return project


def failed(city: City, project: int) -> int:
    """Fail, and return the incident."""
    with pytest.raises(StepFailed) as failure:
        city.answer(project, "A-1", "approve")
    return int(failure.value.detail["incident"])


def test_nothing_is_written_but_the_incident_and_its_event(city: City, project: int) -> None:
    before, told = everything(city), city.events(project)
    row = {**city.rows(t.project)[0], "version": None}
    incident = failed(city, project)
    assert everything(city) == before
    assert {**city.rows(t.project)[0], "version": None} == row
    assert city.events(project) == [*told, "A-1: incident.opened"]
    found = city.see(incidents.get, incident)
    assert (found.project, found.item, found.state) == (project, "A-1", "open")
    assert "size" in found.cause
    assert city.task(project, "A-1").element == "decide"


def test_the_step_can_be_taken_again_by_hand(city: City, project: int) -> None:
    first = failed(city, project)
    assert failed(city, project) == first
    assert [each.id for each in city.see(incidents.find, project=project).items] == [first]
    assert city.item(project, "A-1").state == "in_decision"


def sized(city: City) -> int:
    """A started project whose branch asks for an answer of the task before it."""
    parts = (
        work("W-1", kind="approval", outcomes="done"),
        node("exclusiveGateway", "x", default="x--L-1"),
        call("L-1"),
        call("S-1"),
        node("endEvent", "e1"),
        node("endEvent", "e2"),
        chain("START", "W-1", "x", "L-1", "e1"),
        flow("x", "S-1", "hectares &lt; 2"),
        chain("S-1", "e2"),
    )
    rows: dict[str, Mapping[str, Any]] = {name: approval(1) for name in ("W_1", "L_1", "S_1")}
    city.deploy(one_stage("sized", *parts, **rows))
    return city.start("sized")


def test_a_retry_with_corrected_data_takes_the_step(city: City) -> None:
    project = sized(city)
    with pytest.raises(StepFailed) as failure:
        city.answer(project, "W-1", "done", data={"hectares": "one"})
    incident = failure.value.detail["incident"]
    with pytest.raises(ModelError) as again:
        city.do(retries.retry, incident)
    assert again.value.detail["incident"] == incident
    assert city.see(incidents.get, incident).state == "open"
    resolved = city.do(retries.retry, incident, {"hectares": 1})
    assert (resolved.state, resolved.ended_at) == ("resolved", city.now)
    assert city.item(project, "S-1").state == "received"
    with pytest.raises(Conflict):
        city.do(retries.retry, incident)


def test_an_answer_that_works_after_all_settles_the_incident(city: City) -> None:
    project = sized(city)
    with pytest.raises(incidents.StepFailed):
        city.answer(project, "W-1", "done")
    [incident] = city.see(incidents.find, project=project).items
    city.answer(project, "W-1", "done", data={"hectares": 1})
    assert city.see(incidents.find, project=project).items == []
    assert city.see(incidents.get, incident.id).state == "resolved"


def test_what_the_stage_was_not_told_can_be_told_in_the_retry(city: City, project: int) -> None:
    """The decision of A-1 is answered rightly; the branch behind it lacks a word."""
    incident = failed(city, project)
    city.do(retries.retry, incident, {"size": "small"})
    assert city.item(project, "A-1").state == "delivering"
    assert city.item(project, "A-3").state == "received"
    assert city.events(project)[-1] == "A-1: incident.resolved"


def test_a_retry_of_a_task_that_has_gone_is_refused(city: City, project: int) -> None:
    incident = failed(city, project)
    city.do(items.withdraw, project, "A-1")
    with pytest.raises(Conflict):
        city.do(retries.retry, incident)
    city.do(projects.suspend, project)
    with pytest.raises(Conflict):
        city.do(retries.retry, incident)


def test_only_coordinators_retry(city: City, project: int) -> None:
    incident = failed(city, project)
    with pytest.raises(Forbidden):
        city.do(retries.retry, incident, by=city.user("clerk", ("clerk", "HOUS")))
    with pytest.raises(ModelError):
        city.do(retries.retry, incident, by=city.user("boss", ("coordinator", "")))


def test_a_start_that_fails_leaves_a_draft(city: City) -> None:
    parts = (
        node("exclusiveGateway", "x", default="x--e1"),
        node("endEvent", "e1"),
        node("endEvent", "e2"),
        chain("START", "x", "e1"),
        flow("x", "e2", "unknown == 1"),
    )
    city.deploy(one_stage("unstartable", *parts))
    identifier = city.do(projects.create, "A workshop", "unstartable", "ACME").id
    with pytest.raises(ModelError):
        city.do(projects.start, identifier)
    assert city.project(identifier).state == "draft"
    assert city.rows(t.process_instance) == []


def test_a_timer_whose_step_fails_becomes_an_incident_once(city: City) -> None:
    parts = (
        work("W-1", kind="approval", outcomes="done"),
        boundary("late", "W-1", "timeDuration", "P2D"),
        node("exclusiveGateway", "x", default="x--e2"),
        node("endEvent", "e1"),
        node("endEvent", "e2"),
        node("endEvent", "e3"),
        chain("START", "W-1", "e1"),
        chain("late", "x", "e2"),
        flow("x", "e3", "unknown == 1"),
    )
    city.deploy(one_stage("broken-timer", *parts, W_1=approval(1)))
    project = city.start("broken-timer")
    city.now += timedelta(days=2)
    sweep(city.engine, city.now, city.settings)
    sweep(city.engine, city.now, city.settings)
    found = city.see(incidents.find, project=project).items
    assert [(each.element, "unknown" in each.cause) for each in found] == [("x", True)]
    assert city.task(project, "W-1").state == "open"
    with pytest.raises(ModelError):
        city.do(retries.retry, found[0].id)
    assert [each["state"] for each in city.rows(t.timer)] == ["failed"]
    city.do(tasks.complete, city.task(project, "W-1").id, None)
    assert city.project(project).state == "completed"


def test_a_diagram_that_breaks_the_lifecycle_fails_as_a_model(city: City) -> None:
    """It says `received` of a case that has been accepted."""
    over = node("endEvent", "over")
    wrong = diagram(
        "wrong", work("one", case_state="received"), over, chain("START", "one", "over")
    )
    stage = diagram(
        "approval", call("X-1", "wrong"), node("endEvent", "done"), chain("START", "X-1", "done")
    )
    city.deploy(files("wrong-way", {"approval": stage}, {"X-1": approval(1)}, wrong=wrong))
    with pytest.raises(ModelError) as failure:
        city.start("wrong-way")
    assert failure.value.detail["element"] == "one"
