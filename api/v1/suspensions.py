"""Clocks of items stopped and let go on (特别程序): for what the law lists, told in writing."""

from __future__ import annotations

from datetime import date
from typing import Any

from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from api.call import Call
from api.route import Route
from api.schemas import Body, Line, Query, Text, Word, example
from engine.service.clock import records, suspensions
from engine.service.clock.records import Suspension
from engine.service.clock.suspensions import Stopping
from engine.service.views import Page


class SuspensionQuery(Query):
    """Which stops of a project."""

    item: Word | SkipJsonSchema[None] = Field(None, description="of one item only")


class StopWanted(Body):
    """A stop of an item's clock."""

    model_config = example(reason="expert_review", notice="特告〔2014〕12号", expected_days=15)
    reason: Word = Field(description="hearing, tender, expert_review … (行政许可法 art. 45)")
    notice: Line = Field(description="the reference of the written notice to the applicant")
    expected_days: int = Field(description="working days the applicant is told it takes")
    note: Text = ""
    from_on: date | None = Field(None, description="today, or by a coordinator an earlier day")
    until_on: date | None = Field(None, description="of a stop that is over, by a coordinator")


class GoingOn(Body):
    """The day the clock goes on, itself not counted."""

    model_config = example(note="the experts' opinion has come")
    until_on: date | None = Field(None, description="today, or by a coordinator an earlier day")
    note: Text = ""


def suspend(call: Call) -> Suspension:
    body, place = call.body, (call.path["project"], call.path["item"])
    given = Stopping(body.reason, body.notice, body.expected_days, body.note, body.from_on)
    if body.until_on is None:
        key = suspensions.suspend(call.work, *place, given, call.expected_version)
    else:
        key = suspensions.enter(call.work, *place, given, body.until_on, call.expected_version)
    return records.suspension(call.work, place[0], key)


def resume(call: Call) -> Suspension:
    body, place = call.body, (call.path["project"], call.path["item"])
    row = suspensions.resume(call.work, *place, body.until_on, body.note, call.expected_version)
    return records.suspension(call.work, place[0], row["id"])


def find(call: Call) -> Page[Suspension]:
    return Page(records.suspensions(call.work, call.path["project"], call.query.item))


PROJECT = "/projects/<key:project>"
ITEM = f"{PROJECT}/items/<name:item>"
#: an If-Match names the project's version
MOVE: dict[str, Any] = {"tag": "Clock", "conditional": True, "conflicts": True}

ROUTES = (
    Route(
        "suspend_item",
        "POST",
        f"{ITEM}/suspensions",
        suspend,
        "Stop the clock of an item, or enter a stop that is over",
        answer=Suspension,
        status=201,
        body=StopWanted,
        description=(
            "Its department's reviewer or head may, or a coordinator. With `until_on` it is over "
            "already, and the due dates move at once; else they move when the clock goes on."
        ),
        **MOVE,
    ),
    Route(
        "resume_item",
        "POST",
        f"{ITEM}/resume",
        resume,
        "Let the clock of an item go on: both due dates move",
        answer=Suspension,
        body=GoingOn,
        **MOVE,
    ),
    Route(
        "list_suspensions",
        "GET",
        f"{PROJECT}/suspensions",
        find,
        "List when clocks of a project stood still, current and ended, the earliest first",
        "Clock",
        answer=Page[Suspension],
        query=SuspensionQuery,
        description="A stop of the whole project has the item ''.",
    ),
)
