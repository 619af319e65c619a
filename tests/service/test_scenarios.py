"""Scenarios: made, changed, switched, rebased, removed; and what they do."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

import pytest

from engine.analysis.reengineering.plan import Inapplicable
from engine.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from engine.rules.scenario import OperationUnlawful
from engine.service import procedures
from engine.service.scenarios import effects, scenarios
from engine.service.scenarios.scenarios import Wanted
from engine.service.scenarios.views import ScenarioView
from engine.store import tables as t
from tests.service.city import City

BASE = "industrial-2013"
MERGE = {"kind": "merge", "item": "IND-01", "absorb": ["IND-03"], "id": "merge"}
SHORTEN = {"kind": "shorten", "item": "IND-01", "days": 1, "id": "shorten"}
DROP = {"kind": "drop", "item": "IND-05", "id": "drop"}


@pytest.fixture
def base(city: City) -> str:
    """A procedure to change."""
    return city.deploy(BASE)


def make(city: City, operations: Any = (), **named: Any) -> int:
    return city.do(scenarios.create, "试行", BASE, list(operations), **named)


def look(city: City, identifier: int) -> ScenarioView:
    return city.see(scenarios.get, identifier)


def effect(city: City, identifier: int) -> dict[str, Any]:
    return city.see(effects.effect, identifier)


def newer(city: City, days: int = 4) -> str:
    """Deploy a newer version of the base: one item is promised later."""
    files = dict(procedures.named(BASE, city.settings))
    text = files["procedure.yaml"].decode()
    assert "IND-01: {promised_days: 3" in text
    changed = text.replace("IND-01: {promised_days: 3", f"IND-01: {{promised_days: {days}")
    files["procedure.yaml"] = changed.encode()
    return city.deploy(files)


def events(city: City) -> list[tuple[str, Mapping[str, Any]]]:
    found = city.rows(t.history)
    return [(row["event"], row["data"]) for row in found if row["event"].startswith("scenario.")]


def test_it_begins_with_the_published_list_and_makes_what_was_published(
    city: City, base: str
) -> None:
    city.deploy("industrial-2014")
    key = city.do(scenarios.create, " 从 63 天到 28 天 ", base)
    found, view = effect(city, key), look(city, key)
    assert (view.name, view.state, view.base_version) == ("从 63 天到 28 天", "draft", 1)
    assert (found["before"]["counted_days"], found["after"]["counted_days"]) == (63, 28)
    assert found["makes"] == {"procedure": "industrial-2014", "equal": True}
    assert sum(step["saved"] for step in found["steps"]) == found["saved"] == 35
    assert found["lawful"] and not found["conflicts"] and not found["outdated"]
    city.do(scenarios.toggle, key, "post-IND-02", False)
    assert effect(city, key)["makes"] == {"procedure": "industrial-2014", "equal": False}
    assert [event for event, _ in events(city)] == ["scenario.created", "scenario.switched_off"]
