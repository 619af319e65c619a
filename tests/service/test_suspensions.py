"""Clocks of items stopped for what the law lists: every stop is kept, and every date follows."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from engine.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from engine.rules.suspension import Overlap
from engine.scheduler import sweep
from engine.service import items, projects, tasks
from engine.service.clock import records, suspensions
from engine.service.clock.suspensions import Stopping
from engine.service.tasks import ItemStands
from engine.store import tables as t
from tests.service.city import City
from tests.service.clocks import HEARING, accepted, due, events, people, row, unmoved
from tests.service.drawn import approval, call, chain, diagram, files, node

#: the decision of B-1 waits for A-1
SOFT = diagram(
    "planning",
    *(node("parallelGateway", each) for each in ("fork", "join")),
    call("A-1"),
    call("B-1", decision_waits_for="A-1"),
    node("endEvent", "end"),
    chain("START", "fork", "A-1", "join", "end"),
    chain("fork", "B-1", "join"),
)


def test_the_days_it_stood_still_are_added_to_both_dates(city: City) -> None:
    project, who = accepted(city), people(city)
    began_on, before = city.today, due(city, project, "A-1")
    city.wait_working(2)
    stop = city.do(suspensions.suspend, project, "A-1", HEARING, by=who.reviewer)
    assert due(city, project, "A-1") == before, "dates move when it goes on"
    assert row(city, project, "A-1")["stopped_on"] == city.today
    city.wait_working(6)
    city.do(suspensions.resume, project, "A-1", by=who.reviewer)
    after = tuple(city.calendar.add(began_on, days + 6) for days in (8, 20))
    assert due(city, project, "A-1") == after
    assert row(city, project, "A-1")["stopped_on"] is None
    assert row(city, project, "A-1")["waited_days"] == 6
    assert unmoved(city)
    [seen] = city.see(records.suspensions, project)
    assert (seen.id, seen.reason, seen.reason_name.zh, seen.days) == (stop, "hearing", "听证", 6)
    assert (seen.started_by_name, seen.ended_by_name) == ("赵敏", "赵敏")
    assert (seen.notice, seen.expected_on) == (
        HEARING.notice,
        city.calendar.add(seen.from_on, 10),
    )


def test_the_history_tells_what_the_applicant_was_told(city: City) -> None:
    project = accepted(city)
    city.do(suspensions.suspend, project, "A-1", HEARING)
    city.wait_working(3)
    city.do(suspensions.resume, project, "A-1", note="听证已毕")
    promised, statutory = due(city, project, "A-1")
    [stopped] = events(city, project, "item.suspended")
    assert (stopped["reason"], stopped["notice"], stopped["expected_days"]) == (
        *("hearing", HEARING.notice),
        10,
    )
    [resumed] = events(city, project, "item.resumed")
    assert resumed["promised_due_on"] == str(promised)
    assert resumed["statutory_due_on"] == str(statutory)
    assert (resumed["stop"], resumed["note"]) == (stopped["stop"], "听证已毕")
    [moved] = events(city, project, "deadline.moved")
    assert (moved["cause"], moved["reason"]) == ("resumed", "hearing")
    assert moved["was"]["promised_due_on"] == stopped["promised_due_on"]
    assert moved["now"]["promised_due_on"] == str(promised)


def test_a_stopped_task_is_due_at_no_date_and_cannot_be_answered(city: City) -> None:
    project = accepted(city)
    city.do(suspensions.suspend, project, "A-1", HEARING)
    city.wait_working(30)
    assert not city.task(project, "A-1").overdue
    assert sweep(city.engine, city.now, city.settings)["overdue"] == 1, "another item"
    task = city.task(project, "A-1")
    assert not task.overdue
    with pytest.raises(ItemStands):
        city.do(tasks.complete, task.id, "done")
    city.do(suspensions.resume, project, "A-1")
    city.do(tasks.complete, city.task(project, "A-1").id, "done")


def test_a_case_may_stand_still_several_times(city: City) -> None:
    project = accepted(city)
    began_on = city.today
    for reason, days in (("hearing", 3), ("expert_review", 4), ("testing", 1)):
        city.wait_working(1)
        city.do(suspensions.suspend, project, "A-1", replace(HEARING, reason=reason))
        city.wait_working(days)
        city.do(suspensions.resume, project, "A-1")
    assert due(city, project, "A-1")[0] == city.calendar.add(began_on, 8 + 3 + 4 + 1)
    assert [each.reason for each in city.see(records.suspensions, project, "A-1")] == [
        *("hearing", "expert_review", "testing")
    ]
    assert city.see(records.suspensions, project, "J-1") == []
    assert unmoved(city)


def test_a_stop_on_the_day_another_ended_loses_no_day_twice(city: City) -> None:
    project = accepted(city)
    began_on = city.today
    city.wait_working(1)
    city.do(suspensions.suspend, project, "A-1", HEARING)
    city.wait_working(2)
    city.do(suspensions.resume, project, "A-1")
    city.do(suspensions.suspend, project, "A-1", HEARING)
    city.wait_working(2)
    city.do(suspensions.resume, project, "A-1")
    assert due(city, project, "A-1")[0] == city.calendar.add(began_on, 8 + 4)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        (replace(HEARING, reason="lunch"), "reason"),
        (replace(HEARING, reason="project"), "reason"),
        (replace(HEARING, reason="gap"), "reason"),
        (replace(HEARING, notice=" "), "notice"),
        (replace(HEARING, expected_days=0), "expected_days"),
    ],
)
def test_what_is_not_listed_or_not_told_is_refused(
    small_city: City, given: Stopping, field: str
) -> None:
    project = accepted(small_city)
    with pytest.raises(Invalid) as refused:
        small_city.do(suspensions.suspend, project, "A-1", given)
    assert refused.value.detail["field"] == field
    assert small_city.rows(t.suspension) == []


def test_what_cannot_stand_still_is_refused(small_city: City) -> None:
    city = small_city
    project = accepted(city, ["A-1"])
    with pytest.raises(Conflict):
        city.do(suspensions.suspend, project, "C-1", HEARING)  # not accepted: no clock yet
    with pytest.raises(NotFound):
        city.do(suspensions.suspend, project, "X-9", HEARING)
    with pytest.raises(Conflict):
        city.do(suspensions.resume, project, "A-1")  # it does not stand still
    city.do(suspensions.suspend, project, "A-1", HEARING)
    with pytest.raises(Overlap):
        city.do(suspensions.suspend, project, "A-1", HEARING)
    city.do(suspensions.resume, project, "A-1")
    city.answer(project, "A-1", "done", "approve")
    with pytest.raises(Conflict):
        city.do(suspensions.suspend, project, "A-1", HEARING)  # decided


def test_it_ends_on_no_day_before_it_began_and_not_after_today(small_city: City) -> None:
    city = small_city
    project = accepted(city)
    city.wait_working(3)
    city.do(suspensions.suspend, project, "A-1", HEARING)
    city.wait_working(2)
    for until_on in (city.today - timedelta(days=10), city.today + timedelta(days=1)):
        with pytest.raises(Invalid):
            city.do(suspensions.resume, project, "A-1", until_on)
    assert row(city, project, "A-1")["stopped_on"] is not None


def test_who_handles_the_item_may_and_a_coordinator(city: City) -> None:
    project, who = accepted(city), people(city)
    for other in (who.stranger, who.government):
        with pytest.raises(Forbidden):
            city.do(suspensions.suspend, project, "A-1", HEARING, by=other)
    for actor in (who.reviewer, who.head, who.coordinator):
        city.do(suspensions.suspend, project, "A-1", HEARING, by=actor)
        for other in (who.stranger, who.government):
            with pytest.raises(Forbidden):
                city.do(suspensions.resume, project, "A-1", by=other)
        city.do(suspensions.resume, project, "A-1", by=actor)
    earlier = replace(HEARING, from_on=city.today)
    city.wait_working(2)
    with pytest.raises(Forbidden):
        city.do(suspensions.suspend, project, "A-1", earlier, by=who.reviewer)
    city.do(suspensions.suspend, project, "A-1", earlier, by=who.coordinator)
    with pytest.raises(Forbidden):
        city.do(suspensions.resume, project, "A-1", earlier.from_on, by=who.reviewer)
    city.do(suspensions.resume, project, "A-1", earlier.from_on, by=who.coordinator)
    assert unmoved(city)


def test_a_stale_version_is_refused(small_city: City) -> None:
    city = small_city
    project = accepted(city)
    version = city.project(project).version
    city.do(suspensions.suspend, project, "A-1", HEARING, version)
    with pytest.raises(Stale):
        city.do(suspensions.resume, project, "A-1", version=version)


# -- entered afterwards ------------------------------------------------------------------------


def test_a_stop_may_be_entered_when_it_is_over(city: City) -> None:
    project, who = accepted(city), people(city)
    began_on = city.today
    city.wait_working(2)
    from_on = city.today
    city.wait_working(3)
    until_on = city.today
    city.wait_working(5)
    assert sweep(city.engine, city.now, city.settings)["overdue"] >= 1
    assert city.task(project, "A-1").overdue
    given = replace(HEARING, from_on=from_on)
    with pytest.raises(Forbidden):
        city.do(suspensions.enter, project, "A-1", given, until_on, by=who.reviewer)
    city.do(suspensions.enter, project, "A-1", given, until_on, by=who.coordinator)
    assert due(city, project, "A-1")[0] == city.calendar.add(began_on, 8 + 3)
    assert not city.task(project, "A-1").overdue, "it is not late any more"
    assert row(city, project, "A-1")["stopped_on"] is None
    assert row(city, project, "A-1")["waited_days"] == 3
    [entered] = events(city, project, "item.stop_entered")
    assert (entered["from_on"], entered["until_on"]) == (str(from_on), str(until_on))
    assert unmoved(city)


def test_what_is_entered_lies_apart_and_within_the_clock(small_city: City) -> None:
    city = small_city
    project = accepted(city)
    accepted_on = city.today
    city.wait_working(4)
    city.do(suspensions.suspend, project, "A-1", HEARING)
    stopped_on = city.today
    city.wait_working(2)
    city.do(suspensions.resume, project, "A-1")
    one = timedelta(days=1)

    def enter(from_on: object, until_on: object) -> None:
        given = replace(HEARING, from_on=from_on)  # type: ignore[arg-type]
        city.do(suspensions.enter, project, "A-1", given, until_on)

    with pytest.raises(Overlap):
        enter(stopped_on - one, stopped_on + one)
    with pytest.raises(Overlap):
        enter(stopped_on, city.today)
    with pytest.raises(Invalid):
        enter(accepted_on - one, accepted_on + one)
    with pytest.raises(Invalid):
        enter(stopped_on - one, stopped_on - 2 * one)
    with pytest.raises(Invalid):
        enter(city.today, city.today + one)
    enter(accepted_on, stopped_on)
    assert len(city.see(records.suspensions, project)) == 2
    assert unmoved(city)


def test_a_task_that_opens_meanwhile_stands_still_as_well(city: City) -> None:
    """The review is done and the decision waits for another item; that comes while it stands."""
    city.deploy(files("soft", {"planning": SOFT}, {"A-1": approval(8), "B-1": approval(8)}))
    project = city.start("soft")
    city.answer(project, "B-1", "accept", "done")
    city.do(suspensions.suspend, project, "B-1", HEARING)
    city.decide(project, "A-1")
    decide = city.task(project, "B-1")
    assert decide.element == "decide"
    with pytest.raises(ItemStands):
        city.do(tasks.complete, decide.id, "approve")
    city.wait_working(30)
    sweep(city.engine, city.now, city.settings)
    assert not city.task(project, "B-1").overdue
    assert unmoved(city)
    city.do(suspensions.resume, project, "B-1")
    assert city.task(project, "B-1").promised_due_on == city.item(project, "B-1").promised_due_on
    city.do(tasks.complete, decide.id, "approve")


# -- whole projects, and ends ------------------------------------------------------------------


def test_days_the_project_stood_still_too_count_once(city: City) -> None:
    project = accepted(city)
    began_on = city.today
    city.wait_working(1)
    city.do(suspensions.suspend, project, "A-1", HEARING)
    city.wait_working(2)
    city.do(projects.suspend, project, reason="资金")
    city.wait_working(3)
    city.do(projects.resume, project)
    assert row(city, project, "A-1")["stopped_on"] is not None, "it stands still for its own cause"
    city.wait_working(2)
    city.do(suspensions.resume, project, "A-1")
    assert due(city, project, "A-1")[0] == city.calendar.add(began_on, 8 + 7)
    assert due(city, project, "J-1")[0] == city.calendar.add(began_on, 30 + 3)
    assert row(city, project, "A-1")["waited_days"] == 7
    assert row(city, project, "J-1")["waited_days"] == 3
    assert [each.item for each in city.see(records.suspensions, project)] == ["A-1", ""]
    assert unmoved(city)


def test_nothing_is_stopped_in_a_project_that_stands_still(small_city: City) -> None:
    city = small_city
    project = accepted(city)
    city.do(suspensions.suspend, project, "A-1", HEARING)
    city.do(projects.suspend, project)
    with pytest.raises(Conflict):
        city.do(suspensions.suspend, project, "J-1", HEARING)
    with pytest.raises(Conflict):
        city.do(suspensions.resume, project, "A-1")


def test_withdrawal_ends_the_stop(city: City) -> None:
    project = accepted(city)
    city.do(suspensions.suspend, project, "A-1", HEARING)
    city.wait_working(2)
    city.do(items.withdraw, project, "A-1")
    [stop] = city.see(records.suspensions, project)
    assert stop.until_on == city.today
    assert row(city, project, "A-1")["stopped_on"] is None
    city.do(items.apply_again, project, "A-1")
    city.answer(project, "A-1", "accept")
    assert due(city, project, "A-1")[0] == city.calendar.add(city.today, 8), "a clock of its own"
    city.do(suspensions.suspend, project, "A-1", HEARING)
    assert [each.attempt for each in city.see(records.suspensions, project)] == [1, 2]
    assert unmoved(city)


def test_the_end_of_a_project_ends_its_stops(city: City) -> None:
    project = accepted(city)
    city.do(suspensions.suspend, project, "A-1", HEARING)
    city.wait_working(1)
    city.do(projects.suspend, project)
    city.wait_working(1)
    city.do(projects.close, project, reason="不建了")
    assert {each.until_on for each in city.see(records.suspensions, project)} == {city.today}


# -- longer than was told ----------------------------------------------------------------------


def test_a_stop_longer_than_was_told_is_noted_once(city: City) -> None:
    project = accepted(city)
    city.do(suspensions.suspend, project, "A-1", replace(HEARING, expected_days=3))

    def noted() -> int:
        return sweep(city.engine, city.now, city.settings)["overran"]

    city.wait_working(3)
    assert noted() == 0, "the last day it was told to take"
    city.wait_working(1)
    assert noted() == 1
    assert noted() == 0
    [event] = events(city, project, "item.stop_overran")
    assert (event["reason"], event["expected_days"]) == ("hearing", 3)
    [stop] = city.see(records.suspensions, project)
    assert stop.overran
    city.do(suspensions.resume, project, "A-1")
    city.wait_working(30)
    assert noted() == 0


def test_a_stop_that_ended_in_time_is_not_noted(city: City) -> None:
    project = accepted(city)
    city.do(suspensions.suspend, project, "A-1", replace(HEARING, expected_days=3))
    city.do(suspensions.resume, project, "A-1")
    city.wait_working(9)
    assert sweep(city.engine, city.now, city.settings)["overran"] == 0
