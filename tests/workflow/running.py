"""Instances run to their end by answering everything, in several ways that must agree."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Any

from engine.workflow.definition import Definition
from engine.workflow.runner import Execution, Wait, Waiting
from tests.workflow.drawing import NOW, Drawing

Answer = Callable[[Waiting], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Course:
    """What one run of an instance did."""

    passed: list[str]
    waited: list[list[tuple[str, str]]]
    data: dict[str, Any]
    ended: bool
    largest: int


def nothing(_: Waiting) -> dict[str, Any]:
    """The plain answer."""
    return {}


def start(
    drawing: Drawing | Definition, data: dict[str, Any] | None = None, now: datetime = NOW
) -> Execution:
    """A new instance."""
    definition = drawing.load() if isinstance(drawing, Drawing) else drawing
    return Execution.start(definition, data or {}, now)


def at(execution: Execution, element: str) -> Waiting:
    """Where the instance waits at an element."""
    return next(each for each in execution.waiting() if each.element.id == element)


def waits(execution: Execution) -> list[str]:
    """The elements where the instance waits, sorted."""
    return sorted(each.element.id for each in execution.waiting())


def passed(execution: Execution) -> list[str]:
    """The elements passed since last asked."""
    return [each.id for each in execution.step().passed]


def answer(execution: Execution, element: str, **data: Any) -> Execution:
    """Answer what waits at an element; the execution for more."""
    move(execution, at(execution, element), data)
    return execution


def move(execution: Execution, waiting: Waiting, data: dict[str, Any]) -> None:
    """Answer one thing that waits."""
    if waiting.wait in {Wait.USER_TASK, Wait.CALL}:
        execution.complete(waiting.id, data)
    else:
        execution.deliver(waiting.id)


def restored(execution: Execution) -> Execution:
    """The same instance, brought back from its state."""
    return Execution.resume(execution.definition, execution.state, execution.now)


def run(
    definition: Definition,
    data: dict[str, Any] | None = None,
    *,
    seed: int | None = None,
    answers: Answer = nothing,
    restore: bool = False,
    most: int = 2_000,
) -> Course:
    """Run an instance to its end; `seed` shuffles who answers first, `restore` breaks each step.

    What is chosen depends on where the instance waits, not on how it has been kept.
    """
    random = Random(seed)
    execution = Execution.start(definition, dict(data or {}), NOW)
    course: list[str] = []
    seen: list[list[tuple[str, str]]] = []
    largest, ended = 0, False
    for _ in range(most):
        step = execution.step()
        ended = step.ended
        course.extend(each.id for each in step.passed)
        if restore:
            state = execution.state
            largest = max(largest, len(state))
            execution = restored(execution)
            assert json.loads(execution.state) == json.loads(state)
        waiting = sorted(execution.waiting(), key=lambda each: (each.element.id, each.message))
        seen.append([(each.element.id, each.wait.value) for each in waiting])
        if not waiting:
            break
        chosen = random.randrange(len(waiting)) if seed is not None else 0
        move(execution, waiting[chosen], answers(waiting[chosen]))
    return Course(course, seen, dict(execution.workflow.data), ended, largest)


def tally(course: Course) -> Counter[str]:
    """How often each element was passed."""
    return Counter(course.passed)
