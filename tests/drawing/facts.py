"""The reconstructed facts (tests/data/reconstruction.yaml) as activities and captions."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from engine.rules.procedure import OPEN, Activity, Kind
from engine.workflow.compose import Captions, StagePlan

FACTS = Path(__file__).parent.parent / "data" / "reconstruction.yaml"
BPMN = Path(__file__).parents[2] / "bpmn"
PROCEDURES = ("industrial-2013", "industrial-2014", "real-estate-2013", "real-estate-2014")


@cache
def facts() -> Mapping[str, Any]:
    loaded: Mapping[str, Any] = yaml.safe_load(FACTS.read_text(encoding="utf-8"))
    return loaded


def constant(item: str) -> Mapping[str, Any]:
    """What is the same of an item in every procedure: IND-01 → the facts of 01."""
    found: Mapping[str, Any] = facts()["items"][item.split("-")[1]]
    return found


def activities(procedure: str) -> list[Activity]:
    told = facts()["procedures"][procedure]
    made = [_activity(item, row) for item, row in told["items"].items()]
    waits = tuple(told["open_waits_for"])
    return [*made, Activity(OPEN, "开工", "construction", "", Kind.MILESTONE, 0, waits)]


def _activity(item: str, row: Mapping[str, Any]) -> Activity:
    fact = constant(item)
    name = fact.get("caption", fact["name"]["zh"])
    kind = Kind(fact["kind"])
    after = tuple(row["after"])
    return Activity(item, name, row["stage"], fact["department"], kind, row["days"], after)


def stages() -> list[StagePlan]:
    told = facts()["stages"].items()
    return [
        StagePlan(stage, row["name"]["zh"] if "name" in row else row["zh"], row["lead"])
        for stage, row in told
    ]


def captions(procedure: str) -> Captions:
    told = facts()["procedures"][procedure]
    items = [item for item in told["items"] if "short" in constant(item)]
    waits = {item: f"{constant(item)['short']}办结" for item in items}
    departments = {code: names["zh"] for code, names in facts()["departments"].items()}
    return Captions(departments, told["starts_with"]["zh"], {**waits, OPEN: "开工"})
