"""Departments, leads and sweeps at the same moment: no opinion is lost, one conclusion is drawn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from engine.errors import Forbidden
from engine.rules.joint_review import Answer, OpinionKind, RoundClosed
from engine.scheduler import sweep
from engine.service import tasks
from engine.service.review import escalations, finishing, opinions, rounds, views
from engine.service.review.replay import replay
from engine.service.review.rounds import NewRound
from engine.service.review.shown import RoundView
from engine.service.work import Actor
from engine.store import tables as t
from tests.service.city import City
from tests.service.test_concurrency import at_once, kinds

ASKED = ("CAD", "EPB", "FIRE", "HOUS", "MET")
AGREE = Answer(OpinionKind.AGREE)
#: what chance decides is tried so often
TIMES = 4

Move = Callable[[], Any]


@pytest.fixture
def people(busy_city: City) -> dict[str, Actor]:
    names = (*ASKED, "PLAN", "WATER")
    return {name: busy_city.user(name.lower(), ("reviewer", name)) for name in names}


@pytest.fixture
def project(busy_city: City) -> int:
    return busy_city.start(busy_city.deploy("industrial-2014"))


def launched(city: City, project: int, **more: Any) -> int:
    return city.do(rounds.launch, project, NewRound("planning", items=("IND-08",), **more))


def gives(city: City, identifier: int, who: Actor, text: str = "") -> Move:
    [(_role, department)] = who.roles
    answer = replace(AGREE, text=text)
    return lambda: city.do(opinions.give, identifier, department, answer, by=who)


def concludes(city: City, identifier: int, who: Actor, conclusion: str = "approved") -> Move:
    return lambda: city.do(finishing.conclude, identifier, conclusion, "because", by=who)


def seen(city: City, identifier: int) -> RoundView:
    return city.see(views.get, identifier)


def events(city: City, identifier: int) -> list[tuple[str, Any]]:
    return [
        (each.event, each.data) for each in city.see(views.history, identifier, limit=500).items
    ]


def check_whole(city: City, identifier: int) -> None:
    """What the tables hold is what the history tells, and numbers have no gap."""
    told, view = replay(events(city, identifier)), seen(city, identifier)
    kept = [
        (each.department, each.version, each.text) for each in city.see(views.versions, identifier)
    ]
    rebuilt = [
        (name, each["version"], each["text"])
        for name, all_ in told.opinions.items()
        for each in all_
    ]
    assert sorted(kept) == sorted(rebuilt)
    for department, count in Counter(name for name, *_ in kept).items():
        numbers = sorted(version for name, version, _ in kept if name == department)
        assert numbers == list(range(1, count + 1))
    assert told.participants == {each.department: each.state for each in view.participants}
    assert (told.state, told.conclusion) == (view.state, view.conclusion)


def test_all_departments_answer_at_once(
    busy_city: City, project: int, people: dict[str, Actor]
) -> None:
    identifier = launched(busy_city, project)
    answers = at_once([gives(busy_city, identifier, people[name]) for name in ASKED])
    assert kinds(answers) == {"ReviewSheet": len(ASKED)}
    found = seen(busy_city, identifier)
    assert {each.versions for each in found.participants} == {1}
    assert found.task is not None
    opened = [each for each in busy_city.open_tasks(project) if each.round_id == identifier]
    assert [each.element for each in opened] == ["conclude"]
    check_whole(busy_city, identifier)


def test_revisions_of_one_department_are_numbered_without_a_gap(
    busy_city: City, project: int, people: dict[str, Actor]
) -> None:
    identifier = launched(busy_city, project)
    moves = [gives(busy_city, identifier, people["MET"], f"word {each}") for each in range(6)]
    assert kinds(at_once(moves)) == {"ReviewSheet": 6}
    said = {each.text for each in busy_city.see(views.versions, identifier)}
    assert said == {f"word {each}" for each in range(6)}
    check_whole(busy_city, identifier)


def test_a_round_is_concluded_while_opinions_arrive(
    busy_city: City, project: int, people: dict[str, Actor]
) -> None:
    """Whoever was told that an opinion is taken finds it before the conclusion, never after."""
    for attempt in range(TIMES):
        if attempt:
            project = busy_city.start("industrial-2014")
        identifier = launched(busy_city, project)
        for name in ASKED:
            gives(busy_city, identifier, people[name])()
        revised = [gives(busy_city, identifier, people[name], "again") for name in ASKED]
        answers = at_once([*revised, concludes(busy_city, identifier, people["PLAN"])])
        assert answers[-1] is None
        taken = [each for each in answers[:-1] if not isinstance(each, Exception)]
        refused = [each for each in answers[:-1] if isinstance(each, Exception)]
        assert {type(each) for each in refused} <= {RoundClosed}
        again = [each for each in busy_city.see(views.versions, identifier) if each.text]
        assert len(again) == len(taken)
        names = [name for name, _ in events(busy_city, identifier)]
        assert names.count("review.concluded") == 1
        assert names[-1] == "review.concluded"
        check_whole(busy_city, identifier)


def test_of_those_who_conclude_one_does(
    busy_city: City, project: int, people: dict[str, Actor]
) -> None:
    other = busy_city.user("head", ("head", "PLAN"))
    for attempt in range(TIMES):
        if attempt:
            project = busy_city.start("industrial-2014")
        identifier = launched(busy_city, project)
        for name in ASKED:
            gives(busy_city, identifier, people[name])()
        answers = at_once(
            [
                concludes(busy_city, identifier, people["PLAN"], "approved"),
                concludes(busy_city, identifier, other, "refused"),
                concludes(busy_city, identifier, other, "suspended"),
            ]
        )
        assert kinds(answers) == {"NoneType": 1, "RoundClosed": 2}
        won = ("approved", "refused", "suspended")[answers.index(None)]
        assert seen(busy_city, identifier).conclusion == won
        names = [name for name, _ in events(busy_city, identifier)]
        assert names.count("review.concluded") == 1
        check_whole(busy_city, identifier)


def test_one_concludes_by_the_task_and_one_by_the_round(
    busy_city: City, project: int, people: dict[str, Actor]
) -> None:
    identifier = launched(busy_city, project)
    for name in ASKED:
        gives(busy_city, identifier, people[name])()
    [task] = [each for each in busy_city.open_tasks(project) if each.element == "conclude"]
    lead, data = people["PLAN"], {"reasons": "because"}
    answers = at_once(
        [
            lambda: busy_city.do(tasks.complete, task.id, "refused", data, by=lead),
            concludes(busy_city, identifier, lead),
        ]
    )
    assert sum(isinstance(each, Exception) for each in answers) == 1
    check_whole(busy_city, identifier)


def test_a_department_is_replaced_while_it_answers(
    busy_city: City, project: int, people: dict[str, Actor]
) -> None:
    """What it said first stays on record; either way the other is asked, and the round waits."""
    outcomes = set()
    for attempt in range(TIMES):
        if attempt:
            project = busy_city.start("industrial-2014")
        identifier = launched(busy_city, project)
        for name in ASKED[:-1]:
            gives(busy_city, identifier, people[name])()
        swap = ("MET", "WATER", "the works lie by the river")
        said, replaced = at_once(
            [
                gives(busy_city, identifier, people["MET"], "too late?"),
                partial(busy_city.do, rounds.replace_participant, identifier, *swap),
            ]
        )
        assert not isinstance(replaced, Exception)
        lost = isinstance(said, Exception)
        assert isinstance(said, Forbidden) == lost
        outcomes.add(lost)
        found = seen(busy_city, identifier)
        states = {each.department: each.state for each in found.participants}
        assert (states["MET"], states["WATER"]) == ("replaced", "invited")
        [met] = [each for each in found.participants if each.department == "MET"]
        assert met.versions == (0 if lost else 1)
        assert [each.department for each in found.missing] == ["WATER"]
        open_tasks = busy_city.open_tasks(project)
        mine = [each.department for each in open_tasks if each.element == "give-opinion"]
        assert mine == ["WATER"]
        gives(busy_city, identifier, people["WATER"])()
        finishing_task = seen(busy_city, identifier).task
        assert finishing_task is not None
        assert finishing_task.element == "conclude"
        check_whole(busy_city, identifier)
    assert outcomes


def test_silence_and_an_opinion_at_the_same_moment(
    busy_city: City, project: int, people: dict[str, Actor]
) -> None:
    """The sweep may be first: the opinion then cures; or second, and finds it given."""
    for attempt in range(TIMES):
        if attempt:
            project = busy_city.start("industrial-2014")
        identifier = launched(busy_city, project)
        busy_city.wait_working(4)
        answers = at_once(
            [
                gives(busy_city, identifier, people["MET"], "here I am"),
                lambda: sweep(busy_city.engine, busy_city.now, busy_city.settings),
            ]
        )
        assert not [each for each in answers if isinstance(each, Exception)]
        [met] = [
            each for each in seen(busy_city, identifier).participants if each.department == "MET"
        ]
        assert met.opinion is not None
        assert (met.opinion.kind, met.opinion.text) == ("agree", "here I am")
        assert met.versions == (2 if met.deemed else 1)
        check_whole(busy_city, identifier)


def test_a_question_is_raised_while_the_round_is_concluded(
    busy_city: City, project: int, people: dict[str, Actor]
) -> None:
    identifier = launched(busy_city, project)
    no = Answer(OpinionKind.DISAGREE, legal_basis="art. 9", required="more green")
    for name in ASKED:
        answer = no if name == "MET" else AGREE
        busy_city.do(opinions.give, identifier, name, answer, by=people[name])
    lead = people["PLAN"]
    concluded, raised = at_once(
        [
            concludes(busy_city, identifier, lead),
            lambda: busy_city.do(escalations.raise_question, identifier, "how green?", by=lead),
        ]
    )
    assert sum(isinstance(each, Exception) for each in (concluded, raised)) == 1
    found = seen(busy_city, identifier)
    assert (found.conclusion == "approved") == (concluded is None)
    assert len(found.questions) == (0 if concluded is None else 1)
    check_whole(busy_city, identifier)


def test_of_two_who_launch_a_round_of_the_stage_one_does(busy_city: City, project: int) -> None:
    answers = at_once([lambda: launched(busy_city, project)] * 3)
    assert kinds(answers) == {"int": 1, "Conflict": 2}
    assert len(busy_city.rows(t.review_round, project_id=project)) == 1
