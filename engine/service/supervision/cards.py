"""Cards found: lists, counts, one with its history, those that wait for a reply, the ladder."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select

from engine.errors import Invalid, NotFound
from engine.rules.supervision import (
    CARD,
    Colour,
    Counted,
    Rung,
    State,
    Tally,
    first_of,
    quarter_of,
    shifted,
    tally,
)
from engine.service import access, departments
from engine.service.chronicle import Entry, entry
from engine.service.pages import decode_cursor, number, page
from engine.service.supervision.card_rows import (
    APPLICANT,
    CardView,
    card,
    columns,
    own_departments,
    sees_all,
    view,
    visible,
)
from engine.service.views import Page
from engine.service.work import Actor, Work
from engine.store import tables as t

FACETS = ("department", "state", "colour", "rule")
#: an event of the history that tells of a card begins so
EVENT = "card."
CHOICES: Mapping[str, tuple[str, ...]] = {"state": tuple(CARD), "colour": tuple(Colour)}


@dataclass(frozen=True, slots=True)
class Filters:
    """Which cards; None for any. A quarter is written 2014Q4, a rule is what it was given for."""

    quarter: str | None = None
    department: str | None = None
    state: str | None = None
    colour: str | None = None
    rule: str | None = None
    project: int | None = None


def find(
    work: Work, wanted: Filters | None = None, *, cursor: str | None = None, limit: int = 50
) -> Page[CardView]:
    """Return cards the actor sees, the newest first. Raises Invalid."""
    query = columns().where(visible(work.actor), *conditions(wanted or Filters()))
    query = query.order_by(card.id.desc()).limit(limit + 1)
    if cursor:
        query = query.where(card.id < decode_cursor(cursor, number)[0])
    rows = list(work.db.execute(query).mappings())
    found = page(rows, limit, lambda last: (last["id"],))
    return Page([view(work, dict(row)) for row in found.items], found.next)


def conditions(wanted: Filters) -> list[ColumnElement[bool]]:
    """Return the conditions of filters. Raises Invalid for what no card can have."""
    given = {each.name: getattr(wanted, each.name) for each in fields(wanted)}
    if wanted.quarter is not None:
        first_of(wanted.quarter)
    for name, choices in CHOICES.items():
        if given[name] is not None and given[name] not in choices:
            raise Invalid(f"{name} must be one of {', '.join(choices)}", field=name)
    given["project_id"] = given.pop("project")
    return [card[name] == value for name, value in given.items() if value is not None]


def facets(work: Work, wanted: Filters) -> Mapping[str, Mapping[str, int]]:
    """Return how many cards each value of a facet leaves, under the other filters; '' for all."""
    kept = Filters(quarter=wanted.quarter, project=wanted.project)
    grouped = [card[name] for name in FACETS]
    query = select(*grouped, func.count()).group_by(*grouped)
    rows = work.db.execute(query.where(visible(work.actor), *conditions(kept))).all()
    found: dict[str, Counter[str]] = {name: Counter() for name in FACETS}
    for *values, count in rows:
        row = dict(zip(FACETS, values, strict=True))
        for name in FACETS:
            others = (each for each in FACETS if each != name)
            if all(getattr(wanted, each) in {None, row[each]} for each in others):
                found[name][row[name]] += count
                found[name][""] += count
    return found


def get(work: Work, identifier: int) -> CardView:
    """Return a card. Raises NotFound."""
    query = columns().where(card.id == identifier, visible(work.actor))
    row = access.only(work, query)
    if row is None:
        raise missing(identifier)
    return view(work, dict(row))


def missing(identifier: int) -> NotFound:
    """Return the error that says there is no such card."""
    return NotFound(f"there is no card {identifier}", card=identifier)


def history(work: Work, found: CardView) -> list[Entry]:
    """Return what was done about a card, in order, and by whom."""
    table = t.history
    query = (
        select(table, t.user.c.display_name)
        .outerjoin(t.user, t.user.c.name == table.c.actor)
        .where(table.c.project_id == found.project, table.c.event.startswith(EVENT))
        .where(table.c.data["card"].as_integer() == found.id)
        .order_by(table.c.id)
    )
    return [entry(row) for row in work.db.execute(query).mappings()]


def of_task(work: Work, task_id: str) -> list[CardView]:
    """Return the cards of a task that the actor sees and that stand, the gravest first."""
    query = columns().where(card.task_id == task_id, card.state != State.WITHDRAWN)
    rows = work.db.execute(query.where(visible(work.actor)).order_by(card.id.desc())).mappings()
    return [view(work, dict(row)) for row in rows]


def awaiting(work: Work, limit: int = 5) -> list[CardView]:
    """Return the cards whose cause the actor has to name, by when: one's own, or the department's.

    A card given to a person waits for them and for the head of their department; one given to a
    department for all who work there.
    """
    query = columns().where(card.state == State.ISSUED, asked(work))
    rows = work.db.execute(query.order_by(card.reply_due_on, card.id).limit(limit)).mappings()
    return [view(work, dict(row)) for row in rows]


def answers_for_some(actor: Actor) -> bool:
    """Tell whether an actor can have cards to explain at all."""
    return bool(own_departments(actor))


def asked(work: Work) -> ColumnElement[bool]:
    """Return the condition of the cards that an actor is asked to explain."""
    actor = work.actor
    heads = sorted({place for role, place in actor.roles if role == "head" and place})
    places = own_departments(actor)
    return or_(
        card.person == actor.name,
        card.department.in_(heads),
        and_(card.person.is_(None), card.department.in_(places)),
    )


# -- the ladder ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LadderRow:
    """A department's cards of a quarter: those that stand, by colour, and what follows.

    `rung`: none, reminder, yellow, red, admonition. `next_at` is how many standing cards lead to
    the rung after it, None at the top.
    """

    department: str
    yellow: int
    red: int
    standing: int
    withdrawn: int
    rung: Rung
    next_at: int | None


def ladder(work: Work, quarter: str | None = None) -> list[LadderRow]:
    """Return the ladder of a quarter, this one's without one. Raises Invalid.

    Every department of the city has a row, also without cards; a department sees its own.
    """
    wanted = quarter or quarter_of(work.today)
    first_of(wanted)
    found = counted(work, wanted)
    known = [each.id for each in departments.find(work.settings) if each.id != APPLICANT]
    every = [*known, *sorted(set(found) - set(known))]
    if not sees_all(work.actor):
        own = set(own_departments(work.actor))
        every = [each for each in every if each in own]
    return [ladder_row(work, code, tally(found.get(code, []))) for code in every]


def counted(work: Work, quarter: str) -> Mapping[str, list[Counted]]:
    """Return a quarter's cards by department."""
    names = ("department", "task_id", "rule", "colour", "state")
    query = select(*(card[name] for name in names)).where(card.quarter == quarter)
    found: dict[str, list[Counted]] = {}
    for department, *what in work.db.execute(query):
        found.setdefault(department, []).append(Counted(*what))
    return found


def ladder_row(work: Work, department: str, of: Tally) -> LadderRow:
    """Return a department's row."""
    rungs = work.rules.cards.ladder
    above = [needed for needed in rungs.steps().values() if needed > of.standing]
    return LadderRow(
        department=department,
        yellow=of.yellow,
        red=of.red,
        standing=of.standing,
        withdrawn=of.withdrawn,
        rung=rungs.rung(of.standing),
        next_at=min(above, default=None),
    )


def quarters(work: Work) -> list[str]:
    """Return the quarters from that of the first card to the present one, the newest first."""
    last = quarter_of(work.today)
    first: Any = work.db.execute(select(func.min(card.quarter))).scalar_one() or last
    found = [last]
    while found[-1] > first:
        found.append(shifted(found[-1], -1))
    return found
