"""The state of a running instance as compact text.

Only the task tree is kept, never the specification: that comes from the definition, by its
hash. A row per task in the order of the tree, parents before children; its data as the
difference to its parent's. Restored tasks have texts for ids: SpiffWorkflow looks tasks up by id
all the time, and hashing a UUID is slow. Restoring always sets the sandbox again.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy
from functools import partial
from typing import Any
from uuid import uuid4

from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent
from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.workflow.definition import Definition
from engine.workflow.expressions import sandboxed_engine

JSON = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False, check_circular=False)

INHERITED = 0
EMPTY = 1


def begin(definition: Definition, data: dict[str, Any]) -> BpmnWorkflow:
    """Return a new instance with these variables, in the sandbox."""
    workflow = empty(definition)
    workflow.task_tree.data.update(data)
    return workflow


def empty(definition: Definition, **options: Any) -> BpmnWorkflow:
    """Return an instance with the sandbox set, that forgets what is taken from its tree."""
    workflow = BpmnWorkflow(
        definition.spec,
        dict(definition.subprocesses),
        script_engine=sandboxed_engine(),
        **options,
    )
    workflow.task_removed_event.connect(partial(forget, workflow))
    return workflow


def forget(top: BpmnWorkflow, _: Any, task: Any) -> None:
    """Forget that a task waits, and the subprocess that runs for it."""
    top.event_manager.remove_task(task)
    inner = top.subprocesses.pop(task.id, None)
    for each in [] if inner is None else list(inner.tasks.values()):
        forget(top, inner, each)


def encode(definition: Definition, workflow: BpmnWorkflow) -> str:
    """Return the state of an instance as text."""
    return JSON.encode(encode_tree(definition, workflow, workflow))


def identity(task: Any) -> str:
    """Return a task's id as it is kept: 32 hex digits, also where SpiffWorkflow made a UUID."""
    return task.id if isinstance(task.id, str) else str(task.id.hex)


def encode_tree(definition: Definition, workflow: Any, top: BpmnWorkflow) -> dict[str, Any]:
    """Return one workflow's rows and, by row number, those of its subprocesses."""
    rows: list[list[Any]] = []
    inner: dict[str, Any] = {}
    moments = sorted({task.last_state_change for task in workflow.tasks.values()})
    rank = {moment: index for index, moment in enumerate(moments)}
    for number, parent, task in preorder(workflow):
        rows.append(row(definition, task, parent, rank[task.last_state_change]))
        if task.id in top.subprocesses and not task.has_state(TaskState.FINISHED_MASK):
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
        0 if task.has_state(TaskState.PREDICTED_MASK | TaskState.FUTURE) else identity(task),
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
    changed = {k: v for k, v in task.data.items() if k not in before or differs(before[k], v)}
    gone = [key for key in before if key not in task.data]
    if not changed and not gone:
        return INHERITED
    return [changed, gone] if task.data else EMPTY


def differs(before: Any, after: Any) -> bool:
    """Tell whether two values differ, also as 1 and true do."""
    return before is not after and (type(before) is not type(after) or before != after)


def decode(definition: Definition, state: str) -> BpmnWorkflow:
    """Return the running instance of a state, with the sandbox set."""
    workflow = empty(definition, deserializing=True)
    restore(definition, workflow, workflow, json.loads(state))
    return workflow


def restore(
    definition: Definition, workflow: Any, top: BpmnWorkflow, state: dict[str, Any]
) -> None:
    """Fill a workflow with the tasks of a state, and its subprocesses with theirs."""
    tasks: list[Any] = []
    for cells in state["rows"]:
        tasks.append(task_of(definition, workflow, tasks, cells))
    for task in tasks:
        if not task.has_state(TaskState.FINISHED_MASK):
            task.data = deepcopy(task.data)
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
    full = cells + [0] * (8 - len(cells))
    spec, parent, state, identifier, rank, data, internal, triggered = full
    task = Task(
        workflow,
        workflow.spec.task_specs[definition.specs[spec]],
        parent=tasks[parent] if parent >= 0 else None,
        state=state,
        id=identifier or uuid4().hex,
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
