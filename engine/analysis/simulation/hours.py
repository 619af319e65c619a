"""Working hours of many instants at once: the kernel's arithmetic, for arrays."""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.analysis.simulation.model import Calendar


def before(calendar: Calendar, at: Any) -> Any:
    """Return the open hours from the origin to instants."""
    starts, stops = calendar.times.T
    earlier, total = calendar.before[:-1], calendar.before[-1]
    periods = np.floor(np.asarray(at) / calendar.period)
    into = at - periods * calendar.period
    span = np.searchsorted(stops, into, side="right")
    within = np.minimum(span, len(stops) - 1)
    open_hours = earlier[within] + np.clip(
        into - starts[within], 0.0, stops[within] - starts[within]
    )
    return periods * total + open_hours


def after(calendar: Calendar, hours: Any) -> Any:
    """Return the first instants at which so many open hours have passed since the origin."""
    starts, earlier, total = calendar.times[:, 0], calendar.before[:-1], calendar.before[-1]
    periods = np.ceil(np.asarray(hours) / total) - 1
    left = hours - periods * total
    span = np.clip(np.searchsorted(earlier, left, side="left") - 1, 0, len(starts) - 1)
    return periods * calendar.period + starts[span] + (left - earlier[span])
