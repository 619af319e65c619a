"""Coaching as rules: who stands by, who answers, threads, and what the checklist lacks."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from engine.errors import Conflict, Invalid
from engine.rules import lifecycle
from engine.rules.catalogue import Item
from engine.rules.city import CityRules
from engine.rules.coaching import (
    CENTRE,
    COACHING,
    TOPICS,
    CoachingRules,
    Line,
    checklist,
    lacking,
    sheet_number,
    threads,
)

BPMN = Path(__file__).parents[2] / "bpmn"


@dataclass(frozen=True)
class Entry:
    """What these rules look at of an entry."""

    id: int
    kind: str
    department: str = ""
    answers: int | None = None


def test_the_six_of_the_report_stand_by_and_the_file_says_the_same() -> None:
    """发改委, 国土, 规划, 环保, 建委; the sixth is the service centre, which is no department."""
    standing = CoachingRules().standing
    assert standing == ("NDRC", "LAND", "PLAN", "EPB", "HOUS")
    assert (
        CityRules.of(yaml.safe_load((BPMN / "city.yaml").read_text())).coaching == CoachingRules()
    )
    departments = yaml.safe_load((BPMN / "departments.yaml").read_text())["departments"]
    assert set(standing) | set(CoachingRules().topics.values()) <= set(departments)


def test_topics_run_from_the_proposal_to_the_permit() -> None:
    assert list(TOPICS) == [
        *("proposal", "feasibility", "preliminary_design", "scheme"),
        *("land_pre_review", "eia", "permit"),
    ]
    assert set(CoachingRules().topics) == set(TOPICS)
    assert all(each.zh and each.en for each in TOPICS.values())


@pytest.mark.parametrize(
    ("topic", "taking_part", "answers"),
    [
        ("eia", ["PLAN", "EPB"], "EPB"),
        ("scheme", ["PLAN", "EPB"], "PLAN"),
        ("land_pre_review", ["PLAN", "EPB"], CENTRE),
        ("", ["PLAN"], CENTRE),
    ],
)
def test_a_topic_has_its_department_where_that_takes_part(
    topic: str, taking_part: list[str], answers: str
) -> None:
    assert CoachingRules().answers(topic, taking_part) == answers


@pytest.mark.parametrize(
    ("section", "field"),
    [
        ({"standing": "PLAN"}, "coaching.standing"),
        ({"standing": [1]}, "coaching.standing"),
        ({"topics": ["eia"]}, "coaching.topics"),
        ({"topics": {"eia": 3}}, "coaching.topics"),
        ({"topics": {"gardens": "GREEN"}}, "coaching.topics.gardens"),
        ({"due_days": 5}, "coaching.due_days"),
    ],
)
def test_a_section_that_cannot_be_is_refused_by_name(section: object, field: str) -> None:
    with pytest.raises(Invalid) as told:
        CityRules.of({"coaching": section})
    assert told.value.detail["field"] == field


def test_a_city_says_who_stands_by() -> None:
    found = CityRules.of({"coaching": {"standing": ["PLAN"], "topics": {"eia": "PLAN"}}}).coaching
    assert (found.standing, found.topics) == (("PLAN",), {"eia": "PLAN"})
    assert found.answers("permit", ["PLAN"]) == CENTRE


def test_a_coaching_is_closed_and_opened_again_and_nothing_else() -> None:
    lifecycle.check(COACHING, "open", "closed", "it")
    lifecycle.check(COACHING, "closed", "open", "it")
    for state in COACHING:
        with pytest.raises(Conflict):
            lifecycle.check(COACHING, state, state, "it")


def test_a_question_waits_until_the_department_that_is_asked_answers() -> None:
    said = [
        Entry(1, "question", "PLAN"),
        Entry(2, "material", "PLAN"),
        Entry(3, "advice", "EPB"),
        Entry(4, "advice", "HOUS", answers=1),
        Entry(5, "question", "EPB"),
        Entry(6, "advice", "EPB", answers=5),
        Entry(7, "summary"),
    ]
    found = threads(reversed(said))
    assert [(each.first.id, [answer.id for answer in each.answers]) for each in found] == [
        (1, [4]),
        (3, []),
        (5, [6]),
    ]
    assert [each.waiting for each in found] == [True, False, False]


def test_the_checklist_has_a_line_per_material_of_what_departments_decide() -> None:
    items = [
        Item.of("A", {"department": "PLAN", "materials": ["图纸", "申请表"]}),
        Item.of("B", {"department": "APPL", "kind": "applicant", "materials": ["合同"]}),
        Item.of("C", {"department": "EPB", "materials": ["申请表"]}),
    ]
    wanted = [Line("PLAN", "A", "图纸"), Line("PLAN", "A", "申请表"), Line("EPB", "C", "申请表")]
    assert checklist(items) == wanted
    assert lacking(wanted, wanted[:2]) == wanted[2:]
    assert lacking([*wanted, *wanted], []) == wanted
    assert lacking(wanted, [Line("HOUS", "A", "图纸")]) == wanted[1:]


def test_a_sheet_is_numbered_by_its_coaching() -> None:
    assert sheet_number(2014, 7) == "辅〔2014〕7"
