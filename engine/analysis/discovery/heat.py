"""What passed at every node of a control flow, to be drawn on its diagrams."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from engine.analysis.discovery.durations import Durations
from engine.analysis.discovery.families import Array
from engine.analysis.discovery.resources import moves
from engine.analysis.eventlog.log import UNKNOWN, EventLog


def heat(log: EventLog, nodes: Mapping[str, str], measured: Durations) -> dict[str, dict[str, Any]]:
    """Return counts and hours by node id; `nodes` are node ids by activity.

    `count` rows in `cases` cases; median and 90 % quantile of the hours from readiness to the end;
    `work_hours` and `waiting_hours` their means, None where starts are unknown.
    """
    ids = list(dict.fromkeys(nodes.values()))
    place = {identifier: at for at, identifier in enumerate(ids)}
    of = np.array([place.get(nodes.get(each, ""), UNKNOWN) for each in log.activities] + [-1])
    node = of[log.activity]
    return {each: told(log, measured, node == at) for each, at in place.items()}


def told(log: EventLog, measured: Durations, rows: Array) -> dict[str, Any]:
    """Return what passed in some rows."""
    elapsed = measured.elapsed[rows]
    exact = rows & measured.exact
    return {
        "count": int(rows.sum()),
        "cases": len(np.unique(log.case[rows])),
        "median_hours": quantile(elapsed, 0.5),
        "p90_hours": quantile(elapsed, 0.9),
        "waiting_hours": mean(measured.waiting[exact]),
        "work_hours": mean(measured.work[exact]),
    }


def quantile(hours: Array, share: float) -> float | None:
    """Return a quantile of the known hours; None where none is known."""
    known = hours[np.isfinite(hours)]
    return round(float(np.quantile(known, share)), 4) if len(known) else None


def mean(hours: Array) -> float | None:
    """Return the mean of the known hours; None where none is known."""
    known = hours[np.isfinite(hours)]
    return round(float(known.mean()), 4) if len(known) else None


def passed(log: EventLog, nodes: Mapping[str, str]) -> dict[tuple[str, str], int]:
    """Return how often a node came directly after another in a case: {(from, to): n}."""
    ids = list(dict.fromkeys(nodes.values()))
    place = {identifier: at for at, identifier in enumerate(ids)}
    of = np.array([place.get(nodes.get(each, ""), UNKNOWN) for each in log.activities] + [-1])
    node, case = of[log.activity], log.case
    known = node != UNKNOWN
    node, case = node[known], case[known]
    return {(ids[a], ids[b]): n for a, b, n in moves(node, case[1:] == case[:-1])}
