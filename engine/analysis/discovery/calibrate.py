"""A model's numbers taken from an event log: durations, shares, people, hours, arrivals.

The method, step by step, with what it cannot tell:

1. Activities are matched with the WORK nodes of the control flow (`match`), or a flow is found in
   what directly follows what (`follows`).
2. Hours of work are found in when things happen (`calendars`), unless they are given.
3. Every row is measured on them (`durations`); families are fitted (`fit`).
4. Branches are counted (`shares`), pools formed (`resources`), arrivals measured (`arrivals`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, tzinfo
from typing import Any

import numpy as np
from typing_extensions import TypedDict, Unpack

from engine.analysis.discovery import assumed, reported
from engine.analysis.discovery.arrivals import Arriving, arriving
from engine.analysis.discovery.calendars import FEW, week_of
from engine.analysis.discovery.clock import DAY, WorkClock, monday_before
from engine.analysis.discovery.durations import Durations, durations
from engine.analysis.discovery.fitness import Fitness, fitness
from engine.analysis.discovery.follows import COVER, Found, discovered
from engine.analysis.discovery.match import By, Matched, matched
from engine.analysis.discovery.replay import Replay
from engine.analysis.discovery.resources import Pools, pools
from engine.analysis.discovery.shares import Choice, choices
from engine.analysis.discovery.subset import part
from engine.analysis.discovery.timing import Timing, timings
from engine.analysis.discovery.week import WEEK, Week
from engine.analysis.eventlog.log import EventLog
from engine.analysis.simulation.model import Calendar
from engine.errors import Invalid
from engine.rules.flow import ControlFlow

OFFICE = "office"
#: a pool has hours of its own where this share of what it does lies in them: else it may be idle
OWN = 0.98


@dataclass(frozen=True, slots=True)
class Office:
    """Hours of work that are known, and not to be found: a calendar in hours since a Monday.

    `written` is how assumptions say it, such as {"hours": […], "days": "business"}.
    """

    written: Mapping[str, Any]
    calendar: Calendar
    origin: date


class Asked(TypedDict, total=False):
    """How to calibrate.

    `mapping`: node ids by activity, '' for what is to be left out. `names`: further names of items
    and nodes by id. `office`: known hours. `staffed`: whether work is done by pools; by default
    where starts are known. `cover`: the share of cases a found diagram covers.
    """

    mapping: Mapping[str, str] | None
    names: Mapping[str, tuple[str, ...]] | None
    office: Office | None
    staffed: bool | None
    cover: float
    criterion: str


@dataclass(frozen=True, slots=True, eq=False)
class Calibration:
    """All that a log told of a flow. `log` are the rows that are work of it, of `events` in all.

    `weeks` are hours of work by calendar: `office`, and those of pools that differ. `found` is the
    diagram found in the log, None where one was given. `clock` is the office's.
    """

    log: EventLog
    events: int
    flow: ControlFlow
    matched: Matched
    found: Found | None
    clock: WorkClock
    weeks: Mapping[str, Week]
    given: Office | None
    measured: Durations
    pools: Pools
    timings: tuple[Timing, ...]
    choices: tuple[Choice, ...]
    arriving: Arriving
    fitness: Fitness
    staffed: bool

    @property
    def day_hours(self) -> float:
        """Hours of one day of work."""
        return self.clock.calendar.day_hours

    def assumptions(self) -> dict[str, Any]:
        """Return what was found as assumptions, to be written as YAML or given to a simulation.

        Parts: start, calendars, clock, steps by node id, shares by gateway and flow id, arrivals;
        where work is staffed pools and people too.
        """
        return assumed.assumptions(self)

    def report(self) -> dict[str, Any]:
        """Return what was found with how well it fits, as JSON, laid out as `reported` says."""
        return reported.report(self)


def calibrated(
    log: EventLog, flow: ControlFlow | None = None, *, timezone: tzinfo, **asked: Unpack[Asked]
) -> Calibration:
    """Take a flow's numbers from a log; without a flow one is found.

    Raises Invalid where no activity of the log is work of the flow, and what `matched` and
    `discovered` raise.
    """
    found, known = None, flow
    if known is None:
        found = discovered(log, cover=asked.get("cover", COVER))
        known = found.flow
        names = Matched(found.nodes, dict.fromkeys(found.nodes, By.GIVEN), left_out(found))
    else:
        names = matched(log.activities, known, asked.get("mapping"), asked.get("names"))
    chosen = np.array([each in names.nodes for each in log.activities], bool)
    if not len(log) or not chosen[log.activity].any():
        text = "no activity of the log is work of the procedure: map them by hand"
        raise Invalid(text, field="mapping", activities=list(log.activities[:20]))
    kept = part(log, chosen[log.activity])
    return measured_by(kept, len(log), known, names, found, timezone, asked)


def left_out(found: Found) -> dict[str, str]:
    """Return why activities are not in a found diagram."""
    return dict.fromkeys(found.dropped, "rare: left out of the diagram")


def measured_by(  # noqa: PLR0917 - each part is found before
    log: EventLog,
    events: int,
    flow: ControlFlow,
    names: Matched,
    found: Found | None,
    timezone: tzinfo,
    asked: Asked,
) -> Calibration:
    """Measure the rows of a log that are work of the flow."""
    week, clock = hours(log, timezone, asked.get("office"))
    measured = durations(log, clock)
    staff = pools(log, clock, measured)
    weeks = {OFFICE: week}
    if asked.get("office") is None:
        staff, measured, weeks = by_pool(log, clock, staff, measured, week)
    asked_for = asked.get("staffed")
    staffed = log.has_starts if asked_for is None else asked_for
    replay = Replay.of(log, flow, names.nodes)
    return Calibration(
        log=log,
        events=events,
        flow=flow,
        matched=names,
        found=found,
        clock=clock,
        weeks=weeks,
        given=asked.get("office"),
        measured=measured,
        pools=staff,
        timings=timings(log, flow, names, measured, staff, asked.get("criterion", "aic")),
        choices=choices(replay),
        arriving=arriving(log, clock),
        fitness=fitness(replay).of(events),
        staffed=staffed,
    )


def hours(log: EventLog, timezone: tzinfo, office: Office | None) -> tuple[Week, WorkClock]:
    """Return the hours of work that hold for the whole log."""
    instants = np.concatenate([log.ready, log.start, log.end])
    plain = WorkClock(timezone, monday_before(instants, timezone))
    week = week_of(log, plain)
    if office is not None:
        return week, WorkClock(timezone, office.origin, office.calendar)
    return week, on_week(plain, week, log)


def on_week(clock: WorkClock, week: Week, log: EventLog) -> WorkClock:
    """Return a clock of a week of work, written out for as long as the log lasts."""
    instants = np.concatenate([log.ready, log.start, log.end])
    known = instants[np.isfinite(instants)]
    days = int((known.max() - known.min()) / DAY) + 3 * WEEK
    calendar = week.calendar(clock.origin, days - days % WEEK)
    return replace(clock, calendar=calendar)


def by_pool(
    log: EventLog, clock: WorkClock, staff: Pools, measured: Durations, week: Week
) -> tuple[Pools, Durations, dict[str, Week]]:
    """Return pools with hours of their own where those differ, and their work measured on them."""
    weeks, named, work = {OFFICE: week}, [], measured.work.copy()
    for at, pool in enumerate(staff.pools):
        rows = staff.of == at
        own = week_of(log, clock, rows) if pool.events >= FEW else week
        same = (own.days, own.spans) == (week.days, week.spans)
        if same or own.support < OWN:
            named.append(replace(pool, calendar=OFFICE))
            continue
        # what was closed shows in all that happened sooner than in one pool's
        weeks[pool.id] = replace(own, closed=week.closed, opened=week.opened)
        its = on_week(clock, weeks[pool.id], log)
        work[rows] = durations(log, its).work[rows]
        named.append(replace(pool, calendar=pool.id))
    return replace(staff, pools=tuple(named)), replace(measured, work=work), weeks
