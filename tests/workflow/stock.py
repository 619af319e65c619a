"""The same diagrams run by SpiffWorkflow as it is, for comparison."""

from __future__ import annotations

from typing import Any

from lxml import etree
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.util.task import TaskState

from tests.workflow.drawing import Drawing


def stock(drawing: Drawing, data: dict[str, Any] | None = None) -> BpmnWorkflow:
    """A new instance in SpiffWorkflow as it is."""
    parser = BpmnParser()
    parser.add_bpmn_xml(etree.fromstring(drawing.xml()))
    specs = parser.get_subprocess_specs(drawing.id)
    workflow = BpmnWorkflow(parser.get_spec(drawing.id), specs)
    workflow.task_tree.data.update(data or {})
    workflow.do_engine_steps()
    return workflow


def finish(workflow: BpmnWorkflow, most: int = 2_000) -> list[str]:
    """Run it to its end, the user task of the least id first; return the elements completed."""
    for _ in range(most):
        ready = workflow.get_tasks(state=TaskState.READY, manual=True)
        if not ready:
            break
        min(ready, key=lambda task: task.task_spec.bpmn_id).run()
        workflow.do_engine_steps()
    return completed(workflow)


def completed(workflow: BpmnWorkflow) -> list[str]:
    """The elements of the diagram that were completed, as often as they were."""
    tasks = workflow.get_tasks(state=TaskState.COMPLETED)
    return sorted(task.task_spec.bpmn_id for task in tasks if task.task_spec.bpmn_id)
