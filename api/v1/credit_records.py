"""Credit records of applicants who broke a promise: listed, added by hand, lifted."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from api.call import Call
from api.route import Route
from api.schemas import Body, Line, Part, Text, example
from engine.service.receiving import credit
from engine.service.receiving.credit import CreditRecordView
from engine.service.views import Page


class CreditRecordQuery(Part):
    """Which records."""

    state: Literal["valid", "expired", "lifted", "all"] = "valid"
    text: Text | SkipJsonSchema[None] = Field(None, description="part of the applicant's name")


class NewCreditRecord(Body):
    """A record made by hand; without an end it lasts as long as the city says."""

    model_config = example(applicant="振风公司", note="提供虚假材料", until_on="2015-06-30")
    applicant: Line
    note: Text
    until_on: date | None = None


class Lifting(Body):
    """Why a record is lifted."""

    model_config = example(note="查明属误记")
    note: Text = ""


def find(call: Call) -> Page[CreditRecordView]:
    return credit.find(call.work, **dict(call.query))


def add(call: Call) -> CreditRecordView:
    body = call.body
    return credit.add(call.work, body.applicant, body.note, body.until_on)


def lift(call: Call) -> CreditRecordView:
    return credit.lift(call.work, call.path["record"], call.body.note)


ROUTES = (
    Route(
        "list_credit_records",
        "GET",
        "/credit-records",
        find,
        "List credit records, the newest first",
        "Receiving",
        answer=Page[CreditRecordView],
        query=CreditRecordQuery,
        description="Whose record is valid is not accepted with gaps nor on a commitment.",
    ),
    Route(
        "add_credit_record",
        "POST",
        "/credit-records",
        add,
        "Put an applicant on record by hand",
        "Receiving",
        answer=CreditRecordView,
        body=NewCreditRecord,
        status=201,
    ),
    Route(
        "lift_credit_record",
        "POST",
        "/credit-records/<key:record>/lift",
        lift,
        "Lift a record before it expires",
        "Receiving",
        answer=CreditRecordView,
        body=Lifting,
        conflicts=True,
    ),
)
