"""Starts and ends are paired by instance, or in order of time with the same resource first."""

from __future__ import annotations

import pytest

from engine.analysis.eventlog import xes
from engine.analysis.eventlog.log import EventLog
from tests.analysis.eventlogs import HOUR, Row, at, rows, step, trace, xes_of

EIGHT = at("2014-01-06T08:00:00Z")
NEVER_ENDED = "activities begun and never ended: their time of work is unknown"


def read(*events: str) -> EventLog:
    return xes.read(xes_of(trace(*events)))


def hours(log: EventLog) -> list[tuple[str, float | None, float | None, float | None, str]]:
    """Rows as activity, ready, start, end in hours of the day, resource."""

    def hour(instant: float | None) -> float | None:
        return None if instant is None else (instant - EIGHT) / HOUR + 8

    return [
        (each.activity, hour(each.ready), hour(each.start), hour(each.end), each.resource)
        for each in rows(log)
    ]


def test_a_missing_transition_is_a_completion() -> None:
    log = xes.read(
        xes_of(
            '<trace><event><string key="concept:name" value="a"/>'
            '<date key="time:timestamp" value="2014-01-06T08:00:00Z"/></event></trace>'
        )
    )
    assert rows(log) == [Row("#1", "a", end=EIGHT)]


@pytest.mark.parametrize("style", [str, str.upper, str.title])
def test_ready_start_and_end(style: type[str]) -> None:
    log = read(
        step("a", style("schedule"), "08:00"),
        step("a", style("assign"), "08:30", org__resource="chief"),
        step("a", style("start"), "09:00", org__resource="li"),
        step("a", style("complete"), "10:00"),
    )
    assert hours(log) == [("a", 8, 9, 10, "li")]
    assert log.notes == ()


def test_assigning_alone_makes_ready() -> None:
    log = read(step("a", "assign", "08:00"), step("a", "complete", "10:00"))
    assert hours(log) == [("a", 8, None, 10, "")]


def test_by_instance() -> None:
    log = read(
        step("a", "start", "08:00", concept__instance="x"),
        step("a", "start", "09:00", concept__instance="y"),
        step("a", "complete", "10:00", concept__instance="y"),
        step("a", "complete", "11:00", concept__instance="x"),
    )
    assert hours(log) == [("a", None, 9, 10, ""), ("a", None, 8, 11, "")]


def test_without_instances_the_first_start_ends_first() -> None:
    log = read(
        step("a", "start", "08:00"),
        step("b", "start", "08:30"),
        step("a", "start", "09:00"),
        step("a", "complete", "10:00"),
        step("a", "complete", "11:00"),
        step("b", "complete", "12:00"),
    )
    assert hours(log) == [
        *(("a", None, 8, 10, ""), ("a", None, 9, 11, "")),
        ("b", None, 8.5, 12, ""),
    ]


def test_without_instances_a_resource_ends_its_own() -> None:
    log = read(
        step("a", "start", "08:00", org__resource="li"),
        step("a", "start", "09:00", org__resource="wang"),
        step("a", "complete", "10:00", org__resource="wang"),
        step("a", "complete", "11:00", org__resource="zhao"),
    )
    assert hours(log) == [("a", None, 9, 10, "wang"), ("a", None, 8, 11, "zhao")]


def test_instances_that_never_meet_are_numbers_of_events() -> None:
    log = read(
        step("a", "start", "08:00", concept__instance="1"),
        step("a", "complete", "10:00", concept__instance="2"),
    )
    assert hours(log) == [("a", None, 8, 10, "")]
    assert log.notes == ("instance numbers differ between start and end: paired in order of time",)


def test_events_of_one_instant_start_before_they_end() -> None:
    log = read(step("a", "complete", "08:00"), step("a", "start", "08:00"))
    assert hours(log) == [("a", None, 8, 8, "")]


def test_a_file_out_of_order_is_read_in_order_of_time() -> None:
    log = read(step("a", "complete", "10:00"), step("a", "start", "08:00"))
    assert hours(log) == [("a", None, 8, 10, "")]


def test_what_never_ended_stands_where_it_began() -> None:
    log = read(
        step("a", "schedule", "07:00"),
        step("a", "start", "08:00", org__resource="li"),
        step("b", "complete", "09:00"),
        step("c", "schedule", "09:00"),
    )
    assert hours(log) == [("a", None, None, 8, "li"), ("b", None, None, 9, "")]
    assert log.notes == (
        f"{NEVER_ENDED}: 1",
        "activities made ready and never done, left out: 1",
    )


def test_pauses_are_told_and_stay_in_the_time_of_work() -> None:
    log = read(
        step("a", "start", "08:00"),
        step("a", "suspend", "09:00"),
        step("a", "resume", "10:00"),
        step("a", "complete", "11:00"),
    )
    assert hours(log) == [("a", None, 8, 11, "")]
    assert log.notes == ("suspensions and resumptions, not taken out of the time of work: 2",)


@pytest.mark.parametrize("end", ["ate_abort", "pi_abort", "withdraw", "autoskip", "manualskip"])
def test_what_is_broken_off_ended(end: str) -> None:
    log = read(step("a", "start", "08:00"), step("a", end, "09:00"))
    assert hours(log) == [("a", None, 8, 9, "")]
    assert log.notes == ("activities aborted, withdrawn or skipped, kept as ended: 1",)


def test_unknown_transitions_stand_alone() -> None:
    log = read(
        step("a", "start", "08:00"),
        step("a", "In Progress", "09:00"),
        step("a", "complete", "10:00"),
    )
    assert hours(log) == [("a", None, None, 9, ""), ("a", None, 8, 10, "")]
    assert log.notes == ("events of an unknown lifecycle transition, kept as completions: 1",)


def test_cases_do_not_end_each_other_s_work() -> None:
    log = xes.read(
        xes_of(
            trace(step("a", "start", "08:00"), name="1"),
            trace(step("a", "complete", "09:00"), name="2"),
        )
    )
    assert [each.start for each in rows(log)] == [None, None]
    assert log.notes == (f"{NEVER_ENDED}: 1",)


def test_many_open_starts_of_one_activity() -> None:
    """In quadratic time this would be noticed: it would take minutes."""
    number = 30_000
    starts = step("a", "start", "08:00", org__resource="li") * number
    ends = step("a", "complete", "09:00", org__resource="wang") * number
    log = read(starts, ends)
    assert (len(log), log.has_starts) == (number, True)
