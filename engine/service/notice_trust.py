"""What notices say of promised materials and commitments: the promise, and what follows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from engine.rules import notice
from engine.rules.catalogue import Item


@dataclass(frozen=True, slots=True)
class PromisedLine:
    """A material and the day it is promised for."""

    material: str
    promised_on: date


@dataclass(frozen=True, slots=True)
class TrustTold:
    """What a notice says of a promise.

    `gaps` are to come in a `form`; not there in time, the clock stands still for `grace_days`
    working days (until `grace_until_on` in a reminder), and then comes the `outcome`: returned,
    refused or not_accepted. Or `conditions` were committed to, and are checked within
    `check_days` working days of the decision.
    """

    gaps: list[PromisedLine]
    form: str
    grace_days: int | None
    grace_until_on: date | None
    outcome: str
    conditions: str
    committed_by: str
    check_days: int | None


def told(item: Item, data: Mapping[str, Any]) -> TrustTold | None:
    """Return what the event of a notice says of a promise; None where it says nothing."""
    given = {**data, **(data.get("data") or {})}
    consequence: Mapping[str, Any] = data.get("consequence") or {}
    conditions = notice.text(given, "conditions") if notice.is_commitment(data) else ""
    gaps = list(promised(given))
    if not gaps and not conditions:
        return None
    return TrustTold(
        gaps=gaps,
        form=notice.text(given, "form"),
        grace_days=consequence.get("grace_days"),
        grace_until_on=day(given.get("grace_until_on")),
        outcome=notice.text(consequence, "outcome"),
        conditions=conditions,
        committed_by=notice.text(given, "committed_by"),
        check_days=item.commitment_check_days if conditions else None,
    )


def promised(given: Mapping[str, Any]) -> list[PromisedLine]:
    """Return the promised materials of an acceptance, or the one of a reminder."""
    listed = given.get("gaps") or ([given] if "promised_on" in given else [])
    lines = [
        (str(each.get("material", "")), day(each.get("promised_on")))
        for each in listed
        if isinstance(each, Mapping)
    ]
    return [PromisedLine(material, on) for material, on in lines if material and on]


def day(given: Any) -> date | None:
    """Return a date that stands with an event."""
    return date.fromisoformat(given) if isinstance(given, str) and given else None
