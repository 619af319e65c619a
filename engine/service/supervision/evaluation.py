"""Follow-up evaluation (跟踪评价) of published charts: what was planned, what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from engine.analysis.evaluation import Shares
from engine.service.supervision.achieved import Achieved, achieved, grouped, ordered, together
from engine.service.supervision.charts import Wanted
from engine.service.supervision.openings import Opened, opened_by_procedure
from engine.service.work import Work


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The evaluation of a time; `shares` are all projects' days by with whom they were."""

    procedure: str
    since: date
    until: date
    items: list[Achieved]
    stages: list[Achieved]
    kinds: list[Achieved]
    opened: list[Opened]
    shares: Shares


def show(work: Work, asked: Wanted) -> Evaluation:
    """Return the evaluation of the cases decided, and the projects opened, in a time."""
    groups = list(grouped(work, asked, asked.chosen))
    opened = list(opened_by_procedure(work, asked, asked.chosen))
    return Evaluation(
        procedure=asked.procedure,
        since=asked.since,
        until=asked.until,
        items=[achieved(*each) for each in ordered(together(groups, "procedure stage item"))],
        stages=[achieved(*each) for each in ordered(together(groups, "procedure stage"))],
        kinds=[achieved(*each) for each in together(groups, "kind")],
        opened=opened,
        shares=sum((each.shares for each in opened), start=Shares()),
    )
