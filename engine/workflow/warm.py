"""Instances kept alive between two steps, so that the next need not be decoded.

A kept instance is found by its whole state as text: what the database holds is the truth,
and only an instance that would be decoded from the very same text takes its place. A step
that is rolled back, or taken by another process, leaves text behind that nobody asks for.
"""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock

from SpiffWorkflow.bpmn import BpmnWorkflow

from engine.workflow.definition import Definition

#: how many instances are kept; the least recently left are forgotten
KEPT = 256

_KEPT: OrderedDict[tuple[str, str], BpmnWorkflow] = OrderedDict()
_LOCK = Lock()


def keep(definition: Definition, state: str, workflow: BpmnWorkflow) -> None:
    """Keep an instance that nobody moves any more until it is taken."""
    with _LOCK:
        _KEPT[definition.key, state] = workflow
        if len(_KEPT) > KEPT:
            _KEPT.popitem(last=False)


def take(definition: Definition, state: str) -> BpmnWorkflow | None:
    """Return the instance of a state, for the caller alone; None where it is not kept."""
    with _LOCK:
        found = _KEPT.pop((definition.key, state), None)
    # the same file deployed again is another specification
    return found if found is not None and found.spec is definition.spec else None
