"""Logging in and out, the first administrator, and who one is."""

from __future__ import annotations

import hmac
from typing import Any

from api import auth
from api.call import Call, Origin, Reply, Service
from api.route import Route
from api.schemas import EmailChange, Login, Me, PasswordChange, Setup
from engine.errors import Forbidden
from engine.service import identity, login, passwords, tokens
from engine.service.identity import UserView
from engine.service.work import Actor, Work
from engine.store.database import transaction


def check_password(call: Call) -> bool:
    """Tell whether the password is right, before the transaction: it takes its time."""
    return is_right(call.service, call.origin, call.actor, call.body.name, call.body.password)


def is_right(service: Service, origin: Origin, actor: Actor, name: str, password: str) -> bool:
    """Tell whether a password is a user's. Raises TooManyAttempts where too many were not."""
    with transaction(service.engine, read_only=True) as db:
        work = Work(db, service.clock.now(), actor, service.settings)
        kept = login.kept_hash(work, name, origin.address)
    return login.check(password, kept)


def log_in(call: Call) -> Reply:
    name, address = call.body.name, call.origin.address
    if not call.prepared:
        login.refuse(call.work, name, address)
    user_id = login.admit(call.work, name, address)
    if call.origin.session:
        tokens.close_session(call.work, call.origin.session)
    secret = tokens.open_session(call.work, user_id)
    cookie = auth.session_cookie(call.service, call.origin, secret)
    return Reply(me_of(call.work, user_id, call.service, secret), headers={"Set-Cookie": cookie})


def log_out(call: Call) -> Reply:
    tokens.close_session(call.work, call.session)
    cookie = auth.session_cookie(call.service, call.origin, "")
    return Reply(None, headers={"Set-Cookie": cookie})


def me(call: Call) -> Me:
    return me_of(call.work, call.actor.id or 0, call.service, call.session)


def me_of(work: Work, user_id: int, service: Service, session: str) -> Me:
    """Return a user as they see themselves."""
    view = identity.get(work, user_id)
    return {
        "id": view.id,
        "name": view.name,
        "display_name": view.display_name,
        "email": view.email,
        "roles": [{"role": each.role, "department": each.department} for each in view.roles],
        "csrf_token": auth.csrf_token(service, session) if session else None,
    }


def change_own_email(call: Call) -> Me:
    identity.change_own_email(call.work, call.body.email)
    return me(call)


def hash_own_password(call: Call) -> str | None:
    """Return the hash of one's new password; None where the present one is wrong."""
    body, name = call.body, call.actor.name
    right = is_right(call.service, call.origin, call.actor, name, body.present)
    return passwords.hashed(body.password, name) if right else None


def change_own_password(call: Call) -> None:
    if call.prepared is None:
        login.refuse(call.work, call.actor.name, call.origin.address)
    kept = tokens.digest(call.session) if call.session else ""
    identity.change_own_password(call.work, call.prepared, kept)


def hash_first_password(call: Call) -> str:
    """Return the hash of the first administrator's password. Raises Forbidden for a stranger."""
    admit_founder(call.service, call.origin, call.actor, call.body.code)
    return passwords.hashed(call.body.password, call.body.name)


def admit_founder(service: Service, origin: Origin, actor: Actor, code: str | None) -> None:
    """Raise Forbidden unless there is no user yet and whoever asks may become the first.

    A client on this machine may; another needs the code that the server printed when it started.
    """
    with transaction(service.engine, read_only=True) as db:
        work = Work(db, service.clock.now(), actor, service.settings)
        if not identity.is_empty(work):
            raise Forbidden("there are users already; an administrator adds further ones")
    known = code is not None and hmac.compare_digest(code.encode(), service.setup_code.encode())
    if not origin.local and not known:
        raise Forbidden("this needs the setup code that the server printed when it started")


def set_up(call: Call) -> Reply:
    view = identity.found(call.work, call.prepared, call.body.name)
    return Reply(view, headers={"Location": f"/api/v1/users/{view.id}"})


SESSION: dict[str, Any] = {"tag": "Session", "repeatable": False}

ROUTES = (
    Route(
        "login",
        "POST",
        "/session",
        log_in,
        "Log in with name and password",
        answer=Me,
        body=Login,
        prepare=check_password,
        problems=("wrong_password", "too_many_attempts"),
        description=(
            "Sets a session cookie. Every unsafe request with it needs the `csrf_token` of the "
            "answer in the header X-CSRF-Token. A session that the request brought along ends."
        ),
        **SESSION,
    ),
    Route("logout", "DELETE", "/session", log_out, "Log out", status=204, **SESSION),
    Route("me", "GET", "/me", me, "Get who you are and what you may do", answer=Me, **SESSION),
    Route(
        "change_own_email",
        "PATCH",
        "/me",
        change_own_email,
        "Change where one's own mail goes",
        answer=Me,
        body=EmailChange,
        **SESSION,
    ),
    Route(
        "change_own_password",
        "POST",
        "/me/password",
        change_own_password,
        "Change one's own password",
        status=204,
        body=PasswordChange,
        prepare=hash_own_password,
        problems=("wrong_password", "too_many_attempts"),
        description="One's other login sessions end; tokens go on working.",
        **SESSION,
    ),
    Route(
        "setup",
        "POST",
        "/setup",
        set_up,
        "Add the first administrator, while there is no user at all",
        answer=UserView,
        status=201,
        body=Setup,
        prepare=hash_first_password,
        problems=("forbidden",),
        description=(
            "From the server's own machine, or with the setup code that the server printed."
        ),
        **SESSION,
    ),
)
