"""How well a fitted model plays what the log shows: durations of cases, first thing to last.

Both sides are measured alike: days of the clock on the wall from the first thing that is known of
a case to the last, by the same activities.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta, tzinfo
from typing import Any

import numpy as np

from engine.analysis.discovery.calibrate import Calibration
from engine.analysis.discovery.comparison import compared
from engine.analysis.discovery.durations import of_cases
from engine.analysis.discovery.families import Array
from engine.analysis.discovery.subset import part
from engine.analysis.eventlog.log import EventLog
from engine.analysis.simulation.assume import model_of
from engine.analysis.simulation.assumptions import Assumptions
from engine.analysis.simulation.events import events
from engine.analysis.simulation.model import Model
from engine.analysis.simulation.plan import Plan
from engine.errors import Invalid
from engine.rules.calendar import BusinessCalendar
from engine.service.simulations import results
from engine.service.simulations.results import Kept
from engine.service.work import Work

#: cases that are played to be compared, at most
MOST = 2_000
#: replications of a run that are played again to be compared, at most
REPLICATIONS = 10
SEED = 1
#: how the city's own history tells that a project has ended well
STATE, COMPLETED = "state", "completed"


def fitted(found: Calibration, calendar: BusinessCalendar, zone: tzinfo) -> dict[str, Any]:
    """Return how the model of a calibration compares with its log, in days of the calendar.

    What cannot be played says why as its `problem`.
    """
    try:
        model = model_found(found, calendar)
        played = events(model, plan_of(len(found.log.cases)), timezone=zone)
    except Invalid as error:
        return {"problem": error.message}
    return side_by_side(found.log, found.matched.nodes.values(), played)


def model_found(found: Calibration, calendar: BusinessCalendar) -> Model:
    """Return the model that a calibration makes. Raises Invalid."""
    read = Assumptions.of(found.assumptions())
    return model_of(
        found.flow,
        read,
        origin=monday(read.start or found.clock.origin),
        business_calendar=calendar,
    )


def monday(on: date) -> date:
    """Return the Monday of a date's week."""
    return on - timedelta(days=on.weekday())


def plan_of(cases: int) -> Plan:
    """Return how much is played for a log of so many cases: in one replication."""
    return Plan(cases=min(max(cases, 200), MOST), seed=SEED, replications=1)


def side_by_side(log: EventLog, nodes: Iterable[str], *played: EventLog) -> dict[str, Any]:
    """Compare the durations of a log's cases with those of logs that were played.

    `nodes` are the activities that occur in the log: others are left out of what was played, so
    that what a log does not record makes no case longer.
    """
    ends_only = not log.has_starts
    known = set(nodes)
    theirs = [of_cases(only(each, known), ends_only=ends_only) for each in played]
    return compared(of_cases(finished(log), ends_only=ends_only), np.concatenate(theirs))


def finished(log: EventLog) -> EventLog:
    """Return the cases that have come to their end, where the log tells; else all."""
    done = np.array([each == COMPLETED for each in log.traits.get(STATE, ())], dtype=bool)
    return part(log, done[log.case]) if done.any() else log


def only(log: EventLog, activities: set[str]) -> EventLog:
    """Return the rows of a log that are of some activities."""
    chosen: Array = np.array([each in activities for each in log.activities], dtype=bool)
    return part(log, chosen[log.activity])


@dataclass(frozen=True, slots=True)
class Contest:
    """A log, the activities it shows as nodes, and a run whose cases are set against it."""

    log: EventLog
    nodes: tuple[str, ...]
    run: Kept
    zone: tzinfo


def contest(work: Work, log: EventLog, kept: Mapping[str, Any], simulation: int) -> Contest:
    """Read what is compared: a log, its calibration and a run. Raises NotFound, Invalid."""
    run = results.kept(work, simulation)
    known = {each.id for each in run.model.nodes}
    nodes = kept["report"]["mapping"]["nodes"]
    shown = {activity: node for activity, node in nodes.items() if node in known}
    if not shown:
        text = "the run plays nothing that occurs in the log: calibrate it on the run's procedure"
        raise Invalid(text, field="simulation", simulation=simulation)
    return Contest(only(log, {*shown}), tuple(shown.values()), run, work.settings.zone)


def decided(asked: Contest) -> dict[str, Any]:
    """Return how a run's cases compare with a log's; seconds, as replications are played again."""
    plan = asked.run.plan
    number = min(plan.replications, max(1, math.ceil(MOST / plan.measured(0))), REPLICATIONS)
    played = (events(asked.run.model, plan, each, timezone=asked.zone) for each in range(number))
    about = {"id": asked.run.id, "name": asked.run.name, "replications": number}
    return {"simulation": about, **side_by_side(asked.log, asked.nodes, *played)}
