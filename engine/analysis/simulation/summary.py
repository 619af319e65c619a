"""What one replication says, small enough to be sent between processes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from engine.analysis.simulation.arriving import DAY, arriving
from engine.analysis.simulation.hours import after, before
from engine.analysis.simulation.kernel import records as r
from engine.analysis.simulation.kernel.hours import worked
from engine.analysis.simulation.kernel.sample import sample
from engine.analysis.simulation.layout import Layout
from engine.analysis.simulation.model import Model
from engine.analysis.simulation.plan import Plan
from engine.analysis.simulation.replication import Played, Stopped, play
from engine.analysis.simulation.straight import Block, Straight, room

#: the views of a case, in working days
VIEWS = ("counted", "elapsed", "whole")
#: points of the warm-up chart
PERIODS = 24


@dataclass(frozen=True, eq=False)
class Summary:
    """One replication's figures, of its measured cases.

    `days`: working days by view, one row a view; NaN where construction never started. `kept`:
    whether it started within the window, `opened`: its date as a day number. `sums`: by node,
    `own`: histogram of items' own days, `critical`, `items`: by item; see `records.State`.
    `pools`: tasks, waiting, area and the longest queue; `busy` and `open`: hours by person.
    `series`: mean counted days by period of arrival, the warm-up included, and their ends in days.
    """

    days: Any
    kept: Any
    opened: Any
    sums: Any
    own: Any
    critical: Any
    items: Any
    pools: Any
    busy: Any
    open: Any
    series: Any


def queued(layout: Layout, plan: Plan, replication: int, go_on: Callable[[], bool]) -> Summary:
    """Return the figures of a replication played event by event."""
    played = play(layout, plan, replication, go_on=go_on)
    state, coming, model = played.state, played.arriving, layout.model
    measured = slice(coming.before, coming.before + coming.measured)
    return Summary(
        days=views(model, state.outcomes[measured]),
        kept=within(model, state.outcomes[measured]),
        opened=state.outcomes["opened"][measured] / DAY,
        sums=state.sums,
        own=state.days,
        critical=state.critical,
        items=state.items,
        pools=pools(played),
        busy=state.people["busy_hours"],
        open=available(played),
        series=series(model, state.outcomes),
    )


def sampled(
    layout: Layout, plan: Plan, replication: int, drawn: Straight, go_on: Callable[[], bool]
) -> Summary:
    """Return the figures of a replication drawn at once; its days differ by nothing else."""
    model, coming = layout.model, arriving(layout.model, plan, replication)
    network = drawn.of(plan, replication)
    block = room(len(network.nodes), len(layout.items))
    count = coming.before + coming.measured
    found = np.zeros(count, r.OUTCOME)
    if not go_on():
        raise Stopped
    sample(network, block, coming.before, count, found)
    found, arrived = found[coming.before :], coming.rows["at"][coming.before : count]
    hours = np.stack([found["counted"], found["opened"], found["ended"]])
    outcomes = dated(model, arrived, found) if model.window_months is not None else found
    return Summary(
        days=np.round(hours / model.calendars[model.clock].day_hours, 9),
        kept=within(model, outcomes),
        opened=outcomes["opened"] / DAY,
        sums=spent(layout, drawn.names, block, coming.measured),
        own=block.days,
        critical=block.critical,
        items=block.items,
        pools=np.zeros((0, 4)),
        busy=np.zeros(0),
        open=np.zeros(0),
        series=np.zeros((2, 0)),
    )


def spent(layout: Layout, names: list[str], block: Block, cases: int) -> Any:
    """Return the sums of nodes: nobody waits, nothing is closed."""
    found = np.zeros(len(layout.places), r.SUMS)
    for name, hours in zip(names, block.spent, strict=True):
        if name in layout.places:
            row = found[layout.places[name]]
            row["visits"], row["working"] = cases, hours
    return found


def dated(model: Model, arrived: Any, found: Any) -> Any:
    """Return outcomes with the instants of construction start, of working hours since arrival."""
    clock = model.calendars[model.clock]
    rows = np.zeros(len(arrived), r.OUTCOME)
    rows["arrived"] = arrived
    opened = after(clock, before(clock, arrived) + found["opened"])
    rows["opened"] = np.where(found["opened"] > 0, opened, arrived)
    return rows


def views(model: Model, outcomes: Any) -> Any:
    """Return the days of cases, one row a view: counted, elapsed, to the last end."""
    clock, standing = model.calendars[model.clock], model.standing
    spent = np.array([each.elapsed_days for each in standing]) if standing else 0.0
    begin = before(clock, outcomes["arrived"])
    elapsed = (before(clock, outcomes["opened"]) - begin) / clock.day_hours + spent
    whole = (before(clock, outcomes["ended"]) - begin) / clock.day_hours + spent
    return np.round(np.stack([outcomes["counted"], elapsed, whole]), 9)


def within(model: Model, outcomes: Any) -> Any:
    """Return, case by case, whether construction could start within the window's months."""
    if model.window_months is None:
        return np.zeros(len(outcomes), bool)
    arrived = outcomes["arrived"]
    if model.standing:
        arrived = np.array([each.began_at for each in model.standing])
    last = ends(model.origin, np.floor(arrived / DAY).astype(np.int64), model.window_months)
    return np.floor(outcomes["opened"] / DAY) <= last


def ends(origin: date, days: Any, months: int) -> Any:
    """Return the days on which so many months after given days end, both counted from the origin.

    The day of the month is kept, or its last where it has no such day (民法典 art. 202).
    """
    given = np.datetime64(origin) + days
    month = given.astype("datetime64[M]")
    later = month + months
    day = np.minimum(given - month, (later + 1).astype("datetime64[D]") - later - 1)
    return ((later.astype("datetime64[D]") + day) - np.datetime64(origin)).astype(np.int64)


def pools(played: Played) -> Any:
    """Return tasks, waiting hours, the queue's mean length and its longest, by pool.

    No queue is left when the last case has ended, so no area is missing.
    """
    rows, (begin, end) = played.state.pools, played.program.window
    length = rows["area"] / max(end - begin, 1e-9)
    return np.stack([rows["tasks"], rows["waiting"], length, rows["most"]], axis=1)


def available(played: Played) -> Any:
    """Return the hours each person was on duty in the window in which people are measured."""
    p, (begin, end) = played.program, played.program.window
    which = played.state.people["calendar"]
    return np.array([worked(p, each, end) - worked(p, each, begin) for each in which])


def series(model: Model, outcomes: Any) -> Any:
    """Return the ends of periods in days since the beginning, and the mean counted days in each."""
    if model.standing or not len(outcomes):
        return np.zeros((2, 0))
    last = outcomes["arrived"][-1]
    edges = np.linspace(0.0, max(last, 1e-9), PERIODS + 1)
    period = np.clip(np.searchsorted(edges, outcomes["arrived"], side="right") - 1, 0, PERIODS - 1)
    known = np.isfinite(outcomes["counted"])
    counts = np.bincount(period[known], minlength=PERIODS)
    sums = np.bincount(period[known], outcomes["counted"][known], minlength=PERIODS)
    with np.errstate(invalid="ignore"):
        return np.stack([edges[1:] / DAY, sums / counts])
