"""A run's states, and why it has no result just now."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from engine.errors import Conflict
from engine.rules.lifecycle import Moves, moves


class State(StrEnum):
    """How far a run of the simulation is."""

    #: waits for a worker
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    #: `error` says why
    FAILED = "failed"
    CANCELLED = "cancelled"


RUN: Final[Moves] = moves(
    {
        "queued": "running cancelled",
        # again queued: its worker was stopped
        "running": "queued done failed cancelled",
        "done": "",
        "failed": "",
        "cancelled": "",
    }
)
#: nothing of it changes any more
ENDED: Final = frozenset({State.DONE, State.FAILED, State.CANCELLED})


class NotDone(Conflict):
    """The run has no result."""

    code = "simulation_not_done"
    remedy = "Wait until its state is done; start another run where it failed or was cancelled."
