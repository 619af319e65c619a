"""What services answer: plain values that REST renders as JSON and pages as HTML."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """A part of a list; `next` is the cursor of the part that follows, None at the end."""

    items: list[T]
    next: str | None = None


@dataclass(frozen=True, slots=True)
class TaskView:
    """A user task: what is to be done, by whom, until when, and what may be answered."""

    id: str
    project: int
    project_name: str
    item: str
    stage: str
    kind: str
    element: str
    name: str
    department: str
    roles: list[str]
    outcomes: list[str]
    state: str
    assignee: str | None
    overdue: bool
    promised_due_on: date | None
    statutory_due_on: date | None
    created_at: datetime
    ended_at: datetime | None
    ended_by: str | None
    outcome: str | None
    version: int
    #: the round of a joint review whose task it is
    round_id: int | None = None


@dataclass(frozen=True, slots=True)
class ItemView:
    """One activity of a project. `kind`: approval, applicant, intermediary, milestone."""

    id: str
    name: str
    stage: str
    kind: str
    department: str
    state: str
    attempt: int
    promised_days: int | None
    statutory_days: int | None
    unit: str
    opened_on: date | None
    received_on: date | None
    accepted_on: date | None
    promised_due_on: date | None
    statutory_due_on: date | None
    decided_on: date | None
    delivered_on: date | None
    #: the due date in force lies in days without notice: it may still move
    provisional: bool = False
    #: since when its clock stands still for a cause of its own
    stopped_on: date | None = None
    #: days by which an approved extension makes both due dates later
    extension_days: int = 0


@dataclass(frozen=True, slots=True)
class StageView:
    """One stage of a project: its lead department and how far it is."""

    id: str
    name: str
    lead: str
    state: str
    items: int
    decided: int
    started_on: date | None
    ended_on: date | None


@dataclass(frozen=True, slots=True)
class HeldBy:
    """An activity that holds a project's finish."""

    item: str
    department: str
    due_on: date | None
    days_late: int


@dataclass(frozen=True, slots=True)
class ProjectSummary:
    """A row of the list of projects. `code` is the public one."""

    id: int
    code: str
    name: str
    procedure: str
    procedure_version: int
    applicant: str
    state: str
    version: int
    created_at: datetime
    started_on: date | None
    opened_on: date | None


@dataclass(frozen=True, slots=True)
class ProjectView:
    """A project. `day`: counted working days so far, of `counted_days` promised in total.

    `kind` is what its procedure is for: industrial, real_estate, or '' where that is not said.
    """

    id: int
    code: str
    name: str
    kind: str
    light: str
    procedure: str
    procedure_version: int
    applicant: str
    state: str
    version: int
    created_at: datetime
    started_on: date | None
    opened_on: date | None
    day: int
    counted_days: int
    elapsed_day: int
    forecast_finish_on: date | None
    forecast_counted_days: int
    slack_days: int | None
    window_ends_on: date | None
    window_slack_days: int | None
    provisional: bool
    held_by: list[HeldBy]
    stages: list[StageView]
    items: list[ItemView]


@dataclass(frozen=True, slots=True)
class EventView:
    """Something that happened."""

    id: str
    project: int | None
    at: datetime
    actor: str
    on_behalf_of: str | None
    event: str
    item: str | None
    task: str | None
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class IncidentView:
    """A step that failed for a reason in the diagram; the instance stays where it was."""

    id: int
    project: int
    item: str | None
    element: str
    cause: str
    state: str
    created_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class VersionView:
    """A deployed version of a procedure."""

    id: int
    procedure: str
    version: int
    hash: str
    name: dict[str, str]
    project_type: str
    problems: list[dict[str, Any]]
    deployed_at: datetime
    deployed_by: str
    new: bool


@dataclass(frozen=True, slots=True)
class AttachmentView:
    """One version of a file attached to a project or to one of its items.

    `material` is which of the item's materials it is, '' where it is none of them.
    """

    id: int
    project: int
    item: str
    material: str
    name: str
    version: int
    content_type: str
    size: int
    sha256: str
    uploaded_by: str
    uploaded_at: datetime
