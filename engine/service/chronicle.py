"""What happened to a project, told backwards: all of it, or only what matters to most."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, Select, and_, func, or_, select

from engine.rules import notice
from engine.service import access
from engine.service.coaching import register
from engine.service.pages import decode_cursor, number, page
from engine.service.projects import event_view
from engine.service.review import brief
from engine.service.review.brief import Brief
from engine.service.views import EventView, Page
from engine.service.work import Work
from engine.store import tables as t

COMPLETED = "task.completed"
#: states of an item that are news beyond its department
TOLD_OF_ITEMS = (
    *("accepted", "supplement_requested", "decided", "delivered", "done", "applied_again"),
    *("not_accepted", "out_of_scope", "returned", "refused", "withdrawn", "deemed", "revoked"),
    *("suspended", "resumed", "stop_entered", "stop_overran"),
    *("extension_requested", "extension_approved", "extension_declined"),
)
#: events, or beginnings of events that end with a dot, by what they tell of
KINDS: Mapping[str, Collection[str]] = {
    "major": (
        *("project.", "milestone.", "incident.", "task.overdue", "coaching.project"),
        *("card.issued", "card.withdrawn", "gap.overdue", "gap.lapsed", "deadline.moved"),
        *("review.launched", "review.raised", "review.concluded", "review.replied"),
        "review.cancelled",
        *(f"item.{state}" for state in TOLD_OF_ITEMS),
    ),
    "project": ("project.", "milestone.", "coaching."),
    "item": ("item.", "deadline.", "gap.", "commitment.", "credit."),
    "task": ("task.",),
    "review": (access.REVIEW,),
    "card": ("card.",),
    "attachment": ("attachment.",),
    "incident": ("incident.",),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """An event, and who acted by the name others call them."""

    event: EventView
    who: str


@dataclass(frozen=True, slots=True)
class Latest:
    """The newest events of a kind; `count` and `last` (the newest one's id) are of all kinds.

    `incidents` is how many are open, `coaching` the one that the project came of, where the
    actor may see it; `rounds` are those of joint reviews they are told of.
    """

    entries: list[Entry]
    count: int
    last: int
    incidents: int
    coaching: int | None = None
    rounds: Sequence[Brief] = ()
    #: of how many rounds the applicant is asked to the meeting
    guest: int = 0


def latest(work: Work, project: int, kind: str = "major", limit: int = 10) -> Latest:
    """Return the newest events of a project that the caller may see."""
    table = t.history
    own = (table.c.project_id == project) & access.told(work.actor)
    rounds = t.review_round.c
    stuck = (t.incident.c.project_id == project) & (t.incident.c.state == "open")
    whole = {
        "count": select(func.count()).where(own),
        "last": select(func.max(table.c.id)).where(own),
        "incidents": select(func.count()).select_from(t.incident).where(stuck),
        "coaching": register.of_project(work.actor, project),
        "rounds": brief.of_project(work.actor, project),
        "guest": select(func.count()).where(rounds.project_id == project, rounds.guest != ""),
    }
    columns = (each.scalar_subquery().label(name) for name, each in whole.items())
    rows = work.db.execute(
        newest(project, kind).where(access.told(work.actor)).add_columns(*columns).limit(limit)
    ).mappings()
    found = list(rows)
    known: dict[str, Any] = {name: found[0][name] if found else 0 for name in whole}
    known["rounds"] = brief.read(known["rounds"] or None)
    return Latest([entry(row) for row in found], **known)


def notices(work: Work, project: int, limit: int = 5) -> list[Entry]:
    """Return the newest answers of a project that brought about a notice."""
    table, answers = t.history.c, notice.ANSWERS
    said = {"element": {each for each, _ in answers}, "outcome": {each for _, each in answers}}
    answered = and_(
        table.event == COMPLETED,
        *(table.data[name].as_string().in_(sorted(values)) for name, values in said.items()),
    )
    query = newest(project, "").where(
        or_(table.event.in_((*notice.EVENTS, *notice.TRUST_EVENTS)), answered)
    )
    rows = work.db.execute(query.limit(limit)).mappings()
    return [entry(row) for row in rows if notice.kind_of_event(row["event"], row["data"])]


def find(
    work: Work,
    project: int,
    *,
    kind: str = "",
    item: str = "",
    cursor: str | None = None,
    limit: int = 50,
) -> Page[Entry]:
    """Return a project's events, the newest first. Raises NotFound."""
    access.row_of(work, project)
    query = newest(project, kind).where(access.told(work.actor)).limit(limit + 1)
    if item:
        query = query.where(t.history.c.item == item)
    if cursor:
        query = query.where(t.history.c.id < decode_cursor(cursor, number)[0])
    rows = list(work.db.execute(query).mappings())
    found = page(rows, limit, lambda last: (last["id"],))
    return Page([entry(row) for row in found.items], found.next)


def entry(row: RowMapping) -> Entry:
    """Return a row as an event with who acted."""
    return Entry(event_view(row, str(row["id"])), row["display_name"] or row["actor"])


def counts(work: Work, project: int) -> Mapping[str, int]:
    """Return how many events of each kind a project has; of all kinds together under ''."""
    event = t.history.c.event
    query = select(event, func.count()).where(
        t.history.c.project_id == project, access.told(work.actor)
    )
    query = query.group_by(event)
    found = {row[0]: int(row[1]) for row in work.db.execute(query)}
    of_kinds = {kind: sum(found[each] for each in found if is_of(each, kind)) for kind in KINDS}
    return {"": sum(found.values()), **of_kinds}


def newest(project: int, kind: str) -> Select[Any]:
    """Return the query of a project's events of a kind, '' for all, the newest first."""
    table = t.history
    query = (
        select(table, t.user.c.display_name)
        .outerjoin(t.user, t.user.c.name == table.c.actor)
        .where(table.c.project_id == project)
        .order_by(table.c.id.desc())
    )
    return query.where(of_kind(kind)) if kind else query


def of_kind(kind: str) -> ColumnElement[bool]:
    """Return the condition of the events of a kind. Raises KeyError."""
    event, names = t.history.c.event, KINDS[kind]
    whole = [name for name in names if not name.endswith(".")]
    begun = (event.startswith(name, autoescape=True) for name in names if name.endswith("."))
    return or_(event.in_(whole), *begun)


def is_of(event: str, kind: str) -> bool:
    """Tell whether an event is of a kind. Raises KeyError."""
    return any(
        event.startswith(name) if name.endswith(".") else event == name for name in KINDS[kind]
    )
