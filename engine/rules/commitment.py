"""Decision on the applicant's commitment (告知承诺), and the check that follows it.

The conditions are told, the applicant commits to them in writing, the decision falls at once; the
department checks within a set time, has put right what is wrong, or revokes (滨州 art. 12, 安阳
art. 25 and 57). Not for what could endanger others: the catalogue refuses it there.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from engine.errors import Invalid
from engine.rules.catalogue import Item
from engine.rules.lifecycle import Moves, moves

#: characters of the conditions and of findings, and of a name
MAX_TEXT, MAX_NAME = 2_000, 200

#: accepted: not decided yet; open: decided, to be checked
COMMITMENT: Moves = moves(
    {
        "accepted": "open void",
        "open": "kept rectifying revoked",
        "rectifying": "rectified revoked",
        "kept": "",
        "rectified": "",
        "revoked": "",
        "void": "",
    }
)
#: states in which a department has something to check
TO_CHECK = ("open", "rectifying")
#: what a check comes to, and the state of the commitment then
RESULTS = {
    "kept": "kept",
    "rectify": "rectifying",
    "rectified": "rectified",
    "revoked": "revoked",
}
#: results that are written down with reasons
REASONED = ("rectify", "revoked")


@dataclass(frozen=True, slots=True)
class CommitmentRules:
    """What a city does about commitments that were false."""

    #: months the applicant is on the credit record; 0 for no record
    credit_months: int = 12


@dataclass(frozen=True, slots=True)
class Committed:
    """What was told and committed to, and who signed."""

    conditions: str
    committed_by: str


def committed(item: Item, conditions: Any, committed_by: Any) -> Committed:
    """Return what an acceptance says of a commitment. Raises Invalid naming the field."""
    if item.commitment_check_days is None or item.guards:
        raise Invalid(f"{item.id} is not decided on a commitment", field="outcome")
    return Committed(
        text("conditions", conditions, MAX_TEXT), text("committed_by", committed_by, MAX_NAME)
    )


def text(name: str, given: Any, limit: int) -> str:
    """Return a text that must be there. Raises Invalid."""
    plain = given.strip() if isinstance(given, str) else ""
    if not 0 < len(plain) <= limit:
        raise Invalid(f"{name} must be a text of 1 to {limit} characters", field=name)
    return plain


def check_result(
    result: str, findings: str, rectify_by_on: date | None, today: date
) -> tuple[str, str]:
    """Return the state a check leads to, and its findings.

    Raises Invalid naming the field: an unknown result, findings missing where they are needed, a
    date to rectify by that is missing or not after today.
    """
    if result not in RESULTS:
        known = ", ".join(RESULTS)
        raise Invalid(f"result must be one of {known}, not {result!r}", field="result")
    if result in REASONED or findings.strip():
        findings = text("findings", findings, MAX_TEXT)
    if result == "rectify" and (rectify_by_on is None or rectify_by_on <= today):
        raise Invalid(f"rectify_by_on must be after {today}", field="rectify_by_on")
    return RESULTS[result], findings


def due_on(state: str, check_due_on: date | None, rectify_by_on: date | None) -> date | None:
    """Return until when something is to be done about a commitment in a state; None for never."""
    return {"open": check_due_on, "rectifying": rectify_by_on}.get(state)
