"""User tasks: found, claimed, assigned, completed. One winner, the other is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, select, update

from engine.errors import Conflict, Invalid, ModelError, NotFound
from engine.rules import lifecycle, verdict
from engine.rules.catalogue import Item, Name
from engine.rules.procedure import Kind
from engine.rules.receipt import DEEMED_FIELDS
from engine.service import (
    access,
    deployments,
    incidents,
    overdue,
    present_calendar,
    rights,
    silence,
)
from engine.service.access import Row
from engine.service.clock.receipt import receipt_day
from engine.service.instances import variables
from engine.service.ledger import event_row
from engine.service.pages import decode_cursor, page, words
from engine.service.receiving import answers
from engine.service.review import answers as review_answers
from engine.service.running import Running
from engine.service.silence import Beginning
from engine.service.views import Page, TaskView
from engine.service.work import SYSTEM, Actor, Work
from engine.store import statements as sql
from engine.store import tables as t

NAMES = (
    *("id", "item", "stage", "kind", "element", "name", "department", "roles", "outcomes"),
    *("state", "overdue", "promised_due_on", "statutory_due_on", "created_at", "ended_at"),
    *("ended_by", "outcome", "version", "round_id"),
)
STATES = (*lifecycle.TASK, "all")
#: what an answer may not set: it belongs to the item
RESERVED = frozenset({"outcome", *variables(Item("", Name(""))), *DEEMED_FIELDS})


class TaskEnded(Conflict):
    """The task has been completed or cancelled."""


class TaskCancelled(TaskEnded):
    """The task was cancelled: its project has ended, or its application was withdrawn."""


class TaskClaimed(Conflict):
    """Somebody else has claimed the task."""


class ProjectStands(Conflict):
    """The task's project is not running."""


class ItemStands(Conflict):
    """The clock of the task's item stands still."""

    remedy = "Let the clock go on first; the item's page says why it stands still."


def columns() -> Select[Any]:
    """Return the query of tasks with their project and assignee."""
    return (
        select(
            *(t.task.c[name] for name in NAMES),
            t.task.c.due_on,
            t.task.c.project_id.label("project"),
            t.project.c.name.label("project_name"),
            t.project.c.applicant_user_id,
            t.user.c.name.label("assignee"),
        )
        .join(t.project, t.project.c.id == t.task.c.project_id)
        .outerjoin(t.user, t.user.c.id == t.task.c.assignee_id)
    )


def view(row: Mapping[str, Any]) -> TaskView:
    """Return a row as a task."""
    more = ("project", "project_name", "assignee")
    return TaskView(**{name: row[name] for name in (*NAMES, *more)})


