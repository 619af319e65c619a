"""Default opinions (超时默认): a department's silence passes its item, and prints no licence."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from functools import cache

import pytest

from engine.errors import Invalid, InvalidDefinition
from engine.rules.calendar import Name
from engine.rules.revision import DecidedDay, Decision
from engine.scheduler import sweep
from engine.service import desk, projects, publication, tasks
from engine.service.clock import explain, recompute, suspensions
from engine.service.clock.suspensions import Stopping
from engine.service.publication import Draft
from engine.service.silence import PassedBySilence
from engine.store import tables as t
from tests.service.city import City
from tests.service.drawn import approval, call, chain, diagram, files, gate, node

SILENT = {"deemed_on_lapse": True}


@cache
def silent(**more: object) -> Mapping[str, bytes]:
    """D-1, which silence passes, before N-1; N-2's decision waits for D-1."""
    first = diagram("approval", call("D-1"), node("endEvent", "end"), chain("START", "D-1", "end"))
    second = diagram(
        "construction",
        *(node("parallelGateway", each) for each in ("fork", "join")),
        gate("D-1"),
        call("N-1"),
        call("N-2", decision_waits_for="D-1"),
        node("endEvent", "OPEN"),
        chain("START", "fork", "wait-D-1", "N-1", "join", "OPEN"),
        chain("fork", "N-2", "join"),
        awaits=("D-1",),
    )
    given = {name: list(each) if isinstance(each, tuple) else each for name, each in more.items()}
    items = {
        "D-1": approval(3, department="CAD", statutory_days=20, **{**SILENT, **given}),
        "N-1": approval(2),
        "N-2": approval(1, department="MET", **SILENT),
    }
    return files("silent", {"approval": first, "construction": second}, items)


def swept(city: City) -> dict[str, int]:
    return sweep(city.engine, city.now, city.settings)


def lapse(city: City, project: int, item: str = "D-1") -> None:
    """Wait until the due day has ended."""
    due_on = city.task(project, item).promised_due_on
    assert due_on is not None
    city.wait((due_on - city.today).days + 1)


@pytest.fixture
def project(city: City) -> int:
    return city.start(city.deploy(silent()))


def test_silence_lets_others_go_on_and_leaves_the_paper_to_be_issued(
    city: City, project: int
) -> None:
    city.answer(project, "D-1", "accept")
    lapse(city, project)
    assert swept(city)["deemed"] == 1
    item = city.item(project, "D-1")
    assert (item.state, item.decided_on) == ("deemed", city.today)
    assert city.item(project, "N-1").state == "received"
    issue = city.task(project, "D-1")
    assert (issue.element, issue.outcomes) == ("issue", ["issued"])
    assert issue.promised_due_on == city.calendar.add(city.today, 1)
    assert issue.statutory_due_on is None, "no law says so"
    answers = city.rows(t.history, event="task.completed", item="D-1")
    by_silence = answers[-1]
    assert (by_silence["actor"], by_silence["data"]["outcome"]) == ("system", "deem")
    assert by_silence["data"]["data"]["deemed"] is True
    assert "D-1: task.overdue" in city.events(project)
    city.answer(project, "D-1", "issued")
    item = city.item(project, "D-1")
    assert item.state == "delivering"
    [row] = city.rows(t.project_item, project_id=project, item="D-1")
    assert row["deemed_on"] == row["decided_on"], "a default stays one for ever"


def test_it_acts_once(city: City, project: int) -> None:
    city.answer(project, "D-1", "accept", "done")
    lapse(city, project)
    assert swept(city)["deemed"] == 1
    assert swept(city)["deemed"] == 0
    assert city.events(project).count("D-1: item.deemed") == 1
    assert len(city.open_tasks(project, item="N-1")) == 1


@pytest.mark.parametrize("outcome", ["approve", "refuse"])
def test_an_answer_after_the_silence_comes_too_late_whether_a_worker_ran_or_not(
    city: City, project: int, outcome: str
) -> None:
    city.answer(project, "D-1", "accept", "done")
    decide, due_on = city.task(project, "D-1"), city.task(project, "D-1").promised_due_on
    lapse(city, project)
    reasons = {"reason": "不符合", "legal_basis": "人民防空法 art. 22"}
    with pytest.raises(PassedBySilence) as told:
        city.do(tasks.complete, decide.id, outcome, reasons)
    assert told.value.detail == {"item": "D-1", "counts_as": "deem", "lapsed_on": str(due_on)}
    assert (city.item(project, "D-1").state, city.item(project, "N-1").state) == (
        "deemed",
        "received",
    )
    by_silence = city.rows(t.history, event="task.completed", item="D-1")[-1]
    assert (by_silence["actor"], by_silence["data"]["data"]["lapsed_on"]) == ("system", str(due_on))
    assert city.task(project, "D-1").element == "issue"
    assert swept(city)["deemed"] == 0
    city.answer(project, "D-1", "issued")


