"""Joint reviews: asked, answered, deemed, concluded, replied to; no opinion lost."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from engine.errors import Conflict, Forbidden, Invalid, Stale
from engine.rules.joint_review import (
    Answer,
    Condition,
    Mode,
    NotConcludable,
    OpinionKind,
    ReasonsMissing,
    RoundClosed,
)
from engine.scheduler import sweep
from engine.service import projects, tasks
from engine.service.clock import recompute
from engine.service.review import conditions, escalations, opinions, rounds, sheet
from engine.service.review.replay import replay
from engine.service.review.rounds import NewRound
from engine.service.silence import AgreedBySilence
from engine.service.work import Actor
from engine.store import tables as t
from tests.service.city import ADMIN, City

AGREE = Answer(OpinionKind.AGREE)
DISAGREE = Answer(
    OpinionKind.DISAGREE, legal_basis="城市绿化条例 art. 9", required="at least 10 % green"
)


def bound(on: date) -> Answer:
    condition = Condition("move the entrance", "建设单位", on)
    return Answer(OpinionKind.AGREE_WITH_CONDITIONS, conditions=(condition,))


@pytest.fixture
def project(city: City) -> int:
    """A project whose scheme is in review: IND-08, with five departments besides the lead."""
    return city.start(city.deploy("industrial-2014"))


def launched(city: City, project: int, **more: Any) -> int:
    given = NewRound("planning", items=("IND-08",), papers="scheme of 2014-09", **more)
    return city.do(rounds.launch, project, given)


def seen(city: City, identifier: int) -> sheet.ReviewSheet:
    return city.see(sheet.read, identifier)


def opinion_task(city: City, project: int, department: str) -> str:
    [task] = [
        each
        for each in city.open_tasks(project, department=department)
        if each.element == "give-opinion"
    ]
    return task.id


def test_whoever_takes_part_has_a_task_with_its_due_date(city: City, project: int) -> None:
    identifier = launched(city, project)
    found = seen(city, identifier)
    assert [each["department"] for each in found.asked] == ["CAD", "EPB", "FIRE", "HOUS", "MET"]
    asked = [each for each in city.open_tasks(project) if each.element == "give-opinion"]
    assert {each.department for each in asked} == {"CAD", "EPB", "FIRE", "HOUS", "MET"}
    assert {each.promised_due_on for each in asked} == {city.calendar.add(city.today, 3)}
    assert {each.round_id for each in asked} == {identifier}
    with pytest.raises(Conflict, match="open round"):
        launched(city, project)


def test_the_round_goes_on_once_everybody_has_spoken(city: City, project: int) -> None:
    identifier = launched(city, project)
    for department in ("CAD", "EPB", "FIRE", "HOUS"):
        city.do(tasks.complete, opinion_task(city, project, department), "agree")
    assert not [each for each in city.open_tasks(project) if each.element == "conclude"]
    person = city.user("met", ("reviewer", "MET"))
    city.do(opinions.give, identifier, "MET", bound(city.today), by=person)
    [conclude] = [each for each in city.open_tasks(project) if each.element == "conclude"]
    assert conclude.department == "PLAN"
    assert conclude.promised_due_on == city.calendar.add(city.today, 1)
    city.do(tasks.complete, conclude.id, "approved")
    assert seen(city, identifier).row["conclusion"] == "approved"
    [minutes] = [each for each in city.open_tasks(project) if each.element == "minutes"]
    assert minutes.department == "PLAN"
    with pytest.raises(RoundClosed):
        city.do(opinions.give, identifier, "MET", AGREE, by=person)


def test_an_opinion_is_revised_until_the_conclusion_and_every_version_kept(
    city: City, project: int
) -> None:
    identifier = launched(city, project)
    person = city.user("cad", ("reviewer", "CAD"))
    city.do(opinions.give, identifier, "CAD", bound(city.today + timedelta(9)), by=person)
    city.do(opinions.give, identifier, "CAD", DISAGREE, by=person)
    city.do(opinions.give, identifier, "CAD", bound(city.today + timedelta(5)), by=person)
    kinds = [each["kind"] for each in city.see(opinions.versions, identifier)]
    assert kinds == ["agree_with_conditions", "disagree", "agree_with_conditions"]
    conditions = city.rows(t.review_condition, round_id=identifier)
    assert [each["state"] for each in conditions] == ["dropped", "open"]


def test_what_is_no_opinion_is_refused_with_its_reason(city: City, project: int) -> None:
    identifier = launched(city, project)
    person = city.user("cad", ("reviewer", "CAD"))
    with pytest.raises(ReasonsMissing, match="legal_basis"):
        city.do(opinions.give, identifier, "CAD", Answer(OpinionKind.DISAGREE), by=person)
    with pytest.raises(Forbidden):
        city.do(opinions.give, identifier, "MET", AGREE, by=person)
    stranger = city.user("land", ("reviewer", "LAND"))
    with pytest.raises(Forbidden, match="take part"):
        city.do(opinions.give, identifier, "LAND", AGREE, by=stranger)
    with pytest.raises(Invalid, match="kind"):
        opinions.answer_of("perhaps", {})
    with pytest.raises(Invalid):
        city.do(opinions.give, identifier, "CAD", bound(city.today - timedelta(1)), by=person)


def test_silence_agrees_but_never_of_who_guards_others(city: City, project: int) -> None:
    identifier = launched(city, project)
    city.wait_working(3)
    city.wait(1)
    sweep(city.engine, city.now, city.settings)
    found = seen(city, identifier)
    deemed = {name for name, each in found.opinions.items() if each["kind"] == "deemed_agree"}
    assert {each["cause"] for each in found.opinions.values()} == {"timeout"}
    guarded = {each["department"] for each in found.asked if each["guarded"]}
    assert deemed == {"CAD", "HOUS", "MET"} - guarded
    assert {"EPB", "FIRE"} <= guarded
    cured = city.user("met", ("reviewer", "MET"))
    city.do(opinions.give, identifier, "MET", DISAGREE, by=cured)
    versions = city.see(opinions.versions, identifier)
    assert [each["kind"] for each in versions if each["department"] == "MET"] == [
        "deemed_agree",
        "disagree",
    ]


def test_who_speaks_after_the_silence_revises_it_whether_a_worker_ran_or_not(
    city: City, project: int
) -> None:
    identifier = launched(city, project)
    late = city.user("met", ("reviewer", "MET"))
    city.wait_working(3)
    city.wait(1)
    with pytest.raises(AgreedBySilence):
        city.do(tasks.complete, opinion_task(city, project, "CAD"), "agree")
    city.do(opinions.give, identifier, "MET", DISAGREE, by=late)
    city.do(opinions.enter_for, identifier, "HOUS", AGREE, source="paper", given_by="Li")
    versions = city.see(opinions.versions, identifier)
    assert [(each["department"], each["kind"], each["given_by"]) for each in versions] == [
        ("CAD", "deemed_agree", "system"),
        ("MET", "deemed_agree", "system"),
        ("MET", "disagree", "met"),
        ("HOUS", "agree", "Li"),
    ]
    sweep(city.engine, city.now, city.settings)
    assert len(city.see(opinions.versions, identifier)) == 4


def test_absence_agrees_at_a_meeting(city: City, project: int) -> None:
    identifier = launched(city, project, mode=Mode.MEETING)
    city.wait_working(3)
    city.do(opinions.mark, identifier, "MET", "absent")
    assert seen(city, identifier).opinions["MET"]["cause"] == "absent"
    city.do(opinions.mark, identifier, "FIRE", "absent")
    assert "FIRE" not in seen(city, identifier).opinions
    with pytest.raises(Invalid, match="reason"):
        city.do(opinions.mark, identifier, "CAD", "excused")


def test_a_disagreement_can_be_approved_only_with_reasons(city: City, project: int) -> None:
    identifier = launched(city, project)
    for department in ("CAD", "EPB", "FIRE", "HOUS", "MET"):
        answer = DISAGREE if department == "CAD" else AGREE
        city.do(opinions.enter_for, identifier, department, answer, source="paper", given_by="Li")
    [conclude] = [each for each in city.open_tasks(project) if each.element == "conclude"]
    with pytest.raises(Invalid, match="reasons"):
        city.do(tasks.complete, conclude.id, "approved")
    city.do(tasks.complete, conclude.id, "approved", {"reasons": "greened elsewhere"})
    row = city.rows(t.opinion, round_id=identifier, department="CAD")[0]
    assert (row["source"], row["given_by"], row["recorded_by"]) == ("paper", "Li", "root")


def test_material_is_asked_for_once_and_a_second_round_follows(city: City, project: int) -> None:
    identifier = launched(city, project)
    needs = {"CAD": ("map", "plan"), "MET": ("plan", "survey")}
    for department in ("CAD", "EPB", "FIRE", "HOUS", "MET"):
        answer = AGREE
        if department in needs:
            answer = Answer(OpinionKind.NEED_SUPPLEMENT, materials=needs[department])
        city.do(opinions.enter_for, identifier, department, answer, source="paper", given_by="Li")
    [conclude] = [each for each in city.open_tasks(project) if each.element == "conclude"]
    with pytest.raises(NotConcludable):
        city.do(tasks.complete, conclude.id, "approved")
    city.do(tasks.complete, conclude.id, "supplement")
    [event] = city.rows(t.history, event="review.concluded")
    assert event["data"]["materials"] == ["map", "plan", "survey"]
    [supplement] = [each for each in city.open_tasks(project) if each.element == "supplement"]
    city.do(tasks.complete, supplement.id, "submit")
    assert seen(city, identifier).row["state"] == "closed"
    second = launched(city, project)
    assert seen(city, second).row["number"] == 2


def test_a_department_is_added_and_replaced_mid_round(city: City, project: int) -> None:
    identifier = launched(city, project)
    city.do(rounds.add_participant, identifier, "WATER")
    city.do(tasks.complete, opinion_task(city, project, "CAD"), "agree")
    city.do(rounds.replace_participant, identifier, "MET", "SEIS", "asked by mistake")
    names = {each["department"] for each in seen(city, identifier).asked}
    assert names == {"CAD", "EPB", "FIRE", "HOUS", "WATER", "SEIS"}
    with pytest.raises(Forbidden):
        city.do(opinions.enter_for, identifier, "MET", AGREE, source="paper", given_by="Li")
    assert opinion_task(city, project, "SEIS")
    assert city.open_tasks(project, department="MET") == []


def test_what_was_read_before_another_acted_is_stale(city: City, project: int) -> None:
    identifier = launched(city, project)
    version = seen(city, identifier).row["version"]
    city.do(rounds.add_participant, identifier, "WATER", version)
    with pytest.raises(Stale):
        city.do(rounds.add_participant, identifier, "SEIS", version)


def test_only_the_lead_and_coordinators_launch(city: City, project: int) -> None:
    given = NewRound("planning", items=("IND-08",))
    for actor in (Actor(None, "x", frozenset({("reviewer", "CAD")})),):
        with pytest.raises(Forbidden):
            city.do(rounds.launch, project, given, by=actor)
    lead = Actor(None, "y", frozenset({("reviewer", "PLAN")}))
    assert city.do(rounds.launch, project, given, by=lead)


def test_its_due_dates_stand_still_with_the_project_and_are_recomputed(
    city: City, project: int
) -> None:
    launched(city, project)
    city.wait_working(1)
    city.do(projects.suspend, project)
    city.wait_working(4)
    city.do(projects.resume, project)
    task = next(each for each in city.open_tasks(project) if each.element == "give-opinion")
    assert task.promised_due_on == city.calendar.add(city.today, 2)
    with city.work(ADMIN) as work:
        assert recompute.moves(work, work.calendar) == []


def test_a_round_ends_with_its_project(city: City, project: int) -> None:
    identifier = launched(city, project)
    city.do(projects.close, project)
    assert seen(city, identifier).row["state"] == "cancelled"
    assert city.open_tasks(project) == []


def test_a_round_is_given_up(city: City, project: int) -> None:
    identifier = launched(city, project)
    city.do(rounds.cancel, identifier, "the scheme was withdrawn")
    assert not [each for each in city.open_tasks(project) if each.round_id]
    assert launched(city, project) > identifier


def events_of(city: City, identifier: int) -> list[tuple[str, dict[str, Any]]]:
    rows = [each for each in city.rows(t.history) if each["event"].startswith("review.")]
    mine = [each for each in rows if each["data"].get("round") == identifier]
    return [(each["event"], each["data"]) for each in sorted(mine, key=lambda row: row["id"])]


def test_a_disagreement_goes_up_the_levels_until_it_is_settled(city: City, project: int) -> None:
    identifier = launched(city, project)
    with pytest.raises(Invalid, match="nobody disagrees"):
        city.do(escalations.raise_question, identifier, "how green?")
    for department in ("CAD", "EPB", "FIRE", "HOUS", "MET"):
        answer = DISAGREE if department == "CAD" else AGREE
        city.do(opinions.enter_for, identifier, department, answer, source="paper", given_by="Li")
    row = city.do(escalations.raise_question, identifier, "how green?")
    assert (row["level"], row["settle_by_on"]) == ("lead", city.calendar.add(city.today, 5))
    [conclude] = [each for each in city.open_tasks(project) if each.element == "conclude"]
    with pytest.raises(NotConcludable, match="question"):
        city.do(tasks.complete, conclude.id, "approved", {"reasons": "x"})
    with pytest.raises(Conflict, match="open already"):
        city.do(escalations.raise_question, identifier, "again?")
    lead = city.user("plan", ("reviewer", "PLAN"))
    city.do(escalations.settle, identifier, "8 % will do", by=lead)
    city.do(escalations.raise_question, identifier, "and now?")
    with pytest.raises(Forbidden, match="named_department"):
        city.do(escalations.settle, identifier, "no", by=lead)
    city.do(escalations.settle, identifier, "10 %", by=city.user("centre", ("coordinator", "")))
    city.do(escalations.raise_question, identifier, "still?")
    mayor = city.user("mayor", ("head", ""))
    city.do(escalations.settle, identifier, "8 %", by=mayor)
    with pytest.raises(Conflict, match="no further level"):
        city.do(escalations.raise_question, identifier, "once more?")
    city.do(tasks.complete, conclude.id, "approved", {"reasons": "as settled"})


def test_conditions_are_tracked_until_met_or_waived(city: City, project: int) -> None:
    identifier = launched(city, project)
    person, other = city.user("cad", ("reviewer", "CAD")), city.user("met", ("reviewer", "MET"))
    city.do(opinions.give, identifier, "CAD", bound(city.today), by=person)
    [row] = city.see(conditions.of_round, identifier)
    assert [each["id"] for each in city.see(conditions.open_ones, "CAD")] == [row["id"]]
    with pytest.raises(Forbidden):
        city.do(conditions.end, row["id"], "met", by=other)
    with pytest.raises(Invalid, match="reason"):
        city.do(conditions.end, row["id"], "waived", by=person)
    city.do(conditions.end, row["id"], "met", by=person)
    with pytest.raises(Conflict):
        city.do(conditions.end, row["id"], "met", by=person)
    assert city.see(conditions.open_ones, "CAD") == []


def test_its_history_rebuilds_the_round(city: City, project: int) -> None:
    identifier = launched(city, project, mode=Mode.MEETING)
    city.do(rounds.add_participant, identifier, "WATER")
    city.do(rounds.replace_participant, identifier, "WATER", "SEIS", "asked by mistake")
    city.wait_working(3)
    city.do(opinions.mark, identifier, "MET", "absent")
    for department in ("CAD", "EPB", "FIRE", "HOUS", "SEIS"):
        answer = DISAGREE if department == "CAD" else AGREE
        city.do(opinions.enter_for, identifier, department, answer, source="meeting", given_by="W")
    city.do(opinions.enter_for, identifier, "CAD", AGREE, source="telephone", given_by="W")
    [conclude] = [each for each in city.open_tasks(project) if each.element == "conclude"]
    city.do(tasks.complete, conclude.id, "refused", {"reasons": "no water"})
    found, told = seen(city, identifier), replay(events_of(city, identifier))
    assert told.items == list(found.items)
    assert told.participants == {k: row["state"] for k, row in found.participants.items()}
    kept = [
        (each["department"], each["version"]) for each in city.see(opinions.versions, identifier)
    ]
    rebuilt = [(name, each["version"]) for name, all_ in told.opinions.items() for each in all_]
    assert sorted(rebuilt) == sorted(kept)
    newest = {name: each["kind"] for name, each in found.opinions.items()}
    assert {name: each[-1]["kind"] for name, each in told.opinions.items()} == newest
    assert (told.state, told.conclusion, told.reasons) == ("concluded", "refused", "no water")
