"""Joint reviews: rounds launched, found, given up, concluded; questions; a year in numbers."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints
from pydantic.json_schema import SkipJsonSchema

from api.call import Call, Reply
from api.route import Route
from api.schemas import PLAIN, Body, Code, Key, Part, Query, Text, Word, example
from engine.rules.joint_review import Mode
from engine.service.review import escalations, finishing, rounds, statistics, views
from engine.service.review.rounds import NewRound
from engine.service.review.shown import ListRow, RoundView
from engine.service.review.statistics import ReviewStatistics
from engine.service.review.views import Filters
from engine.service.views import EventView, Page

Why = Annotated[str, StringConstraints(pattern=PLAIN, min_length=1, max_length=2000)]
Year = Annotated[int, Field(ge=1, le=9999)]


class RoundQuery(Part):
    """Which rounds."""

    project: Key | SkipJsonSchema[None] = None
    stage: Code | SkipJsonSchema[None] = None
    state: Literal["open", "concluded", "closed", "cancelled"] | SkipJsonSchema[None] = None
    lead: Code | SkipJsonSchema[None] = None
    department: Code | SkipJsonSchema[None] = Field(None, description="takes part")
    meeting: Key | SkipJsonSchema[None] = None
    year: Year | SkipJsonSchema[None] = Field(None, description="that of the notice")


class YearQuery(Query):
    """Which year."""

    year: Year | SkipJsonSchema[None] = Field(None, description="this one without it")


class RoundWanted(Body):
    """A round of a project's stage."""

    model_config = example(
        project=7, stage="planning", items=["IND-08"], papers="scheme of 2014-09", complex=False
    )
    project: Key
    stage: Word
    mode: Literal["circulate", "meeting"] = "circulate"
    items: list[Word] = Field(
        default_factory=list, max_length=100, description="without any, all that are not decided"
    )
    departments: list[Word] = Field(
        default_factory=list, max_length=200, description="asked besides those of the items"
    )
    papers: Text = Field("", description="which papers are reviewed, in words")
    complex: bool = Field(False, description="opinions may take longer")
    opinion_due_on: date | None = Field(
        None,
        description=(
            "a working day that leaves everybody the days of an opinion, and none after them but "
            "in a complex case; of a meeting the day it is held; by default the last such day"
        ),
    )


class Concluded(Body):
    """What the lead makes of a round."""

    model_config = example(conclusion="approved", reasons="the greening comes with phase two")
    conclusion: Literal["approved", "refused", "suspended", "supplement"]
    reasons: Text = ""


class GivenUp(Body):
    """Why a round is given up."""

    model_config = example(reason="the scheme was withdrawn")
    reason: Why


class Question(Body):
    """What is to be settled above."""

    model_config = example(question="is a green area of 8 % enough?")
    question: Why


class Settlement(Body):
    """How it is settled."""

    model_config = example(settlement="10 %, as the plan of the district says")
    settlement: Why


def launch(call: Call) -> Reply:
    body = call.body
    given = NewRound(
        body.stage,
        Mode(body.mode),
        items=tuple(body.items),
        departments=tuple(body.departments),
        papers=body.papers,
        complex_case=body.complex,
        opinion_due_on=body.opinion_due_on,
    )
    view = views.get(call.work, rounds.launch(call.work, body.project, given))
    return Reply(view, headers={"Location": f"/api/v1/joint-reviews/{view.id}"})


def find(call: Call) -> Page[ListRow]:
    query = dict(call.query)
    place = {name: query.pop(name) for name in ("cursor", "limit")}
    return views.find(call.work, Filters(**query), **place)


def get(call: Call) -> RoundView:
    return views.get(call.work, call.path["round"])


def cancel(call: Call) -> RoundView:
    rounds.cancel(call.work, call.path["round"], call.body.reason, call.expected_version)
    return get(call)


