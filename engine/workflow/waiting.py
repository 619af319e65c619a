"""Where an instance waits, and what one step of it did."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from engine.workflow.definition import Element


class Wait(StrEnum):
    """What an instance waits for."""

    USER_TASK = "user_task"
    CALL = "call"
    GATE = "gate"
    TIMER = "timer"


@dataclass(frozen=True, slots=True)
class Waiting:
    """One place where an instance waits."""

    id: str
    wait: Wait
    element: Element
    message: str = ""
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """What happened since the last step: what was opened, closed and passed, in order."""

    opened: tuple[Waiting, ...]
    closed: tuple[Waiting, ...]
    passed: tuple[Element, ...]
    ended: bool
