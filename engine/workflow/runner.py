"""Running an instance: one short-lived execution a step, whose outcome is a value.

    execution = Execution.resume(definition, state)
    execution.complete(task_id, {"outcome": "accept"})
    step = execution.step()
    state = execution.state

A failure that lies in the diagram raises ModelError; the state passed in stays good.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import partial
from typing import Any

from SpiffWorkflow.bpmn import BpmnEvent, BpmnWorkflow
from SpiffWorkflow.bpmn.specs.event_definitions.message import MessageEventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.multiple import MultipleEventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.timer import TimerEventDefinition
from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent
from SpiffWorkflow.exceptions import SpiffWorkflowException
from SpiffWorkflow.util.task import TaskState

from engine.errors import Conflict, ModelError
from engine.workflow.codec import decode, encode
from engine.workflow.definition import Definition, Element
from engine.workflow.expressions import sandboxed_engine
from engine.workflow.parser import Call
from engine.workflow.timer import Cycle, due_at, literal, rounds

MAX_STEPS = 2_000
MAX_TASKS = 5_000

#: the name of a gate that waits for the items listed in the variable of the same name
SOFT_GATE = "decision_waits_for"


class Wait(StrEnum):
    """What an instance waits for."""

    USER_TASK = "user_task"
    CALL = "call"
    GATE = "gate"
    TIMER = "timer"


@dataclass(frozen=True, slots=True)
class Waiting:
    """One place where an instance waits."""

    id: str
    wait: Wait
    element: Element
    message: str = ""
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """What happened since the last step: what was opened, closed and passed, in order."""

    opened: tuple[Waiting, ...]
    closed: tuple[Waiting, ...]
    passed: tuple[Element, ...]
    ended: bool


class Execution:
    """One instance brought to life for one step."""

    def __init__(self, definition: Definition, workflow: BpmnWorkflow, now: datetime) -> None:
        self.definition = definition
        self.workflow = workflow
        self.now = now
        self.passed: list[Element] = []
        self.steps = 0
        self.before = {waiting.id: waiting for waiting in self.waiting()}

    @classmethod
    def start(cls, definition: Definition, data: dict[str, Any], now: datetime) -> Execution:
        """Begin a new instance with these variables."""
        workflow = BpmnWorkflow(
            definition.spec, dict(definition.subprocesses), script_engine=sandboxed_engine()
        )
        workflow.task_tree.data.update(data)
        execution = cls(definition, workflow, now)
        execution.before = {}
        execution._attempt(lambda: None)
        return execution

    @classmethod
    def resume(cls, definition: Definition, state: str, now: datetime) -> Execution:
        """Bring an instance back from its state."""
        return cls(definition, decode(definition, state), now)

    def complete(self, task_id: str, data: dict[str, Any]) -> None:
        """Complete a user task or call activity with its answer.

        Raises Conflict where it is not waiting, ModelError where the diagram fails.
        """
        task = self._task(task_id)
        if task is None or not (task.has_state(TaskState.READY) and task.task_spec.manual):
            raise Conflict("the task is no longer open", task=task_id)
        task.set_data(**data)
        self._attempt(lambda: self._run(task))

    def open_gates(self, reached: Collection[str]) -> bool:
        """Let every gate pass that waits for what has been reached; tell whether any did."""
        passed = False
        while ready := [w for w in self.waiting() if self._is_open(w, reached)]:
            passed = True
            for waiting in ready:
                self.deliver(waiting.id)
        return passed

    def deliver(self, waiting_id: str) -> None:
        """Let one gate or timer pass.

        Raises Conflict where nothing waits there any more.
        """
        for task, definition, identifier in self._catching():
            if self._event(task, definition, identifier).id == waiting_id:
                self._attempt(partial(self._catch, task, definition))
                return
        raise Conflict("nothing waits there any more", waiting=waiting_id)

    def waiting(self) -> list[Waiting]:
        """Return every place where the instance waits, in the order of the tree."""
        found = [self._manual(task) for task in self._tasks(TaskState.READY, manual=True)]
        return found + [self._event(*each) for each in self._catching()]

    def step(self) -> Step:
        """Return what the execution did since the last call."""
        after = {waiting.id: waiting for waiting in self.waiting()}
        step = Step(
            opened=tuple(after[each] for each in after if each not in self.before),
            closed=tuple(self.before[each] for each in self.before if each not in after),
            passed=tuple(self.passed),
            ended=self.workflow.is_completed(),
        )
        self.before, self.passed = after, []
        return step

    @property
    def state(self) -> str:
        """The present state, to be kept."""
        return encode(self.definition, self.workflow)

    def awaited(self) -> list[str]:
        """Return the names that gates wait for, those of a soft gate item by item."""
        names: list[str] = []
        for task, definition, _ in self._catching():
            if isinstance(definition, MessageEventDefinition):
                soft = definition.name == SOFT_GATE
                names.extend(task.data.get(SOFT_GATE, ()) if soft else (definition.name,))
        return names

    def _attempt(self, move: Callable[[], None]) -> None:
        try:
            move()
            self.workflow.do_engine_steps(did_complete_task=self._completed)
        except (SpiffWorkflowException, RecursionError, TypeError, ValueError, KeyError) as error:
            raise self._failure(error) from error

    def _run(self, task: Any) -> None:
        task.run()
        self._completed(task)

    def _catch(self, task: Any, definition: Any) -> None:
        if isinstance(definition, Cycle):
            self._catch_round(task, definition)
        else:
            task.task_spec.catch(task, BpmnEvent(definition, payload={}))
        task.task_spec._update(task)

    def _catch_round(self, task: Any, definition: Any) -> None:
        count = task.internal_data["rounds"] = task.internal_data.get("rounds", 0) + 1
        task.internal_data["round_due"] = True
        definition.update_task(task)
        if count == rounds(literal(definition, task.data)):
            task.internal_data["event_fired"] = True

    def _completed(self, task: Any) -> None:
        self.steps += 1
        if self.steps > MAX_STEPS or len(self.workflow.tasks) > MAX_TASKS:
            raise ModelError("the process runs on without waiting for anybody", element="")
        element = self.definition.element(task.task_spec)
        if element is not None:
            self.passed.append(element)

    def _task(self, task_id: str) -> Any:
        for workflow in (self.workflow, *self.workflow.subprocesses.values()):
            for task in workflow.tasks.values():
                if str(task.id) == task_id:
                    return task
        return None

    def _tasks(self, state: int, manual: bool) -> Iterator[Any]:
        for workflow in (self.workflow, *self.workflow.subprocesses.values()):
            for task in workflow.tasks.values():
                if task._state == state and task.task_spec.manual == manual:
                    yield task

    def _catching(self) -> list[tuple[Any, Any, str]]:
        """Return (task, event definition, id) of everything that is caught."""
        found = []
        for task in self._tasks(TaskState.WAITING, manual=False):
            if isinstance(task.task_spec, CatchingEvent):
                definition = task.task_spec.event_definition
                several = isinstance(definition, MultipleEventDefinition)
                parts = definition.event_definitions if several else [definition]
                for index, part in enumerate(parts):
                    found.append((task, part, f"{task.id}.{index}"))
        return found

    def _manual(self, task: Any) -> Waiting:
        wait = Wait.CALL if isinstance(task.task_spec, Call) else Wait.USER_TASK
        return Waiting(str(task.id), wait, self.definition.elements[task.task_spec.bpmn_id])

    def _event(self, task: Any, definition: Any, identifier: str) -> Waiting:
        element = self.definition.elements[task.task_spec.bpmn_id]
        if not isinstance(definition, TimerEventDefinition):
            return Waiting(identifier, Wait.GATE, element, definition.name)
        count = task.internal_data.get("rounds", 0)
        due = due_at(definition, task.data, self.now)
        return Waiting(f"{identifier}.{count}", Wait.TIMER, element, due_at=due)

    def _is_open(self, waiting: Waiting, reached: Collection[str]) -> bool:
        if waiting.wait is not Wait.GATE:
            return False
        if waiting.message != SOFT_GATE:
            return waiting.message in reached
        task = self._task(waiting.id.split(".")[0])
        return all(item in reached for item in task.data.get(SOFT_GATE, ()))

    def _failure(self, error: Exception) -> ModelError:
        task = getattr(error, "task", None)
        spec = getattr(task, "task_spec", None) or getattr(error, "task_spec", None)
        element = getattr(spec, "bpmn_id", None) or ""
        if isinstance(error, ModelError):
            error.detail.setdefault("element", element)
            return error
        return ModelError(str(error), element=element)


def cancel(definition: Definition, state: str) -> str:
    """Return the state of an instance with everything still open cancelled."""
    workflow = decode(definition, state)
    workflow.cancel()
    return encode(definition, workflow)
