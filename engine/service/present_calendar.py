"""The business calendar in force: the built-in table with every published revision laid over it.

A process keeps the newest by its revision's id, and asks the database for that id once in a
transaction: with the statement that finds who acts, or with the one that takes a project's lock.
So a publication is seen by every process at once, and costs no statement of its own there.
"""

from __future__ import annotations

from threading import Lock

from sqlalchemy import Connection, select

from engine.rules import china
from engine.rules.calendar import BusinessCalendar, Name
from engine.rules.revision import DecidedDay, Decision, Revision, laid
from engine.store import statements as sql
from engine.store import tables as t

#: what a transaction knows, among the options of its connection: a revision's id, its calendar
KNOWN = "lianshen_calendar"
Known = tuple[int | None, BusinessCalendar]
#: by database and the id of the newest revision
_LAID: dict[tuple[str, int], BusinessCalendar] = {}
_LOCK = Lock()


def current(db: Connection) -> BusinessCalendar:
    """Return the calendar in force in a transaction."""
    known: Known | None = db.get_execution_options().get(KNOWN)
    return known[1] if known else seen(db, newest(db))


def newest(db: Connection) -> int | None:
    """Return the id of the newest revision; None where there is none."""
    found: int | None = db.execute(select(sql.NEWEST_CALENDAR)).scalar_one()
    return found


def seen(db: Connection, revision: int | None) -> BusinessCalendar:
    """Note the newest revision's id, as a statement of this transaction returned it."""
    known: Known | None = db.get_execution_options().get(KNOWN)
    if known and known[0] == revision:
        return known[1]
    return use(db, revision, at(db, revision))


def use(db: Connection, revision: int | None, calendar: BusinessCalendar) -> BusinessCalendar:
    """Let the rest of this transaction count by a calendar.

    Whoever publishes one names it here: what is not committed yet must not be kept for others.
    """
    db.execution_options(**{KNOWN: (revision, calendar)})
    return calendar


def at(db: Connection, revision: int | None) -> BusinessCalendar:
    """Return the calendar with all revisions up to a published one; the built-in table for None."""
    if revision is None:
        return china.calendar()
    key = (str(db.engine.url), revision)
    if key not in _LAID:
        with _LOCK:
            _LAID[key] = laid(china.calendar(), revisions(db, revision))
    return _LAID[key]


def revisions(db: Connection, until: int | None = None) -> list[Revision]:
    """Return published revisions with their days, in order, up to one where that is named."""
    row, day = t.calendar_revision, t.calendar_day
    query = (
        select(row.c.id, row.c.source, row.c.provisional_from, day)
        .outerjoin(day, day.c.revision_id == row.c.id)
        .order_by(row.c.id, day.c.on)
    )
    if until is not None:
        query = query.where(row.c.id <= until)
    found: dict[int, Revision] = {}
    days: dict[int, list[DecidedDay]] = {}
    for each in db.execute(query).mappings():
        key = each["id"]
        found.setdefault(key, Revision(key, each["source"], (), each["provisional_from"]))
        if each["on"] is not None:
            name = Name(each["name_zh"], each["name_en"])
            decided = DecidedDay(each["on"], Decision(each["reason"]), name)
            days.setdefault(key, []).append(decided)
    return [
        Revision(key, each.source, tuple(days.get(key, ())), each.provisional_from)
        for key, each in found.items()
    ]
