"""Results: estimates, what they are made of, two runs compared, what the answer hangs on."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from engine.analysis.simulation.compare import NotPaired, compare
from engine.analysis.simulation.events import events
from engine.analysis.simulation.model import Arrivals, Model, Person
from engine.analysis.simulation.plan import Plan
from engine.analysis.simulation.run import simulate
from engine.analysis.simulation.sensitivity import sensitivity
from engine.analysis.simulation.summary import ends
from engine.analysis.simulation.totals import Measure, estimate
from tests.analysis.simulation.models import (
    coming,
    erlang_wait,
    line,
    model,
    pool,
    staffed,
    task,
)

PLAN = Plan(cases=6_000, replications=20, warm_up_days=30, cool_down_days=2, seed=5)
SHANGHAI = ZoneInfo("Asia/Shanghai")


def queue(hours: str = "exponential(1)", people: int = 1) -> Model:
    shown = model(*line(task("T", hours, pool="P")), arrivals=coming(0.7), promised_days=1)
    return staffed(shown, pool("P", people))


def test_an_interval_is_students() -> None:
    figures = np.array([3.0, 5.0, 4.0, 8.0])
    found = estimate(figures)
    low, high = stats.t.interval(0.95, 3, figures.mean(), stats.sem(figures))
    assert found.low == pytest.approx(low)
    assert found.high == pytest.approx(high)
    assert estimate([2.0]).data() == {"value": 2.0, "low": None, "high": None}
    assert estimate([]).data() == {"value": None, "low": None, "high": None}
    assert estimate([1.0, 0.9], share=True).high == 1.0


def test_intervals_hold_the_truth_nineteen_times_in_twenty() -> None:
    """Over a hundred seeds, of a queue whose mean wait is known."""
    truth, held = erlang_wait(1, 0.5, 1.0), 0
    shown = staffed(
        model(*line(task("T", "exponential(1)", pool="P")), arrivals=coming(0.5)), pool("P", 1)
    )
    for seed in range(100):
        plan = Plan(cases=8_000, replications=10, warm_up_days=10, cool_down_days=1, seed=seed)
        wait = simulate(shown, plan).data()["pools"][0]["waiting"]
        held += wait["low"] <= truth <= wait["high"]
    assert stats.binomtest(held, 100, 0.95).pvalue > 0.001


@given(st.lists(st.integers(0, 4_000), min_size=1, max_size=300))
def test_a_histogram_holds_every_case_and_quantiles_are_the_cases(steps: list[int]) -> None:
    days = np.array(steps) * 0.05
    measure = Measure.empty()
    for part in np.array_split(days, 3):
        measure.add(part)
    found = measure.data()
    assert found is not None
    bars = found["histogram"]
    assert sum(bars["counts"]) == len(steps)
    assert len(bars["counts"]) <= 62
    assert bars["from"] <= days.min()
    assert bars["from"] + bars["width"] * len(bars["counts"]) > days.max()
    assert found["mean"]["value"] == pytest.approx(days.mean(), abs=1e-5)
    p90 = np.quantile(days, 0.9, method="inverted_cdf")
    assert found["p90"]["value"] == pytest.approx(p90, abs=1e-6)
    assert found["sd"] == pytest.approx(days.std(), abs=1e-4)


def test_a_result_is_json_and_says_how_many() -> None:
    found = simulate(queue(), PLAN).data()
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    assert (found["cases"], found["replications"], found["unopened"]) == (6_000, 20, 0)
    assert len(found["figures"]["mean"]) == 20
    assert sum(found["measures"]["counted"]["histogram"]["counts"]) == 6_000
    [item] = found["items"]
    [row] = found["pools"]
    assert item["days"]["mean"] == pytest.approx(found["measures"]["counted"]["mean"]["value"])
    assert item["waiting"] == pytest.approx(row["waiting"]["value"], rel=1e-3)
    assert row["queue"] == pytest.approx(0.7 * row["waiting"]["value"], rel=0.05)
    assert item["within_promise"] == pytest.approx(1.0, abs=0.01)
    assert found["people"][0]["utilisation"] == pytest.approx(0.7, abs=0.03)


def test_the_warm_up_shows_queues_filling() -> None:
    shown = staffed(
        model(*line(task("T", "exponential(1)", pool="P")), arrivals=coming(0.9)), pool("P", 1)
    )
    found = simulate(shown, replace(PLAN, cases=20_000, warm_up_days=20)).data()["warm_up"]
    means = [mean for _, mean in found["series"]]
    assert found["days"] == 20
    assert means[0] < 0.6 * np.mean(means[8:])


def test_a_backlog_at_the_beginning_is_worked_off() -> None:
    given_backlog = replace(queue(), arrivals=replace(coming(0.5), backlog=30))
    found = simulate(given_backlog, replace(PLAN, cases=60, replications=2, warm_up_days=0)).data()
    # one after another: 1, 2, … 30 hours of work before each is done
    assert found["measures"]["whole"]["mean"]["value"] * 24 == pytest.approx(15.5, abs=4)


def test_two_runs_are_compared_on_the_same_cases() -> None:
    """One person more: the paired interval is far narrower than the runs' own."""
    one, two = simulate(queue(), PLAN).data(), simulate(queue(people=2), PLAN).data()
    found = compare(one, two)
    change = found["figures"]["mean"]["difference"]
    assert found["figures"]["mean"]["beyond_chance"] is True
    assert change["high"] < 0
    own = one["measures"]["counted"]["mean"]
    assert compare(one, one)["figures"]["p90"]["difference"] == {"value": 0, "low": 0, "high": 0}
    assert compare(one, one)["figures"]["p90"]["beyond_chance"] is False
    assert change["high"] - change["low"] < 1.5 * (own["high"] - own["low"])
    assert found["pools"][0]["second"]["utilisation"]["value"] == pytest.approx(0.35, abs=0.02)


