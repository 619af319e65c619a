"""A project's docket: its activities, tasks, timers and history as rows that lists read.

What the diagrams do is told here in the words of the office: an item is received, its clock
starts, a task is due. Nothing is written before the step is whole; the ledger keeps it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from functools import cached_property
from typing import Any

from sqlalchemy import insert

from engine.errors import Conflict, ModelError
from engine.rules import lifecycle
from engine.rules.catalogue import Item, Name
from engine.rules.legal_clock import Stop
from engine.rules.procedure import Kind
from engine.rules.receipt import DEEM, SecondNotice, offered, silence
from engine.service.cases import STEPS, Case
from engine.service.clock import due as clock_due
from engine.service.clock import stops
from engine.service.clock.receipt import receipt_day
from engine.service.ledger import Ledger, Row, event_row
from engine.service.receiving import follow
from engine.service.review.sheet import ReviewSheet
from engine.service.review.sheet import due as review_due
from engine.service.review.sheet import read as read_review
from engine.service.work import Work
from engine.store import statements as sql
from engine.store import tables as t
from engine.workflow.definition import Element
from engine.workflow.deployment import Deployment
from engine.workflow.runner import Waiting

NO_DATES: Mapping[str, date | None] = {"promised_due_on": None, "statutory_due_on": None}
APPLICANT_ROLES = ("applicant",)
DEPARTMENT_ROLES = ("clerk", "reviewer")


class Docket:
    """What one transaction reads and changes of a project beside its running diagrams."""

    def __init__(self, work: Work, project_id: int, deployment: Deployment) -> None:
        self.work = work
        self.project_id = project_id
        self.deployment = deployment
        self.ledger = Ledger()
        self.cases: dict[str, Case] = {}
        #: the day of receipt of the application, or supplement, that is being answered
        self.filed_on: date | None = None
        #: where an acceptance reaches back: the day a clock that starts now is counted from
        self.clock_from: date | None = None
        #: and the times it stood still since
        self.clock_stops: tuple[Stop, ...] = ()
        #: rounds of joint reviews that were read, by id
        self.reviews: dict[int, ReviewSheet] = {}

    # -- activities ------------------------------------------------------------------------

    def case(self, item: str) -> Case:
        """Return an activity of the project."""
        if item not in self.cases:
            bound = {"b_project": self.project_id, "b_item": item}
            row = self.work.db.execute(sql.ITEM, bound).mappings().one()
            self.adopt(dict(row))
        return self.cases[item]

    def read(self, items: Collection[str]) -> None:
        """Read several activities at once."""
        wanted = sorted(set(items) - set(self.cases))
        if len(wanted) > 1:
            bound = {"b_project": self.project_id, "b_items": wanted}
            for row in self.work.db.execute(sql.ITEMS, bound).mappings():
                self.adopt(dict(row))

    def adopt(self, row: Row) -> Case:
        """Take an activity's row that has been read already."""
        identifier = row["item"]
        if identifier not in self.cases:
            milestone = Item(identifier, Name(identifier), Kind.MILESTONE)
            item = self.deployment.procedure.items.get(identifier, milestone)
            self.cases[identifier] = Case(row, item)
        return self.cases[identifier]

    def reached(self, before: Iterable[str]) -> set[str]:
        """Return what is decided or reached by now; `before` is what was in the database."""
        decided = {name for name, case in self.cases.items() if case.row["decided_on"]}
        return (set(before) - set(self.cases)) | decided

    def move(self, case: Case, state: str, **data: Any) -> None:
        """Move an activity to a state, and note it. Raises Conflict where that is no move."""
        work = self.work
        received_on = self.received_on if state == "received" else self.filed_on
        moved = case.move(state, work.today, work.calendar, received_on=received_on)
        if moved:
            on = case.counts_on(work.today, received_on)
            later = {"counts_on": str(on)} if on > work.today else {}
            self.record(f"item.{state}", case.item.id, **data, **later)
        if case.row["stopped_on"] is not None and state not in lifecycle.CLOCK_RUNS:
            stops.close(work, self.project_id, case.item.id)
            case.row["stopped_on"] = None
        if moved and (case.row["gaps"] or case.row["committed_on"]):
            follow.moved(work, self.ledger, case, state)

    def enter(self, case: Case, element: Element) -> None:
        """Move a case to the state its task or event names, and start its clock there.

        Raises ModelError where the diagram asks for a move that the lifecycle does not know,
        SecondNotice where the applicant was told before what is missing.
        """
        state = element.properties.get("case_state")
        try:
            if state:
                self.move(case, state)
        except SecondNotice:
            raise
        except Conflict as error:
            raise ModelError(error.message, element=element.id) from error
        if element.properties.get("starts_clock") == "true":
            self.start_clock(case)

    def start_clock(self, case: Case) -> None:
        """Let an item's clock run from its acceptance: of today or another day, or by silence."""
        if self.clock_from is not None:
            case.row["accepted_on"] = self.clock_from
        stood, today = self.clock_stops, self.work.today
        if self.clock_from is None and (case.row["accepted_on"] or today) < today:
            known = stops.of_project(self.work, self.project_id)
            stood = stops.of_item(known, case.item.id)
        case.start_clock(today, self.work.calendar, stood)

    @cached_property
    def received_on(self) -> date:
        """The day what is filed now counts as received."""
        return receipt_day(self.work, self.work.now)

    def open(self, case: Case) -> None:
        """Begin work on an activity; what an earlier attempt came to is kept beside it."""
        if case.row["attempt"]:
            past = {column.name: case.row[column.name] for column in t.past_case.columns}
            self.ledger.more.append((insert(t.past_case), [past]))
        case.open(self.work.today)

    def begin(self, case: Case) -> None:
        """Begin work drawn as a plain task of the stage; an approval's clock starts at once."""
        if case.state == "open":
            return
        self.open(case)
        self.move(case, "open")
        self.start_clock(case)

    # -- tasks and timers --------------------------------------------------------------------

    def open_task(self, instance: Row, waiting: Waiting, case: Case) -> None:
        """Open a user task with its due dates."""
        state = waiting.element.properties.get("case_state", "")
        applicants = waiting.element.properties.get("kind", case.item.kind) == Kind.APPLICANT
        due = NO_DATES
        if not applicants:
            done_on = case.counts_on(self.work.today)
            from_on = self.received_on if STEPS.get(state) == "receive" else done_on
            due = case.due(state, from_on, self.work.calendar)
        kind, department = case.item.kind, case.item.department
        if applicants:
            kind, department = Kind.APPLICANT, "APPL"
        stopped_on = case.row["stopped_on"] if kind is Kind.APPROVAL else None
        row = self.task_row(instance, waiting.element, case, due, stopped_on)
        row["days"] = case.days(state) if any(due.values()) else None
        roles = APPLICANT_ROLES if applicants else DEPARTMENT_ROLES
        row["roles"] = list(waiting.element.listed("roles") or roles)
        self.ledger.new_tasks.append(
            {"id": waiting.id, **row, "kind": kind, "department": department}
        )

    def review(self, identifier: int) -> ReviewSheet:
        """Return a round of a joint review."""
        if identifier not in self.reviews:
            self.reviews[identifier] = read_review(self.work, identifier)
        return self.reviews[identifier]

    def open_review_task(self, instance: Row, waiting: Waiting) -> None:
        """Open a task of a joint review: an opinion, or one of its lead's."""
        work, element = self.work, waiting.element
        sheet = self.review(instance["round_id"])
        theirs = review_due(sheet, element.id, instance["id"], work)
        participant = sheet.participant_of(instance["id"])
        applicants = element.properties.get("kind") == Kind.APPLICANT
        due = {"promised_due_on": theirs.due_on, "statutory_due_on": None}
        guarded = participant is not None and participant["guarded"]
        on_lapse = "" if guarded else element.properties.get("on_lapse", "")
        times = clock_due.times(
            work.calendar,
            work.settings,
            due,
            opened_on=work.today,
            on_lapse=on_lapse,
            stopped_on=theirs.stopped_on,
        )
        self.ledger.new_tasks.append(
            {
                "id": waiting.id,
                "project_id": self.project_id,
                "instance_id": instance["id"],
                "item": sheet.row["item"],
                "round_id": sheet.id,
                "stage": instance["stage"],
                "kind": Kind.APPLICANT if applicants else Kind.APPROVAL,
                "element": element.id,
                "name": element.name,
                "department": "APPL" if applicants else theirs.department,
                "roles": list(
                    theirs.roles
                    or element.listed("roles")
                    or (APPLICANT_ROLES if applicants else DEPARTMENT_ROLES)
                ),
                "outcomes": list(element.outcomes),
                "state": "open",
                "days": theirs.days,
                "on_lapse": on_lapse,
                "created_at": work.now,
                **due,
                **times,
            }
        )

    def task_row(
        self,
        instance: Row,
        element: Element,
        case: Case,
        due: Mapping[str, date | None],
        stopped_on: date | None,
    ) -> Row:
        """Return what a new task says of itself, but for who works on it.

        `stopped_on`: since when its clock stands still, where it opens while it does.
        """
        work, outcomes = self.work, offered(case.item, element.outcomes)
        on_lapse = silence(element.id, element.properties, case.item)
        if on_lapse not in {DEEM, *outcomes}:
            # the diagram knows no such answer
            on_lapse = ""
        times = clock_due.times(
            work.calendar,
            work.settings,
            due,
            opened_on=work.today,
            on_lapse=on_lapse,
            stopped_on=stopped_on,
        )
        return {
            "project_id": self.project_id,
            "instance_id": instance["id"],
            "item": case.item.id,
            "round_id": None,
            "stage": instance["stage"],
            "element": element.id,
            "name": element.name,
            "outcomes": outcomes,
            "state": "open",
            "on_lapse": on_lapse,
            "created_at": work.now,
            **due,
            **times,
        }

    def close_task(self, waiting: Waiting, outcome: str | None) -> None:
        """End a task: completed with an outcome, or cancelled."""
        self.ledger.ended_tasks.append(
            {
                "b_id": waiting.id,
                "b_state": "cancelled" if outcome is None else "completed",
                "b_outcome": outcome,
                "b_at": self.work.now,
                "b_by": self.work.actor.name,
            }
        )

    def open_timer(self, instance: Row, waiting: Waiting) -> None:
        """Note when a timer falls due."""
        self.ledger.new_timers.append(
            {
                "id": waiting.id,
                "project_id": self.project_id,
                "instance_id": instance["id"],
                "element": waiting.element.id,
                "due_at": waiting.due_at,
                "state": "open",
            }
        )

    def close_timer(self, waiting: Waiting, outcome: str | None) -> None:
        """End a timer: fired, or cancelled."""
        self.ledger.ended_timers.append({"b_id": waiting.id, "b_state": outcome or "cancelled"})

    # -- history ---------------------------------------------------------------------------

    def record(self, event: str, item: str | None = None, **data: Any) -> None:
        """Add an event to the history."""
        self.ledger.history.append(event_row(self.work, self.project_id, event, item, data))

    def write(self) -> None:
        """Write everything that changed."""
        self.ledger.items.extend(case.values() for case in self.cases.values() if case.changed)
        self.ledger.write(self.work.db)
