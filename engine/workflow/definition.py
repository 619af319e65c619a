"""A process definition: the parsed specification that runs, and what its elements say."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.rules.flow import Flow
from engine.rules.procedure import Kind


@dataclass(frozen=True, slots=True)
class Element:
    """One flow node of a diagram with its `zeebe:properties`."""

    id: str
    tag: str
    name: str
    lane: str = ""
    line: int = 0
    called: str = ""
    properties: Mapping[str, str] = field(default_factory=dict)

    def listed(self, name: str) -> tuple[str, ...]:
        """Return a property that holds a comma-separated list."""
        parts = (part.strip() for part in self.properties.get(name, "").split(","))
        return tuple(part for part in parts if part)

    @property
    def item(self) -> str:
        """The catalogue id this element stands for; its own id where none is named."""
        return self.properties.get("item") or self.id

    @property
    def kind(self) -> Kind:
        """Who works on it."""
        return Kind(self.properties.get("kind", Kind.APPROVAL))

    @property
    def outcomes(self) -> tuple[str, ...]:
        """What may be answered, the plain positive outcome first."""
        return self.listed("outcomes") or ("done",)


@dataclass(frozen=True, slots=True, eq=False)
class Definition:
    """One executable process of one file."""

    id: str
    name: str
    key: str
    spec: Any
    subprocesses: Mapping[str, Any]
    elements: Mapping[str, Element]
    specs: tuple[str, ...]
    spec_index: Mapping[str, int]
    #: the sequence flows that leave each element, both ends by the ids they run under
    flows: Mapping[str, tuple[Flow, ...]] = field(default_factory=dict)

    def element(self, task_spec: Any) -> Element | None:
        """Return the diagram's element of a task specification; None for internal nodes."""
        return self.elements.get(getattr(task_spec, "bpmn_id", None) or "")


def digest(*contents: bytes) -> str:
    """Return the hash that names a definition: SHA-256 over lengths and contents, 32 hex digits."""
    total = hashlib.sha256()
    for content in contents:
        total.update(len(content).to_bytes(8, "big"))
        total.update(content)
    return total.hexdigest()[:32]
