"""Cards given: by the service to who is late, and by a supervisor for any listed breach.

A task gets each colour for one reason once. The project is locked first, as for every change of
it, so that several sweeps and a supervisor queue up; the table's key holds where they do not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import RowMapping, Select, and_, insert, or_, select, update

from engine.errors import Conflict, Invalid, NotFound
from engine.rules.case_clock import stopped_days
from engine.rules.procedure import Kind
from engine.rules.supervision import (
    EVERY_BREACH,
    Breach,
    Colour,
    Lateness,
    State,
    due_breach,
    next_look,
    quarter_of,
    reasons,
)
from engine.service import access, departments
from engine.service.access import Row
from engine.service.clock import questions, stops
from engine.service.clock.due import NEVER
from engine.service.ledger import event_row
from engine.service.supervision import cards
from engine.service.supervision.card_rows import APPLICANT, SUPERVISOR, CardView, event_data
from engine.service.work import Work
from engine.store import statements as sql
from engine.store import tables as t

#: characters of what a supervisor found
MAX_NOTE = 2000


class NotByHand(Invalid):
    """Cards for lateness are given by the service itself, to who is late."""

    remedy = "Leave it to the service, or give a card for another breach."


class CardGiven(Conflict):
    """The task has a card of this colour for this already."""

    remedy = "See the task's cards."


@dataclass(frozen=True, slots=True)
class NewCard:
    """A card as a supervisor gives it.

    Of a task everything else follows; of an item its department does; else `department` is
    needed. `person` is a user's name, without one whoever has the task. Without a `colour` it
    has that of the rule. `note` says what was found.
    """

    rule: str
    note: str
    project: int | None = None
    item: str = ""
    task: str | None = None
    department: str = ""
    person: str | None = None
    colour: str | None = None


# -- by the service -----------------------------------------------------------------------------


def due(work: Work, limit: int) -> list[RowMapping]:
    """Return late tasks that are to be looked at for a card, the oldest first.

    None where the city gives no cards by itself, and none whose clock stands still. What was
    ended late, or answered by silence, is looked at once more.
    """
    if not work.rules.cards.automatic:
        return []
    task, project = t.task.c, t.project.c
    runs = and_(project.state == "running", task.stopped_on.is_(None), task.overdue)
    query = (
        select(task.id, task.project_id)
        .join(t.project, project.id == task.project_id)
        .where(task.card_look_on <= work.today, or_(task.state != "open", runs))
        .order_by(task.card_look_on, task.id)
        .limit(limit)
    )
    return list(work.db.execute(query).mappings())


def give(work: Work, task_id: str) -> bool:
    """Give a late task the card that is due; False where none is, or somebody was faster."""
    project = access.only(work, sql.LOCK_PROJECT_OF_TASK, {"b_task": task_id})
    row = access.only(work, task_rows().where(t.task.c.id == task_id)) if project else None
    if project is None or row is None or not is_waiting(work, project, row):
        return False
    on, rules = day_of(work, row), work.rules.cards
    late = lateness(work, row) if can_be_late(row) else None
    look_on = next_look(late, on, rules) if late and row["state"] == "open" else None
    work.db.execute(update(t.task).where(t.task.c.id == task_id).values(card_look_on=look_on))
    breach = due_breach(late, on, rules) if late else None
    if breach is None or has_card(work, task_id, breach.id, breach.colour):
        return False
    write(work, of_task(row) | given_for(breach, breach.colour))
    return True


def is_waiting(work: Work, project: Row, row: Row) -> bool:
    """Tell whether a task that was found is still to be looked at, now that it is locked."""
    waits = row["card_look_on"] is not None and row["card_look_on"] <= work.today
    runs = project["state"] == "running" and row["overdue"] and row["stopped_on"] is None
    return waits and (row["state"] != "open" or runs)


def can_be_late(row: Row) -> bool:
    """Tell whether a task gets cards by itself: of an approval, not cancelled, due on some day."""
    # of what was raised to who is bound to no department nobody can be given one
    own = row["kind"] == Kind.APPROVAL and row["state"] != "cancelled" and row["department"]
    return bool(own and row["overdue"]) and row["due_on"] != NEVER


def day_of(work: Work, row: Row) -> date:
    """Return the day on which a task's lateness is looked at: today, or that of its end."""
    ended = row["ended_at"]
    return work.today if ended is None else ended.astimezone(work.settings.zone).date()


