"""Figures of departments against cases counted by hand, and against a loop over every case."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import insert

from engine.errors import Invalid
from engine.rules.inspection import Tally
from engine.rules.light import Light
from engine.rules.period import Period
from engine.rules.supervision import Rung
from engine.service import items, projects
from engine.service.supervision import board, figures, in_hand, report
from engine.service.supervision.board import Board
from engine.service.supervision.report import Report
from engine.service.supervision.views import Figures
from engine.service.work import Work
from engine.store import tables as t
from tests.service.city import City, counted
from tests.service.drawn import little

QUARTER = Period.of("2014Q3")


def until(city: City, month: int, day: int) -> None:
    """Let time pass to a day of 2014."""
    city.wait((date(2014, month, day) - city.today).days)


def september(city: City) -> None:
    """Two projects of September 2014; the Mid-Autumn holiday is Monday the 8th.

    First: A-1 accepted on the 1st and decided on the 3rd; A-2 accepted on the 1st, promised in 6
    days, so by the 10th, and decided on the 12th, its 8th day. Second: A-1 accepted on the 15th,
    suspended from the 16th to the 19th, decided on the 22nd: five days, three of them stopped.
    """
    city.deploy(little())
    first = city.start("little")
    city.answer(first, "A-1", "accept")
    city.answer(first, "A-2", "accept")
    until(city, 9, 3)
    city.answer(first, "A-1", "done", "approve")
    until(city, 9, 12)
    city.answer(first, "A-2", "done", "approve")
    until(city, 9, 15)
    second = city.start("little")
    city.answer(second, "A-1", "accept")
    until(city, 9, 16)
    city.do(projects.suspend, second)
    until(city, 9, 19)
    city.do(projects.resume, second)
    until(city, 9, 22)
    city.answer(second, "A-1", "done", "approve")


def of(found: Report, department: str) -> Figures:
    """A department's figures."""
    return next(each.figures for each in found.departments if each.department == department)


def sums(found: Figures) -> dict[str, Any]:
    """The figures that are not nothing."""
    values = {name: getattr(found, name) for name in found.__slots__}
    return {name: value for name, value in values.items() if value}


def test_a_quarter_counted_by_hand(city: City) -> None:
    september(city)
    until(city, 10, 9)
    found = city.see(report.get, "2014Q3")
    assert (str(found.first_on), str(found.as_of_on), found.complete) == (
        *("2014-07-01", "2014-09-30"),
        True,
    )
    assert found.working_days == city.calendar.between(date(2014, 6, 30), date(2014, 9, 30))
    assert sums(of(found, "PLAN")) == {
        "accepted": 2,
        "decided": 2,
        "on_time": 2,
        "used_days": 2 + 2,
        "promised_days": 3 + 3,
        "bound": 2,
        "bound_days": 6,
        "statutory_days": 40,
        "suspended_days": 3,
        "on_time_percent": 100.0,
        "average_used_days": 2.0,
        "average_promised_days": 3.0,
        "average_statutory_days": 20.0,
        "reduction_percent": 85.0,
    }
    assert sums(of(found, "HOUS")) == {
        "accepted": 1,
        "decided": 1,
        "used_days": 8,
        "promised_days": 6,
        "average_used_days": 8.0,
        "average_promised_days": 6.0,
    }
    assert (found.city.decided, found.city.on_time, found.city.on_time_percent) == (3, 2, 66.7)
    grades = {each.department: each.grade for each in found.departments}
    assert grades == {"PLAN": "excellent", "HOUS": "poor"}
    assert found.grades == {"excellent": 1, "good": 0, "fair": 0, "poor": 1}


def test_each_quarter_and_the_year_have_their_own(city: City) -> None:
    september(city)
    until(city, 10, 9)
    project = city.start("little")
    city.decide(project, "A-1")
    numbers = {code: city.see(report.get, code).city.decided for code in ("2014Q3", "2014Q4")}
    assert numbers == {"2014Q3": 3, "2014Q4": 1}
    year = city.see(report.get, "2014")
    assert (year.city.decided, year.complete, str(year.as_of_on)) == (4, False, "2014-10-09")
    assert of(year, "PLAN").used_days == 4, "what is decided on the day it is accepted takes none"
    assert city.see(report.get, "2013Q1").city.decided == 0
    for wrong in ("2014-10", "2015Q1", "2014Q5"):
        with pytest.raises(Invalid):
            city.see(report.get, wrong)


