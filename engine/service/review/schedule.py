"""Meetings as they are planned: read, listed, and changed in one row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, insert, or_, select, update

from engine.errors import Conflict, NotFound
from engine.rules.catalogue import Name
from engine.service import access, codes, deployments
from engine.service.access import Row
from engine.service.ledger import event_row
from engine.service.pages import decode_cursor, number, page
from engine.service.review.sheet import GONE
from engine.service.views import Page
from engine.service.work import Work
from engine.store import statements as sql
from engine.store import tables as t

PLANNED, HELD, CANCELLED = "planned", "held", "cancelled"


@dataclass(frozen=True, slots=True)
class SeatView:
    """A department that is asked in a round, and who comes for it."""

    department: str
    representative: str | None
    state: str


@dataclass(frozen=True, slots=True)
class AgendaView:
    """One project on an agenda, by its round."""

    round: int
    project: int
    project_code: str
    project_name: str
    applicant: str
    stage: str
    stage_name: Name
    number: int
    place: int
    mode: str
    state: str
    papers: str
    conclusion: str
    opinion_due_on: date
    #: the applicant at the meeting: '' not asked to it, invited, present, absent
    guest: str = ""
    departments: list[SeatView] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class MeetingRow:
    """A meeting in a list; `departments` take part besides the lead."""

    id: int
    title: str
    lead: str
    #: None where it is in none of the city's rooms, but at `place`
    room: int | None
    room_name: str
    place: str
    starts_at: datetime
    ends_at: datetime
    convenor: str
    state: str
    version: int
    projects: list[str]
    departments: list[str]


@dataclass(frozen=True, slots=True)
class MeetingView:
    """A meeting with its agenda."""

    id: int
    title: str
    lead: str
    room: int | None
    room_name: str
    place: str
    starts_at: datetime
    ends_at: datetime
    convenor: str
    convenor_name: str
    state: str
    uid: str
    sequence: int
    created_at: datetime
    changed_at: datetime
    version: int
    agenda: list[AgendaView]

    @property
    def where(self) -> str:
        """Where it is, in words."""
        return self.room_name or self.place

    @property
    def departments(self) -> list[str]:
        """Whoever is asked in any of its rounds, each once."""
        every = (each.department for line in self.agenda for each in line.departments)
        return list(dict.fromkeys(every))

    @property
    def representatives(self) -> dict[str, str]:
        """Who comes for which department."""
        return {
            each.department: each.representative
            for line in self.agenda
            for each in line.departments
            if each.representative
        }


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which meetings: those that begin from an instant until another; None for any."""

    from_at: datetime | None = None
    until_at: datetime | None = None
    #: the department that leads it, or takes part
    department: str | None = None
    state: str | None = None


OF_MEETING = (
    *("id", "title", "lead", "place", "starts_at", "ends_at", "convenor", "state", "uid"),
    *("sequence", "created_at", "changed_at", "version"),
)
OF_ROW = ("id", "title", "lead", "place", "starts_at", "ends_at", "convenor", "state", "version")
OF_ROUND = (
    *("stage", "number", "place", "mode", "state", "papers", "conclusion", "opinion_due_on"),
    "guest",
)


def get(work: Work, identifier: int) -> MeetingView:
    """Return a meeting. Raises NotFound."""
    return view_of(work, row_of(work, identifier))


def row_of(work: Work, identifier: int) -> Row:
    """Return a meeting's row. Raises NotFound."""
    query = with_rooms().where(t.meeting.c.id == identifier)
    row = access.only(work, query)
    if row is None:
        raise NotFound(f"there is no meeting {identifier}", meeting=identifier)
    return row


def with_rooms() -> Select[Any]:
    """Return the query of meetings with the names of their rooms and convenors."""
    room, convenor = t.room.c.name.label("room_name"), t.user.c.display_name.label("convenor_name")
    return (
        select(t.meeting, room, convenor)
        .join(t.room, t.room.c.id == t.meeting.c.room_id, isouter=True)
        .join(t.user, t.user.c.name == t.meeting.c.convenor, isouter=True)
    )


def view_of(work: Work, row: Row) -> MeetingView:
    """Return a meeting's row with its agenda."""
    [view] = views_of(work, [row])
    return view


def views_of(work: Work, rows: Collection[Row]) -> list[MeetingView]:
    """Return the rows of meetings with their agendas."""
    known = agendas(work, rows)
    return [
        MeetingView(
            **{name: row[name] for name in OF_MEETING},
            room=row["room_id"],
            room_name=row["room_name"] or "",
            convenor_name=row["convenor_name"] or "",
            agenda=known[row["id"]],
        )
        for row in rows
    ]


def find(
    work: Work, wanted: Wanted, *, cursor: str | None = None, limit: int = 50
) -> Page[MeetingRow]:
    """Return meetings in the order of their beginnings."""
    table = t.meeting.c
    query = with_rooms().where(*conditions(wanted)).order_by(table.starts_at, table.id)
    if cursor:
        at, last = decode_cursor(cursor, datetime.fromisoformat, number)
        later = (table.starts_at == at) & (table.id > last)
        query = query.where(or_(table.starts_at > at, later))
    rows = [dict(row) for row in work.db.execute(query.limit(limit + 1)).mappings()]
    found = page(rows, limit, lambda last: (last["starts_at"].isoformat(), last["id"]))
    known = agendas(work, found.items)
    return Page([short(row, known[row["id"]]) for row in found.items], found.next)


