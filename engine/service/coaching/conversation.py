"""What is said in a coaching: questions of the applicant, advice of the departments."""

from __future__ import annotations

from sqlalchemy import select

from engine.errors import Invalid
from engine.rules.coaching import TOPICS, Kind
from engine.service import access
from engine.service.access import Row
from engine.service.coaching import cases, rights
from engine.service.work import Work
from engine.store import tables as t


def ask(
    work: Work,
    identifier: int,
    text: str,
    *,
    topic: str = "",
    department: str | None = None,
    expected_version: int | None = None,
) -> int:
    """Ask a question for the applicant and return its id.

    Without a department the topic's is asked, else the service centre (''). Raises NotTakingPart,
    CoachingClosed, Forbidden for others than the applicant and coordinators.
    """
    row = cases.lock_open(work, identifier, expected_version)
    rights.require_applicant(work.actor, row)
    topic = checked_topic(topic)
    if department is None:
        department = work.rules.coaching.answers(topic, row["departments"])
    rights.check_part(row, department)
    said = cases.checked_text("text", text)
    entry = cases.write(work, row, Kind.QUESTION, department=department, topic=topic, text=said)
    behalf = rights.for_whom(work.actor, row, None)
    cases.record(
        work,
        row,
        "asked",
        entry=entry,
        department=department,
        topic=topic,
        on_behalf_of=behalf,
    )
    return entry


def advise(
    work: Work,
    identifier: int,
    text: str,
    *,
    department: str | None = None,
    topic: str = "",
    answers: int | None = None,
    expected_version: int | None = None,
) -> int:
    """Give advice for a department, perhaps as the answer to a question; return its id.

    Without a department it is the actor's own that takes part, else the service centre; an answer
    is about the topic of its question. Raises NotTakingPart, CoachingClosed, Invalid for what is
    no question of this coaching, Forbidden for who is not of the department.
    """
    row = cases.lock_open(work, identifier, expected_version)
    if department is None:
        department = rights.office_of(work.actor, row)
    rights.require_to_speak(work.actor, row, department)
    topic = checked_topic(topic) if answers is None else topic_of(work, row, answers)
    said = cases.checked_text("text", text)
    entry = cases.write(
        work, row, Kind.ADVICE, department=department, topic=topic, text=said, answers_id=answers
    )
    behalf = rights.for_whom(work.actor, row, department)
    cases.record(
        work,
        row,
        "advised",
        entry=entry,
        department=department,
        topic=topic,
        answers=answers,
        on_behalf_of=behalf,
    )
    return entry


def checked_topic(topic: str) -> str:
    """Return a topic, '' for none. Raises Invalid."""
    if topic and topic not in TOPICS:
        raise Invalid(f"topic must be one of {', '.join(TOPICS)}", field="topic")
    return topic


def topic_of(work: Work, row: Row, question: int) -> str:
    """Return the topic of a question of a coaching. Raises Invalid where it is none."""
    entry = t.coaching_entry.c
    query = select(entry.topic).where(
        entry.id == question, entry.coaching_id == row["id"], entry.kind == Kind.QUESTION
    )
    found = access.only(work, query)
    if found is None:
        text = f"{question} is no question of coaching {row['id']}"
        raise Invalid(text, field="answers")
    return str(found["topic"])
