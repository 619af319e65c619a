"""Cards as rows: what is shown of them, and who may see them and act on them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, false, or_, select, true

from engine.errors import Forbidden
from engine.rules.catalogue import Name
from engine.rules.supervision import CARD, State
from engine.service import codes, deployments, names
from engine.service.access import Row
from engine.service.work import Actor, Work
from engine.store import tables as t

#: who sees every card, and who gives and decides them
OVERSIGHT: Final = ("coordinator", "supervisor", "analyst")
SUPERVISOR: Final = "supervisor"
#: who answers for a department
ANSWERABLE: Final = ("head", "reviewer", "clerk")
#: what stands for the applicant where a department is named: it gets no card
APPLICANT: Final = "APPL"

card = t.card.c
#: columns that a card's view takes over
OF_CARD: Final = (
    *("id", "item", "attempt", "element", "department", "person", "rule", "colour", "note"),
    *("promised_due_on", "statutory_due_on", "issued_at", "issued_on", "issued_by", "quarter"),
    *("state", "reply_due_on", "cause", "reply", "replied_at", "replied_by", "appeal"),
    *("appealed_at", "appealed_by", "corrected_on", "result", "closed_at", "closed_by", "version"),
)


@dataclass(frozen=True, slots=True)
class CardView:
    """A card: for what it was given, to whom, and what became of it.

    `project` and `task` are None, `item` is '' for a card that concerns none. `person` is the
    user who had the task, None where the department as a whole is meant. `reply_overdue`: nobody
    has named the cause, and the day for it has passed.
    """

    id: int
    project: int | None
    project_name: str
    code: str
    item: str
    item_name: Name
    attempt: int
    task: str | None
    element: str
    department: str
    person: str | None
    person_name: str | None
    rule: str
    colour: str
    note: str
    promised_due_on: date | None
    statutory_due_on: date | None
    issued_at: datetime
    issued_on: date
    issued_by: str
    quarter: str
    state: str
    reply_due_on: date | None
    reply_overdue: bool
    cause: str
    reply: str
    replied_at: datetime | None
    replied_by: str | None
    appeal: str
    appealed_at: datetime | None
    appealed_by: str | None
    corrected_on: date | None
    result: str
    closed_at: datetime | None
    closed_by: str | None
    version: int


def columns() -> Select[Any]:
    """Return the query of cards with their project and person."""
    return (
        select(
            *(card[name] for name in OF_CARD),
            card.project_id,
            card.task_id,
            t.project.c.name.label("project_name"),
            t.project.c.created_at.label("project_created_at"),
            t.project.c.version_id,
            t.user.c.display_name.label("person_name"),
        )
        .outerjoin(t.project, t.project.c.id == card.project_id)
        .outerjoin(t.user, t.user.c.name == card.person)
    )


def view(work: Work, row: Mapping[str, Any]) -> CardView:
    """Return a row as a card."""
    unanswered = row["state"] == State.ISSUED and row["reply_due_on"] is not None
    return CardView(
        **{name: row[name] for name in OF_CARD},
        **of_project(work, row),
        project=row["project_id"],
        task=row["task_id"],
        person_name=row["person_name"] or row["person"],
        reply_overdue=unanswered and row["reply_due_on"] < work.today,
    )


def of_project(work: Work, row: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a card's view says of its project."""
    if row["project_id"] is None:
        return {"project_name": "", "code": "", "item_name": Name(row["item"])}
    built = deployments.deployment(work.db, row["version_id"])
    opened = {"id": row["project_id"], "created_at": row["project_created_at"]}
    return {
        "project_name": row["project_name"],
        "code": codes.code_of(work, opened),
        "item_name": names.item_name(built, row["item"]),
    }


# -- who may ------------------------------------------------------------------------------------


def sees_all(actor: Actor) -> bool:
    """Tell whether an actor sees every card: oversight, and the head of the government."""
    return actor.has(*OVERSIGHT) or actor.has("head", department="")


def visible(actor: Actor) -> ColumnElement[bool]:
    """Return the condition of the cards an actor sees: a department its own."""
    if sees_all(actor):
        return true()
    places = own_departments(actor)
    if not places:
        return false()
    return or_(card.department.in_(places), card.person == actor.name)


def own_departments(actor: Actor) -> list[str]:
    """Return the departments an actor works for."""
    return sorted({place for role, place in actor.roles if place and role != "applicant"})


def may_answer(actor: Actor, row: Mapping[str, Any]) -> bool:
    """Tell whether an actor replies to a card and appeals: the person, or for the department."""
    own = actor.bound(*ANSWERABLE, department=row["department"])
    return actor.is_admin or own or actor.name == row["person"]


def answerable(found: CardView) -> dict[str, Any]:
    """Return what decides who may do what to a card that is shown."""
    return {"state": found.state, "department": found.department, "person": found.person}


def may_decide(actor: Actor) -> bool:
    """Tell whether an actor gives cards and decides on them."""
    return actor.has(SUPERVISOR)


#: the moves of a card by what is done to it, and who does it: its department, or a supervisor
ANSWERS: Final[Mapping[str, State]] = {"reply": State.EXPLAINED, "appeal": State.APPEALED}
DECISIONS: Final[Mapping[str, tuple[State, ...]]] = {
    "decide": (State.UPHELD, State.WITHDRAWN),
    "correct": (State.CORRECTED,),
}


def possible(actor: Actor, row: Mapping[str, Any]) -> frozenset[str]:
    """Return what an actor may do to a card now: reply, appeal, decide, correct."""
    moves = CARD[row["state"]]
    answers = {verb for verb, to in ANSWERS.items() if to in moves and may_answer(actor, row)}
    decisions = {verb for verb, to in DECISIONS.items() if moves & set(to) and may_decide(actor)}
    return frozenset(answers | decisions)


def forbidden(row: Mapping[str, Any]) -> Forbidden:
    """Return why a card is not the actor's to answer."""
    text = f"this needs the role {' or '.join(ANSWERABLE)} of {row['department']}"
    return Forbidden(text, roles=list(ANSWERABLE), department=row["department"])


def event_data(row: Row) -> Row:
    """Return what the history says of a card; who it was given to is not for everybody."""
    told = {name: row[name] for name in ("colour", "rule", "department")}
    return {"card": row["id"], **told}
