"""Whole projects by chance: whatever people do, the lists say what the diagrams say."""

from __future__ import annotations

from contextlib import suppress
from random import Random
from typing import Any

import pytest

from engine.errors import Conflict, Invalid
from engine.rules.lifecycle import CASE, CLOSED_WITHOUT_RESULT, WITHDRAWABLE, WORK
from engine.scheduler import sweep
from engine.service import deployments, items, projects, retries, tasks
from engine.service.incidents import StepFailed
from engine.service.views import TaskView
from engine.store import tables as t
from engine.workflow.runner import Execution, Wait
from tests.service.city import City, said
from tests.service.drawn import little, winding

STEPS = 90
DECIDED = {"decided", "deemed", "awaiting_payment", "delivering", "delivered", "done", "reached"}


class Walk:
    """One project and somebody who does anything at all with it."""

    def __init__(self, city: City, procedure: str, seed: int) -> None:
        self.city = city
        self.random = Random(seed)
        self.project = city.start(procedure)
        self.told: list[str] = []

    def step(self) -> None:
        """Do something that may or may not be possible, and check what came of it."""
        moves = [self.complete] * 12 + [self.wait] * 3
        moves += [self.withdraw, self.apply_again, self.apply_again, self.stand_still]
        # an answer that asks for more than is given is refused
        with suppress(Conflict, Invalid, StepFailed):
            self.random.choice(moves)()
        self.check()

    def complete(self) -> None:
        """Complete a task, mostly with its plain outcome."""
        found = self.city.open_tasks(self.project)
        if not found:
            self.apply_again()
            return
        task = self.random.choice(found)
        plain = self.random.random() < 0.75
        outcome = task.outcomes[0] if plain else self.random.choice(task.outcomes)
        data = {"size": self.random.choice(["small", "large"])} if task.item == "C-1" else {}
        if self.random.random() < 0.1:
            data = {}
        self.city.do(tasks.complete, task.id, outcome, said(outcome, data))

    def wait(self) -> None:
        """Let days pass, and sweep."""
        self.city.wait(self.random.choice([1, 1, 2, 5]))
        sweep(self.city.engine, self.city.now, self.city.settings)

    def some_item(self, states: Any) -> str | None:
        """An item in one of these states."""
        rows = self.city.rows(t.project_item, project_id=self.project)
        found = sorted(row["item"] for row in rows if row["state"] in states)
        return self.random.choice(found) if found else None

    def withdraw(self) -> None:
        """Withdraw what is under way."""
        if item := self.some_item(WITHDRAWABLE):
            self.city.do(items.withdraw, self.project, item)

    def apply_again(self) -> None:
        """Apply for something again."""
        if item := self.some_item(CLOSED_WITHOUT_RESULT):
            self.city.do(items.apply_again, self.project, item)

    def stand_still(self) -> None:
        """Suspend the project, and mostly let it go on some days later."""
        self.city.do(projects.suspend, self.project)
        self.check()
        self.city.wait(self.random.choice([0, 1, 4]))
        self.city.do(projects.resume, self.project)

    # -- what always holds -----------------------------------------------------------------

    def check(self) -> None:
        """Check everything that the lists say of the project."""
        rows = self.city.rows(t.project_item, project_id=self.project)
        for row in rows:
            check_item(row)
        reached = {row["item"] for row in rows if row["decided_on"]}
        states = {row["item"]: row["state"] for row in rows}
        self.check_diagrams(reached, states)
        view = self.city.project(self.project)
        assert 0 <= view.day <= view.forecast_counted_days
        assert view.slack_days == view.counted_days - view.forecast_counted_days
        told = self.city.events(self.project)
        assert told[: len(self.told)] == self.told
        self.told = told

    def check_diagrams(self, reached: set[str], states: dict[str, str]) -> None:
        """The open tasks, timers and gates are those of the running diagrams."""
        instances = self.city.rows(t.process_instance, project_id=self.project)
        with self.city.work(read_only=True) as work:
            version = self.city.rows(t.project, id=self.project)[0]["version_id"]
            built = deployments.deployment(work.db, version)
        awaited, called = set[str](), dict[str, str]()
        for row in instances:
            definition = built.definition(row["definition"])
            execution = Execution.resume(definition, row["state"], self.city.now)
            waiting = execution.waiting()
            if row["status"] != "running":
                assert waiting == []
                continue
            awaited |= {each.id for each in waiting if each.wait is Wait.USER_TASK}
            calls = {each.id: each.element.item for each in waiting if each.wait is Wait.CALL}
            called.update(calls)
            assert row["gates"].split() == execution.awaited()
            assert not execution.open_gates(reached), "an open gate was not passed"
        listed = {each.id for each in self.city.open_tasks(self.project)}
        assert listed == awaited
        running = [row["parent_task"] for row in instances if row["status"] == "running"]
        for call, item in called.items():
            ended = states[item] in CLOSED_WITHOUT_RESULT
            assert running.count(call) == (0 if ended else 1), item


def check_item(row: dict[str, Any]) -> None:
    """An activity is in a state there is, and its dates fit it."""
    assert row["state"] in {*CASE, *WORK, "reached"}
    assert (row["decided_on"] is not None) == (row["state"] in DECIDED)
    assert (row["delivered_on"] is not None) == (row["state"] == "delivered")
    assert (row["paused_on"] is not None) == (row["state"] == "supplement_requested")
    if row["kind"] != "milestone":
        assert (row["attempt"] > 0) == (row["opened_on"] is not None)
    dates = [row[name] for name in ("opened_on", "received_on", "accepted_on", "decided_on")]
    known = [each for each in dates if each is not None]
    assert known == sorted(known)
    if row["accepted_on"] and row["promised_due_on"]:
        assert row["promised_due_on"] >= row["accepted_on"]


def complete(city: City, task: TaskView) -> None:
    """Complete a task; what nobody has told before is told in a retry."""
    try:
        city.do(tasks.complete, task.id, task.outcomes[0])
    except StepFailed as failure:
        city.do(retries.retry, failure.detail["incident"], {"size": "large"})


def walk(city: City, procedure: str, seed: int) -> None:
    """Walk a project at random, then bring it to its end."""
    found = Walk(city, procedure, seed)
    found.check()
    for _ in range(STEPS):
        found.step()
    for _ in range(400):
        view = city.project(found.project)
        if view.state == "completed":
            break
        while item := found.some_item(CLOSED_WITHOUT_RESULT):
            city.do(items.apply_again, found.project, item)
        for task in city.open_tasks(found.project)[:1]:
            complete(city, task)
    found.check()
    assert city.project(found.project).state == "completed"


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("procedure", ["little", "winding"])
def test_small_procedures(small_city: City, procedure: str, seed: int) -> None:
    small_city.deploy(little() if procedure == "little" else winding())
    walk(small_city, procedure, seed)


def test_a_real_procedure(city: City) -> None:
    city.deploy("industrial-2014")
    walk(city, "industrial-2014", seed=7)
