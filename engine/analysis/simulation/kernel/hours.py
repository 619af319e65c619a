"""Working hours: how many lie before an instant, and when so many more have passed."""

from __future__ import annotations

import math

from engine.analysis.simulation.kernel.compiled import compiled


@compiled
def place(p, calendar, at):
    """Return (span, period's beginning, hours into it): the first span not over at an instant.

    The span may lie behind the last of the period: then the next period's first is meant.
    """
    begin = math.floor(at / calendar["period"]) * calendar["period"]
    into = at - begin
    day = min(int(into / 24.0), calendar["days"] - 1)
    span = p.days[calendar["day_from"] + day]
    while span < calendar["span_to"] and p.spans[span]["stop"] <= into:
        span += 1
    return span, begin, into


@compiled
def worked(p, which, at):
    """Return the open hours of a calendar from the origin to an instant."""
    calendar = p.calendars[which]
    span, begin, into = place(p, calendar, at)
    whole = begin / calendar["period"] * calendar["total"]
    if span == calendar["span_to"]:
        return whole + calendar["total"]
    return whole + p.spans[span]["before"] + max(0.0, into - p.spans[span]["start"])


@compiled
def rest(p, calendar, span, begin, into, hours):
    """Return when so many open hours have passed from a place in a calendar on."""
    left = hours
    if hours >= calendar["total"]:
        periods = math.floor(hours / calendar["total"])
        if periods * calendar["total"] == hours:
            periods -= 1
        begin += periods * calendar["period"]
        left -= periods * calendar["total"]
    while True:
        if span == calendar["span_to"]:
            span, begin, into = calendar["span_from"], begin + calendar["period"], 0.0
        start = max(into, p.spans[span]["start"])
        if left <= p.spans[span]["stop"] - start:
            return begin + start + left
        left -= p.spans[span]["stop"] - start
        span, into = span + 1, 0.0
