"""Users and their roles. Clerks and reviewers work for a department; other roles may be free."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    RowMapping,
    Select,
    delete,
    func,
    insert,
    literal_column,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.exc import IntegrityError

from engine.errors import Conflict, Forbidden, Invalid, NameTaken, NotFound
from engine.service import departments
from engine.service.projects import event_view
from engine.service.views import EventView, Page
from engine.service.work import ADMIN, ROLES, Work
from engine.store import tables as t

NAME_LENGTH = 100
ADDRESS_LENGTH = 254
#: what mail servers take without extensions: no quotes, no comments, no letters beyond ASCII
ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")
#: how far back the changes of one user are looked for
OF_USERS_READ = 500
#: roles that are bound to a department
BOUND = frozenset({"clerk", "reviewer"})

Roles = Collection[tuple[str, str]]


class LastAdministrator(Conflict):
    """No active administrator would be left."""


@dataclass(frozen=True, slots=True)
class RoleView:
    """A role a user has; `department` is '' where it is not bound to one."""

    role: str
    department: str


@dataclass(frozen=True, slots=True)
class UserView:
    """A user; `active` is false where they may no longer log in or use a token."""

    id: int
    name: str
    display_name: str
    #: where mail goes; '' for nowhere
    email: str
    active: bool
    created_at: datetime
    roles: list[RoleView]


def create(
    work: Work,
    name: str,
    *,
    display_name: str = "",
    email: str = "",
    password_hash: str | None,
    roles: Roles,
) -> UserView:
    """Add a user; without a password they can only use tokens.

    Raises Invalid for a name, address, role or department that cannot be, NameTaken.
    """
    row = {
        "name": checked_name(name),
        "display_name": display_name,
        "email": checked_address(email),
        "password_hash": password_hash,
        "active": True,
        "created_at": work.now,
    }
    statement = insert(t.user).values(row).returning(t.user.c.id)
    try:
        with work.db.begin_nested():
            identifier = work.db.execute(statement).scalar_one()
    except IntegrityError as error:
        raise NameTaken(f"there is already a user {row['name']!r}", field="name") from error
    give(work, identifier, roles)
    record(work, "user.created", name=row["name"], roles=sorted(roles))
    return get(work, identifier)


def found(work: Work, password_hash: str, name: str) -> UserView:
    """Add the first user, an administrator. Raises Forbidden where there is any user already."""
    if work.db.dialect.name == "postgresql":
        # Two first administrators at the same moment: the second waits here, and then sees one.
        work.db.execute(text("LOCK TABLE app_user IN SHARE ROW EXCLUSIVE MODE"))
    if not is_empty(work):
        raise Forbidden("there are users already; an administrator adds further ones")
    return create(work, name, password_hash=password_hash, roles={(ADMIN, "")})


def is_empty(work: Work) -> bool:
    """Tell whether there is no user at all."""
    return work.db.execute(select(t.user.c.id).limit(1)).first() is None


def get(work: Work, identifier: int) -> UserView:
    """Return a user. Raises NotFound."""
    return only(work, t.user.c.id == identifier, f"there is no user {identifier}")


def named(work: Work, name: str) -> UserView:
    """Return a user by name. Raises NotFound."""
    return only(work, t.user.c.name == name, f"there is no user {name!r}")


def called(work: Work, name: str | None) -> str:
    """Return what others call a user; the name itself where nobody has it, '' for none."""
    query = select(t.user.c.display_name).where(t.user.c.name == name)
    return (work.db.execute(query).scalar_one_or_none() or name or "") if name else ""


def callings(work: Work, names: Iterable[str | None]) -> dict[str, str]:
    """Return what others call users, by name; unknown ones are called by their names."""
    wanted = {name for name in names if name}
    query = select(t.user.c.name, t.user.c.display_name).where(t.user.c.name.in_(sorted(wanted)))
    known = {row.name: row.display_name for row in work.db.execute(query)}
    return {name: known.get(name) or name for name in wanted}


def find(
    work: Work,
    *,
    text: str | None = None,
    role: str | None = None,
    department: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[UserView]:
    """Return users by id; `cursor` is the last id of the part before.

    `text` is part of a name or display name; `role` and `department` are of one and the same role.
    """
    ids = select(t.user.c.id).where(t.user.c.id > position(cursor), *named_like(text))
    held = {"role": role, "department": department}
    if given := [t.user_role.c[name] == value for name, value in held.items() if value]:
        ids = ids.where(t.user.c.id.in_(select(t.user_role.c.user_id).where(*given)))
    rows = list(work.db.execute(ids.order_by(t.user.c.id).limit(limit + 1)).scalars())
    views = read(work, t.user.c.id.in_(rows[:limit]))
    return Page(views, str(rows[limit - 1]) if len(rows) > limit else None)


def named_like(text: str | None) -> list[ColumnElement[bool]]:
    """Return the condition of the users whose name holds a text; none without a text."""
    if not text:
        return []
    user = t.user.c
    return [
        or_(*(each.icontains(text, autoescape=True) for each in (user.name, user.display_name)))
    ]


def change_own_email(work: Work, email: str) -> None:
    """Change where mail for the actor goes; '' for nowhere. Raises Invalid."""
    own = t.user.c.id == work.actor.id
    work.db.execute(update(t.user).where(own).values(email=checked_address(email)))
    record(work, "user.changed", name=work.actor.name, changed=["email"])


def change_own_password(work: Work, password_hash: str, kept_session: str = "") -> None:
    """Change the actor's own password and end their login sessions but one, given by its hash.

    That they know the present one is for the caller to see to, outside the transaction.
    """
    own = t.user.c.id == work.actor.id
    work.db.execute(update(t.user).where(own).values(password_hash=password_hash))
    end_sessions(work, work.actor.id or 0, kept_session)
    record(work, "user.changed", name=work.actor.name, changed=["password_hash"])


def changes(work: Work, name: str, limit: int = 20) -> list[EventView]:
    """Return what was changed of a user lately, the newest first."""
    table = t.history
    of_users = table.c.event.in_(("user.created", "user.changed"))
    query = (
        select(table)
        .where(table.c.project_id.is_(None), of_users)
        .order_by(table.c.id.desc())
        .limit(OF_USERS_READ)
    )
    rows = [row for row in work.db.execute(query).mappings() if row["data"].get("name") == name]
    return [event_view(row, str(row["id"])) for row in rows[:limit]]


def change(work: Work, identifier: int, changes: Mapping[str, Any]) -> UserView:
    """Change `display_name`, `email`, `active`, `password_hash` or `roles`, as far as given.

    A new password or an end of `active` ends their login sessions; tokens of an inactive user
    do not work. Raises NotFound, Invalid, and LastAdministrator where no active one would be left.
    """
    get(work, identifier)
    columns = {name: value for name, value in changes.items() if name != "roles"}
    if "email" in columns:
        columns["email"] = checked_address(columns["email"])
    if columns:
        work.db.execute(update(t.user).where(t.user.c.id == identifier).values(columns))
    if "roles" in changes:
        work.db.execute(delete(t.user_role).where(t.user_role.c.user_id == identifier))
        give(work, identifier, changes["roles"])
    if "password_hash" in changes or changes.get("active") is False:
        end_sessions(work, identifier)
    if {"roles", "active"} & set(changes):
        keep_an_administrator(work)
    view = get(work, identifier)
    record(work, "user.changed", name=view.name, changed=sorted(changes))
    return view


def give(work: Work, identifier: int, roles: Roles) -> None:
    """Give a user roles."""
    checked = {checked_role(work, role, department) for role, department in roles}
    rows = [{"role": role, "department": department} for role, department in sorted(checked)]
    if rows:
        work.db.execute(insert(t.user_role), [{"user_id": identifier, **row} for row in rows])


def end_sessions(work: Work, identifier: int, kept: str = "") -> None:
    """End every login session of a user, but one whose secret has the hash `kept`."""
    token = t.access_token.c
    statement = update(t.access_token).where(
        token.user_id == identifier,
        token.kind == "session",
        token.revoked_at.is_(None),
        token.secret_hash != kept,
    )
    work.db.execute(statement.values(revoked_at=work.now))


def keep_an_administrator(work: Work) -> None:
    """Raise LastAdministrator where no active administrator is left."""
    admins = (
        select(t.user.c.id).join(t.user_role).where(t.user.c.active, t.user_role.c.role == ADMIN)
    )
    if work.db.execute(admins.limit(1)).first() is None:
        raise LastAdministrator


def only(work: Work, condition: Any, missing: str) -> UserView:
    """Return the one user of a condition."""
    views = read(work, condition)
    if not views:
        raise NotFound(missing)
    return views[0]


def read(work: Work, condition: Any) -> list[UserView]:
    """Return users with their roles, by id."""
    rows = work.db.execute(WITH_ROLES.where(condition)).mappings().all()
    views: dict[int, UserView] = {}
    for row in rows:
        view = views.setdefault(row["id"], view_of(row))
        if row["role"] is not None:
            view.roles.append(RoleView(row["role"], row["department"]))
    return list(views.values())


WITH_ROLES: Select[Any] = (
    select(
        t.user.c.id,
        t.user.c.name,
        t.user.c.display_name,
        t.user.c.email,
        t.user.c.active,
        t.user.c.created_at,
        t.user_role.c.role,
        t.user_role.c.department,
    )
    .join(t.user_role, isouter=True)
    .order_by(t.user.c.id, t.user_role.c.role, t.user_role.c.department)
)


def view_of(row: RowMapping) -> UserView:
    """Return a row as a user without roles."""
    names = ("id", "name", "display_name", "email", "active", "created_at")
    return UserView(**{name: row[name] for name in names}, roles=[])


def checked_name(name: str) -> str:
    """Return a user's name in its one Unicode form. Raises Invalid."""
    normal = unicodedata.normalize("NFC", name)
    if not normal or len(normal) > NAME_LENGTH or normal != normal.strip():
        text = f"a name has 1 to {NAME_LENGTH} characters, no space at either end"
        raise Invalid(text, field="name")
    if not normal.isprintable():
        raise Invalid("a name has printable characters only", field="name")
    return normal


