"""Extensions: asked for in time, approved by whom the law names, once; both dates move."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from engine.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from engine.rules.extension import AlreadyExtended, NotExtendable, TooLate
from engine.service import items, projects, reminders
from engine.service.clock import extensions, records, suspensions
from engine.service.clock.records import Extension
from engine.store import tables as t
from tests.service.city import City
from tests.service.clocks import ASKING, HEARING, accepted, due, events, people, row, unmoved


def the_one(city: City, project: int) -> Extension:
    [found] = city.see(records.extensions, project)
    return found


def later(city: City, on: date, *days: int) -> tuple[date, ...]:
    """The dates so many working days after one."""
    return tuple(city.calendar.add(on, each) for each in days)


def test_approval_makes_both_dates_later(city: City) -> None:
    project, who = accepted(city), people(city)
    began_on, before = city.today, due(city, project, "A-1")
    key = city.do(extensions.request, project, "A-1", ASKING, by=who.reviewer)
    asked = the_one(city, project)
    assert (asked.id, asked.state, asked.open, asked.approver) == (key, "requested", True, "PLAN")
    assert asked.source == "行政许可法 art. 42 para. 1"
    assert due(city, project, "A-1") == before
    city.wait_working(2)
    city.do(extensions.approve, key, "同意", by=who.head)
    assert due(city, project, "A-1") == tuple(
        city.calendar.add(began_on, days + 5) for days in (8, 20)
    )
    assert row(city, project, "A-1")["extension_days"] == 5
    granted = the_one(city, project)
    assert (granted.state, granted.open, granted.decided_note) == ("approved", False, "同意")
    assert (granted.requested_by_name, granted.decided_by_name) == ("赵敏", "周局长")
    assert unmoved(city)


def test_the_history_tells_what_the_applicant_was_told(city: City) -> None:
    project, who = accepted(city), people(city)
    city.do(extensions.request, project, "A-1", ASKING, by=who.reviewer)
    city.do(extensions.approve, the_one(city, project).id, by=who.head)
    promised, statutory = due(city, project, "A-1")
    [requested] = events(city, project, "item.extension_requested")
    assert (requested["days"], requested["reason"]) == (5, ASKING.reason)
    [approved] = events(city, project, "item.extension_approved")
    assert (approved["notice"], approved["source"]) == (ASKING.notice, "行政许可法 art. 42 para. 1")
    assert (approved["promised_due_on"], approved["statutory_due_on"]) == (
        *(str(promised),),
        str(statutory),
    )
    [moved] = events(city, project, "deadline.moved")
    assert (moved["cause"], moved["reason"]) == ("extended", ASKING.reason)
    assert moved["now"]["promised_due_on"] == str(promised)


def test_a_head_who_asks_approves_at_once(city: City) -> None:
    project, who = accepted(city), people(city)
    city.do(extensions.request, project, "A-1", ASKING, by=who.head)
    found = the_one(city, project)
    assert (found.state, found.requested_by, found.decided_by) == (
        *("approved", who.head.name),
        who.head.name,
    )
    assert row(city, project, "A-1")["extension_days"] == 5


def test_what_is_handled_together_is_the_governments(city: City) -> None:
    project, who = accepted(city), people(city)
    asking = replace(ASKING, days=15)
    with pytest.raises(Invalid):
        city.do(extensions.request, project, "A-1", asking, by=who.reviewer)
    city.do(extensions.request, project, "J-1", asking, by=who.head)
    found = the_one(city, project)
    assert (found.state, found.approver) == ("requested", ""), "its own head only asks"
    with pytest.raises(Forbidden):
        city.do(extensions.approve, found.id, by=who.head)
    began_on = city.today
    city.do(extensions.approve, found.id, by=who.government)
    assert due(city, project, "J-1") == tuple(
        city.calendar.add(began_on, days + 15) for days in (30, 45)
    )


def test_nobody_else_decides(city: City) -> None:
    project, who = accepted(city), people(city)
    for other in (who.stranger, who.government):
        with pytest.raises(Forbidden):
            city.do(extensions.request, project, "A-1", ASKING, by=other)
    key = city.do(extensions.request, project, "A-1", ASKING, by=who.coordinator)
    for actor in (who.reviewer, who.coordinator, who.stranger, who.government):
        for verb in (extensions.approve, extensions.decline):
            with pytest.raises(Forbidden):
                city.do(verb, key, "nein", by=actor)
    assert the_one(city, project).state == "requested"


def test_it_is_once_an_application_but_what_was_declined_may_be_asked_again(city: City) -> None:
    project, who = accepted(city), people(city)
    first = city.do(extensions.request, project, "A-1", ASKING, by=who.reviewer)
    with pytest.raises(AlreadyExtended):
        city.do(extensions.request, project, "A-1", ASKING, by=who.reviewer)
    with pytest.raises(Invalid):
        city.do(extensions.decline, first, " ", by=who.head)
    city.do(extensions.decline, first, "理由不足", by=who.head)
    with pytest.raises(Conflict):
        city.do(extensions.approve, first, by=who.head)
    second = city.do(extensions.request, project, "A-1", ASKING, by=who.reviewer)
    city.do(extensions.approve, second, by=who.head)
    with pytest.raises(AlreadyExtended):
        city.do(extensions.request, project, "A-1", ASKING, by=who.reviewer)
    assert [each.state for each in city.see(records.extensions, project, "A-1")] == [
        *("declined", "approved")
    ]
    [declined] = events(city, project, "item.extension_declined")
    assert declined["note"] == "理由不足"
    city.do(items.withdraw, project, "A-1")
    city.do(items.apply_again, project, "A-1")
    city.answer(project, "A-1", "accept")
    assert row(city, project, "A-1")["extension_days"] == 0
    city.do(extensions.request, project, "A-1", ASKING, by=who.reviewer)


def test_it_is_asked_for_while_the_time_runs(city: City) -> None:
    project, who = accepted(city), people(city)
    city.wait_working(8)
    key = city.do(extensions.request, project, "A-1", ASKING, by=who.reviewer)
    city.do(extensions.decline, key, "不同意", by=who.head)
    city.wait(1)
    with pytest.raises(TooLate):
        city.do(extensions.request, project, "A-1", ASKING, by=who.reviewer)


def test_it_is_approved_while_the_law_gives_time(city: City) -> None:
    project, who = accepted(city), people(city)
    key = city.do(extensions.request, project, "A-1", ASKING, by=who.reviewer)
    city.wait_working(10)
    city.do(extensions.approve, key, by=who.head)
    other = city.do(extensions.request, project, "J-1", ASKING, by=who.reviewer)
    city.wait_working(45)
    with pytest.raises(TooLate):
        city.do(extensions.approve, other, by=who.government)


def test_a_clock_that_stands_still_can_be_extended(city: City) -> None:
    project, who = accepted(city), people(city)
    began_on = city.today
    city.do(suspensions.suspend, project, "A-1", HEARING)
    city.wait_working(40)
    city.do(extensions.request, project, "A-1", ASKING, by=who.head)
    city.do(suspensions.resume, project, "A-1")
    assert due(city, project, "A-1")[0] == city.calendar.add(began_on, 8 + 5 + 40)
    assert unmoved(city)


def test_what_cannot_be_extended_is_refused(small_city: City) -> None:
    city = small_city
    project = accepted(city, ["A-1", "C-1"])
    with pytest.raises(NotExtendable):
        city.do(extensions.request, project, "C-1", ASKING)
    with pytest.raises(Conflict):
        city.do(extensions.request, project, "J-1", ASKING)  # not accepted: no time yet
    with pytest.raises(NotFound):
        city.do(extensions.request, project, "X-9", ASKING)
    with pytest.raises(NotFound):
        city.do(extensions.approve, 99)
    for asking in (replace(ASKING, days=0), replace(ASKING, reason=""), replace(ASKING, notice="")):
        with pytest.raises(Invalid):
            city.do(extensions.request, project, "A-1", asking)
    city.do(projects.suspend, project)
    with pytest.raises(Conflict):
        city.do(extensions.request, project, "A-1", ASKING)
    assert city.rows(t.extension) == []


def test_a_request_ends_with_its_application(small_city: City) -> None:
    city = small_city
    project, who = accepted(city), people(city)
    key = city.do(extensions.request, project, "A-1", ASKING, by=who.reviewer)
    assert city.see(reminders.own, by=who.head).extensions == 1
    assert city.see(reminders.own, by=who.government).extensions == 0
    assert city.see(reminders.own, by=who.reviewer).extensions == 0
    city.do(items.withdraw, project, "A-1")
    assert city.see(reminders.own, by=who.head).extensions == 0
    assert city.see(records.find, "requested").items == []
    assert not the_one(city, project).open
    with pytest.raises(Conflict):
        city.do(extensions.approve, key, by=who.head)


def test_lists_are_in_parts_and_of_who_may_see(small_city: City) -> None:
    city = small_city
    who, maker = people(city), city.user("maker", ("applicant", ""))
    others = accepted(city)
    city.do(extensions.request, others, "A-1", ASKING, by=who.reviewer)
    own = city.start("clocks", by=maker)
    city.answer(own, "A-1", "accept")
    city.do(extensions.request, own, "A-1", ASKING, by=who.reviewer)
    first = city.see(records.find, limit=1)
    second = city.see(records.find, cursor=first.next, limit=1)
    assert [each.project for each in (*first.items, *second.items)] == [own, others]
    assert second.next is None
    assert [each.project for each in city.see(records.find, by=maker).items] == [own]
    assert city.see(records.counts, by=maker)["requested"] == 1
    assert city.see(records.counts) == {"requested": 2, "approved": 0, "declined": 0, "": 2}
    assert [each.may_approve for each in city.see(records.find, by=who.head).items] == [True, True]
    assert not city.see(records.find, by=who.reviewer).items[0].may_approve


def test_a_stale_version_is_refused(small_city: City) -> None:
    city = small_city
    project = accepted(city)
    version = city.project(project).version
    key = city.do(extensions.request, project, "A-1", ASKING, version, by=people(city).reviewer)
    with pytest.raises(Stale):
        city.do(extensions.approve, key, version=version)
    city.do(extensions.approve, key, version=version + 1)
