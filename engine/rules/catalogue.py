"""The catalogue of items (事项) and the procedures made of them, read from plain data.

`catalogue.yaml` says what is constant about an item (department, statutory time, materials,
fee, legal basis); `procedure.yaml` what one procedure promises for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from engine.errors import Invalid
from engine.rules.case_clock import Period
from engine.rules.deadline import DayUnit, check_promise, planned_days
from engine.rules.handling import Handling, extension_days, statutory_days
from engine.rules.procedure import Kind

WHOLE = re.compile(r"[0-9]{1,4}")
_E = TypeVar("_E", Kind, DayUnit, Handling)
#: what an item may endanger: no timer passes it, and no commitment replaces its proof
GUARDS = frozenset({"environment", "fire", "safety", "security", "above_city"})


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

    `promised_days` are of `promised_unit`, `statutory_days` of `unit`.
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
    promised_unit: DayUnit = DayUnit.WORKING
    expected_days: int | None = None
    participants: tuple[str, ...] = ()
    decision_waits_for: tuple[str, ...] = ()
    handling: Handling = Handling.SINGLE
    #: days it may be extended by where a law of its own says; None: as its handling has it
    special_extension_days: int | None = None
    #: the materials that may be supplied later (容缺受理); what is not listed is a main one
    secondary: tuple[str, ...] = ()
    #: it may be decided on the applicant's commitment, checked within so many working days
    commitment_check_days: int | None = None
    #: what it may endanger, of `GUARDS`
    guards: tuple[str, ...] = ()
    #: the silence of its department past the promise passes it (超时默认)
    deemed_on_lapse: bool = False

    @property
    def days(self) -> int | None:
        """Working days in the plan: promised for approvals, expected for applicants' work."""
        if self.kind is not Kind.APPROVAL:
            return self.expected_days
        if self.promised_days is None:
            return None
        return planned_days(self.promised_days, self.promised_unit)

    @property
    def promised(self) -> Period | None:
        """The time the city promises."""
        days = self.promised_days
        return None if days is None else Period(days, self.promised_unit)

    @property
    def statutory(self) -> Period | None:
        """The time the law gives."""
        days = self.statutory_days
        return None if days is None else Period(days, self.unit)

    @property
    def extension_days(self) -> int:
        """The days it may be extended by, once."""
        return extension_days(self.handling, self.unit, self.special_extension_days)

    @classmethod
    def of(cls, identifier: str, data: Mapping[str, Any]) -> Item:
        """Read an item; the data of the catalogue, the procedure and the diagram merged.

        Raises Invalid where a value is not of its kind or a promise exceeds the statute.
        """
        unit = choice(identifier, "unit", DayUnit, data.get("unit", DayUnit.WORKING))
        handling = choice(identifier, "handling", Handling, data.get("handling", Handling.SINGLE))
        instant = bool(data.get("instant"))
        promised = whole(identifier, data, "promised_days")
        item = cls(
            id=identifier,
            name=Name.of(data.get("name"), identifier),
            kind=choice(identifier, "kind", Kind, data.get("kind", Kind.APPROVAL)),
            department=str(data.get("department") or ""),
            statutory_days=statutory_days(
                handling, whole(identifier, data, "statutory_days"), unit
            ),
            unit=unit,
            legal_basis=str(data.get("legal_basis") or ""),
            materials=tuple(data.get("materials") or ()),
            fee=bool(data.get("fee")),
            instant=instant,
            # what is decided on the spot takes no day
            promised_days=0 if instant and promised is None else promised,
            promised_unit=choice(
                identifier, "promised_unit", DayUnit, data.get("promised_unit", DayUnit.WORKING)
            ),
            expected_days=whole(identifier, data, "expected_days"),
            participants=tuple(data.get("participants") or ()),
            decision_waits_for=tuple(data.get("decision_waits_for") or ()),
            handling=handling,
            special_extension_days=whole(identifier, data, "extension_days"),
            secondary=tuple(data.get("secondary") or ()),
            commitment_check_days=whole(identifier, data, "commitment_check_days"),
            guards=tuple(data.get("guards") or ()),
            deemed_on_lapse=bool(data.get("deemed_on_lapse")),
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
    """Refuse what the law bars. Raises Invalid naming the item.

    A promise above the statute, where units are the same; a default or a commitment of what could
    endanger others; materials to be supplied later that are none, or of what is decided at once.
    """
    try:
        if item.promised_days is not None:
            check_promise(item.promised_days, item.statutory_days, item.unit, item.promised_unit)
    except Invalid as error:
        raise Invalid(f"{item.id}: {error.message}", element=item.id) from error
    for field_name, refused, reason in barred(item):
        if refused:
            raise Invalid(f"{item.id}: {reason}", element=item.id, field=field_name)


def barred(item: Item) -> Iterator[tuple[str, bool, str]]:
    """Yield what an item may not be, by field: whether it is, and why not."""
    guards = ", ".join(item.guards)
    unknown = sorted(set(item.guards) - GUARDS)
    yield "guards", bool(unknown), f"guards are {', '.join(sorted(GUARDS))}, not {unknown}"
    yield (
        "deemed_on_lapse",
        item.deemed_on_lapse and bool(item.guards),
        (f"silence never passes what could endanger others ({guards})"),
    )
    yield (
        "commitment_check_days",
        item.commitment_check_days is not None and bool(item.guards),
        (f"a commitment cannot replace the proof of {guards}"),
    )
    foreign = sorted(set(item.secondary) - set(item.materials))
    yield "secondary", bool(foreign), f"secondary materials must be among its materials: {foreign}"
    yield (
        "secondary",
        bool(item.secondary) and (item.instant or "above_city" in item.guards),
        ("gaps are not accepted where it is decided on the spot or above the city"),
    )
    late = item.instant and item.promised_days not in {None, 0}
    yield "instant", late, "what is decided on the spot is promised in 0 days"


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
