"""One replication: the kernel's arrays made, played and read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.analysis.simulation.arriving import Arriving, arriving
from engine.analysis.simulation.away import own_hours
from engine.analysis.simulation.kernel import records as r
from engine.analysis.simulation.kernel.advance import advance
from engine.analysis.simulation.layout import Layout, facts
from engine.analysis.simulation.model import InvalidModel
from engine.analysis.simulation.plan import Plan
from engine.analysis.simulation.spans import calendars, hours

#: steps between two looks at whether the run is still wanted
BUDGET = 2_000_000
GROWS = {
    r.GROW_HEAP: ("heap",),
    r.GROW_STACK: ("stack",),
    r.GROW_JOBS: ("jobs",),
    r.GROW_CASES: ("cases", "meetings", "milestones", "waiting", "visits", "causes", "own"),
    r.GROW_LOG: ("log",),
}
#: open cases times nodes at which a model counts as overrun: some hundred megabytes
MOST_OPEN = 12_000_000
YEARS_AFTER = 3 * 8_766.0


@dataclass(frozen=True, eq=False)
class Played:
    """What one replication left: its program, and the state at its end."""

    program: r.Program
    state: r.State
    arriving: Arriving

    @property
    def logged(self) -> int:
        """Rows of the event log."""
        return int(self.state.count[r.LOGGED])


def play(
    layout: Layout,
    plan: Plan,
    replication: int,
    *,
    log: bool = False,
    go_on: Callable[[], bool] = lambda: True,
) -> Played:
    """Play one replication to its end; raises InvalidModel where cases never end, Stopped."""
    coming = arriving(layout.model, plan, replication)
    program, state = programmed(layout, plan, replication, coming, log=log)
    while (status := int(advance(program, state, BUDGET))) != r.DONE:
        if status == r.ENDLESS:
            raise InvalidModel("a loop in which no time passes never ends")
        if status == r.BUDGET and not go_on():
            raise Stopped
        if status == r.GROW_CASES:
            check_keeping_up(layout, state)
        state = grown(state, GROWS.get(status, ()))
    check_ended(layout, state, coming)
    return Played(program, state, coming)


class Stopped(Exception):
    """A run that nobody wants any more."""


def programmed(
    layout: Layout, plan: Plan, replication: int, coming: Arriving, *, log: bool
) -> tuple[r.Program, r.State]:
    """Return the program of a replication and its state at the beginning."""
    people, pools = layout.staff()[:2]
    last = float(coming.rows["at"][-1]) if len(coming.rows) else 0.0
    dated = [*layout.hours]
    for row, person in zip(people, layout.model.people, strict=True):
        if person.absence.share > 0:
            row["calendar"] = len(dated)
            times, period = own_hours(layout.model, person, plan, replication, last + YEARS_AFTER)
            day = layout.model.calendars[person.calendar].day_hours
            dated.append(hours(times, period, day))
    rows, spans, days = calendars(dated)
    program = layout.program._replace(
        calendars=rows,
        spans=spans,
        days=days,
        arrivals=coming.rows,
        facts=numbers(layout, plan, replication, coming, log=log),
        window=window(plan, coming),
    )
    return program, beginning(layout, people, pools, coming, len(rows))


def numbers(layout: Layout, plan: Plan, replication: int, coming: Arriving, *, log: bool) -> Any:
    """Return the numbers of a program."""
    found = facts(plan, replication, layout.milestones.get(layout.model.opens, -1))
    found[r.CLOCK], found[r.LOG] = layout.place_of_clock(), log
    found[r.BEFORE], found[r.MEASURED] = coming.before, coming.measured
    return found


def window(plan: Plan, coming: Arriving) -> Any:
    """Return the hours between which people's time is measured."""
    measured = coming.rows["at"][coming.before : coming.before + coming.measured]
    if len(coming.rows) and coming.rows["standing"][0] >= 0:
        return np.array([0.0, (plan.warm_up_days + plan.cool_down_days) * 24.0])
    begin = plan.warm_up_days * 24.0 if coming.before else 0.0
    return np.array([begin, max(float(measured[-1]), begin)])


