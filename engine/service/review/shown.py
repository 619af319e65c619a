"""Joint reviews as they are shown: a round with everything of it, and as a row of a list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from engine.rules.catalogue import Name


@dataclass(frozen=True, slots=True)
class ConditionView:
    """What an agreement is bound to: tracked until it has ended.

    `department` looks at it, `owner` is to meet it. `state`: open, met, waived, or dropped with
    the opinion that named it. `overdue`: open, and its day has passed.
    """

    id: int
    round: int
    project: int
    project_name: str
    code: str
    stage: str
    number: int
    department: str
    text: str
    owner: str
    due_on: date
    state: str
    overdue: bool
    closed_on: date | None
    closed_by: str | None
    note: str


@dataclass(frozen=True, slots=True)
class OpinionView:
    """One version of a department's opinion; the newest holds.

    `kind`: agree, agree_with_conditions, disagree, need_supplement, deemed_agree. `cause` of one
    that nobody gave: absent, timeout. `source`: system, meeting, paper, telephone, mail; one that
    came outside the system was entered by `recorded_by`.
    """

    department: str
    version: int
    kind: str
    text: str
    legal_basis: str
    required: str
    materials: list[str]
    conditions: list[ConditionView]
    cause: str
    source: str
    given_at: datetime
    given_by: str
    recorded_by: str | None


@dataclass(frozen=True, slots=True)
class StepView:
    """An open task of a round: whose it is, until when, and its light."""

    id: str
    element: str
    department: str
    assignee: str | None
    due_on: date | None
    light: str


@dataclass(frozen=True, slots=True)
class ParticipantView:
    """A department that is asked.

    `state`: invited, present, absent, excused, replaced. `guarded`: it decides on what could
    endanger others, so that its silence is no opinion. `opinion` is its newest of `versions`;
    `deemed` stays for ever once silence counted as agreement: absent, timeout or ''. `task` is
    the open one that asks it.
    """

    department: str
    state: str
    representative: str | None
    representative_name: str | None
    guarded: bool
    receipt_at: datetime | None
    receipt_by: str | None
    note: str
    opinion: OpinionView | None
    versions: int
    deemed: str
    task: StepView | None


@dataclass(frozen=True, slots=True)
class QuestionView:
    """A disagreement raised to a level: lead, named_department, government."""

    id: int
    level: str
    question: str
    raised_on: date
    raised_by: str
    settle_by_on: date
    overdue: bool
    settled_on: date | None
    settled_by: str | None
    settlement: str


@dataclass(frozen=True, slots=True)
class MissingView:
    """What is still to be dealt with, and what it keeps from.

    `what`: opinion, guarded_opinion (silence will not do), question (raised, not settled),
    material (needed by the department), dispute (it disagrees), gap (material promised for an item
    of the department has not come). `keeps_from`: the conclusions that cannot be drawn before; a
    dispute keeps from none, an approval over it gives reasons.
    """

    what: str
    department: str
    keeps_from: list[str]


@dataclass(frozen=True, slots=True)
class HeldAt:
    """The meeting a round is on the agenda of; `place` is its room or address."""

    id: int
    title: str
    place: str
    starts_at: datetime
    ends_at: datetime
    state: str


@dataclass(frozen=True, slots=True)
class ReviewedItem:
    """An item that a round is about."""

    id: str
    name: Name
    department: str


@dataclass(frozen=True, slots=True)
class RoundView:
    """A round of a joint review.

    `mode`: circulate, meeting. `state`: open, concluded, closed, cancelled. `number` counts the
    rounds of the stage. `place` is its place on the agenda of the `meeting`. `conclusion`: '',
    approved, refused, suspended, supplement. `task` is what its lead, or for a supplement its
    applicant, is to do now. `light` is that of what is due next, on `due_on`. `materials` are all
    that departments need, each once, for the one consolidated notice. `possible` are the
    conclusions that can be drawn now; those `with_reasons` only with reasons.

    To applicants it shows what came of it: `participants`, `questions`, `missing`, `possible` and
    `with_reasons` are empty, `task` is theirs or None.

    `guest` is the applicant at the meeting: '' not asked to it, invited, present, absent.
    """

    id: int
    version: int
    project: int
    project_name: str
    code: str
    project_state: str
    stage: str
    stage_name: Name
    number: int
    mode: str
    lead: str
    state: str
    meeting: HeldAt | None
    place: int
    items: list[ReviewedItem]
    papers: str
    complex: bool
    noticed_on: date
    opinion_due_on: date
    due_on: date | None
    light: str
    opened_at: datetime
    opened_by: str
    task: StepView | None
    participants: list[ParticipantView]
    conditions: list[ConditionView]
    questions: list[QuestionView]
    missing: list[MissingView]
    materials: list[str]
    possible: list[str]
    with_reasons: list[str]
    conclusion: str
    reasons: str
    concluded_at: datetime | None
    concluded_by: str | None
    replied_at: datetime | None
    guest: str


@dataclass(frozen=True, slots=True)
class ListRow:
    """A round as a row of a list.

    Of `asked` departments so many have `answered` themselves, so many are `deemed` to agree now,
    so many disagree; `waiting` are those whose opinion is missing. Applicants are told of none.
    """

    id: int
    version: int
    project: int
    project_name: str
    code: str
    stage: str
    stage_name: Name
    number: int
    mode: str
    lead: str
    state: str
    items: list[str]
    meeting: HeldAt | None
    place: int
    noticed_on: date
    opinion_due_on: date
    due_on: date | None
    light: str
    task: StepView | None
    asked: int
    answered: int
    deemed: int
    disagreeing: int
    waiting: list[str]
    conclusion: str
    concluded_at: datetime | None
    replied_at: datetime | None
