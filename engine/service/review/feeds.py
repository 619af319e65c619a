"""Calendars that departments subscribe to: an address with a secret opens each, nothing else does.

The secret is a signature of the service's, over the department and a version: a new version revokes
every address given before.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

from sqlalchemy import func, insert, select, update

from engine.errors import NotFound
from engine.service import departments
from engine.service.ledger import event_row
from engine.service.review import invitation, letters, people, schedule
from engine.service.review.rounds import LEADS
from engine.service.work import Work
from engine.store import statements as sql
from engine.store import tables as t

#: how far back a feed reaches
PAST = timedelta(days=370)
#: so many meetings in a feed, the latest
MOST = 1_000


@dataclass(frozen=True, slots=True)
class FeedView:
    """Where a department's feed is; `version` counts how often its address was replaced."""

    department: str
    url: str
    version: int


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed as it is served."""

    content: bytes
    etag: str
    changed_at: datetime

    @property
    def last_modified(self) -> str:
        """When it changed last, as HTTP writes it."""
        return format_datetime(self.changed_at.astimezone(UTC).replace(microsecond=0), usegmt=True)


def address(work: Work, secret: bytes, department: str) -> FeedView:
    """Return where a department's feed is. Raises NotFound, Forbidden for another's."""
    check_department(work, department)
    work.actor.require("coordinator", "supervisor", *LEADS, department=department)
    return view_of(work, secret, department)


def revoke(work: Work, secret: bytes, department: str) -> FeedView:
    """Give a department's feed another address; all earlier ones open nothing any more.

    Raises NotFound, Forbidden for another department's.
    """
    check_department(work, department)
    work.actor.require("coordinator", *LEADS, department=department)
    table, row = t.calendar_feed, {"changed_at": work.now}
    mine = update(table).where(table.c.department == department)
    if work.db.execute(mine.values(**row, version=table.c.version + 1)).rowcount == 0:
        work.db.execute(insert(table).values(**row, department=department, version=2))
    told = event_row(work, None, "feed.revoked", None, {"department": department})
    work.db.execute(sql.INSERT_HISTORY, [told])
    return view_of(work, secret, department)


def view_of(work: Work, secret: bytes, department: str) -> FeedView:
    """Return where a department's feed is."""
    version = version_of(work, department)
    path = f"/api/v1/meetings/feeds/{department}.ics"
    url = f"{letters.base(work)}{path}?token={token(secret, department, version)}"
    return FeedView(department, url, version)


def version_of(work: Work, department: str) -> int:
    """Return the version of a feed's address: 1 until it was replaced."""
    table = t.calendar_feed.c
    query = select(table.version).where(table.department == department)
    return int(work.db.execute(query).scalar() or 1)


def token(secret: bytes, department: str, version: int) -> str:
    """Return the secret of a feed's address."""
    told = f"calendar feed of {department}, version {version}"
    return hmac.new(secret, told.encode(), hashlib.sha256).hexdigest()


def check_department(work: Work, department: str) -> None:
    """Raise NotFound where the city has no such department."""
    known = [each.id for each in departments.find(work.settings)]
    if known and department not in known:
        raise NotFound(f"there is no department {department!r}", department=department)


# -- what is in it -----------------------------------------------------------------------------


def read(work: Work, secret: bytes, department: str, given: str) -> Feed:
    """Return a department's feed to whoever knows its address. Raises NotFound otherwise."""
    right = token(secret, department, version_of(work, department))
    if not hmac.compare_digest(right.encode(), given.encode()):
        raise NotFound("there is no calendar at this address, or no more")
    views = meetings_of(work, department)
    shown = [(each, letters.words(work, each)) for each in views]
    everybody = people.find(work, [], [each.convenor for each in views])
    name = people.department_names(work).get(department, department)
    title = f"{name}联审会议"
    content = invitation.publication(shown, everybody, work.settings, title).encode()
    return Feed(content, hashlib.sha256(content).hexdigest()[:32], changed_at(work))


def changed_at(work: Work) -> datetime:
    """Return when any meeting changed last: a feed may have lost one to which it belonged."""
    query = select(func.max(t.meeting.c.changed_at))
    found: datetime | None = work.db.execute(query).scalar()
    return found or datetime(2004, 1, 1, tzinfo=UTC)


def meetings_of(work: Work, department: str) -> list[schedule.MeetingView]:
    """Return the meetings a department leads or takes part in, cancelled ones included."""
    wanted = schedule.Wanted(from_at=work.now - PAST, department=department)
    table = t.meeting.c
    query = schedule.with_rooms().where(*schedule.conditions(wanted))
    query = query.order_by(table.starts_at.desc(), table.id.desc()).limit(MOST)
    rows: list[dict[str, Any]] = [dict(row) for row in work.db.execute(query).mappings()]
    return schedule.views_of(work, rows[::-1])
