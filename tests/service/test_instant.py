"""Items decided on the spot (即办件), and what is corrected on the spot (当场更正)."""

from __future__ import annotations

from typing import Any

import pytest

from engine.errors import Invalid
from engine.service import projects
from tests.service.city import City
from tests.service.trust import events, started


def test_an_instant_item_is_decided_at_once_and_due_the_same_day(city: City) -> None:
    project = started(city)
    city.decide(project, "G-1")
    city.decide(project, "C-1")
    city.answer(project, "I-1", "accept")
    decide = city.task(project, "I-1")
    assert (decide.element, decide.promised_due_on) == ("decide", city.today), "no review"
    city.answer(project, "I-1", "approve")
    item = city.item(project, "I-1")
    assert (item.accepted_on, item.decided_on) == (city.today, city.today)


def test_an_instant_item_counts_no_day(small_city: City) -> None:
    project = started(small_city)
    path = small_city.see(projects.critical_path, project)
    days = {each["id"]: each["days"] for each in path["activities"]}
    assert days["I-1"] == 0
    assert small_city.project(project).counted_days == 7 + 3


def test_what_was_corrected_on_the_spot_stays_with_the_acceptance(city: City) -> None:
    project = started(city)
    corrected = ["申请表第三栏的面积误写，申请人当场更正"]
    city.answer(project, "S-1", "accept", data={"corrected": corrected})
    [answer] = events(city, project, "task.completed")
    assert answer.data["data"] == {"corrected": corrected}
    [row] = [each for each in city.project(project).items if each.id == "S-1"]
    assert row.state == "accepted"


@pytest.mark.parametrize("corrected", ["text", [1], [""], ["x" * 201], ["x"] * 61])
def test_a_correction_is_a_list_of_texts(small_city: City, corrected: Any) -> None:
    project = started(small_city)
    with pytest.raises(Invalid) as caught:
        small_city.answer(project, "S-1", "accept", data={"corrected": corrected})
    assert caught.value.detail["field"] == "corrected"
