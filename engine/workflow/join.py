"""Gateways that do not predict beyond themselves until they fire.

SpiffWorkflow predicts the future of every open path, and each path that leads into a
joining gateway gets a copy of everything behind it: n diamonds in a row make 2**n copies.
A gateway with several incoming flows here stays a leaf of the tree until it fires; the
results are the same, the tree stays as small as the diagram.
"""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.bpmn.specs.defaults import InclusiveGateway, ParallelGateway
from SpiffWorkflow.util.task import TaskState


class LeafUntilFired:
    """Mixin of a gateway whose children appear when it runs."""

    inputs: list[Any]
    outputs: list[Any]

    def _predict_hook(self, my_task: Any) -> None:
        if len(self.inputs) < 2:
            super()._predict_hook(my_task)  # type: ignore[misc]

    def _run_hook(self, my_task: Any) -> bool:
        fired = bool(super()._run_hook(my_task))  # type: ignore[misc]
        if not my_task.children:
            grow(my_task, self.outputs)
        return fired


def grow(my_task: Any, outputs: list[Any]) -> None:
    """Give a task that fires its children, and them their own prediction."""
    my_task._sync_children(outputs, TaskState.FUTURE)
    for child in my_task.children:
        child.task_spec._predict(child, mask=TaskState.FUTURE | TaskState.PREDICTED_MASK)


class ParallelJoin(LeafUntilFired, ParallelGateway):
    """A bpmn:parallelGateway."""


class InclusiveJoin(LeafUntilFired, InclusiveGateway):
    """A bpmn:inclusiveGateway; its own `_run_hook` already grows the chosen branches."""