def test_a_licence_is_never_issued_by_a_timer(city: City, project: int) -> None:
    city.answer(project, "D-1", "accept")
    lapse(city, project)
    swept(city)
    city.wait_working(10)
    swept(city)
    issue = city.task(project, "D-1")
    assert (issue.element, issue.overdue) == ("issue", True)
    given = {row["rule"] for row in city.rows(t.card, task_id=issue.id)}
    assert given == {"long_overdue"}, "late by what a city promised, not by law"


def test_the_day_to_issue_is_told_as_a_promise(city: City, project: int) -> None:
    city.answer(project, "D-1", "accept")
    lapse(city, project)
    swept(city)
    issue = city.task(project, "D-1")
    told = city.see(explain.explain, issue.id)
    [term] = told.terms
    assert (told.clock, told.start.reason) == ("step", "deemed")
    assert (term.kind, term.source, term.agrees) == ("promised", "泰政办发〔2022〕58号", True)
    clock = city.see(desk.lay, issue.id).clock
    assert clock is not None
    assert (clock.promised and clock.promised.due_on, clock.statutory) == (term.due_on, None)
    assert city.see(lambda work: recompute.moves(work, work.calendar)) == []
    closed = DecidedDay(term.due_on, Decision.CLOSURE, Name("防汛", "flood"))
    city.do(publication.publish, Draft((closed,), "市政府"))
    moved = city.task(project, "D-1")
    assert moved.promised_due_on == city.calendar.add(term.due_on, 1)
    assert city.rows(t.history, event="deadline.moved", task_id=issue.id)


def test_nobody_can_give_a_default_themselves(city: City, project: int) -> None:
    city.answer(project, "D-1", "accept")
    task = city.task(project, "D-1")
    with pytest.raises(Invalid, match="outcome"):
        city.do(tasks.complete, task.id, "deem")
    with pytest.raises(Invalid, match="deemed"):
        city.do(tasks.complete, task.id, "done", {"deemed": True})


def test_what_its_catalogue_does_not_let_pass_is_only_late(city: City) -> None:
    project = city.start(city.deploy(silent(deemed_on_lapse=False)))
    city.answer(project, "D-1", "accept")
    lapse(city, project)
    assert swept(city)["deemed"] == 0
    assert city.task(project, "D-1").overdue
    assert city.item(project, "N-1").state == "not_started"


@pytest.mark.parametrize("guard", ["environment", "fire", "safety", "security", "above_city"])
def test_what_could_endanger_others_is_refused_as_a_default(small_city: City, guard: str) -> None:
    with pytest.raises(InvalidDefinition) as refused:
        small_city.deploy(silent(guards=(guard,)))
    assert "silence never passes" in str(refused.value.detail)


def test_a_clock_that_stands_still_does_not_lapse(city: City, project: int) -> None:
    city.answer(project, "D-1", "accept")
    given = Stopping("expert_review", "特〔2014〕3号", 10)
    city.do(suspensions.suspend, project, "D-1", given)
    city.wait(60)
    swept(city)
    city.do(suspensions.resume, project, "D-1")
    swept(city)
    assert city.item(project, "D-1").state == "accepted"
    lapse(city, project)
    swept(city)
    assert city.item(project, "D-1").state == "deemed"


def test_neither_does_a_suspended_projects(city: City, project: int) -> None:
    city.answer(project, "D-1", "accept")
    city.do(projects.suspend, project)
    city.wait(60)
    assert swept(city)["deemed"] == 0


def test_who_waited_for_others_has_a_working_day_to_decide(city: City, project: int) -> None:
    """N-2 is reviewed in time; its promise passes while it waits for D-1."""
    city.answer(project, "N-2", "accept", "done")
    city.wait_working(8)
    assert swept(city)["deemed"] == 1, "the window's silence about D-1"
    city.answer(project, "D-1", "done", "approve")
    decide = city.task(project, "N-2")
    assert decide.element == "decide"
    assert decide.promised_due_on is not None
    assert decide.promised_due_on < city.today
    assert swept(city)["deemed"] == 0
    city.wait_working(1)
    assert swept(city)["deemed"] == 0, "all of the next working day is theirs"
    city.now += timedelta(days=1)
    assert swept(city)["deemed"] >= 1
    assert city.item(project, "N-2").state == "deemed"
