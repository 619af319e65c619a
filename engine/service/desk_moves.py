"""What somebody at a task may do to its item's clock: stop it, let it go on, extend its time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from engine.rules.catalogue import Item
from engine.rules.extension import ExtensionState, approver
from engine.rules.lifecycle import CLOCK_RUNS
from engine.rules.procedure import Kind
from engine.rules.suspension import REASONS, StopReason
from engine.service.access import Row
from engine.service.clock import extensions, handled, stops
from engine.service.desk_clock import is_past
from engine.service.work import Work


@dataclass(frozen=True, slots=True)
class ClockMoves:
    """A case's stops and extension, and what the actor may do.

    `stops` are rows of this application and of the project, the earliest first; `standing` is
    what it stands still for now. `extension` is the row that is asked for or approved, else None;
    `most_days` those it may be extended by, of the item's unit, approved by the head of the
    department `approver`, '' for the government's, by `source`.
    """

    stops: tuple[Row, ...]
    standing: Row | None
    extension: Row | None
    most_days: int
    approver: str
    source: str
    suspend: bool = False
    resume: bool = False
    #: days that are over may be named
    backdate: bool = False
    ask: bool = False
    decide: bool = False

    @property
    def any(self) -> bool:
        """Tell whether the actor may do something."""
        return self.suspend or self.resume or self.ask or self.decide

    def people(self) -> Iterator[str | None]:
        """Yield the names of everybody it tells of."""
        for row in self.stops:
            yield from (row["started_by"], row["ended_by"])
        if self.extension:
            yield from (self.extension["requested_by"], self.extension["decided_by"])


def moves(
    work: Work, task: Row, case: Row, item: Item, stood: Sequence[Row], extension: Row | None
) -> ClockMoves:
    """Return what the actor may do to the clock of a task's present application."""
    mine = tuple(row for row in stood if belongs(row, case))
    own = stops.standing(mine, item.id)
    standing, who = stops.standing(mine, stops.PROJECT) or own, approver(item)
    told = ClockMoves(mine, standing, extension, item.extension_days, who.department, who.source)
    if item.kind is not Kind.APPROVAL or not runs(task, case):
        return told
    handles = handled.may_handle(work.actor, case["department"])
    waits = extension is not None and extension["state"] == ExtensionState.REQUESTED
    return ClockMoves(
        *(told.stops, told.standing, told.extension, told.most_days, told.approver, told.source),
        suspend=handles and own is None,
        resume=handles and own is not None and own["reason"] != StopReason.GAP,
        backdate=work.actor.has("coordinator"),
        ask=handles and extension is None and item.extension_days > 0 and in_time(work, case),
        decide=waits and extensions.may_approve(work.actor, item),
    )


def belongs(row: Row, case: Row) -> bool:
    """Tell whether a stop concerns the present application."""
    opened_on = case["opened_on"]
    of_project = row["item"] == stops.PROJECT
    if of_project:
        return opened_on is not None and (row["until_on"] is None or row["until_on"] > opened_on)
    return bool(row["attempt"] == case["attempt"])


def runs(task: Row, case: Row) -> bool:
    """Tell whether a case has a clock that somebody may change now."""
    accepted = case["state"] in CLOCK_RUNS and case["accepted_on"] is not None
    return accepted and not is_past(task, case) and task["project_state"] == "running"


def in_time(work: Work, case: Row) -> bool:
    """Tell whether there is time left to extend."""
    due_on = extensions.due_on(case)
    return due_on is None or due_on >= extensions.as_of_on(work, case)


def source_of(row: Row) -> str:
    """Return what lists the reason of a stop."""
    return REASONS[StopReason(row["reason"])].source
