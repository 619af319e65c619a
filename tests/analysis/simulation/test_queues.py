"""Queues against queueing theory."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.analysis.simulation.plan import Plan
from engine.analysis.simulation.run import simulate
from tests.analysis.simulation.models import (
    coming,
    erlang_wait,
    line,
    model,
    pool,
    staffed,
    task,
)

#: hours of M/M/c queues; long enough for a narrow interval, short enough for a test
LONG = Plan(cases=600_000, replications=20, warm_up_days=60, cool_down_days=5, seed=11)


def holds(estimate: dict[str, float], truth: float, widths: float = 2.0) -> bool:
    """Whether a truth lies within an interval made so many times as wide."""
    half = (estimate["high"] - estimate["low"]) / 2 * widths
    return abs(estimate["value"] - truth) <= half


@pytest.mark.parametrize(("servers", "load"), [(1, 0.7), (3, 0.8), (10, 0.9)])
def test_the_wait_of_poisson_arrivals_is_erlangs(servers: int, load: float) -> None:
    given = model(*line(task("T", "exponential(1)", pool="P")), arrivals=coming(load * servers))
    data = simulate(staffed(given, pool("P", servers)), LONG).data()
    [row] = data["pools"]
    assert holds(row["waiting"], erlang_wait(servers, load * servers, 1.0))
    assert holds(row["utilisation"], load)


def test_what_leaves_one_queue_comes_to_the_next_as_if_by_chance() -> None:
    """Burke's theorem (1956): both queues of a tandem wait as if they stood alone."""
    works = task("A", "exponential(1)", pool="P"), task("B", "exponential(0.8)", pool="Q")
    given = model(*line(*works), arrivals=coming(0.7))
    first, second = simulate(staffed(given, pool("P", 1), pool("Q", 1)), LONG).data()["pools"]
    assert holds(first["waiting"], erlang_wait(1, 0.7, 1.0))
    assert holds(second["waiting"], erlang_wait(1, 0.7, 1.25))


@pytest.mark.parametrize(
    "hours", ["fixed(1)", "gamma(1, 0.5)", "lognormal(1, 1.5)", "pert(0, 1, 2)"]
)
def test_the_wait_for_one_person_follows_pollaczek_and_khinchine(hours: str) -> None:
    """Mean wait = rate E[S^2] / 2 (1 - load), whatever the service's distribution."""
    squares = {"fixed(1)": 1.0, "gamma(1, 0.5)": 1.25, "lognormal(1, 1.5)": 3.25}
    second = squares.get(hours, 1 + 1 / 7)
    given = model(*line(task("T", hours, pool="P")), arrivals=coming(0.6))
    [row] = simulate(staffed(given, pool("P", 1)), LONG).data()["pools"]
    assert holds(row["waiting"], 0.6 * second / 2 / 0.4)


def test_who_goes_first_waits_less_and_the_others_pay_for_it() -> None:
    """Cobham (1954): W1 = R / (1 - r1), W2 = R / (1 - r1)(1 - r) for two classes of M/M/1."""
    given = model(*line(task("T", "exponential(1)", pool="P")), arrivals=coming(0.8))
    classes = replace(given.arrivals, classes=((0, 0.25), (1, 0.75)))
    given = staffed(replace(given, arrivals=classes), pool("P", 1))
    from engine.analysis.simulation.layout import Layout
    from engine.analysis.simulation.replication import play

    played = play(Layout(given), replace(LONG, replications=1, cases=400_000), 0, log=True)
    rows = played.state.log[: played.logged]
    urgent = played.arriving.rows["priority"][rows["case"]] == 0
    waits = rows["start"] - rows["ready"]
    assert waits[urgent].mean() == pytest.approx(0.8 / 0.8, rel=0.04)
    assert waits[~urgent].mean() == pytest.approx(0.8 / 0.8 / 0.2, rel=0.08)


def test_whoever_serves_two_queues_makes_them_one() -> None:
    """Two people who both serve two kinds of work are M/M/2."""
    works = [task(name, "exponential(1)", pool=name) for name in "AB"]
    given = model(*line(*works), arrivals=coming(0.75))
    one, other = pool("A", 2), pool("B", 0)
    shared = tuple(replace(each, pools=("A", "B")) for each in one[1])
    data = simulate(staffed(given, (one[0], shared), other), LONG).data()
    waits = [row["waiting"]["value"] for row in data["pools"]]
    # the second visit is not Poisson, so the two agree roughly with M/M/2 and with each other
    assert waits[0] == pytest.approx(erlang_wait(2, 1.5, 1.0), rel=0.1)
    assert waits[1] == pytest.approx(waits[0], rel=0.1)