def test_a_quarter_that_is_over_stays_as_it_was(city: City) -> None:
    city.deploy(little())
    project = city.start("little")
    until(city, 9, 1)
    city.answer(project, "A-1", "accept", "done", "refuse")
    until(city, 12, 1)
    before = city.see(report.get, "2014Q3")
    assert of(before, "PLAN").accepted == 1
    city.do(items.apply_again, project, "A-1")
    city.answer(project, "A-1", "accept")
    assert city.see(report.get, "2014Q3").departments == before.departments
    assert of(city.see(report.get, "2014Q4"), "PLAN").accepted == 1


def test_there_is_a_report_of_each_quarter_since_the_first_project(city: City) -> None:
    assert [each.period for each in city.see(report.periods)] == ["2014Q3"]
    city.deploy(little())
    city.start("little")
    city.now = city.now.replace(year=2015, month=5)
    found = city.see(report.periods)
    assert [each.period for each in found] == ["2015Q2", "2015Q1", "2014Q4", "2014Q3"]
    assert [each.complete for each in found] == [False, True, True, True]


def test_what_is_judged_by_the_earlier_date(small_city: City) -> None:
    """A promise may end after the statute where their units differ: the earlier one counts."""
    city = small_city
    project = with_item(city)
    rows = [
        case(project, "late", promised_due_on=date(2014, 9, 30), statutory_due_on=date(2014, 9, 9)),
        case(project, "fine", promised_due_on=date(2014, 9, 30), statutory_due_on=None),
    ]
    write(city, t.project_item, rows)
    found = city.see(report.get, "2014Q3")
    assert (of(found, "PLAN").decided, of(found, "PLAN").on_time) == (2, 1)


def test_extensions_and_deemed_opinions_are_told(small_city: City) -> None:
    city = small_city
    project = with_item(city)
    deemed = case(project, "b", deemed_on=date(2014, 9, 10), promised_due_on=date(2014, 9, 9))
    rows = [{**case(project, "a"), "extension_days": 10}, {**deemed, "extension_days": 0}]
    write(city, t.project_item, [{"deemed_on": None, **row} for row in rows])
    figures = of(city.see(report.get, "2014Q3"), "PLAN")
    assert (figures.extended, figures.deemed, figures.decided, figures.on_time) == (1, 1, 2, 1)


def with_item(city: City) -> int:
    """A started project of a procedure whose items nobody touches; returns its id."""
    city.deploy(little())
    project = city.start("little")
    until(city, 9, 30)
    return project


def case(project: int, name: str, **more: Any) -> dict[str, Any]:
    """A decided case: accepted on 1 September, decided on the 10th, due on the 30th."""
    return {
        "project_id": project,
        "item": name,
        "stage": "approval",
        "kind": "approval",
        "department": "PLAN",
        "state": "delivered",
        "promised_days": 3,
        "accepted_on": date(2014, 9, 1),
        "decided_on": date(2014, 9, 10),
        "promised_due_on": date(2014, 9, 30),
        "statutory_due_on": None,
        **more,
    }


def write(city: City, table: Any, rows: list[dict[str, Any]]) -> None:
    """Add rows to a table."""
    with city.work() as work:
        work.db.execute(insert(table), rows)


# -- against a loop --------------------------------------------------------------------------------


def some_cases(chance: Random) -> Iterator[dict[str, Any]]:
    """Cases of three months in two departments; items have names of their own."""
    for number in range(120):
        accepted = date(2014, 6, 20) + timedelta(days=chance.randrange(90))
        decided = accepted + timedelta(days=chance.randrange(25))
        due = accepted + timedelta(days=chance.randrange(25))
        by_law = accepted + timedelta(days=chance.randrange(30)) if chance.random() < 0.5 else None
        yield {
            **case(1 + number % 3, f"{chance.choice(['A-1', 'A-2', 'X'])} {number}"),
            "department": chance.choice(["PLAN", "HOUS"]),
            "promised_days": chance.randrange(1, 12),
            "accepted_on": accepted,
            "decided_on": None if chance.random() < 0.2 else decided,
            "promised_due_on": due,
            "statutory_due_on": by_law,
        }


