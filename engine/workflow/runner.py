"""Running an instance: one short-lived execution a step, whose outcome is a value.

    execution = Execution.resume(definition, state, now)
    execution.complete(task_id, {"outcome": "accept"})
    step = execution.step()
    state = execution.state

A failure that lies in the diagram raises ModelError; the state passed in stays good.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from datetime import datetime
from functools import partial
from typing import Any

from SpiffWorkflow.bpmn import BpmnEvent, BpmnWorkflow
from SpiffWorkflow.bpmn.specs.defaults import BoundaryEvent, EventBasedGateway
from SpiffWorkflow.bpmn.specs.event_definitions.message import MessageEventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.timer import TimerEventDefinition
from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent
from SpiffWorkflow.util.task import TaskState

from engine.errors import Conflict, LianshenError, ModelError
from engine.workflow import warm
from engine.workflow.answer import SOFT_GATE, check_answer
from engine.workflow.codec import begin, decode, encode, identity
from engine.workflow.definition import Definition, Element
from engine.workflow.expressions import ExpressionError
from engine.workflow.profile_paths import MAX_DEPTH
from engine.workflow.specification import Call
from engine.workflow.timer import Cycle, due_at, literal, rounds
from engine.workflow.waiting import Step, Wait, Waiting

__all__ = ["SOFT_GATE", "Execution", "Step", "Wait", "Waiting", "cancel"]

MAX_STEPS = 2_000
MAX_TASKS = 5_000


class Execution:
    """One instance brought to life for one step."""

    def __init__(self, definition: Definition, workflow: BpmnWorkflow, now: datetime) -> None:
        self.definition = definition
        self.workflow: BpmnWorkflow = workflow
        self.now = now
        self.passed: list[Element] = []
        self.steps = 0
        self.running: Any = None
        self.after = self.waiting()
        self.before = {waiting.id: waiting for waiting in self.after}

    @classmethod
    def start(cls, definition: Definition, data: dict[str, Any], now: datetime) -> Execution:
        """Begin a new instance with these variables. Raises ModelError."""
        execution = cls(definition, begin(definition, data), now)
        execution._attempt(lambda: None)
        return execution

    @classmethod
    def resume(cls, definition: Definition, state: str, now: datetime) -> Execution:
        """Bring an instance back from its state."""
        return cls(definition, warm.take(definition, state) or decode(definition, state), now)

    def complete(self, task_id: str, data: dict[str, Any]) -> None:
        """Complete a user task or call activity with its answer.

        Raises Conflict where it is not waiting, Invalid where the answer is too large or
        would change what a gate waits for, ModelError where the diagram fails.
        """
        task = self._task(task_id)
        if task is None or not (task.has_state(TaskState.READY) and task.task_spec.manual):
            raise Conflict("the task is no longer open", task=task_id)
        check_answer(data)
        task.set_data(**data)
        self._attempt(lambda: self._run(task))

    def open_gates(self, reached: Collection[str]) -> bool:
        """Let every gate pass that waits for what has been reached; tell whether any did."""
        passed = False
        while ready := [w for w in self.waiting() if self._is_open(w, reached)]:
            passed = True
            for waiting in ready:
                self._deliver(waiting.id)
        return passed

    def deliver(self, waiting_id: str) -> None:
        """Let one gate or timer pass.

        Raises Conflict where nothing waits there any more.
        """
        if not self._deliver(waiting_id):
            raise Conflict("nothing waits there any more", waiting=waiting_id)

    def waiting(self) -> list[Waiting]:
        """Return every place where the instance waits, in the order of the tree."""
        found = [self._manual(task) for task in self._tasks(TaskState.READY) if is_manual(task)]
        return found + [self._event(*each) for each in self._catching()]

    def step(self) -> Step:
        """Return what the execution did since the last call."""
        after = {waiting.id: waiting for waiting in self.after}
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

    def rest(self) -> str:
        """Return the state, and lay the instance aside: this execution is over."""
        state, workflow = self.state, self.workflow
        self.workflow = None
        warm.keep(self.definition, state, workflow)
        return state

    def awaited(self) -> list[str]:
        """Return the names that gates wait for, those of a soft gate item by item."""
        names: list[str] = []
        for task, definition, _ in self._catching():
            if isinstance(definition, MessageEventDefinition):
                names.extend(self._names(task, definition.name))
        return names

    # -- moving ----------------------------------------------------------------------------

    def _attempt(self, move: Callable[[], None]) -> None:
        try:
            move()
            self._advance()
            self._check_depth()
            self.after = self.waiting()
            self.awaited()
        except LianshenError:
            raise
        except Exception as error:
            raise self._failure(error) from error

    def _advance(self) -> None:
        """Run everything that needs nobody, until the instance waits or has ended."""
        while ready := [task for task in self._tasks(TaskState.READY) if not is_manual(task)]:
            for task in ready:
                if task.has_state(TaskState.READY) and task.id in task.workflow.tasks:
                    self._run(task)

    def _run(self, task: Any) -> None:
        self.running = task
        task.run()
        self.steps += 1
        if self.steps > MAX_STEPS or sum(map(len, self._trees())) > MAX_TASKS:
            raise self._failed("the process runs on without waiting for anybody", task)
        element = self.definition.element(task.task_spec)
        if element is not None:
            self.passed.append(element)

    def _check_depth(self) -> None:
        """Stop an instance that has gone through so many rounds that its past is too deep."""
        open_now = TaskState.READY | TaskState.WAITING
        every = (task for tasks in self._trees() for task in tasks.values())
        for task in every:
            if task._state & open_now and task.depth > MAX_DEPTH:
                raise self._failed(f"more than {MAX_DEPTH} elements were passed in a row", task)

    def _deliver(self, waiting_id: str) -> bool:
        """Let one gate or timer pass; tell whether it still waited."""
        for task, definition, identifier in self._catching():
            if self._event(task, definition, identifier).id == waiting_id:
                self._attempt(partial(self._catch, task, definition))
                return True
        return False

    def _catch(self, task: Any, definition: Any) -> None:
        self.running = task
        spec = task.task_spec
        if isinstance(spec, EventBasedGateway):
            task.internal_data["seen_events"] = [BpmnEvent(definition)]
        elif isinstance(definition, Cycle):
            self._catch_round(task, definition)
        else:
            task.internal_data["event_fired"] = True
        spec._update(task)

    def _catch_round(self, task: Any, definition: Any) -> None:
        count = task.internal_data["rounds"] = task.internal_data.get("rounds", 0) + 1
        task.internal_data["round_due"] = True
        definition.update_task(task)
        if interrupts(task.task_spec) or count == rounds(literal(definition, task.data)):
            task.internal_data["event_fired"] = True

    # -- looking ---------------------------------------------------------------------------

    def _trees(self) -> Iterator[dict[Any, Any]]:
        """Yield the tasks of the instance and of its subprocesses."""
        yield self.workflow.tasks
        for inner in self.workflow.subprocesses.values():
            yield inner.tasks

    def _task(self, task_id: str) -> Any:
        every = (task for tasks in self._trees() for task in tasks.values())
        return next((task for task in every if identity(task) == task_id), None)

    def _tasks(self, state: int) -> Iterator[Any]:
        """Yield the tasks in a state, in the order of the tree, subprocesses first."""
        inner = sorted(self.workflow.subprocesses.values(), key=lambda each: -each.depth)
        for workflow in (*inner, self.workflow):
            found = [task for task in workflow.tasks.values() if task._state & state]
            yield from sorted(found, key=place) if len(found) > 1 else found

    def _catching(self) -> list[tuple[Any, Any, str]]:
        """Return (task, event definition, id) of everything that is caught."""
        found = []
        for task in self._tasks(TaskState.WAITING):
            if isinstance(task.task_spec, CatchingEvent):
                definition = task.task_spec.event_definition
                for index, part in enumerate(
                    getattr(definition, "event_definitions", [definition])
                ):
                    found.append((task, part, f"{identity(task)}.{index}"))
        return found

    def _manual(self, task: Any) -> Waiting:
        wait = Wait.CALL if isinstance(task.task_spec, Call) else Wait.USER_TASK
        return Waiting(identity(task), wait, self.definition.elements[task.task_spec.bpmn_id])

    def _event(self, task: Any, definition: Any, identifier: str) -> Waiting:
        spec = task.task_spec
        if isinstance(spec, EventBasedGateway):
            spec = spec.outputs[spec.event_definition.event_definitions.index(definition)]
        element = self.definition.elements[spec.bpmn_id]
        if not isinstance(definition, TimerEventDefinition):
            return Waiting(identifier, Wait.GATE, element, definition.name)
        count = task.internal_data.get("rounds", 0)
        try:
            due = due_at(definition, task.data, self.now, count)
        except ExpressionError as error:
            raise self._failed(error.message, task) from error
        return Waiting(f"{identifier}.{count}", Wait.TIMER, element, due_at=due)

    def _is_open(self, waiting: Waiting, reached: Collection[str]) -> bool:
        if waiting.wait is not Wait.GATE:
            return False
        task = self._task(waiting.id.split(".")[0])
        return all(name in reached for name in self._names(task, waiting.message))

    def _names(self, task: Any, message: str) -> list[str]:
        """Return what a gate waits for: the item it is named for, or those of a soft gate."""
        if message != SOFT_GATE:
            return [message]
        names = task.data.get(SOFT_GATE, [])
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            raise self._failed(f"{SOFT_GATE} must be a list of items, not {names!r}", task)
        return names

    # -- failing ---------------------------------------------------------------------------

    def _failure(self, error: Exception) -> ModelError:
        """Return what SpiffWorkflow raised as a failure of the diagram, located if possible."""
        cause: BaseException | None = error
        while cause is not None and not isinstance(cause, ModelError):
            cause = cause.__cause__ or cause.__context__
        text = cause.message if cause is not None else str(error).rstrip(". ")
        return self._failed(text or type(error).__name__, error)

    def _failed(self, text: str, place: Any) -> ModelError:
        """Return a failure at a task or an error of one; else at what was running."""
        specs = (getattr(each, "task_spec", None) for each in (place, self.running))
        found = (self.definition.element(spec) for spec in specs)
        element = next((each.id for each in found if each is not None), "")
        return ModelError(text, element=element)


def place(task: Any) -> list[int]:
    """Return where a task stands in its tree, to be sorted by."""
    found = []
    while (parent := task.parent) is not None:
        found.append(parent._children.index(task.id))
        task = parent
    return found[::-1]


def is_manual(task: Any) -> bool:
    """Tell whether somebody must complete a task."""
    return bool(task.task_spec.manual)


def interrupts(spec: Any) -> bool:
    """Tell whether an event ends the activity it sits on: then one round is all."""
    return isinstance(spec, BoundaryEvent) and bool(spec.cancel_activity)


def cancel(definition: Definition, state: str) -> str:
    """Return the state of an instance with everything still open cancelled."""
    workflow = decode(definition, state)
    workflow.cancel()
    return encode(definition, workflow)