def checked_address(email: str) -> str:
    """Return an e-mail address without the space around it; '' for none. Raises Invalid."""
    plain = email.strip()
    if plain and (len(plain) > ADDRESS_LENGTH or not ADDRESS.fullmatch(plain)):
        raise Invalid(f"{plain!r} is no e-mail address, such as li.wei@example.cn", field="email")
    return plain


def checked_role(work: Work, role: str, department: str) -> tuple[str, str]:
    """Return a role with its department's code. Raises Invalid for one that cannot be."""
    if role not in ROLES:
        text = f"there is no role {role!r}; there are {', '.join(ROLES)}"
        raise Invalid(text, field="roles", roles=list(ROLES))
    if not department and role in BOUND:
        text = f"a {role} works for a department: name it"
        raise Invalid(text, field="roles", roles=sorted(BOUND))
    return role, departments.code_of(department, work.settings) if department else ""


def position(cursor: str | None) -> int:
    """Return the id a cursor stands for. Raises Invalid."""
    if cursor is None:
        return 0
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) < 19):  # noqa: PLR2004 - of a key
        raise Invalid("this cursor was not given by this list", field="cursor")
    return int(cursor)


def record(work: Work, event: str, **data: Any) -> None:
    """Add what happened to a user to the history."""
    row = {"at": work.now, "actor": work.actor.name, "event": event, "data": data}
    work.db.execute(insert(t.history).values(row))


def count(work: Work) -> int:
    """Return how many users there are."""
    statement = select(func.count(literal_column("*"))).select_from(t.user)
    return int(work.db.execute(statement).scalar_one())


def roles_of(views: Iterable[RoleView]) -> frozenset[tuple[str, str]]:
    """Return roles as an actor has them."""
    return frozenset((view.role, view.department) for view in views)