def lateness(work: Work, row: Row) -> Lateness:
    """Return how a task stands with its dates; while its clock stood still it grew no later.

    Whoever was given it late has a working day of their own first.
    """
    rows = stops.of_project(work, row["project_id"])
    raised = questions.stops_of(row, questions.of_projects(work, [row["project_id"]]))
    still = stopped_days((*stops.of_item(rows, row["item"]), *raised))
    given_on = row["created_at"].astimezone(work.settings.zone).date()
    return Lateness(work.calendar, row["due_on"], row["statutory_due_on"], still, given_on)


# -- by a supervisor ----------------------------------------------------------------------------


def issue(work: Work, wanted: NewCard) -> CardView:
    """Give a card by hand. Raises Forbidden, Invalid, NotByHand, NotFound, CardGiven."""
    work.actor.require(SUPERVISOR)
    breach, colour = checked(wanted)
    place = of_place(work, wanted)
    if breach.automatic:
        check_late(work, wanted, breach)
    if wanted.person:
        place["person"] = person_named(work, wanted.person)
    if wanted.task and has_card(work, wanted.task, breach.id, colour):
        raise CardGiven(task=wanted.task, rule=breach.id, colour=colour)
    note = {"note": wanted.note.strip()}
    return cards.get(work, write(work, place | given_for(breach, colour) | note))


def checked(wanted: NewCard) -> tuple[Breach, Colour]:
    """Return what a card is given for and its colour. Raises Invalid."""
    breach = EVERY_BREACH.get(wanted.rule)
    if breach is None:
        known = ", ".join(EVERY_BREACH)
        raise Invalid(f"rule must be one of {known}, not {wanted.rule!r}", field="rule")
    if wanted.colour and wanted.colour not in set(Colour):
        raise Invalid(f"colour must be one of {', '.join(Colour)}", field="colour")
    if not 0 < len(wanted.note.strip()) <= MAX_NOTE:
        raise Invalid(f"note must say what was found, in 1 to {MAX_NOTE} characters", field="note")
    return breach, Colour(wanted.colour or breach.colour)


def check_late(work: Work, wanted: NewCard, breach: Breach) -> None:
    """Check a card for lateness that is given by hand, of a task that is locked.

    Only where the city leaves them to its supervisors, and the task is late in that way. Raises
    NotByHand, Invalid.
    """
    rules = work.rules.cards
    if rules.automatic:
        text = f"{breach.id} is given by the service itself, to who is late"
        raise NotByHand(text, field="rule")
    row = access.only(work, task_rows().where(t.task.c.id == wanted.task)) if wanted.task else None
    if row is None or not can_be_late(row):
        raise Invalid(f"{breach.id} needs a task that is late", field="task")
    if not reasons(lateness(work, row), day_of(work, row), rules)[breach.id]:
        raise Invalid(f"the task is not late in the way of {breach.id}", field="rule")


def of_place(work: Work, wanted: NewCard) -> Row:
    """Return what a card is given about, its project locked. Raises Invalid, NotFound."""
    if wanted.task:
        return place_of_task(work, wanted)
    if wanted.project is None:
        if wanted.item:
            raise Invalid("an item needs its project", field="project")
        return {"project_id": None, "department": department_of(work, wanted, "")}
    access.lock(work, wanted.project)
    place: Row = {"project_id": wanted.project}
    if wanted.item:
        place |= place_of_item(work, wanted)
    return place | {"department": department_of(work, wanted, place.get("department", ""))}