def find(  # noqa: PLR0913 - filters, each by its name
    work: Work,
    *,
    project: int | None = None,
    department: str | None = None,
    state: str = "open",
    overdue: bool | None = None,
    assignee: str | None = None,
    item: str | None = None,
    stage: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[TaskView]:
    """Return tasks by what is due first; applicants see those of their own projects."""
    if state not in STATES:
        raise Invalid(f"state must be one of {', '.join(STATES)}", field="state")
    wanted = {
        "project_id": project,
        "department": department,
        "state": None if state == "all" else state,
        "overdue": overdue,
        "item": item,
        "stage": stage,
    }
    table = t.task.c
    query = columns().where(access.visible(work.actor), access.visible_tasks(work.actor))
    query = query.order_by(table.due_on, table.id).limit(limit + 1)
    query = query.where(
        *(table[name] == value for name, value in wanted.items() if value is not None)
    )
    if assignee:
        query = query.where(t.user.c.name == assignee)
    if cursor:
        due_on, identifier = decode_cursor(cursor, date.fromisoformat, words)
        query = query.where(after(due_on, identifier))
    rows = list(work.db.execute(query).mappings())
    found = page(rows, limit, lambda last: (last["due_on"], last["id"]))
    return Page([view(dict(row)) for row in found.items], found.next)


def after(due_on: date, identifier: str) -> ColumnElement[bool]:
    """Return the condition of the rows behind a place, in a form an index answers."""
    table = t.task.c
    return (table.due_on >= due_on) & ((table.due_on > due_on) | (table.id > identifier))


def get(work: Work, identifier: str) -> TaskView:
    """Return a task. Raises NotFound."""
    row = access.only(work, columns().where(t.task.c.id == identifier))
    if row is None or access.hidden_task(work.actor, row):
        raise NotFound(f"there is no task {identifier}", task=identifier)
    return view(row)


def claim(work: Work, identifier: str, expected_version: int | None = None) -> TaskView:
    """Take a task; nobody else may complete it then, but a coordinator of its department.

    Raises Conflict where somebody else has it.
    """
    task, _ = lock(work, identifier, expected_version)
    if task["assignee_id"] not in {None, work.actor.id}:
        raise TaskClaimed("somebody else has claimed the task", task=identifier)
    return give(work, task, work.actor.id, "task.claimed")


def unclaim(work: Work, identifier: str, expected_version: int | None = None) -> TaskView:
    """Give a task back to its department: whoever has it may, and a coordinator."""
    task, _ = lock(work, identifier, expected_version, check=False)
    if task["assignee_id"] is None:
        raise Conflict("nobody has claimed the task", task=identifier)
    if task["assignee_id"] != work.actor.id:
        work.actor.require("coordinator")
    return give(work, task, None, "task.unclaimed")


def assign(work: Work, identifier: str, user: str, expected_version: int | None = None) -> TaskView:
    """Give a task to a user who may complete it. Raises Invalid where they may not."""
    work.actor.require("coordinator")
    task, project = lock(work, identifier, expected_version, check=False)
    assignee = user_named(work, user)
    if not rights.may_complete(assignee, task, project):
        roles = " or ".join(task["roles"])
        text = f"{user} is no {roles} of {task['department']}"
        raise Invalid(text, field="user")
    return give(work, task, assignee.id, "task.assigned", to=user)


def user_named(work: Work, name: str) -> Actor:
    """Return a user as an actor. Raises Invalid where there is none."""
    query = (
        select(t.user.c.id, t.user_role.c.role, t.user_role.c.department)
        .join(t.user_role, t.user_role.c.user_id == t.user.c.id)
        .where(t.user.c.name == name, t.user.c.active)
    )
    rows = work.db.execute(query).all()
    if not rows:
        raise Invalid(f"there is no active user {name!r}", field="user")
    return Actor(rows[0][0], name, frozenset((role, place) for _, role, place in rows))


def give(work: Work, task: Row, user: int | None, event: str, **data: Any) -> TaskView:
    """Set who has a task, and note it."""
    change = (
        update(t.task)
        .where(t.task.c.id == task["id"])
        .values(assignee_id=user, version=t.task.c.version + 1)
    )
    work.db.execute(change)
    note(work, task, event, data)
    return get(work, task["id"])


def note(work: Work, task: Row, event: str, data: dict[str, Any], **more: Any) -> None:
    """Add an event about a task to the history."""
    row = event_row(work, task["project_id"], event, task["item"], data, task_id=task["id"], **more)
    work.db.execute(sql.INSERT_HISTORY, [row])


def complete(
    work: Work,
    identifier: str,
    outcome: str | None,
    data: Mapping[str, Any] | None = None,
    expected_version: int | None = None,
) -> TaskView:
    """Complete a task with one of its outcomes, and all that follows from it.

    A failure that lies in the diagram becomes an incident: nothing else is written, and
    StepFailed says which. Raises Conflict where somebody else was first, SilenceCounted where the
    time had run out in silence, which counts as an answer, and Invalid naming the field where the
    outcome needs reasons that are not given; the plain one needs nothing.
    """
    task, project = lock(work, identifier, expected_version)
    outcome = outcome or task["outcomes"][0]
    if outcome not in task["outcomes"]:
        text = f"outcome must be one of {', '.join(task['outcomes'])}, not {outcome!r}"
        raise Invalid(text, field="outcome")
    given = checked_data(data)
    if task["round_id"] is None:
        verdict.check(outcome, given)
    if silence.has_come(work, task):
        return after_silence(work, task, project, outcome, given)
    return settle(work, task, project, outcome, given)


def after_silence(work: Work, task: Row, project: Row, outcome: str, given: Row) -> TaskView:
    """Let a silence count, as the sweep would, before who answers too late is heard.

    Whoever accepts late says what the law says by then: it is their acceptance, as of the day of
    receipt. Any other answer is refused by SilenceCounted, and what the silence came to is kept.
    """
    said, began = silence.said(work, task, project)
    task = {**task, "version": task["version"] + overdue.flag(work, task["id"])}
    if outcome == task["on_lapse"]:
        return settle(work, task, project, outcome, {**given, **said}, began=began)
    by_law = replace(work, actor=SYSTEM)
    settle(by_law, task, project, task["on_lapse"], said, began=began)
    raise silence.refusal(task)


def settle(
    work: Work,
    task: Row,
    project: Row,
    outcome: str,
    given: Row,
    *,
    began: Beginning = (None, ()),
) -> TaskView:
    """Take the step of a task that is locked; what fails in the diagram becomes an incident.

    `began`: the day a clock that starts with the step is counted from, where that is not today,
    and the times it stood still since.
    """
    action = {"verb": "complete", "task": task["id"], "outcome": outcome, "data": given}
    try:
        run(work, project, task, outcome, given, began=began)
    except ModelError as error:
        raise incidents.opened(work, task, error, action) from error
    incidents.settle(work, task)
    return completed(work, task, project, outcome)


def checked_data(data: Mapping[str, Any] | None) -> Row:
    """Return what was answered besides the outcome.

    Raises Invalid where it names what the item itself says, such as whether a fee is due.
    """
    given = dict(data or {})
    taken = sorted(RESERVED & set(given))
    if taken:
        raise Invalid(f"data may not set {', '.join(taken)}", field="data")
    return given


def run(
    work: Work,
    project: Row,
    task: Row,
    outcome: str,
    given: Row,
    *,
    correction: Row | None = None,
    began: Beginning = (None, ()),
) -> None:
    """Take the step; a retry may have something to correct."""
    built = deployments.deployment(work.db, project["version_id"])
    running = Running(work, project, built)
    running.docket.clock_from, running.docket.clock_stops = began
    running.correction = correction or {}
    data = {**given, **running.correction}
    instance = running.instances.adopt(part(task, "of_"))
    case = running.docket.adopt(part(task, "case_"))
    if task["round_id"] is None:
        if case.state == "received":
            running.docket.filed_on = receipt_day(work, task["created_at"])
        more, facts = answers.take(running.docket, case, outcome, data), {}
        counts_on = case.counts_on(work.today, running.docket.filed_on)
        if counts_on > work.today:
            more = {**more, "counts_on": str(counts_on)}
    else:
        more, facts = {}, review_answers.take(running, task, outcome, data)
    running.docket.ledger.history.append(
        event_row(
            work,
            project["id"],
            "task.completed",
            task["item"],
            {**answered(task, outcome, data), **more},
            task_id=task["id"],
            on_behalf_of=rights.on_behalf_of(work.actor, task, project, assignee(work, task)),
        )
    )
    running.complete(instance, task["id"], outcome, {**data, **facts})


def answered(task: Row, outcome: str, data: Row) -> Row:
    """Return an answer as the history tells it."""
    told = {"element": task["element"], "outcome": outcome}
    return {**told, "data": data} if data else told


def part(task: Mapping[str, Any], prefix: str) -> dict[str, Any]:
    """Return the columns of another table that were read together with a task."""
    return {
        name.removeprefix(prefix): value for name, value in task.items() if name.startswith(prefix)
    }


def completed(work: Work, task: Row, project: Row, outcome: str) -> TaskView:
    """Return the task as it is now, without reading it again."""
    ended = {"state": "completed", "outcome": outcome, "ended_at": work.now}
    mine = {"ended_by": work.actor.name, "version": task["version"] + 1}
    named = {"project": project["id"], "project_name": project["name"]}
    named["assignee"] = assignee(work, task)
    return view({**task, **ended, **mine, **named})


def assignee(work: Work, task: Row) -> str | None:
    """Return the name of the user who has a task."""
    if task["assignee_id"] in {None, work.actor.id}:
        return None if task["assignee_id"] is None else work.actor.name
    query = select(t.user.c.name).where(t.user.c.id == task["assignee_id"])
    return work.db.execute(query).scalar_one_or_none()


def lock(
    work: Work, identifier: str, expected_version: int | None, *, check: bool = True
) -> tuple[Row, Row]:
    """Take the project's lock and return an open task with its project.

    Raises NotFound, Stale, Conflict where it is no longer open, Forbidden.
    """
    bound = {"b_task": identifier}
    project = access.only(work, sql.LOCK_PROJECT_OF_TASK, bound)
    task = access.only(work, sql.TASK_WITH_INSTANCE, bound) if project else None
    if project is None or task is None or access.hidden(work.actor, project):
        raise NotFound(f"there is no task {identifier}", task=identifier)
    present_calendar.seen(work.db, project.pop("calendar_id"))
    if check and not rights.may_complete(work.actor, task, project):
        raise rights.forbidden(task)
    access.check_version(task["version"], expected_version)
    check_open(work, task, project)
    return task, project


def check_open(work: Work, task: Row, project: Row) -> None:
    """Raise Conflict unless the task can be worked on by the actor now."""
    if task["state"] != "open":
        text = f"the task was {task['state']} by {task['ended_by']}"
        ended = {"outcome": task["outcome"], "ended_by": task["ended_by"]}
        kind = TaskCancelled if task["state"] == "cancelled" else TaskEnded
        raise kind(text, state=task["state"], **ended)
    if project["state"] != "running":
        raise ProjectStands(f"the project is {project['state']}", state=project["state"])
    own_step = task["kind"] != Kind.APPLICANT and task["round_id"] is None
    if task["case_stopped_on"] is not None and own_step:
        text = f"the clock of {task['item']} stands still since {task['case_stopped_on']}"
        raise ItemStands(text, item=task["item"], stopped_on=str(task["case_stopped_on"]))
    mine = task["assignee_id"] in {None, work.actor.id}
    if not mine and not work.actor.has("coordinator"):
        raise TaskClaimed("somebody else has claimed the task", task=task["id"])
