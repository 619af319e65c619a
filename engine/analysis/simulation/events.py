"""The event log of a simulated city: who did what when, as a real one would have it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, time, tzinfo
from typing import Any

import numpy as np

from engine.analysis.eventlog.log import UNKNOWN, EventLog
from engine.analysis.simulation.layout import Layout
from engine.analysis.simulation.model import Model
from engine.analysis.simulation.plan import Plan
from engine.analysis.simulation.replication import Played, play
from engine.rules.flow import FlowKind

HOUR = 3_600.0


def events(
    model: Model,
    plan: Plan,
    replication: int = 0,
    *,
    timezone: tzinfo = UTC,
    go_on: Callable[[], bool] = lambda: True,
) -> EventLog:
    """Return the event log of one replication, the cases of its warm-up included.

    Activities are nodes, resources people, groups departments or pools. The clock of the model is
    that of `timezone`, taken to have no summer time. Raises as `play` does.
    """
    layout = Layout(model)
    played = play(layout, plan, replication, log=True, go_on=go_on)
    rows = wanted(model, played)
    begin = datetime.combine(model.origin, time(), timezone).timestamp()
    groups, group_of = departments(model)
    resource = rows["person"].astype(np.int32)
    return EventLog(
        cases=names(model, played),
        activities=tuple(each.id for each in model.nodes),
        resources=tuple(each.id for each in model.people),
        groups=groups,
        case=rows["case"].astype(np.int32),
        activity=rows["node"].astype(np.int32),
        resource=np.where(resource < 0, UNKNOWN, resource).astype(np.int32),
        group=group_of[rows["node"]],
        ready=begin + rows["ready"] * HOUR,
        start=begin + rows["start"] * HOUR,
        end=begin + rows["end"] * HOUR,
        traits=traits(played),
    )


def wanted(model: Model, played: Played) -> Any:
    """Return the log's rows by case and end, without time that passes by itself."""
    rows = played.state.log[: played.logged]
    timers = np.array([each.kind is FlowKind.TIMER for each in model.nodes])
    rows = rows[~timers[rows["node"]]]
    return rows[np.lexsort((rows["end"], rows["case"]))]


def names(model: Model, played: Played) -> tuple[str, ...]:
    """Return the names of the cases in the order of their numbers."""
    standing = [each.id for each in model.standing]
    new = range(len(played.arriving.rows) - len(standing))
    return (*standing, *(f"case-{number + 1:06d}" for number in new))


def traits(played: Played) -> dict[str, tuple[str, ...]]:
    """Return what is known of the cases: their priority, and whether they are measured."""
    coming = played.arriving
    numbers = np.arange(len(coming.rows))
    inside = (numbers >= coming.before) & (numbers < coming.before + coming.measured)
    return {
        "priority": tuple(map(str, coming.rows["priority"].tolist())),
        "measured": tuple("true" if each else "false" for each in inside),
    }


def departments(model: Model) -> tuple[tuple[str, ...], Any]:
    """Return the groups, and each node's: its pool's department, or the pool where it has none."""
    by_pool = {each.id: each.department or each.id for each in model.pools}
    by_item = {each.id: each.department for each in model.items}
    named = [by_pool.get(each.pool) or by_item.get(each.item, "") for each in model.nodes]
    groups = tuple(dict.fromkeys(each for each in named if each))
    places = {name: at for at, name in enumerate(groups)}
    return groups, np.array([places.get(each, UNKNOWN) for each in named], np.int32)
