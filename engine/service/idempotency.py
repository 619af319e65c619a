"""Answers kept so that a repeated request does nothing twice.

The key is taken before the work and the answer is kept with it, in one transaction. Two
requests with the same key at the same moment therefore queue: the second sees the first's
answer. Work that was rolled back leaves no key, so its request may be sent again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from engine.errors import Invalid
from engine.service.work import Work
from engine.store import tables as t

LONGEST = 200


class KeyReused(Invalid):
    """This Idempotency-Key was used for another request."""

    code = "idempotency_key_reused"
    remedy = "Use a new key for a new request."


class BadKey(Invalid):
    """An Idempotency-Key has 1 to 200 visible ASCII characters."""

    code = "idempotency_key_invalid"
    remedy = "Send a random UUID, or leave the header out."


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as it was first given."""

    status: int
    headers: dict[str, str]
    body: bytes


VALUES = {
    "user_id": bindparam("user"),
    "key": bindparam("name"),
    "request_hash": bindparam("hash"),
    "status": 0,
    "headers": {},
    "body": b"",
    "created_at": bindparam("now"),
}
OWN = (t.idempotency.c.user_id == bindparam("user"), t.idempotency.c.key == bindparam("name"))
#: gives back the key it took; nothing where it was taken already
TAKE = {
    name: dialect.insert(t.idempotency)
    .values(VALUES)
    .on_conflict_do_nothing()
    .returning(t.idempotency.c.key)
    for name, dialect in (("sqlite", sqlite), ("postgresql", postgresql))
}
SEE = select(t.idempotency).where(*OWN)
KEEP = (
    update(t.idempotency)
    .where(*OWN)
    .values(status=bindparam("b_status"), headers=bindparam("b_headers"), body=bindparam("b_body"))
)


def take(work: Work, key: str, request_hash: str) -> Answer | None:
    """Take a key for a request; return the answer to replay where it was answered before.

    Raises KeyReused where the key belongs to another request.
    """
    bound = {"user": work.actor.id, "name": key}
    taking = {**bound, "hash": request_hash, "now": work.now}
    if work.db.execute(TAKE[work.db.dialect.name], taking).first() is not None:
        return None
    row = work.db.execute(SEE, bound).one()
    if row.request_hash != request_hash:
        raise KeyReused(field="Idempotency-Key")
    return Answer(row.status, dict(row.headers), row.body)


def check(key: str) -> None:
    """Raise BadKey for what is no key."""
    visible = key.isascii() and key.isprintable() and key == key.strip()
    if not (visible and 0 < len(key) <= LONGEST):
        raise BadKey(field="Idempotency-Key")


def keep(work: Work, key: str, answer: Answer) -> None:
    """Keep the answer to the request that took a key."""
    bound = {
        "user": work.actor.id,
        "name": key,
        "b_status": answer.status,
        "b_headers": answer.headers,
        "b_body": answer.body,
    }
    work.db.execute(KEEP, bound)


def fingerprint(parts: Iterable[bytes]) -> str:
    """Return the hash by which two requests are the same."""
    total = hashlib.sha256()
    for part in parts:
        total.update(len(part).to_bytes(8))
        total.update(part)
    return total.hexdigest()


def forget(work: Work, before: datetime) -> int:
    """Delete answers kept before an instant; returns how many."""
    return work.db.execute(
        delete(t.idempotency).where(t.idempotency.c.created_at < before)
    ).rowcount