def place_of_task(work: Work, wanted: NewCard) -> Row:
    """Return a card's place at a task. Raises NotFound; Invalid where it is the applicant's."""
    project = access.only(work, sql.LOCK_PROJECT_OF_TASK, {"b_task": wanted.task})
    row = access.only(work, task_rows().where(t.task.c.id == wanted.task)) if project else None
    if row is None or wanted.project not in {None, row["project_id"]}:
        raise NotFound(f"there is no task {wanted.task}", task=wanted.task)
    if row["kind"] == Kind.APPLICANT:
        raise Invalid("an applicant gets no card", field="task")
    place = of_task(row)
    return place | {"department": department_of(work, wanted, place["department"])}


def place_of_item(work: Work, wanted: NewCard) -> Row:
    """Return a card's place at an item of a project. Raises Invalid."""
    names = ("item", "attempt", "department", "promised_due_on", "statutory_due_on")
    bound = {"b_project": wanted.project, "b_item": wanted.item}
    row = access.only(work, sql.ITEM, bound)
    if row is None or row["kind"] == Kind.APPLICANT:
        raise Invalid(f"the project has no item {wanted.item!r} of a department", field="item")
    return {name: row[name] for name in names}


def department_of(work: Work, wanted: NewCard, own: str) -> str:
    """Return the department a card is given to. Raises Invalid.

    That of a task or an item, unless the supervisor names another: one that was consulted.
    """
    code = wanted.department or own
    known = {each.id for each in departments.find(work.settings)}
    unknown = bool(known) and code not in known and code != own
    if not code or code == APPLICANT or unknown:
        raise Invalid("a card needs the department it is given to", field="department")
    return code


def person_named(work: Work, name: str) -> str:
    """Return the name of a user. Raises Invalid where there is none."""
    found = work.db.execute(select(t.user.c.name).where(t.user.c.name == name)).scalar()
    if found is None:
        raise Invalid(f"there is no user {name!r}", field="person")
    return str(found)


# -- written ------------------------------------------------------------------------------------


def task_rows() -> Select[Any]:
    """Return the query of tasks with what a card says of them."""
    return (
        select(t.task, t.process_instance.c.attempt, t.user.c.name.label("person"))
        .join(t.process_instance, t.process_instance.c.id == t.task.c.instance_id)
        .outerjoin(t.user, t.user.c.id == t.task.c.assignee_id)
    )


def of_task(row: Mapping[str, Any]) -> Row:
    """Return what a card says of its task."""
    names = ("project_id", "item", "attempt", "element", "department", "person")
    dates = ("promised_due_on", "statutory_due_on")
    return {"task_id": row["id"], **{name: row[name] for name in (*names, *dates)}}


def given_for(breach: Breach, colour: Colour) -> Row:
    """Return what a card says of its reason."""
    return {"rule": breach.id, "colour": str(colour)}


def has_card(work: Work, task_id: str, rule: str, colour: str) -> bool:
    """Tell whether a task has a card of a colour for a reason, withdrawn or not."""
    table = t.card.c
    same = (table.task_id == task_id, table.rule == rule, table.colour == colour)
    return work.db.execute(select(table.id).where(*same)).first() is not None


def write(work: Work, place: Row) -> int:
    """Write a card and its event; returns its id."""
    today: date = work.today
    values = {
        **place,
        "issued_at": work.now,
        "issued_on": today,
        "issued_by": work.actor.name,
        "quarter": quarter_of(today),
        "state": State.ISSUED,
        "reply_due_on": work.calendar.add(today, work.rules.cards.reply_days),
    }
    table = t.card
    identifier = int(
        work.db.execute(insert(table).values(values).returning(table.c.id)).scalar_one()
    )
    event = event_row(
        work,
        place["project_id"],
        "card.issued",
        place.get("item") or None,
        event_data({**values, "id": identifier}),
        task_id=place.get("task_id"),
    )
    work.db.execute(sql.INSERT_HISTORY, [event])
    return identifier
