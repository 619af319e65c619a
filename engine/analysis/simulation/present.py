"""A model that begins in the middle of a week: nothing goes on before now."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from math import ceil

from engine.analysis.simulation.model import Calendar, Model

#: plain weeks are written out so far, in hours: twenty years
HORIZON = 20 * 8_766.0


def begun(model: Model, hours: float) -> Model:
    """Return a model whose calendars are closed until so many hours after the origin."""
    calendars = {name: closed_until(each, hours) for name, each in model.calendars.items()}
    return replace(model, calendars=calendars)


def closed_until(calendar: Calendar, hours: float) -> Calendar:
    """Return a calendar without what is over; a plain week is written out for it."""
    times = max(1, ceil(HORIZON / calendar.period))
    spans = ((max(start, hours), stop) for start, stop in repeated(calendar, times) if stop > hours)
    return replace(calendar, spans=tuple(spans), period=calendar.period * times)


def repeated(calendar: Calendar, times: int) -> Iterator[tuple[float, float]]:
    """Yield the spans of so many periods, those that touch as one."""
    last: tuple[float, float] | None = None
    for number in range(times):
        for start, stop in calendar.spans:
            begin, end = start + number * calendar.period, stop + number * calendar.period
            if last is not None and last[1] == begin:
                last = (last[0], end)
                continue
            if last is not None:
                yield last
            last = (begin, end)
    if last is not None:
        yield last
