"""Runs: replications played one after another or side by side, with the same answer."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any

from engine.analysis.simulation import straight
from engine.analysis.simulation.layout import Layout
from engine.analysis.simulation.model import Model
from engine.analysis.simulation.plan import InvalidPlan, Plan
from engine.analysis.simulation.replication import Stopped
from engine.analysis.simulation.result import Result
from engine.analysis.simulation.summary import Summary, queued, sampled
from engine.errors import Conflict

Progress = Callable[[int, int], bool]
#: replications that may be under way or waiting to be added, per process
AHEAD = 4


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
    def network(self) -> Any:
        """The network of a model without queues, or None."""
        return straight.graph(self.model)

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

    `progress(done, of)` is called after every replication and, in one process, also within long
    ones; where it returns False the run ends with Cancelled. Raises InvalidModel.
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
        yield from side_by_side(unit, processes)
        return
    for replication in range(unit.plan.replications):
        yield one(unit, replication, progress)


def one(unit: Unit, replication: int, progress: Progress | None) -> Summary:
    """Return one replication's figures; asks now and then whether they are still wanted."""
    of = unit.plan.replications
    try:
        return unit.play(replication, lambda: progress is None or progress(replication, of))
    except Stopped:
        raise Cancelled("the run was cancelled") from None


def side_by_side(unit: Unit, processes: int) -> Iterator[Summary]:
    """Yield the replications' figures in their order, played in other processes."""
    with ExitStack() as stack:
        pool = stack.enter_context(workers(unit, processes))
        stack.callback(pool.shutdown, cancel_futures=True)
        numbers = iter(range(unit.plan.replications))
        ahead = [pool.submit(replicate, each) for each in islice(numbers, processes * AHEAD)]
        while ahead:
            done: Future[Summary] = ahead.pop(0)
            yield done.result()
            ahead.extend(pool.submit(replicate, each) for each in islice(numbers, 1))


def workers(unit: Unit, processes: int) -> ProcessPoolExecutor:
    """Return processes that know the unit; spawned, for a server's threads must not be forked."""
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(processes, context, initializer=prepare, initargs=(unit,))


#: what this process plays, where it was started to play
UNIT: list[Unit] = []


def prepare(unit: Unit) -> None:
    """Keep what this process is to play."""
    UNIT[:] = [unit]


def replicate(replication: int) -> Summary:
    """Play one replication in a process that was prepared."""
    return UNIT[0].play(replication)


def check_arrivals(model: Model) -> None:
    """Refuse a city in which there is nothing to measure. Raises InvalidPlan."""
    if not model.standing and model.arrivals.per_year <= 0 and model.arrivals.between is None:
        raise InvalidPlan("nothing arrives: name arrivals a year", field="arrivals")
