"""The present instant on every calendar: kept until the next opening or closing.

Time only goes on, so most questions about now are answered without looking into the calendar.
"""

from __future__ import annotations

from engine.analysis.simulation.kernel.compiled import compiled
from engine.analysis.simulation.kernel.hours import place, rest


@compiled
def renew(p, s, which):
    """Note where in a calendar the present instant lies."""
    calendar, here, now = p.calendars[which], s.present[which], s.now[0]
    span, begin, into = place(p, calendar, now)
    here["span"], here["begin"], here["open"] = span, begin, 0
    here["since"] = now
    here["hours"] = begin / calendar["period"] * calendar["total"]
    if span == calendar["span_to"]:
        here["hours"] += calendar["total"]
        here["until"] = begin + calendar["period"] + p.spans[calendar["span_from"]]["start"]
        return
    here["hours"] += p.spans[span]["before"]
    here["until"] = begin + p.spans[span]["start"]
    if into >= p.spans[span]["start"]:
        here["open"], here["since"] = 1, here["until"]
        here["until"] = begin + p.spans[span]["stop"]


@compiled
def looked_at(p, s, which):
    """Return the note of a calendar, up to date."""
    if s.now[0] >= s.present[which]["until"]:
        renew(p, s, which)
    return s.present[which]


@compiled
def is_open(p, s, which):
    """Whether work goes on now."""
    return looked_at(p, s, which)["open"] != 0


@compiled
def worked_now(p, s, which):
    """Return the open hours of a calendar from the origin to now."""
    here = looked_at(p, s, which)
    return here["hours"] + (s.now[0] - here["since"] if here["open"] else 0.0)


@compiled
def opens_next(p, s, which):
    """Return the first open instant from now on."""
    here = looked_at(p, s, which)
    return s.now[0] if here["open"] else here["until"]


@compiled
def finishes(p, s, which, hours):
    """Return when so many open hours have passed from now on; none pass at once."""
    here, now = looked_at(p, s, which), s.now[0]
    if hours <= 0.0 or (here["open"] and now + hours <= here["until"]):
        return now + hours
    return rest(p, p.calendars[which], here["span"], here["begin"], now - here["begin"], hours)
