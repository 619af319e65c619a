"""Users and their roles, for administrators."""

from __future__ import annotations

from typing import Any

from api.call import Call, Reply
from api.route import Route
from api.schemas import NewUser, RoleGiven, UserChanges, UserQuery
from engine.service import identity, passwords
from engine.service.identity import UserView
from engine.service.views import Page


def hash_password(call: Call) -> str | None:
    """Return the hash of the password given, before the transaction: it takes its time."""
    given = call.body.password
    return None if given is None else passwords.hashed(given, getattr(call.body, "name", ""))


def create(call: Call) -> Reply:
    body = call.body
    view = identity.create(
        call.work,
        body.name,
        display_name=body.display_name,
        email=body.email,
        password_hash=call.prepared,
        roles=pairs(body.roles),
    )
    return Reply(view, headers={"Location": f"/api/v1/users/{view.id}"})


def find(call: Call) -> Page[UserView]:
    return identity.find(call.work, **dict(call.query))


def get(call: Call) -> UserView:
    return identity.get(call.work, call.path["user"])


def change(call: Call) -> UserView:
    body = call.body
    changes: dict[str, Any] = {
        "display_name": body.display_name,
        "email": body.email,
        "active": body.active,
        "password_hash": call.prepared,
        "roles": None if body.roles is None else pairs(body.roles),
    }
    given = {name: value for name, value in changes.items() if value is not None}
    return identity.change(call.work, call.path["user"], given)


def pairs(roles: list[RoleGiven]) -> set[tuple[str, str]]:
    """Return roles as the service takes them."""
    return {(each.role, each.department) for each in roles}


USER = "/users/<key:user>"

ROUTES = (
    Route(
        "create_user",
        "POST",
        "/users",
        create,
        "Add a user",
        "Users",
        answer=UserView,
        status=201,
        body=NewUser,
        prepare=hash_password,
        conflicts=True,
    ),
    Route(
        "list_users",
        "GET",
        "/users",
        find,
        "List users",
        "Users",
        answer=Page[UserView],
        query=UserQuery,
    ),
    Route("get_user", "GET", USER, get, "Get a user", "Users", answer=UserView),
    Route(
        "change_user",
        "PATCH",
        USER,
        change,
        "Change a user's name, address, password, roles, or whether they are active",
        "Users",
        answer=UserView,
        body=UserChanges,
        prepare=hash_password,
        conflicts=True,
        description=(
            "A new password, or an end of `active`, ends the user's login sessions. Who is not "
            "active cannot use their tokens either."
        ),
    ),
)
