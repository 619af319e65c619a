"""What lies before somebody who works on a task: the case, its papers, its clock, and their rights.

Nothing here changes anything.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import RowMapping

from engine.rules.catalogue import Item, Name
from engine.rules.legal_clock import LegalClock
from engine.rules.light import Light
from engine.rules.procedure import Kind
from engine.service import (
    attachments,
    codes,
    deployments,
    desk_moves,
    desk_rows,
    names,
    rights,
    tasks,
)
from engine.service.access import Row
from engine.service.desk_clock import clock_of, is_past, light_of
from engine.service.desk_moves import ClockMoves
from engine.service.views import AttachmentView, EventView, TaskView
from engine.service.work import Work
from engine.workflow.deployment import Deployment


@dataclass(frozen=True, slots=True)
class Gate:
    """Another item that the decision waits for; `decided_on` is None while it does."""

    item: str
    name: Name
    department: str
    state: str
    decided_on: date | None


@dataclass(frozen=True, slots=True)
class Colleague:
    """A user who may work on the task."""

    name: str
    display_name: str


@dataclass(frozen=True, slots=True)
class Rights:
    """What the actor may do; `blocked` says why they may not answer, '' where they may.

    `ended`: the task has; `foreign`: it is for others; `stands`: its project does not run;
    `stopped`: its item's clock stands still; `claimed`: somebody else has it.
    """

    blocked: str
    #: for whom they would answer, where it is not their own
    on_behalf_of: str | None
    claim: bool
    unclaim: bool
    assign: bool
    attach: bool


@dataclass(frozen=True, slots=True)
class Desk:
    """A task with everything around it. `answers` are those of the present attempt, in order."""

    task: TaskView
    code: str
    applicant: str
    project_state: str
    item: Item
    stage: Name
    #: the activity's row
    case: Mapping[str, Any]
    #: of which application the task is; an earlier one than the case's is over
    attempt: int
    past: bool
    answers: tuple[EventView, ...]
    clock: LegalClock | None
    #: stops and extension of the case, and what the actor may do to its clock
    moves: ClockMoves
    light: Light
    gates: tuple[Gate, ...]
    files: tuple[AttachmentView, ...]
    #: display names by user name
    people: Mapping[str, str]
    colleagues: tuple[Colleague, ...]
    rights: Rights
    #: an incident is open for the task
    stuck: bool
    #: the last event of the project's history
    seen: int

    @property
    def step(self) -> str:
        """The step of the case; '' for work drawn as a plain task."""
        return "" if self.task.element == self.task.item else self.task.element

    def answer(self, element: str) -> EventView | None:
        """Return the last answer of a step."""
        found = (each for each in self.answers if each.data.get("element") == element)
        return max(found, key=lambda each: int(each.id), default=None)


def lay(work: Work, identifier: str) -> Desk:
    """Return a task with everything around it. Raises NotFound."""
    row = desk_rows.row_of(work, identifier)
    built = deployments.deployment(work.db, row["version_id"])
    item = built.procedure.items.get(row["item"]) or Item(row["item"], Name(row["name"]))
    rows, stood = desk_rows.cases(work, row["project"], item.id, item.decision_waits_for)
    answers = desk_rows.events(work, row)
    files = desk_rows.files(work, row["project"], item.id)
    case = rows[item.id]
    moves = desk_moves.moves(work, row, case, item, stood, desk_rows.extension(case))
    known = desk_rows.people(work, row, {*actors(row, answers, files), *moves.people()})
    return Desk(
        task=tasks.view(row),
        code=codes.code_of(work, {"id": row["project"], "created_at": row["project_created_at"]}),
        applicant=row["applicant"],
        project_state=row["project_state"],
        item=item,
        stage=names.stage_name(built, row["stage"]),
        case=case,
        attempt=row["attempt"] or case["attempt"],
        past=is_past(row, case),
        answers=tuple(answers),
        clock=clock_of(work, row, case, item, stood),
        moves=moves,
        light=light_of(work, row),
        gates=tuple(gates(built, item, rows)),
        files=tuple(files),
        people={each["name"]: each["display_name"] or each["name"] for each in known},
        colleagues=tuple(colleagues(known)),
        rights=rights_of(work, row, case),
        stuck=row["stuck"],
        seen=row["seen"] or 0,
    )


def actors(
    row: Row, answers: Sequence[EventView], files: Sequence[AttachmentView]
) -> Iterator[str | None]:
    """Yield the names of everybody the desk tells of."""
    yield from (row["assignee"], row["ended_by"])
    for each in answers:
        yield from (each.actor, each.on_behalf_of)
    yield from (each.uploaded_by for each in files)


def gates(built: Deployment, item: Item, rows: Mapping[str, Row]) -> Iterator[Gate]:
    """Yield what the decision of an item waits for."""
    for name in item.decision_waits_for:
        other, row = built.procedure.items.get(name), rows.get(name)
        if row is not None:
            shown = other.name if other else Name(name)
            yield Gate(name, shown, row["department"], row["state"], row["decided_on"])


def colleagues(known: Sequence[RowMapping]) -> Iterator[Colleague]:
    """Yield the users the task can be given to."""
    for each in known:
        if each["may_work"]:
            yield Colleague(each["name"], each["display_name"] or each["name"])


def rights_of(work: Work, row: Row, case: Row) -> Rights:
    """Return what the actor may do with a task of a case."""
    actor, mine = work.actor, row["assignee_id"] == work.actor.id
    runs = row["state"] == "open" and row["project_state"] == "running"
    stopped = case["stopped_on"] is not None and row["kind"] != Kind.APPLICANT
    works = runs and not stopped
    may, coordinates = rights.may_complete(actor, row, row), actor.has("coordinator")
    held, free = row["assignee_id"] is not None, row["assignee_id"] is None
    attaches = attachments.may_attach(actor, row, row["department"])
    return Rights(
        blocked=blocked(row, may=may, available=free or mine or coordinates, stopped=stopped),
        on_behalf_of=rights.on_behalf_of(actor, row, row, row["assignee"]),
        claim=works and may and free,
        unclaim=works and held and (mine or coordinates),
        assign=works and coordinates and row["kind"] != Kind.APPLICANT,
        attach=runs and attaches,
    )


def blocked(row: Row, *, may: bool, available: bool, stopped: bool) -> str:
    """Return why somebody may not answer a task, '' where they may."""
    reasons = {
        "ended": row["state"] != "open",
        "foreign": not may,
        "stands": row["project_state"] != "running",
        "stopped": stopped,
        "claimed": not available,
    }
    return next((reason for reason, holds in reasons.items() if holds), "")
