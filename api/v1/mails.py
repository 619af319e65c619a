"""Letters that the service has written, and what became of them."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from api.call import Call
from api.route import Route
from api.schemas import Key, Part
from engine.service import post
from engine.service.post import MailView
from engine.service.views import Page


class MailQuery(Part):
    """Which letters."""

    state: Literal["waiting", "sent", "failed", "kept"] | SkipJsonSchema[None] = Field(
        None, description="`kept`: written while no mail server was set"
    )
    meeting: Key | SkipJsonSchema[None] = None
    round: Key | SkipJsonSchema[None] = None


def find(call: Call) -> Page[MailView]:
    return post.find(call.work, **dict(call.query))


def get(call: Call) -> MailView:
    return post.get(call.work, call.path["mail"])


def retry(call: Call) -> MailView:
    return post.retry(call.work, call.path["mail"])


MAIL = "/mails/<key:mail>"
TAG: dict[str, Any] = {"tag": "Meetings"}

ROUTES = (
    Route(
        "list_mails",
        "GET",
        "/mails",
        find,
        "List letters, the newest first",
        answer=Page[MailView],
        query=MailQuery,
        **TAG,
    ),
    Route("get_mail", "GET", MAIL, get, "Get a letter", answer=MailView, **TAG),
    Route(
        "retry_mail",
        "POST",
        f"{MAIL}/retry",
        retry,
        "Let a letter be sent that was given up, or kept without a mail server",
        answer=MailView,
        conflicts=True,
        **TAG,
    ),
)
