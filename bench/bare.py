"""Bare SpiffWorkflow on the same process: in memory, nothing kept, nobody asked."""

from __future__ import annotations

from typing import Any

from lxml import etree
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.util.task import TaskState


def specification(xml: bytes, process: str) -> Any:
    """Return SpiffWorkflow's own specification of a process."""
    parser = BpmnParser()
    parser.add_bpmn_xml(etree.fromstring(xml))
    return parser.get_spec(process)


def run(spec: Any) -> int:
    """Run one instance to its end, and return how many user tasks were completed."""
    workflow = BpmnWorkflow(spec, {})
    workflow.do_engine_steps()
    completed = 0
    while not workflow.is_completed():
        task = workflow.get_next_task(state=TaskState.READY, manual=True)
        task.set_data(outcome="done")
        task.run()
        workflow.do_engine_steps()
        completed += 1
    return completed
