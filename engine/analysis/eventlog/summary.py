"""A log in figures: what is in it, how long its cases take, which ways they go."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, tzinfo
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.analysis.eventlog.log import EventLog, Indices, Times
from engine.analysis.eventlog.selection import spans
from engine.analysis.eventlog.zone import CITY, DAY, midnights

TOP = 20
QUANTILES = (5, 25, 50, 75, 90, 95)


def summary(log: EventLog, *, timezone: tzinfo = CITY, top: int = TOP) -> dict[str, Any]:
    """Return a log in figures, as JSON holds them.

    - `cases`, `events` (rows), `first_at`, `last_at` (ISO 8601 in UTC, None without rows);
    - `one_timestamp`: no row says when work began; `midnight_share` of all times, by `timezone`;
    - `activities`, `resources`, `groups`: `name`, `events`, `cases`, `share` of cases, most first;
    - `durations` of cases in days from their first to their last time: `mean`, `least`, `most`,
      `p5`, `p25`, `p50`, `p75`, `p90`, `p95`; None without rows;
    - `variants`: `number`, and as `top` the most frequent ways: `activities`, `cases`, `share`;
    - `follows`: `from`, `to`, `count` of rows next to each other in a case, most first;
    - `starts`, `ends`: `name`, `cases` by the first and the last activity.
    """
    begins, ends = spans(log)
    firsts, lasts = edges(log)
    times = np.concatenate([log.ready, log.start, log.end])
    known = times[np.isfinite(times)]
    return {
        "cases": len(log.cases),
        "events": len(log),
        "first_at": instant(known.min()) if len(known) else None,
        "last_at": instant(known.max()) if len(known) else None,
        "one_timestamp": not log.has_starts,
        "midnight_share": midnights(known, timezone) / max(len(known), 1),
        "activities": uses(log, log.activities, log.activity),
        "resources": uses(log, log.resources, log.resource),
        "groups": uses(log, log.groups, log.group),
        "durations": durations((ends - begins)[np.isfinite(begins)] / DAY),
        "variants": variants(log, firsts, lasts, top),
        "follows": follows(log),
        "starts": counted(log, log.activity[firsts]),
        "ends": counted(log, log.activity[lasts]),
    }


def instant(second: float) -> str:
    """Return an instant as text."""
    return datetime.fromtimestamp(float(second), UTC).isoformat()


def edges(log: EventLog) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return the first and the last row of each case."""
    changes = np.flatnonzero(np.diff(log.case)).astype(np.int64)
    if not len(log):
        return changes, changes
    return np.append(0, changes + 1), np.append(changes, len(log) - 1)


def uses(log: EventLog, names: Sequence[str], column: Indices) -> list[dict[str, Any]]:
    """Return how many rows and cases name each name, the most frequent first."""
    known = column >= 0
    events = np.bincount(column[known], minlength=len(names))
    pairs = np.unique(column[known].astype(np.int64) * len(log.cases) + log.case[known])
    cases = np.bincount(pairs // max(len(log.cases), 1), minlength=len(names))
    order = np.argsort(-events, kind="stable")
    return [
        {
            "name": names[at],
            "events": int(events[at]),
            "cases": int(cases[at]),
            "share": int(cases[at]) / len(log.cases),
        }
        for at in order.tolist()
    ]


def durations(days: Times) -> dict[str, float] | None:
    """Return how long cases take, in days; None of none."""
    if not len(days):
        return None
    quantiles = np.percentile(days, QUANTILES)
    told = {"mean": days.mean(), "least": days.min(), "most": days.max()}
    told |= {f"p{each}": value for each, value in zip(QUANTILES, quantiles, strict=True)}
    return {name: float(value) for name, value in told.items()}


def variants(
    log: EventLog, firsts: npt.NDArray[np.int64], lasts: npt.NDArray[np.int64], top: int
) -> dict[str, Any]:
    """Return how many ways cases go, and those that most go."""
    ways = Counter(
        log.activity[first : last + 1].tobytes()
        for first, last in zip(firsts.tolist(), lasts.tolist(), strict=True)
    )
    most = [
        {
            "activities": [log.activities[at] for at in np.frombuffer(way, log.activity.dtype)],
            "cases": cases,
            "share": cases / len(log.cases),
        }
        for way, cases in ways.most_common(top)
    ]
    return {"number": len(ways), "top": most}


def follows(log: EventLog) -> list[dict[str, Any]]:
    """Return which activity comes next after which in a case, and how often."""
    same = log.case[1:] == log.case[:-1]
    pairs = np.stack([log.activity[:-1][same], log.activity[1:][same]], axis=1)
    found, counts = np.unique(pairs, axis=0, return_counts=True)
    names = log.activities
    return [
        {"from": names[found[at, 0]], "to": names[found[at, 1]], "count": int(counts[at])}
        for at in np.argsort(-counts, kind="stable").tolist()
    ]


def counted(log: EventLog, activities: Indices) -> list[dict[str, Any]]:
    """Return how many cases have each activity at an edge, the most frequent first."""
    counts = Counter(activities.tolist()).most_common()
    return [{"name": log.activities[at], "cases": cases} for at, cases in counts]
