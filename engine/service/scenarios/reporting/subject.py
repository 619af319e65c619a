"""What a report is about: a scenario, its effect, its optimum, and what things are called."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from engine.analysis.reengineering.legality import BreachKind
from engine.rules.catalogue import Name
from engine.rules.precondition import Precondition
from engine.rules.procedure import OPEN, START, Kind
from engine.service.scenarios.reporting.words import Words

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Cover:
    """Which scenario, on which base, by whom; `state` is '' for operations on paper."""

    name: str
    procedure: str
    on: date
    procedure_name: Name = field(default_factory=lambda: Name(""))
    version: int | None = None
    newest_version: int | None = None
    target_procedure: str = ""
    author: str = ""
    state: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Names:
    """What items and departments are called, by id."""

    items: Mapping[str, Name]
    departments: Mapping[str, Name]


@dataclass(frozen=True, slots=True)
class Subject:
    """All that a report tells; `effect` and `optimum` as the analysis gives them.

    `laws` are the preconditions it was judged by; `checkable` the kinds of breaches of which
    anything is known of the base.
    """

    cover: Cover
    effect: Row
    names: Names
    laws: Sequence[Precondition] = ()
    optimum: Row | None = None
    checkable: frozenset[str] = frozenset(BreachKind)

    def item(self, identifier: str, words: Words) -> str:
        """Return what an item or a milestone is called; its id where nobody knows."""
        if identifier in {START, OPEN}:
            return words(identifier)
        known = self.names.items.get(identifier)
        return words.name(known) if known else identifier

    def department(self, code: str, words: Words) -> str:
        """Return what a department is called; its code where nobody knows."""
        known = self.names.departments.get(code)
        return words.name(known) if known else code

    def operation(self, identifier: str, words: Words) -> str:
        """Return what an operation is called; its id where it is none of the scenario's."""
        known = {step["operation"]: step["name"] for step in self.effect["steps"]}
        return words.name(Name.of(known.get(identifier), identifier))


def opening(report: Row) -> Iterator[Row]:
    """Yield the approvals that construction start waits for, of a critical-path report."""
    rows = {row["id"]: row for row in report["activities"]}
    needed, found = {OPEN}, [OPEN]
    while found:
        row = rows.get(found.pop(), {})
        fresh = {*row.get("predecessors", ()), *row.get("decision_waits_for", ())} - needed
        needed |= fresh
        found.extend(fresh)
    yield from (each for each in approvals(report) if each["id"] in needed)


def approvals(report: Row) -> list[Row]:
    """Return the approvals of a critical-path report, as they can be decided one after another."""
    found = [row for row in report["activities"] if row["kind"] == Kind.APPROVAL]
    return sorted(found, key=lambda row: (row["earliest_start"], row["earliest_finish"]))
