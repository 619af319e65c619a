"""The inbox: the open tasks of somebody, of a department or of the city, by what is due first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ScalarSelect, Select, select

from engine.errors import LianshenError, NotFound
from engine.rules.catalogue import Name
from engine.rules.deadline import days_left
from engine.rules.light import Light, task_light
from engine.service import access, codes, deployments, names, rights, tasks
from engine.service.inbox_query import (
    GROUPS,
    MINE,
    Wanted,
    after,
    before,
    branches,
    chosen,
    count,
    filters,
    group,
)
from engine.service.pages import decode_cursor, page, words
from engine.service.views import Page
from engine.service.work import Work
from engine.store import tables as t

#: columns of a task that its row takes over
OF_TASK = (
    *("id", "item", "stage", "kind", "element", "name", "department", "roles", "outcomes"),
    *("promised_due_on", "statutory_due_on", "days", "overdue", "stuck", "created_at", "version"),
)


@dataclass(frozen=True, slots=True)
class InboxRow:
    """An open task as inboxes show it.

    `due_on` is the earlier of both due dates. `days` are the working days it has in all,
    `days_left` and `used_days` those left and used, which stand still while its clock does (since
    `stopped_on`); negative days left are late. `claimed` is whoever has claimed it.
    `may_complete`: whoever asks could complete it now.
    """

    id: str
    project: int
    code: str
    project_name: str
    procedure: str
    item: str
    item_name: Name
    stage: str
    stage_name: Name
    kind: str
    element: str
    name: str
    department: str
    roles: list[str]
    outcomes: list[str]
    light: Light
    due_on: date | None
    promised_due_on: date | None
    statutory_due_on: date | None
    days: int | None
    days_left: int | None
    used_days: int | None
    overdue: bool
    stopped_on: date | None
    stuck: bool
    claimed: str | None
    claimed_name: str | None
    mine: bool
    may_complete: bool
    created_at: datetime
    version: int


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The tasks before and after one in an inbox; None where there is none."""

    previous: str | None
    next: str | None


@dataclass(frozen=True, slots=True)
class Claimed:
    """What became of a task that was to be claimed; `code` and `detail` say why it was not."""

    id: str
    claimed: bool
    code: str = ""
    detail: str = ""


def find(
    work: Work, wanted: Wanted, *, cursor: str | None = None, limit: int = 50
) -> Page[InboxRow]:
    """Return a part of an inbox, what is due first first. Raises Invalid, Forbidden."""
    several = branches(work.actor, wanted.scope)
    further = (*filters(work, wanted), *group(work, wanted.group))
    if not several:
        return Page([])
    if cursor:
        further = (*further, after(*decode_cursor(cursor, date.fromisoformat, words)))
    ids = chosen(several, further, limit + 1)
    query = columns().where(t.task.c.id.in_(ids)).order_by(t.task.c.due_on, t.task.c.id)
    rows = list(work.db.execute(query).mappings())
    found = page(rows, limit, lambda last: (last["due_on"], last["id"]))
    return Page([view(work, dict(row)) for row in found.items], found.next)


def columns() -> Any:
    """Return the query of tasks with their project and whoever has claimed them."""
    return (
        select(
            *(t.task.c[name] for name in OF_TASK),
            *(
                t.task.c[name]
                for name in ("due_on", "state", "assignee_id", "project_id", "stopped_on")
            ),
            t.project.c.name.label("project_name"),
            t.project.c.created_at.label("project_created_at"),
            t.project.c.state.label("project_state"),
            t.project.c.applicant_user_id,
            t.project.c.version_id,
            t.user.c.name.label("claimed"),
            t.user.c.display_name.label("claimed_name"),
        )
        .join(t.project, t.project.c.id == t.task.c.project_id)
        .outerjoin(t.user, t.user.c.id == t.task.c.assignee_id)
    )


def view(work: Work, row: Mapping[str, Any]) -> InboxRow:
    """Return a row as it is shown."""
    built = deployments.deployment(work.db, row["version_id"])
    opened = {"id": row["project_id"], "created_at": row["project_created_at"]}
    return InboxRow(
        **{name: row[name] for name in OF_TASK},
        **clock(work, row),
        project=row["project_id"],
        project_name=row["project_name"],
        code=codes.code_of(work, opened),
        procedure=built.procedure.id,
        item_name=names.item_name(built, row["item"]),
        stage_name=names.stage_name(built, row["stage"]),
        claimed=row["claimed"],
        claimed_name=row["claimed_name"] or row["claimed"],
        mine=row["assignee_id"] is not None and row["assignee_id"] == work.actor.id,
        may_complete=may_complete(work, row),
    )


