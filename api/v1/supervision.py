"""Supervision: the board and the cases behind it, inspection reports, follow-up evaluation."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from api.call import Call
from api.route import Route
from api.schemas import Part, Query, Word
from engine.service.supervision import board, charts, evaluation, in_hand, openings, report
from engine.service.supervision.board import Board
from engine.service.supervision.evaluation import Evaluation
from engine.service.supervision.in_hand import CaseRow
from engine.service.supervision.openings import OpenedProject
from engine.service.supervision.report import Report, ReportPeriod
from engine.service.views import Page

TAG = "Supervision"


class BoardQuery(Query):
    """Of which period."""

    period: Word | SkipJsonSchema[None] = Field(
        None, description="2014-10, 2014Q4 or 2014; the present quarter without one"
    )


class CaseQuery(Part):
    """Which cases in hand."""

    department: Word | SkipJsonSchema[None] = None
    light: (
        Literal["green", "yellow", "orange", "red", "paused", "overdue", "past_statute"]
        | SkipJsonSchema[None]
    ) = Field(None, description="`overdue` is orange and red; `past_statute` is overdue by law")


class EvaluationQuery(Query):
    """Of which procedure and time; the last twelve months without dates."""

    procedure: Word | SkipJsonSchema[None] = None
    since: date | SkipJsonSchema[None] = Field(None, description="the first day")
    until: date | SkipJsonSchema[None] = Field(None, description="the last day")


class EvaluatedQuery(EvaluationQuery, Part):
    """Which projects that came to construction start."""


def show(call: Call) -> Board:
    return board.show(call.work, call.query.period or "")


def find_cases(call: Call) -> Page[CaseRow]:
    return in_hand.find(call.work, **dict(call.query))


def list_reports(call: Call) -> Page[ReportPeriod]:
    return Page(report.periods(call.work))


def get_report(call: Call) -> Report:
    return report.get(call.work, call.path["period"])


def evaluate(call: Call) -> Evaluation:
    return evaluation.show(call.work, asked(call))


def evaluated(call: Call) -> Page[OpenedProject]:
    query = call.query
    return openings.projects(call.work, asked(call), cursor=query.cursor, limit=query.limit)


def asked(call: Call) -> charts.Wanted:
    """Return which charts and what time an evaluation is of."""
    query = call.query
    return charts.wanted(call.work, query.procedure or "", query.since, query.until)


ROUTES = (
    Route(
        "supervision",
        "GET",
        "/supervision",
        show,
        "Get the board: departments with their lights, decisions in time, the cards, the ladder",
        TAG,
        answer=Board,
        query=BoardQuery,
        description=(
            "What is in hand is as of now, the figures are of the period as far as it has passed. "
            "The gravest department comes first."
        ),
    ),
    Route(
        "supervision_cases",
        "GET",
        "/supervision/cases",
        find_cases,
        "List the cases in hand that the board counts",
        TAG,
        answer=Page[CaseRow],
        query=CaseQuery,
    ),
    Route(
        "list_supervision_reports",
        "GET",
        "/supervision/reports",
        list_reports,
        "List the quarters there is an inspection report of, the newest first",
        TAG,
        answer=Page[ReportPeriod],
    ),
    Route(
        "supervision_report",
        "GET",
        "/supervision/reports/<name:period>",
        get_report,
        "Get the inspection report of a quarter (2014Q4) or a year (2014)",
        TAG,
        answer=Report,
        description=(
            "Percentages and averages are rounded to one decimal. `definitions` says of each "
            "figure how it is made, `standards` what each grade asks for. A report is final once "
            "it is `complete` and no card of its time is taken back any more."
        ),
    ),
    Route(
        "supervision_evaluation",
        "GET",
        "/supervision/evaluation",
        evaluate,
        "Evaluate the published charts: planned against achieved, windows, where the days went",
        TAG,
        answer=Evaluation,
        query=EvaluationQuery,
        description=(
            "Items are of the cases decided in the time, projects of those whose construction "
            "started in it. P50 and P90 are nearest ranks."
        ),
    ),
    Route(
        "evaluated_projects",
        "GET",
        "/supervision/evaluation/projects",
        evaluated,
        "List the projects that came to construction start, with whom their days were",
        TAG,
        answer=Page[OpenedProject],
        query=EvaluatedQuery,
    ),
)
