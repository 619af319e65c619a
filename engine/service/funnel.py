"""The city's stages as a funnel: the cases in hand of each, by their lights."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select

from engine.rules.catalogue import Name, Stage
from engine.rules.deadline import STEP_DEADLINES
from engine.rules.light import Light, bounds, started_before
from engine.rules.procedure import Kind
from engine.service import deployments
from engine.service.inbox_query import SUSPENDED
from engine.service.work import Work
from engine.store import tables as t

item = t.project_item.c
#: states of a case that somebody has in hand
IN_HAND = ("received", "supplement_requested", "accepted", "in_decision", "open")


@dataclass(frozen=True, slots=True)
class FunnelStage:
    """A stage: its lead department, the cases in hand, those by light, and those begun this year.

    A case's light is that of its promise; until it is accepted, that of the time the law gives
    for it. It is paused while its clock stands still or the applicant supplies material.
    """

    id: str
    name: Name
    lead: str
    open: int
    lights: Mapping[str, int]
    entered: int


def stages(work: Work) -> list[Stage]:
    """Return the stages of the newest procedures, those first that say what they are for."""
    known = [built.procedure for built in deployments.newest(work.db)]
    chosen = [each for each in known if each.project_type] or known
    found: dict[str, Stage] = {}
    for procedure in chosen:
        for stage in procedure.stages:
            found.setdefault(stage.id, stage)
    return list(found.values())


def in_hand(
    work: Work, conditions: Collection[ColumnElement[bool]]
) -> Mapping[str, Mapping[str, int]]:
    """Return how many cases are in hand, by stage and light."""
    light = light_of(work).label("light")
    query = (
        select(item.stage, light, func.count().label("number"))
        .where(item.kind == Kind.APPROVAL, item.state.in_(IN_HAND), *conditions)
        .group_by(item.stage, light)
    )
    found: dict[str, dict[str, int]] = {}
    for row in work.db.execute(query):
        found.setdefault(row.stage, {})[row.light] = row.number
    return found


def light_of(work: Work) -> ColumnElement[str]:
    """Return the light of a case as an expression; the same as `task_light` says."""
    rules = work.rules.lights
    limits = bounds(work.calendar, work.today, rules)
    days = STEP_DEADLINES["receive"].days
    late, soon = (
        started_before(work.calendar, each, days)
        for each in (limits.orange_before, limits.short_yellow_before)
    )
    unaccepted = item.promised_due_on.is_(None)
    short = and_(
        item.promised_days <= rules.short_days, item.promised_due_on >= limits.short_yellow_before
    )
    stands = (
        item.project_id.in_(SUSPENDED),
        item.stopped_on.is_not(None),
        item.state == "supplement_requested",
    )
    due: list[tuple[Any, Light]] = [
        (or_(*stands), Light.PAUSED),
        (item.statutory_due_on < limits.orange_before, Light.RED),
        (and_(unaccepted, item.received_on < late), Light.RED),
        (item.promised_due_on < limits.red_before, Light.RED),
        (item.promised_due_on < limits.orange_before, Light.ORANGE),
        (and_(unaccepted, item.received_on < soon), Light.YELLOW),
        (and_(item.promised_due_on < limits.yellow_before, ~short), Light.YELLOW),
    ]
    return case(*((condition, str(light)) for condition, light in due), else_=str(Light.GREEN))