def test_a_limit_that_only_one_run_has_is_not_compared() -> None:
    with_window = simulate(replace(queue(), window_months=3), PLAN).data()
    found = compare(simulate(queue(), PLAN).data(), with_window)["figures"]
    assert found["window"] is None
    assert found["promise"]["difference"]["value"] == 0


def test_common_numbers_leave_unchanged_steps_alone() -> None:
    """A step more before it changes no draw of another step."""
    works = task("A", "lognormal(4, 3)"), task("B", "lognormal(4, 3)")
    short = model(*line(works[1]), arrivals=coming(1.0))
    long = model(*line(*works), arrivals=coming(1.0))
    plan = replace(PLAN, replications=2, cases=100, warm_up_days=0)
    ends_at = []
    for shown in (short, long):
        log = events(replace(shown, people=(Person("x", (), "always"),)), plan)
        chosen = log.activity == log.activities.index("B")
        ends_at.append((log.end - log.start)[chosen])
    assert ends_at[0] == pytest.approx(ends_at[1])


def test_runs_of_other_seeds_are_not_compared() -> None:
    other = simulate(queue(), replace(PLAN, seed=6)).data()
    with pytest.raises(NotPaired, match="seed"):
        compare(simulate(queue(), PLAN).data(), other)


def test_what_the_answer_hangs_on_stands_first() -> None:
    works = task("A", "fixed(10)", pool="P"), task("B", "fixed(1)", pool="Q")
    shown = model(*line(*works), arrivals=coming(0.08))
    shown = staffed(shown, pool("P", 2), pool("Q", 2))
    rows = sensitivity(shown, replace(PLAN, cases=600, replications=4))
    assert (rows[0]["input"] in "AP", rows[-1]["input"] in "BQ") == (True, True)
    by_input = {(row["kind"], row["input"]): row for row in rows}
    assert by_input["item", "B"]["mean"][0] < by_input["item", "B"]["mean"][1]
    assert by_input["pool", "P"]["mean"][0] > by_input["pool", "P"]["mean"][1]
    assert (by_input["pool", "P"]["low"], by_input["pool", "P"]["high"]) == (1, 3)


def test_arrivals_follow_the_months() -> None:
    weights = (0.0, 0.0, 0.0, 0.0, 0.0, 12.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    shown = model(*line(task("T", "fixed(1)")), arrivals=Arrivals(82.0, weights))
    log = events(shown, Plan(cases=400, replications=1, warm_up_days=0, cool_down_days=0),
                 timezone=SHANGHAI)  # fmt: skip
    begun = log.ready.astype("datetime64[s]") + np.timedelta64(8, "h")
    months = begun.astype("datetime64[M]").astype(int) % 12 + 1
    # a mean year is a quarter of a day longer than the table's
    assert np.mean(months == 6) > 0.9
    years = begun.astype("datetime64[Y]").astype(int)
    assert np.bincount(years - years[0])[:4].mean() == pytest.approx(82, rel=0.15)


def test_a_log_is_one_a_city_could_have_written() -> None:
    log = events(queue(), replace(PLAN, cases=40, replications=2), 1, timezone=SHANGHAI)
    assert (log.activities[log.activity[0]], log.resources, log.groups) == ("T", ("P-0",), ("P",))
    assert (log.ready <= log.start).all()
    assert (log.start < log.end).all()
    measured = log.traits["measured"]
    assert measured.count("true") == 20
    assert (len(measured), len(log.cases)) == (len(log.cases), len(log))


@given(st.dates(date(2010, 1, 1), date(2030, 12, 31)), st.integers(1, 14))
def test_months_end_on_the_same_day_or_the_last(begin: date, months: int) -> None:
    origin = date(2010, 1, 4)
    [last] = ends(origin, np.array([(begin - origin).days]), months)
    found = origin + timedelta(days=int(last))
    year, month = divmod(begin.month - 1 + months, 12)
    assert (found.year, found.month) == (begin.year + year, month + 1)
    assert found.day == begin.day or (found + timedelta(days=1)).day == 1
