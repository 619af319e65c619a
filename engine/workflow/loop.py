"""Activities that repeat: multi-instances of bounded number, and standard loops.

SpiffWorkflow counts on well-formed data: a million instances fill the memory, a negative or
broken number and an empty item in a list wait for ever. Here the number is checked before
the first instance begins.
"""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from SpiffWorkflow.bpmn.exceptions import WorkflowTaskException
from SpiffWorkflow.bpmn.specs.defaults import (
    ParallelMultiInstanceTask,
    SequentialMultiInstanceTask,
    StandardLoopTask,
)
from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import LoopTask
from SpiffWorkflow.util.task import TaskState

from engine.workflow.join import changes, leaf, overlay

MAX_INSTANCES = 500


class BegunOnce:
    """Mixin of a repeated activity: what has begun is not begun again."""

    def _update_hook(self, my_task: Any) -> bool | None:
        if my_task.has_state(TaskState.STARTED):
            return None
        result: bool | None = super()._update_hook(my_task)  # type: ignore[misc]
        return result


class Counted(BegunOnce):
    """Mixin of a multi-instance whose number is checked before it begins."""

    cardinality: str | None
    data_input: Any
    input_item: Any
    data_output: Any

    def _update_hook(self, my_task: Any) -> bool | None:
        if not my_task.has_state(TaskState.STARTED):
            self._check(my_task)
        return super()._update_hook(my_task)

    def _check(self, my_task: Any) -> None:
        my_task._inherit_data()
        count = self._count(my_task)
        if isinstance(count, bool) or not isinstance(count, int) or count < 0:
            text = f"the number of instances must be a whole number, not {str(count)[:80]!r}"
            raise WorkflowTaskException(text, my_task)
        if count > MAX_INSTANCES:
            text = f"{count} instances; at most {MAX_INSTANCES} are run"
            raise WorkflowTaskException(text, my_task)

    def _count(self, my_task: Any) -> Any:
        if self.data_input is None:
            return my_task.workflow.script_engine.evaluate(my_task, self.cardinality)
        items = self.data_input.get(my_task)
        if not isinstance(items, list | dict):
            name = self.data_input.bpmn_id
            raise WorkflowTaskException(f"{name!r} holds no list of what to repeat for", my_task)
        return len(items)

    def init_data_output_with_cardinality(self, my_task: Any) -> None:
        if self.data_output.get(my_task):
            name = self.data_output.bpmn_id
            raise WorkflowTaskException(f"the output {name!r} holds values already", my_task)
        self.data_output.set(my_task, [])

    def merge_child(self, workflow: Any, child: Any) -> None:
        super().merge_child(workflow, child)  # type: ignore[misc]
        self._drop_item(child.parent)

    def _drop_item(self, my_task: Any) -> None:
        """Forget the item that an instance was given: the next one gets its own."""
        if self.input_item is not None and my_task.internal_data["merged"]:
            my_task.data.pop(self.input_item.bpmn_id, None)


class ParallelInstances(Counted, ParallelMultiInstanceTask):  # type: ignore[misc]
    """All instances at once; of each is kept what it has changed."""

    def merge_child(self, workflow: Any, child: Any) -> None:
        my_task = child.parent
        data = deepcopy(my_task.data)
        super().merge_child(workflow, child)
        if self.data_output is None:
            overlay(data, deepcopy(changes(my_task.parent.data, child.data)))
            my_task.data = data
            self._drop_item(my_task)


class SequentialInstances(Counted, SequentialMultiInstanceTask):  # type: ignore[misc]
    """One instance after the other."""

    def add_next_child(self, my_task: Any) -> None:
        self._drop_item(my_task)
        by_item = self.data_input is not None
        key, item = (self.get_next_input_item if by_item else self.get_next_index)(my_task)
        self.create_child(my_task, item, key)


class Repeated(BegunOnce, StandardLoopTask):  # type: ignore[misc]
    """Again and again, as long as the condition holds."""


class Loops:
    """Mixin of SpiffWorkflow's task parsers: which classes repeat an activity."""

    STANDARD_LOOP_CLASS = leaf(Repeated)
    PARALLEL_MI_CLASS = leaf(ParallelInstances)
    SEQUENTIAL_MI_CLASS = leaf(SequentialInstances)


def connect_loops(spec: Any) -> None:
    """Let every loop hear of its instances, also in a state restored in a new process."""
    for task_spec in spec.task_specs.values():
        if isinstance(task_spec, LoopTask):
            child = spec.task_specs[task_spec.task_spec]
            child.completed_event.connect(task_spec.merge_child)
