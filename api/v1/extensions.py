"""Extensions of an item's time (行政许可法 art. 42): asked for, approved, declined."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from api.call import Call
from api.route import Route
from api.schemas import Body, Line, Part, Query, Text, Word, example
from engine.service.clock import extensions, records
from engine.service.clock.extensions import Asking
from engine.service.clock.records import Extension
from engine.service.views import Page


class ExtensionQuery(Part):
    """Which extensions."""

    state: Literal["requested", "approved", "declined"] | SkipJsonSchema[None] = None


class ProjectExtensionQuery(Query):
    """Which extensions of a project."""

    item: Word | SkipJsonSchema[None] = Field(None, description="of one item only")


class ExtensionWanted(Body):
    """An extension to ask for."""

    model_config = example(days=10, reason="two sites are to be seen", notice="延告〔2014〕3号")
    days: int = Field(description="of the item's unit, no more than the law allows")
    reason: Text = Field(description="which the applicant is told")
    notice: Line = Field(description="the reference of the written notice to the applicant")


class Approval(Body):
    """A remark to an approval."""

    model_config = example(note="once, and no longer")
    note: Text = ""


class Refusal(Body):
    """Why an extension is declined."""

    model_config = example(note="the material has been complete for a week")
    note: Text


def request(call: Call) -> Extension:
    body, place = call.body, (call.path["project"], call.path["item"])
    given = Asking(body.days, body.reason, body.notice)
    key = extensions.request(call.work, *place, given, call.expected_version)
    return records.extension(call.work, key)


def approve(call: Call) -> Extension:
    key = call.path["extension"]
    extensions.approve(call.work, key, call.body.note, call.expected_version)
    return records.extension(call.work, key)


def decline(call: Call) -> Extension:
    key = call.path["extension"]
    extensions.decline(call.work, key, call.body.note, call.expected_version)
    return records.extension(call.work, key)


def find(call: Call) -> Page[Extension]:
    query = call.query
    return records.find(call.work, query.state or "", query.cursor, query.limit)


def of_project(call: Call) -> Page[Extension]:
    return Page(records.extensions(call.work, call.path["project"], call.query.item))


PROJECT = "/projects/<key:project>"
EXTENSION = "/extensions/<key:extension>"
#: an If-Match names the project's version
MOVE: dict[str, Any] = {"tag": "Clock", "conditional": True, "conflicts": True}

ROUTES = (
    Route(
        "request_extension",
        "POST",
        f"{PROJECT}/items/<name:item>/extensions",
        request,
        "Ask for an extension of an item's time; a head who asks approves at once",
        answer=Extension,
        status=201,
        body=ExtensionWanted,
        **MOVE,
    ),
    Route(
        "list_project_extensions",
        "GET",
        f"{PROJECT}/extensions",
        of_project,
        "List what was asked for and decided in a project, in order",
        "Clock",
        answer=Page[Extension],
        query=ProjectExtensionQuery,
    ),
    Route(
        "list_extensions",
        "GET",
        "/extensions",
        find,
        "List extensions, the newest first",
        "Clock",
        answer=Page[Extension],
        query=ExtensionQuery,
        description=(
            "`requested` are those that still can be decided; `may_approve` says which by whoever "
            "asks. Applicants see those of their own projects."
        ),
    ),
    Route(
        "approve_extension",
        "POST",
        f"{EXTENSION}/approve",
        approve,
        "Approve an extension: both due dates move, and the applicant is told",
        answer=Extension,
        body=Approval,
        description=(
            "The head of the item's department may; where several handle it together, the head of "
            "the government."
        ),
        **MOVE,
    ),
    Route(
        "decline_extension",
        "POST",
        f"{EXTENSION}/decline",
        decline,
        "Decline an extension",
        answer=Extension,
        body=Refusal,
        **MOVE,
    ),
)
