"""Joint reviews as they are shown: lists, one round, what applicants see of it."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import update

from engine.errors import Forbidden, Invalid, NotFound
from engine.rules.joint_review import Answer, Condition, Mode, OpinionKind
from engine.service import tasks
from engine.service.review import conditions, escalations, opinions, rounds, tracking, views
from engine.service.review.rounds import NewRound
from engine.service.review.tracking import Wanted
from engine.service.review.views import Filters
from engine.service.work import Actor
from engine.store import tables as t
from tests.service.city import City, counted

AGREE = Answer(OpinionKind.AGREE)
DISAGREE = Answer(OpinionKind.DISAGREE, legal_basis="art. 9", required="more green")
EVERYBODY = ["CAD", "EPB", "FIRE", "HOUS", "MET"]


@pytest.fixture
def project(city: City) -> int:
    return city.start(city.deploy("industrial-2014"))


def launched(city: City, project: int, **more: Any) -> int:
    return city.do(rounds.launch, project, NewRound("planning", items=("IND-08",), **more))


def say(city: City, identifier: int, department: str, answer: Answer) -> None:
    city.do(opinions.enter_for, identifier, department, answer, source="mail", given_by="Wang")


def conclude(city: City, project: int, outcome: str, reasons: str = "because") -> None:
    [task] = [each for each in city.open_tasks(project) if each.element == "conclude"]
    city.do(tasks.complete, task.id, outcome, {"reasons": reasons})


def bound(city: City) -> Answer:
    condition = Condition("move the entrance", "the applicant", city.calendar.add(city.today, 2))
    return Answer(OpinionKind.AGREE_WITH_CONDITIONS, conditions=(condition,))


def owner_of(city: City, project: int) -> Actor:
    owner = city.user("owner", ("applicant", ""))
    with city.work() as work:
        mine = update(t.project).where(t.project.c.id == project)
        work.db.execute(mine.values(applicant_user_id=owner.id))
    return owner


def test_a_round_says_who_has_spoken_what_is_missing_and_what_can_be_concluded(
    city: City, project: int
) -> None:
    identifier = launched(city, project, papers="scheme of 2014-09")
    found = city.see(views.get, identifier)
    assert (found.stage_name.zh, found.lead, found.papers) == (
        "规划许可",
        "PLAN",
        "scheme of 2014-09",
    )
    assert [each.id for each in found.items] == ["IND-08"]
    assert found.due_on == found.opinion_due_on == city.calendar.add(city.today, 3)
    assert found.light == "green"
    assert [each.department for each in found.participants] == EVERYBODY
    assert {each.task.element for each in found.participants if each.task} == {"give-opinion"}
    waiting = {each.department: each.what for each in found.missing}
    assert waiting["MET"] == "opinion"
    assert waiting["FIRE"] == "guarded_opinion"
    assert (found.possible, found.task) == ([], None)
    for department in EVERYBODY:
        say(city, identifier, department, DISAGREE if department == "CAD" else AGREE)
    found = city.see(views.get, identifier)
    assert [(each.what, each.department) for each in found.missing] == [("dispute", "CAD")]
    assert found.possible == ["approved", "refused", "suspended"]
    assert found.with_reasons == found.possible
    assert found.task is not None
    assert (found.task.element, found.task.department) == ("conclude", "PLAN")
    assert found.due_on == city.calendar.add(city.today, 2)


def test_material_that_is_needed_keeps_from_an_approval_and_comes_in_one_list(
    city: City, project: int
) -> None:
    identifier = launched(city, project)
    wanted = {"CAD": ("plan", "section"), "EPB": ("plan", "noise map")}
    for department in EVERYBODY:
        needs = Answer(OpinionKind.NEED_SUPPLEMENT, materials=wanted.get(department, ()))
        say(city, identifier, department, needs if department in wanted else AGREE)
    found = city.see(views.get, identifier)
    assert found.materials == ["plan", "section", "noise map"]
    assert {each.what: each.keeps_from for each in found.missing} == {"material": ["approved"]}
    assert found.possible == ["refused", "suspended", "supplement"]
    assert found.with_reasons == ["refused", "suspended"]
    conclude(city, project, "supplement")
    found = city.see(views.get, identifier)
    assert (found.state, found.possible, found.missing) == ("concluded", [], [])


def test_an_open_question_keeps_from_every_conclusion(city: City, project: int) -> None:
    identifier = launched(city, project)
    for department in EVERYBODY:
        say(city, identifier, department, DISAGREE if department == "MET" else AGREE)
    city.do(escalations.raise_question, identifier, "how high?")
    found = city.see(views.get, identifier)
    assert found.possible == []
    assert ("question", "lead") in [(each.what, each.department) for each in found.missing]
    city.wait(14)
    assert [each.overdue for each in city.see(views.get, identifier).questions] == [True]


def test_the_newest_opinion_holds_and_silence_is_remembered(city: City, project: int) -> None:
    identifier = launched(city, project, mode=Mode.MEETING)
    city.wait_working(3)
    city.do(opinions.mark, identifier, "MET", "absent")
    say(city, identifier, "MET", bound(city))
    say(city, identifier, "CAD", bound(city))
    say(city, identifier, "CAD", AGREE)
    asked = {each.department: each for each in city.see(views.get, identifier).participants}
    met, cad = asked["MET"], asked["CAD"]
    assert (met.deemed, met.versions, met.state) == ("absent", 2, "absent")
    assert met.opinion is not None
    assert [each.text for each in met.opinion.conditions] == ["move the entrance"]
    assert (cad.deemed, cad.versions) == ("", 2)
    assert cad.opinion is not None
    assert cad.opinion.kind == "agree"
    every = city.see(views.versions, identifier)
    assert [(each.department, each.version) for each in every] == [
        *(("MET", 1), ("MET", 2), ("CAD", 1), ("CAD", 2)),
    ]
    assert [each.state for each in every[2].conditions] == ["dropped"]


def test_rounds_are_found_by_what_they_are_about(city: City, project: int) -> None:
    other = city.start("industrial-2014")
    first = launched(city, project)
    second = launched(city, other, departments=("WATER",))
    city.do(rounds.cancel, first, "the wrong papers")
    third = launched(city, project)

    def found(**wanted: Any) -> list[int]:
        return [each.id for each in city.see(views.find, Filters(**wanted)).items]

    assert found() == [third, second, first]
    assert found(project=project) == [third, first]
    assert found(state="open") == [third, second]
    assert found(department="WATER") == [second]
    assert found(lead="PLAN", stage="planning", year=2014) == [third, second, first]
    assert found(year=2013) == found(lead="NDRC") == found(stage="approval") == []
    with pytest.raises(Invalid, match="state"):
        found(state="running")
    part = city.see(views.find, limit=2)
    assert [each.id for each in part.items] == [third, second]
    assert [each.id for each in city.see(views.find, cursor=part.next).items] == [first]


def test_a_list_counts_opinions_in_few_statements(city: City, project: int) -> None:
    identifier = launched(city, project, mode=Mode.MEETING)
    city.wait_working(3)
    city.do(opinions.mark, identifier, "MET", "absent")
    say(city, identifier, "CAD", DISAGREE)
    for _ in range(3):
        launched(city, city.start("industrial-2014"))
    [row] = city.see(views.find, Filters(project=project)).items
    assert (row.asked, row.answered, row.deemed, row.disagreeing) == (5, 1, 1, 1)
    assert row.waiting == ["EPB", "FIRE", "HOUS"]
    with counted(city.engine) as statements:
        assert len(city.see(views.find).items) == 4
    assert len(statements) <= 6
    with counted(city.engine) as statements:
        city.see(views.get, identifier)
    assert len(statements) <= 8


def test_an_applicant_sees_what_came_of_it_and_nothing_before(city: City, project: int) -> None:
    owner = owner_of(city, project)
    identifier = launched(city, project)
    assert city.see(views.find, by=owner).items == []
    with pytest.raises(NotFound):
        city.see(views.get, identifier, by=owner)
    for department in EVERYBODY:
        answer = bound(city) if department == "MET" else AGREE
        say(city, identifier, department, DISAGREE if department == "CAD" else answer)
    conclude(city, project, "approved", "the greening is in the next phase")
    found = city.see(views.get, identifier, by=owner)
    assert (found.conclusion, found.reasons) == ("approved", "the greening is in the next phase")
    assert [each.text for each in found.conditions] == ["move the entrance"]
    assert (found.participants, found.questions, found.missing, found.task) == ([], [], [], None)
    [row] = city.see(views.find, by=owner).items
    assert (row.asked, row.waiting, row.task) == (0, [], None)
    with pytest.raises(Forbidden):
        city.see(views.versions, identifier, by=owner)
    told = [each.event for each in city.see(views.history, identifier, by=owner).items]
    assert told == ["review.concluded"]
    stranger = city.user("stranger", ("applicant", ""))
    with pytest.raises(NotFound):
        city.see(views.get, identifier, by=stranger)
    assert city.see(views.find, by=stranger).items == []


def test_what_departments_said_is_told_to_applicants_nowhere(city: City, project: int) -> None:
    owner = owner_of(city, project)
    identifier = launched(city, project)
    secret = Answer(OpinionKind.AGREE, text="between ourselves")
    for department in EVERYBODY[1:]:
        say(city, identifier, department, secret)
    [task] = [
        each
        for each in city.open_tasks(project, department="CAD")
        if each.element == "give-opinion"
    ]
    city.do(tasks.complete, task.id, "agree", {"text": "between ourselves"})
    from engine.service import chronicle, projects

    lists: list[Any] = [
        city.see(projects.history, project, limit=500, by=owner).items,
        city.see(chronicle.find, project, limit=500, by=owner).items,
        city.see(chronicle.latest, project, "major", 500, by=owner).entries,
        city.see(tasks.find, project=project, state="all", limit=500, by=owner).items,
    ]
    for each in lists:
        assert "between ourselves" not in str(each)
        assert "give-opinion" not in str(each)
    with pytest.raises(NotFound):
        city.see(tasks.get, task.id, by=owner)


def test_a_supplement_is_told_to_the_applicant_in_one_list(city: City, project: int) -> None:
    owner = owner_of(city, project)
    identifier = launched(city, project)
    needs = Answer(OpinionKind.NEED_SUPPLEMENT, text="as always", materials=("plan",))
    for department in EVERYBODY:
        say(city, identifier, department, needs)
    conclude(city, project, "supplement")
    found = city.see(views.get, identifier, by=owner)
    assert found.materials == ["plan"]
    assert found.task is not None
    assert found.task.element == "supplement"
    city.do(tasks.complete, found.task.id, "submit", by=owner)
    assert city.see(views.get, identifier, by=owner).state == "closed"


def test_conditions_are_found_by_department_and_by_what_became_of_them(
    city: City, project: int
) -> None:
    identifier = launched(city, project)
    for department in ("CAD", "MET"):
        say(city, identifier, department, bound(city))

    def found(**wanted: Any) -> list[str]:
        return [each.department for each in city.see(tracking.find, Wanted(**wanted)).items]

    assert found() == ["CAD", "MET"]
    [mine] = city.see(tracking.find, Wanted(department="CAD")).items
    assert (mine.round, mine.project, mine.overdue) == (identifier, project, False)
    before = city.see(views.get, identifier).version
    city.do(conditions.end, mine.id, "met", "seen on the site")
    assert city.see(views.get, identifier).version == before + 1
    assert found() == ["MET"]
    assert found(state="met") == ["CAD"]
    assert found(state="all", project=project + 1) == []
    assert found(overdue=True) == []
    city.wait(10)
    assert found(overdue=True) == ["MET"]
    part = city.see(tracking.find, Wanted(state="all"), limit=1)
    assert [each.department for each in part.items] == ["CAD"]
    [last] = city.see(tracking.find, Wanted(state="all"), cursor=part.next).items
    assert last.department == "MET"


def test_the_rounds_of_an_ended_project_end_with_it(city: City, project: int) -> None:
    from engine.service import projects

    identifier = launched(city, project)
    city.do(projects.close, project)
    found = city.see(views.get, identifier)
    assert (found.state, found.light) == ("cancelled", "gone")
    events = [each.event for each in city.see(views.history, identifier).items]
    assert events == ["review.launched", "review.cancelled"]
