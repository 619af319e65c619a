"""Runs: replications played one after another or side by side, with the same answer."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import islice
from multiprocessing.synchronize import Event
from threading import Thread, current_thread, main_thread

from engine.analysis.simulation.layout import Layout
from engine.analysis.simulation.model import Model
from engine.analysis.simulation.plan import InvalidPlan, Plan
from engine.analysis.simulation.replication import Stopped
from engine.analysis.simulation.result import Result
from engine.analysis.simulation.straight import Straight, laid_out
from engine.analysis.simulation.summary import Summary, queued, sampled
from engine.errors import Conflict

Progress = Callable[[int, int], bool]
#: cases from which on a model without queues is drawn at once instead of played event by event
MANY = 20_000
#: replications that may be under way or waiting to be added, per process
AHEAD = 4
#: seconds between two looks at whether a run in other processes is still wanted
LOOK = 0.5


class Cancelled(Conflict):
    """A run was cancelled before its end."""

    code = "simulation_cancelled"
    remedy = "Start it again: the same seed gives the same answer."


@dataclass(frozen=True, eq=False)
class Unit:
    """What plays any replication of one model: plain data, sent to a process once."""

    model: Model
    plan: Plan

    @cached_property
    def layout(self) -> Layout:
        """The model laid out."""
        return Layout(self.model)

    @cached_property
    def network(self) -> Straight | None:
        """The network of a model without queues, or None: few cases are played, it tells more."""
        return laid_out(self.layout) if self.plan.cases >= MANY else None

    @property
    def mode(self) -> str:
        """How it is played: `sampled` or `queued`."""
        return "queued" if self.network is None else "sampled"

    def play(self, replication: int, go_on: Callable[[], bool] = lambda: True) -> Summary:
        """Return the figures of one replication."""
        if self.network is None:
            return queued(self.layout, self.plan, replication, go_on)
        return sampled(self.layout, self.plan, replication, self.network, go_on)


def simulate(
    model: Model,
    plan: Plan,
    *,
    processes: int = 1,
    progress: Progress | None = None,
) -> Result:
    """Play a model by a plan; the same seed gives the same result on any number of processes.

    `progress(done, of)` is called after every replication and also within long ones; where it
    returns False the run ends with Cancelled. Raises InvalidModel.
    """
    check_arrivals(model)
    unit = Unit(model, plan)
    unit.layout.check()
    result = Result(model, plan, unit.mode)
    for done, summary in enumerate(summaries(unit, processes, progress), start=1):
        result.add(summary)
        if progress is not None and not progress(done, plan.replications):
            raise Cancelled("the run was cancelled")
    return result


def summaries(unit: Unit, processes: int, progress: Progress | None) -> Iterator[Summary]:
    """Yield the replications' figures in their order, few at a time in memory."""
    if min(processes, unit.plan.replications) > 1:
        yield from side_by_side(unit, processes, progress)
        return
    for replication in range(unit.plan.replications):
        yield one(unit, replication, progress)


def one(unit: Unit, replication: int, progress: Progress | None) -> Summary:
    """Return one replication's figures; asks now and then whether they are still wanted."""
    of = unit.plan.replications
    try:
        return unit.play(replication, partial(wanted, progress, replication, of))
    except Stopped:
        raise Cancelled("the run was cancelled") from None


def wanted(progress: Progress | None, done: int, of: int) -> bool:
    """Tell how much of all is done, and return whether a run is to go on."""
    return progress is None or progress(done, of)


def side_by_side(unit: Unit, processes: int, progress: Progress | None) -> Iterator[Summary]:
    """Yield the replications' figures in their order, played in other processes."""
    of = unit.plan.replications
    # spawned, for a server's threads must not be forked
    context = multiprocessing.get_context("spawn")
    ended = context.Event()
    pool = ProcessPoolExecutor(processes, context, initializer=prepare, initargs=(unit, ended))
    with ExitStack() as stack:
        stack.enter_context(pool)
        stack.callback(pool.shutdown, cancel_futures=True)
        # what is under way is left first
        stack.callback(ended.set)
        numbers = iter(range(of))
        with deaf():
            ahead = [pool.submit(replicate, each) for each in islice(numbers, processes * AHEAD)]
        for done in range(of):
            yield awaited(ahead.pop(0), partial(wanted, progress, done, of))
            ahead.extend(pool.submit(replicate, each) for each in islice(numbers, 1))


@contextmanager
def deaf() -> Iterator[None]:
    """Start processes that do not hear an interruption: whoever started them ends them."""
    if current_thread() is not main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def awaited(future: Future[Summary], go_on: Callable[[], bool]) -> Summary:
    """Return what another process played, as long as it is wanted. Raises Cancelled."""
    while True:
        try:
            return future.result(LOOK)
        except TimeoutError:
            if not go_on():
                raise Cancelled("the run was cancelled") from None


#: what this process plays, where it was started to play, and whether that is over
UNIT: list[tuple[Unit, Event]] = []


def prepare(unit: Unit, ended: Event) -> None:
    """Keep what this process is to play; it ends with the one that started it."""
    UNIT[:] = [(unit, ended)]
    # who started it hears of the terminal's Ctrl-C, and says so
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=end_with_parent, daemon=True).start()


def end_with_parent() -> None:
    """End this process when the one that started it is gone."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def replicate(replication: int) -> Summary:
    """Play one replication in a process that was prepared. Raises Stopped."""
    unit, ended = UNIT[0]
    return unit.play(replication, lambda: not ended.is_set())


def check_arrivals(model: Model) -> None:
    """Refuse a city in which there is nothing to measure. Raises InvalidPlan."""
    if not model.standing and model.arrivals.per_year <= 0 and model.arrivals.between is None:
        raise InvalidPlan("nothing arrives: name arrivals a year", field="arrivals")
