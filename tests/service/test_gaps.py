"""Acceptance with gaps: promised, supplied, reminded of, and what follows when nothing comes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from engine.errors import Conflict, Forbidden, Invalid
from engine.rules.credit import OnRecord
from engine.rules.gaps import GapsOpen
from engine.scheduler import sweep
from engine.service import attachments, deemed, items, projects, tasks
from engine.service.clock import suspensions
from engine.service.clock.suspensions import Stopping
from engine.service.receiving import credit, gaps
from engine.store import tables as t
from tests.service.city import REASONS, City
from tests.service.trust import PLAN, SURVEY, events, started
from tests.service.trust import gaps as missing

PDF = ("file.pdf", "application/pdf", b"%PDF-1.4 ")


def swept(city: City) -> dict[str, int]:
    return sweep(city.engine, city.now, city.settings)


def accepted(city: City, **promised: date) -> int:
    """A project whose G-1 was accepted with gaps."""
    project = started(city)
    if not promised:
        promised = {"survey": city.calendar.add(city.today, 3)}
    city.answer(project, "G-1", "accept_with_gaps", data=missing(**promised))
    return project


def state(city: City, project: int) -> list[tuple[str, str]]:
    found = city.see(gaps.find, project)
    return [(each.material, each.state) for each in found]


def row(city: City, project: int) -> dict[str, Any]:
    [found] = city.rows(t.project_item, project_id=project, item="G-1")
    return found


def test_review_runs_and_the_decision_waits(city: City) -> None:
    project = accepted(city)
    assert row(city, project)["gaps"] == 1
    city.answer(project, "G-1", "done")
    decide = city.task(project, "G-1")
    with pytest.raises(GapsOpen) as caught:
        city.do(tasks.complete, decide.id, "approve")
    assert caught.value.detail["gaps"] == [
        {"material": SURVEY, "promised_on": str(city.calendar.add(city.today, 3))}
    ]
    with pytest.raises(GapsOpen):
        city.do(tasks.complete, decide.id, "refuse", REASONS["refuse"])
    [promised] = city.see(gaps.find, project)
    city.do(gaps.supply, promised.id, on_paper=True)
    city.do(tasks.complete, decide.id, "approve")
    assert city.item(project, "G-1").state == "delivering"
    assert row(city, project)["gaps"] == 0
    [told] = events(city, project, "gap.supplied")
    assert told.data == {
        "material": SURVEY,
        "promised_on": str(promised.promised_on),
        "late": False,
        "on_paper": True,
    }


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({}, "gaps"),
        ({"gaps": []}, "gaps"),
        ({"gaps": ["地形图"]}, "gaps"),
        ({"gaps": [{"material": "申请表", "promised_on": "2014-09-03"}]}, "gaps"),
        ({"gaps": [{"material": SURVEY, "promised_on": "2014-09-03"}] * 2}, "gaps"),
        ({"gaps": [{"material": SURVEY}]}, "promised_on"),
        ({"gaps": [{"material": SURVEY, "promised_on": "soon"}]}, "promised_on"),
        ({"gaps": [{"material": SURVEY, "promised_on": "2014-09-01"}]}, "promised_on"),
        ({"gaps": [{"material": SURVEY, "promised_on": "2014-09-12"}]}, "promised_on"),
        ({"gaps": [{"material": SURVEY, "promised_on": "2014-09-10"}], "form": 3}, "form"),
        (
            {"gaps": [{"material": SURVEY, "promised_on": "2014-09-10"}], "corrected": [""]},
            "corrected",
        ),
    ],
)
def test_what_is_not_promised_rightly_is_refused(
    small_city: City, data: dict[str, Any], field: str
) -> None:
    project = started(small_city)
    receive = small_city.task(project, "G-1")
    with pytest.raises(Invalid) as caught:
        small_city.do(tasks.complete, receive.id, "accept_with_gaps", data)
    assert caught.value.detail["field"] == field
    assert small_city.item(project, "G-1").state == "received"
    assert small_city.rows(t.deficiency) == []


def test_the_last_day_is_the_due_date_the_case_gets(small_city: City) -> None:
    due = small_city.calendar.add(small_city.today, 7)
    project = accepted(small_city, survey=due)
    assert small_city.item(project, "G-1").promised_due_on == due


def test_only_items_with_secondary_materials_offer_it(small_city: City) -> None:
    project = started(small_city)
    assert "accept_with_gaps" in small_city.task(project, "G-1").outcomes
    assert "accept_with_gaps" not in small_city.task(project, "S-1").outcomes
    with pytest.raises(Invalid):
        small_city.answer(project, "S-1", "accept_with_gaps")


def test_a_file_of_the_material_supplies_it(city: City) -> None:
    project = accepted(city)
    city.do(attachments.add, project, "G-1", *PDF)
    assert state(city, project) == [(SURVEY, "open")], "a file of no material supplies none"
    city.do(attachments.add, project, "G-1", *PDF, material=PLAN)
    assert state(city, project) == [(SURVEY, "open")]
    city.do(attachments.add, project, "G-1", *PDF, material=SURVEY)
    assert state(city, project) == [(SURVEY, "supplied")]
    assert row(city, project)["gaps"] == 0


def test_who_may_say_that_it_has_come(small_city: City) -> None:
    project = accepted(small_city)
    [promised] = small_city.see(gaps.find, project)
    stranger = small_city.user("clerk-hous", ("clerk", "HOUS"))
    with pytest.raises(Forbidden):
        small_city.do(gaps.supply, promised.id, on_paper=True, by=stranger)
    coordinator = small_city.user("coordinator", ("coordinator", ""))
    with pytest.raises(Forbidden):
        small_city.do(gaps.supply, promised.id, on_paper=True, by=coordinator)
    with pytest.raises(Invalid):
        small_city.do(gaps.supply, promised.id, by=coordinator)
    clerk = small_city.user("clerk-plan", ("clerk", "PLAN"))
    assert small_city.do(gaps.supply, promised.id, on_paper=True, by=clerk).state == "supplied"
    with pytest.raises(Conflict):
        small_city.do(gaps.supply, promised.id, on_paper=True, by=clerk)


def test_what_is_overdue_stops_the_clock_and_goes_on_with_it(city: City) -> None:
    promised_on = city.calendar.add(city.today, 3)
    project = accepted(city, survey=promised_on)
    due = city.item(project, "G-1").promised_due_on
    assert due is not None
    city.now += timedelta(days=(promised_on - city.today).days)
    assert swept(city)["gaps"] == 0, "the promised day is still in time"
    city.wait(1)
    assert swept(city)["gaps"] == 1
    assert swept(city)["gaps"] == 0, "once"
    [stop] = city.rows(t.suspension, project_id=project)
    assert (stop["reason"], stop["from_on"], stop["until_on"]) == ("gap", promised_on, None)
    [reminder] = events(city, project, "gap.overdue")
    grace = city.calendar.add(promised_on, 15)
    assert reminder.data["grace_until_on"] == str(grace)
    assert row(city, project)["stopped_on"] == promised_on
    city.wait_working(4)
    city.do(attachments.add, project, "G-1", *PDF, material=SURVEY)
    [stop] = city.rows(t.suspension, project_id=project)
    assert stop["until_on"] == city.today
    lost = city.calendar.between(promised_on, city.today)
    assert city.item(project, "G-1").promised_due_on == city.calendar.add(due, lost)
    city.answer(project, "G-1", "done", "approve")


def test_promised_for_the_last_day_leaves_a_day_for_the_decision(city: City) -> None:
    due = city.calendar.add(city.today, 7)
    project = accepted(city, survey=due)
    city.answer(project, "G-1", "done")
    city.now += timedelta(days=(due - city.today).days + 1)
    done = swept(city)
    assert done["gaps"] == 1
    late = [each.item for each in events(city, project, "task.overdue")]
    assert "G-1" not in late, "the clock stands still before it is late"
    city.wait_working(2)
    city.do(attachments.add, project, "G-1", *PDF, material=SURVEY)
    assert city.item(project, "G-1").promised_due_on == city.calendar.add(city.today, 1)
    swept(city)
    assert city.task(project, "G-1").overdue is False


def test_silence_does_not_pass_an_item_with_gaps(city: City) -> None:
    due = city.calendar.add(city.today, 7)
    project = accepted(city, survey=due, plan=city.calendar.add(city.today, 2))
    city.answer(project, "G-1", "done")
    decide = city.task(project, "G-1")
    [lapses] = [each["on_lapse"] for each in city.rows(t.task, id=decide.id)]
    assert lapses == "deem"
    city.wait(60)
    assert city.do(deemed.settle, decide.id) is False
    assert city.item(project, "G-1").state == "in_decision"
    swept(city)
    assert events(city, project, "item.deemed") == []


def test_what_never_comes_returns_the_file(city: City) -> None:
    promised_on = city.calendar.add(city.today, 3)
    project = accepted(city, survey=promised_on, plan=city.calendar.add(city.today, 7))
    city.wait_working(1)
    city.now += timedelta(days=(promised_on - city.today).days + 1)
    swept(city)
    [overdue] = [each for each in city.see(gaps.find, project) if each.grace_until_on]
    assert overdue.grace_until_on is not None
    city.now += timedelta(days=(overdue.grace_until_on - city.today).days)
    swept(city)
    assert city.item(project, "G-1").state == "accepted", "the last day of grace is still in time"
    city.wait(1)
    assert swept(city)["gaps"] == 1
    assert swept(city)["gaps"] == 0
    assert city.item(project, "G-1").state == "returned"
    assert dict(state(city, project)) == {SURVEY: "lapsed", PLAN: "lapsed"}
    assert city.open_tasks(project, item="G-1") == []
    [stop] = city.rows(t.suspension, project_id=project)
    assert stop["until_on"] == city.today
    [told] = events(city, project, "gap.lapsed")
    assert told.data["materials"] == [SURVEY, PLAN]
    [record] = city.see(credit.find).items
    assert (record.applicant, record.project, record.cause) == ("ACME", project, "gap_not_supplied")
    city.do(items.apply_again, project, "G-1")
    assert city.task(project, "G-1").element == "receive"
    with pytest.raises(OnRecord) as caught:
        city.answer(
            project,
            "G-1",
            "accept_with_gaps",
            data=missing(survey=city.calendar.add(city.today, 2)),
        )
    assert caught.value.detail["until_on"] == str(record.until_on)
    city.answer(project, "G-1", "accept")
    assert row(city, project)["gaps"] == 0


@pytest.mark.parametrize("outcome", ["refused", "not_accepted"])
def test_a_city_may_refuse_or_withdraw_its_acceptance(small_city: City, outcome: str) -> None:
    bpmn = small_city.settings.data_dir / "bpmn"
    bpmn.mkdir(parents=True)
    text = f"gaps: {{grace_days: 2, outcome: {outcome}, credit_months: 0}}\n"
    (bpmn / "city.yaml").write_text(text)
    project = accepted(small_city)
    small_city.answer(project, "G-1", "done")
    small_city.settings = replace(small_city.settings, bpmn_dir=bpmn)
    small_city.wait_working(4)
    swept(small_city)
    small_city.wait_working(2)
    assert swept(small_city)["gaps"] == 1
    assert small_city.item(project, "G-1").state == outcome
    assert small_city.see(credit.find).items == []


def test_a_case_that_ends_leaves_its_gaps_void(city: City) -> None:
    project = accepted(city)
    city.do(items.withdraw, project, "G-1")
    assert state(city, project) == [(SURVEY, "void")]
    assert row(city, project)["gaps"] == 0
    other = accepted(city)
    city.answer(other, "G-1", "return")
    assert state(city, other) == [(SURVEY, "void")]
    third = accepted(city)
    city.do(projects.close, third)
    assert state(city, third) == [(SURVEY, "void")]
    city.wait(60)
    assert swept(city)["gaps"] == 0


def test_a_hearing_goes_before_a_promise(city: City) -> None:
    """While the clock stands still for another cause, the promise waits."""
    promised_on = city.calendar.add(city.today, 3)
    project = accepted(city, survey=promised_on)
    city.wait_working(2)
    stopping = Stopping("hearing", "听告〔2014〕1号", 10)
    city.do(suspensions.suspend, project, "G-1", stopping)
    city.wait_working(5)
    assert swept(city)["gaps"] == 0
    city.do(suspensions.resume, project, "G-1")
    resumed_on = city.today
    city.wait(1)
    assert swept(city)["gaps"] == 1
    [stop] = city.rows(t.suspension, project_id=project, reason="gap")
    assert stop["from_on"] == resumed_on


def test_days_a_project_stands_still_are_no_grace(city: City) -> None:
    promised_on = city.calendar.add(city.today, 3)
    project = accepted(city, survey=promised_on)
    city.now += timedelta(days=(promised_on - city.today).days + 1)
    swept(city)
    city.do(projects.suspend, project, reason="flood")
    city.wait_working(30)
    assert swept(city)["gaps"] == 0
    city.do(projects.resume, project)
    city.wait(1)
    assert swept(city)["gaps"] == 0
    assert city.item(project, "G-1").state == "accepted"
    city.wait_working(16)
    swept(city)
    assert city.item(project, "G-1").state == "returned"


def test_several_sweepers_act_once(busy_city: City) -> None:
    city = busy_city
    for _ in range(4):
        accepted(city)
    city.wait_working(4)
    with ThreadPoolExecutor(3) as pool:
        done = [pool.submit(swept, city) for _ in range(3)]
    assert sum(each.result()["gaps"] for each in done) == 4
    assert len(city.rows(t.suspension)) == 4
    city.wait_working(16)
    with ThreadPoolExecutor(3) as pool:
        done = [pool.submit(swept, city) for _ in range(3)]
    assert sum(each.result()["gaps"] for each in done) == 4
    assert len(city.rows(t.credit_record)) == 4
