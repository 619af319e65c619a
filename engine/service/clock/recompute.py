"""Due dates computed anew from what is recorded of each case, and what moves thereby.

Whatever changes a fact (a stop ends, an extension is approved, a calendar is published) asks here;
nothing shifts a date by itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import bindparam, select, update

from engine.rules.calendar import BusinessCalendar
from engine.rules.case_clock import ClockFacts, deadlines, stopped_days
from engine.rules.catalogue import Item, Name
from engine.rules.deadline import STEP_DEADLINES, DayUnit, due_on
from engine.rules.procedure import Kind
from engine.service import deployments
from engine.service.access import Row
from engine.service.clock import due, questions, stops
from engine.service.clock.receipt import receipt_day
from engine.service.clock.steps import REVIEW, own_clock
from engine.service.ledger import event_row
from engine.service.work import Work
from engine.store import statements as sql
from engine.store import tables as t

DATES = ("promised_due_on", "statutory_due_on")
TIMES = ("due_on", "overdue_from", "lapses_at", "stopped_on", "overdue")
Dates = Mapping[str, date | None]


@dataclass(frozen=True, slots=True)
class Move:
    """A due date of an item, or of a task of it, that is another now; or a promise's.

    Every task of an item whose dates move has a line of its own; `task` is None for the item. A
    promise is none of both: `row` keeps it, `element` is its kind (`promises.KINDS`), its date
    stands as the promised one, and `project` is None for what belongs to none.
    """

    project: int | None
    item: str
    task: str | None
    element: str
    department: str
    was: Dates
    now: Dates
    #: of a task: the step with a time of its own that it is, '' where it has its item's
    step: str = ""
    #: of a promise: the id of the row that keeps it
    row: int | None = None
    #: what the task's row keeps of it
    times: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @property
    def moved(self) -> bool:
        """Tell whether a date is another; else only what follows from it is."""
        return dict(self.was) != dict(self.now)


@dataclass(slots=True)
class Sheet:
    """What is recorded of one project's running clocks."""

    project: Row
    items: dict[str, Row] = field(default_factory=dict)
    tasks: list[Row] = field(default_factory=list)
    stops: list[Row] = field(default_factory=list)
    #: what was raised in rounds of joint reviews
    questions: list[Row] = field(default_factory=list)


def moves(
    work: Work, calendar: BusinessCalendar, projects: Collection[int] | None = None
) -> list[Move]:
    """Return what moves under a calendar, in some projects or in all that run or are suspended."""
    found = sheets(work, projects)
    return [move for sheet in found for move in moves_of(work, calendar, sheet)]


def project(work: Work, identifier: int, cause: str, **more: Any) -> list[Move]:
    """Compute a project's due dates anew, whose lock is held, and write what moved.

    `cause` says in the history why: resumed, extended.
    """
    found = moves(work, work.calendar, [identifier])
    apply(work, found, cause, **more)
    return found


def apply(work: Work, found: Sequence[Move], cause: str, **more: Any) -> None:
    """Write what moved, with an event each, and what tasks keep of their due dates."""
    items = [bound(move) for move in found if move.task is None]
    tasks = [{**bound(move), **bound_times(move)} for move in found if move.task is not None]
    if items:
        work.db.execute(UPDATE_ITEM, items)
    if tasks:
        work.db.execute(UPDATE_TASK, tasks)
    events = [told(work, move, cause, more) for move in found if is_told(move)]
    if events:
        work.db.execute(sql.INSERT_HISTORY, events)


def is_told(move: Move) -> bool:
    """Tell whether a move is an event of its own: an item's, or of a step with its own time."""
    own = move.task is None or move.step in STEP_DEADLINES
    return own and move.moved


def told(work: Work, move: Move, cause: str, more: Mapping[str, Any]) -> Row:
    """Return the event of a move."""
    data = {
        "cause": cause,
        "was": {name: iso(move.was[name]) for name in DATES},
        "now": {name: iso(move.now[name]) for name in DATES},
        "element": move.element,
        "department": move.department,
        **more,
    }
    return event_row(
        work, move.project, "deadline.moved", move.item or None, data, task_id=move.task
    )


def iso(on: date | None) -> str | None:
    """Return a date as text."""
    return None if on is None else on.isoformat()


