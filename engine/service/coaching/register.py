"""All coachings: the list with its filters and counts, and what waits for an answer."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, and_, case, cast, exists, func, or_, select

from engine.rules.coaching import CENTRE, Kind, State
from engine.service.coaching import rights
from engine.service.coaching.views import CoachingRow
from engine.service.pages import decode_cursor, number, page
from engine.service.views import Page
from engine.service.work import Actor, Work
from engine.store import tables as t

coaching, entry = t.coaching.c, t.coaching_entry.c

OF_COACHING = (
    *("id", "name", "applicant", "procedure", "departments", "state", "version"),
    *("opened_at", "closed_at"),
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which coachings; None for any. `department` takes part, '' is the service centre.

    `waiting`: open, with a question that the department, or any, has not answered yet.
    """

    state: str | None = None
    department: str | None = None
    waiting: bool = False
    #: part of a name or applicant
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Facets:
    """How many coachings have which value of a filter, under all the other filters."""

    total: int = 0
    waiting: int = 0
    state: Mapping[str, int] = field(default_factory=dict)
    department: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Group:
    """So many coachings of a state: `places` take part in each, or have a question waiting."""

    state: str
    places: frozenset[str]
    number: int = 1

    def fits(self, wanted: Wanted, *without: str) -> bool:
        """Tell whether they are what the filters ask for, but for those named."""
        state, place = wanted.state, wanted.department
        return ("state" in without or state in {None, self.state}) and (
            "department" in without or place is None or place in self.places
        )


def find(
    work: Work, wanted: Wanted, *, cursor: str | None = None, limit: int = 50
) -> Page[CoachingRow]:
    """Return the coachings one may see, the newest first."""
    query = (
        select(*(coaching[name] for name in OF_COACHING), coaching.project_id.label("project"))
        .where(*conditions(work, wanted))
        .order_by(coaching.id.desc())
        .limit(limit + 1)
    )
    if cursor:
        query = query.where(coaching.id < decode_cursor(cursor, number)[0])
    found = page(list(work.db.execute(query).mappings()), limit, lambda last: (last["id"],))
    keys = [row["id"] for row in found.items]
    counts, waiting = counted(work, keys), waiting_of(work, keys)
    rows = [row_view(row, counts[row["id"]], waiting[row["id"]]) for row in found.items]
    return Page(rows, found.next)


def conditions(work: Work, wanted: Wanted) -> list[ColumnElement[bool]]:
    """Return what the filters ask for."""
    found = common(work, wanted)
    if wanted.state:
        found.append(coaching.state == wanted.state)
    if wanted.department is not None:
        found.append(rights.takes_part(wanted.department))
    if wanted.waiting:
        asked = [] if wanted.department is None else [entry.department == wanted.department]
        question = select(entry.id).where(entry.coaching_id == coaching.id, unanswered(), *asked)
        found += [coaching.state == State.OPEN, exists(question.correlate(t.coaching))]
    return found


def common(work: Work, wanted: Wanted) -> list[ColumnElement[bool]]:
    """Return what holds under whatever filters: what may be seen, and the text."""
    found = [rights.visible(work.actor)]
    if wanted.text:
        names = (coaching.name, coaching.applicant)
        found.append(or_(*(each.icontains(wanted.text, autoescape=True) for each in names)))
    return found


def unanswered() -> ColumnElement[bool]:
    """Return the condition of the questions that the department that is asked has not answered."""
    answer = t.coaching_entry.alias("answer")
    given = exists().where(
        answer.c.coaching_id == entry.coaching_id,
        answer.c.answers_id == entry.id,
        answer.c.department == entry.department,
    )
    return and_(entry.kind == Kind.QUESTION, ~given)


def counted(work: Work, keys: list[int]) -> Mapping[int, Mapping[str, Any]]:
    """Return of each kind how many entries coachings have, how many are ready, the last instant."""
    ready = func.sum(case((entry.done, 1), else_=0))
    query = (
        select(entry.coaching_id, entry.kind, func.count(), ready, func.max(entry.at))
        .where(entry.coaching_id.in_(keys))
        .group_by(entry.coaching_id, entry.kind)
    )
    found: dict[int, dict[str, Any]] = defaultdict(lambda: defaultdict(lambda: (0, 0, None)))
    for key, kind, *values in work.db.execute(query) if keys else ():
        found[key][kind] = tuple(values)
    return found


