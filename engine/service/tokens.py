"""Secrets that stand for a user: bearer tokens and login sessions.

A secret has 256 random bits and only its SHA-256 is kept: whoever reads the database cannot
use what they find, and a secret that strong needs no slow hash. Finding who acts is one
statement, and nothing is written for it.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, RowMapping, bindparam, insert, or_, select, update

from engine.errors import Invalid, LianshenError, NotFound
from engine.service import present_calendar
from engine.service.identity import position, record
from engine.service.views import Page
from engine.service.work import Actor, Work
from engine.store import statements as sql
from engine.store import tables as t

BEARER = "bearer"
SESSION = "session"
#: what a token begins with, so that people and scanners recognise one
PREFIX = "lst_"


class Unauthenticated(LianshenError):
    """Nobody is logged in with that."""

    code = "unauthenticated"
    remedy = "Send `Authorization: Bearer TOKEN` with a token that works, or log in."


@dataclass(frozen=True, slots=True)
class TokenView:
    """A bearer token of a user; its secret is shown once, when it is made."""

    id: int
    user: str
    name: str
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class NewToken:
    """A bearer token just made, with the secret that nobody can show again."""

    id: int
    user: str
    name: str
    created_at: datetime
    expires_at: datetime | None
    token: str


WHO = (
    select(
        *(t.user.c.id, t.user.c.name, t.user_role.c.role, t.user_role.c.department),
        # what follows counts days: which calendar is in force costs no statement of its own
        sql.NEWEST_CALENDAR,
    )
    .select_from(
        t.access_token.join(t.user, t.user.c.id == t.access_token.c.user_id).outerjoin(
            t.user_role, t.user_role.c.user_id == t.user.c.id
        )
    )
    .where(
        t.access_token.c.secret_hash == bindparam("hash"),
        t.access_token.c.kind == bindparam("kind"),
        t.access_token.c.revoked_at.is_(None),
        or_(t.access_token.c.expires_at.is_(None), t.access_token.c.expires_at > bindparam("now")),
        t.user.c.active,
    )
)


def authenticate(db: Connection, kind: str, secret: str, now: datetime) -> Actor:
    """Return who a secret stands for. Raises Unauthenticated where it stands for nobody."""
    bound = {"hash": digest(secret), "kind": kind, "now": now}
    rows = db.execute(WHO, bound).all()
    if not rows:
        raise Unauthenticated(f"this {kind} is unknown, expired or revoked")
    present_calendar.seen(db, rows[0].calendar_id)
    roles = frozenset((row.role, row.department) for row in rows if row.role is not None)
    return Actor(rows[0].id, rows[0].name, roles)


def create(work: Work, user_id: int, name: str, expires_at: datetime | None = None) -> NewToken:
    """Make a bearer token for a user. Raises Invalid where it would have expired already."""
    if expires_at is not None and expires_at <= work.now:
        raise Invalid("a token cannot expire before it is made", field="expires_at")
    secret = PREFIX + secrets.token_urlsafe(32)
    identifier = add(work, user_id, BEARER, name, secret, expires_at)
    view = get(work, identifier)
    record(work, "token.created", user=view.user, token=name)
    return NewToken(identifier, view.user, name, view.created_at, view.expires_at, secret)


def open_session(work: Work, user_id: int) -> str:
    """Begin a login session and return its secret."""
    secret = secrets.token_urlsafe(32)
    expires_at = work.now + timedelta(hours=work.settings.session_hours)
    add(work, user_id, SESSION, "", secret, expires_at)
    return secret


def close_session(work: Work, secret: str) -> None:
    """End a login session; one that has ended already stays so."""
    token = t.access_token.c
    statement = update(t.access_token).where(
        token.secret_hash == digest(secret), token.kind == SESSION, token.revoked_at.is_(None)
    )
    work.db.execute(statement.values(revoked_at=work.now))


def find(
    work: Work, user_id: int | None, *, cursor: str | None = None, limit: int = 50
) -> Page[TokenView]:
    """Return the bearer tokens of a user, or of all, by id."""
    token = t.access_token.c
    chosen = VIEW.where(token.id > position(cursor)).order_by(token.id).limit(limit + 1)
    if user_id is not None:
        chosen = chosen.where(token.user_id == user_id)
    views = [view_of(row) for row in work.db.execute(chosen).mappings()]
    return Page(views[:limit], str(views[limit - 1].id) if len(views) > limit else None)


def get(work: Work, identifier: int) -> TokenView:
    """Return a bearer token. Raises NotFound."""
    row = work.db.execute(VIEW.where(t.access_token.c.id == identifier)).mappings().first()
    if row is None:
        raise NotFound(f"there is no token {identifier}")
    return view_of(row)


def revoke(work: Work, identifier: int) -> None:
    """End a bearer token: its owner or an administrator may. Raises NotFound for all others."""
    view = get(work, identifier)
    if view.user != work.actor.name and not work.actor.is_admin:
        raise NotFound(f"there is no token {identifier}")
    statement = update(t.access_token).where(
        t.access_token.c.id == identifier, t.access_token.c.revoked_at.is_(None)
    )
    if work.db.execute(statement.values(revoked_at=work.now)).rowcount:
        record(work, "token.revoked", user=view.user, token=view.name)


def add(
    work: Work, user_id: int, kind: str, name: str, secret: str, expires_at: datetime | None
) -> int:
    """Keep the hash of a secret and return its id."""
    row = {
        "user_id": user_id,
        "name": name,
        "kind": kind,
        "secret_hash": digest(secret),
        "created_at": work.now,
        "expires_at": expires_at,
    }
    statement = insert(t.access_token).values(row).returning(t.access_token.c.id)
    return int(work.db.execute(statement).scalar_one())


def forget(work: Work, before: datetime) -> int:
    """Delete login sessions that ended before an instant; returns how many."""
    token = t.access_token
    ended = or_(token.c.revoked_at < before, token.c.expires_at < before)
    return work.db.execute(token.delete().where(token.c.kind == SESSION, ended)).rowcount


def digest(secret: str) -> str:
    """Return the SHA-256 of a secret as it is kept."""
    return hashlib.sha256(secret.encode()).hexdigest()


VIEW = (
    select(
        t.access_token.c.id,
        t.user.c.name.label("user"),
        t.access_token.c.name,
        t.access_token.c.created_at,
        t.access_token.c.expires_at,
        t.access_token.c.revoked_at,
    )
    .join(t.user, t.user.c.id == t.access_token.c.user_id)
    .where(t.access_token.c.kind == BEARER)
)


def view_of(row: RowMapping) -> TokenView:
    """Return a row as a token."""
    return TokenView(**row)
