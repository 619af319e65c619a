"""What was computed of a base and a list of operations, kept in the process: neither ever changes.

Switches are no part of what the optimiser is asked, so that its answer outlives them. A deployment
is equal to itself alone, and stays alive as part of a key.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from threading import Lock
from typing import Any, Generic, TypeVar

from sqlalchemy import select

from engine.analysis.network import View
from engine.analysis.reengineering.operation import Operation, operations_of
from engine.analysis.reengineering.plan import Plan
from engine.analysis.reengineering.scenario import Played, play, totals
from engine.errors import LianshenError
from engine.service import deployments
from engine.service.scenarios import effects, proposals, rows
from engine.service.scenarios.city_lists import laws
from engine.service.scenarios.effects import Carried, Question
from engine.service.work import Work
from engine.store import tables as t
from engine.workflow.deployment import Deployment, load

T = TypeVar("T")
#: lists of operations of which figures and optima are kept
MOST = 256


class Kept(Generic[T]):
    """A few values by key, those longest not asked for going first."""

    def __init__(self, most: int = MOST) -> None:
        self.most, self.lock = most, Lock()
        self.values: OrderedDict[Hashable, T] = OrderedDict()

    def get(self, key: Hashable) -> T | None:
        """Return what is kept under a key."""
        with self.lock:
            if key in self.values:
                self.values.move_to_end(key)
            return self.values.get(key)

    def keep(self, key: Hashable, value: T) -> T:
        """Keep a value."""
        with self.lock:
            self.values[key] = value
            if len(self.values) > self.most:
                self.values.popitem(last=False)
        return value


@dataclass(frozen=True, slots=True)
class Figures:
    """Counted and elapsed working days before and after, points, and what stands in the way."""

    before_days: int
    after_days: int
    elapsed_before_days: int
    elapsed_after_days: int
    cost: int
    breaches: int
    conflicts: int

    @classmethod
    def of(cls, played: Played) -> Figures:
        """Return the figures of a scenario that was carried through."""
        before, after = totals(played.base), totals(played.plan)
        return cls(
            before_days=before[View.COUNTED],
            after_days=after[View.COUNTED],
            elapsed_before_days=before[View.ELAPSED],
            elapsed_after_days=after[View.ELAPSED],
            cost=played.cost,
            breaches=len(played.breaches),
            conflicts=len(played.conflicts),
        )


@dataclass(frozen=True, slots=True)
class Drawn:
    """A scenario back in BPMN: the files it would be deployed as, and what they say."""

    files: Mapping[str, bytes]
    built: Deployment


_DRAWN: Kept[Drawn] = Kept(32)
_FIGURES: Kept[Figures] = Kept()
_OPTIMA: Kept[Mapping[str, Any]] = Kept()


def figures(work: Work, identifiers: Iterable[int]) -> dict[int, Figures]:
    """Return the figures of scenarios by id; unknown ones are left out."""
    work.actor.require(*rows.READERS)
    c = t.scenario.c
    query = select(c.id, c.version_id, c.operations).where(c.id.in_(list(identifiers)))
    return {
        row.id: figures_of(work, deployments.deployment(work.db, row.version_id), row.operations)
        for row in work.db.execute(query)
    }


def figures_of(work: Work, built: Deployment, operations: Sequence[Any]) -> Figures:
    """Return the figures of operations on a deployed version."""
    known = laws(work.settings)
    key = (built, json.dumps(operations, sort_keys=True), known)
    found = _FIGURES.get(key)
    if found is not None:
        return found
    base = Plan.of(built.activities, built.procedure.items)
    return _FIGURES.keep(key, Figures.of(play(base, operations_of(operations), known)))


def published_days(work: Work, built: Deployment) -> int | None:
    """Return the counted working days that the city's published list leads to; None without one."""
    operations = effects.published(work.settings, built.procedure.id)[1]
    rows_of = [each.as_dict() for each in operations]
    try:
        return figures_of(work, built, rows_of).after_days if rows_of else None
    except LianshenError:
        return None


def optimum(work: Work, found: Carried, target: int) -> Mapping[str, Any]:
    """Return the optimum of a scenario's operations. Raises as `effects.at_once` does."""
    known = known_optimum(work, found, target)
    if known is not None:
        return known
    asked = _question(work, found, target)
    return _OPTIMA.keep(_key(work, found, target), effects.at_once(asked))


def known_optimum(work: Work, found: Carried, target: int) -> Mapping[str, Any] | None:
    """Return the same where it need not be computed."""
    return _OPTIMA.get(_key(work, found, target))


def _question(work: Work, found: Carried, target: int) -> Question:
    return Question(found.played.base, _operations(found), target, laws(work.settings))


def _operations(found: Carried) -> tuple[Operation, ...]:
    return tuple(replace(step.operation, enabled=True) for step in found.played.steps)


def _key(work: Work, found: Carried, target: int) -> Hashable:
    return found.base, _operations(found), target, laws(work.settings)


def drawn(work: Work, found: Carried) -> Drawn:
    """Return a scenario's diagrams. Raises NotComposable, InvalidDefinition as the export does."""
    view = found.scenario
    key = (found.base, found.played.applied, view.name, view.target_procedure)
    known = _DRAWN.get(key)
    if known is not None:
        return known
    files = proposals.files_of(work, found)
    return _DRAWN.keep(key, Drawn(files, load(files)))


def choices(work: Work, found: Carried) -> int:
    """Return how many operations the optimiser would choose among: each doubles its work."""
    return effects.choices(_question(work, found, 1))
