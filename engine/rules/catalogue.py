"""The catalogue of items (事项) and the procedures made of them, read from plain data.

`catalogue.yaml` says what is constant about an item (department, statutory time, materials,
fee, legal basis); `procedure.yaml` what one procedure promises for it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from engine.errors import Invalid
from engine.rules.deadline import DayUnit, check_promise
from engine.rules.procedure import Kind

WHOLE = re.compile(r"[0-9]{1,4}")
_E = TypeVar("_E", Kind, DayUnit)


@dataclass(frozen=True, slots=True)
class Name:
    """A name in the interface's two languages."""

    zh: str
    en: str = ""

    @classmethod
    def of(cls, data: Any, fallback: str = "") -> Name:
        """Read `{zh: …, en: …}` or a plain text."""
        if isinstance(data, Mapping):
            return cls(str(data.get("zh") or fallback), str(data.get("en") or ""))
        return cls(str(data or fallback))


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a procedure: what the catalogue and the procedure say together.

    `promised_days` are working days; `statutory_days` are of `unit`.
    """

    id: str
    name: Name
    kind: Kind = Kind.APPROVAL
    department: str = ""
    statutory_days: int | None = None
    unit: DayUnit = DayUnit.WORKING
    legal_basis: str = ""
    materials: tuple[str, ...] = ()
    fee: bool = False
    instant: bool = False
    promised_days: int | None = None
    expected_days: int | None = None
    participants: tuple[str, ...] = ()
    decision_waits_for: tuple[str, ...] = ()

    @property
    def days(self) -> int | None:
        """Working days in the plan: promised for approvals, expected for applicants' work."""
        return self.promised_days if self.kind is Kind.APPROVAL else self.expected_days

    @classmethod
    def of(cls, identifier: str, data: Mapping[str, Any]) -> Item:
        """Read an item; the data of the catalogue, the procedure and the diagram merged.

        Raises Invalid where a value is not of its kind or a promise exceeds the statute.
        """
        item = cls(
            id=identifier,
            name=Name.of(data.get("name"), identifier),
            kind=choice(identifier, "kind", Kind, data.get("kind", Kind.APPROVAL)),
            department=str(data.get("department") or ""),
            statutory_days=whole(identifier, data, "statutory_days"),
            unit=choice(identifier, "unit", DayUnit, data.get("unit", DayUnit.WORKING)),
            legal_basis=str(data.get("legal_basis") or ""),
            materials=tuple(data.get("materials") or ()),
            fee=bool(data.get("fee")),
            instant=bool(data.get("instant")),
            promised_days=whole(identifier, data, "promised_days"),
            expected_days=whole(identifier, data, "expected_days"),
            participants=tuple(data.get("participants") or ()),
            decision_waits_for=tuple(data.get("decision_waits_for") or ()),
        )
        check_item(item)
        return item


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage: a lead department and a diagram."""

    id: str
    name: Name
    lead: str = ""
    diagram: str = ""


@dataclass(frozen=True, slots=True)
class Procedure:
    """What `procedure.yaml` says, with its items resolved against the catalogue."""

    id: str
    name: Name
    stages: tuple[Stage, ...]
    items: Mapping[str, Item] = field(default_factory=dict)
    project_type: str = ""
    source: str = ""
    starts_with: Name = Name("", "")
    window_months: int | None = None

    def stage(self, identifier: str) -> Stage:
        """Return a stage by its id; raises KeyError."""
        return {stage.id: stage for stage in self.stages}[identifier]


def check_item(item: Item) -> None:
    """Refuse a promise above the statute; mixed units cannot be compared."""
    if item.promised_days is None:
        return
    try:
        check_promise(item.promised_days, item.statutory_days, item.unit)
    except Invalid as error:
        raise Invalid(f"{item.id}: {error.message}", element=item.id) from error


def whole(identifier: str, data: Mapping[str, Any], name: str) -> int | None:
    """Return a count of days, or None where there is none."""
    value = data.get(name)
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not WHOLE.fullmatch(str(value)):
        text = f"{identifier}: {name} must be a whole number of days, not {value!r}"
        raise Invalid(text, element=identifier, field=name)
    return int(value)


def choice(identifier: str, name: str, kinds: type[_E], value: Any) -> _E:
    """Return a member of an enumeration."""
    try:
        return kinds(value)
    except ValueError as error:
        text = f"{identifier}: {name} must be one of {', '.join(kinds)}, not {value!r}"
        raise Invalid(text, element=identifier, field=name) from error
