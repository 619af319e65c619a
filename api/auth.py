"""Who a request comes from: a bearer token, or a login session with its CSRF token."""

from __future__ import annotations

import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from flask import Request
from werkzeug.http import dump_cookie

from api.call import Origin, Service
from api.problem import BadCsrf
from engine.service import tokens

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from engine.service.work import Actor

COOKIE = "lianshen_session"
CSRF_HEADER = "X-CSRF-Token"
PORT = re.compile(r":\d*$")
HEX = re.compile(r"[0-9a-f]+")
#: letters of a CSRF token, a SHA-256 in hexadecimal
TOKEN_LETTERS = 64
#: a proxy on this machine makes everybody look local, and says so in one of these headers
FORWARDING = ("HTTP_FORWARDED", "HTTP_X_FORWARDED_FOR", "HTTP_X_REAL_IP", "HTTP_VIA")
#: what a proxy with TLS says; believed, as it only makes cookies stricter
SCHEME = "HTTP_X_FORWARDED_PROTO"


@dataclass(frozen=True, slots=True)
class Credentials:
    """A secret and what kind it is: of a bearer token or of a login session."""

    kind: str
    secret: str


def credentials(request: Request) -> Credentials | None:
    """Return what a request identifies itself with; a token goes before a cookie."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme:
        known = scheme.lower() == "bearer" and token.strip()
        return Credentials(tokens.BEARER, token.strip()) if known else None
    session = request.cookies.get(COOKIE)
    return Credentials(tokens.SESSION, session) if session else None


def identify(db: Connection, given: Credentials, now: datetime) -> Actor:
    """Return who acts. Raises Unauthenticated."""
    return tokens.authenticate(db, given.kind, given.secret, now)


def check_csrf(service: Service, request: Request, given: Credentials | None) -> None:
    """Raise BadCsrf where a cookie alone stands for an unsafe request: another site may send it."""
    if given is None or given.kind != tokens.SESSION:
        return
    compare_csrf(service, given.secret, request.headers.get(CSRF_HEADER, ""))


def compare_csrf(service: Service, session: str, sent: str) -> None:
    """Raise BadCsrf where what was sent, plain or masked, is not the session's token."""
    if not hmac.compare_digest(unmasked(sent).encode(), csrf_token(service, session).encode()):
        raise BadCsrf


def masked(token: str) -> str:
    """Return a token as pages hold it: other letters each time.

    A compressed page that always held the same letters would give them away by its length to
    whoever can make it repeat guesses (BREACH).
    """
    plain = bytes.fromhex(token)
    mask = secrets.token_bytes(len(plain))
    return mask.hex() + bytes(a ^ b for a, b in zip(plain, mask, strict=True)).hex()


def unmasked(sent: str) -> str:
    """Return the token that a masked one stands for; what is not masked stays as it is."""
    if len(sent) != 2 * TOKEN_LETTERS or not HEX.fullmatch(sent):
        return sent
    mask, hidden = bytes.fromhex(sent[:TOKEN_LETTERS]), bytes.fromhex(sent[TOKEN_LETTERS:])
    return bytes(a ^ b for a, b in zip(hidden, mask, strict=True)).hex()


def csrf_token(service: Service, session: str) -> str:
    """Return the CSRF token of a session."""
    return hmac.new(service.secret_key, session.encode(), "sha256").hexdigest()


def origin(request: Request) -> Origin:
    """Return where a request comes from."""
    return Origin(
        address=request.remote_addr or "",
        host=PORT.sub("", request.environ.get("HTTP_HOST", "")),
        forwarded=any(name in request.environ for name in FORWARDING),
        secure=request.is_secure or request.environ.get(SCHEME) == "https",
        session=request.cookies.get(COOKIE, ""),
    )


def session_cookie(service: Service, where: Origin, secret: str) -> str:
    """Return the Set-Cookie header of a session; an empty secret removes it."""
    age = timedelta(hours=service.settings.session_hours) if secret else timedelta(0)
    return dump_cookie(
        COOKIE, secret, max_age=age, httponly=True, secure=where.secure, samesite="Lax", path="/"
    )
