"""The permit that both simulators play: one diagram, one file of assumptions, read for both."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bench.simulation_prosimos import parameters
from engine.analysis.simulation.assume import model_of
from engine.analysis.simulation.assumptions import Assumptions
from engine.analysis.simulation.model import Model
from engine.analysis.simulation.plan import Plan
from engine.rules import china
from engine.workflow import yaml_file
from engine.workflow.deployment import load
from engine.workflow.flow import control_flow

FOLDER = Path(__file__).parent / "prosimos"
DIAGRAM = FOLDER / "permit.bpmn"
MONDAY = date(2014, 1, 6)


@dataclass(frozen=True)
class Permit:
    """The model, and the files in which Prosimos finds the same."""

    model: Model
    parameters: Path

    @property
    def pool_of(self) -> dict[str, str]:
        """The pool of each task."""
        return {each.id: each.pool for each in self.model.nodes if each.pool}


def permit(folder: Path) -> Permit:
    """Return the permit, its parameters for Prosimos written into a folder."""
    flow = control_flow(load({DIAGRAM.name: DIAGRAM.read_bytes()}))
    said = Assumptions.of(yaml_file.read_mapping((FOLDER / "permit.yaml").read_bytes()))
    model = model_of(flow, said, origin=MONDAY, business_calendar=china.calendar())
    path = folder / "permit.json"
    path.write_text(json.dumps(parameters(flow, model)))
    return Permit(model, path)


def all_of(cases: int, replications: int = 1, seed: int = 1) -> Plan:
    """Return a plan that begins with empty windows and measures everybody, as Prosimos does."""
    return Plan(cases * replications, seed, replications, warm_up_days=0.0, cool_down_days=0.0)
