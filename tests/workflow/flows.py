"""Deployments to read control flows from: the four procedures, random ones, a few words."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import yaml

from engine.rules.flow import ControlFlow
from engine.rules.procedure import Activity, Kind
from engine.service import procedures
from engine.settings import Settings
from engine.workflow.compose import compose
from engine.workflow.deployment import Deployment, build
from engine.workflow.flow import control_flow
from engine.workflow.layout import draw
from tests.analysis.networks import drawn
from tests.drawing.networks import CAPTIONS, STAGES
from tests.service.drawn import ITEM

FOUR = ("industrial-2013", "industrial-2014", "real-estate-2013", "real-estate-2014")
ELSEWHERE = Path(__file__).parents[1] / "data" / "drawn-elsewhere.bpmn"


def built(files: Mapping[str, bytes]) -> Deployment:
    found, problems = build(files)
    assert found is not None, problems
    return found


@cache
def city(name: str) -> Deployment:
    """One of the four procedures."""
    return built(procedures.named(name, Settings()))


def flow_of(files: Mapping[str, bytes]) -> ControlFlow:
    return control_flow(built(files))


def lone(content: bytes) -> ControlFlow:
    """The control flow of a diagram by itself."""
    return flow_of({"lone.bpmn": content})


def random_procedure(seed: int, size: int) -> Deployment:
    """A random network, composed as BPMN and read again; soft gates on work of every kind."""
    network = [*drawn(Random(seed), size)]
    made = compose(network, STAGES, CAPTIONS)
    used = [each for each in STAGES if len(made[each.id].nodes) > 1]
    rows = {each.id: row(each) for each in network if each.kind is not Kind.MILESTONE}
    told = {"id": "random", "stages": [{"id": each.id} for each in used], "items": rows}
    return built(
        {
            "procedure.yaml": yaml.safe_dump(told).encode(),
            "item.bpmn": ITEM,
            **{f"{each.id}.bpmn": draw(made[each.id]) for each in used},
        }
    )


def row(activity: Activity) -> dict[str, Any]:
    """What `procedure.yaml` says of an activity."""
    days = "promised_days" if activity.kind is Kind.APPROVAL else "expected_days"
    waits = [*activity.decision_waits_for]
    return {days: activity.days, "kind": str(activity.kind), "decision_waits_for": waits}
