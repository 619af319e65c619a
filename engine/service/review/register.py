"""The list of rounds as it is browsed: in groups with counts, what waits for the actor first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, case, func, literal, or_, select

from engine.rules.procedure import Kind
from engine.service import codes
from engine.service.pages import decode_cursor, number, page
from engine.service.review import round_rows, signing, views
from engine.service.review.shown import ListRow
from engine.service.review.signing import own_departments
from engine.service.views import Page
from engine.service.work import Actor, Work
from engine.store import tables as t

#: rounds in which something waits for the actor; the other groups are states
MINE = "mine"
GROUPS = (MINE, *views.STATES)
rounds = t.review_round.c


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rounds: a group, '' for all, and filters; None for any. `department` takes part."""

    group: str = ""
    stage: str | None = None
    department: str | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Facets:
    """How many rounds the filters leave, by group; and by stage and department in the group."""

    groups: Mapping[str, int] = field(default_factory=dict)
    stages: Mapping[str, int] = field(default_factory=dict)
    departments: Mapping[str, int] = field(default_factory=dict)


def find(
    work: Work, wanted: Wanted, *, cursor: str | None = None, limit: int = 50
) -> Page[ListRow]:
    """Return rounds: what waits for the actor by its day, else the newest first."""
    mine = wanted.group == MINE
    query = round_rows.of_rounds().where(*conditions(work, wanted), of_group(work, wanted.group))
    order = (rounds.opinion_due_on, rounds.id) if mine else (rounds.id.desc(),)
    if cursor:
        query = query.where(behind(cursor, mine=mine))
    rows = [
        dict(each) for each in work.db.execute(query.order_by(*order).limit(limit + 1)).mappings()
    ]
    found = page(rows, limit, lambda last: place(last, mine=mine))
    asked: Mapping[int, list[Any]] = {}
    if not round_rows.is_outside(work.actor) and found.items:
        asked = round_rows.newest_kinds(work, [each["id"] for each in found.items])
    listed = [views.list_row(work, row, asked.get(row["id"], [])) for row in found.items]
    return Page(listed, found.next)


def place(last: Mapping[str, Any], *, mine: bool) -> tuple[Any, ...]:
    """Return what the cursor behind a row holds."""
    return (last["opinion_due_on"], last["id"]) if mine else (last["id"],)


def behind(cursor: str, *, mine: bool) -> ColumnElement[bool]:
    """Return the condition of the rows behind a place. Raises Invalid."""
    if not mine:
        before: ColumnElement[bool] = rounds.id < decode_cursor(cursor, number)[0]
        return before
    due_on, last = decode_cursor(cursor, date.fromisoformat, number)
    later = (rounds.opinion_due_on > due_on) | (rounds.id > last)
    after: ColumnElement[bool] = (rounds.opinion_due_on >= due_on) & later
    return after


def conditions(work: Work, wanted: Wanted) -> list[ColumnElement[bool]]:
    """Return what holds in whatever group: what may be seen, and the filters."""
    asked = t.review_participant.c
    found = [round_rows.visible(work.actor)]
    if wanted.stage:
        found.append(rounds.stage == wanted.stage)
    if wanted.department:
        theirs = select(asked.round_id).where(asked.department == wanted.department)
        found.append(rounds.id.in_(theirs))
    if wanted.text:
        found.append(codes.matches(work, wanted.text))
    return found


def of_group(work: Work, group: str) -> ColumnElement[bool]:
    """Return the condition of a group."""
    if group == MINE:
        return waits_for(work.actor)
    return rounds.state == group if group in GROUPS else literal(value=True)


def waits_for(actor: Actor) -> ColumnElement[bool]:
    """Return the condition of the rounds with a task of the actor's departments, or their minutes.

    Minutes wait for whoever is to sign them.
    """
    table = t.task.alias("waiting")
    task = table.c
    own: ColumnElement[bool] = task.department.in_(own_departments(actor))
    if actor.only("applicant"):
        own = task.kind == Kind.APPLICANT
    query = select(task.id).where(task.round_id == rounds.id, task.state == "open", own)
    return or_(query.exists(), signing.waits_for(actor))


def facets(work: Work, wanted: Wanted) -> Facets:
    """Return how many rounds there are of what, each filter's values under the others."""
    total = Wanted("", wanted.stage, wanted.department, wanted.text)
    by_stage = Wanted(wanted.group, None, wanted.department, wanted.text)
    by_department = Wanted(wanted.group, wanted.stage, None, wanted.text)
    return Facets(groups(work, total), stages(work, by_stage), departments(work, by_department))


def groups(work: Work, wanted: Wanted) -> dict[str, int]:
    """Return how many rounds each group has; '' is all."""
    mine = func.sum(case((waits_for(work.actor), 1), else_=0))
    query = (
        select(rounds.state, func.count(), mine)
        .select_from(t.review_round)
        .join(t.project, t.project.c.id == rounds.project_id)
        .where(*conditions(work, wanted))
        .group_by(rounds.state)
    )
    rows = work.db.execute(query).all()
    counts = {str(state): int(count) for state, count, _mine in rows}
    own = sum(int(each) for *_, each in rows)
    return {**counts, "": sum(counts.values()), MINE: own}


def stages(work: Work, wanted: Wanted) -> dict[str, int]:
    """Return how many rounds each stage has."""
    query = (
        select(rounds.stage, func.count())
        .select_from(t.review_round)
        .join(t.project, t.project.c.id == rounds.project_id)
        .where(*conditions(work, wanted), of_group(work, wanted.group))
        .group_by(rounds.stage)
    )
    return {str(stage): int(count) for stage, count in work.db.execute(query)}


def departments(work: Work, wanted: Wanted) -> dict[str, int]:
    """Return in how many rounds each department takes part."""
    asked = t.review_participant.c
    query = (
        select(asked.department, func.count())
        .select_from(t.review_round)
        .join(t.project, t.project.c.id == rounds.project_id)
        .join(t.review_participant, asked.round_id == rounds.id)
        .where(*conditions(work, wanted), of_group(work, wanted.group))
        .group_by(asked.department)
    )
    if round_rows.is_outside(work.actor):
        return {}
    return {str(department): int(count) for department, count in work.db.execute(query)}
