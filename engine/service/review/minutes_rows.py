"""Minutes as they are recorded: their row, their signatures, and whether they are intact."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import select

from engine.rules.joint_review import Conclusion, Mode
from engine.rules.minutes import MinutesState, sealed_hash, signed_hash
from engine.service.access import Row
from engine.service.work import Work
from engine.store import tables as t


@dataclass(frozen=True, slots=True)
class Verified:
    """Whether sealed minutes are what was sealed, computed anew from what is kept.

    `hash` is that kept with them, `computed` that of content and document as they are now.
    `foreign` are the departments whose signature is of another content, or is not the one that
    was sealed. `intact`: nothing of it has changed.
    """

    round: int
    state: str
    intact: bool
    hash: str
    computed: str
    foreign: list[str] = field(default_factory=list)


def has_minutes(row: Row) -> bool:
    """Tell whether a round has minutes: every meeting, and papers that came to a conclusion.

    Papers that only ask for material have their one notice.
    """
    return bool(row["mode"] == Mode.MEETING or row["conclusion"] != Conclusion.SUPPLEMENT)


def in_hand(row: Row) -> bool:
    """Tell whether minutes of a round can be written and signed.

    The round of a meeting that asked for material goes on meanwhile, and may end before them.
    """
    ended = row["state"] == "closed" and row["conclusion"] == Conclusion.SUPPLEMENT
    return has_minutes(row) and (ended or row["state"] in {"open", "concluded"})


def read(work: Work, identifier: int) -> Row | None:
    """Return the minutes of a round, without their document; None where nobody wrote any."""
    table = t.minutes
    columns = [each for each in table.c if each.name != "document"]
    query = select(*columns).where(table.c.round_id == identifier)
    found = work.db.execute(query).mappings().one_or_none()
    return None if found is None else dict(found)


def signatures_of(work: Work, minutes: int) -> dict[str, Row]:
    """Return the signatures of minutes by their departments, in the order they were given."""
    table = t.minutes_signature
    query = select(table).where(table.c.minutes_id == minutes).order_by(table.c.signed_at)
    return {row["department"]: dict(row) for row in work.db.execute(query).mappings()}


def document(work: Work, identifier: int) -> bytes:
    """Return the document of sealed minutes, b'' where there is none."""
    query = select(t.minutes.c.document).where(t.minutes.c.round_id == identifier)
    return work.db.execute(query).scalar() or b""


def verified(work: Work, row: Row) -> Verified:
    """Compute the hash of minutes anew, and compare every signature with what was signed."""
    content, sealed = row["content"], row["state"] == MinutesState.SEALED
    computed = sealed_hash(content, document(work, row["round_id"])) if sealed else ""
    told, expected = signatures_of(work, row["id"]), signed_hash(content)
    foreign = {name for name, each in told.items() if each["hash"] != expected}
    if sealed:
        kept = {each["department"]: each for each in content.get("signatures", [])}
        names = ("signed_by", "hash", "remark")
        foreign |= {
            name
            for name in {*told, *kept}
            if any(told.get(name, {}).get(key) != kept.get(name, {}).get(key) for key in names)
        }
    intact = computed == row["hash"] and not foreign
    return Verified(row["round_id"], row["state"], intact, row["hash"], computed, sorted(foreign))
