"""What is to happen in the demonstration: projects, and where they do not go plainly.

All days are working days, so that the city stands alike whatever the date it is loaded on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
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
    #: what was corrected on the spot, what is promised for so many working days later
    corrected: tuple[str, ...] = ()
    gaps: Mapping[str, int] = field(default_factory=dict)

    @property
    def missing(self) -> set[str]:
        """The materials that are not there."""
        return {*self.materials, *self.gaps}


@dataclass(frozen=True, slots=True)
class Happening:
    """What is done about an item, `day` working days after a step of it began."""

    item: str
    after: str
    do: str
    day: int = 0
    attempt: int = 1
    given: Mapping[str, Any] = field(default_factory=dict)


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
    happenings: tuple[Happening, ...] = ()

    @property
    def days_ago(self) -> int:
        """How long ago it was entered."""
        return (self.started or 0) + self.opened

    def turn(self, item: str, step: str, attempt: int) -> Turn | None:
        """Return how a step is answered; None where nothing is said."""
        wanted = (item, step, attempt)
        found = (each for each in self.turns if (each.item, each.step, each.attempt) == wanted)
        return next(found, None)

    def after(self, item: str, step: str, attempt: int) -> list[Happening]:
        """Return what is done once a step has begun."""
        wanted = (item, step, attempt)
        return [each for each in self.happenings if (each.item, each.after, each.attempt) == wanted]


def plans() -> tuple[Plan, ...]:
    """Return the projects, the oldest first."""
    found = [plan_of(row) for row in data("projects.yaml")["projects"]]
    return tuple(sorted(found, key=lambda plan: -plan.days_ago))


def plan_of(row: Mapping[str, Any]) -> Plan:
    """Return a project as the file tells of it."""
    turns = tuple(turn_of(each) for each in row.get("turns", ()))
    moves = tuple(Move(**each) for each in row.get("moves", ()))
    happenings = tuple(happening_of(each) for each in row.get("happenings", ()))
    return Plan(**{**row, "turns": turns, "moves": moves, "happenings": happenings})


def turn_of(row: Mapping[str, Any]) -> Turn:
    """Return an answer as the file tells of it."""
    lists = {name: tuple(row.get(name, ())) for name in ("materials", "corrected")}
    return Turn(**{**row, **lists})


def happening_of(row: Mapping[str, Any]) -> Happening:
    """Return what is done about an item as the file tells of it."""
    own = {name: row[name] for name in ("item", "after", "do", "day", "attempt") if name in row}
    return Happening(**own, given={name: row[name] for name in row if name not in own})


def data(name: str) -> Mapping[str, Any]:
    """Return one of the files beside this one."""
    return read_mapping((FOLDER / name).read_bytes())
