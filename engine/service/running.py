"""A project brought to life for one step: instances are read once and written once.

A step of one instance can complete its parent's activity, open gates in other stages and
start further cases; all of it happens here, in the transaction of the request, and nothing
is written before everything has worked.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.errors import ModelError
from engine.rules.procedure import OPEN
from engine.service.docket import Docket
from engine.service.instances import Instance, Instances, decides, variables
from engine.service.ledger import Row
from engine.service.work import Work
from engine.store import statements as sql
from engine.workflow.definition import Element
from engine.workflow.deployment import Deployment
from engine.workflow.runner import Step, Wait, Waiting

#: what a case reaches that lets others go on: decided, or passed by its department's silence
RESULTS = frozenset({"decided", "deemed"})


class Running:
    """One project within one transaction."""

    def __init__(self, work: Work, project: Mapping[str, Any], deployment: Deployment) -> None:
        self.work = work
        self.project = project
        self.deployment = deployment
        self.docket = Docket(work, project["id"], deployment)
        self.project_changes: Row = {}
        #: what a retry adds to every answer of its step, the stage's too
        self.correction: Row = {}
        self.instances = Instances(work, project["id"], deployment)
        self.pending: list[Instance] = []
        self.gates_due = False

    # -- moves -----------------------------------------------------------------------------

    def start_stages(self) -> None:
        """Start every stage; they wait at their gates."""
        for stage, definition in self.deployment.stages.items():
            self.move(self.instances.start(definition, {}, {"stage": stage}))
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

    def apply_again(self, parent: Instance, call: Waiting) -> None:
        """Open a new case for an item whose last one ended without a result."""
        self.open_call(parent, call)
        self.settle()

    def stop(self, instance: Instance, status: str) -> None:
        """End an instance before its time: everything open in it is cancelled."""
        instance.stop(status)
        for waiting in instance.execution.before.values():
            self.close(instance, waiting)
        self.pending = [each for each in self.pending if each is not instance]

    def stop_all(self) -> None:
        """End everything that still runs of the project, for good."""
        for instance in self.instances.running():
            if not instance.ended:
                self.stop(instance, "cancelled")
        self.write()

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
        # what was answered comes before what was thereby cancelled
        for waiting in sorted(step.closed, key=lambda each: each.id not in instance.completing):
            self.close(instance, waiting)
        for element in step.passed:
            self.pass_element(instance, element)
        if not (instance.is_case or instance.is_review):
            manual = (each for each in step.opened if each.wait in {Wait.USER_TASK, Wait.CALL})
            self.docket.read({each.element.item for each in manual})
        for waiting in step.opened:
            self.open(instance, waiting)
        if step.ended and not instance.ended:
            self.end(instance)

    def open(self, instance: Instance, waiting: Waiting) -> None:
        """Open what an instance now waits for."""
        if waiting.wait is Wait.USER_TASK:
            self.open_task(instance, waiting)
        elif waiting.wait is Wait.CALL:
            self.open_call(instance, waiting)
        elif waiting.wait is Wait.GATE:
            self.open_gate(instance)
        else:
            self.docket.open_timer(instance.row, waiting)

    def close(self, instance: Instance, waiting: Waiting) -> None:
        """Close what an instance no longer waits for."""
        outcome = instance.completing.pop(waiting.id, None)
        if waiting.wait is Wait.USER_TASK:
            self.docket.close_task(waiting, outcome)
            if not (instance.is_case or instance.is_review):
                self.finish_work(instance, waiting.element, outcome)
        elif waiting.wait is Wait.TIMER:
            self.docket.close_timer(waiting, outcome)
        elif waiting.wait is Wait.CALL and outcome is None:
            self.cancel_call(waiting)

    # -- tasks -----------------------------------------------------------------------------

    def open_task(self, instance: Instance, waiting: Waiting) -> None:
        """Open a user task: a step of a case, of a joint review, or work of its own in a stage."""
        if instance.is_review:
            self.docket.open_review_task(instance.row, waiting)
            return
        if instance.is_case:
            case = self.docket.case(instance.row["item"])
            self.docket.enter(case, waiting.element)
        else:
            case = self.docket.case(waiting.element.item)
            self.docket.begin(case)
        self.docket.open_task(instance.row, waiting, case)

    def finish_work(self, instance: Instance, element: Element, outcome: str | None) -> None:
        """End work drawn as a plain task, once nobody works on it any more."""
        case = self.docket.case(element.item)
        elsewhere = not instance.ended and instance.waits_at(element)
        if elsewhere or case.state != "open":
            return
        self.docket.move(case, "cancelled" if outcome is None else "done")
        self.look_at_gates(element.item)

    # -- cases -----------------------------------------------------------------------------

    def open_call(self, instance: Instance, waiting: Waiting) -> None:
        """Begin a case: a child instance of its own. What still runs of an earlier one ends."""
        element = waiting.element
        case = self.docket.case(element.item)
        if case.row["attempt"]:
            self.supersede(case.item.id)
        self.docket.open(case)
        called = self.deployment.called[element.called]
        if not decides(called):
            self.docket.move(case, "received")
            self.docket.move(case, "accepted")
            self.docket.start_clock(case)
        where = {
            "parent_id": instance.id,
            "parent_task": waiting.id,
            "stage": instance.row["stage"],
            "item": case.item.id,
            "attempt": case.row["attempt"],
        }
        self.move(self.instances.start(called, variables(case.item), where))

    def supersede(self, item: str) -> None:
        """Stop what still runs of an item that is called once more: its delivery.

        Raises ModelError where the diagram calls it while its case is under way.
        """
        for each in self.instances.of_item(item):
            if self.docket.case(item).row["decided_on"] is None:
                text = f"{item} is called again while its case is under way"
                raise ModelError(text, element=item)
            self.stop(each, "superseded")

    def cancel_call(self, waiting: Waiting) -> None:
        """Stop the cases of an activity that the diagram cancelled."""
        for child in self.instances.of_call(waiting.id):
            self.stop(child, "cancelled")
            self.docket.move(self.docket.case(child.row["item"]), "cancelled")

    def complete_parent(self, child: Instance, outcome: str) -> None:
        """Complete the activity that called a case: its successors open, gates are looked at."""
        self.look_at_gates(child.row["item"])
        parent = self.instances.load(child.row["parent_id"])
        task_id = child.row["parent_task"]
        parent.completing[task_id] = outcome
        parent.execution.complete(task_id, {**self.correction, "outcome": outcome})
        self.move(parent)

    def end(self, instance: Instance) -> None:
        """End an instance; a case whose diagram knows no decision completes its activity."""
        instance.status = "ended"
        if instance.is_case and not decides(instance.definition):
            case = self.docket.case(instance.row["item"])
            self.docket.move(case, "in_decision")
            self.docket.move(case, "decided")
            self.complete_parent(instance, "done")

    # -- events and gates ------------------------------------------------------------------

    def pass_element(self, instance: Instance, element: Element) -> None:
        """Take over what passing an event means: a case's state, a decision, a milestone."""
        if element.tag not in {"intermediateThrowEvent", "endEvent"} or instance.is_review:
            return
        if not instance.is_case:
            self.reach(element)
            return
        case = self.docket.case(instance.row["item"])
        passed = case.row["decided_on"] is not None
        self.docket.enter(case, element)
        if element.properties.get("case_state") in RESULTS and not passed:
            self.complete_parent(instance, "approve")

    def reach(self, element: Element) -> None:
        """Mark a milestone of the project as reached, if it is one."""
        if not any(each.id == element.id for each in self.deployment.activities):
            return
        self.docket.case(element.id).reach(self.work.today)
        self.docket.record("milestone.reached", element.id)
        self.look_at_gates(element.id)
        if element.id == OPEN:
            self.project_changes["opened_on"] = self.work.today

    def look_at_gates(self, name: str) -> None:
        """Have the project's gates looked at, if any waits for what has been reached."""
        if name in self.deployment.awaited:
            self.gates_due = True

    def open_gate(self, instance: Instance) -> None:
        """Pass a gate that waits for nothing at once; else have all gates looked at."""
        if instance.execution.open_gates(()):
            self.move(instance)
            return
        if instance.is_review:
            return
        self.gates_due = True
        if instance.is_case:
            self.docket.case(instance.row["item"]).await_gate(self.work.today)

    def open_gates(self) -> None:
        """Let every gate of the project pass whose items are decided."""
        self.gates_due = False
        decided = self.work.db.execute(sql.REACHED, {"b_project": self.project["id"]}).scalars()
        reached = self.docket.reached(decided)
        for instance in self.instances.gated(reached):
            if instance.execution.open_gates(reached):
                self.move(instance)

    # -- writing ---------------------------------------------------------------------------

    def write(self) -> None:
        """Write everything that changed."""
        self.instances.write(self.docket.ledger)
        if self.project["state"] == "running" and self.instances.all_ended():
            self.project_changes.update(state="completed", ended_at=self.work.now)
            self.docket.record("project.completed")
        self.docket.write()
        if self.project_changes:
            change = sql.project_update(self.project["id"]).values(**self.project_changes)
            self.work.db.execute(change)
