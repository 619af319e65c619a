"""One's own account: password, tokens for programs, language."""

from __future__ import annotations

from datetime import timedelta

from flask_babel import gettext as _

from api.v1.session import is_right
from api.web import export
from api.web.export import Column
from api.web.page import Answer, Redirect, Shown, act, show
from api.web.visit import Visit
from engine.errors import Invalid
from engine.service import identity, login, passwords, tokens
from engine.service.tokens import TokenView

#: how long a new token may work, in days, as the form offers it
LIFETIMES = (30, 90, 365)


def account(visit: Visit) -> Answer:
    """Show who one is, and one's tokens."""
    own = visit.actor.id or 0
    found = tokens.find(visit.work, own, limit=200)
    now = visit.work.now
    alive = [each for each in found.items if each.revoked_at is None]
    working = [each for each in alive if each.expires_at is None or each.expires_at > now]
    if export.wanted(visit):
        return export.file(visit, "tokens", columns(), working)
    shown = {"tokens": working, "lifetimes": LIFETIMES}
    return Shown("account.html.jinja", {**shown, "email": identity.get(visit.work, own).email})


def columns() -> list[Column[TokenView]]:
    """Return the columns of one's tokens as a file: never their secrets, which nobody keeps."""
    return [
        Column(_("名称"), lambda token: token.name),
        Column(_("创建于"), lambda token: token.created_at),
        Column(_("有效至"), lambda token: token.expires_at),
    ]


def hash_new_password(visit: Visit) -> str | None:
    """Return the new password's hash; None where the present one is wrong."""
    actor, present = visit.actor, visit.form.get("present", "")
    if not is_right(visit.service, visit.origin, actor, actor.name, present):
        return None
    if visit.form.get("password") != visit.form.get("again"):
        raise Invalid("the two passwords differ", field="again")
    return passwords.hashed(visit.form.get("password", ""), visit.actor.name)


def change_password(visit: Visit) -> Answer:
    """Change one's password; other sessions end, this one goes on. Guesses are counted."""
    if visit.prepared is None:
        login.refuse(visit.work, visit.actor.name, visit.origin.address)
    identity.change_own_password(visit.work, visit.prepared, tokens.digest(visit.session))
    return Redirect("/account", _("密码已更改，其他地方的登录已退出。"))


def change_email(visit: Visit) -> Answer:
    """Change where one's mail goes."""
    identity.change_own_email(visit.work, visit.text("email"))
    return Redirect("/account", _("邮箱已保存。"))


def create_token(visit: Visit) -> Answer:
    """Make a token and show it this once."""
    name = visit.text("name")
    if not 0 < len(name) <= identity.NAME_LENGTH:
        raise Invalid("a token needs a name", field="name")
    days = visit.whole("days") or 0
    expires_at = visit.work.now + timedelta(days=days) if days in LIFETIMES else None
    made = tokens.create(visit.work, visit.actor.id or 0, name, expires_at)
    return Shown("token.html.jinja", {"token": made})


def revoke_token(visit: Visit) -> Answer:
    """End a token."""
    tokens.revoke(visit.work, visit.path["token"])
    return Redirect("/account", _("令牌已作废。"))


PAGES = (
    show("account", "/account", account, "me"),
    act(
        "change_password",
        "/account/password",
        change_password,
        "me",
        form=account,
        prepare=hash_new_password,
    ),
    act("change_email", "/account/email", change_email, "change_own_email", form=account),
    act("create_token", "/account/tokens", create_token, "create_token", form=account),
    act(
        "revoke_token",
        "/account/tokens/<key:token>/revoke",
        revoke_token,
        "revoke_token",
        form=None,
    ),
)
