"""The desk of a task: its case, its clock, its papers, and what whoever asks may do."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from engine.errors import NotFound
from engine.rules.deadline import DayUnit
from engine.service import attachments, desk, items, projects, tasks
from engine.service.desk import Desk
from engine.service.work import Actor
from tests.service.city import ADMIN, City, counted
from tests.service.drawn import little, winding


@pytest.fixture
def project(city: City) -> int:
    """A project of the little procedure: A-1 (3 days, 20 by law) is of PLAN, A-2 of HOUS."""
    city.deploy(little())
    return city.start("little")


def lay(city: City, project: int, item: str = "A-1", by: Actor = ADMIN) -> Desk:
    return city.see(desk.lay, city.task(project, item).id, by=by)


def on(text: str) -> date:
    return date.fromisoformat(f"2014-{text}")


# -- the clock -------------------------------------------------------------------------------------


def test_receipt_runs_on_five_days_of_the_law(city: City, project: int) -> None:
    clock = lay(city, project).clock
    assert clock is not None
    assert (clock.start_on, clock.promised) == (on("09-01"), None)
    assert clock.statutory is not None
    assert (clock.statutory.days, clock.statutory.due_on) == (5, on("09-09"))
    assert "art. 32" in clock.statutory.source


def test_review_runs_on_the_promise_and_the_statute(city: City, project: int) -> None:
    city.wait_working(1)
    city.answer(project, "A-1", "accept")
    city.wait_working(2)
    clock = lay(city, project).clock
    assert clock is not None
    assert clock.start_on == on("09-02")
    assert clock.promised is not None
    assert clock.statutory is not None
    assert (clock.promised.days, clock.promised.due_on) == (3, on("09-05"))
    assert (clock.statutory.days, clock.statutory.unit) == (20, DayUnit.WORKING)
    assert clock.used(city.today) == 2


def test_delivery_runs_on_ten_days_of_the_law_and_the_applicants_work_on_none(
    city: City, project: int
) -> None:
    city.decide(project, "A-1")
    clock = lay(city, project).clock
    assert clock is not None
    assert clock.statutory is not None
    assert (clock.statutory.days, clock.promised) == (10, None)
    city.answer(project, "A-2", "supplement")
    assert lay(city, project, "A-2").clock is None


def test_the_due_day_has_its_number_after_a_suspension(city: City, project: int) -> None:
    city.answer(project, "A-1", "accept")
    city.wait_working(1)
    city.do(projects.suspend, project, reason="选址有争议")
    city.wait_working(4)
    assert lay(city, project).light == "paused"
    standing = lay(city, project).clock
    assert standing is not None
    assert standing.as_of(city.today) == on("09-02")
    city.do(projects.resume, project)
    clock = lay(city, project).clock
    assert clock is not None
    assert clock.promised is not None
    [stop] = clock.stops
    assert (stop.from_on, stop.until_on, stop.note) == (on("09-02"), on("09-09"), "选址有争议")
    [due] = clock.days(clock.promised.due_on, clock.promised.due_on)
    assert due.number == clock.promised.days == 3


def test_a_clock_ends_with_the_decision(city: City, project: int) -> None:
    city.answer(project, "A-1", "accept")
    review = city.task(project, "A-1").id
    city.wait_working(1)
    city.answer(project, "A-1", "done", "approve")
    city.wait_working(5)
    found = city.see(desk.lay, review)
    assert found.clock is not None
    assert (found.clock.end_on, found.clock.used(city.today)) == (on("09-02"), 1)
    assert found.light == "done"


# -- the case --------------------------------------------------------------------------------------


def test_answers_are_those_of_the_present_application(city: City, project: int) -> None:
    city.answer(project, "A-1", "accept", data={"opinion": "齐全"})
    first = city.task(project, "A-1").id
    city.answer(project, "A-1", "return", data={"reason": "图纸不符"})
    city.do(items.apply_again, project, "A-1")
    found = lay(city, project)
    assert (found.answers, found.attempt, found.past) == ((), 2, False)
    before = city.see(desk.lay, first)
    assert [each.data["outcome"] for each in before.answers] == ["accept", "return"]
    assert (before.attempt, before.past, before.clock) == (1, True, None)
    answer = before.answer("review")
    assert answer is not None
    assert answer.data["data"] == {"reason": "图纸不符"}


def test_it_tells_what_the_decision_waits_for(city: City) -> None:
    city.deploy(winding())
    project = city.start("winding")
    city.answer(project, "F-1", "done")
    city.answer(project, "C-1", "fine", data={"size": "large"})
    [gate] = lay(city, project, "B-1").gates
    assert (gate.item, gate.state, gate.decided_on) == ("A-1", "received", None)
    city.decide(project, "A-1")
    [gate] = lay(city, project, "B-1").gates
    assert gate.decided_on == city.today


def test_files_and_people_are_there(city: City, project: int) -> None:
    clerk = city.user("clerk", ("clerk", "PLAN"), ("clerk", "HOUS"), shown="余敏")
    pdf = ("application/pdf", b"%PDF-1.7")
    city.do(attachments.add, project, "A-1", "总平面图.pdf", *pdf, by=clerk)
    city.do(attachments.add, project, "A-2", "other.pdf", *pdf, by=clerk)
    found = lay(city, project)
    assert [each.name for each in found.files] == ["总平面图.pdf"]
    assert found.people == {"clerk": "余敏"}
    assert found.seen > 0


# -- rights ----------------------------------------------------------------------------------------


def rights(city: City, project: int, by: Actor) -> Any:
    return lay(city, project, by=by).rights


def test_rights_follow_role_department_and_claim(city: City, project: int) -> None:
    clerk, other = (city.user(name, ("clerk", "PLAN")) for name in ("clerk", "other"))
    stranger = city.user("stranger", ("clerk", "HOUS"))
    boss = city.user("boss", ("coordinator", ""), shown="许文静")
    mine = rights(city, project, clerk)
    assert (mine.blocked, mine.claim, mine.unclaim, mine.assign, mine.attach) == (
        *("", True, False, False),
        True,
    )
    assert rights(city, project, stranger).blocked == "foreign"
    city.do(tasks.claim, city.task(project, "A-1").id, by=clerk)
    assert rights(city, project, other).blocked == "claimed"
    assert rights(city, project, clerk).unclaim
    over = lay(city, project, by=boss)
    assert (over.rights.unclaim, over.rights.assign) == (True, True)
    assert {each.name for each in over.colleagues} == {"clerk", "other"}
    assert lay(city, project, by=clerk).colleagues == ()


def test_nothing_is_done_while_the_project_stands_or_after_the_end(
    city: City, project: int
) -> None:
    clerk = city.user("clerk", ("clerk", "PLAN"))
    task = city.task(project, "A-1").id
    city.do(projects.suspend, project)
    found = rights(city, project, clerk)
    assert (found.blocked, found.claim, found.attach) == ("stands", False, False)
    stranger = city.user("stranger", ("clerk", "HOUS"))
    assert rights(city, project, stranger).blocked == "foreign"
    city.do(projects.resume, project)
    city.answer(project, "A-1", "accept", by=clerk)
    assert city.see(desk.lay, task, by=clerk).rights.blocked == "ended"


def test_who_acts_for_another_is_told_so(city: City, project: int) -> None:
    root = city.user("root", ("admin", ""))
    assert rights(city, project, root).on_behalf_of == "PLAN"
    assert rights(city, project, city.user("clerk", ("clerk", "PLAN"))).on_behalf_of is None


def test_an_applicant_sees_no_task_of_another(city: City, project: int) -> None:
    applicant = city.user("applicant", ("applicant", ""))
    with pytest.raises(NotFound):
        lay(city, project, by=applicant)
    with pytest.raises(NotFound):
        city.see(desk.lay, "nothing")


def test_it_takes_five_statements(city: City, project: int) -> None:
    boss = city.user("boss", ("coordinator", ""))
    lay(city, project, by=boss)
    task = city.task(project, "A-1").id
    with counted(city.engine) as found:
        city.see(desk.lay, task, by=boss)
    assert len([each for each in found if each.startswith("SELECT")]) == 5
