"""What meetings take: rooms, and people at a time; nobody books what is taken."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import func, select

from engine.rules.meeting import Slot, Taken, check_free
from engine.service.review.sheet import GONE, ReviewSheet
from engine.service.work import Work
from engine.store import tables as t

#: the advisory lock of those who plan meetings: an arbitrary number, ours in the database
PLANNING_LOCK = 0x6C69616F
#: meetings in one of these states take their room and people
TAKING = ("planned", "held")


def lock(work: Work) -> None:
    """Wait until nobody else plans a meeting, before any project's lock is taken.

    On SQLite the transaction has begun so.
    """
    if work.db.dialect.name == "postgresql":
        work.db.execute(select(func.pg_advisory_xact_lock(PLANNING_LOCK)))


def taken(
    work: Work, starts_at: datetime, ends_at: datetime, *, but: int | None = None
) -> list[Taken]:
    """Return the meetings that take any moment of a time, but for one of them."""
    table = t.meeting.c
    query = (
        select(table.id, table.title, table.room_id, table.convenor, table.starts_at, table.ends_at)
        .where(table.state.in_(TAKING), table.starts_at < ends_at, table.ends_at > starts_at)
        .where(table.id != (but or 0))
        .order_by(table.starts_at, table.id)
    )
    rows = work.db.execute(query).all()
    people = people_of(work, [row.id for row in rows])
    return [
        Taken(
            Slot(row.starts_at, row.ends_at),
            row.title,
            row.room_id,
            frozenset(people[row.id] | {row.convenor}),
            row.id,
        )
        for row in rows
    ]


def people_of(work: Work, meetings: list[int]) -> dict[int, set[str]]:
    """Return the representatives who come to some meetings."""
    found: dict[int, set[str]] = defaultdict(set)
    if not meetings:
        return found
    rounds, guests = t.review_round.c, t.review_participant.c
    query = (
        select(rounds.meeting_id, guests.representative)
        .join(t.review_participant, guests.round_id == rounds.id)
        .where(rounds.meeting_id.in_(meetings), rounds.state != "cancelled")
        .where(guests.representative.is_not(None), guests.state.not_in(GONE))
    )
    for row in work.db.execute(query):
        found[row.meeting_id].add(row.representative)
    return found


def check(
    work: Work, slot: Slot, room: int | None, people: Iterable[str], *, but: int | None = None
) -> None:
    """Raise Booked where a room or somebody is taken at a time by another meeting."""
    check_free(slot, room, people, taken(work, slot.starts_at, slot.ends_at, but=but))


def check_comes(work: Work, sheet: ReviewSheet, name: str) -> None:
    """Raise Booked where somebody cannot come to the meeting of a round."""
    meeting, table = sheet.row["meeting_id"], t.meeting.c
    query = select(table.starts_at, table.ends_at).where(
        table.id == meeting, table.state == "planned"
    )
    row = work.db.execute(query).one_or_none() if meeting else None
    if row is not None:
        check(work, Slot(row.starts_at, row.ends_at), None, [name], but=meeting)
