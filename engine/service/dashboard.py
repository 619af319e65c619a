"""The first page: what is mine, what is late, where the city's cases are, what is at risk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, false, select

from engine.errors import Invalid
from engine.service import access, funnel, inbox, portfolio, statistics
from engine.service.funnel import FunnelStage
from engine.service.inbox_query import ALL, DEPARTMENT, MINE, Wanted, departments
from engine.service.inbox_query import scopes as inbox_scopes
from engine.service.portfolio import PortfolioRow, standing
from engine.service.statistics import Month, months_back, together
from engine.service.work import Actor, Work
from engine.store import tables as t

CITY = "city"
#: the inbox that belongs to a scope
INBOXES = {MINE: MINE, DEPARTMENT: DEPARTMENT, CITY: ALL}
MONTHS = 12

Months = Mapping[str, Mapping[date, Month]]


@dataclass(frozen=True, slots=True)
class Trend:
    """Items decided by the promised date, month by month.

    `percent` is of all the months together, `month_percent` of this one, `change` how many
    points that is above the month before; None where nothing was decided.
    """

    months: list[Month]
    percent: float | None
    month_percent: float | None
    change: float | None


@dataclass(frozen=True, slots=True)
class Dashboard:
    """What a scope shows, and the scopes there are for whoever asks."""

    scope: str
    scopes: tuple[str, ...]
    counts: Mapping[str, int]
    stages: list[FunnelStage]
    risks: list[PortfolioRow]
    trend: Trend


def show(work: Work, scope: str = MINE, *, stage: str | None = None, risks: int = 6) -> Dashboard:
    """Return the dashboard; its trend is of one stage, or of all. Raises Invalid, Forbidden."""
    if scope not in INBOXES:
        raise Invalid(f"scope must be one of {', '.join(INBOXES)}", field="scope")
    conditions = of_items(work.actor, scope)
    first_on, *_ = months_back(work.today, MONTHS)
    months = statistics.by_month(work, first_on, *conditions)
    return Dashboard(
        scope=scope,
        scopes=scopes(work.actor),
        counts=inbox.counts(work, Wanted(INBOXES[scope])),
        stages=stages(work, months, conditions),
        risks=at_risk(work, scope, risks),
        trend=trend(work.today, months, stage),
    )


def scopes(actor: Actor) -> tuple[str, ...]:
    """Return the scopes that an actor may look at."""
    seen = inbox_scopes(actor)
    city = not actor.only("applicant")
    return tuple(name for name, of in INBOXES.items() if of in seen and (name != CITY or city))


def places(actor: Actor, scope: str) -> list[str]:
    """Return the departments a scope is about; none for the city."""
    return [] if scope == CITY else departments(actor)


def of_items(actor: Actor, scope: str) -> list[ColumnElement[bool]]:
    """Return the conditions of the items a scope is about: applicants', of their projects."""
    item, project = t.project_item.c, t.project.c
    if actor.only("applicant"):
        own = select(project.id).where(project.applicant_user_id == actor.id)
        return [item.project_id.in_(own) if actor.id is not None else false()]
    found = places(actor, scope)
    return [item.department.in_(found)] if found else []


def stages(work: Work, months: Months, conditions: list[ColumnElement[bool]]) -> list[FunnelStage]:
    """Return the stages with their cases."""
    open_cases = funnel.in_hand(work, conditions)
    return [
        FunnelStage(
            id=each.id,
            name=each.name,
            lead=each.lead,
            open=sum(open_cases.get(each.id, {}).values()),
            lights=open_cases.get(each.id, {}),
            entered=entered(work.today.year, months.get(each.id, {})),
        )
        for each in funnel.stages(work)
    ]


def entered(year: int, months: Mapping[date, Month]) -> int:
    """Return how many cases began in a year."""
    return sum(each.entered for on, each in months.items() if on.year == year)


def at_risk(work: Work, scope: str, limit: int) -> list[PortfolioRow]:
    """Return the projects with the least slack whose construction has not started."""
    query = (
        portfolio.columns()
        .where(t.project.c.state == "running", t.project.c.opened_on.is_(None))
        .where(
            standing.slack_order < work.rules.lights.project_green_slack, access.visible(work.actor)
        )
        .order_by(standing.slack_order, standing.project_id)
        .limit(limit)
    )
    found = places(work.actor, scope)
    if found:
        query = query.where(standing.held_department.in_(found))
    return [portfolio.view(work, dict(row)) for row in work.db.execute(query).mappings()]


def trend(today: date, found: Months, stage: str | None) -> Trend:
    """Return how many items were decided in time, of one stage or of all."""
    chosen = [months for name, months in found.items() if stage in {None, name}]
    months = [
        together(on, [each[on] for each in chosen if on in each])
        for on in months_back(today, MONTHS)
    ]
    this, before = months[-1].percent, months[-2].percent
    return Trend(
        months=months,
        percent=together(months[0].month_on, months).percent,
        month_percent=this,
        change=None if this is None or before is None else this - before,
    )
