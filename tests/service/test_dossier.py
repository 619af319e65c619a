"""What the page of a project shows is read at once; how far it came; what happened, backwards."""

from __future__ import annotations

import pytest

from engine.errors import Forbidden, Invalid, NotFound
from engine.rules.light import Light
from engine.service import (
    access,
    applicants,
    chronicle,
    course,
    deployments,
    dossier,
    notices,
    projects,
    tasks,
)
from engine.service.dossier import Dossier
from engine.service.work import Actor
from tests.api import small
from tests.service.city import City, counted


def opened(city: City, project: int, stage: str = "", by: Actor | None = None) -> Dossier:
    return city.see(dossier.read, project, stage, **({"by": by} if by else {}))


def test_a_draft_has_no_tasks_and_no_way_yet(small_city: City) -> None:
    small_city.deploy("industrial-2014")
    draft = small_city.do(projects.create, "A workshop", "industrial-2014", "ACME")
    found = opened(small_city, draft.id)
    assert found.tasks == []
    assert found.stage == "approval"
    assert not any(each.trace.passed for each in found.courses.values())
    assert [each.event.event for each in found.latest.entries] == ["project.created"]
    assert "project" not in found.path


def test_a_started_project_is_told_as_by_its_services(city: City) -> None:
    city.deploy("industrial-2014")
    project = city.start("industrial-2014")
    city.decide(project, "IND-01")
    found = opened(city, project)
    assert found.view == city.project(project)
    assert found.path == city.see(projects.critical_path, project)
    assert {each.task.id for each in found.tasks} == {each.id for each in city.open_tasks(project)}


def test_open_tasks_say_what_is_left_of_their_clock_and_who_has_them(small_city: City) -> None:
    city = small_city
    city.deploy("industrial-2014")
    project = city.start("industrial-2014")
    li = city.user("li", ("reviewer", "NDRC"), shown="李伟")
    city.answer(project, "IND-01", "accept")
    city.do(tasks.claim, city.task(project, "IND-01").id, by=li)
    city.wait_working(3)
    [found] = [each for each in opened(city, project, by=li).tasks if each.task.item == "IND-01"]
    assert (found.days, found.left, found.used) == (1, -2, 3)
    assert found.light is Light.ORANGE
    assert found.holder == "李伟"
    assert found.mine
    others = [each for each in opened(city, project, by=li).tasks if each.task.item != "IND-01"]
    assert others
    assert not any(each.mine for each in others)


def test_the_clock_of_a_suspended_project_stands_still(small_city: City) -> None:
    city = small_city
    city.deploy("industrial-2014")
    project = city.start("industrial-2014")
    city.answer(project, "IND-06", "accept")
    city.do(projects.suspend, project)
    city.wait_working(20)
    [found] = [each for each in opened(city, project).tasks if each.task.item == "IND-06"]
    assert (found.left, found.light) == (5, Light.PAUSED)


def test_the_stage_that_is_looked_at_is_that_of_what_holds_the_project(small_city: City) -> None:
    city = small_city
    city.deploy("industrial-2014")
    project = city.start("industrial-2014")
    held = opened(city, project).view.held_by[0].item
    stage = city.item(project, held).stage
    assert opened(city, project).stage == stage
    assert opened(city, project, "construction").stage == "construction"
    assert opened(city, project, "nowhere").stage == stage


def test_it_takes_few_statements(small_city: City) -> None:
    city = small_city
    city.deploy("industrial-2014")
    project = city.start("industrial-2014")
    opened(city, project)
    with counted(city.engine) as statements:
        opened(city, project)
    # the one more begins the transaction
    assert len([each for each in statements if not each.startswith("BEGIN")]) == 5


def test_another_applicants_project_is_not_there(small_city: City) -> None:
    city = small_city
    city.deploy("industrial-2014")
    project = city.start("industrial-2014")
    stranger = city.user("stranger", ("applicant", ""))
    with pytest.raises(NotFound):
        opened(city, project, by=stranger)


# -- the way through a diagram ---------------------------------------------------------------------