def some_stops(city: City, cases: list[dict[str, Any]], chance: Random) -> Iterator[dict[str, Any]]:
    """Stops of projects and of cases, overlapping as they like; some go on."""
    for _ in range(30):
        hit = chance.choice(cases)
        from_on = hit["accepted_on"] + timedelta(days=chance.randrange(-5, 20))
        ended = from_on + timedelta(days=chance.randrange(10))
        yield {
            "project_id": hit["project_id"],
            "item": chance.choice(["", hit["item"]]),
            "reason": "hearing",
            "from_on": from_on,
            "until_on": None if chance.random() < 0.2 else ended,
            "started_at": city.now,
            "started_by": "x",
        }


def looped(city: City, cases: list[dict[str, Any]], stops: list[dict[str, Any]]) -> Any:
    """What is to be found, case by case and day by day."""
    found: dict[str, Tally] = {}
    for row in cases:
        decided = row["decided_on"]
        if decided is None or not QUARTER.holds(decided):
            continue
        mine = [
            each
            for each in stops
            if each["project_id"] == row["project_id"] and each["item"] in {"", row["item"]}
        ]
        used = still = 0
        for ordinal in range(row["accepted_on"].toordinal() + 1, decided.toordinal() + 1):
            day = date.fromordinal(ordinal)
            if not city.calendar.is_working_day(day):
                continue
            stopped = any(
                each["from_on"] < day and (each["until_on"] is None or day <= each["until_on"])
                for each in mine
            )
            used, still = used + (not stopped), still + stopped
        due = min(each for each in (row["promised_due_on"], row["statutory_due_on"]) if each)
        one = Tally(
            decided=1,
            on_time=int(decided <= due),
            used_days=used,
            promised_days=row["promised_days"],
            suspended_days=still,
        )
        found[row["department"]] = found.get(row["department"], Tally()) + one
    return found


@pytest.mark.parametrize("seed", range(4))
def test_sums_are_those_of_a_loop_over_every_case(city: City, seed: int) -> None:
    city.deploy(little())
    for _ in range(3):
        city.start("little")
    chance = Random(seed)
    cases = list(some_cases(chance))
    stops = list(some_stops(city, cases, chance))
    write(city, t.project_item, cases)
    write(city, t.suspension, stops)

    def asked(work: Work) -> dict[str, Tally]:
        days = figures.by_day(work, date(2014, 1, 1), date(2014, 12, 31))
        return figures.tallies(work, QUARTER, days, {})

    assert city.see(asked) == looped(city, cases, stops)


# -- the board -------------------------------------------------------------------------------------


def show(city: City, code: str = "") -> Board:
    """The board of a period."""
    return city.see(board.show, code)


def test_the_gravest_department_comes_first_and_numbers_are_those_of_the_cases(
    city: City,
) -> None:
    september(city)
    until(city, 9, 24)
    third = city.start("little")
    city.answer(third, "A-2", "accept")
    city.answer(third, "A-1", "accept")
    until(city, 9, 30)
    seen = show(city)
    assert (seen.period, seen.in_hand, seen.overdue) == ("2014Q3", 5, 4)
    assert [each.department for each in seen.departments] == ["HOUS", "PLAN"]
    for line in seen.departments:
        for light, number in line.lights.items():
            found = city.see(in_hand.find, line.department, light)
            assert len(found.items) == number
            assert {each.light for each in found.items} == {light}
        assert len(city.see(in_hand.find, line.department).items) == line.in_hand
    assert len(city.see(in_hand.find, None, "overdue").items) == seen.overdue


def test_what_is_past_the_statute_is_told_apart_and_what_stands_still_is_not_late(
    city: City,
) -> None:
    september(city)
    third = city.start("little")
    city.answer(third, "A-1", "accept")
    until(city, 11, 3)
    seen = show(city)
    [late] = city.see(in_hand.find, None, "past_statute", limit=1).items
    assert late.statutory_due_on is not None
    assert late.statutory_due_on < city.today
    assert len(city.see(in_hand.find, None, "past_statute").items) == seen.past_statute
    for project in (1, 2, third):
        city.do(projects.suspend, project)
    still = show(city)
    assert (still.overdue, still.past_statute) == (0, 0)
    assert {light for line in still.departments for light in line.lights} == {Light.PAUSED}