def conclude(call: Call) -> RoundView:
    said = (call.body.conclusion, call.body.reasons)
    finishing.conclude(call.work, call.path["round"], *said, call.expected_version)
    return get(call)


def ask(call: Call) -> RoundView:
    key, version = call.path["round"], call.expected_version
    escalations.raise_question(call.work, key, call.body.question, version)
    return get(call)


def settle(call: Call) -> RoundView:
    key, version = call.path["round"], call.expected_version
    escalations.settle(call.work, key, call.body.settlement, version)
    return get(call)


def history(call: Call) -> Page[EventView]:
    query = call.query
    return views.history(call.work, call.path["round"], query.cursor, query.limit)


def of_year(call: Call) -> ReviewStatistics:
    return statistics.of_year(call.work, call.query.year)


ROUND = "/joint-reviews/<key:round>"
TAG: dict[str, Any] = {"tag": "Joint reviews"}
VIEW: dict[str, Any] = {"answer": RoundView, "etag": True, **TAG}
CHANGE: dict[str, Any] = {
    **VIEW,
    "conditional": True,
    "conflicts": True,
    "problems": ("round_closed",),
}

ROUTES = (
    Route(
        "launch_joint_review",
        "POST",
        "/joint-reviews",
        launch,
        "Launch a round: each department that takes part has a task then",
        status=201,
        body=RoundWanted,
        conflicts=True,
        problems=("not_found",),
        description=(
            "The stage's lead may, or a coordinator. A round of a meeting that the calendar knows "
            "comes with `POST /meetings` or `POST /meetings/{meeting}/agenda`."
        ),
        **VIEW,
    ),
    Route(
        "list_joint_reviews",
        "GET",
        "/joint-reviews",
        find,
        "List rounds of joint reviews, the newest first",
        answer=Page[ListRow],
        query=RoundQuery,
        description="Applicants see those of their own projects once these are concluded.",
        **TAG,
    ),
    Route(
        "joint_review_statistics",
        "GET",
        "/joint-reviews/statistics",
        of_year,
        "Count a year: meetings, projects, days to the reply, silence, conclusions",
        answer=ReviewStatistics,
        query=YearQuery,
        **TAG,
    ),
    Route(
        "get_joint_review",
        "GET",
        ROUND,
        get,
        "Get a round: who has spoken, what is missing, what can be concluded",
        description=(
            "Applicants are told what came of it, what they have to supply and the conditions; "
            "not what departments said."
        ),
        **VIEW,
    ),
    Route(
        "cancel_joint_review",
        "POST",
        f"{ROUND}/cancel",
        cancel,
        "Give a round up before its conclusion",
        body=GivenUp,
        **CHANGE,
    ),
    Route(
        "conclude_joint_review",
        "POST",
        f"{ROUND}/conclude",
        conclude,
        "Conclude a round: completes the task `conclude`",
        body=Concluded,
        description=(
            "A reviewer or head of the lead may, once `missing` holds no `opinion`, "
            "`guarded_opinion` or `question`. Approval over a disagreement, refusal and suspension "
            "need `reasons`. Minutes and reply follow, or for a supplement the applicant's task."
        ),
        **{**CHANGE, "problems": ("round_closed", "not_concludable")},
    ),
    Route(
        "raise_question",
        "POST",
        f"{ROUND}/questions",
        ask,
        "Raise a disagreement to the next level; while it is open the round is not concluded",
        body=Question,
        **CHANGE,
    ),
    Route(
        "settle_question",
        "POST",
        f"{ROUND}/questions/settle",
        settle,
        "Settle the open question: its level's, which is the lead, a coordinator, the government",
        body=Settlement,
        **CHANGE,
    ),
    Route(
        "joint_review_history",
        "GET",
        f"{ROUND}/history",
        history,
        "List what happened in a round, in order: it can be rebuilt from it",
        answer=Page[EventView],
        query=Part,
        **TAG,
    ),
)
