"""What is to happen in the demonstration: projects, and where they do not go plainly.

All days are working days, so that the city stands alike whatever the date it is loaded on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.workflow.yaml_file import read_mapping

FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Turn:
    """How one answer differs from the plain one in time. See projects.yaml."""

    item: str
    step: str
    attempt: int = 1
    late: int = 0
    days: int | None = None
    never: bool = False
    claimed: bool = False
    outcome: str | None = None
    opinion: str = ""
    reason: str = ""
    legal_basis: str = ""
    materials: tuple[str, ...] = ()
    withdraw: bool = False
    again: int | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """What happens to a whole project, `day` working days after its start."""

    day: int
    verb: str
    reason: str


@dataclass(frozen=True, slots=True)
class Plan:
    """A project, started `started` working days ago; None is a draft."""

    name: str
    about: str
    procedure: str
    applicant: str
    started: int | None = None
    opened: int = 1
    papers: bool = False
    prompt: bool = False
    turns: tuple[Turn, ...] = ()
    moves: tuple[Move, ...] = ()

    @property
    def days_ago(self) -> int:
        """How long ago it was entered."""
        return (self.started or 0) + self.opened

    def turn(self, item: str, step: str, attempt: int) -> Turn | None:
        """Return how a step is answered; None where nothing is said."""
        wanted = (item, step, attempt)
        found = (each for each in self.turns if (each.item, each.step, each.attempt) == wanted)
        return next(found, None)


def plans() -> tuple[Plan, ...]:
    """Return the projects, the oldest first."""
    found = [plan_of(row) for row in data("projects.yaml")["projects"]]
    return tuple(sorted(found, key=lambda plan: -plan.days_ago))


def plan_of(row: Mapping[str, Any]) -> Plan:
    """Return a project as the file tells of it."""
    turns = tuple(turn_of(each) for each in row.get("turns", ()))
    moves = tuple(Move(**each) for each in row.get("moves", ()))
    return Plan(**{**row, "turns": turns, "moves": moves})


def turn_of(row: Mapping[str, Any]) -> Turn:
    """Return an answer as the file tells of it."""
    return Turn(**{**row, "materials": tuple(row.get("materials", ()))})


def data(name: str) -> Mapping[str, Any]:
    """Return one of the files beside this one."""
    return read_mapping((FOLDER / name).read_bytes())
