"""What runs of the simulation answer: plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class RunRow:
    """A row of the list: `done` of `of` steps are played.

    Those are its replications, and with `sensitivity` the inputs that are varied.

    `source` is what was asked for, resolved: `procedure`, `version` and `version_id`, with
    `scenario` and its `operations`, or `portfolio` and how many `projects` it holds.
    """

    id: int
    name: str
    source: dict[str, Any]
    procedure: str
    state: str
    done: int
    of: int
    created_by: str
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    error: str
    plan: dict[str, Any]
    sensitivity: bool


@dataclass(frozen=True, slots=True)
class RunView(RunRow):
    """A run with what people said beyond the diagram.

    `engine` is the version of this software that played it, '' before; `digest` the SHA-256 of
    model, plan and `sensitivity`: runs of one digest have one result.
    """

    assumptions: dict[str, Any]
    engine: str
    digest: str
