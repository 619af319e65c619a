"""Lists and calendars laid out one after another, as the kernel reads them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from engine.analysis.simulation.kernel import records as r
from engine.analysis.simulation.model import InvalidModel


def bounds(lists: Sequence[Sequence[int]]) -> Any:
    """Return where each of some lists begins when they stand one after another, and the end."""
    return np.concatenate([[0], np.cumsum([len(each) for each in lists])]).astype(np.int32)


def fill(rows: Any, first: str, last: str, limits: Any) -> None:
    """Write ranges into records."""
    rows[first], rows[last] = limits[:-1], limits[1:]


def whole(numbers: Sequence[int]) -> Any:
    """Return whole numbers as an array."""
    return np.array(numbers, np.int32)


class Hours(NamedTuple):
    """A calendar laid out: its record, its spans, and each day's first span not yet over."""

    record: Any
    spans: Any
    days: Any


def calendars(given: Sequence[Hours]) -> tuple[Any, Any, Any]:
    """Return the records of calendars, their spans and their days, one after another."""
    rows = np.array([each.record for each in given], r.CALENDAR)
    spans, days = (bounds([each[part] for each in given]) for part in (1, 2))
    fill(rows, "span_from", "span_to", spans)
    rows["day_from"], rows["days"] = days[:-1], np.diff(days)
    shifted = [each.days + begin for each, begin in zip(given, spans, strict=False)]
    return rows, np.concatenate([each.spans for each in given]), np.concatenate(shifted)


def hours(times: Any, period: float, day_hours: float) -> Hours:
    """Return a calendar laid out; raises InvalidModel where its spans are not in order."""
    if not len(times) or np.any(times[:, 1] <= times[:, 0]) or np.any(np.diff(times.ravel()) < 0):
        raise InvalidModel("a calendar needs open spans, ascending and apart")
    if times[0, 0] < 0 or times[-1, 1] > period:
        raise InvalidModel("a calendar's spans lie within its period")
    own = np.zeros(len(times), r.SPAN)
    own["start"], own["stop"] = times[:, 0], times[:, 1]
    lengths = times[:, 1] - times[:, 0]
    own["before"] = np.cumsum(lengths) - lengths
    record = np.zeros((), r.CALENDAR)
    record["period"], record["day_hours"], record["total"] = period, day_hours, lengths.sum()
    mornings = np.arange(0.0, max(period, 24.0), 24.0)
    return Hours(record, own, np.searchsorted(own["stop"], mornings, "right").astype(np.int32))
