"""Whether the meeting of a round has begun: nobody is absent before, and nothing is said there."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import func, select

from engine.rules.joint_review import Mode, NotBegun, is_told_in_time
from engine.service.access import Row, only
from engine.service.review.sheet import ReviewSheet
from engine.service.work import Work
from engine.store import tables as t

HELD = "held"
#: the step that asks a department for its opinion
ASKED = "give-opinion"


def check(work: Work, sheet: ReviewSheet) -> None:
    """Raise NotBegun before the meeting of a round has begun, and for a round on paper."""
    if sheet.row["mode"] != Mode.MEETING:
        raise NotBegun("nobody meets in a round on paper", mode=sheet.row["mode"])
    row, starts_on = meeting_of(work, sheet), sheet.row["opinion_due_on"]
    begun = has_begun(row, work.now) if row else work.today >= starts_on
    if not begun:
        starts = row["starts_at"].isoformat() if row else str(starts_on)
        raise NotBegun(f"the meeting begins at {starts}", starts_at=starts)


def has_begun(row: Row, now: datetime) -> bool:
    """Tell whether a meeting has begun: it is held, or its time has come."""
    return bool(row["state"] == HELD or row["starts_at"] <= now)


def meeting_of(work: Work, sheet: ReviewSheet) -> Row | None:
    """Return the row of a round's meeting; None where it was launched without one."""
    query = select(t.meeting).where(t.meeting.c.id == sheet.row["meeting_id"])
    return only(work, query)


def told_in_time(work: Work, sheet: ReviewSheet, participant: Row) -> bool:
    """Tell whether a department learned of the meeting so early that its absence is a default."""
    task = t.task.c
    mine = (task.instance_id == participant["instance_id"], task.element == ASKED)
    asked_at = work.db.execute(select(func.min(task.created_at)).where(*mine)).scalar()
    if asked_at is None:
        return True
    asked_on = asked_at.astimezone(work.settings.zone).date()
    rules = work.rules.joint_review
    return is_told_in_time(work.calendar, asked_on, day_of(work, sheet), rules)


def day_of(work: Work, sheet: ReviewSheet) -> date:
    """Return the day a round meets on: that of its meeting, or the one its opinions are due on."""
    row = meeting_of(work, sheet)
    if row is None:
        due_on: date = sheet.row["opinion_due_on"]
        return due_on
    starts_at: datetime = row["starts_at"]
    return starts_at.astimezone(work.settings.zone).date()
