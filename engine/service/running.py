"""A project brought to life for one step: instances are read once and written once.

A step of one instance can complete its parent's activity, open gates in other stages and
start further cases; all of it happens here, in the transaction of the request, and nothing
is written before everything has worked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import uuid4

from engine.rules import lifecycle
from engine.rules.catalogue import Item, Name
from engine.rules.deadline import overdue_from
from engine.rules.procedure import OPEN, Kind
from engine.service.cases import Case
from engine.service.ledger import Ledger, Row
from engine.service.work import Work
from engine.store import statements as sql
from engine.workflow.definition import Definition, Element
from engine.workflow.deployment import Deployment
from engine.workflow.runner import Execution, Step, Wait, Waiting, cancel

NEVER = date(9999, 12, 31)
APPLICANT_ROLES = ("applicant",)
DEPARTMENT_ROLES = ("clerk", "reviewer")


@dataclass(slots=True)
class Instance:
    """One running diagram: its row, and the execution that moves it."""

    row: Row
    definition: Definition
    execution: Execution
    new: bool = False
    moved: bool = False
    ended: bool = False
    completing: dict[str, str] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """Its id."""
        return str(self.row["id"])


class Running:
    """One project within one transaction."""

    def __init__(self, work: Work, project: Mapping[str, Any], deployment: Deployment) -> None:
        self.work = work
        self.project = project
        self.deployment = deployment
        self.ledger = Ledger()
        self.project_changes: Row = {}
        self.instances: dict[str, Instance] = {}
        self.cases: dict[str, Case] = {}
        self.pending: list[Instance] = []
        self.gates_due = False

    # -- moves -----------------------------------------------------------------------------

    def start_stages(self) -> None:
        """Start every stage; they wait at their gates."""
        for stage, definition in self.deployment.stages.items():
            self.start(definition, {}, {"stage": stage})
        self.settle()

    def complete(self, instance: Instance, task_id: str, outcome: str, data: Row) -> None:
        """Complete a task with its answer, and all that follows from it."""
        instance.completing[task_id] = outcome
        instance.execution.complete(task_id, {**data, "outcome": outcome})
        self.move(instance)
        self.settle()

    def fire(self, instance: Instance, timer_id: str) -> None:
        """Let a timer fire."""
        instance.completing[timer_id] = "fired"
        instance.execution.deliver(timer_id)
        self.move(instance)
        self.settle()

    def apply_again(self, parent: Instance, call: Waiting, attempt: int) -> None:
        """Open a new case for an item whose last one ended without a result."""
        self.open_call(parent, call, attempt)
        self.settle()

    def stop(self, row: Row, status: str) -> None:
        """End an instance: everything open in it is cancelled."""
        instance = self.adopt(row)
        for waiting in instance.execution.before.values():
            self.close(instance, waiting)
        state = cancel(instance.definition, str(row["state"]))
        instance.ended = True
        self.ledger.instances.append(
            {"b_id": instance.id, "b_state": state, "b_status": status, "b_gates": ""}
        )
        del self.instances[instance.id]

    # -- instances -------------------------------------------------------------------------

    def start(self, definition: Definition, data: Row, where: Row) -> Instance:
        """Begin an instance."""
        row = {
            "id": uuid4().hex,
            "project_id": self.project["id"],
            "parent_id": None,
            "parent_task": None,
            "definition": definition.key,
            "item": None,
            "attempt": 0,
            "status": "running",
            "version": 1,
            **where,
        }
        execution = Execution.start(definition, data, self.work.now)
        instance = Instance(row, definition, execution, new=True)
        self.instances[instance.id] = instance
        self.move(instance)
        return instance

    def adopt(self, row: Row) -> Instance:
        """Bring an instance back from its row, once."""
        if row["id"] not in self.instances:
            definition = self.deployment.definition(row["definition"])
            execution = Execution.resume(definition, row["state"], self.work.now)
            self.instances[row["id"]] = Instance(row, definition, execution)
        return self.instances[row["id"]]

    def load(self, identifier: str) -> Instance:
        """Return an instance by its id."""
        if identifier not in self.instances:
            found = self.work.db.execute(sql.INSTANCE, {"b_id": identifier}).mappings().one()
            return self.adopt(dict(found))
        return self.instances[identifier]

    def case(self, item: str) -> Case:
        """Return an activity of the project."""
        if item not in self.cases:
            bound = {"b_project": self.project["id"], "b_item": item}
            row = self.work.db.execute(sql.ITEM, bound).mappings().one()
            self.adopt_case(dict(row))
        return self.cases[item]

    def read_cases(self, instance: Instance, step: Step) -> None:
        """Read the activities that a step of a stage opens, all at once."""
        if instance.row["item"] is not None:
            return
        opened = {w.element.item for w in step.opened if w.wait in {Wait.USER_TASK, Wait.CALL}}
        wanted = sorted(opened - set(self.cases))
        if len(wanted) > 1:
            bound = {"b_project": self.project["id"], "b_items": wanted}
            for row in self.work.db.execute(sql.ITEMS, bound).mappings():
                self.adopt_case(dict(row))

    def adopt_case(self, row: Row) -> None:
        """Take an activity's row that has been read already."""
        identifier = row["item"]
        milestone = Item(identifier, Name(identifier), Kind.MILESTONE)
        item = self.deployment.procedure.items.get(identifier, milestone)
        self.cases[identifier] = Case(row, item)

    # -- what steps bring about ------------------------------------------------------------

    def settle(self) -> None:
        """Absorb steps until nothing moves any more, then write everything."""
        while self.pending or self.gates_due:
            if self.pending:
                instance = self.pending.pop(0)
                self.absorb(instance, instance.execution.step())
            else:
                self.open_gates()
        self.write()

    def move(self, instance: Instance) -> None:
        """Note that an instance has moved, so that its step is absorbed and written."""
        instance.moved = True
        self.pending.append(instance)

    def absorb(self, instance: Instance, step: Step) -> None:
        """Take over what one step of an instance did."""
        for waiting in step.closed:
            self.close(instance, waiting)
        for element in step.passed:
            self.pass_element(instance, element)
        self.read_cases(instance, step)
        for waiting in step.opened:
            self.open(instance, waiting)
        if step.ended and not instance.ended:
            self.end(instance)

    def open(self, instance: Instance, waiting: Waiting) -> None:
        """Open what an instance now waits for."""
        if waiting.wait is Wait.USER_TASK:
            self.open_task(instance, waiting)
        elif waiting.wait is Wait.CALL:
            self.open_call(instance, waiting, attempt=1)
        elif waiting.wait is Wait.GATE:
            self.open_gate(instance)
        else:
            self.open_timer(instance, waiting)

    def open_gate(self, instance: Instance) -> None:
        """Pass a gate that waits for nothing at once; else have all gates looked at."""
        if instance.execution.open_gates(()):
            self.move(instance)
        else:
            self.gates_due = True

    def close(self, instance: Instance, waiting: Waiting) -> None:
        """Close what an instance no longer waits for."""
        outcome = instance.completing.pop(waiting.id, None)
        if waiting.wait is Wait.USER_TASK:
            self.close_task(instance, waiting, outcome)
        elif waiting.wait is Wait.TIMER:
            state = outcome or "cancelled"
            self.ledger.ended_timers.append({"b_id": waiting.id, "b_state": state})
        elif waiting.wait is Wait.CALL and outcome is None:
            self.cancel_call(waiting)

    def open_task(self, instance: Instance, waiting: Waiting) -> None:
        """Open a user task with its due dates."""
        element = waiting.element
        item = instance.row["item"] or element.item
        case = self.case(item)
        if instance.row["item"] is None:
            self.open_work(case)
        else:
            self.enter(case, element)
        state = element.properties.get("case_state", "")
        due = case.due(state, self.work.today, self.work.calendar)
        row = self.task_row(instance, waiting, case, due)
        self.ledger.new_tasks.append(row)

    def open_work(self, case: Case) -> None:
        """Begin work drawn as a plain task of the stage; an approval's clock starts at once."""
        today = self.work.today
        case.open(today, attempt=1)
        case.move("open", today, self.work.calendar)
        case.start_clock(today, self.work.calendar)
        self.record("item.open", case.item.id)

    def enter(self, case: Case, element: Element) -> None:
        """Move a case to the state its task or event names, and start its clock there."""
        state = element.properties.get("case_state")
        if state:
            case.move(state, self.work.today, self.work.calendar)
            self.record(f"item.{state}", case.item.id)
        if element.properties.get("starts_clock") == "true":
            case.start_clock(self.work.today, self.work.calendar)

    def task_row(
        self, instance: Instance, waiting: Waiting, case: Case, due: Mapping[str, date | None]
    ) -> Row:
        """Return a new task's row."""
        element = waiting.element
        applicants = element.properties.get("kind", case.item.kind) == Kind.APPLICANT
        roles = element.listed("roles") or (APPLICANT_ROLES if applicants else DEPARTMENT_ROLES)
        dates = [each for each in due.values() if each is not None]
        due_on = min(dates, default=NEVER)
        return {
            "id": waiting.id,
            "project_id": self.project["id"],
            "instance_id": instance.id,
            "item": case.item.id,
            "stage": instance.row["stage"],
            "kind": Kind.APPLICANT if applicants else case.item.kind,
            "element": element.id,
            "name": element.name,
            "department": "APPL" if applicants else case.item.department,
            "roles": list(roles),
            "outcomes": list(element.outcomes),
            "state": "open",
            "due_on": due_on,
            "overdue_from": overdue_from(due_on, self.work.settings.zone) if dates else None,
            "created_at": self.work.now,
            **due,
        }

    def close_task(self, instance: Instance, waiting: Waiting, outcome: str | None) -> None:
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
        if instance.row["item"] is None:
            to = "cancelled" if outcome is None else "done"
            self.finish_work(self.case(waiting.element.item), to)

    def finish_work(self, case: Case, to: str) -> None:
        """End work drawn as a plain task; gates that wait for it are looked at."""
        case.move(to, self.work.today, self.work.calendar)
        self.record(f"item.{to}", case.item.id)
        self.look_at_gates(case.item.id)

    def open_call(self, instance: Instance, waiting: Waiting, attempt: int) -> None:
        """Begin a case: a child instance of its own."""
        element = waiting.element
        case = self.case(element.item)
        case.open(self.work.today, attempt)
        where = {
            "parent_id": instance.id,
            "parent_task": waiting.id,
            "stage": instance.row["stage"],
            "item": case.item.id,
            "attempt": attempt,
        }
        self.start(self.deployment.called[element.called], variables(case), where)

    def cancel_call(self, waiting: Waiting) -> None:
        """Stop the cases of an activity that the diagram cancelled."""
        bound = {"b_project": self.project["id"], "b_task": waiting.id}
        for row in self.work.db.execute(sql.CHILDREN_OF_CALL, bound).mappings().all():
            self.stop(dict(row), "cancelled")
            case = self.case(row["item"])
            case.move("cancelled", self.work.today, self.work.calendar)
            self.record("item.cancelled", case.item.id)

    def open_timer(self, instance: Instance, waiting: Waiting) -> None:
        """Note when a timer falls due."""
        self.ledger.new_timers.append(
            {
                "id": waiting.id,
                "project_id": self.project["id"],
                "instance_id": instance.id,
                "element": waiting.element.id,
                "due_at": waiting.due_at,
                "state": "open",
            }
        )

    def pass_element(self, instance: Instance, element: Element) -> None:
        """Take over what passing an event means: a case's state, a decision, a milestone."""
        if element.tag not in {"intermediateThrowEvent", "endEvent"}:
            return
        if instance.row["item"] is None:
            self.reach(element)
            return
        case = self.case(instance.row["item"])
        self.enter(case, element)
        if element.properties.get("case_state") == "decided":
            self.complete_parent(instance, "approve")

    def reach(self, element: Element) -> None:
        """Mark a milestone of the project as reached, if it is one."""
        if not any(each.id == element.id for each in self.deployment.activities):
            return
        self.case(element.id).reach(self.work.today)
        self.look_at_gates(element.id)
        self.record("milestone.reached", element.id)
        if element.id == OPEN:
            self.project_changes["opened_on"] = self.work.today

    def look_at_gates(self, name: str) -> None:
        """Have the project's gates looked at, if any waits for what has been reached."""
        if name in self.deployment.awaited:
            self.gates_due = True

    def complete_parent(self, child: Instance, outcome: str) -> None:
        """Complete the activity that called a case: its successors open, gates are looked at."""
        self.look_at_gates(child.row["item"])
        parent = self.load(child.row["parent_id"])
        task_id = child.row["parent_task"]
        parent.completing[task_id] = outcome
        parent.execution.complete(task_id, {"outcome": outcome})
        self.move(parent)

    def end(self, instance: Instance) -> None:
        """End an instance; a case whose diagram knows no decision completes its activity."""
        instance.ended = True
        if instance.row["item"] and not decides(instance.definition):
            case = self.case(instance.row["item"])
            case.row.update(state="decided", decided_on=self.work.today)
            case.changed = True
            self.record("item.decided", case.item.id)
            self.complete_parent(instance, "done")

    def open_gates(self) -> None:
        """Let every gate of the project pass whose items are decided."""
        self.gates_due = False
        db, bound = self.work.db, {"b_project": self.project["id"]}
        reached = set(db.execute(sql.REACHED, bound).scalars())
        reached |= {name for name, case in self.cases.items() if case.row["decided_on"]}
        reached -= {name for name, case in self.cases.items() if not case.row["decided_on"]}
        for row in db.execute(sql.INSTANCES_WITH_GATES, bound).mappings().all():
            if row["id"] in self.instances or reached.intersection(row["gates"].split()):
                self.adopt(dict(row))
        for instance in list(self.instances.values()):
            if not instance.ended and instance.execution.open_gates(reached):
                self.move(instance)

    # -- writing ---------------------------------------------------------------------------

    def record(self, event: str, item: str | None = None, **data: Any) -> None:
        """Add an event to the history."""
        self.ledger.history.append(event_row(self.work, self.project["id"], event, item, data))

    def write(self) -> None:
        """Write everything that changed."""
        for instance in self.instances.values():
            if instance.moved:
                self.write_instance(instance)
        self.ledger.items.extend(case.values() for case in self.cases.values() if case.changed)
        if any(instance.ended for instance in self.instances.values()):
            self.end_project()
        self.ledger.write(self.work.db)
        if self.project_changes:
            change = sql.project_update(self.project["id"]).values(**self.project_changes)
            self.work.db.execute(change)

    def write_instance(self, instance: Instance) -> None:
        """Add an instance's new state to what is written."""
        values = {
            "state": instance.execution.state,
            "gates": " ".join(instance.execution.awaited()),
            "status": "ended" if instance.ended else "running",
        }
        if instance.new:
            self.ledger.new_instances.append({**instance.row, **values})
        else:
            bound = {f"b_{name}": value for name, value in values.items()}
            self.ledger.instances.append({"b_id": instance.id, **bound})

    def end_project(self) -> None:
        """Complete the project when nothing of it runs any more."""
        bound = {"b_project": self.project["id"]}
        running = set(self.work.db.execute(sql.RUNNING_INSTANCES, bound).scalars())
        running |= {each.id for each in self.instances.values() if each.new}
        running -= {each.id for each in self.instances.values() if each.ended}
        if not running:
            lifecycle.check(lifecycle.PROJECT, self.project["state"], "completed", "the project")
            self.project_changes.update(state="completed", ended_at=self.work.now)
            self.record("project.completed")


def variables(case: Case) -> Row:
    """Return what a case's diagram knows of its item."""
    return {
        "item": case.item.id,
        "fee_due": case.item.fee,
        "instant": case.item.instant,
        "decision_waits_for": list(case.item.decision_waits_for),
    }


def decides(definition: Definition) -> bool:
    """Tell whether a diagram says itself when its case is decided."""
    elements = definition.elements.values()
    return any(each.properties.get("case_state") == "decided" for each in elements)


def event_row(
    work: Work, project: int | None, event: str, item: str | None, data: Row, **more: Any
) -> Row:
    """Return a row of the history."""
    return {
        "project_id": project,
        "at": work.now,
        "actor": work.actor.name,
        "on_behalf_of": None,
        "event": event,
        "item": item,
        "task_id": None,
        "data": data,
        **more,
    }
