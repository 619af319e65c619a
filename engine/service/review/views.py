"""Joint reviews found and read: a list of rounds, a round with everything of it, its opinions.

What applicants see is the least they need: what came of the rounds of their own projects once
these are concluded, what they have to supply and the conditions they have to meet. What
departments said on the way, who came and what was raised are internal; of a round that is
running, or was given up, they see nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date

from sqlalchemy import ColumnElement, select

from engine.errors import Forbidden, Invalid, NotFound
from engine.rules.joint_review import Conclusion, OpinionKind
from engine.service import access, deployments
from engine.service.access import Row
from engine.service.pages import decode_cursor, number, page
from engine.service.projects import event_view
from engine.service.review import escalations, opinions, parts, round_rows
from engine.service.review.open_points import Points, materials_of, points_of
from engine.service.review.sheet import GONE
from engine.service.review.shown import ListRow, OpinionView, RoundView
from engine.service.views import EventView, Page
from engine.service.work import Work
from engine.store import tables as t

rounds = t.review_round.c
STATES = ("open", "concluded", "closed", "cancelled")
OF_ROUND = ("project_state", "papers", "complex", "opened_at", "opened_by", "guest")
OF_END = ("reasons", "concluded_by")


@dataclass(frozen=True, slots=True)
class Filters:
    """Which rounds; None for any. `department` takes part; `year` is that of the notice."""

    project: int | None = None
    stage: str | None = None
    state: str | None = None
    lead: str | None = None
    department: str | None = None
    meeting: int | None = None
    year: int | None = None


# -- lists ---------------------------------------------------------------------------------------


def find(
    work: Work, wanted: Filters | None = None, *, cursor: str | None = None, limit: int = 50
) -> Page[ListRow]:
    """Return rounds the actor sees, the newest first. Raises Invalid."""
    query = round_rows.of_rounds().where(
        round_rows.visible(work.actor), *where(wanted or Filters())
    )
    query = query.order_by(rounds.id.desc()).limit(limit + 1)
    if cursor:
        query = query.where(rounds.id < decode_cursor(cursor, number)[0])
    rows = [dict(each) for each in work.db.execute(query).mappings()]
    found = page(rows, limit, lambda last: (last["id"],))
    asked: Mapping[int, list[Row]] = {}
    if not round_rows.is_outside(work.actor) and found.items:
        asked = round_rows.newest_kinds(work, [each["id"] for each in found.items])
    return Page([list_row(work, row, asked.get(row["id"], [])) for row in found.items], found.next)


def where(wanted: Filters) -> list[ColumnElement[bool]]:
    """Return the conditions of filters. Raises Invalid for a state there is not."""
    given = {each.name: getattr(wanted, each.name) for each in fields(wanted)}
    if wanted.state is not None and wanted.state not in STATES:
        raise Invalid(f"state must be one of {', '.join(STATES)}", field="state")
    department, year = given.pop("department"), given.pop("year")
    renamed = {"project": "project_id", "meeting": "meeting_id"}
    found = [
        rounds[renamed.get(name, name)] == value
        for name, value in given.items()
        if value is not None
    ]
    if department is not None:
        asked = t.review_participant.c
        found.append(rounds.id.in_(select(asked.round_id).where(asked.department == department)))
    if year is not None:
        found.append(rounds.noticed_on.between(date(year, 1, 1), date(year, 12, 31)))
    return found


def list_row(work: Work, row: Row, asked: Iterable[Row]) -> ListRow:
    """Return a row as a round of a list."""
    kinds = {each["department"]: each["kind"] for each in asked if each["state"] not in GONE}
    deemed = [each for each in kinds.values() if each == OpinionKind.DEEMED_AGREE]
    waiting = [department for department, kind in kinds.items() if kind is None]
    return ListRow(
        **parts.shared(work, row),
        items=parts.items_of(row),
        asked=len(kinds),
        answered=len(kinds) - len(waiting) - len(deemed),
        deemed=len(deemed),
        disagreeing=sum(kind == OpinionKind.DISAGREE for kind in kinds.values()),
        waiting=waiting,
    )


# -- one round -----------------------------------------------------------------------------------


def get(work: Work, identifier: int) -> RoundView:
    """Return a round with everything of it that the actor may see. Raises NotFound."""
    row = row_of(work, identifier)
    bound = parts.bound(work, row)
    asked, raised, points = inside(work, row, bound)
    dropped = {"dropped"} if round_rows.is_outside(work.actor) else set()
    every = (each for several in bound.values() for each in several)
    return RoundView(
        **parts.shared(work, row),
        **{name: row[name] for name in (*OF_ROUND, *OF_END)},
        items=parts.reviewed(deployments.deployment(work.db, row["version_id"]), row),
        participants=asked,
        conditions=[each for each in every if each.state not in dropped],
        questions=raised,
        missing=points.missing,
        materials=points.materials,
        possible=points.possible,
        with_reasons=points.with_reasons,
    )


def row_of(work: Work, identifier: int) -> Row:
    """Return a round's row, if the actor sees it. Raises NotFound."""
    query = round_rows.of_rounds().where(rounds.id == identifier, round_rows.visible(work.actor))
    row = access.only(work, query)
    if row is None:
        raise NotFound(f"there is no joint review {identifier}", round=identifier)
    return row


def inside(work: Work, row: Row, bound: parts.Bound) -> parts.Inside:
    """Return what departments say and what is open; to applicants the one notice's material."""
    given = opinions.versions(work, row["id"])
    if round_rows.is_outside(work.actor):
        supplement = row["conclusion"] == Conclusion.SUPPLEMENT
        return [], [], Points(materials=materials_of(given) if supplement else [])
    asked = parts.participants(work, row, given, bound)
    raised = [parts.question(work, each) for each in escalations.of_round(work, row["id"])]
    lacking = row["lacking"].split(",") if row["lacking"] else []
    return asked, raised, points_of(row["state"], asked, raised, sorted(lacking))


def versions(work: Work, identifier: int) -> list[OpinionView]:
    """Return every version of every opinion of a round, the oldest first.

    Raises NotFound, Forbidden for applicants.
    """
    row = row_of(work, identifier)
    if round_rows.is_outside(work.actor):
        raise Forbidden("what departments say in a round is for those who work there")
    bound = parts.bound(work, row)
    return [parts.opinion(each, bound) for each in opinions.versions(work, identifier)]


def history(
    work: Work, identifier: int, cursor: str | None = None, limit: int = 50
) -> Page[EventView]:
    """Return what happened in a round, in order; from these events it can be rebuilt.

    Applicants read what came of it. Raises NotFound.
    """
    row, table = row_of(work, identifier), t.history.c
    query = (
        select(t.history)
        .where(table.project_id == row["project_id"], table.event.startswith(access.REVIEW))
        .where(access.told(work.actor))
        .where(table.data["round"].as_integer() == identifier)
        .order_by(table.id)
        .limit(limit + 1)
    )
    if cursor:
        query = query.where(table.id > decode_cursor(cursor, number)[0])
    rows = list(work.db.execute(query).mappings())
    found = page(rows, limit, lambda last: (last["id"],))
    return Page([event_view(each, str(each["id"])) for each in found.items], found.next)
