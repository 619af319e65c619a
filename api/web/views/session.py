"""Logging in and out, the first administrator, and the language."""

from __future__ import annotations

from flask_babel import gettext as _
from werkzeug.http import dump_cookie

from api import auth
from api.demonstration.accounts import DemoAccounts, accounts
from api.v1.session import admit_founder, is_right
from api.web import links
from api.web.language import COOKIE, LANGUAGES
from api.web.page import Answer, Redirect, Shown, act, show
from api.web.rendering import department_names
from api.web.visit import Visit
from engine.errors import Invalid
from engine.service import identity, login, passwords, tokens

YEAR_SECONDS = 365 * 24 * 3600


def log_in_form(visit: Visit) -> Answer:
    """Show the login; without any user the first administrator is added instead."""
    if identity.is_empty(visit.work):
        return Redirect("/setup")
    if visit.actor.id is not None:
        return Redirect(onward(visit))
    values = {"next": onward(visit), "demo": demo(visit), "places": department_names(visit.work)}
    return Shown("login.html.jinja", values)


def demo(visit: Visit) -> DemoAccounts | None:
    """Return the accounts of a demonstration, for a visitor on this machine only."""
    return accounts(visit.work) if visit.origin.local else None


def onward(visit: Visit) -> str:
    """Return where a visitor wanted to go."""
    return links.local(visit.form.get("next") or visit.argument("next"))


def check_password(visit: Visit) -> bool:
    """Tell whether the password is right, before the transaction: it takes its time."""
    password = visit.form.get("password", "")
    return is_right(visit.service, visit.origin, visit.actor, visit.text("name"), password)


def log_in(visit: Visit) -> Answer:
    """Begin a session."""
    name, address = visit.text("name"), visit.origin.address
    if not visit.prepared:
        login.refuse(visit.work, name, address)
    return begin(visit, login.admit(visit.work, name, address), onward(visit))


def begin(visit: Visit, user_id: int, url: str) -> Redirect:
    """Begin a session for a user and go on."""
    if visit.origin.session:
        tokens.close_session(visit.work, visit.origin.session)
    secret = tokens.open_session(visit.work, user_id)
    cookie = auth.session_cookie(visit.service, visit.origin, secret)
    return Redirect(url, headers={"Set-Cookie": cookie})


def log_out(visit: Visit) -> Answer:
    """End the session."""
    tokens.close_session(visit.work, visit.session)
    cookie = auth.session_cookie(visit.service, visit.origin, "")
    return Redirect("/login", _("已退出登录。"), {"Set-Cookie": cookie})


def choose_language(visit: Visit) -> Answer:
    """Keep the language the visitor chose."""
    wanted = visit.text("language")
    if wanted not in LANGUAGES:
        raise Invalid("there is no such language", field="language")
    secure = visit.origin.secure
    cookie = dump_cookie(
        COOKIE, wanted, max_age=YEAR_SECONDS, path="/", samesite="Lax", httponly=True, secure=secure
    )
    return Redirect(links.local(visit.form.get("next", "/")), headers={"Set-Cookie": cookie})


def set_up_form(visit: Visit) -> Answer:
    """Ask for the first administrator, while there is no user at all."""
    if not identity.is_empty(visit.work):
        return Redirect("/login")
    return Shown("setup.html.jinja", {"needs_code": not visit.origin.local})


def hash_first_password(visit: Visit) -> str:
    """Return the hash of the first administrator's password. Raises Forbidden for a stranger."""
    admit_founder(visit.service, visit.origin, visit.actor, visit.text("code"))
    if visit.form.get("password") != visit.form.get("again"):
        raise Invalid("the two passwords differ", field="again")
    return passwords.hashed(visit.form.get("password", ""), visit.text("name"))


def set_up(visit: Visit) -> Answer:
    """Add the first administrator and log them in."""
    view = identity.found(visit.work, visit.prepared, visit.text("name"))
    return begin(visit, view.id, "/")


PAGES = (
    show("login", "/login", log_in_form, "login"),
    act("log_in", "/login", log_in, "login", form=log_in_form, prepare=check_password),
    act("log_out", "/logout", log_out, "logout", form=None),
    act("choose_language", "/language", choose_language, "login", form=None),
    show("setup", "/setup", set_up_form, "setup"),
    act("set_up", "/setup", set_up, "setup", form=set_up_form, prepare=hash_first_password),
)