def test_months_are_rated_and_a_period_is_compared_with_the_one_before(city: City) -> None:
    september(city)
    until(city, 10, 9)
    project = city.start("little")
    city.decide(project, "A-1")
    seen = show(city)
    assert (seen.city.on_time_percent, seen.change) == (100.0, 33.3)
    assert len(seen.months) == 12
    by_month = {str(each.month_on): each for each in seen.months if each.decided}
    assert {on: each.percent for on, each in by_month.items()} == {
        "2014-09-01": 66.7,
        "2014-10-01": 100.0,
    }
    assert by_month["2014-09-01"].departments == {"PLAN": 100.0, "HOUS": 0.0}
    past = show(city, "2014-09")
    assert (past.city.decided, past.change, past.months[-1].month_on) == (3, None, date(2014, 9, 1))
    with pytest.raises(Invalid):
        show(city, "2014-11")


def test_a_board_of_nothing(city: City) -> None:
    seen = show(city)
    assert (seen.in_hand, seen.departments, seen.city.on_time_percent) == (0, [], None)
    city.deploy(little())
    seen = show(city)
    assert [each.department for each in seen.departments] == ["PLAN", "HOUS"]
    assert seen.city.reduction_percent is None


def test_lists_of_cases_come_in_parts(city: City) -> None:
    city.deploy(little())
    for _ in range(4):
        city.start("little")
        city.wait_working()
    whole = city.see(in_hand.find, limit=50).items
    assert len(whole) == 8
    found, cursor = [], None
    while True:
        part = city.see(in_hand.find, cursor=cursor, limit=3)
        found += part.items
        cursor = part.next
        if cursor is None:
            break
    assert found == whole
    assert all(each.task for each in found)
    with pytest.raises(Invalid):
        city.see(in_hand.find, None, "blue")


def test_it_takes_few_statements(city: City) -> None:
    september(city)
    show(city)
    for verb, args, most in ((board.show, (), 9), (report.get, ("2014Q3",), 8)):
        with counted(city.engine) as found:
            city.see(verb, *args)
        assert len([each for each in found if not each.startswith("BEGIN")]) <= most


# -- cards -----------------------------------------------------------------------------------------


def a_card(project: int, colour: str = "yellow", **more: Any) -> dict[str, Any]:
    """A card of PLAN, of September."""
    return {
        "project_id": project,
        "item": "A-1",
        "department": "PLAN",
        "rule": "illegal_fees",
        "colour": colour,
        "issued_on": date(2014, 9, 20),
        "issued_by": "supervisor",
        "quarter": "2014Q3",
        "state": "issued",
        **more,
    }


def test_cards_count_for_their_period_and_withdrawn_ones_do_not(city: City) -> None:
    september(city)
    until(city, 10, 9)
    rows = [
        a_card(1),
        a_card(1, "red", issued_on=date(2014, 8, 1)),
        a_card(1, state="withdrawn"),
        a_card(2, quarter="2014Q4", issued_on=date(2014, 10, 8)),
    ]
    write(city, t.card, [{"issued_at": city.now, **row} for row in rows])
    found = city.see(report.get, "2014Q3")
    plan = next(each for each in found.departments if each.department == "PLAN")
    assert (plan.figures.yellow, plan.figures.red, plan.rung, plan.grade) == (
        1,
        1,
        "yellow",
        "fair",
    )
    year = city.see(report.get, "2014")
    assert (year.city.yellow, year.city.red) == (2, 1)
    assert {each.department: each.rung for each in year.departments}["PLAN"] == "yellow"
    month = show(city, "2014-09")
    assert (month.city.yellow, month.city.red, month.awaiting_reply) == (1, 0, 1)
    assert [each.colour for each in month.cards] == ["yellow", "yellow"]
    assert {each.rung: each.departments for each in month.ladder}[Rung.YELLOW] == ["PLAN"]


def test_of_one_tasks_lateness_only_the_gravest_counts(city: City) -> None:
    september(city)
    rows = [
        a_card(1, "yellow", task_id="one", rule="overdue"),
        a_card(1, "red", task_id="one", rule="long_overdue"),
    ]
    write(city, t.card, [{"issued_at": city.now, **row} for row in rows])
    found = city.see(report.get, "2014Q3").city
    assert (found.yellow, found.red) == (0, 1)
