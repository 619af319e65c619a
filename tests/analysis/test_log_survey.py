"""How long activities took and when things happen, before anything is fitted."""

from __future__ import annotations

import re
from datetime import UTC
from zoneinfo import ZoneInfo

from engine.analysis.discovery.survey import Spread, survey
from engine.analysis.eventlog import csvlog
from engine.analysis.eventlog.log import EventLog

HEAD = "case,activity,ready,start,end"
ROWS = (
    "1,receive,2014-03-03T09:00,2014-03-03T10:00,2014-03-03T12:00",
    "1,review,2014-03-03T12:00,2014-03-04T09:00,2014-03-04T10:00",
    "2,receive,2014-05-05T09:00,2014-05-05T12:00,2014-05-05T16:00",
)


def read(*rows: str) -> EventLog:
    """A log of times in UTC."""
    content = "\n".join((HEAD, *rows)).encode()
    return csvlog.read(content, csvlog.preview(content).guess, UTC)


def test_waiting_and_work_are_told_apart_where_starts_are_known() -> None:
    found = survey(read(*ROWS), UTC)
    receive = found.activities["receive"]
    assert (receive.waiting.mean, receive.working.mean, receive.elapsed.mean) == (2, 3, 5)
    assert found.activities["review"].elapsed == Spread(22, 22, 22)


def test_without_starts_time_is_since_the_event_before() -> None:
    rows = [re.sub(r"T\d\d:\d\d,2014-\d\d-\d\dT\d\d:\d\d,", ",,", each) for each in ROWS]
    found = survey(read(*(re.sub(r",2014-\d\d-\d\d,,", ",,,", each) for each in rows)), UTC)
    assert found.activities["receive"].elapsed == Spread()
    assert found.activities["review"].elapsed.mean == 22
    assert found.activities["review"].working == Spread()


def test_months_between_are_told_and_hours_are_those_of_the_zone() -> None:
    log = read(*ROWS)
    assert survey(log, UTC).months == (("2014-03", 1), ("2014-04", 0), ("2014-05", 1))
    week = survey(log, ZoneInfo("Asia/Shanghai")).week
    assert sum(map(sum, week)) == 6
    # what ends at six was done in the hour before
    assert (week[0][18], week[1][17], week[1][18]) == (1, 2, 0)
