"""Cards of electronic supervision: given, found, answered, decided; and the ladder."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from api.call import Call
from api.route import Route
from api.schemas import Body, Key, Part, Query, Text, Word, example
from engine.service.supervision import answers, cards, issuing
from engine.service.supervision.card_rows import CardView
from engine.service.supervision.cards import Filters, LadderRow
from engine.service.supervision.issuing import NewCard
from engine.service.views import Page

QUARTER = Field(None, description="written 2014Q4", pattern=r"^\d{4}Q[1-4]$")


class CardQuery(Part):
    """Which cards."""

    quarter: str | SkipJsonSchema[None] = QUARTER
    department: Word | SkipJsonSchema[None] = None
    state: (
        Literal["issued", "explained", "appealed", "corrected", "upheld", "withdrawn"]
        | SkipJsonSchema[None]
    ) = None
    colour: Literal["yellow", "red"] | SkipJsonSchema[None] = None
    rule: Word | SkipJsonSchema[None] = Field(None, description="what it was given for")
    project: Key | SkipJsonSchema[None] = None


class LadderQuery(Query):
    """Of which quarter."""

    quarter: str | SkipJsonSchema[None] = QUARTER


class CardWanted(Body):
    """A card given by hand: of a task, of an item of a project, or of a department."""

    model_config = example(project=17, item="IND-02", rule="illegal_fees", note="a fee of 200 yuan")
    rule: Word
    note: Text
    project: Key | None = None
    item: Word | None = None
    task: Word | None = None
    department: Word | None = None
    person: Word | None = None
    colour: Literal["yellow", "red"] | None = None


class Explanation(Body):
    """Why a card was deserved, or what came in between."""

    model_config = example(cause="workload", reply="two of three reviewers were at the survey")
    cause: Word
    reply: Text


class Appeal(Body):
    """Why a card should be withdrawn."""

    model_config = example(appeal="the opinion was sent on 14 October, outside the system")
    appeal: Text


class Decision(Body):
    """What becomes of a card, and why."""

    model_config = example(result="withdrawn", reason="the stop of the clock was recorded late")
    result: Literal["upheld", "withdrawn"]
    reason: Text


def find(call: Call) -> Page[CardView]:
    query = dict(call.query)
    place = {name: query.pop(name) for name in ("cursor", "limit")}
    return cards.find(call.work, Filters(**query), **place)


def get(call: Call) -> CardView:
    return cards.get(call.work, call.path["card"])


def issue(call: Call) -> CardView:
    given = {name: value for name, value in dict(call.body).items() if value is not None}
    return issuing.issue(call.work, NewCard(**given))


def reply(call: Call) -> CardView:
    said = (call.body.cause, call.body.reply)
    return answers.reply(call.work, call.path["card"], *said, call.expected_version)


def appeal(call: Call) -> CardView:
    return answers.appeal(call.work, call.path["card"], call.body.appeal, call.expected_version)


def decide(call: Call) -> CardView:
    said = (call.body.result, call.body.reason)
    return answers.decide(call.work, call.path["card"], *said, call.expected_version)


def correct(call: Call) -> CardView:
    return answers.correct(call.work, call.path["card"], call.expected_version)


def ladder(call: Call) -> Page[LadderRow]:
    return Page(cards.ladder(call.work, call.query.quarter))


CARD = "/cards/<key:card>"
TAG: dict[str, Any] = {"tag": "Supervision"}
MOVE: dict[str, Any] = {
    **TAG,
    "answer": CardView,
    "etag": True,
    "conditional": True,
    "conflicts": True,
}

ROUTES = (
    Route(
        "list_cards",
        "GET",
        "/cards",
        find,
        "List cards, the newest first",
        answer=Page[CardView],
        query=CardQuery,
        description="Departments see their own.",
        **TAG,
    ),
    Route("get_card", "GET", CARD, get, "Get a card", answer=CardView, etag=True, **TAG),
    Route(
        "issue_card",
        "POST",
        "/cards",
        issue,
        "Give a card by hand",
        answer=CardView,
        status=201,
        body=CardWanted,
        etag=True,
        conflicts=True,
        problems=("not_found",),
        description=(
            "Of a `task` item, department, person and due dates follow; of an `item` its "
            "department does. Without a `colour` it has that of the `rule`."
        ),
        **TAG,
    ),
    Route(
        "reply_card",
        "POST",
        f"{CARD}/reply",
        reply,
        "Name the cause of a card: its person, or for the department",
        body=Explanation,
        **MOVE,
    ),
    Route(
        "appeal_card",
        "POST",
        f"{CARD}/appeal",
        appeal,
        "Ask for a card to be withdrawn",
        body=Appeal,
        **MOVE,
    ),
    Route(
        "decide_card",
        "POST",
        f"{CARD}/decide",
        decide,
        "Uphold or withdraw a card, with reasons",
        body=Decision,
        description="What nobody has explained or appealed can only be withdrawn.",
        **MOVE,
    ),
    Route(
        "correct_card",
        "POST",
        f"{CARD}/correct",
        correct,
        "Note that what a card was given for has been put right",
        **MOVE,
    ),
    Route(
        "ladder",
        "GET",
        "/supervision/ladder",
        ladder,
        "Count each department's standing cards of a quarter, and what follows",
        answer=Page[LadderRow],
        query=LadderQuery,
        description="Without `quarter` the present one.",
        **TAG,
    ),
)