def test_the_way_through_a_stage_follows_the_project(small_city: City) -> None:
    city = small_city
    city.deploy("industrial-2014")
    project = city.start("industrial-2014")
    way = opened(city, project).courses["planning"]
    assert "wait-IND-01" in way.trace.waiting
    city.decide(project, "IND-01")
    way = opened(city, project).courses["planning"]
    assert "wait-IND-01" in way.trace.passed
    with city.work(read_only=True) as work:
        version = access.row_of(work, project)["version_id"]
        built = deployments.deployment(work.db, version)
        found = course.flows_of(work, version, built, "planning")
    gone = {each.id for each in found if way.is_gone(each)}
    assert "wait-IND-01--IND-07" in gone
    assert "IND-07--join-IND-08" not in gone


def test_a_diagram_without_a_drawing_gets_one(small_city: City) -> None:
    city = small_city
    city.deploy({"small.bpmn": small.diagram()})
    project = city.start("small")
    drawn = city.see(course.diagram, project, "small")
    assert b"BPMNShape" in drawn
    assert b'id="survey"' in drawn
    with pytest.raises(NotFound):
        city.see(course.diagram, project, "planning")


# -- what happened ---------------------------------------------------------------------------------


def test_the_newest_major_events_come_first_with_the_count_of_all(city: City) -> None:
    city.deploy("industrial-2014")
    project = city.start("industrial-2014")
    city.decide(project, "IND-01")
    found = city.see(chronicle.latest, project, limit=3)
    told = [(each.event.event, each.event.item) for each in found.entries]
    assert told[0] == ("item.decided", "IND-01")
    every = city.see(projects.history, project, limit=500).items
    assert (found.count, found.last) == (len(every), int(every[-1].id))


def test_events_are_found_by_kind_and_item_in_parts(small_city: City) -> None:
    city = small_city
    city.deploy("industrial-2014")
    project = city.start("industrial-2014")
    city.decide(project, "IND-01")
    counts = city.see(chronicle.counts, project)
    every = city.see(projects.history, project, limit=500).items
    assert counts[""] == len(every)
    first = city.see(chronicle.find, project, kind="item", item="IND-01", limit=2)
    rest = city.see(chronicle.find, project, kind="item", item="IND-01", cursor=first.next)
    told = [each.event.event for each in (*first.items, *rest.items)]
    wanted = [
        each.event for each in every if each.item == "IND-01" and each.event.startswith("item.")
    ]
    assert told == wanted[::-1]
    for kind in chronicle.KINDS:
        found = city.see(chronicle.find, project, kind=kind, limit=500).items
        assert len(found) == counts[kind]
    with pytest.raises(Invalid):
        city.see(chronicle.find, project, cursor="nonsense")


def test_who_acted_is_named_as_others_call_them(small_city: City) -> None:
    city = small_city
    city.deploy("industrial-2014")
    project = city.start("industrial-2014")
    li = city.user("li", ("clerk", "NDRC"), shown="李伟")
    city.answer(project, "IND-01", "accept", by=li)
    found = city.see(chronicle.find, project, item="IND-01").items
    assert {each.who for each in found if each.event.actor == "li"} == {"李伟"}


def test_answers_that_brought_about_a_notice_are_found(city: City) -> None:
    city.deploy("industrial-2014")
    project = city.start("industrial-2014")
    city.answer(project, "IND-01", "accept", "done", "approve")
    city.answer(project, "IND-06", "supplement")
    found = city.see(chronicle.notices, project)
    told = [(each.event.item, each.event.data["outcome"]) for each in found]
    assert told == [("IND-06", "supplement"), ("IND-01", "accept")]
    assert [each.event.id for each in found][::-1] == [
        str(each.id) for each in city.see(notices.find, project)
    ]


# -- applicants ------------------------------------------------------------------------------------


def test_known_applicants_have_an_account_or_a_project(city: City) -> None:
    city.deploy({"small.bpmn": small.diagram()})
    owner = city.user("zhenfeng", ("applicant", ""), shown="振风公司")
    city.user("plain", ("applicant", ""))
    for name in ("旧公司", "新公司", "振风公司"):
        city.do(projects.create, "A workshop", "small", name)
    assert city.see(applicants.known) == ["plain", "振风公司", "新公司", "旧公司"]
    with pytest.raises(Forbidden):
        city.see(applicants.known, by=owner)
