"""Rooms that departments meet in; coordinators keep the list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from engine.errors import Conflict, Invalid, NameTaken, NotFound
from engine.service.ledger import event_row
from engine.service.work import Work
from engine.store import statements as sql
from engine.store import tables as t

NAME_LENGTH = 100
NOTE_LENGTH = 300
MOST_SEATS = 10_000


@dataclass(frozen=True, slots=True)
class RoomView:
    """A room; `seats` 0 where nobody has counted them. One that is not active is not offered."""

    id: int
    name: str
    seats: int
    note: str
    active: bool


def find(work: Work, *, active: bool | None = None) -> list[RoomView]:
    """Return the rooms by name."""
    query = select(t.room).order_by(t.room.c.name, t.room.c.id)
    if active is not None:
        query = query.where(t.room.c.active.is_(active))
    return [RoomView(**row) for row in work.db.execute(query).mappings()]


def get(work: Work, identifier: int) -> RoomView:
    """Return a room. Raises NotFound."""
    query = select(t.room).where(t.room.c.id == identifier)
    row = work.db.execute(query).mappings().one_or_none()
    if row is None:
        raise NotFound(f"there is no room {identifier}", room=identifier)
    return RoomView(**row)


def offered(work: Work, identifier: int) -> RoomView:
    """Return a room that a meeting may take. Raises Invalid."""
    found = [each for each in find(work, active=True) if each.id == identifier]
    if not found:
        raise Invalid(f"there is no room {identifier} to meet in", field="room")
    return found[0]


def add(work: Work, name: str, *, seats: int = 0, note: str = "") -> RoomView:
    """Add a room. Raises Invalid, NameTaken, Forbidden."""
    work.actor.require("coordinator")
    row = checked({"name": name, "seats": seats, "note": note})
    key = write(work, insert(t.room).values(**row, active=True).returning(t.room.c.id), row)
    record(work, "room.added", key, row)
    return get(work, key)


def change(work: Work, identifier: int, changes: Mapping[str, Any]) -> RoomView:
    """Change a room's `name`, `seats`, `note`, or whether it is `active`, as far as given.

    Raises NotFound, Invalid, NameTaken, Forbidden, and Conflict for one that ends while a planned
    meeting is to be in it.
    """
    work.actor.require("coordinator")
    get(work, identifier)
    row = checked(changes)
    if row.get("active") is False:
        check_unused(work, identifier)
    if row:
        own = t.room.c.id == identifier
        write(work, update(t.room).where(own).values(row).returning(t.room.c.id), row)
        record(work, "room.changed", identifier, row)
        touch(work, identifier)
    return get(work, identifier)


def touch(work: Work, identifier: int) -> None:
    """Note that calendars show another place of the meetings that are to be in a room."""
    table = t.meeting
    mine = update(table).where(table.c.room_id == identifier, table.c.state == "planned")
    work.db.execute(mine.values(changed_at=work.now, version=table.c.version + 1))


def check_unused(work: Work, identifier: int) -> None:
    """Raise Conflict where a planned meeting is to be in a room."""
    table = t.meeting.c
    query = select(table.id).where(
        table.room_id == identifier, table.state == "planned", table.ends_at > work.now
    )
    found = list(work.db.execute(query.order_by(table.starts_at)).scalars())
    if found:
        text = f"{len(found)} planned meetings are to be in this room: move them first"
        raise Conflict(text, meetings=found)


def checked(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is given of a room. Raises Invalid."""
    row = dict(given)
    for name, limit, least in (("name", NAME_LENGTH, 1), ("note", NOTE_LENGTH, 0)):
        if name in row:
            row[name] = row[name].strip()
            if not least <= len(row[name]) <= limit or not row[name].isprintable():
                text = f"{name} needs {least} to {limit} printable characters"
                raise Invalid(text, field=name)
    if not 0 <= row.get("seats", 0) <= MOST_SEATS:
        raise Invalid(f"seats must be 0 to {MOST_SEATS}", field="seats")
    return row


def write(work: Work, statement: Any, row: Mapping[str, Any]) -> int:
    """Write a room; returns its id. Raises NameTaken."""
    try:
        with work.db.begin_nested():
            return int(work.db.execute(statement).scalar_one())
    except IntegrityError as error:
        raise NameTaken(f"there is a room {row.get('name')!r}", field="name") from error


def record(work: Work, event: str, room: int, row: Mapping[str, Any]) -> None:
    """Add what happened to a room to the history."""
    told = event_row(work, None, event, None, {"room": room, **row})
    work.db.execute(sql.INSERT_HISTORY, [told])