def beginning(layout: Layout, people: Any, pools: Any, coming: Arriving, calendars: int) -> r.State:
    """Return the state in which nothing has happened yet."""
    nodes, items, cases = len(layout.places), len(layout.items), 64
    count = np.zeros(r.COUNTS, np.int64)
    count[r.FREE_JOB] = count[r.FREE_CASE] = -1
    return r.State(
        count=count,
        now=np.zeros(1),
        present=present(calendars),
        people=people,
        pools=pools,
        jobs=np.zeros(1_024, r.JOB),
        heap=np.zeros(1_024 + len(people), r.EVENT),
        stack=np.zeros(4 * nodes + 2 * len(layout.model.nodes) + 256, r.TOKEN),
        cases=np.zeros(cases, r.CASE),
        meetings=np.zeros((cases, len(layout.joins)), r.MEETING),
        milestones=np.zeros((cases, len(layout.milestones)), r.MILESTONE),
        waiting=np.zeros((cases, len(layout.gates)), r.WAITING),
        visits=np.zeros((cases, nodes), np.int32),
        causes=np.full((cases, nodes, 2), -1, np.int32),
        own=np.zeros((cases, items)),
        outcomes=np.zeros(len(coming.rows), r.OUTCOME),
        sums=np.zeros(nodes, r.SUMS),
        days=np.zeros((items, 2 * r.DAY_STEPS), np.int64),
        critical=np.zeros(items, np.int64),
        items=np.zeros((items, 3)),
        marks=np.zeros(nodes + items, np.int64),
        log=np.zeros(1_024, r.STEP),
    )


def present(calendars: int) -> Any:
    """Return what is known of the present on so many calendars: nothing yet."""
    found = np.zeros(calendars, r.PRESENT)
    found["until"] = -np.inf
    return found


def grown(state: r.State, names: tuple[str, ...]) -> r.State:
    """Return the state with some arrays twice as long."""
    longer = {name: doubled(getattr(state, name)) for name in names}
    return state._replace(**longer)


def doubled(array: Any) -> Any:
    """Return an array with room for as much again."""
    return np.concatenate([array, np.zeros_like(array)])


def check_keeping_up(layout: Layout, state: r.State) -> None:
    """Refuse a model in which ever more cases are open, before memory runs out.

    Raises InvalidModel naming the longest queue.
    """
    cases = len(state.cases)
    if cases * len(layout.places) < MOST_OPEN:
        return
    rows = zip(layout.model.pools, state.pools, strict=True)
    longest = max(rows, key=lambda each: int(each[1]["length"]), default=None)
    where = f"; {longest[1]['length']} tasks wait at {longest[0].id}" if longest else ""
    raise InvalidModel(f"more arrives than can be done: {cases:,} cases are open at once{where}")


def check_ended(layout: Layout, state: r.State, coming: Arriving) -> None:
    """Refuse a model whose cases stand still for ever. Raises InvalidModel naming a node."""
    never = np.isnan(state.outcomes["ended"])
    if not never.any():
        return
    gates = np.flatnonzero(state.waiting["count"].sum(axis=0)) if layout.gates else ()
    joins = np.flatnonzero(state.meetings["count"].sum(axis=0)) if layout.joins else ()
    stuck = [[*layout.gates][each] for each in gates] + [[*layout.joins][each] for each in joins]
    where = ", ".join(stuck) or ", ".join(unserved(layout, state))
    text = f"{int(never.sum())} of {len(coming.rows)} cases never end: they wait at {where}"
    raise InvalidModel(text, nodes=stuck)


def unserved(layout: Layout, state: r.State) -> list[str]:
    """Return the pools in whose queues something waits for ever."""
    return [
        pool.id for pool, row in zip(layout.model.pools, state.pools, strict=True) if row["length"]
    ]
