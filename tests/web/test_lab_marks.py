"""Diagrams side by side: what became of each item is marked on both."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from engine.service import procedures
from engine.service.scenarios import scenarios
from engine.service.work import Work
from engine.settings import Settings
from engine.store.database import transaction
from tests.api.conftest import Service
from tests.service.city import ADMIN
from tests.web.conftest import Enter

BASE = "industrial-2013"


@pytest.fixture
def scenario(service: Service) -> int:
    """The published list on its base."""
    settings = Settings()
    with transaction(service.engine) as db:
        work = Work(db, datetime(2014, 9, 1, tzinfo=UTC), ADMIN, settings)
        procedures.deploy(work, procedures.named(BASE, settings))
        return scenarios.create(work, "2014", BASE)


def test_items_are_marked_on_both_sides(enter: Enter, scenario: int) -> None:
    visitor = enter("analyst")

    def states(stage: str, side: str) -> dict[str, Any]:
        found = visitor.get(f"/lab/{scenario}/diagrams/{stage}/{side}/states")
        told: dict[str, Any] = json.loads(found.body)["elements"]
        return told

    before, after = states("approval", "before"), states("approval", "after")
    assert {item: before[item]["state"] for item in before} == {
        "IND-01": "changed",
        "IND-02": "moved",
        "IND-03": "removed",
        "IND-04": "moved",
        "IND-05": "removed",
        "IND-06": "changed",
        "IND-A2": "same",
    }
    assert after == {item: told for item, told in before.items() if told["state"] != "removed"}
    assert before["IND-03"]["badge"] == "并入 IND-01"
    assert "7" in before["IND-02"]["title"]
    planning = states("planning", "after")
    assert (planning["IND-08"]["badge"], planning["IND-08"]["state"]) == ("10 → 7 天", "changed")


def test_the_list_says_the_marks_in_words(enter: Enter, scenario: int) -> None:
    page = enter("analyst").get(f"/lab/{scenario}/diagrams?stage=approval")
    assert page.status == 200
    words = page.all("//span[contains(@class, 'lab-mark')]")
    assert words.count("取消或并入") >= 2
    assert {"次序变动", "天数或办法变动"} <= set(words)
