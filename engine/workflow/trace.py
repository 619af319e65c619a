"""The way an instance has gone through its diagram, read from its kept state without running it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from SpiffWorkflow.bpmn.specs.defaults import EventBasedGateway
from SpiffWorkflow.util.task import TaskState

from engine.workflow.definition import Definition
from engine.workflow.diagram import Flow
from engine.workflow.parser import MAX_BYTES
from engine.workflow.xml import NAMESPACES, parse

#: not there yet: predicted, or to come once its parent has run
AHEAD = TaskState.PREDICTED_MASK | TaskState.FUTURE
STANDING = TaskState.WAITING | TaskState.READY | TaskState.STARTED


@dataclass(slots=True)
class Trace:
    """Elements by id, and pairs of elements between which the instance has gone."""

    #: completed at least once
    passed: set[str] = field(default_factory=set)
    #: where it stands: work in hand, a gate or timer that waits, a join not yet full
    waiting: set[str] = field(default_factory=set)
    gone: set[tuple[str, str]] = field(default_factory=set)


def trace(definition: Definition, state: str) -> Trace:
    """Return the way an instance has gone, from its state as `codec` writes it.

    Of a subprocess that has ended nothing inside is known any more.
    """
    found = Trace()
    specs = _specs(definition)
    _walk(found, definition, [specs[name] for name in definition.specs], json.loads(state))
    return found


def flows(content: bytes) -> list[Flow]:
    """Return the sequence flows of a deployed file, those inside subprocesses too."""
    root, _ = parse(content, MAX_BYTES)
    found = () if root is None else root.iterfind(".//bpmn:sequenceFlow", NAMESPACES)
    names = ("id", "sourceRef", "targetRef")
    return [Flow(*(each.get(name, "") for name in names)) for each in found]


def texts(content: bytes) -> dict[str, str]:
    """Return what is written in a deployed file's drawing, by the id of its element."""
    root, _ = parse(content, MAX_BYTES)
    found = () if root is None else root.iterfind(".//bpmn:*[@name]", NAMESPACES)
    return {each.get("id", ""): each.get("name", "") for each in found if each.get("id")}


def _specs(definition: Definition) -> Mapping[str, Any]:
    every = (definition.spec, *definition.subprocesses.values())
    return {name: spec for each in every for name, spec in each.task_specs.items()}


def _walk(
    found: Trace, definition: Definition, specs: Sequence[Any], tree: Mapping[str, Any]
) -> None:
    #: by row, the nearest element at or above it
    places: list[str] = []
    for number, parent, *rest in tree["rows"]:
        spec, state = specs[number], rest[0]
        element = definition.element(spec)
        before = places[parent] if parent >= 0 else ""
        places.append(element.id if element else before)
        if element is None or state & AHEAD:
            continue
        if before and not _lost(state, specs, tree["rows"][parent]):
            found.gone.add((before, element.id))
        if state & TaskState.COMPLETED:
            found.passed.add(element.id)
        elif state & STANDING:
            found.waiting.add(element.id)
    for inner in tree.get("inner", {}).values():
        _walk(found, definition, specs, inner)


def _lost(state: int, specs: Sequence[Any], parent: Sequence[Any]) -> bool:
    """Tell whether an event came too late: another one behind its gateway was first."""
    return bool(state & TaskState.CANCELLED) and isinstance(specs[parent[0]], EventBasedGateway)