# -- what is recorded --------------------------------------------------------------------------


def sheets(work: Work, projects: Collection[int] | None) -> list[Sheet]:
    """Return what is recorded of the running clocks of some projects, or of all."""
    table = t.project.c
    running = table.state.in_(("running", "suspended"))
    query = select(table.id, table.version_id, table.suspended_on).where(running)
    if projects is not None:
        query = query.where(table.id.in_(projects))
    found = {row["id"]: Sheet(dict(row)) for row in work.db.execute(query).mappings()}
    for row in open_items(work, projects):
        if row["project_id"] in found:
            found[row["project_id"]].items[row["item"]] = row
    for row in open_tasks(work, projects):
        if row["project_id"] in found:
            found[row["project_id"]].tasks.append(row)
    for row in stops.of_projects(work, projects):
        if row["project_id"] in found:
            found[row["project_id"]].stops.append(row)
    for row in questions.of_projects(work, projects):
        if row["project_id"] in found:
            found[row["project_id"]].questions.append(row)
    return list(found.values())


def open_items(work: Work, projects: Collection[int] | None) -> Iterator[Row]:
    """Yield the approvals whose clock runs or stands still, or that have an open task."""
    table = t.project_item.c
    query = select(t.project_item).where(table.kind == Kind.APPROVAL, table.opened_on.is_not(None))
    query = query.where(table.state.in_(IN_HAND))
    if projects is not None:
        query = query.where(table.project_id.in_(projects))
    yield from (dict(row) for row in work.db.execute(query).mappings())


#: states of a case in which a department has something to do
IN_HAND = (
    *("received", "accepted", "in_decision", "deemed", "decided"),
    *("awaiting_payment", "delivering", "open"),
)


def open_tasks(work: Work, projects: Collection[int] | None) -> Iterator[Row]:
    """Yield the open tasks; what is due at no date may stand still."""
    query = select(t.task).where(t.task.c.state == "open")
    if projects is not None:
        query = query.where(t.task.c.project_id.in_(projects))
    yield from (dict(row) for row in work.db.execute(query).mappings())


# -- what moves --------------------------------------------------------------------------------


def moves_of(work: Work, calendar: BusinessCalendar, sheet: Sheet) -> Iterator[Move]:
    """Yield what moves in one project: items first, then tasks."""
    catalogue = deployments.deployment(work.db, sheet.project["version_id"]).procedure.items
    dates: dict[str, Dates] = {}
    for name, row in sheet.items.items():
        now = item_dates(calendar, sheet, row, catalogue.get(name) or Item(name, Name(name)))
        if now is None:
            continue
        dates[name] = now
        if now != dates_of(row):
            yield Move(row["project_id"], name, None, "", row["department"], dates_of(row), now)
    for task in sheet.tasks:
        yield from task_move(work, calendar, sheet, task, dates)


def item_dates(
    calendar: BusinessCalendar, sheet: Sheet, row: Row, item: Item
) -> dict[str, date | None] | None:
    """Return the due dates of an item whose clock runs; None where it does not."""
    if row["accepted_on"] is None or row["decided_on"] is not None:
        return None
    facts = facts_of(row, item, stops.of_item(sheet.stops, row["item"]))
    found = deadlines(calendar, facts)
    if found is None:
        return None
    return {name: getattr(found, name) for name in DATES}


def facts_of(row: Mapping[str, Any], item: Item, stood: tuple[Any, ...]) -> ClockFacts:
    """Return what the due dates of a case that was accepted follow from."""
    return ClockFacts(
        start_on=row["accepted_on"],
        promised=item.promised,
        statutory=item.statutory,
        stops=stood,
        extension_days=row["extension_days"],
    )


def task_move(
    work: Work,
    calendar: BusinessCalendar,
    sheet: Sheet,
    task: Row,
    dates: Mapping[str, Dates],
) -> Iterator[Move]:
    """Yield the move of a task, if its row is another now."""
    deemed_on = sheet.items.get(task["item"], {}).get("deemed_on")
    step = own_clock({**task, "deemed_on": deemed_on})
    now = task_dates(work, calendar, sheet, task, step, dates)
    times = due.times(
        calendar,
        work.settings,
        now,
        opened_on=task["created_at"].astimezone(work.settings.zone).date(),
        on_lapse=task["on_lapse"],
        stopped_on=stopped_on(sheet, task),
    )
    late = times["overdue_from"] is not None and times["overdue_from"] <= work.now
    times = {**times, "overdue": task["overdue"] and (late or times["stopped_on"] is not None)}
    if now != dates_of(task) or any(times[name] != task[name] for name in TIMES):
        place = (task["project_id"], task["item"], task["id"], task["element"], task["department"])
        yield Move(*place, dates_of(task), now, step, times=times)


