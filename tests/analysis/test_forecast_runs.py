"""Day after day of a run, the forecast is the plan changed by what is known, and no more."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from engine.analysis.network import View
from engine.analysis.progress import State
from engine.analysis.schedule import schedule
from engine.analysis.walk import walk
from engine.rules.procedure import OPEN, START
from tests.analysis.networks import PROCEDURES, drawn, procedure
from tests.analysis.projects import (
    MONDAY,
    SATURDAY,
    at_date,
    day,
    days_in,
    replaced,
    snapshot,
    without_reviews,
)

if TYPE_CHECKING:
    from engine.analysis.network import ActivityNetwork
    from engine.analysis.walk import Span


@pytest.mark.parametrize("name", PROCEDURES)
@pytest.mark.parametrize("start_on", [MONDAY, SATURDAY, date(2014, 9, 30)])
def test_before_anything_has_happened_the_forecast_is_the_plan(name: str, start_on: date) -> None:
    net = procedure(name)
    elapsed, counted = schedule(net, View.ELAPSED), schedule(net, View.COUNTED)
    for today in (start_on - timedelta(days=40), start_on):
        found = at_date(net, today, {}, start_on=start_on)
        assert found.finish_on == found.planned_finish_on == day(elapsed.days, start_on)
        assert (found.day, found.counted_days) == (0, counted.days)
        assert (found.promised_days, found.promise_slack_days) == (counted.days, 0)
        for outlook in found.activities:
            times = elapsed[outlook.id]
            assert outlook.start_on == day(times.earliest_start, start_on)
            assert outlook.finish_on == day(times.earliest_finish, start_on)
            assert outlook.total_float == times.total_float


def test_the_industrial_project_of_2014_fits_its_window() -> None:
    found = at_date(procedure("industrial-2014"), MONDAY, {}, months=3)
    assert found.finish_on == date(2014, 5, 27)
    assert found.window_ends_on == date(2014, 6, 3)
    assert found.window_slack_days == 4  # 28 to 30 May and 3 June; 2 June is Dragon Boat


def on_time(net: ActivityNetwork) -> None:
    spans, plan = walk(net, View.ELAPSED), schedule(net, View.ELAPSED)
    promised = schedule(net, View.COUNTED).days
    reached = 0
    for today in range(plan.days + plan.acceptance_days + 1):
        found = at_date(net, day(today), without_reviews(snapshot(spans, days_in(net), today)))
        assert found.finish_on == found.planned_finish_on == day(plan.days)
        assert (found.counted_days, found.promise_slack_days) == (promised, 0)
        assert reached <= found.day <= promised
        assert not any(outlook.late_days for outlook in found.activities)
        reached = found.day
    assert reached == promised


@pytest.mark.parametrize("name", PROCEDURES)
def test_a_run_on_time_is_forecast_as_planned_every_day(name: str) -> None:
    on_time(procedure(name))


def test_random_runs_on_time_are_forecast_as_planned_every_day() -> None:
    rng = random.Random(28)
    for _ in range(60):
        on_time(drawn(rng, rng.randint(1, 12), opens=rng.random() < 0.8))


def test_a_forecast_is_the_walk_of_what_is_known_so_far() -> None:
    """Finished work takes what it took, open work its days or today if that is later."""
    rng = random.Random(29)
    for _ in range(60):
        plan = drawn(rng, rng.randint(1, 12), opens=rng.random() < 0.8)
        real = {a.id: 0 if a.id in {START, OPEN} else rng.randint(0, 9) for a in plan}
        spans = walk(replaced(plan, real), View.ELAPSED)
        for today in range(0, max(span.finish for span in spans.values()) + 2, 2):
            found = at_date(plan, day(today), snapshot(spans, real, today))
            known = replaced(plan, known_days(plan, real, spans, today))
            assert found.elapsed_days == schedule(known, View.ELAPSED).days
            assert found.counted_days == schedule(known, View.COUNTED).days
            assert found.counted_days >= found.day


def known_days(
    plan: ActivityNetwork, real: dict[str, int], spans: dict[str, Span], today: int
) -> dict[str, int]:
    days = days_in(plan)
    for name, span in spans.items():
        if span.start + real[name] <= today:
            days[name] = real[name]
        elif span.start <= today:
            days[name] = max(days[name], today - span.start)
    return days


@pytest.mark.parametrize("name", PROCEDURES)
def test_when_nothing_moves_the_forecast_only_gets_later(name: str) -> None:
    net = procedure(name)
    known = snapshot(walk(net, View.ELAPSED), days_in(net), 20)
    found = [at_date(net, day(20) + timedelta(days=n), known) for n in range(60)]
    for before, after in pairwise(found):
        assert before.finish_on <= after.finish_on
        assert before.counted_days <= after.counted_days
        assert before.day <= after.day


def test_a_running_project_is_always_held_by_somebody() -> None:
    rng = random.Random(66)
    for _ in range(100):
        net = drawn(rng, rng.randint(1, 12))
        spans = walk(net, View.ELAPSED)
        today = rng.randint(0, spans[OPEN].finish)
        known = snapshot(spans, days_in(net), today)
        # some of what could be open lies about, and the date may be one of rest
        known = {a: p for a, p in known.items() if p.finished_on or rng.random() < 0.7}
        on = day(today) + timedelta(days=rng.randint(0, 9))
        found = at_date(net, on, known)
        assert found.held_by or found.opened
        assert all(hold.finish_on >= on and hold.gain_days >= 0 for hold in found.held_by)
        assert all(o.finish_on >= on for o in found.activities if o.state is not State.FINISHED)


def test_once_construction_has_started_the_forecast_stands_still() -> None:
    net = procedure("industrial-2014")
    known = snapshot(walk(net, View.ELAPSED), days_in(net), 59)
    found = at_date(net, day(59), known, months=3)
    assert found.opened
    assert found.held_by == ()
    assert found.finish_on == day(59)
    later = [at_date(net, day(number), known, months=3) for number in range(60, 120, 7)]
    for after in later:
        assert replace(after, activities=()) == replace(found, activities=())
    # acceptance goes on
    assert later[-1].activities[-1].finish_on > found.activities[-1].finish_on
