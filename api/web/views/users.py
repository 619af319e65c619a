"""Users and their roles, for administrators."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from api.web import export
from api.web.export import Column
from api.web.labels import ROLE_NAMES
from api.web.page import Answer, Redirect, Shown, act, show
from api.web.visit import SEEN, Visit
from engine.errors import Invalid, Stale
from engine.service import departments, identity, passwords
from engine.service.identity import UserView
from engine.service.views import Page

#: rows for further roles that a form offers
SPARE_ROLES = 2


def find(visit: Visit) -> Answer:
    """Show users: by name, role and department."""
    filters = {
        "text": visit.argument("q"),
        "role": visit.argument("role", ROLE_NAMES),
        "department": visit.argument("department"),
    }

    def part(cursor: str | None, limit: int) -> Page[UserView]:
        return identity.find(visit.work, **filters, cursor=cursor, limit=limit)

    if export.wanted(visit):
        return export.file(visit, "users", columns(), export.every(part))
    found = part(visit.argument("cursor") or None, 50)
    return Shown(
        "users.html.jinja",
        {"section": "/users", "found": found, "total": identity.count(visit.work)},
    )


def columns() -> list[Column[UserView]]:
    """Return the columns of the list as a file."""
    return [
        Column(_("用户名"), lambda user: user.name),
        Column(_("姓名"), lambda user: user.display_name),
        Column(_("角色"), lambda user: "; ".join(role_text(user))),
        Column(_("邮箱"), lambda user: user.email),
        Column(_("状态"), lambda user: _("在用") if user.active else _("停用")),
        Column(_("添加时间"), lambda user: user.created_at),
    ]


def role_text(user: UserView) -> list[str]:
    """Return a user's roles as people read them."""
    return [f"{ROLE_NAMES[each.role]} {each.department}".strip() for each in user.roles]


def new_form(visit: Visit) -> Answer:
    """Ask for a new user."""
    return Shown("user.html.jinja", {"user": None, **form_values(visit, None)})


def form_values(visit: Visit, user: UserView | None) -> dict[str, Any]:
    """Return what both forms need: what was typed goes before what is."""
    present = [(each.role, each.department) for each in user.roles] if user else []
    changes = identity.changes(visit.work, user.name) if user else []
    typed = list(typed_rows(visit)) if visit.form else present
    return {
        "section": "/users",
        "rows": typed + [("", "")] * SPARE_ROLES,
        "roles": list(ROLE_NAMES.items()),
        "places": departments.find(visit.work.settings),
        "changes": changes,
        "meanwhile": [each for each in changes if int(each.id) > (visit.whole(SEEN) or 0)],
        "seen": changes[0].id if changes else 0,
        "stamp": stamp(user) if user else "",
    }


def typed_rows(visit: Visit) -> list[tuple[str, str]]:
    """Return the rows of roles of a form that are filled in."""
    rows = zip(visit.form.getlist("role"), visit.form.getlist("department"), strict=False)
    return [(role, place) for role, place in rows if role]


def stamp(user: UserView) -> str:
    """Return what tells whether a user is as the form was made from."""
    roles = sorted(f"{each.role}:{each.department}" for each in user.roles)
    return "|".join([user.display_name, user.email, str(user.active), *roles])


def hash_password(visit: Visit) -> str | None:
    """Return the hash of the password typed, before the transaction; None for none."""
    typed = visit.form.get("password", "")
    return passwords.hashed(typed, visit.text("name")) if typed else None


def create(visit: Visit) -> Answer:
    """Add a user."""
    if visit.prepared is None:
        raise Invalid("a user of the pages needs a password", field="password")
    view = identity.create(
        visit.work,
        visit.form.get("name", ""),
        display_name=visit.text("display_name"),
        email=visit.text("email"),
        password_hash=visit.prepared,
        roles=set(typed_rows(visit)),
    )
    return Redirect("/users", _("已添加用户 %(name)s。", name=view.name))


def edit_form(visit: Visit) -> Answer:
    """Show a user to be changed."""
    user = identity.get(visit.work, visit.path["user"])
    return Shown("user.html.jinja", {"user": user, **form_values(visit, user)})


def change(visit: Visit) -> Answer:
    """Change a user, unless somebody else did meanwhile."""
    user = identity.get(visit.work, visit.path["user"])
    if visit.form.get("_stamp") != stamp(user):
        raise Stale
    changes: dict[str, Any] = {
        "display_name": visit.text("display_name"),
        "email": visit.text("email"),
        "active": visit.form.get("active") == "yes",
        "roles": set(typed_rows(visit)),
    }
    if visit.prepared is not None:
        changes["password_hash"] = visit.prepared
    identity.change(visit.work, user.id, changes)
    return Redirect("/users", _("已更新用户 %(name)s。", name=user.name))


PAGES = (
    show("users", "/users", find, "list_users"),
    show("new_user", "/users/new", new_form, "create_user"),
    act("create_user", "/users/new", create, "create_user", form=new_form, prepare=hash_password),
    show("user", "/users/<key:user>", edit_form, "get_user"),
    act(
        "change_user",
        "/users/<key:user>",
        change,
        "change_user",
        form=edit_form,
        prepare=hash_password,
    ),
)
