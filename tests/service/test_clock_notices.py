"""Notices of what became of a clock: as it was told then, whatever moved since."""

from __future__ import annotations

from datetime import date

from engine.service import notices
from engine.service.clock import extensions, records, suspensions
from engine.service.notices import Notice
from tests.service.city import City
from tests.service.clocks import ASKING, HEARING, accepted, due, people


def told(city: City, project: int, kind: str) -> Notice:
    [found] = [each for each in city.see(notices.find, project, "A-1") if each.kind == kind]
    assert city.see(notices.get, found.id) == found
    return found


def test_a_stop_is_told_with_its_reason_and_the_time_it_takes(city: City) -> None:
    project, who = accepted(city), people(city)
    city.do(suspensions.suspend, project, "A-1", HEARING, by=who.reviewer)
    [stop] = city.see(records.suspensions, project)
    found = told(city, project, "stopped")
    assert (found.title.zh, found.law) == ("特别程序告知书", "行政许可法第四十五条")
    assert (found.issued_on, found.person_name, found.reason) == (city.today, "赵敏", "听证")
    clock = found.clock
    assert clock is not None
    assert (clock.reason.zh, clock.source) == ("听证", "行政许可法 art. 45")
    assert (clock.reference, clock.expected_days) == (HEARING.notice, 10)
    assert (clock.expected_on, clock.from_on) == (stop.expected_on, stop.from_on)
    assert clock.until_on is None


def test_when_it_goes_on_the_new_dates_are_told(city: City) -> None:
    project = accepted(city)
    city.do(suspensions.suspend, project, "A-1", HEARING)
    city.wait_working(4)
    city.do(suspensions.resume, project, "A-1")
    then = due(city, project, "A-1")
    found = told(city, project, "resumed")
    assert (found.promised_due_on, found.statutory_due_on) == then
    city.do(suspensions.suspend, project, "J-1", HEARING)
    city.do(extensions.request, project, "A-1", ASKING)
    assert due(city, project, "A-1") != then
    again = told(city, project, "resumed")
    assert (again.promised_due_on, again.statutory_due_on) == then, "as it was told"


def test_an_extension_is_told_with_its_reason_and_who_approved(city: City) -> None:
    project, who = accepted(city), people(city)
    key = city.do(extensions.request, project, "A-1", ASKING, by=who.reviewer)
    assert [each.kind for each in city.see(notices.find, project, "A-1")] == ["accepted"]
    city.do(extensions.approve, key, by=who.head)
    found = told(city, project, "extended")
    assert (found.title.zh, found.reason) == ("延长审批期限告知书", ASKING.reason)
    assert (found.promised_due_on, found.statutory_due_on) == due(city, project, "A-1")
    clock = found.clock
    assert clock is not None
    assert (clock.extension_days, clock.unit, clock.approver) == (5, "working", "PLAN")
    assert (clock.reference, clock.source) == (ASKING.notice, "行政许可法 art. 42 para. 1")


def test_the_acceptance_stays_as_it_was_told(city: City) -> None:
    project = accepted(city)
    before = due(city, project, "A-1")
    city.do(extensions.request, project, "A-1", ASKING)
    found = told(city, project, "accepted")
    assert (found.promised_due_on, found.statutory_due_on) == before
    assert isinstance(found.accepted_on, date)
    assert found.clock is None
