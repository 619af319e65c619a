"""Tokens: gateways, gates, loops and what cases come to."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from engine.analysis.simulation.away import spells
from engine.analysis.simulation.compare import compare
from engine.analysis.simulation.distribution import Distribution, InvalidDistribution
from engine.analysis.simulation.model import (
    Absence,
    Arrivals,
    Calendar,
    InvalidModel,
    Model,
    Node,
    Person,
    Pool,
    Standing,
)
from engine.analysis.simulation.plan import InvalidPlan, Plan
from engine.analysis.simulation.run import Cancelled, simulate
from engine.rules.flow import FlowKind
from tests.analysis.simulation.invariants import checked
from tests.analysis.simulation.models import (
    coming,
    end,
    line,
    model,
    pool,
    staffed,
    start,
    task,
)

PLAN = Plan(cases=4_000, replications=4, warm_up_days=5, cool_down_days=1, seed=3)
SLOW = coming(1.0)


def node(name: str, kind: FlowKind, *targets: str, **more: Any) -> Node:
    return Node(name, kind, targets, **more)


def figures(given: Model, view: str = "whole") -> dict[str, Any]:
    return dict(simulate(given, PLAN).data()["measures"][view])


def days(given: Model, view: str = "whole") -> float:
    """Mean hours, for the clock that goes on always counts days of 24."""
    return round(float(figures(given, view)["mean"]["value"] * 24), 3)


def split(kind: FlowKind, *works: Node, **more: Any) -> Model:
    names = [each.id for each in works]
    return model(
        start("split"),
        node("split", kind, *names, **more),
        *(replace(each, outgoing=("join",)) for each in works),
        node("join", kind, "end"),
        end(),
        arrivals=SLOW,
    )


def test_all_branches_are_awaited() -> None:
    given = split(FlowKind.PARALLEL, task("A", "fixed(3)"), task("B", "fixed(5)"))
    assert days(given) == pytest.approx(5)
    checked(given, PLAN)


def test_one_branch_is_taken_by_its_share() -> None:
    works = task("A", "fixed(3)"), task("B", "fixed(5)")
    given = split(FlowKind.EXCLUSIVE, *works, shares=(0.25, 0.75))
    assert days(given) == pytest.approx(0.25 * 3 + 0.75 * 5, abs=0.06)
    visits = {row["id"]: row["visits"] for row in simulate(given, PLAN).data()["nodes"]}
    assert visits["A"] == pytest.approx(0.25, abs=0.03)


def test_some_branches_are_taken_and_those_are_awaited() -> None:
    """Each by its own chance; where chance names none, the likeliest goes."""
    works = task("A", "fixed(2)"), task("B", "fixed(5)")
    given = split(FlowKind.INCLUSIVE, *works, shares=(0.5, 0.4))
    assert days(given) == pytest.approx(0.4 * 5 + 0.6 * 2, abs=0.08)
    checked(given, PLAN)


def test_dead_branches_pass_gateways_and_loops_inside() -> None:
    given = model(
        start("split"),
        node("split", FlowKind.INCLUSIVE, "again", "B", shares=(0.5, 1.0)),
        node("again", FlowKind.PASS, "A"),
        task("A", "fixed(1)", "more"),
        node("more", FlowKind.EXCLUSIVE, "again", "join", shares=(0.5, 0.5)),
        task("B", "fixed(1)", "join"),
        node("join", FlowKind.INCLUSIVE, "end"),
        end(),
        arrivals=SLOW,
    )
    checked(given, PLAN)
    assert days(given) == pytest.approx(0.5 * 1 + 0.5 * 2, abs=0.08)


def test_a_loop_comes_back_as_often_as_a_geometric_number() -> None:
    """Mean rounds 1 / (1 - p), variance of the time p / (1 - p)^2."""
    given = model(
        start("T"),
        task("T", "fixed(1)", "again"),
        node("again", FlowKind.EXCLUSIVE, "end", "T", shares=(5 / 6, 1 / 6)),
        end(),
        arrivals=SLOW,
    )
    found = figures(given)
    assert found["mean"]["value"] * 24 == pytest.approx(1.2, abs=0.02)
    assert found["sd"] * 24 == pytest.approx((1 / 6) ** 0.5 / (5 / 6), abs=0.03)
    [row] = simulate(given, PLAN).data()["items"]
    assert row["rounds"] == pytest.approx(1.2, abs=0.02)


def gated(*, soft: bool) -> Model:
    """B waits for A: before its work, or softly before its end."""
    wait = node("gate", FlowKind.GATE, "end" if soft else "B", waits_for=("A",))
    return model(
        start("both"),
        node("both", FlowKind.PARALLEL, "A", "B" if soft else "gate"),
        task("A", "fixed(6)", "end"),
        task("B", "fixed(4)", "gate" if soft else "end"),
        wait,
        end(),
        arrivals=SLOW,
    )


def test_a_gate_holds_until_what_it_waits_for() -> None:
    assert days(gated(soft=False)) == pytest.approx(10)
    assert days(gated(soft=False), "counted") == pytest.approx(10)


def test_a_soft_gate_holds_what_is_done_already() -> None:
    given = gated(soft=True)
    assert days(given) == pytest.approx(6)
    queued = staffed(given, pool("nobody", 1))
    assert figures(queued) == figures(given)
    row = next(each for each in simulate(queued, PLAN).data()["nodes"] if each["id"] == "gate")
    assert row["held"] == pytest.approx(2)


def test_a_gate_that_is_passed_late_stands_open() -> None:
    given = gated(soft=True)
    slow = [replace(each, work=Distribution.of("fixed(9)")) if each.id == "B" else each
            for each in given.nodes]  # fmt: skip
    assert days(replace(given, nodes=tuple(slow))) == pytest.approx(9)


def test_the_first_of_several_goes_on_alone() -> None:
    given = model(
        start("both"),
        node("both", FlowKind.PARALLEL, "A", "timer"),
        task("A", "exponential(2)", "first"),
        node("timer", FlowKind.TIMER, "first", work=Distribution.of("fixed(3)")),
        node("first", FlowKind.FIRST, "C"),
        task("C", "fixed(1)", "end"),
        end(),
        arrivals=SLOW,
        opens="C",
    )
    found = checked(given, PLAN).state.outcomes
    took = found["opened"] - found["arrived"]
    assert took.max() == pytest.approx(4.0)
    truth = 2 * (1 - np.exp(-1.5)) + 1
    assert took.mean() == pytest.approx(truth, abs=0.08)


def test_days_of_applicants_do_not_count() -> None:
    works = task("A", "fixed(3)"), task("B", "fixed(5)", counted=False)
    given = split(FlowKind.PARALLEL, *works)
    assert days(given, "counted") == pytest.approx(3)
    assert days(given, "elapsed") == pytest.approx(5)


def test_an_applicants_own_days_are_known_though_they_do_not_count() -> None:
    given = model(*line(task("A", "fixed(6)", counted=False)), arrivals=SLOW)
    outside = replace(given, items=tuple(replace(each, kind="applicant") for each in given.items))
    for shown in (outside, staffed(outside, pool("nobody", 1))):
        [row] = simulate(shown, PLAN).data()["items"]
        assert row["days"]["p50"] == pytest.approx(0.25)


def test_what_decided_is_on_the_path_back() -> None:
    """Of two exponentials side by side, the longer decides; what comes after both always does."""
    given = model(
        start("split"),
        node("split", FlowKind.PARALLEL, "A", "B"),
        task("A", "exponential(1)", "join"),
        task("B", "exponential(3)", "join"),
        node("join", FlowKind.PARALLEL, "C"),
        task("C", "fixed(1)", "again"),
        node("again", FlowKind.EXCLUSIVE, "end", "C", shares=(0.5, 0.5)),
        end(),
        arrivals=SLOW,
    )
    found = {row["id"]: row["criticality"] for row in simulate(given, PLAN).data()["items"]}
    assert found["A"] == pytest.approx(0.25, abs=0.03)
    assert found["B"] == pytest.approx(0.75, abs=0.03)
    assert found["C"] == 1.0


def test_projects_under_way_have_only_the_rest_before_them() -> None:
    given = model(*line(task("A", "fixed(3)"), task("B", "fixed(5)")), opens="B")
    standing = (
        Standing("fresh", 0.0, {}),
        Standing("half", -24.0, {"A": 1.0, "B": 0.4}, counted_days=0.25, elapsed_days=1.0),
    )
    given = replace(given, standing=standing, arrivals=Arrivals(per_year=0), promised_days=1)
    found = simulate(given, replace(PLAN, replications=2)).data()
    rows = {row["id"]: row for row in found["projects"]}
    assert rows["fresh"]["counted_days"]["p50"] == pytest.approx(8 / 24)
    assert rows["half"]["counted_days"]["p50"] == pytest.approx(0.25 + 3 / 24)
    assert (rows["half"]["opens_on"]["p50"], rows["half"]["within_promise"]) == ("2014-01-06", 1.0)
    assert found["measures"]["elapsed"]["most"] == pytest.approx(1.0 + 3 / 24, abs=0.03)


def test_a_standstill_is_told_by_where_it_is() -> None:
    given = model(
        start("one"),
        node("one", FlowKind.EXCLUSIVE, "A", "B", shares=(0.5, 0.5)),
        task("A", "fixed(1)", "join"),
        task("B", "fixed(1)", "join"),
        node("join", FlowKind.PARALLEL, "end"),
        end(),
        arrivals=SLOW,
    )
    with pytest.raises(InvalidModel, match="never end: they wait at join"):
        simulate(given, PLAN)


def test_work_for_nobody_is_told_by_its_pool() -> None:
    given = model(*line(task("T", "fixed(1)", pool="P")), arrivals=SLOW)
    with pytest.raises(InvalidModel, match="never end: they wait at P"):
        simulate(staffed(given, pool("P", 0)), PLAN)


def test_more_than_can_be_done_is_told_by_the_queue_that_grows(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("engine.analysis.simulation.replication.MOST_OPEN", 300)
    given = model(*line(task("T", "fixed(3)", pool="P")), arrivals=SLOW)
    with pytest.raises(InvalidModel, match=r"128 cases are open at once; \d+ tasks wait at P"):
        simulate(staffed(given, pool("P", 1)), PLAN)


def test_a_loop_in_which_no_time_passes_is_told() -> None:
    given = model(
        start("round"),
        node("round", FlowKind.EXCLUSIVE, "back", "end", shares=(1.0, 0.0)),
        node("back", FlowKind.PASS, "round"),
        end(),
        arrivals=SLOW,
    )
    with pytest.raises(InvalidModel, match="never ends"):
        simulate(given, replace(PLAN, cases=4))


@pytest.mark.parametrize(
    "change",
    [
        {"nodes": (start("nowhere"),)},
        {"clock": "moon"},
        {"nodes": (*line(task("T", "fixed(1)", pool="nobody")),)},
        {"nodes": (*line(task("T", "fixed(1)", calendar="moon")),)},
        {"nodes": (start("g"), node("g", FlowKind.GATE, "end", waits_for=("x",)), end())},
        {"nodes": (start("x"), node("x", FlowKind.EXCLUSIVE, "end", shares=(0.5,)), end())},
        {"nodes": (start("end"), end(), end())},
        {"arrivals": Arrivals(by_month=(1.0,))},
        {"arrivals": Arrivals(classes=((0, 0.5),))},
    ],
)
def test_a_model_that_does_not_fit_together_is_refused(change: dict[str, Any]) -> None:
    given = replace(model(*line(task("T", "fixed(1)")), arrivals=SLOW), **change)
    with pytest.raises(InvalidModel):
        simulate(given, PLAN)


@pytest.mark.parametrize("wrong", [{"cases": 0}, {"replications": 0}, {"warm_up_days": -1}])
def test_a_plan_of_nothing_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(InvalidPlan):
        Plan(**wrong)
    given = model(*line(task("T", "fixed(1)")), arrivals=Arrivals(per_year=0))
    with pytest.raises(InvalidPlan):
        simulate(given, PLAN)


def busy() -> Model:
    works = task("A", "lognormal(5, 4)", pool="P"), task("B", "pert(1, 3, 9)", pool="Q")
    given = model(*line(*works), arrivals=coming(0.3), promised_days=1)
    return staffed(given, pool("P", 2), pool("Q", 1, "office"))


def test_a_seed_gives_one_answer_on_any_number_of_processes() -> None:
    alone = simulate(busy(), PLAN).data()
    assert simulate(busy(), PLAN, processes=2).data() == alone
    assert simulate(busy(), replace(PLAN, seed=4)).data() != alone


def test_nothing_is_lost_where_people_are_ill_and_windows_closed() -> None:
    given = busy()
    ill = tuple(replace(each, absence=Absence(0.2, 3)) for each in given.people)
    well, sick = checked(given, PLAN), checked(replace(given, people=ill), PLAN)
    wait = [played.state.pools["waiting"].sum() for played in (well, sick)]
    assert wait[1] > wait[0]


def test_a_run_is_cancelled_between_replications() -> None:
    seen: list[tuple[int, int]] = []

    def progress(done: int, of: int) -> bool:
        seen.append((done, of))
        return done < 2

    with pytest.raises(Cancelled):
        simulate(busy(), PLAN, progress=progress)
    assert seen == [(1, 4), (2, 4)]


# -- joins that nobody comes to any more ---------------------------------------------------------


def test_an_inclusive_join_goes_on_when_nobody_comes_any_more() -> None:
    """Behind an exclusive split, behind one inside a branch, and where a branch ends aside."""
    works = [replace(task(name, "fixed(1)"), outgoing=("join",)) for name in "AB"]
    merged = model(
        start("x"), node("x", FlowKind.EXCLUSIVE, "A", "B", shares=(0.5, 0.5)), *works,
        node("join", FlowKind.INCLUSIVE, "end"), end(), arrivals=SLOW,
    )  # fmt: skip
    inside = model(
        start("or"), node("or", FlowKind.INCLUSIVE, "x", "B", shares=(1.0, 0.5)),
        node("x", FlowKind.EXCLUSIVE, "A", "C", "aside", shares=(0.4, 0.4, 0.2)), *works,
        replace(task("C", "fixed(2)"), outgoing=("join",)),
        node("join", FlowKind.INCLUSIVE, "D"), task("D", "fixed(1)", "end"),
        node("aside", FlowKind.END), end(), arrivals=SLOW,
    )  # fmt: skip
    assert days(merged) == pytest.approx(1)
    checked(merged, PLAN)
    checked(inside, PLAN)
    visits = {row["id"]: row["visits"] for row in simulate(inside, PLAN).data()["nodes"]}
    assert visits["D"] == pytest.approx(1 - 0.2 * 0.5, abs=0.03)


def test_the_default_of_an_inclusive_gateway_is_gone_where_no_other_is() -> None:
    works = task("A", "fixed(2)"), task("B", "fixed(3)")
    given = split(FlowKind.INCLUSIVE, *works, shares=(0.5, -1.0))
    visits = {row["id"]: row["visits"] for row in simulate(given, PLAN).data()["nodes"]}
    assert visits["A"] == pytest.approx(0.5, abs=0.03)
    assert visits["A"] + visits["B"] == pytest.approx(1)


# -- what is past --------------------------------------------------------------------------------


def under_way(**done: float) -> Model:
    """A file that is received, comes back or not, and is reviewed; one project of it under way."""
    given = model(
        start("receive"),
        task("receive", "fixed(1)", "back"),
        node("back", FlowKind.EXCLUSIVE, "review", "supplement", shares=(0.5, 0.5)),
        task("supplement", "fixed(50)", "receive"),
        task("review", "fixed(10)", "end"),
        end(),
    )
    standing = Standing("P", 0.0, done)
    return replace(given, standing=(standing,), arrivals=Arrivals(per_year=0))


def test_what_a_project_has_passed_is_not_drawn_again() -> None:
    plan = replace(PLAN, replications=20)
    reviewed = simulate(under_way(receive=1.0, review=0.5), plan).data()["measures"]["whole"]
    assert (reviewed["least"], reviewed["most"]) == (0.2, 0.2)
    returned = simulate(under_way(receive=1.0, supplement=0.1), plan).data()["measures"]["whole"]
    assert returned["least"] * 24 == pytest.approx(45 + 1 + 10, abs=1.3)
    assert returned["most"] > returned["least"]


# -- people --------------------------------------------------------------------------------------


def test_who_came_in_the_night_goes_before_who_comes_as_the_window_opens() -> None:
    given = model(
        start("both"),
        node("both", FlowKind.PARALLEL, "T", "timer"),
        task("T", "fixed(1)", "end", pool="P"),
        node("timer", FlowKind.TIMER, "U", work=Distribution.of("fixed(8.5)")),
        task("U", "fixed(1)", "end", pool="P"),
        end(),
        arrivals=Arrivals(per_year=0, backlog=1),
    )
    given = staffed(given, pool("P", 1, "office"))
    given = replace(given, standing=(Standing("one", 0.0, {}),))
    played = checked(given, replace(PLAN, replications=1))
    rows = {int(row["node"]): float(row["start"]) for row in played.state.log[: played.logged]}
    assert (rows[2], rows[4]) == (8.5, 9.5)


def test_work_waits_for_whoever_is_ill_in_the_offices_hours() -> None:
    given = model(*line(task("T", "fixed(2)", pool="P")), arrivals=coming(0.05))
    person = Person("one", ("P",), "office", Absence(0.3, 5))
    given = replace(given, pools=(Pool("P"),), people=(person,))
    [row] = simulate(given, replace(PLAN, cases=4_000, warm_up_days=30)).data()["pools"]
    assert row["waiting"]["value"] > 5


@pytest.mark.parametrize(
    ("share", "mean_days"), [(0.03, 3.0), (0.6, 1.0), (0.8, 3.0), (0.95, 3.0), (0.1, 0.1)]
)
def test_people_are_away_as_often_as_is_assumed(share: float, mean_days: float) -> None:
    gone = spells(Absence(share, mean_days), np.random.default_rng(4), 200_000)
    assert gone.mean() == pytest.approx(share, rel=0.08)


def test_who_works_around_the_clock_can_be_ill() -> None:
    given = model(*line(task("T", "fixed(2)", pool="P")), arrivals=coming(0.05))
    long = Calendar(((0.0, 24.0 * 7_000),), 24.0 * 7_000, 24.0)
    person = Person("one", ("P",), "long", Absence(0.3, 5))
    given = replace(
        given, pools=(Pool("P"),), people=(person,), calendars={**given.calendars, "long": long}
    )
    checked(given, replace(PLAN, cases=200))


# -- what is too much ----------------------------------------------------------------------------


def test_days_of_an_item_may_be_many() -> None:
    given = model(*line(task("T", "uniform(4000, 5600)", pool="P")), arrivals=coming(0.001))
    [row] = simulate(staffed(given, pool("P", 50)), PLAN).data()["items"]
    assert row["days"]["p90"] == pytest.approx((4000 + 0.9 * 1600) / 24, rel=0.02)
    assert row["days"]["p50"] == pytest.approx(200, rel=0.02)


def test_work_without_end_is_cut() -> None:
    given = model(*line(task("T", "weibull(0.02, 1)")), arrivals=SLOW)
    assert simulate(staffed(given, pool("nobody", 1)), PLAN).data()["cases"] == PLAN.cases
    with pytest.raises(InvalidDistribution, match="at most"):
        Distribution.of("fixed(1e30)")


def test_arrivals_without_end_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.analysis.simulation.arriving.MOST", 100_000)
    given = model(*line(task("T", "fixed(1)")), arrivals=Arrivals(between=Distribution.of(0)))
    with pytest.raises(InvalidModel, match="cases arrive before the run has ended"):
        simulate(given, PLAN)


def test_where_nothing_opens_nothing_is_kept() -> None:
    given = model(
        start("x"),
        node("x", FlowKind.EXCLUSIVE, "end", "never", shares=(1.0, 0.0)),
        node("never", FlowKind.END, brings="OPEN"),
        end(),
        arrivals=SLOW,
        opens="OPEN",
        promised_days=5,
    )
    for shown in (given, staffed(given, pool("nobody", 1))):
        found = simulate(shown, PLAN).data()
        assert (found["unopened"], found["promise"]["chance"]["value"]) == (PLAN.cases, 0)
        assert found["measures"]["counted"] is None
        assert len(found["figures"]["mean"]) == PLAN.replications
        assert compare(found, found)["figures"]["mean"] is None
