"""The running diagrams of a project: each is read once and written once in a transaction."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import Select

from engine.rules.catalogue import Item
from engine.service.ledger import Ledger, Row
from engine.service.work import Work
from engine.store import statements as sql
from engine.workflow.definition import Definition, Element
from engine.workflow.deployment import Deployment
from engine.workflow.runner import Execution, cancel


@dataclass(slots=True)
class Instance:
    """One diagram, of a stage or of a case (办件): its row, and the execution that moves it."""

    row: Row
    definition: Definition
    execution: Execution
    new: bool = False
    #: its state must be written
    moved: bool = False
    #: running, ended, cancelled, withdrawn or superseded
    status: str = "running"
    #: what is being answered or fired, by id, until the step is absorbed
    completing: dict[str, str] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """Its id."""
        return str(self.row["id"])

    @property
    def is_case(self) -> bool:
        """Tell whether it is an item's case; else it is a stage."""
        return self.row["item"] is not None

    @property
    def is_review(self) -> bool:
        """Tell whether it is a round of a joint review, or an opinion in one."""
        return self.row["round_id"] is not None

    @property
    def ended(self) -> bool:
        """Tell whether it runs no more."""
        return self.status != "running"

    def waits_at(self, element: Element) -> bool:
        """Tell whether it waits at an element, since its last step."""
        return any(each.element is element for each in self.execution.before.values())

    def stop(self, status: str) -> None:
        """End it before its time."""
        self.status = status
        self.moved = True

    def written(self) -> Row:
        """Return it as the insert or the update binds it."""
        values = {"status": self.status, "gates": ""}
        if self.status == "running":
            values["gates"] = " ".join(self.execution.awaited())
            values["state"] = self.execution.rest()
        elif self.status == "ended":
            values["state"] = self.execution.state
        else:
            values["state"] = cancel(self.definition, self.execution.state)
        if self.new:
            return {**self.row, **values}
        return {"b_id": self.id, **{f"b_{name}": value for name, value in values.items()}}


class Instances:
    """Those of one project that the transaction has met."""

    def __init__(self, work: Work, project_id: int, deployment: Deployment) -> None:
        self.work = work
        self.project_id = project_id
        self.deployment = deployment
        self.met: dict[str, Instance] = {}

    def start(self, definition: Definition, data: Row, where: Row) -> Instance:
        """Begin an instance."""
        row = {
            "id": uuid4().hex,
            "project_id": self.project_id,
            "parent_id": None,
            "parent_task": None,
            "definition": definition.key,
            "item": None,
            "attempt": 0,
            "round_id": None,
            "version": 1,
            **where,
        }
        execution = Execution.start(definition, data, self.work.local_now)
        instance = Instance(row, definition, execution, new=True)
        self.met[instance.id] = instance
        return instance

    def adopt(self, row: Row, now: datetime | None = None) -> Instance:
        """Bring an instance back from its row, once; timers it opens run from `now`."""
        if row["id"] not in self.met:
            definition = self.deployment.definition(row["definition"])
            moment = (now or self.work.now).astimezone(self.work.settings.zone)
            execution = Execution.resume(definition, row["state"], moment)
            self.met[row["id"]] = Instance(row, definition, execution)
        return self.met[row["id"]]

    def load(self, identifier: str, now: datetime | None = None) -> Instance:
        """Return an instance by its id."""
        if identifier not in self.met:
            self.adopt(self.rows(sql.INSTANCE, b_id=identifier)[0], now)
        return self.met[identifier]

    def running(self) -> list[Instance]:
        """Return all that run."""
        return [self.adopt(row) for row in self.rows(sql.RUNNING_INSTANCES)]

    def of_call(self, call: str) -> list[Instance]:
        """Return the cases of one activity of a stage that still run."""
        for row in self.rows(sql.CHILDREN_OF_CALL, b_task=call):
            self.adopt(row)
        found = [each for each in self.met.values() if each.row["parent_task"] == call]
        return [each for each in found if not each.ended]

    def of_item(self, item: str) -> list[Instance]:
        """Return the cases of an item that still run."""
        for row in self.rows(sql.CASES_OF_ITEM, b_item=item):
            self.adopt(row)
        found = [each for each in self.met.values() if each.row["item"] == item]
        return [each for each in found if not each.ended]

    def gated(self, reached: Collection[str]) -> list[Instance]:
        """Return those that may wait at a gate for one of these names."""
        for row in self.rows(sql.INSTANCES_WITH_GATES):
            if not set(reached).isdisjoint(row["gates"].split()):
                self.adopt(row)
        return [each for each in self.met.values() if not each.ended]

    def all_ended(self) -> bool:
        """Tell whether some have ended now and none runs any more."""
        if not any(each.ended for each in self.met.values()):
            return False
        running = {row["id"] for row in self.rows(sql.RUNNING_IDS)}
        running |= {each.id for each in self.met.values() if each.new}
        return not running - {each.id for each in self.met.values() if each.ended}

    def write(self, ledger: Ledger) -> None:
        """Add those that moved to what is written."""
        for each in self.met.values():
            if each.moved:
                rows = ledger.new_instances if each.new else ledger.instances
                rows.append(each.written())

    def rows(self, statement: Select[Any], **bound: Any) -> list[Row]:
        """Read instances of the project."""
        found = self.work.db.execute(statement, {"b_project": self.project_id, **bound})
        return [dict(row) for row in found.mappings()]


def variables(item: Item) -> Row:
    """Return what a case's diagram knows of its item; no answer may change it."""
    return {
        "item": item.id,
        "fee_due": item.fee,
        "instant": item.instant,
        "decision_waits_for": list(item.decision_waits_for),
    }


def decides(definition: Definition) -> bool:
    """Tell whether a diagram says itself when its case is decided."""
    elements = definition.elements.values()
    return any(each.properties.get("case_state") == "decided" for each in elements)