def waiting_of(work: Work, keys: list[int]) -> Mapping[int, dict[str, int]]:
    """Return how many questions of coachings wait for which department."""
    query = (
        select(entry.coaching_id, entry.department, func.count())
        .where(entry.coaching_id.in_(keys), unanswered())
        .group_by(entry.coaching_id, entry.department)
        .order_by(entry.coaching_id, entry.department)
    )
    found: dict[int, dict[str, int]] = defaultdict(dict)
    for key, department, several in work.db.execute(query) if keys else ():
        found[key][department] = int(several)
    return found


def row_view(row: Any, counts: Mapping[str, Any], waiting: dict[str, int]) -> CoachingRow:
    """Return a row as it is shown; what is closed waits for nobody."""
    materials, ready, _ = counts[Kind.MATERIAL]
    last = [each[2] for each in counts.values() if each[2]]
    return CoachingRow(
        **row,
        questions=counts[Kind.QUESTION][0],
        waiting=waiting if row["state"] == State.OPEN else {},
        materials=materials,
        ready=int(ready),
        last_at=max([row["opened_at"], *last]),
    )


def facets(work: Work, wanted: Wanted) -> Facets:
    """Return how many coachings there are of what, each filter's values under the others."""
    asked = waiting_groups(work, wanted)
    chosen = asked if wanted.waiting else groups(work, wanted)
    states: Counter[str] = Counter()
    places: Counter[str] = Counter()
    for each in chosen:
        states[each.state] += each.number if each.fits(wanted, "state") else 0
        own = each.number if each.fits(wanted, "department") else 0
        places.update(dict.fromkeys(each.places, own))
    return Facets(
        total=sum(each.number for each in chosen if each.fits(wanted)),
        waiting=sum(each.number for each in asked if each.fits(wanted)),
        state=dict(sorted(states.items())),
        department=dict(sorted(places.items())),
    )


def groups(work: Work, wanted: Wanted) -> list[Group]:
    """Return all coachings by their state and who takes part; the service centre does in each."""
    listed = cast(coaching.departments, Text)
    query = (
        select(coaching.state, listed, func.count())
        .where(*common(work, wanted))
        .group_by(coaching.state, listed)
    )
    return [
        Group(state, frozenset([CENTRE, *json.loads(places)]), int(several))
        for state, places, several in work.db.execute(query)
    ]


def waiting_groups(work: Work, wanted: Wanted) -> list[Group]:
    """Return the coachings in which a question waits, each with those it waits for."""
    query = questions(*common(work, wanted)).with_only_columns(coaching.id, entry.department)
    found: dict[int, set[str]] = defaultdict(set)
    for key, department in work.db.execute(query.distinct()):
        found[key].add(department)
    return [Group(State.OPEN, frozenset(places)) for places in found.values()]


def questions(*conditions: ColumnElement[bool]) -> Select[Any]:
    """Return the query of the unanswered questions of open coachings."""
    return (
        select(entry.id)
        .join(t.coaching, coaching.id == entry.coaching_id)
        .where(coaching.state == State.OPEN, unanswered(), *conditions)
    )


def own_counting(actor: Actor) -> Select[Any] | None:
    """Return the query of how many questions wait for an actor, None for who answers none.

    They wait for the actor's departments, and for coordinators as the service centre.
    """
    places = answering(actor)
    if not places:
        return None
    return questions(entry.department.in_(sorted(places))).with_only_columns(func.count())


def answering(actor: Actor) -> set[str]:
    """Return for whom an actor answers questions: their departments, '' for the service centre."""
    centre = {CENTRE} if actor.has_plain("coordinator") else set()
    return rights.offices(actor) | centre


def of_project(actor: Actor, project: int) -> Select[Any]:
    """Return the query of the coaching that a project came of, where the actor may see it."""
    return select(coaching.id).where(coaching.project_id == project, rights.visible(actor)).limit(1)
