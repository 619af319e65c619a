"""What coaching answers: plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from engine.rules.catalogue import Name


@dataclass(frozen=True, slots=True)
class EntryView:
    """Something that was asked, advised, listed or summed up; see `engine.rules.coaching.Kind`.

    `department` is '' for the service centre. `item` is of a material, `topic` of what is said.
    `by` is who wrote it, or last changed whether a material is ready.
    """

    id: int
    kind: str
    department: str
    topic: str
    item: str
    item_name: Name
    text: str
    answers: int | None
    done: bool
    at: datetime
    by: str
    by_name: str


@dataclass(frozen=True, slots=True)
class CoachingView:
    """A coaching with everything in it; it has no due date, because nothing in it falls due.

    `departments` take part beside the service centre. `project` is what came of it.
    """

    id: int
    name: str
    applicant: str
    procedure: str
    departments: list[str]
    state: str
    version: int
    opened_at: datetime
    opened_by: str
    closed_at: datetime | None
    closed_by: str | None
    project: int | None
    entries: list[EntryView]

    def of_kind(self, kind: str) -> list[EntryView]:
        """Return the entries of a kind, in order."""
        return [each for each in self.entries if each.kind == kind]


@dataclass(frozen=True, slots=True)
class CoachingRow:
    """A row of the list. `waiting`: unanswered questions by department, '' the service centre.

    `materials` are the lines of its checklist, `ready` those that are done.
    """

    id: int
    name: str
    applicant: str
    procedure: str
    departments: list[str]
    state: str
    version: int
    opened_at: datetime
    closed_at: datetime | None
    project: int | None
    questions: int
    waiting: dict[str, int]
    materials: int
    ready: int
    last_at: datetime


@dataclass(frozen=True, slots=True)
class AdviceLine:
    """Advice on a sheet; `question` is '' where nobody asked."""

    department: str
    topic: str
    question: str
    text: str
    given_on: date
    given_by: str


@dataclass(frozen=True, slots=True)
class AdviceSheet:
    """All advice of a coaching, or of one department in it, as it is printed (前期辅导意见书).

    It is dated by its newest advice. `effect` says that it decides nothing. `materials` are the
    lines of the checklist that are not ready.
    """

    coaching: int
    number: str
    title: Name
    name: str
    applicant: str
    department: str | None
    issued_on: date
    effect: Name
    advice: list[AdviceLine]
    materials: list[EntryView]
