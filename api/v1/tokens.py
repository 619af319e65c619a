"""Bearer tokens: one's own, and for administrators everybody's."""

from __future__ import annotations

from api.call import Call, Reply
from api.route import Route
from api.schemas import TokenQuery, TokenWanted
from engine.errors import Forbidden
from engine.service import identity, tokens
from engine.service.tokens import NewToken, TokenView
from engine.service.views import Page


def create(call: Call) -> Reply:
    body = call.body
    view = tokens.create(call.work, owner(call, body.user), body.name, body.expires_at)
    return Reply(view, headers={"Location": f"/api/v1/tokens/{view.id}"})


def find(call: Call) -> Page[TokenView]:
    query = call.query
    return tokens.find(call.work, owner(call, query.user), cursor=query.cursor, limit=query.limit)


def revoke(call: Call) -> None:
    tokens.revoke(call.work, call.path["token"])


def owner(call: Call, wanted: int | None) -> int:
    """Return whose tokens are meant. Raises Forbidden, and NotFound where there is no such user."""
    own = call.actor.id or 0
    if wanted is None or wanted == own:
        return own
    if not call.actor.is_admin:
        raise Forbidden("these are another user's tokens", field="user")
    return identity.get(call.work, wanted).id


ROUTES = (
    Route(
        "create_token",
        "POST",
        "/tokens",
        create,
        "Make a bearer token; its secret is shown this once",
        "Tokens",
        answer=NewToken,
        status=201,
        body=TokenWanted,
        repeatable=False,
        problems=("forbidden", "not_found"),
    ),
    Route(
        "list_tokens",
        "GET",
        "/tokens",
        find,
        "List tokens",
        "Tokens",
        answer=Page[TokenView],
        query=TokenQuery,
        problems=("forbidden", "not_found"),
    ),
    Route(
        "revoke_token",
        "DELETE",
        "/tokens/<key:token>",
        revoke,
        "Revoke a token",
        "Tokens",
        status=204,
    ),
)
