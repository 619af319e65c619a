"""Messages without payload or correlation: a gate asks what has been reached.

SpiffWorkflow hands a message's sender's data to whoever catches it and compares correlation
keys, read by expressions. Here a gate is opened by name, by the project; within one
instance a thrown message still reaches the events that wait for its name.
"""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.bpmn import BpmnEvent
from SpiffWorkflow.bpmn.specs.event_definitions.message import MessageEventDefinition


class Message(MessageEventDefinition):  # type: ignore[misc]
    """A message, known by its name alone."""

    def catches(self, my_task: Any, event: Any) -> bool:
        return bool(self == event.event_definition)

    def catch(self, my_task: Any, event: Any = None) -> None:
        my_task._set_internal_data(event_fired=True)

    def throw(self, my_task: Any) -> None:
        my_task.workflow.top_workflow.catch(BpmnEvent(self))

    def update_task_data(self, my_task: Any) -> None:
        """A message brings no data."""
