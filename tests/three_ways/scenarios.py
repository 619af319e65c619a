"""Scenarios to export and run: the published lists, candidates one by one, lawful sets."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from engine.analysis.reengineering.operation import Operation
from engine.analysis.reengineering.plan import Plan
from engine.analysis.reengineering.scenario import Played, StepState, play
from engine.rules.catalogue import Name
from engine.service import procedures
from engine.service.scenarios import city_lists, export
from engine.settings import Settings
from engine.workflow.deployment import Deployment

SETTINGS = Settings()
MAKES = {"industrial-2013": "industrial-2014", "real-estate-2013": "real-estate-2014"}
SEED = 2014


class Case(NamedTuple):
    """Operations on a procedure."""

    procedure: str
    operations: tuple[Operation, ...]


@cache
def base(procedure: str) -> tuple[Deployment, Plan]:
    """One of the city's procedures."""
    built, _ = procedures.plan(procedures.named(procedure, SETTINGS), SETTINGS)
    return built, Plan.of(built.activities, built.procedure.items)


def published(procedure: str) -> tuple[Operation, ...]:
    """The city's list for a procedure."""
    return city_lists.published(SETTINGS, procedure)[1]


def on(operation: Operation) -> Operation:
    return Operation.of({**operation.as_dict(), "enabled": True, "excludes": []})


def lawful(procedure: str, operations: Iterable[Operation]) -> tuple[Operation, ...]:
    """Those of some operations that can be done, and break no law, after those before them."""
    kept: tuple[Operation, ...] = ()
    for operation in map(on, operations):
        played = played_on(procedure, (*kept, operation))
        if played.steps[-1].state is StepState.APPLIED and not played.breaches:
            kept += (operation,)
    return kept


def played_on(procedure: str, operations: Sequence[Operation]) -> Played:
    return play(base(procedure)[1], operations, city_lists.laws(SETTINGS))


@cache
def carried(case: Case, name: str = "scenario") -> tuple[Played, Mapping[str, bytes]]:
    """A scenario played on paper, and its files."""
    played = played_on(case.procedure, case.operations)
    files = procedures.named(case.procedure, SETTINGS)
    built, _ = base(case.procedure)
    told = Name("方案")
    made = export.files_of(played.plan, built, files, told, name, operations=played.applied)
    return played, made


def singles() -> list[Case]:
    """Every candidate beyond what was published, alone, where it is lawful."""
    found = [
        Case(procedure, lawful(procedure, [each]))
        for procedure in MAKES.values()
        for each in published(procedure)
    ]
    return [case for case in found if case.operations]


def together() -> list[Case]:
    """All lawful candidates at once."""
    return [Case(each, lawful(each, published(each))) for each in MAKES.values()]


def drawn_by_lot() -> list[Case]:
    """Lawful subsets in any order, of every list."""
    lot = random.Random(SEED)
    found = []
    for procedure in (*MAKES, *MAKES.values()):
        asked = list(published(procedure))
        found.append(Case(procedure, lawful(procedure, lot.sample(asked, len(asked) // 2))))
    return found
