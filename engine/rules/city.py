"""What a city decides for itself, as data: `city.yaml` beside its diagrams.

Each section is a frozen value whose defaults are ours (domain knowledge marked "proposed"); the
file names only what the city does otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import time
from typing import Any, TypeVar, get_origin, get_type_hints

from engine.errors import Invalid
from engine.rules.coaching import CoachingRules
from engine.rules.commitment import CommitmentRules
from engine.rules.credit import CreditRules
from engine.rules.gaps import GapRules
from engine.rules.inspection import SupervisionRules
from engine.rules.joint_review import ReviewRules
from engine.rules.light import Limits
from engine.rules.meeting import MeetingRules
from engine.rules.supervision import CardRules

_S = TypeVar("_S")


@dataclass(frozen=True, slots=True)
class Receipt:
    """When what is filed counts as received."""

    #: filings that arrive later in the day count as received on the next working day
    cut_off: time = time(17, 0)


@dataclass(frozen=True, slots=True)
class CityRules:
    """Every section with its defaults."""

    receipt: Receipt = field(default_factory=Receipt)
    gaps: GapRules = field(default_factory=GapRules)
    commitments: CommitmentRules = field(default_factory=CommitmentRules)
    credit: CreditRules = field(default_factory=CreditRules)
    lights: Limits = field(default_factory=Limits)
    joint_review: ReviewRules = field(default_factory=ReviewRules)
    meetings: MeetingRules = field(default_factory=MeetingRules)
    cards: CardRules = field(default_factory=CardRules)
    supervision: SupervisionRules = field(default_factory=SupervisionRules)
    coaching: CoachingRules = field(default_factory=CoachingRules)

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> CityRules:
        """Read the sections of the file. Raises Invalid naming what it does not know."""
        return section(cls, data, "")


def section(kind: type[_S], data: Any, where: str) -> _S:
    """Return a section read from plain data, its own sections included.

    Raises Invalid naming the key that is unknown, or whose value is of another kind.
    """
    if not isinstance(data, Mapping):
        raise Invalid(f"city.yaml: {where or 'the file'} must be a mapping", field=where)
    hints = get_type_hints(kind)
    known = {each.name for each in fields(kind)}  # type: ignore[arg-type]
    unknown = sorted(set(data) - known)
    if unknown:
        text = f"city.yaml: {where}{unknown[0]} is not known; there are {', '.join(sorted(known))}"
        raise Invalid(text, field=f"{where}{unknown[0]}")
    return kind(**{name: value(hints[name], each, where + name) for name, each in data.items()})


def value(kind: Any, given: Any, where: str) -> Any:
    """Return a value as its kind. Raises Invalid."""
    if hasattr(kind, "__dataclass_fields__"):
        return section(kind, given, f"{where}.")
    if kind is time:
        return clock_time(given, where)
    if get_origin(kind) is tuple:
        return tuple(texts(given, where))
    if get_origin(kind) is Mapping:
        return named_texts(given, where)
    if kind is int and (isinstance(given, bool) or not isinstance(given, int) or given < 0):
        raise Invalid(f"city.yaml: {where} must be a whole number, not {given!r}", field=where)
    if kind in {int, bool, str} and not isinstance(given, kind):
        raise Invalid(f"city.yaml: {where} must be {kind.__name__}, not {given!r}", field=where)
    return given


def texts(given: Any, where: str) -> list[str]:
    """Return a list of texts. Raises Invalid."""
    if not isinstance(given, list) or not all(isinstance(each, str) for each in given):
        raise Invalid(f"city.yaml: {where} must be a list of texts, not {given!r}", field=where)
    return given


def named_texts(given: Any, where: str) -> dict[str, str]:
    """Return texts by name. Raises Invalid."""
    if not isinstance(given, Mapping):
        raise Invalid(f"city.yaml: {where} must be a mapping of texts", field=where)
    names, values = texts(list(given), where), texts(list(given.values()), where)
    return dict(zip(names, values, strict=True))


def clock_time(given: Any, where: str) -> time:
    """Return a time of the day written as `17:00`, in quotes. Raises Invalid."""
    try:
        return time.fromisoformat(given)
    except (TypeError, ValueError) as error:
        text = f"city.yaml: {where} must be a time such as '17:00', not {given!r}"
        raise Invalid(text, field=where) from error
