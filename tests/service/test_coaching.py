"""Coaching: opened, talked over, listed, closed, turned into a project; and no clock of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from engine.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from engine.rules.coaching import CoachingClosed, HasProject, NotTakingPart
from engine.service import access, projects
from engine.service.coaching import cases, checklist, conversation, reading
from engine.service.coaching.views import CoachingView
from engine.service.work import Actor
from engine.store import tables as t
from tests.service.city import City

STANDING = ["NDRC", "LAND", "PLAN", "EPB", "HOUS"]
#: everything that has a clock, runs or falls due
CLOCKS = (
    *(t.project, t.project_item, t.task, t.timer, t.process_instance, t.suspension),
    *(t.extension, t.deficiency, t.commitment, t.card),
)


class People:
    """Who takes part."""

    def __init__(self, city: City) -> None:
        self.firm = city.user("firm", ("applicant", ""), shown="振风机械")
        self.rival = city.user("rival", ("applicant", ""), shown="别家公司")
        self.centre = city.user("centre", ("coordinator", ""))
        self.planner = city.user("planner", ("reviewer", "PLAN"), shown="方静")
        self.epb = city.user("epb", ("clerk", "EPB"))
        self.fire = city.user("fire", ("head", "FIRE"))


@pytest.fixture
def people(city: City) -> People:
    return People(city)


@pytest.fixture
def coaching(city: City, people: People) -> int:
    return city.do(cases.begin, "二期厂房", by=people.firm)


def look(city: City, identifier: int, by: Actor | None = None) -> CoachingView:
    named: Mapping[str, Any] = {"by": by} if by else {}
    return city.see(reading.get, identifier, **named)


def told(city: City) -> list[tuple[str, str, Any]]:
    rows = city.rows(t.history)
    return [
        (row["event"], row["actor"], row["on_behalf_of"])
        for row in rows
        if row["event"].startswith("coaching.")
    ]


def test_an_applicant_opens_one_for_themselves_with_the_standing_departments(
    city: City, people: People
) -> None:
    key = city.do(cases.begin, " 二期厂房 ", "别家公司", also=["WATER", "PLAN"], by=people.firm)
    found = look(city, key)
    assert (found.name, found.applicant, found.state) == ("二期厂房", "振风机械", "open")
    assert found.departments == [*STANDING, "WATER"]
    assert look(city, key, people.firm) == found


def test_a_coordinator_opens_one_for_anybody(city: City, people: People) -> None:
    key = city.do(cases.begin, "二期厂房", "振风机械", by=people.centre)
    assert look(city, key, people.firm).applicant == "振风机械"
    other = city.do(cases.begin, "药厂", "没有账户的公司", by=people.centre)
    with pytest.raises(NotFound):
        look(city, other, people.firm)
    with pytest.raises(Forbidden):
        city.do(cases.begin, "药厂", "振风机械", by=people.planner)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"name": " "}, "name"),
        ({"applicant": ""}, "applicant"),
        ({"procedure": "unknown"}, "procedure"),
        ({"also": ["ZOO"]}, "department"),
        ({"also": ["APPL"]}, "department"),
    ],
)
def test_what_cannot_be_opened_is_refused_by_field(
    city: City, people: People, given: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        city.do(cases.begin, **{"name": "厂房", "applicant": "某厂", **given}, by=people.centre)
    assert refused.value.detail["field"] == field
    assert city.rows(t.coaching) == []


def test_who_sees_one(city: City, people: People, coaching: int) -> None:
    chief = city.user("chief", ("head", ""))
    watch = [city.user(role, (role, "")) for role in ("supervisor", "analyst", "admin")]
    for each in (people.firm, people.centre, people.planner, people.epb, chief, *watch):
        assert look(city, coaching, each).id == coaching
    for each in (people.rival, people.fire):
        with pytest.raises(NotFound):
            look(city, coaching, each)
        with pytest.raises(NotFound):
            city.do(conversation.ask, coaching, "?", by=each)
    city.do(cases.add_department, coaching, "FIRE", by=people.centre)
    assert look(city, coaching, people.fire).departments[-1] == "FIRE"


def test_a_department_is_added_once_by_a_coordinator(
    city: City, people: People, coaching: int
) -> None:
    for _ in range(2):
        city.do(cases.add_department, coaching, "FIRE", by=people.centre)
    assert look(city, coaching).departments == [*STANDING, "FIRE"]
    assert [event for event, *_ in told(city)].count("coaching.joined") == 1
    with pytest.raises(Forbidden):
        city.do(cases.add_department, coaching, "MET", by=people.planner)


@pytest.mark.parametrize(
    ("given", "asked"),
    [
        ({"topic": "eia"}, "EPB"),
        ({"topic": "eia", "department": "PLAN"}, "PLAN"),
        ({"topic": "eia", "department": ""}, ""),
        ({}, ""),
    ],
)
def test_a_question_goes_to_the_topics_department_unless_another_is_named(
    city: City, people: People, coaching: int, given: dict[str, Any], asked: str
) -> None:
    city.do(conversation.ask, coaching, " 要不要做报告书？ ", by=people.firm, **given)
    [question] = look(city, coaching).entries
    assert (question.kind, question.department, question.text) == (
        *("question", asked, "要不要做报告书？"),
    )
    assert (question.topic, question.by_name) == (given.get("topic", ""), "振风机械")


def test_a_department_answers_and_advises(city: City, people: People, coaching: int) -> None:
    asked = city.do(conversation.ask, coaching, "容积率？", topic="scheme", by=people.firm)
    answer = city.do(conversation.advise, coaching, "1.2 以内", answers=asked, by=people.planner)
    city.do(conversation.advise, coaching, "先做报告表", topic="eia", by=people.epb)
    city.do(conversation.advise, coaching, "周五可来中心", by=people.centre)
    found = {each.id: each for each in look(city, coaching).entries}
    assert (found[answer].answers, found[answer].topic) == (asked, "scheme")
    said = [(each.department, each.topic, each.by_name) for each in found.values()]
    assert said == [
        *(("PLAN", "scheme", "振风机械"), ("PLAN", "scheme", "方静")),
        *(("EPB", "eia", "epb"), ("", "", "centre")),
    ]


def test_who_may_say_what(city: City, people: People, coaching: int) -> None:
    with pytest.raises(Forbidden):
        city.do(conversation.ask, coaching, "?", by=people.planner)
    with pytest.raises(Forbidden):
        city.do(conversation.advise, coaching, "!", by=people.firm)
    with pytest.raises(Forbidden):
        city.do(conversation.advise, coaching, "!", department="EPB", by=people.planner)
    with pytest.raises(Forbidden):
        city.do(conversation.advise, coaching, "!", department="PLAN", by=people.centre)
    with pytest.raises(NotTakingPart):
        city.do(conversation.ask, coaching, "?", department="FIRE", by=people.firm)
    with pytest.raises(NotTakingPart):
        city.do(conversation.advise, coaching, "!", department="FIRE")
    assert look(city, coaching).entries == []


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"text": " "}, "text"),
        ({"text": "x" * 4001}, "text"),
        ({"topic": "gardens"}, "topic"),
        ({"answers": 999}, "answers"),
    ],
)
def test_what_cannot_be_said_is_refused_by_field(
    city: City, people: People, coaching: int, given: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        city.do(conversation.advise, coaching, **{"text": "!", **given}, by=people.planner)
    assert refused.value.detail["field"] == field


def test_another_coachings_question_is_not_answered_here(city: City, people: People) -> None:
    one, two = (city.do(cases.begin, name, by=people.firm) for name in ("一期", "二期"))
    asked = city.do(conversation.ask, one, "?", department="PLAN", by=people.firm)
    with pytest.raises(Invalid):
        city.do(conversation.advise, two, "!", answers=asked, by=people.planner)


def test_the_history_says_who_and_for_whom_but_not_what(
    city: City, people: People, coaching: int
) -> None:
    city.do(conversation.ask, coaching, "秘密", topic="eia", by=people.centre)
    city.do(conversation.advise, coaching, "秘密", department="EPB")
    city.do(conversation.advise, coaching, "秘密", by=people.centre)
    assert told(city) == [
        ("coaching.opened", "firm", None),
        ("coaching.asked", "centre", "APPL"),
        ("coaching.advised", "root", "EPB"),
        ("coaching.advised", "centre", None),
    ]
    for row in city.rows(t.history):
        assert "秘密" not in str(row["data"])
        if row["event"].startswith("coaching."):
            assert (row["project_id"], row["data"]["coaching"]) == (None, coaching)


def test_the_checklist_is_the_catalogues_and_grows_but_never_shrinks(
    city: City, people: People, coaching: int
) -> None:
    city.deploy("industrial-2014")
    with pytest.raises(Invalid):
        city.do(checklist.generate, coaching, by=people.firm)
    number = city.do(checklist.generate, coaching, "industrial-2014", by=people.firm)
    found = look(city, coaching)
    assert (len(found.entries), found.procedure) == (number, "industrial-2014")
    first = found.entries[0]
    assert (first.item, first.item_name.zh, first.department) == (
        *("IND-01", "企业投资项目备案", "NDRC"),
    )
    assert first.text == "备案表"
    assert not any(each.done for each in found.entries)
    assert {"IND-16", "IND-08"} <= {each.item for each in found.entries}
    acceptance = {"IND-21", "IND-22", "IND-23", "IND-24", "IND-25", "IND-26"}
    assert not acceptance & {each.item for each in found.entries}
    city.do(checklist.tick, coaching, {first.id: True}, by=people.firm)
    assert city.do(checklist.generate, coaching, by=people.planner) == 0
    assert look(city, coaching).entries[0].done


def test_lines_are_added_by_departments_for_themselves(
    city: City, people: People, coaching: int
) -> None:
    city.do(checklist.add, coaching, "日照分析", by=people.planner)
    city.do(checklist.add, coaching, "会议纪要", by=people.centre)
    city.do(checklist.add, coaching, "监测报告", department="EPB", by=people.centre)
    lines = [(each.department, each.text) for each in look(city, coaching).entries]
    assert lines == [("PLAN", "日照分析"), ("", "会议纪要"), ("EPB", "监测报告")]
    with pytest.raises(Invalid):
        city.do(checklist.add, coaching, " 日照分析 ", by=people.planner)
    with pytest.raises(Forbidden):
        city.do(checklist.add, coaching, "别的", department="EPB", by=people.planner)
    with pytest.raises(Forbidden):
        city.do(checklist.add, coaching, "别的", by=people.firm)


def test_lines_are_ticked_by_whom_they_concern(city: City, people: People, coaching: int) -> None:
    mine = city.do(checklist.add, coaching, "日照分析", by=people.planner)
    for who, done in ((people.firm, True), (people.planner, False), (people.centre, True)):
        city.do(checklist.tick, coaching, {mine: done}, by=who)
        [line] = look(city, coaching).entries
        assert (line.done, line.by) == (done, who.name)
    with pytest.raises(Forbidden):
        city.do(checklist.tick, coaching, {mine: False}, by=people.epb)
    with pytest.raises(NotFound):
        city.do(checklist.tick, coaching, {mine: False, 999: True}, by=people.firm)
    assert look(city, coaching).entries[0].done


def test_a_tick_that_changes_nothing_leaves_no_trace(
    city: City, people: People, coaching: int
) -> None:
    line = city.do(checklist.add, coaching, "日照分析", by=people.planner)
    city.do(checklist.tick, coaching, {line: False}, by=people.firm)
    assert look(city, coaching).entries[0].by == "planner"
    assert [event for event, *_ in told(city)] == ["coaching.opened", "coaching.listed"]


def test_the_sheet_gathers_advice_dated_by_the_newest_and_says_it_decides_nothing(
    city: City, people: People, coaching: int
) -> None:
    with pytest.raises(NotFound):
        city.see(reading.sheet, coaching, by=people.firm)
    asked = city.do(conversation.ask, coaching, "容积率？", topic="scheme", by=people.firm)
    city.do(conversation.advise, coaching, "先做报告表", topic="eia", by=people.epb)
    city.wait(3)
    city.do(conversation.advise, coaching, "1.2 以内", answers=asked, by=people.planner)
    line = city.do(checklist.add, coaching, "日照分析", by=people.planner)
    city.wait(10)
    whole = city.see(reading.sheet, coaching, by=people.firm)
    assert [(each.department, each.question, each.text) for each in whole.advice] == [
        ("PLAN", "容积率？", "1.2 以内"),
        ("EPB", "", "先做报告表"),
    ]
    assert (whole.number, str(whole.issued_on)) == (f"辅〔2014〕{coaching}", "2014-09-04")
    assert "不是行政许可决定" in whole.effect.zh
    assert [each.text for each in whole.materials] == ["日照分析"]
    own = city.see(reading.sheet, coaching, "EPB", by=people.firm)
    assert [each.text for each in own.advice] == ["先做报告表"]
    assert (own.materials, str(own.issued_on)) == ([], "2014-09-01")
    city.do(checklist.tick, coaching, {line: True}, by=people.firm)
    assert city.see(reading.sheet, coaching, by=people.firm).materials == []
    with pytest.raises(NotFound):
        city.see(reading.sheet, coaching, "", by=people.firm)


def test_it_is_closed_with_a_summary_and_opened_again(
    city: City, people: People, coaching: int
) -> None:
    line = city.do(checklist.add, coaching, "日照分析", by=people.planner)
    with pytest.raises(Invalid):
        city.do(cases.close, coaching, " ", by=people.centre)
    with pytest.raises(Forbidden):
        city.do(cases.close, coaching, "好了", by=people.firm)
    city.do(cases.close, coaching, "前期已经清楚。", by=people.centre)
    closed = look(city, coaching)
    assert (closed.state, closed.closed_by, closed.closed_at) == ("closed", "centre", city.now)
    assert [each.text for each in closed.of_kind("summary")] == ["前期已经清楚。"]
    for verb, given in (
        (conversation.ask, ("?",)),
        (conversation.advise, ("!",)),
        (checklist.add, ("别的",)),
        (checklist.tick, ({line: True},)),
        (checklist.generate, ("industrial-2014",)),
        (cases.add_department, ("FIRE",)),
    ):
        with pytest.raises(CoachingClosed):
            city.do(verb, coaching, *given)
    with pytest.raises(Conflict):
        city.do(cases.close, coaching, "再一次", by=people.centre)
    city.do(cases.reopen, coaching, by=people.centre)
    again = look(city, coaching)
    assert (again.state, again.closed_at, again.closed_by) == ("open", None, None)
    assert len(again.of_kind("summary")) == 1
    city.do(conversation.ask, coaching, "还有一问", by=people.firm)
    with pytest.raises(Conflict):
        city.do(cases.reopen, coaching, by=people.centre)


def test_it_becomes_a_draft_of_a_project_once(city: City, people: People) -> None:
    city.deploy("industrial-2014")
    twin = city.user("twin", ("applicant", ""), shown="振风机械")
    key = city.do(cases.begin, "二期厂房", by=people.firm)
    with pytest.raises(Invalid):
        city.do(cases.become_project, key, by=people.firm)
    view = city.do(cases.become_project, key, "industrial-2014", by=people.centre)
    assert (view.name, view.applicant, view.state) == ("二期厂房", "振风机械", "draft")
    assert city.see(projects.get, view.id, by=people.firm).id == view.id
    with pytest.raises(NotFound):
        city.see(access.row_of, view.id, by=twin)
    found = look(city, key)
    assert (found.project, found.procedure, found.state) == (view.id, "industrial-2014", "open")
    assert city.events(view.id) == ["project.created", "coaching.project"]
    with pytest.raises(HasProject):
        city.do(cases.become_project, key, by=people.firm)
    city.do(conversation.ask, key, "开工前还有一问", by=people.firm)
    assert city.events(view.id)[-1] == "coaching.asked"


def test_a_stale_version_is_refused_by_every_verb(
    city: City, people: People, coaching: int
) -> None:
    seen = look(city, coaching).version
    city.do(conversation.ask, coaching, "?", by=people.firm)
    for verb, given in (
        (conversation.ask, ("?",)),
        (conversation.advise, ("!",)),
        (checklist.add, ("别的",)),
        (checklist.tick, ({},)),
        (checklist.generate, ("industrial-2014",)),
        (cases.add_department, ("FIRE",)),
        (cases.close, ("好了",)),
        (cases.reopen, ()),
        (cases.become_project, ("industrial-2014",)),
    ):
        with pytest.raises(Stale):
            city.do(verb, coaching, *given, expected_version=seen)
    city.do(cases.close, coaching, "好了", expected_version=seen + 1)
    assert look(city, coaching).version == seen + 2


def test_no_clock_no_task_and_no_deadline_come_of_it(
    city: City, people: People, coaching: int
) -> None:
    city.deploy("industrial-2014")
    city.do(checklist.generate, coaching, "industrial-2014", by=people.firm)
    asked = city.do(conversation.ask, coaching, "?", topic="eia", by=people.firm)
    city.wait(60)
    city.do(conversation.advise, coaching, "!", answers=asked, by=people.epb)
    ready = {each.id: True for each in look(city, coaching).of_kind("material")}
    city.do(checklist.tick, coaching, ready, by=people.firm)
    city.do(cases.close, coaching, "好了", by=people.centre)
    assert {table.name: city.rows(table) for table in CLOCKS} == {
        table.name: [] for table in CLOCKS
    }
    dated = {each.name for each in t.coaching.c} | {each.name for each in t.coaching_entry.c}
    assert not [name for name in dated if name.endswith(("_on", "due_at", "_days"))]
