"""Credit records: who broke a promise gets no acceptance on trust until the record expires.

Applicants with a valid record are not accepted with gaps (阜新 2022: 有不良信用记录的不适用容缺
受理), nor on a commitment (安阳 art. 57: a false commitment goes to the credit record). How long a
record lasts is the city's to say.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from engine.errors import Conflict, Invalid

#: characters of a note
MAX_NOTE = 2_000
YEAR = 12


class Cause(StrEnum):
    """Why a record was made."""

    #: a material that was promised at acceptance never came
    GAP = "gap_not_supplied"
    #: a decision was revoked whose commitment was false
    COMMITMENT = "false_commitment"
    #: made by hand
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class CreditRules:
    """What a city decides of records that are made by hand."""

    #: months a record lasts that names no end (proposed)
    months: int = 12


class OnRecord(Conflict):
    """The applicant has a valid credit record: no acceptance on trust."""

    remedy = "Accept with complete material, or ask a coordinator to look at the record."


def holds(record: Mapping[str, Any], today: date) -> bool:
    """Tell whether a record is valid on a day: not lifted, and not expired; the last day counts."""
    until_on: date = record["until_on"]
    return record["lifted_at"] is None and today <= until_on


def state(record: Mapping[str, Any], today: date) -> str:
    """Return what a record is on a day: valid, expired or lifted."""
    if record["lifted_at"] is not None:
        return "lifted"
    return "valid" if holds(record, today) else "expired"


def check(record: Mapping[str, Any] | None, today: date) -> None:
    """Raise OnRecord where there is a valid record, with its cause and until when it holds."""
    if record is not None and holds(record, today):
        until = str(record["until_on"])
        text = f"{record['applicant']} has a credit record until {until} ({record['cause']})"
        raise OnRecord(text, until_on=until, cause=record["cause"], record=record["id"])


def expires_on(since_on: date, months: int) -> date:
    """Return the last day of a record of so many months; a shorter month ends it on its last."""
    year, month = divmod(since_on.year * YEAR + since_on.month - 1 + months, YEAR)
    return date(year, month + 1, min(since_on.day, monthrange(year, month + 1)[1]))


def check_by_hand(note: str, since_on: date, until_on: date) -> str:
    """Return the note of a record made by hand. Raises Invalid naming the field."""
    plain = note.strip()
    if not 0 < len(plain) <= MAX_NOTE:
        raise Invalid(f"a record needs a note of 1 to {MAX_NOTE} characters", field="note")
    if until_on < since_on:
        raise Invalid("a record cannot end before it begins", field="until_on")
    return plain
