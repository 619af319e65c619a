"""Receipt as the law has it: told once, and accepted by silence from the day of receipt."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from engine.rules.receipt import SecondNotice
from engine.scheduler import sweep
from engine.service import deemed, items, projects, tasks
from engine.service.clock import explain
from engine.service.silence import AcceptedBySilence
from engine.service.views import EventView
from engine.store import tables as t
from tests.service.city import City
from tests.service.drawn import little

NOT_ACCEPTED = {"reason": "不属于许可范围", "legal_basis": "行政许可法 art. 32"}


def started(city: City) -> int:
    return city.start(city.deploy(little()))


def events(city: City, project: int, name: str) -> list[EventView]:
    found = city.see(projects.history, project, limit=200).items
    return [each for each in found if each.event == name]


def swept(city: City) -> dict[str, int]:
    return sweep(city.engine, city.now, city.settings)


def test_a_second_notice_is_refused_and_nothing_moves(city: City) -> None:
    project = started(city)
    city.answer(project, "A-1", "supplement")
    city.wait_working(2)
    city.do(tasks.complete, city.task(project, "A-1").id, "submit")
    receive = city.task(project, "A-1")
    with pytest.raises(SecondNotice):
        city.answer(project, "A-1", "supplement")
    assert city.task(project, "A-1").id == receive.id
    assert events(city, project, "incident.opened") == []
    city.do(tasks.complete, receive.id, "accept")
    assert city.task(project, "A-1").element == "review"


def test_an_application_made_again_may_be_told_again(city: City) -> None:
    project = started(city)
    city.answer(project, "A-1", "supplement")
    city.do(tasks.complete, city.task(project, "A-1").id, "submit")
    city.answer(project, "A-1", "not_accept")
    city.do(items.apply_again, project, "A-1")
    city.answer(project, "A-1", "supplement")
    assert city.task(project, "A-1").element == "supplement"


def test_silence_accepts_from_the_day_of_receipt(city: City) -> None:
    project = started(city)
    received_on = city.today
    promised = city.item(project, "A-1").promised_days
    city.wait_working(5)
    assert swept(city)["deemed"] == 0, "the fifth day is still in time"
    city.wait(1)
    done = swept(city)
    assert done["deemed"] == 2, "A-1 and A-2"
    assert len(events(city, project, "task.overdue")) >= 2, "and late all the same"
    assert swept(city)["deemed"] == 0
    item = city.item(project, "A-1")
    assert (item.state, item.accepted_on) == ("accepted", received_on)
    assert item.promised_due_on == city.calendar.add(received_on, promised or 0)
    [answer] = [each for each in events(city, project, "task.completed") if each.item == "A-1"]
    assert (answer.actor, answer.data["data"]["deemed"]) == ("system", True)
    assert city.task(project, "A-1").promised_due_on == item.promised_due_on


def test_days_a_project_stood_still_do_not_count(city: City) -> None:
    project = started(city)
    received_on = city.today
    city.do(projects.suspend, project, reason="hearing")
    city.wait_working(10)
    assert swept(city)["deemed"] == 0
    city.do(projects.resume, project)
    city.wait_working(5)
    city.wait(1)
    assert swept(city)["deemed"] == 2
    item = city.item(project, "A-1")
    assert item.accepted_on == received_on, "of the day of receipt, as the law says"
    promised = (item.promised_days or 0) + 10
    assert item.promised_due_on == city.calendar.add(received_on, promised)


def test_whoever_answers_in_time_is_heard(city: City) -> None:
    project = started(city)
    receive = city.task(project, "A-1")
    city.wait_working(5)
    city.do(tasks.complete, receive.id, "not_accept", NOT_ACCEPTED)
    city.wait(30)
    assert city.do(deemed.settle, receive.id) is False
    assert city.item(project, "A-1").state == "not_accepted"


@pytest.mark.parametrize(
    ("outcome", "data"), [("supplement", {"materials": ["图纸"]}), ("not_accept", NOT_ACCEPTED)]
)
def test_after_five_days_of_silence_it_is_accepted_whether_a_worker_ran_or_not(
    city: City, outcome: str, data: dict[str, Any]
) -> None:
    project, received_on = started(city), city.today
    clerk = city.user("clerk-plan", ("clerk", "PLAN"))
    receive = city.task(project, "A-1")
    city.wait(30)
    with pytest.raises(AcceptedBySilence) as told:
        city.do(tasks.complete, receive.id, outcome, data, by=clerk)
    lapsed_on = str(city.calendar.add(received_on, 5))
    assert told.value.detail == {"item": "A-1", "counts_as": "accept", "lapsed_on": lapsed_on}
    item = city.item(project, "A-1")
    assert (item.state, item.accepted_on) == ("accepted", received_on)
    [answer] = [each for each in events(city, project, "task.completed") if each.item == "A-1"]
    assert (answer.actor, answer.on_behalf_of) == ("system", "PLAN"), "as the sweep says it"
    assert answer.data["data"] == {
        "deemed": True,
        "received_on": str(received_on),
        "counted_from": str(received_on),
        "lapsed_on": lapsed_on,
    }
    assert [each.task for each in events(city, project, "task.overdue")] == [receive.id]
    assert swept(city)["deemed"] == 1, "A-2 alone"
    assert events(city, project, "item.supplement_requested") == []


def test_who_accepts_after_five_days_says_what_the_law_says(city: City) -> None:
    project, received_on = started(city), city.today
    clerk = city.user("clerk-plan", ("clerk", "PLAN"))
    receive = city.task(project, "A-1")
    city.wait(30)
    done = city.do(tasks.complete, receive.id, "accept", {"opinion": "齐全"}, by=clerk)
    [stored] = city.rows(t.task, id=receive.id)
    assert (done.ended_by, done.version) == ("clerk-plan", stored["version"])
    assert city.item(project, "A-1").accepted_on == received_on
    [answer] = events(city, project, "task.completed")
    assert (answer.actor, answer.data["data"]["opinion"]) == ("clerk-plan", "齐全")
    assert answer.data["data"]["deemed"] is True
    told = city.see(explain.explain, city.task(project, "A-1").id)
    assert (told.start.reason, told.start.on) == ("silence", received_on)
    assert all(each.agrees for each in told.terms)


def test_what_is_not_due_is_not_accepted(city: City) -> None:
    project = started(city)
    receive = city.task(project, "A-1")
    city.now += timedelta(days=1)
    assert city.do(deemed.settle, receive.id) is False
    assert city.task(project, "A-1").id == receive.id
