"""What becomes of a card: explained and appealed by its department, decided by a supervisor.

Each is one move of the card's lifecycle, refused where it is none, and an event in the history of
the project, whose lock is taken first.
"""

from __future__ import annotations

from sqlalchemy import select, update

from engine.errors import Conflict, Invalid
from engine.rules.lifecycle import check
from engine.rules.supervision import CARD, CAUSES, State
from engine.service import access
from engine.service.access import Row
from engine.service.ledger import event_row
from engine.service.supervision import cards
from engine.service.supervision.card_rows import (
    DECISIONS,
    SUPERVISOR,
    CardView,
    event_data,
    forbidden,
    may_answer,
    visible,
)
from engine.service.work import Actor, Work
from engine.store import statements as sql
from engine.store import tables as t

#: characters of a reply, an appeal or a result
MAX_TEXT = 2000


def reply(
    work: Work, identifier: int, cause: str, text: str, expected_version: int | None = None
) -> CardView:
    """Name the cause of a card: whose it is, or for their department. Raises Invalid, Stale."""
    if cause not in CAUSES:
        raise Invalid(f"cause must be one of {', '.join(CAUSES)}, not {cause!r}", field="cause")
    row = answerable(work, identifier, expected_version)
    said = {"cause": cause, "reply": written(text, "reply")}
    return moved(work, row, State.EXPLAINED, {**said, **by(work, "replied")})


def appeal(work: Work, identifier: int, text: str, expected_version: int | None = None) -> CardView:
    """Ask for a card to be withdrawn, with reasons. Raises Conflict where that was decided."""
    row = answerable(work, identifier, expected_version)
    said = {"appeal": written(text, "appeal")}
    return moved(work, row, State.APPEALED, {**said, **by(work, "appealed")})


def decide(
    work: Work, identifier: int, result: str, text: str, expected_version: int | None = None
) -> CardView:
    """Uphold or withdraw a card, with reasons; what nobody explained can only be withdrawn."""
    work.actor.require(SUPERVISOR)
    if result not in DECISIONS["decide"]:
        known = ", ".join(DECISIONS["decide"])
        raise Invalid(f"result must be one of {known}, not {result!r}", field="result")
    row = locked(work, identifier, expected_version)
    said = {"result": written(text, "reason"), **by(work, "closed")}
    return moved(work, row, State(result), said)


def correct(work: Work, identifier: int, expected_version: int | None = None) -> CardView:
    """Note that what a card was given for has been put right, as a supervisor has seen."""
    work.actor.require(SUPERVISOR)
    row = locked(work, identifier, expected_version)
    said = {"corrected_on": work.today, **by(work, "closed")}
    return moved(work, row, State.CORRECTED, said)


def answerable(work: Work, identifier: int, expected_version: int | None) -> Row:
    """Return a card that the actor may answer, locked. Raises NotFound, Forbidden, Stale."""
    row = locked(work, identifier, expected_version)
    if not may_answer(work.actor, row):
        raise forbidden(row)
    return row


def locked(work: Work, identifier: int, expected_version: int | None) -> Row:
    """Return a card's row, its project locked. Raises NotFound, Stale."""
    query = select(t.card).where(t.card.c.id == identifier, visible(work.actor))
    row = access.only(work, query)
    if row is None:
        raise cards.missing(identifier)
    if row["project_id"] is not None:
        access.lock(work, row["project_id"])
        # it may have changed while this waited for the lock
        row = access.only(work, query) or row
    access.check_version(row["version"], expected_version)
    return row


def written(text: str, field: str) -> str:
    """Return what was written without the space around it. Raises Invalid."""
    plain = text.strip()
    if not 0 < len(plain) <= MAX_TEXT:
        raise Invalid(f"{field} must be a text of 1 to {MAX_TEXT} characters", field=field)
    return plain


def by(work: Work, verb: str) -> Row:
    """Return who did something and when."""
    return {f"{verb}_at": work.now, f"{verb}_by": work.actor.name}


def moved(work: Work, row: Row, state: State, values: Row) -> CardView:
    """Write a card's next state with what belongs to it, and an event.

    Raises Conflict where the lifecycle has no such move, or somebody else made one just now.
    """
    check(CARD, row["state"], state, "the card")
    table = t.card
    same = (table.c.id == row["id"], table.c.version == row["version"])
    change = update(table).where(*same).values(**values, state=state, version=row["version"] + 1)
    if work.db.execute(change).rowcount != 1:
        raise Conflict("the card was changed just now", card=row["id"])
    event = event_row(
        work,
        row["project_id"],
        f"card.{state}",
        row["item"] or None,
        event_data(row),
        task_id=row["task_id"],
        on_behalf_of=on_behalf_of(work.actor, row, state),
    )
    work.db.execute(sql.INSERT_HISTORY, [event])
    return cards.get(work, row["id"])


def on_behalf_of(actor: Actor, row: Row, state: State) -> str | None:
    """Return the department an administrator answers for, None for everybody else."""
    if state not in {State.EXPLAINED, State.APPEALED}:
        return None
    plain = Actor(
        actor.id, actor.name, frozenset(each for each in actor.roles if each[0] != "admin")
    )
    return None if may_answer(plain, row) else str(row["department"])