def short(row: Row, agenda: list[AgendaView]) -> MeetingRow:
    """Return a meeting as lists show it."""
    every = (each.department for line in agenda for each in line.departments)
    return MeetingRow(
        **{name: row[name] for name in OF_ROW},
        room=row["room_id"],
        room_name=row["room_name"] or "",
        projects=[each.project_name for each in agenda],
        departments=list(dict.fromkeys(every)),
    )


def conditions(wanted: Wanted) -> list[Any]:
    """Return what a list asks for."""
    table = t.meeting.c
    found: list[Any] = []
    if wanted.from_at:
        found.append(table.starts_at >= wanted.from_at)
    if wanted.until_at:
        found.append(table.starts_at < wanted.until_at)
    if wanted.state:
        found.append(table.state == wanted.state)
    if wanted.department:
        found.append(or_(table.lead == wanted.department, table.id.in_(joined(wanted.department))))
    return found


def joined(department: str) -> Select[Any]:
    """Return the query of the meetings that a department takes part in.

    A round that was given up is on the agenda of a cancelled meeting only.
    """
    rounds, guests = t.review_round.c, t.review_participant.c
    return (
        select(rounds.meeting_id)
        .join(t.review_participant, guests.round_id == rounds.id)
        .join(t.meeting, t.meeting.c.id == rounds.meeting_id)
        .where(guests.department == department, guests.state.not_in(GONE))
        .where(or_(rounds.state != "cancelled", t.meeting.c.state == CANCELLED))
    )


def agendas(work: Work, meetings: Collection[Row]) -> dict[int, list[AgendaView]]:
    """Return the agendas of some meetings; what was given up stands only on cancelled ones."""
    states = {row["id"]: row["state"] for row in meetings}
    found: dict[int, list[AgendaView]] = {each: [] for each in states}
    rounds, project = t.review_round, t.project.c
    query = (
        select(rounds, project.name, project.applicant, project.created_at, project.version_id)
        .join(t.project, project.id == rounds.c.project_id)
        .where(rounds.c.meeting_id.in_(states))
        .order_by(rounds.c.place, rounds.c.id)
    )
    rows = [dict(row) for row in work.db.execute(query).mappings()] if states else []
    seats = seats_of(work, [row["id"] for row in rows])
    for row in rows:
        if row["state"] != "cancelled" or states[row["meeting_id"]] == CANCELLED:
            found[row["meeting_id"]].append(line(work, row, seats[row["id"]]))
    return found


def line(work: Work, row: Row, seats: list[SeatView]) -> AgendaView:
    """Return one project on an agenda."""
    return AgendaView(
        round=row["id"],
        project=row["project_id"],
        project_code=codes.code_of(work, row, "project_id"),
        project_name=row["name"],
        applicant=row["applicant"],
        stage_name=stage_name(work, row),
        **{name: row[name] for name in OF_ROUND},
        departments=seats,
    )


def stage_name(work: Work, row: Row) -> Name:
    """Return what the procedure of a round's project calls its stage."""
    built = deployments.deployment(work.db, row["version_id"]).procedure
    found = (each.name for each in built.stages if each.id == row["stage"])
    return next(found, Name(row["stage"]))


def seats_of(work: Work, rounds: list[int]) -> Mapping[int, list[SeatView]]:
    """Return whoever is asked in some rounds."""
    guests = t.review_participant.c
    query = (
        select(guests.round_id, guests.department, guests.representative, guests.state)
        .where(guests.round_id.in_(rounds), guests.state.not_in(GONE))
        .order_by(guests.round_id, guests.department)
    )
    found: dict[int, list[SeatView]] = defaultdict(list)
    for row in work.db.execute(query) if rounds else ():
        found[row.round_id].append(SeatView(row.department, row.representative, row.state))
    return found


# -- one row -----------------------------------------------------------------------------------


def write(work: Work, row: Row) -> int:
    """Write a new meeting; returns its id."""
    fixed = {"state": PLANNED, "created_at": work.now, "changed_at": work.now}
    statement = insert(t.meeting).values(**row, **fixed).returning(t.meeting.c.id)
    return int(work.db.execute(statement).scalar_one())


def lock(work: Work, identifier: int, version: int | None = None) -> Row:
    """Take a planned meeting's lock, after those of its projects; returns its row.

    Raises NotFound, Stale, Conflict for one that is held or cancelled.
    """
    query = select(t.meeting).where(t.meeting.c.id == identifier).with_for_update()
    row = access.only(work, query)
    if row is None:
        raise NotFound(f"there is no meeting {identifier}", meeting=identifier)
    access.check_version(row["version"], version)
    if row["state"] != PLANNED:
        raise Conflict(f"the meeting is {row['state']}", state=row["state"])
    return row


def change(work: Work, identifier: int, **values: Any) -> None:
    """Write what changed of a meeting: the next in its sequence."""
    table = t.meeting
    counted = {
        "sequence": table.c.sequence + 1,
        "version": table.c.version + 1,
        "changed_at": work.now,
    }
    work.db.execute(update(table).where(table.c.id == identifier).values({**counted, **values}))


def touch(work: Work, identifier: int) -> None:
    """Note that calendars show something else of a meeting, though nothing was moved."""
    table = t.meeting
    mine = update(table).where(table.c.id == identifier)
    work.db.execute(mine.values(changed_at=work.now, version=table.c.version + 1))


def record(work: Work, identifier: int, event: str, **data: Any) -> None:
    """Add what happened to a meeting to the history."""
    told = event_row(work, None, event, None, {"meeting": identifier, **data})
    work.db.execute(sql.INSERT_HISTORY, [told])
