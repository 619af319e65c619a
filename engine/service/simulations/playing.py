"""The process that plays runs for a worker: it holds no database, and knows only plain data.

It stays between runs, as starting it takes longer than most of them. What it is sent: a `Job`, or
`LEAVE` to let go of the one it plays. What it answers: `News` now and then, an `Outcome` once.
"""

from __future__ import annotations

import os
import signal
import traceback
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from time import monotonic
from typing import Any

from engine.analysis.simulation.run import Cancelled, Progress
from engine.errors import LianshenError
from engine.service.simulations import frozen, planning, results

#: asks to let go of the present job; without one it means nothing
LEAVE = None
#: at most so often is told how far a job is
SECONDS = 0.5
#: what answers people comes first
NICENESS = 5


@dataclass(frozen=True, slots=True)
class Job:
    """What is to be played, as it is kept."""

    model: bytes
    plan: Mapping[str, Any]
    sensitivity: bool
    processes: int


@dataclass(frozen=True, slots=True)
class News:
    """How far a job is."""

    done: int
    of: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a job: a result as it is kept, or why there is none; neither: let go of.

    `trace` is for the log.
    """

    result: bytes | None = None
    error: str = ""
    trace: str = ""


def serve(connection: Connection) -> None:
    """Play what comes until the worker is gone: what runs in the process."""
    # the worker hears of the terminal's Ctrl-C itself
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.nice(NICENESS)
    with suppress(EOFError, OSError):
        while True:
            job = connection.recv()
            # what is to be left has ended meanwhile
            if job is not LEAVE:
                connection.send(outcome(job, teller(connection)))


def teller(connection: Connection) -> Progress:
    """Return what tells the worker how far a job is, and whether it is to go on."""
    last = -SECONDS

    def tell(done: int, of: int) -> bool:
        nonlocal last
        try:
            if connection.poll():
                connection.recv()
                return False
            if monotonic() - last >= SECONDS:
                last = monotonic()
                connection.send(News(done, of))
        except (EOFError, OSError) as error:
            # the worker is gone: nobody wants to know
            raise SystemExit from error
        return True

    return tell


def outcome(job: Job, tell: Progress) -> Outcome:
    """Play a job."""
    try:
        return Outcome(played(job, tell))
    except Cancelled:
        return Outcome()
    except LianshenError as error:
        return Outcome(error=error.sentences())
    except MemoryError:
        return Outcome(error="There was not enough memory: play fewer cases in a replication.")
    except Exception as error:  # noqa: BLE001 - whatever it is, the run has failed of it
        text = f"{type(error).__name__}: {error}"
        return Outcome(error=text, trace=traceback.format_exc())


def played(job: Job, tell: Progress) -> bytes:
    """Return the result of a job as it is kept. Raises Cancelled, InvalidModel."""
    model, plan = frozen.unpacked(job.model), planning.plan_of(job.plan)
    found = results.played(model, plan, tell, processes=job.processes, sensitivity=job.sensitivity)
    return frozen.packed_data(found)
