"""Joint review (联合审查): who is asked, what they may answer, and when it can be closed.

Sources by mark in the comments: [F2] 滨州市工程建设项目并联审批管理规定 (2020), [F6] the modes
抄告制 and 联审制, [F7] 宜府办发〔2009〕66号, [F8] answers outside the kinds, [F12, F13] escalation,
[F9] 泰政办发〔2022〕58号. What has no source there is a default of ours (proposed).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from engine.errors import Conflict, Invalid
from engine.rules.calendar import BusinessCalendar


class Mode(StrEnum):
    """How a round is held [F6]."""

    #: papers only (抄告制)
    CIRCULATE = "circulate"
    #: representatives meet (联审制)
    MEETING = "meeting"


class OpinionKind(StrEnum):
    """What a department answers."""

    AGREE = "agree"
    AGREE_WITH_CONDITIONS = "agree_with_conditions"
    #: with its legal basis and what is required; without reasons it is returned
    DISAGREE = "disagree"
    #: goes into the one consolidated notice
    NEED_SUPPLEMENT = "need_supplement"
    #: nobody's answer: recorded by the service, for ever
    DEEMED_AGREE = "deemed_agree"


#: what somebody may answer
GIVEN: tuple[OpinionKind, ...] = tuple(
    kind for kind in OpinionKind if kind is not OpinionKind.DEEMED_AGREE
)


class DeemedCause(StrEnum):
    """Why silence counts as agreement."""

    #: did not come, without good reason (缺席默认) [F6, F7]
    ABSENT = "absent"
    #: did not answer in time (超时默认) [F9]
    TIMEOUT = "timeout"


class Source(StrEnum):
    """How an opinion came."""

    SYSTEM = "system"
    MEETING = "meeting"
    PAPER = "paper"
    TELEPHONE = "telephone"
    MAIL = "mail"


class Conclusion(StrEnum):
    """What the lead makes of a round."""

    APPROVED = "approved"
    REFUSED = "refused"
    SUSPENDED = "suspended"
    #: one consolidated notice of all missing material; a further round follows
    SUPPLEMENT = "supplement"


@dataclass(frozen=True, slots=True)
class ReviewRules:
    """The days of a round, as data per city; working days (proposed)."""

    #: notice and papers come so long before the meeting
    notice_days: int = 2
    #: an opinion is due so long after the papers
    opinion_days: int = 3
    complex_opinion_days: int = 5
    minutes_days: int = 1
    #: the reply follows the last opinion so soon
    reply_days: int = 1
    #: whose silence was taken as agreement issues its opinion so soon [F9]
    issue_days: int = 1
    #: one consolidated notice of missing material within (statutory 5; Binzhou art. 10: 2)
    supplement_days: int = 2
    #: a disagreement is raised to the next level within, and settled there within
    raise_days: int = 2
    settle_days: int = 5
    #: how long a meeting takes where nobody says, in minutes
    meeting_minutes: int = 60


#: who settles what the one before could not [F12, F13]
LEVELS: tuple[str, ...] = ("lead", "named_department", "government")


class NotConcludable(Conflict):
    """The round cannot be closed yet."""

    code = "not_concludable"
    remedy = "See what is still missing; each line says what would settle it."


class RoundClosed(Conflict):
    """The round is closed; no opinion can be given any more."""

    code = "round_closed"
    remedy = "See its conclusion; what is new goes into a further round."


class NotBegun(Conflict):
    """Nobody is absent from a meeting before it has begun, and nothing is said there."""

    code = "not_begun"
    remedy = "Note it once the meeting has begun; an opinion can be given at any time before."


class ReasonsMissing(Invalid):
    """A disagreement without its legal basis and what is required is returned."""

    code = "reasons_missing"
    remedy = "Name the provision it rests on, and what would have to change."


@dataclass(frozen=True, slots=True)
class Condition:
    """What somebody is to do, by when, and which department looks at it."""

    text: str
    owner: str
    due_on: date


@dataclass(frozen=True, slots=True)
class Answer:
    """An opinion as it is given."""

    kind: OpinionKind
    text: str = ""
    legal_basis: str = ""
    required: str = ""
    conditions: tuple[Condition, ...] = ()
    materials: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Voice:
    """A participant as closing sees it: its newest opinion, and whether silence could be one."""

    department: str
    kind: OpinionKind | None
    #: its items could endanger others: its silence is no opinion
    guarded: bool = False


@dataclass(frozen=True, slots=True)
class Missing:
    """What still keeps a round from its conclusion: `what` is a code, of one department."""

    what: str
    department: str
    detail: Mapping[str, str] = field(default_factory=dict)


def check_answer(answer: Answer, today: date) -> None:
    """Raise Invalid, ReasonsMissing, where an opinion is not one that may be given."""
    if answer.kind not in GIVEN:
        text = f"kind must be one of {', '.join(GIVEN)}, not {answer.kind}"
        raise Invalid(text, field="kind")
    if answer.kind is OpinionKind.DISAGREE:
        check_reasons(answer)
    if answer.kind is OpinionKind.NEED_SUPPLEMENT and not any(map(str.strip, answer.materials)):
        raise Invalid("name the materials that are needed", field="materials")
    if (answer.kind is OpinionKind.AGREE_WITH_CONDITIONS) != bool(answer.conditions):
        text = "conditions belong to agree_with_conditions, which needs at least one"
        raise Invalid(text, field="conditions")
    for condition in answer.conditions:
        check_condition(condition, today)


def check_reasons(answer: Answer) -> None:
    """Raise ReasonsMissing for a disagreement without reasons [F8]."""
    for name in ("legal_basis", "required"):
        if not getattr(answer, name).strip():
            raise ReasonsMissing(f"a disagreement needs its {name}", field=name)


def check_condition(condition: Condition, today: date) -> None:
    """Raise Invalid for a condition that names not what, who and when."""
    if not condition.text.strip() or not condition.owner.strip():
        raise Invalid("a condition says what is to be done, and by whom", field="conditions")
    if condition.due_on < today:
        text = f"a condition cannot be due on {condition.due_on}, before today"
        raise Invalid(text, field="conditions")


def opinion_due_on(
    calendar: BusinessCalendar, noticed_on: date, rules: ReviewRules, *, complex_case: bool = False
) -> date:
    """The day by which opinions are due that are asked for with papers sent on a day."""
    days = rules.complex_opinion_days if complex_case else rules.opinion_days
    return calendar.add(noticed_on, days)


def own_due_on(
    calendar: BusinessCalendar,
    asked_on: date,
    round_due_on: date,
    rules: ReviewRules,
    *,
    complex_case: bool = False,
) -> date:
    """The day by which who was asked after the launch answers: it has the days of everybody."""
    own = opinion_due_on(calendar, asked_on, rules, complex_case=complex_case)
    return max(round_due_on, own)


def is_told_in_time(
    calendar: BusinessCalendar, asked_on: date, meeting_on: date, rules: ReviewRules
) -> bool:
    """Whether notice and papers came so long before a meeting that staying away is a default."""
    return meeting_on >= calendar.add(asked_on, rules.notice_days)


def due_between(
    calendar: BusinessCalendar, today: date, rules: ReviewRules, mode: Mode, *, complex_case: bool
) -> tuple[date, date]:
    """The first and the last day opinions can be due on, that are asked for today.

    A meeting has its lead time; on paper everybody has the days of an opinion at least. The last
    day is the same however the round is held: a complex case may take longer.
    """
    days = rules.notice_days if mode is Mode.MEETING else rules.opinion_days
    last = opinion_due_on(calendar, today, rules, complex_case=complex_case)
    return min(calendar.add(today, days), last), last


def check_due_on(
    calendar: BusinessCalendar,
    today: date,
    due_on: date,
    rules: ReviewRules,
    mode: Mode,
    *,
    complex_case: bool = False,
) -> None:
    """Raise Invalid for a day opinions cannot be due on; of a meeting it is the day it is held.

    It is a working day, leaves everybody their days, and is none after the round's last.
    """
    if mode is Mode.MEETING:
        check_meeting_day(calendar, today, due_on, rules, field="opinion_due_on")
    first, last = due_between(calendar, today, rules, mode, complex_case=complex_case)
    if not (first <= due_on <= last and calendar.is_working_day(due_on)):
        text = f"opinions are due on a working day from {first} to {last}, not on {due_on}"
        bounds = {"earliest_on": str(first), "deadline_on": str(last)}
        raise Invalid(text, field="opinion_due_on", **bounds)


def check_meeting_day(
    calendar: BusinessCalendar,
    noticed_on: date,
    meeting_on: date,
    rules: ReviewRules,
    *,
    field: str = "starts_at",
) -> None:
    """Raise Invalid for a meeting on a rest day, or before the lead time has passed."""
    if not calendar.is_working_day(meeting_on):
        reason = calendar.day(meeting_on).reason_name.en
        raise Invalid(f"{meeting_on} is no working day: {reason}", field=field)
    earliest = calendar.add(noticed_on, rules.notice_days)
    if meeting_on < earliest:
        text = (
            f"notice and papers come {rules.notice_days} working days ahead: "
            f"the meeting can be on {earliest} at the earliest"
        )
        raise Invalid(text, field=field, earliest_on=str(earliest))


def missing(voices: Iterable[Voice]) -> list[Missing]:
    """What keeps a round from its conclusion: who has no opinion, and who cannot be deemed."""
    return [
        Missing("guarded_opinion" if voice.guarded else "opinion", voice.department)
        for voice in voices
        if voice.kind is None
    ]


def check_conclusion(conclusion: Conclusion, voices: Iterable[Voice], reasons: str) -> None:
    """Raise NotConcludable, Invalid, where the lead cannot close a round so.

    Every opinion must be there. Over a reasoned disagreement the lead may approve, giving reasons,
    refuse or suspend [F8]. While material is needed there is no approval: the one consolidated
    notice comes first. A refusal and a standstill always have their reasons.
    """
    known = list(voices)
    open_lines = missing(known)
    if open_lines:
        names = ", ".join(each.department for each in open_lines)
        raise NotConcludable(f"opinions are missing: {names}", departments=names)
    kinds = {voice.kind for voice in known}
    needed = OpinionKind.NEED_SUPPLEMENT in kinds
    if needed and conclusion is Conclusion.APPROVED:
        raise NotConcludable("material is needed: ask for it in one consolidated notice first")
    if conclusion is Conclusion.SUPPLEMENT and not needed:
        raise Invalid("nobody needs material to be supplied", field="conclusion")
    disputed = OpinionKind.DISAGREE in kinds and conclusion is Conclusion.APPROVED
    if not reasons.strip() and (
        disputed or conclusion in {Conclusion.REFUSED, Conclusion.SUSPENDED}
    ):
        raise Invalid("this conclusion needs its reasons", field="reasons")


def may_be_deemed(voice: Voice, cause: DeemedCause) -> bool:
    """Whether silence counts as agreement: never of who guards others' safety, whatever the cause.

    Neither does it where an opinion was given already.
    """
    return cause in DeemedCause and voice.kind is None and not voice.guarded
