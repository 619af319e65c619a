"""Opinions: given, revised, entered for others, deemed; every version is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import date
from typing import Any

from sqlalchemy import insert, select

from engine.errors import Conflict, Forbidden, Invalid
from engine.rules.joint_review import (
    GIVEN,
    Answer,
    Condition,
    DeemedCause,
    Mode,
    OpinionKind,
    Source,
    check_answer,
    may_be_deemed,
)
from engine.service.access import Row
from engine.service.review import absence, convened
from engine.service.review.asking import complete_task, drop_conditions, open_gate
from engine.service.review.rounds import (
    LEADS,
    change_participant,
    change_round,
    open_round,
    record,
)
from engine.service.review.sheet import GONE, ReviewSheet
from engine.service.running import Running
from engine.service.work import SYSTEM, Work
from engine.store import tables as t

FIELDS = ("text", "legal_basis", "required")


def answer_of(kind: str, data: Mapping[str, Any]) -> Answer:
    """Read an opinion from plain data. Raises Invalid naming the field."""
    if kind not in GIVEN:
        raise Invalid(f"kind must be one of {', '.join(GIVEN)}, not {kind!r}", field="kind")
    texts = {name: text_of(data, name) for name in FIELDS}
    conditions = tuple(condition_of(each) for each in listed(data, "conditions"))
    materials = tuple(str(each).strip() for each in listed(data, "materials"))
    return Answer(OpinionKind(kind), **texts, conditions=conditions, materials=materials)


def text_of(data: Mapping[str, Any], name: str) -> str:
    """Return a text of what was given. Raises Invalid."""
    value = data.get(name) or ""
    if not isinstance(value, str):
        raise Invalid(f"{name} must be a text", field=name)
    return value.strip()


def listed(data: Mapping[str, Any], name: str) -> list[Any]:
    """Return a list of what was given. Raises Invalid."""
    value = data.get(name) or []
    if not isinstance(value, list | tuple):
        raise Invalid(f"{name} must be a list", field=name)
    return list(value)


def condition_of(data: Any) -> Condition:
    """Read a condition. Raises Invalid."""
    try:
        text, owner = str(data["text"]).strip(), str(data["owner"]).strip()
        return Condition(text, owner, date.fromisoformat(str(data["due_on"])))
    except (TypeError, KeyError, ValueError) as error:
        text = "a condition is {text, owner, due_on}, due_on a date such as 2014-10-24"
        raise Invalid(text, field="conditions") from error


# -- verbs -------------------------------------------------------------------------------------


def give(
    work: Work,
    identifier: int,
    department: str,
    answer: Answer,
    version: int | None = None,
) -> ReviewSheet:
    """Give a department's opinion, or revise the one it gave; until the round is concluded.

    Raises Forbidden for another department, Invalid, ReasonsMissing, RoundClosed, Stale.
    """
    running, sheet = open_round(work, identifier, version, department=department)
    if not work.actor.has(*LEADS, department=department):
        raise Forbidden(f"this is for {department} to say", department=department)
    enter(running, sheet, department, answer, Source.SYSTEM, None)
    return sheet


def enter_for(
    work: Work,
    identifier: int,
    department: str,
    answer: Answer,
    *,
    source: str,
    given_by: str,
    version: int | None = None,
) -> ReviewSheet:
    """Enter an opinion that came outside the system, or at the meeting; lead or coordinator.

    Raises NotBegun for what is said at a meeting that has not begun, or of a round on paper.
    """
    running, sheet = open_round(work, identifier, version)
    if source not in tuple(Source) or source == Source.SYSTEM:
        allowed = [each for each in Source if each is not Source.SYSTEM]
        raise Invalid(f"source must be one of {', '.join(allowed)}", field="source")
    if not given_by.strip():
        raise Invalid("name who gave the opinion", field="given_by")
    if source == Source.MEETING:
        convened.check(work, sheet)
    enter(running, sheet, department, answer, Source(source), given_by.strip())
    return sheet


def enter(
    running: Running,
    sheet: ReviewSheet,
    department: str,
    answer: Answer,
    source: Source,
    given_by: str | None,
) -> None:
    """Write an opinion, and complete the task that asked for it."""
    participant = participant_of(sheet, department)
    check_answer(answer, running.work.today)
    if source is Source.SYSTEM:
        count_silence(running, sheet, participant)
    write(running.work, sheet, department, answer, source=source, given_by=given_by)
    attend(running.work, sheet, participant, source)
    complete_task(running, participant["instance_id"], str(answer.kind))
    open_gate(running, sheet)
    running.settle()


def count_silence(running: Running, sheet: ReviewSheet, participant: Row) -> None:
    """Record a silence whose time has come before what is said too late, which revises it."""
    department, task = participant["department"], t.task.c
    if department in sheet.opinions:
        return
    asked = (task.instance_id == participant["instance_id"], task.lapses_at <= running.work.now)
    if running.work.db.execute(select(task.id).where(t.OPEN_TASK, *asked)).first():
        by_law, silent = replace(running.work, actor=SYSTEM), Answer(OpinionKind.DEEMED_AGREE)
        cause = DeemedCause.TIMEOUT
        write(by_law, sheet, department, silent, source=Source.SYSTEM, cause=cause)


def take(running: Running, sheet: ReviewSheet, instance: str, outcome: str, data: Row) -> None:
    """Write the opinion that answers a task; the task itself is being completed."""
    participant = sheet.participant_of(instance)
    if participant is None:
        raise Conflict("nobody is asked for this opinion any more", round=sheet.id)
    department = participant["department"]
    if outcome == OpinionKind.DEEMED_AGREE:
        deem_in(running, sheet, department, DeemedCause(data.get("cause", DeemedCause.TIMEOUT)))
    else:
        answer = answer_of(outcome, data)
        check_answer(answer, running.work.today)
        write(running.work, sheet, department, answer, source=Source.SYSTEM)
    open_gate(running, sheet)


def issued(running: Running, sheet: ReviewSheet, department: str, outcome: str, data: Row) -> None:
    """Keep the opinion a department owes once the round is concluded. Raises Invalid."""
    answer = answer_of(outcome, data)
    check_answer(answer, running.work.today)
    said = {name: getattr(answer, name) for name in FIELDS}
    conditions = [{**asdict(each), "due_on": str(each.due_on)} for each in answer.conditions]
    lists = {"materials": list(answer.materials), "conditions": conditions}
    told = {"department": department, "kind": str(answer.kind), **said, **lists}
    change_round(running.work, sheet)
    record(running.work, sheet, "review.opinion_issued", **told)


def attend(work: Work, sheet: ReviewSheet, participant: Row, source: Source) -> None:
    """Whoever speaks at a meeting is present."""
    if source is Source.MEETING and participant["state"] != "present":
        change_participant(work, sheet, participant["department"], state="present")


# -- attendance and defaults -------------------------------------------------------------------


def mark(
    work: Work,
    identifier: int,
    department: str,
    state: str,
    note: str = "",
    version: int | None = None,
) -> ReviewSheet:
    """Note who came to a meeting: present, excused (with a good reason), absent.

    Absence without a good reason counts as agreement (缺席默认), unless the department decides on
    what could endanger others, or was asked too late for the meeting. Nobody is absent before it
    has begun. Raises Invalid, Conflict, NotBegun, RoundClosed, Forbidden.
    """
    running, sheet = open_round(work, identifier, version)
    participant = participant_of(sheet, department)
    if state not in {"present", "absent", "excused"}:
        raise Invalid("state must be present, absent or excused", field="state")
    if sheet.row["mode"] != Mode.MEETING:
        raise Conflict("nobody meets in a round on paper", mode=sheet.row["mode"])
    if state == "excused" and not note.strip():
        raise Invalid("an excuse has its reason", field="note")
    if state == "absent":
        convened.check(work, sheet)
    change_participant(work, sheet, department, state=state, note=note.strip())
    in_time = state != "absent" or convened.told_in_time(work, sheet, participant)
    told = {"department": department, "state": state, "note": note.strip()}
    record(work, sheet, "review.attendance", **told, **({} if in_time else {"told_late": True}))
    voice = next(each for each in sheet.voices() if each.department == department)
    if state == "absent" and in_time and may_be_deemed(voice, DeemedCause.ABSENT):
        deem_in(running, sheet, department, DeemedCause.ABSENT)
        absence.card(work, participant)
        complete_task(running, participant["instance_id"], str(OpinionKind.DEEMED_AGREE))
        open_gate(running, sheet)
        running.settle()
    return sheet


def deem_in(running: Running, sheet: ReviewSheet, department: str, cause: DeemedCause) -> None:
    """Record a default opinion. Raises Conflict where the law bars it."""
    voice = next(each for each in sheet.voices() if each.department == department)
    if not may_be_deemed(voice, cause):
        text = f"the silence of {department} is no opinion"
        raise Conflict(text, department=department, guarded=voice.guarded)
    answer = Answer(OpinionKind.DEEMED_AGREE)
    write(running.work, sheet, department, answer, source=Source.SYSTEM, cause=cause)


# -- writing -----------------------------------------------------------------------------------


def participant_of(sheet: ReviewSheet, department: str) -> Row:
    """Return a participant. Raises Forbidden for a department that is not asked."""
    found = sheet.participants.get(department)
    if found is None or found["state"] in GONE:
        raise Forbidden(f"{department} does not take part in this round", department=department)
    return found


def write(
    work: Work,
    sheet: ReviewSheet,
    department: str,
    answer: Answer,
    *,
    source: Source,
    given_by: str | None = None,
    cause: DeemedCause | None = None,
) -> None:
    """Write a version of a department's opinion; its conditions replace the earlier version's."""
    earlier = sheet.opinions.get(department)
    row = {
        "round_id": sheet.id,
        "department": department,
        "version": 1 + (earlier["version"] if earlier else 0),
        "kind": answer.kind,
        **{name: getattr(answer, name) for name in FIELDS},
        "materials": list(answer.materials),
        "cause": cause or "",
        "source": source,
        "given_at": work.now,
        "given_by": given_by or work.actor.name,
        "recorded_by": work.actor.name if given_by else None,
    }
    table = t.opinion
    found = work.db.execute(insert(table).values(row).returning(*table.c)).mappings().one()
    if earlier:
        drop_conditions(work, sheet, department)
    add_conditions(work, found["id"], sheet, department, answer)
    sheet.opinions[department] = dict(found)
    change_round(work, sheet)
    record(work, sheet, "review.opinion", **told(row, answer))


def told(row: Row, answer: Answer) -> dict[str, Any]:
    """Return an opinion as the history keeps it: whole, so that a round can be rebuilt from it."""
    names = ("department", "version", "kind", *FIELDS, "materials", "cause", "source")
    conditions = [{**asdict(each), "due_on": str(each.due_on)} for each in answer.conditions]
    people = {"given_by": row["given_by"], "recorded_by": row["recorded_by"]}
    return {**{name: row[name] for name in names}, **people, "conditions": conditions}


def add_conditions(
    work: Work, opinion: int, sheet: ReviewSheet, department: str, answer: Answer
) -> None:
    """Write the conditions of an opinion."""
    rows = [
        {
            "round_id": sheet.id,
            "opinion_id": opinion,
            "department": department,
            "state": "open",
            **asdict(each),
        }
        for each in answer.conditions
    ]
    if rows:
        work.db.execute(insert(t.review_condition), rows)


def versions(work: Work, identifier: int) -> list[Row]:
    """Return every version of every opinion of a round, the oldest first."""
    table = t.opinion
    query = select(table).where(table.c.round_id == identifier).order_by(table.c.id)
    return [dict(row) for row in work.db.execute(query).mappings()]
