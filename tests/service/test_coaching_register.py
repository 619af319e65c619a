"""The list of coachings: who sees which, its filters with counts, and what waits for whom."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.errors import Invalid
from engine.service import reminders
from engine.service.coaching import cases, checklist, conversation, register
from engine.service.coaching.register import Wanted
from engine.service.work import Actor
from tests.service.city import City, counted
from tests.service.test_coaching import People


class Town(People):
    """Three coachings: one asks two departments, one is closed while it asks, one is new."""

    def __init__(self, city: City) -> None:
        super().__init__(city)
        begin = cases.begin
        self.plant = city.do(begin, "二期厂房", also=["FIRE"], by=self.firm)
        self.mill = city.do(begin, "纺织车间", "别家公司", by=self.centre)
        self.shop = city.do(begin, "门店", "别家公司", also=["HOUSING"], by=self.centre)
        ask = conversation.ask
        self.asked = city.do(ask, self.plant, "容积率？", department="PLAN", by=self.firm)
        city.do(ask, self.plant, "水源地？", topic="eia", by=self.firm)
        city.do(ask, self.mill, "退让？", department="PLAN", by=self.rival)
        city.do(checklist.add, self.plant, "日照分析", by=self.planner)
        line = city.do(checklist.add, self.plant, "总平面图", by=self.planner)
        city.do(checklist.tick, self.plant, {line: True}, by=self.firm)
        city.do(cases.close, self.mill, "另行选址。", by=self.centre)


@pytest.fixture
def town(city: City) -> Town:
    return Town(city)


def names(city: City, by: Actor, **wanted: object) -> list[str]:
    found = city.see(register.find, replace(Wanted(), **wanted), by=by)  # type: ignore[arg-type]
    return [each.name for each in found.items]


def test_everybody_sees_theirs_the_newest_first(city: City, town: Town) -> None:
    assert names(city, town.centre) == ["门店", "纺织车间", "二期厂房"]
    assert names(city, town.firm) == ["二期厂房"]
    assert names(city, town.rival) == ["门店", "纺织车间"]
    assert names(city, town.fire) == ["二期厂房"]
    assert names(city, city.user("met", ("clerk", "MET"))) == []
    assert names(city, city.user("new", ("applicant", ""))) == []


def test_a_departments_code_is_not_taken_for_anothers(city: City, town: Town) -> None:
    """HOUS takes part in all of them, HOUSING in one."""
    assert names(city, town.centre, department="HOUSING") == ["门店"]
    assert names(city, city.user("h", ("clerk", "HOUSING"))) == ["门店"]
    assert names(city, town.centre, department="HOU%") == []


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"state": "closed"}, ["纺织车间"]),
        ({"text": "厂"}, ["二期厂房"]),
        ({"text": "别家"}, ["门店", "纺织车间"]),
        ({"text": "%"}, []),
        ({"department": "FIRE"}, ["二期厂房"]),
        ({"waiting": True}, ["二期厂房"]),
        ({"waiting": True, "department": "PLAN"}, ["二期厂房"]),
        ({"waiting": True, "department": "HOUS"}, []),
        ({"waiting": True, "department": ""}, []),
    ],
)
def test_filters(city: City, town: Town, wanted: dict[str, object], found: list[str]) -> None:
    assert names(city, town.centre, **wanted) == found


def test_a_row_says_how_far_it_is_and_whom_it_waits_for(city: City, town: Town) -> None:
    rows = {each.id: each for each in city.see(register.find, Wanted(), by=town.centre).items}
    plant = rows[town.plant]
    assert (plant.questions, plant.materials, plant.ready) == (2, 2, 1)
    assert plant.waiting == {"EPB": 1, "PLAN": 1}
    assert (rows[town.mill].questions, rows[town.mill].waiting) == (1, {})
    assert (rows[town.shop].questions, rows[town.shop].last_at) == (0, city.now)
    city.wait()
    city.do(conversation.advise, town.plant, "1.2", answers=town.asked, by=town.planner)
    row = city.see(register.find, Wanted(), by=town.firm).items[0]
    assert (row.waiting, row.last_at) == ({"EPB": 1}, city.now)


def test_counts_are_under_the_other_filters(city: City, town: Town) -> None:
    every = city.see(register.facets, Wanted(), by=town.centre)
    assert (every.total, every.waiting, every.state) == (3, 1, {"closed": 1, "open": 2})
    assert {key: every.department[key] for key in ("", "PLAN", "FIRE")} == {
        "": 3,
        "PLAN": 3,
        "FIRE": 1,
    }
    closed = city.see(register.facets, Wanted(state="closed"), by=town.centre)
    assert (closed.total, closed.waiting, closed.state) == (1, 0, {"closed": 1, "open": 2})
    assert (closed.department["PLAN"], closed.department.get("FIRE", 0)) == (1, 0)
    waits = city.see(register.facets, Wanted(waiting=True), by=town.centre)
    assert (waits.total, waits.state) == (1, {"open": 1})
    assert waits.department == {"EPB": 1, "PLAN": 1}
    planner = Wanted(waiting=True, department="HOUS")
    assert city.see(register.facets, planner, by=town.centre).total == 0
    assert city.see(register.facets, Wanted(), by=town.rival).total == 2


def test_how_many_questions_wait_for_ones_own(city: City, town: Town) -> None:
    def waiting(by: Actor) -> int:
        return city.see(reminders.own, by=by).questions

    assert [waiting(each) for each in (town.planner, town.epb, town.fire)] == [1, 1, 0]
    assert waiting(town.centre) == 0
    city.do(conversation.ask, town.plant, "找谁？", by=town.firm)
    assert waiting(town.centre) == 1
    assert waiting(city.user("both", ("clerk", "PLAN"), ("clerk", "EPB"))) == 2
    city.do(conversation.advise, town.plant, "1.2", answers=town.asked, by=town.planner)
    assert waiting(town.planner) == 0


def test_who_answers_nothing_asks_nothing_of_the_database(city: City, town: Town) -> None:
    with counted(city.engine) as plain:
        city.see(lambda _: 0, by=town.firm)
    with counted(city.engine) as found:
        city.see(reminders.own, by=town.firm)
    assert found == plain


def test_the_list_comes_in_parts_and_in_few_statements(city: City, town: Town) -> None:
    first = city.see(register.find, Wanted(), limit=2, by=town.centre)
    rest = city.see(register.find, Wanted(), limit=2, cursor=first.next, by=town.centre)
    assert [each.id for each in (*first.items, *rest.items)] == [town.shop, town.mill, town.plant]
    assert rest.next is None
    with pytest.raises(Invalid):
        city.see(register.find, Wanted(), cursor="x", by=town.centre)
    with counted(city.engine) as statements:
        city.see(register.find, Wanted(), by=town.centre)
        city.see(register.facets, Wanted(waiting=True), by=town.centre)
    assert len([each for each in statements if each.startswith("SELECT")]) <= 5
