"""Nodes that predict nothing, and joins that count what has arrived.

SpiffWorkflow predicts the future of every open path, and each path that leads into a node
gets a copy of everything behind it: n diamonds in a row make 2**n copies. A node here stays
a leaf of the tree until it runs, and only then gets its children; the results are the same,
and the tree is no larger than what has happened.

A join keeps a mark on what it has used up, so that in a loop the second round waits for
the second round's branches. An inclusive join fires when nothing else can still arrive.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

from SpiffWorkflow.bpmn.exceptions import WorkflowTaskException
from SpiffWorkflow.bpmn.specs.defaults import InclusiveGateway, ParallelGateway
from SpiffWorkflow.util.deep_merge import DeepMerge
from SpiffWorkflow.util.task import TaskState

#: the mark of an arrival that a join has used up
JOINED = "joined"
#: states of a task that something happens in, or is waited for
ACTIVE = TaskState.WAITING | TaskState.READY | TaskState.STARTED


class LeafUntilRun:
    """Mixin of a node whose children appear when it runs."""

    def _predict_hook(self, my_task: Any) -> None:
        """Predict nothing."""

    def _run_hook(self, my_task: Any) -> bool:
        if all(child.triggered for child in my_task.children):
            super()._predict_hook(my_task)  # type: ignore[misc]
            predict(my_task.children)
        return bool(super()._run_hook(my_task))  # type: ignore[misc]


@cache
def leaf(spec_class: type) -> type:
    """Return the class of a node that stays a leaf until it runs."""
    return type(spec_class.__name__, (LeafUntilRun, spec_class), {})


def predict(children: Iterable[Any]) -> None:
    """Give the new children of a task that runs what belongs to them."""
    for child in children:
        child.task_spec._predict(child, mask=TaskState.FUTURE | TaskState.PREDICTED_MASK)


class Join:
    """Mixin of a gateway that several flows lead into.

    Of the tasks that have arrived at it the latest waits and fires; the others are
    cancelled, and their data merged into its own in the order of their arrival.
    """

    inputs: list[Any]

    def _update_hook(self, my_task: Any) -> bool:
        if len(self.inputs) == 1:
            my_task._inherit_data()
            return True
        if my_task.internal_data.get(JOINED):
            my_task.cancel()
            return False
        arrived = self._arrived(my_task)
        used = self._used(my_task, arrived)
        for task in arrived:
            if task is not my_task and task.has_state(TaskState.WAITING):
                task.cancel()
        if not used:
            my_task._set_state(TaskState.WAITING)
            return False
        merge(my_task, used)
        return True

    def _arrived(self, my_task: Any) -> list[Any]:
        """Return the tasks that have arrived and are not used up, the earliest first."""
        found = [task for task in my_task.workflow.tasks.values() if self._has_arrived(task)]
        return sorted(found, key=lambda task: task.parent.last_state_change)

    def _has_arrived(self, task: Any) -> bool:
        return (
            task.task_spec is self
            and task.parent.has_state(TaskState.COMPLETED)
            and not task.internal_data.get(JOINED)
        )

    def _used(self, my_task: Any, arrived: list[Any]) -> list[Any]:
        """Return the arrivals that are used up by firing now; none where it must wait."""
        raise NotImplementedError


def merge(my_task: Any, used: list[Any]) -> None:
    """Merge the data of what has arrived into the task that fires, its own last."""
    for task in used:
        task.internal_data[JOINED] = 1
        if task is not my_task:
            DeepMerge.merge(my_task.data, task.parent.data)
    my_task._inherit_data()


class ParallelJoin(Join, ParallelGateway):  # type: ignore[misc]
    """A bpmn:parallelGateway: fires when something has arrived on every flow."""

    def _run_hook(self, my_task: Any) -> bool:
        return True

    def _used(self, my_task: Any, arrived: list[Any]) -> list[Any]:
        first: dict[str, Any] = {}
        for task in arrived:
            first.setdefault(task.parent.task_spec.name, task.parent)
        if set(self._inputs) - set(first):
            return []
        return [task for task in arrived if task.parent in first.values()]


class InclusiveJoin(Join, InclusiveGateway):  # type: ignore[misc]
    """A bpmn:inclusiveGateway: fires when nothing more can arrive on the flows still empty."""

    def _run_hook(self, my_task: Any) -> bool:
        chosen, default = self._get_matching_outputs(my_task)
        if not chosen and not default:
            raise WorkflowTaskException("no condition is met and there is no default", my_task)
        my_task._sync_children(chosen or default, TaskState.FUTURE)
        predict(my_task.children)
        return True

    def _used(self, my_task: Any, arrived: list[Any]) -> list[Any]:
        full = {task.parent.task_spec.name for task in arrived}
        empty = set(self._inputs) - full
        expected = self._leading_to(empty) - self._leading_to(full)
        waits = any(self._is_under_way(task, expected) for task in my_task.workflow.tasks.values())
        return [] if waits else arrived

    def _is_under_way(self, task: Any, expected: set[str]) -> bool:
        """Tell whether a task holds a token at one of the nodes named."""
        if task.task_spec.name not in expected:
            return False
        started = task.has_state(TaskState.FUTURE) and task.parent.has_state(TaskState.COMPLETED)
        return bool(started or task.has_state(ACTIVE))

    def _leading_to(self, names: set[str]) -> set[str]:
        """Return the nodes from which a path leads to those named, not through this gateway."""
        found: set[str] = set()
        stack = list(names)
        while stack:
            name = stack.pop()
            if name not in found and name != self.name:
                found.add(name)
                stack.extend(self._wf_spec.task_specs[name]._inputs)
        return found