def clock(work: Work, row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a task's light, and its days used and left."""
    stopped_on: date | None = row["stopped_on"]
    today = stopped_on or work.today
    dates = [on for on in (row["promised_due_on"], row["statutory_due_on"]) if on is not None]
    due_on, paused = min(dates, default=None), stopped_on is not None
    left = None if due_on is None else days_left(work.calendar, due_on, today)
    days, statutory_on = row["days"], row["statutory_due_on"]
    limits = work.rules.lights
    return {
        "light": task_light(
            work.calendar, today, due_on, statutory_on, days=days, paused=paused, limits=limits
        ),
        "due_on": due_on,
        "days_left": left,
        "used_days": used_days(work, row["promised_due_on"] or due_on, days, today),
        "stopped_on": stopped_on,
    }


def used_days(work: Work, due_on: date | None, days: int | None, today: date) -> int | None:
    """Return the working days used of those that a task has in all."""
    if due_on is None or days is None:
        return None
    return max(0, days - days_left(work.calendar, due_on, today))


def may_complete(work: Work, row: Mapping[str, Any]) -> bool:
    """Tell whether the actor could complete a task now."""
    own = row["assignee_id"] in {None, work.actor.id} or work.actor.has("coordinator")
    runs = row["project_state"] == "running" and row["state"] == "open"
    return runs and own and rights.may_complete(work.actor, dict(row), dict(row))


def counts(work: Work, wanted: Wanted) -> dict[str, int]:
    """Return how many tasks each group of an inbox has, under the other filters."""
    several = branches(work.actor, wanted.scope)
    further = filters(work, wanted)
    query = select(*(count(several, *further, *group(work, name)).label(name) for name in GROUPS))
    return dict(work.db.execute(query).mappings().one())


def badge(work: Work) -> tuple[int, int]:
    """Return how many tasks somebody has to do, and how many of them are overdue."""
    several = branches(work.actor, MINE)
    late = group(work, "overdue")
    found = work.db.execute(select(count(several), count(several, *late))).one()
    return int(found[0]), int(found[1])


def neighbours(work: Work, identifier: str, wanted: Wanted) -> Neighbours:
    """Return the tasks before and after one in an inbox, whether it is in there or not.

    Raises NotFound where there is no such task.
    """
    table = t.task.c
    query = (
        select(table.due_on, t.project.c.applicant_user_id)
        .join(t.project, t.project.c.id == table.project_id)
        .where(table.id == identifier)
    )
    row = access.only(work, query)
    if row is None or access.hidden(work.actor, row):
        raise NotFound(f"there is no task {identifier}", task=identifier)
    several = branches(work.actor, wanted.scope)
    if not several:
        return Neighbours(None, None)
    further = (*filters(work, wanted), *group(work, wanted.group))
    place = (row["due_on"], identifier)
    earlier = chosen(several, (*further, before(*place)), 1, back=True)
    later = chosen(several, (*further, after(*place)), 1, back=False)
    both = select(nearest(earlier), nearest(later))
    return Neighbours(*work.db.execute(both).one())


def nearest(found: Select[Any]) -> ScalarSelect[str]:
    """Return the id of the one task that a query finds, None where it finds none."""
    return select(found.subquery().c.id).scalar_subquery()


def claim_many(work: Work, identifiers: Sequence[str]) -> list[Claimed]:
    """Take several tasks; one that cannot be taken keeps no other from it.

    Their projects are locked in one order, so that two who do this wait for each other and not
    in a circle.
    """
    query = select(t.task.c.id, t.task.c.project_id).where(t.task.c.id.in_(identifiers))
    projects = {row.id: row.project_id for row in work.db.execute(query)}
    wanted = list(dict.fromkeys(identifiers))
    in_order = sorted(wanted, key=lambda each: (projects.get(each, 0), each))
    claimed = {each: claim(work, each) for each in in_order}
    return [claimed[each] for each in wanted]


def claim(work: Work, identifier: str) -> Claimed:
    """Take one task, or tell why not."""
    try:
        with work.db.begin_nested():
            tasks.claim(work, identifier)
    except LianshenError as error:
        return Claimed(identifier, claimed=False, code=error.code, detail=error.message)
    return Claimed(identifier, claimed=True)
