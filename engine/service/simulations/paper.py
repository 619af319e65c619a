"""Simulation of a procedure on paper: read from its files, played, its events written to a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from engine.analysis.simulation.model import Model
from engine.errors import Invalid
from engine.rules import china
from engine.service import procedures
from engine.service.simulations import modelling
from engine.settings import Settings
from engine.workflow.yaml_file import read_mapping


@dataclass(frozen=True, slots=True)
class Paper:
    """A procedure's id and what is played of it."""

    id: str
    model: Model


def read(procedure: str, assumptions: Mapping[str, Any], settings: Settings, today: date) -> Paper:
    """Return the model of a procedure by its id among the city's, its folder or its diagram.

    Days are those of the national calendar. Raises NotFound, InvalidDefinition, Invalid.
    """
    built, _ = procedures.sound(procedures.named(procedure, settings), settings)
    model = modelling.model(built, assumptions, today=today, calendar=china.calendar())
    return Paper(built.procedure.id, model)


def assumed(file: Path | None) -> Mapping[str, Any]:
    """Return the assumptions of a YAML or JSON file; none without one. Raises Invalid."""
    if file is None:
        return {}
    try:
        return read_mapping(file.read_bytes())
    except ValueError as error:
        raise Invalid(f"{file.name} {error}", field="resources") from error
