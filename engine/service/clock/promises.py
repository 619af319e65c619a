"""Dates that a calendar moves beside those of items and tasks: each so many working days on.

When a commitment is to be checked, a promised material's grace ends, a stop was told to end, a
card is to be answered, opinions to be given, a disagreement to be settled. Each row keeps the day
it was counted from; how many working days lie between is what the calendar before says, and stays.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Column, Select, Table, bindparam, literal, select, update

from engine.rules.calendar import BusinessCalendar
from engine.service.clock.recompute import DATES, Move, told
from engine.service.work import Work
from engine.store import statements as sql
from engine.store import tables as t

ITEM = t.project_item.c
PROMISED = "promised_due_on"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of promise: its rows with the day each is counted from, and what keeps its date."""

    open: Select[Any]
    table: Table
    dates: tuple[Column[Any], ...]

    def rows(self, work: Work) -> Iterator[Mapping[str, Any]]:
        """Yield what is promised and not yet kept."""
        yield from (dict(row) for row in work.db.execute(self.open).mappings())

    def write(self, work: Work, moved: Sequence[Move]) -> None:
        """Write the other dates."""
        given: dict[str, Any] = {column.name: bindparam("b_on") for column in self.dates}
        change = update(self.table).where(self.table.c.id == bindparam("b_row")).values(given)
        work.db.execute(change, [{"b_row": move.row, "b_on": move.now[PROMISED]} for move in moved])


def of_item(table: Table, since: Any, due: Column[Any], *conditions: Any) -> Select[Any]:
    """Return the rows of an item's promise."""
    query = select(
        *(table.c.id, table.c.project_id, table.c.item, ITEM.department),
        *(since.label("since_on"), due.label("due_on")),
    )
    mine = (ITEM.project_id == table.c.project_id) & (ITEM.item == table.c.item)
    return query.join_from(table, t.project_item, mine).where(due.is_not(None), *conditions)


commitment, deficiency, stop = t.commitment.c, t.deficiency.c, t.suspension.c
card, escalation, around = t.card.c, t.escalation.c, t.review_round.c

KINDS: Mapping[str, Kind] = {
    "commitment": Kind(
        of_item(
            *(t.commitment, ITEM.decided_on, commitment.check_due_on),
            *(commitment.state == "open", ITEM.decided_on.is_not(None)),
        ),
        t.commitment,
        (commitment.check_due_on,),
    ),
    "grace": Kind(
        of_item(
            *(t.deficiency, deficiency.promised_on, deficiency.grace_until_on),
            deficiency.state == "open",
        ),
        t.deficiency,
        (deficiency.grace_until_on, deficiency.look_on),
    ),
    "stop": Kind(
        of_item(t.suspension, stop.from_on, stop.expected_on, stop.until_on.is_(None)),
        t.suspension,
        (stop.expected_on,),
    ),
    "card": Kind(
        select(
            *(card.id, card.project_id, card.item, card.department),
            *(card.issued_on.label("since_on"), card.reply_due_on.label("due_on")),
        ).where(card.state == "issued", card.reply_due_on.is_not(None)),
        t.card,
        (card.reply_due_on,),
    ),
    "opinions": Kind(
        select(
            *(around.id, around.project_id, literal("").label("item")),
            around.lead.label("department"),
            *(around.noticed_on.label("since_on"), around.opinion_due_on.label("due_on")),
        ).where(around.state == "open"),
        t.review_round,
        (around.opinion_due_on,),
    ),
    "question": Kind(
        select(
            *(escalation.id, around.project_id, literal("").label("item")),
            around.lead.label("department"),
            *(escalation.raised_on.label("since_on"), escalation.settle_by_on.label("due_on")),
        )
        .join_from(t.escalation, t.review_round, around.id == escalation.round_id)
        .where(escalation.settled_on.is_(None)),
        t.escalation,
        (escalation.settle_by_on,),
    ),
}


def moves(work: Work, before: BusinessCalendar, after: BusinessCalendar) -> list[Move]:
    """Return the promises that another calendar moves."""
    return [move for kind in KINDS for move in moves_of(work, kind, before, after)]


def moves_of(
    work: Work, kind: str, before: BusinessCalendar, after: BusinessCalendar
) -> Iterator[Move]:
    """Yield the moves of one kind."""
    for row in KINDS[kind].rows(work):
        since, was = row["since_on"], row["due_on"]
        on = after.add(since, max(0, before.between(since, was)))
        if on != was:
            place = (row["project_id"], row["item"], None, kind, row["department"])
            yield Move(*place, due(was), due(on), row=row["id"])


def due(on: date) -> Mapping[str, date | None]:
    """Return both due dates of a promise: no statute gives one."""
    return {**dict.fromkeys(DATES), PROMISED: on}


def apply(work: Work, found: Sequence[Move], cause: str, **more: Any) -> None:
    """Write what moved, with an event each."""
    for name, kind in KINDS.items():
        mine = [move for move in found if move.element == name]
        if mine:
            kind.write(work, mine)
    events = [told(work, move, cause, more) for move in found]
    if events:
        work.db.execute(sql.INSERT_HISTORY, events)
