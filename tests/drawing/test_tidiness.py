"""Every diagram that is shown or printed is tidy: the city's own ones and generated ones."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings

from engine.rules.procedure import Activity
from engine.workflow.compose import compose
from engine.workflow.layout import draw
from tests.drawing.facts import BPMN
from tests.drawing.networks import CAPTIONS, STAGES, procedures
from tests.drawing.tidiness import crossings, faults

DIAGRAMS = sorted(BPMN.rglob("*.bpmn"))


def test_there_are_four_stages_for_each_of_four_procedures_and_the_item() -> None:
    stages = {path.parent.name for path in DIAGRAMS if path.parent.parent.name == "procedures"}
    assert len(stages) == 4
    assert len([path for path in DIAGRAMS if path.parent.name in stages]) == 16
    assert BPMN / "shared" / "item.bpmn" in DIAGRAMS


@pytest.mark.parametrize("path", DIAGRAMS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_committed_diagram_is_tidy(path: Path) -> None:
    assert faults(path.read_bytes()) == []


@pytest.mark.parametrize("path", DIAGRAMS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_committed_diagram_has_few_crossings(path: Path) -> None:
    """Of up to 25 flows across up to 6 lanes, at most two pairs cross without meeting."""
    assert crossings(path.read_bytes()) <= 2


@settings(deadline=None, max_examples=60)
@given(procedures())
def test_a_generated_stage_is_tidy(activities: list[Activity]) -> None:
    for diagram in compose(activities, STAGES, CAPTIONS).values():
        if len(diagram.nodes) > 1:
            assert faults(draw(diagram)) == []
