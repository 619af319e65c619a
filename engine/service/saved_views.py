"""Lists as users keep them: a name for filters and order, each user's own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qsl, urlencode

from sqlalchemy import ColumnElement, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from engine.errors import Conflict, Invalid, NameTaken, NotFound
from engine.service.work import Work
from engine.store import tables as t

MAX_NAME, MAX_QUERY, MAX_VIEWS = 100, 2_000, 50
#: the lists there are views of
LISTS = frozenset({"projects", "tasks"})
#: what tells a place within a list, not which list it is
NOT_KEPT = frozenset({"cursor", "format", "view"})


@dataclass(frozen=True, slots=True)
class SavedView:
    """A list with filters and order; `query` is the query of the page's address."""

    id: int
    list: str
    name: str
    query: str
    created_at: datetime


def find(work: Work, of: str) -> list[SavedView]:
    """Return the actor's views of a list, by name."""
    view = t.saved_view
    query = select(view.c.id, view.c.list, view.c.name, view.c.query, view.c.created_at)
    own = query.where(view.c.user_id == work.actor.id, view.c.list == of).order_by(view.c.name)
    return [SavedView(**row) for row in work.db.execute(own).mappings()]


def add(work: Work, of: str, name: str, query: str) -> SavedView:
    """Keep a view. Raises Invalid for what cannot be kept, NameTaken."""
    if of not in LISTS:
        raise Invalid(f"there are views of {', '.join(sorted(LISTS))}", field="list")
    kept, asked = checked_name(name), checked_query(query)
    refuse_more(work, of)
    row = {"list": of, "name": kept, "query": asked, "created_at": work.now}
    statement = insert(t.saved_view).values(user_id=work.actor.id, **row)
    try:
        with work.db.begin_nested():
            found = work.db.execute(statement.returning(t.saved_view.c.id))
            return SavedView(int(found.scalar_one()), of, kept, asked, work.now)
    except IntegrityError as error:
        raise NameTaken(f"there is already a view {kept!r}", field="name") from error


def rename(work: Work, identifier: int, name: str) -> None:
    """Give a view another name. Raises NotFound, Invalid, NameTaken."""
    try:
        with work.db.begin_nested():
            statement = update(t.saved_view).where(*own(work, identifier))
            found = work.db.execute(statement.values(name=checked_name(name))).rowcount
    except IntegrityError as error:
        raise NameTaken(f"there is already a view {name!r}", field="name") from error
    if not found:
        raise missing(identifier)


def remove(work: Work, identifier: int) -> None:
    """Forget a view. Raises NotFound where the actor has none of that id."""
    if not work.db.execute(delete(t.saved_view).where(*own(work, identifier))).rowcount:
        raise missing(identifier)


def own(work: Work, identifier: int) -> tuple[ColumnElement[bool], ...]:
    """Return the condition of one of the actor's views."""
    return (t.saved_view.c.id == identifier, t.saved_view.c.user_id == work.actor.id)


def missing(identifier: int) -> NotFound:
    """Return the error that says there is no such view."""
    return NotFound(f"there is no view {identifier}", view=identifier)


def refuse_more(work: Work, of: str) -> None:
    """Raise Conflict where the actor has as many views of a list as one may have."""
    view = t.saved_view.c
    query = select(func.count()).where(view.user_id == work.actor.id, view.list == of)
    if work.db.execute(query).scalar_one() >= MAX_VIEWS:
        raise Conflict(f"there are {MAX_VIEWS} views already; remove one first")


def checked_name(name: str) -> str:
    """Return a view's name without the space around it. Raises Invalid."""
    plain = name.strip()
    if not plain or len(plain) > MAX_NAME or not plain.isprintable():
        raise Invalid(f"a view's name has 1 to {MAX_NAME} visible characters", field="name")
    return plain


def checked_query(query: str) -> str:
    """Return a query as it is kept: in one form, without the place within the list."""
    if len(query) > MAX_QUERY:
        raise Invalid(f"a view's query has at most {MAX_QUERY} characters", field="query")
    kept = [(name, value) for name, value in parse_qsl(query) if name not in NOT_KEPT]
    return urlencode(sorted(kept))
