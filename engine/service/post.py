"""The outbox: letters that wait, one taken at a time, tried again, given up in the end.

Whoever takes a letter pushes its next attempt into the future and commits: no other worker takes it
meanwhile, and should the first one die, the letter is tried again then. So nothing is lost, and
sent twice only by a worker that died between the mail server's yes and its own note of it; the
Message-ID is the same both times.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from engine.errors import Conflict, NotFound
from engine.service.access import Row
from engine.service.ledger import event_row
from engine.service.pages import decode_cursor, number, page
from engine.service.views import Page
from engine.service.work import Work
from engine.store import statements as sql
from engine.store import tables as t

WAITING, SENT, FAILED, KEPT = "waiting", "sent", "failed", "kept"
#: how long whoever took a letter has for it
LEASE = timedelta(minutes=10)
#: minutes until the next attempt double from the first on, up to the longest: a day in all
FIRST_MINUTES, LONGEST_MINUTES, MOST_ATTEMPTS = 1, 360, 12


@dataclass(frozen=True, slots=True)
class MailView:
    """A letter and what became of it; `error` is of the last attempt that failed."""

    id: int
    kind: str
    meeting: int | None
    round: int | None
    to: str
    subject: str
    body: str
    method: str
    state: str
    attempts: int
    next_at: datetime | None
    created_at: datetime
    sent_at: datetime | None
    error: str


def waiting(work: Work, limit: int) -> list[int]:
    """Return the letters that are to be tried now, the longest waiting first."""
    table = t.mail.c
    query = select(table.id).where(table.state == WAITING, table.next_at <= work.now)
    return list(work.db.execute(query.order_by(table.next_at, table.id).limit(limit)).scalars())


def take(work: Work, identifier: int) -> Row | None:
    """Take a letter to deliver it; None where another worker was faster."""
    table = t.mail
    mine = (table.c.id == identifier) & (table.c.state == WAITING) & (table.c.next_at <= work.now)
    taken = {"next_at": work.now + LEASE, "attempts": table.c.attempts + 1}
    statement = update(table).where(mine).values(taken).returning(*table.c)
    row = work.db.execute(statement).mappings().one_or_none()
    return None if row is None else dict(row)


def note_sent(work: Work, letter: Row) -> None:
    """Note that the mail server took a letter."""
    write(work, letter, state=SENT, sent_at=work.now, next_at=None, error="")


def note_refused(work: Work, letter: Row, error: str, *, for_good: bool) -> bool:
    """Note why a letter was not taken; True where it is given up."""
    gone = for_good or letter["attempts"] >= MOST_ATTEMPTS
    next_at = None if gone else work.now + pause(letter["attempts"])
    state = FAILED if gone else WAITING
    write(work, letter, state=state, next_at=next_at, error=error)
    return gone


def pause(attempts: int) -> timedelta:
    """Return how long to wait after so many attempts."""
    return timedelta(minutes=min(FIRST_MINUTES * 2 ** (attempts - 1), LONGEST_MINUTES))


def write(work: Work, letter: Row, **values: Any) -> None:
    """Write what became of a letter, unless another attempt has begun meanwhile."""
    table = t.mail
    mine = (table.c.id == letter["id"]) & (table.c.attempts == letter["attempts"])
    work.db.execute(update(table).where(mine, table.c.state == WAITING).values(values))


# -- seen --------------------------------------------------------------------------------------


def find(
    work: Work,
    *,
    state: str | None = None,
    meeting: int | None = None,
    round: int | None = None,  # noqa: A002 - what it is of
    cursor: str | None = None,
    limit: int = 50,
) -> Page[MailView]:
    """Return letters, the newest first."""
    table = t.mail.c
    wanted = {"state": state, "meeting_id": meeting, "round_id": round}
    given = [table[name] == value for name, value in wanted.items() if value is not None]
    query = select(t.mail).where(*given).order_by(table.id.desc()).limit(limit + 1)
    if cursor:
        query = query.where(table.id < decode_cursor(cursor, number)[0])
    rows = [view_of(row) for row in work.db.execute(query).mappings()]
    return page(rows, limit, lambda last: (last.id,))


def get(work: Work, identifier: int) -> MailView:
    """Return a letter. Raises NotFound."""
    query = select(t.mail).where(t.mail.c.id == identifier)
    row = work.db.execute(query).mappings().one_or_none()
    if row is None:
        raise NotFound(f"there is no letter {identifier}", mail=identifier)
    return view_of(row)


def retry(work: Work, identifier: int) -> MailView:
    """Let a letter be tried anew that was given up, or was kept without a mail server.

    Raises NotFound, Conflict for one that waits or was sent, or while there is no mail server.
    """
    table, present = t.mail, get(work, identifier)
    if not work.settings.smtp_url:
        raise Conflict("no mail server is set: LIANSHEN_SMTP_URL names it")
    anew = {"state": WAITING, "attempts": 0, "next_at": work.now}
    statement = update(table).where(table.c.id == identifier, table.c.state.in_((FAILED, KEPT)))
    if work.db.execute(statement.values(anew)).rowcount == 0:
        raise Conflict(f"the letter is {present.state}", state=present.state)
    told = event_row(work, None, "mail.retried", None, {"mail": identifier, "to": present.to})
    work.db.execute(sql.INSERT_HISTORY, [told])
    return get(work, identifier)


SHOWN = (
    *("id", "kind", "to", "subject", "body", "method", "state", "attempts", "next_at"),
    *("created_at", "sent_at", "error"),
)


def view_of(row: Any) -> MailView:
    """Return a letter's row as others see it."""
    shown = {name: row[name] for name in SHOWN}
    return MailView(**shown, meeting=row["meeting_id"], round=row["round_id"])