def stopped_on(sheet: Sheet, task: Row) -> date | None:
    """Return since when the clock of a task stands still: its item's, or its project's."""
    case = sheet.items.get(task["item"], {})
    own = case.get("stopped_on") if task["kind"] == Kind.APPROVAL else None
    asked = questions.waits_since(task, sheet.questions)
    return min((on for on in (sheet.project["suspended_on"], own, asked) if on), default=None)


def task_dates(
    work: Work,
    calendar: BusinessCalendar,
    sheet: Sheet,
    task: Row,
    step: str,
    dates: Mapping[str, Dates],
) -> Dates:
    """Return the due dates of a task: its item's, or those of a step with a time of its own."""
    if step == REVIEW:
        return review_dates(work, calendar, sheet, task)
    if not step:
        known = dates_of(task)
        return known if task["promised_due_on"] is None else dates.get(task["item"], known)
    decided_on = sheet.items.get(task["item"], {}).get("decided_on")
    began_on = step_began_on(work, calendar, step, task, decided_on)
    rule = STEP_DEADLINES[step]
    still = stopped_days(stops.of_item(sheet.stops, stops.PROJECT))
    return rule.dates(due_on(calendar, began_on, rule.days, rule.unit, not_counted=still))


def review_dates(
    work: Work, calendar: BusinessCalendar, sheet: Sheet, task: Row
) -> dict[str, date | None]:
    """Return the due dates of a task of a joint review: so many days after it was given."""
    if task["days"] is None:
        return dates_of(task)
    given_on = task["created_at"].astimezone(work.settings.zone).date()
    raised = questions.stops_of(task, sheet.questions)
    still = stopped_days((*stops.of_item(sheet.stops, stops.PROJECT), *raised))
    on = due_on(calendar, given_on, task["days"], DayUnit.WORKING, not_counted=still)
    return {"promised_due_on": on, "statutory_due_on": None}


def step_began_on(
    work: Work, calendar: BusinessCalendar, step: str, task: Row, decided_on: date | None
) -> date:
    """Return the day from which the time of a step is counted: not before the decision."""
    if step == "receive":
        return receipt_day(work, task["created_at"], calendar)
    on: date = task["created_at"].astimezone(work.settings.zone).date()
    return max(on, decided_on or on)


def dates_of(row: Mapping[str, Any]) -> dict[str, date | None]:
    """Return both due dates of a row."""
    return {name: row[name] for name in DATES}


# -- writing -----------------------------------------------------------------------------------

UPDATE_ITEM = (
    update(t.project_item)
    .where(
        t.project_item.c.project_id == bindparam("b_project"),
        t.project_item.c.item == bindparam("b_item"),
    )
    .values({name: bindparam(f"b_{name}") for name in DATES})
)
UPDATE_TASK = (
    update(t.task)
    .where(t.task.c.id == bindparam("b_task"), t.task.c.state == "open")
    .values(
        {name: bindparam(f"b_{name}") for name in (*DATES, *TIMES)}
        | {"version": t.task.c.version + 1}
    )
)


def bound(move: Move) -> Row:
    """Return a move as the updates bind it."""
    place = {"b_project": move.project, "b_item": move.item}
    if move.task is not None:
        place = {"b_task": move.task}
    return {**place, **{f"b_{name}": on for name, on in move.now.items()}}


def bound_times(move: Move) -> Row:
    """Return what a task keeps of its due dates as the update binds it."""
    return {f"b_{name}": value for name, value in move.times.items()}


def by_department(found: Iterable[Move]) -> Mapping[str, int]:
    """Count the moves of items and steps by department."""
    count: dict[str, int] = defaultdict(int)
    for move in found:
        if is_told(move):
            count[move.department] += 1
    return count
