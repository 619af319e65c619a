"""Decisions on a commitment (告知承诺): listed, and checked by the department."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from api.call import Call
from api.route import Route
from api.schemas import Body, Key, Part, Text, Word, example
from engine.service.receiving import commitments
from engine.service.receiving.commitments import Checking, CommitmentView
from engine.service.views import Page


class CommitmentQuery(Part):
    """Which commitments."""

    state: Literal[
        "to_check",
        "overdue",
        "accepted",
        "open",
        "rectifying",
        "kept",
        "rectified",
        "revoked",
        "void",
        "all",
    ] = Field("to_check", description="`overdue`: to be checked, or put right, and late")
    department: Word | SkipJsonSchema[None] = None
    project: Key | SkipJsonSchema[None] = None


class Check(Body):
    """What a check came to. Findings are needed to rectify and to revoke."""

    model_config = example(result="rectify", findings="合同缺附件二", rectify_by_on="2014-11-14")
    result: Literal["kept", "rectify", "rectified", "revoked"]
    findings: Text = ""
    rectify_by_on: date | None = Field(None, description="by when it is to be put right")


def find(call: Call) -> Page[CommitmentView]:
    return commitments.find(call.work, **dict(call.query))


def get(call: Call) -> CommitmentView:
    return commitments.get(call.work, call.path["commitment"])


def check(call: Call) -> CommitmentView:
    body = call.body
    given = Checking(body.result, body.findings, body.rectify_by_on)
    return commitments.check_kept(call.work, call.path["commitment"], given, call.expected_version)


COMMITMENT = "/commitments/<key:commitment>"

ROUTES = (
    Route(
        "list_commitments",
        "GET",
        "/commitments",
        find,
        "List commitments, what is to be checked first first",
        "Receiving",
        answer=Page[CommitmentView],
        query=CommitmentQuery,
        description=(
            "An item is accepted on a commitment by completing its receipt with the outcome "
            "`accept_on_commitment` and `data` of `conditions` and `committed_by`."
        ),
    ),
    Route(
        "get_commitment",
        "GET",
        COMMITMENT,
        get,
        "Get a commitment",
        "Receiving",
        answer=CommitmentView,
        etag=True,
    ),
    Route(
        "check_commitment",
        "POST",
        f"{COMMITMENT}/check",
        check,
        "Write down what the check of a commitment came to",
        "Receiving",
        answer=CommitmentView,
        body=Check,
        etag=True,
        conditional=True,
        conflicts=True,
        description=(
            "`revoked` revokes the decision: what is open of the case ends, the applicant goes on "
            "the credit record."
        ),
    ),
)
