"""What waits for somebody beside tasks, as the dashboard tells it: counted in one statement."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from engine.service.clock.records import waiting
from engine.service.coaching import register
from engine.service.receiving import commitments
from engine.service.review import signing
from engine.service.work import Work


@dataclass(frozen=True, slots=True)
class Reminders:
    """How much waits: questions of coaching, extensions to decide, minutes to sign, commitments.

    `to_check` commitments are to be checked, `overdue` of them late.
    """

    questions: int = 0
    extensions: int = 0
    minutes: int = 0
    to_check: int = 0
    overdue: int = 0


def own(work: Work) -> Reminders:
    """Return what waits for the actor; nothing is asked of the database for whom nothing can."""
    checks = commitments.own_counting(work)
    counts = {
        "questions": register.own_counting(work.actor),
        "extensions": waiting(work.actor),
        "minutes": signing.own_counting(work.actor),
    }
    asked = [
        query.scalar_subquery().label(name) for name, query in counts.items() if query is not None
    ]
    if checks is not None:
        counted = checks.subquery()
        query = select(*asked, counted.c.to_check, counted.c.overdue)
    elif asked:
        query = select(*asked)
    else:
        return Reminders()
    row = work.db.execute(query).mappings().one()
    return Reminders(**{name: int(number) for name, number in row.items()})
