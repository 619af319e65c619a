"""What is told around a round where it is shown to everybody: agenda, dates, people by name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from engine.service.review.rounds import LEADS
from engine.service.work import Work
from engine.store import tables as t


@dataclass(frozen=True, slots=True)
class Tab:
    """One project on the agenda of a meeting, by its round."""

    round: int
    place: int
    project_name: str
    state: str


@dataclass(frozen=True, slots=True)
class Agenda:
    """Who convenes a meeting, and what is on its agenda, in order."""

    convenor: str
    tabs: list[Tab]


@dataclass(frozen=True, slots=True)
class Terms:
    """Until when the items of a round are to be decided, the earliest; None where none is due."""

    promised_on: date | None
    statutory_on: date | None


def agenda(work: Work, meeting: int) -> Agenda:
    """Return the agenda of a meeting, without rounds that were given up."""
    rounds, project = t.review_round.c, t.project.c
    query = (
        select(t.meeting.c.convenor, rounds.id, rounds.place, rounds.state, project.name)
        .select_from(t.meeting)
        .join(t.review_round, rounds.meeting_id == t.meeting.c.id)
        .join(t.project, project.id == rounds.project_id)
        .where(t.meeting.c.id == meeting, rounds.state != "cancelled")
        .order_by(rounds.place, rounds.id)
    )
    rows = work.db.execute(query).all()
    tabs = [Tab(row.id, number, row.name, row.state) for number, row in enumerate(rows, start=1)]
    return Agenda(rows[0].convenor if rows else "", tabs)


def terms(work: Work, project: int, items: Collection[str]) -> Terms:
    """Return until when the items that are not decided are to be."""
    item = t.project_item.c
    query = select(func.min(item.promised_due_on), func.min(item.statutory_due_on)).where(
        item.project_id == project, item.item.in_(items), item.decided_on.is_(None)
    )
    promised_on, statutory_on = work.db.execute(query).one()
    return Terms(promised_on, statutory_on)


def called(work: Work, names: Iterable[str | None]) -> dict[str, str]:
    """Return what others call users, by their names."""
    wanted = sorted({name for name in names if name})
    query = select(t.user.c.name, t.user.c.display_name).where(t.user.c.name.in_(wanted))
    return {name: shown or name for name, shown in work.db.execute(query)} if wanted else {}


def staff(work: Work, departments: Collection[str]) -> Mapping[str, list[tuple[str, str]]]:
    """Return who works for departments: by department, each by name and what others call them."""
    user, role = t.user.c, t.user_role.c
    query = (
        select(role.department, user.name, user.display_name)
        .join(t.user_role, role.user_id == user.id)
        .where(user.active, role.role.in_(LEADS), role.department.in_(departments))
        .distinct()
        .order_by(role.department, user.name)
    )
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for row in work.db.execute(query):
        found[row.department].append((row.name, row.display_name or row.name))
    return found
