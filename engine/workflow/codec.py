"""The state of a running instance as compact text.

Only the task tree is kept, never the specification: that comes from the definition, by its
hash. A row per task in the order of the tree, parents before children; its data as the
difference to its parent's. Restored tasks have texts for ids: SpiffWorkflow looks tasks up by
id all the time, and a UUID's hash is slow. Restoring always sets the sandbox again.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from typing import Any

from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent
from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.workflow.definition import Definition
from engine.workflow.expressions import sandboxed_engine

INHERITED = 0
EMPTY = 1


def encode(definition: Definition, workflow: BpmnWorkflow) -> str:
    """Return the state of an instance as text."""
    return json.dumps(
        encode_tree(definition, workflow, workflow), separators=(",", ":"), ensure_ascii=False
    )


def encode_tree(definition: Definition, workflow: Any, top: BpmnWorkflow) -> dict[str, Any]:
    """Return one workflow's rows and, by row number, those of its running subprocesses."""
    rows: list[list[Any]] = []
    inner: dict[str, Any] = {}
    moments = sorted({task.last_state_change for task in workflow.tasks.values()})
    rank = {moment: index for index, moment in enumerate(moments)}
    for number, parent, task in preorder(workflow):
        rows.append(row(definition, task, parent, rank[task.last_state_change]))
        if task.id in top.subprocesses:
            inner[str(number)] = encode_tree(definition, top.subprocesses[task.id], top)
    state: dict[str, Any] = {"rows": rows}
    optional = {"data": workflow.data, "done": workflow.completed, "inner": inner}
    state.update({key: value for key, value in optional.items() if value})
    return state


def preorder(workflow: Any) -> Iterator[tuple[int, int, Any]]:
    """Yield (number, number of the parent, task) over the tree, parents first."""
    stack = [(-1, workflow.task_tree)]
    number = 0
    while stack:
        parent, task = stack.pop()
        yield number, parent, task
        stack.extend((number, child) for child in reversed(task.children))
        number += 1


def row(definition: Definition, task: Any, parent: int, rank: int) -> list[Any]:
    """Return [spec, parent, state, id, rank, data, internal data, triggered], zeros cut off."""
    cells = [
        definition.spec_index[task.task_spec.name],
        parent,
        task.state,
        0 if task.has_state(TaskState.PREDICTED_MASK | TaskState.FUTURE) else str(task.id),
        rank,
        difference(task),
        {k: v for k, v in task.internal_data.items() if k != "seen_events"} or 0,
        1 if task.triggered else 0,
    ]
    while cells[-1] == 0:
        cells.pop()
    return cells


def difference(task: Any) -> Any:
    """Return how a task's data differ from its parent's."""
    before = task.parent.data if task.parent else {}
    if task.data == before:
        return INHERITED
    if not task.data:
        return EMPTY
    changed = {k: v for k, v in task.data.items() if k not in before or before[k] != v}
    return [changed, [key for key in before if key not in task.data]]


def decode(definition: Definition, state: str) -> BpmnWorkflow:
    """Return the running instance of a state, with the sandbox set."""
    workflow = BpmnWorkflow(
        definition.spec,
        dict(definition.subprocesses),
        script_engine=sandboxed_engine(),
        deserializing=True,
    )
    restore(definition, workflow, workflow, json.loads(state))
    return workflow


def restore(
    definition: Definition, workflow: Any, top: BpmnWorkflow, state: dict[str, Any]
) -> None:
    """Fill a workflow with the tasks of a state, and its subprocesses with theirs."""
    tasks: list[Any] = []
    for cells in state["rows"]:
        tasks.append(task_of(definition, workflow, tasks, cells))
    workflow.task_tree = tasks[0]
    workflow.data = state.get("data", {})
    workflow.completed = state.get("done", False)
    for number, inner in state.get("inner", {}).items():
        parent = tasks[int(number)]
        spec = top.subprocess_specs[parent.task_spec.spec]
        child = BpmnSubWorkflow(spec, parent.id, top, deserializing=True)
        top.subprocesses[parent.id] = child
        restore(definition, child, top, inner)
        child.completed_event.connect(parent.task_spec._on_subworkflow_completed, parent)


def task_of(definition: Definition, workflow: Any, tasks: list[Any], cells: list[Any]) -> Any:
    """Return one task of the tree from its row."""
    spec, parent, state, identifier, rank, data, internal, triggered = [
        *cells,
        *[0] * (8 - len(cells)),
    ]
    task = Task(
        workflow,
        workflow.spec.task_specs[definition.specs[spec]],
        parent=tasks[parent] if parent >= 0 else None,
        state=state,
        id=identifier or secrets.token_hex(16),
    )
    task.last_state_change = rank
    task.triggered = bool(triggered)
    task.internal_data = internal or {}
    task.data = data_of(task, data)
    if state == TaskState.WAITING and isinstance(task.task_spec, CatchingEvent):
        workflow.top_workflow.event_manager.add_task(task)
    return task


def data_of(task: Any, data: Any) -> dict[str, Any]:
    """Return a task's data from the difference to its parent's."""
    if data == EMPTY:
        return {}
    inherited = dict(task.parent.data) if task.parent else {}
    if data == INHERITED:
        return inherited
    changed, gone = data
    return {k: v for k, v in {**inherited, **changed}.items() if k not in gone}
