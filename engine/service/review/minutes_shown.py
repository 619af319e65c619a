"""Minutes as they are shown, and as a file; for whoever works for a department."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from engine.errors import Forbidden, NotFound
from engine.rules.minutes import TEXTS, MinutesState, signed_hash
from engine.service.access import Row
from engine.service.review import minutes_content, minutes_document, minutes_rows, round_rows, views
from engine.service.review.minutes import unsigned
from engine.service.review.minutes_rows import Verified
from engine.service.review.rounds import LEADS
from engine.service.work import Work


@dataclass(frozen=True, slots=True)
class SignatureView:
    """A department's signature; `hash` is of what it signed."""

    department: str
    name: str
    signed_by: str
    signed_by_name: str
    signed_at: datetime
    hash: str
    remark: str


@dataclass(frozen=True, slots=True)
class MinutesView:
    """Minutes of a round.

    `state`: '' where nobody wrote any, and what they would say now; draft, signing, sealed.
    `content` is all they say; `signed_hash` its SHA-256 as departments sign it, `hash` that of
    sealed minutes with their signatures and document. `missing` are the departments that have not
    signed: of sealed minutes those that never did. They have until `sign_by_on`; afterwards the
    lead may seal. `may_draft`, `may_sign` (for these departments) and `may_seal` are of who asks.
    """

    round: int
    version: int
    state: str
    content: dict[str, Any]
    signed_hash: str
    hash: str
    signatures: list[SignatureView]
    missing: list[str]
    sign_by_on: date | None
    drafted_at: datetime | None
    drafted_by: str | None
    sealed_at: datetime | None
    may_draft: bool
    may_sign: list[str]
    may_seal: bool


def get(work: Work, identifier: int) -> MinutesView:
    """Return the minutes of a round. Raises NotFound, Forbidden for applicants."""
    round_row = visible(work, identifier)
    row = minutes_rows.read(work, identifier)
    content = row["content"] if row else minutes_content.preview(work, round_row)
    given = minutes_rows.signatures_of(work, row["id"]) if row else {}
    state = row["state"] if row else ""
    out = state in {MinutesState.SIGNING, MinutesState.SEALED}
    missing = [each["department"] for each in unsigned(content, given)] if out else []
    return MinutesView(
        round=identifier,
        version=row["version"] if row else 0,
        state=state,
        content=dict(content),
        signed_hash=signed_hash(content) if out else "",
        hash=row["hash"] if row else "",
        signatures=signatures(work, content, given),
        missing=missing,
        sign_by_on=date.fromisoformat(content["sign_by_on"]) if out else None,
        drafted_at=row["drafted_at"] if row else None,
        drafted_by=row["drafted_by"] if row else None,
        sealed_at=row["sealed_at"] if row else None,
        **may(work, round_row, state, content, missing),
    )


def visible(work: Work, identifier: int) -> Row:
    """Return a round's row. Raises NotFound, Forbidden for applicants."""
    row = views.row_of(work, identifier)
    if round_rows.is_outside(work.actor):
        raise Forbidden("minutes are for those who work for a department")
    return row


def signatures(
    work: Work, content: Mapping[str, Any], given: Mapping[str, Row]
) -> list[SignatureView]:
    """Return the signatures there are, with the names of who gave them."""
    named = minutes_content.with_people(
        work, {"given": [{**each, "name": each["department"]} for each in given.values()]}
    )
    called = {each["department"]: each["name"] for each in content["signers"]}
    fields = ("department", "signed_by", "signed_by_name", "signed_at", "hash", "remark")
    return [
        SignatureView(**{name: each[name] for name in fields}, name=called[each["department"]])
        for each in named["given"]
    ]


def may(
    work: Work, round_row: Row, state: str, content: Mapping[str, Any], missing: list[str]
) -> dict[str, Any]:
    """Return what the actor may do with minutes now."""
    actor, lead = work.actor, round_row["lead"]
    leads = actor.has("coordinator") or actor.has(*LEADS, department=lead)
    written = minutes_rows.in_hand(round_row)
    signing = state == MinutesState.SIGNING and written
    late = signing and str(work.today) > content["sign_by_on"]
    own = [each for each in missing if actor.has(*LEADS, department=each)]
    return {
        "may_draft": leads and written and state in {"", MinutesState.DRAFT},
        "may_sign": own if signing else [],
        "may_seal": late and leads and lead not in missing,
    }


def texts_of(content: Mapping[str, Any]) -> dict[str, str]:
    """Return what the lead wrote."""
    return {name: content["texts"][name] for name in TEXTS}


def file(work: Work, identifier: int) -> tuple[str, bytes]:
    """Return the name and the document of minutes: as sealed, or as they would be now.

    Raises NotFound, Forbidden for applicants, BadTemplate.
    """
    round_row = visible(work, identifier)
    row = minutes_rows.read(work, identifier)
    content = row["content"] if row else minutes_content.preview(work, round_row)
    state = row["state"] if row else ""
    if state == MinutesState.SEALED:
        return name_of(content, "会议纪要"), minutes_rows.document(work, identifier)
    return name_of(content, "会议纪要"), minutes_document.minutes(work.settings, content, state)


def name_of(content: Mapping[str, Any], title: str) -> str:
    """Return what a document of a round is called as a file."""
    row = content["round"]
    return f"{content['project']['code']}-{row['stage']}-{row['number']}-{title}.docx"


def verify(work: Work, identifier: int) -> Verified:
    """Compute the hash of minutes anew. Raises NotFound, Forbidden for applicants."""
    visible(work, identifier)
    row = minutes_rows.read(work, identifier)
    if row is None:
        raise NotFound(f"joint review {identifier} has no minutes", round=identifier)
    return minutes_rows.verified(work, row)
