"""Nodes that predict nothing, and joins that count what has arrived.

SpiffWorkflow predicts the future of every open path, and each path that leads into a node
gets a copy of everything behind it: n diamonds in a row make 2**n copies. A node here stays
a leaf of the tree until it runs, and only then gets its children; the results are the same,
and the tree is no larger than what has happened.

A join keeps a mark on what it has used up, so that in a loop the second round waits for
the second round's branches. An inclusive join fires when nothing else can still arrive.
The data of branches are merged by what each has changed since they parted.
"""

from __future__ import annotations

from collections.abc import Iterable
from copy import deepcopy
from functools import cache
from typing import Any

from SpiffWorkflow.bpmn.exceptions import WorkflowTaskException
from SpiffWorkflow.bpmn.specs.control import _EndJoin
from SpiffWorkflow.bpmn.specs.defaults import InclusiveGateway, ParallelGateway
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
    """Mixin of a node that several paths lead into.

    Of the tasks that have arrived at it the latest waits and fires; the others are
    cancelled, and what they changed is taken over in the order of their arrival.
    """

    _inputs: list[str]

    def _update_hook(self, my_task: Any) -> bool:
        if my_task.has_state(TaskState.READY):
            return False
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
        self._fire(my_task, used)
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

    def _fire(self, my_task: Any, used: list[Any]) -> None:
        if len(self._inputs) > 1:
            for task in used:
                task.internal_data[JOINED] = 1
        branches = [task.parent for task in used if task is not my_task]
        my_task.data = merged([*branches, my_task.parent])


def merged(branches: list[Any]) -> dict[str, Any]:
    """Return the data of tasks that come together: what each changed since they parted.

    SpiffWorkflow lets the last branch overwrite the others, also with what it never touched.
    """
    if len(branches) == 1:
        return deepcopy(dict(branches[0].data))
    before = parting(branches).data
    data = deepcopy(before)
    for branch in branches:
        overlay(data, deepcopy(changes(before, branch.data)))
    return dict(data)


def parting(tasks: list[Any]) -> Any:
    """Return the last task that all of these follow."""
    first, *others = (lineage(task) for task in tasks)
    known = [set(map(id, line)) for line in others]
    return next(task for task in first if all(id(task) in line for line in known))


def lineage(task: Any) -> list[Any]:
    """Return a task and everything it followed, up to the root."""
    line = []
    while task is not None:
        line.append(task)
        task = task.parent
    return line


def changes(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """Return what is new or different, inside mappings value by value."""
    found: dict[str, Any] = {}
    for key, value in after.items():
        known = before.get(key)
        if isinstance(value, dict) and isinstance(known, dict):
            inner = changes(known, value)
            found.update({key: inner} if inner else {})
        elif key not in before or known != value:
            found[key] = value
    return found


def overlay(data: dict[str, Any], changed: dict[str, Any]) -> None:
    """Put changes over data, inside mappings value by value."""
    for key, value in changed.items():
        if isinstance(value, dict) and isinstance(data.get(key), dict):
            overlay(data[key], value)
        else:
            data[key] = value


class ParallelJoin(Join, ParallelGateway):  # type: ignore[misc]
    """A bpmn:parallelGateway: fires when something has arrived on every flow."""

    def _run_hook(self, my_task: Any) -> bool:
        return True

    def _used(self, my_task: Any, arrived: list[Any]) -> list[Any]:
        if len(self._inputs) == 1:
            return [my_task]
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
        if len(self._inputs) == 1:
            return [my_task]
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


class End(Join, _EndJoin):  # type: ignore[misc]
    """The end of a process: waits for every path."""

    def _run_hook(self, my_task: Any) -> bool:
        my_task.workflow.data.update(my_task.data)
        return True

    def _used(self, my_task: Any, arrived: list[Any]) -> list[Any]:
        return arrived if self._check_threshold_unstructured(my_task) else []
