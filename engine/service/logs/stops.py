"""The seconds a clock stood still (特别程序) between two instants, for whoever measures work."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import RowMapping, Select, select

from engine.rules.procedure import Kind
from engine.service.logs.deed import NEVER
from engine.service.work import Work
from engine.store import tables as t


@dataclass(frozen=True, slots=True)
class Stop:
    """A time the clock of an item, or ('') of a whole project, stood still; seconds since 1970."""

    item: str
    begin: float
    end: float


Stops = Mapping[int, Sequence[Stop]]
BEGUN = (t.suspension.c.from_on, t.suspension.c.started_at)
ENDED = (t.suspension.c.until_on, t.suspension.c.ended_at)


def of_projects(work: Work, projects: Select[tuple[int]]) -> Stops:
    """Return every stop of some projects, the earliest first."""
    table = t.suspension.c
    query = select(table.project_id, table.item, *BEGUN, *ENDED)
    found: dict[int, list[Stop]] = defaultdict(list)
    for row in work.db.execute(query.where(table.project_id.in_(projects))).mappings():
        found[row["project_id"]].append(stop_of(row, work.settings.zone))
    return {key: sorted(each, key=lambda stop: stop.begin) for key, each in found.items()}


def stop_of(row: RowMapping, zone: ZoneInfo) -> Stop:
    """Return a stop by its instants, or by its days where those were noted on another day.

    The day it begins still counts for work, the day the clock goes on counts again.
    """
    begin, end, until_on = row["started_at"], row["ended_at"], row["until_on"]
    if begin.astimezone(zone).date() != row["from_on"]:
        begin = datetime.combine(row["from_on"] + timedelta(days=1), time(), zone)
    if until_on and (end is None or end.astimezone(zone).date() != until_on):
        end = datetime.combine(until_on, time(), zone)
    return Stop(row["item"], begin.timestamp(), end.timestamp() if end else math.inf)


def holding(stops: Sequence[Stop], item: str, kind: str) -> list[Stop]:
    """Return the stops that hold up somebody's work: an item's own does not hold the applicant."""
    theirs = {"", item} if kind != Kind.APPLICANT else {""}
    return [each for each in stops if each.item in theirs]


def stood(stops: Sequence[Stop], begin: float, end: float) -> float:
    """Return how many of the seconds from one instant to another fell into a stop.

    The stops are ordered by their beginning; what several cover counts once.
    """
    seconds, seen = 0.0, begin
    for each in stops:
        first, last = max(each.begin, seen), min(each.end, end)
        if last > first:
            seconds += last - first
            seen = last
    return seconds


def without(stops: Sequence[Stop], ready: float, start: float, end: float) -> tuple[float, float]:
    """Return `ready` and `start` moved on, so that no stop is left in waiting and in work.

    The end stays what it was.
    """
    if not stops:
        return ready, start
    if math.isnan(start):
        return ready + stood(stops, ready, end), NEVER
    worked = stood(stops, start, end)
    return ready + stood(stops, ready, start) + worked, start + worked
