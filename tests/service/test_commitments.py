"""Decisions on a commitment: at once, checked afterwards, put right or revoked."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from engine.errors import Conflict, Forbidden, Invalid, Stale
from engine.rules.credit import OnRecord
from engine.service import items, projects, tasks
from engine.service.receiving import commitments, credit
from engine.service.receiving.commitments import Checking, CommitmentView
from engine.store import tables as t
from tests.service.city import City
from tests.service.trust import events, started

SAID = {"conditions": "合同已经双方签字，备案材料真实。", "committed_by": "王建国"}


def at_commitment(city: City) -> int:
    """A project that has come to C-1."""
    project = started(city)
    city.decide(project, "G-1")
    return project


def decided(city: City) -> int:
    """The same, decided on the commitment."""
    project = at_commitment(city)
    city.answer(project, "C-1", "accept_on_commitment", data=SAID)
    city.answer(project, "C-1", "approve")
    return project


def only(city: City, state: str = "all") -> CommitmentView:
    [found] = city.see(commitments.find, state=state).items
    return found


def check(
    city: City, result: str, findings: str = "", days: int = 0, **more: Any
) -> CommitmentView:
    by = city.today + timedelta(days=days) if days else None
    given = Checking(result, findings, by)
    return city.do(commitments.check_kept, only(city).id, given, **more)


def test_the_decision_is_at_once_and_the_check_follows(city: City) -> None:
    project = at_commitment(city)
    city.answer(project, "C-1", "accept_on_commitment", data=SAID)
    assert city.task(project, "C-1").element == "decide", "no review"
    assert only(city).state == "accepted"
    assert city.see(commitments.find, state="to_check").items == []
    city.wait_working(1)
    city.answer(project, "C-1", "approve")
    found = only(city, "to_check")
    assert (found.state, found.conditions) == ("open", SAID["conditions"])
    assert found.check_due_on == found.due_on == city.calendar.add(city.today, 20)
    assert found.department == "HOUS"
    answer = events(city, project, "task.completed")[-2]
    assert answer.data["data"] == SAID


@pytest.mark.parametrize("missing", sorted(SAID))
def test_conditions_and_who_signed_are_needed(small_city: City, missing: str) -> None:
    project = at_commitment(small_city)
    with pytest.raises(Invalid) as caught:
        small_city.answer(project, "C-1", "accept_on_commitment", data={**SAID, missing: " "})
    assert caught.value.detail["field"] == missing
    assert small_city.rows(t.commitment) == []


def test_only_items_with_a_check_offer_it(small_city: City) -> None:
    project = at_commitment(small_city)
    assert "accept_on_commitment" in small_city.task(project, "C-1").outcomes
    assert "accept_on_commitment" not in small_city.task(project, "S-1").outcomes


def test_a_refused_decision_voids_it(city: City) -> None:
    project = at_commitment(city)
    city.answer(project, "C-1", "accept_on_commitment", data=SAID)
    city.answer(project, "C-1", "refuse")
    assert only(city).state == "void"
    city.do(items.apply_again, project, "C-1")
    city.answer(project, "C-1", "accept_on_commitment", data=SAID)
    city.do(items.withdraw, project, "C-1")
    assert [each.state for each in city.see(commitments.find, state="all").items] == ["void"] * 2


def test_kept(city: City) -> None:
    project = decided(city)
    found = check(city, "kept")
    assert (found.state, found.checked_on, found.ended_on) == ("kept", city.today, city.today)
    with pytest.raises(Conflict):
        check(city, "revoked", "false")
    assert len(events(city, project, "commitment.kept")) == 1


def test_put_right_by_a_date(city: City) -> None:
    decided(city)
    for result, findings, days, field in (
        ("fine", "", 0, "result"),
        ("rectify", "", 5, "findings"),
        ("rectify", "缺少合同附件", 0, "rectify_by_on"),
        ("revoked", "", 0, "findings"),
    ):
        with pytest.raises(Invalid) as caught:
            check(city, result, findings, days)
        assert caught.value.detail["field"] == field
    with pytest.raises(Conflict):
        check(city, "rectified")
    found = check(city, "rectify", "缺少合同附件", 5)
    assert (found.state, found.due_on) == ("rectifying", city.today + timedelta(days=5))
    city.wait(7)
    assert only(city, "overdue").light in {"orange", "red"}
    found = check(city, "rectified")
    assert (found.state, found.findings, found.light) == ("rectified", "缺少合同附件", "done")


def test_a_late_check_is_lit_and_listed(city: City) -> None:
    decided(city)
    assert city.see(commitments.counts) == {"to_check": 1, "overdue": 0}
    assert only(city).light == "green"
    city.now += timedelta(days=(city.calendar.add(city.today, 20) - city.today).days)
    assert only(city).light == "yellow"
    assert city.see(commitments.find, state="overdue").items == []
    city.wait(1)
    assert only(city, "overdue").light == "orange"
    assert city.see(commitments.counts, "HOUS") == {"to_check": 1, "overdue": 1}
    assert city.see(commitments.counts, "PLAN") == {"to_check": 0, "overdue": 0}


def test_revoked(city: City) -> None:
    project = decided(city)
    assert city.task(project, "C-1").element == "deliver"
    check(city, "revoked", "合同是伪造的")
    assert city.item(project, "C-1").state == "revoked"
    assert city.open_tasks(project, item="C-1") == [], "what was still to be delivered is not"
    [told] = events(city, project, "item.revoked")
    assert told.data == {"reason": "合同是伪造的"}
    [event] = events(city, project, "commitment.revoked")
    assert event.data["findings"] == "合同是伪造的"
    [record] = city.see(credit.find).items
    assert (record.cause, record.note) == ("false_commitment", "合同是伪造的")
    other = at_commitment(city)
    with pytest.raises(OnRecord):
        city.answer(other, "C-1", "accept_on_commitment", data=SAID)
    city.answer(other, "C-1", "accept")
    assert city.task(other, "C-1").element == "review"


def test_revoked_after_the_project_is_over(city: City) -> None:
    project = decided(city)
    while found := city.open_tasks(project):
        city.do(tasks.complete, found[0].id, None)
    assert city.project(project).state == "completed"
    check(city, "revoked", "合同是伪造的")
    assert city.item(project, "C-1").state == "revoked"
    assert city.project(project).state == "completed"


def test_who_checks(small_city: City) -> None:
    decided(small_city)
    found = only(small_city)
    other = small_city.user("reviewer-plan", ("reviewer", "PLAN"))
    clerk = small_city.user("clerk-hous", ("clerk", "HOUS"))
    for actor in (other, clerk):
        with pytest.raises(Forbidden):
            small_city.do(commitments.check_kept, found.id, Checking("kept"), by=actor)
    head = small_city.user("head-hous", ("head", "HOUS"))
    with pytest.raises(Stale):
        small_city.do(
            commitments.check_kept, found.id, Checking("kept"), found.version + 1, by=head
        )
    assert check(small_city, "kept", by=head).checked_by == "head-hous"


def test_applicants_see_their_own(small_city: City) -> None:
    decided(small_city)
    applicant = small_city.user("stranger", ("applicant", ""))
    assert small_city.see(commitments.find, state="all", by=applicant).items == []


def test_the_list_in_parts(small_city: City) -> None:
    for _ in range(3):
        decided(small_city)
        small_city.wait_working(1)
    first = small_city.see(commitments.find, limit=2)
    second = small_city.see(commitments.find, limit=2, cursor=first.next)
    found = [*first.items, *second.items]
    assert [each.check_due_on for each in found] == sorted(each.check_due_on or 0 for each in found)
    assert len({each.id for each in found}) == 3
    assert second.next is None
    small_city.do(projects.close, found[0].project)
