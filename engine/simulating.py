"""Playing of queued runs of the simulation: the worker's third errand, beside sweep and delivery.

A worker has one run at a time. A process of its own plays it, so that the server goes on
answering; `step` only looks: at what that process says, and whether the run is still the worker's.
No transaction is open meanwhile (`engine/service/simulations/claims.py` says what follows).
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from multiprocessing import get_context
from typing import Any, TypeVar

import structlog
from sqlalchemy import Engine

from engine.clock import Clock, SystemClock
from engine.service.simulations import claims, playing
from engine.service.simulations.claims import Claimed
from engine.service.simulations.playing import Job, News, Outcome
from engine.service.work import SYSTEM, Work
from engine.settings import Settings
from engine.store.database import transaction

T = TypeVar("T")

#: how often a worker that has nothing new to say says that it lives
BEAT = timedelta(seconds=5)
#: how long the process gets to let go of a run, in seconds
GRACE = 3.0
NOTHING = News(0, 0)
GONE = Outcome(error="The process that played it ended: perhaps there was not enough memory.")

log = structlog.get_logger()


class Player:
    """The process that plays, started when it is first needed."""

    def __init__(self) -> None:
        # a process that is forked from one with threads may hang
        context = get_context("spawn")
        self.connection, other = context.Pipe()
        self.process = context.Process(target=playing.serve, args=(other,), name="simulation")
        self.process.start()
        other.close()

    def play(self, job: Job) -> None:
        """Begin with a job."""
        self.connection.send(job)

    def leave(self) -> None:
        """Ask to let go of the present job; an outcome follows all the same."""
        self.connection.send(playing.LEAVE)

    def heard(self, wait: float) -> News | Outcome | None:
        """Return the latest that it said, an outcome above all; wait so many seconds for it."""
        latest = None
        try:
            while self.connection.poll(0 if latest else wait):
                latest = self.connection.recv()
                if isinstance(latest, Outcome):
                    break
        except (EOFError, OSError):
            return GONE
        return latest

    def close(self) -> None:
        """End it."""
        self.connection.close()
        self.process.join(GRACE)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()
        self.process.close()


@dataclass(slots=True)
class Simulating:
    """What a worker does about queued runs. `alive` tells the machine's time."""

    engine: Engine
    clock: Clock
    settings: Settings
    alive: Clock = field(default_factory=SystemClock)
    player: Player | None = None
    run: Claimed | None = None
    #: a run was let go of, whose outcome is still to come
    leaving: bool = False
    told: News = NOTHING
    beaten: datetime | None = None

    def step(self, wait: float = 0.0) -> bool:
        """Look once, waiting so many seconds for news; False where there is nothing to do."""
        if self.run is None and not self.leaving and not self.take():
            return False
        news = self.process().heard(wait)
        if isinstance(news, Outcome):
            self.end(news)
        elif self.run is not None and not self.goes_on(self.run, news):
            self.run, self.leaving = None, True
            self.process().leave()
        return True

    def process(self) -> Player:
        """Return the process that plays, started where there is none."""
        if self.player is None:
            self.player = Player()
        return self.player

    def take(self) -> bool:
        """Claim the run that has waited longest, and begin with it."""
        now = self.alive.now()
        found = self.read(claims.waiting, now)
        if found is None:
            return False
        run = self.write(claims.claim, found, secrets.token_hex(16), now)
        if run is None:
            return False
        self.run, self.told, self.beaten = run, NOTHING, now
        self.process().play(Job(run.model, run.plan, run.sensitivity, processes(self.settings)))
        return True

    def goes_on(self, run: Claimed, news: News | None) -> bool:
        """Note how far the run is; False where it is the worker's no more."""
        now = self.alive.now()
        if news is None and self.beaten and now - self.beaten < BEAT:
            return self.read(claims.holds, run)
        self.told, self.beaten = news or self.told, now
        return self.write(claims.beat, run, self.told.done, self.told.of, now)

    def end(self, outcome: Outcome) -> None:
        """Keep what came of the run, if it is the worker's still."""
        run, self.run, self.leaving = self.run, None, False
        if outcome is GONE:
            self.close()
        if run is None:
            return
        if outcome.result is not None:
            self.write(claims.finish, run, outcome.result)
            return
        log.warning("simulation_failed", run=run.id, error=outcome.error, trace=outcome.trace)
        self.write(claims.fail, run, outcome.error)

    def stop(self) -> None:
        """End, quickly; what is under way is queued again."""
        run, self.run, self.leaving = self.run, None, False
        self.close()
        if run is not None:
            self.write(claims.give_back, run)

    def close(self) -> None:
        """End the process that plays."""
        if self.player is not None:
            self.player.close()
            self.player = None

    def read(self, verb: Callable[..., T], *given: Any) -> T:
        """Ask in a transaction that only reads."""
        with transaction(self.engine, read_only=True) as db:
            return verb(Work(db, self.clock.now(), SYSTEM, self.settings), *given)

    def write(self, verb: Callable[..., T], *given: Any) -> T:
        """Do something in a transaction of its own."""
        with transaction(self.engine) as db:
            return verb(Work(db, self.clock.now(), SYSTEM, self.settings), *given)


def processes(settings: Settings) -> int:
    """Return how many processes play a run: one less than the machine's unless set otherwise."""
    return settings.simulation_processes or max(1, (os.cpu_count() or 1) - 1)
