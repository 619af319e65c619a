"""Branches counted in logs whose ways are known; how much of a log a flow explains."""

from __future__ import annotations

from dataclasses import replace
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.analysis.discovery.fitness import Fitness, fitness
from engine.analysis.discovery.replay import Replay
from engine.analysis.discovery.shares import choices, wilson
from engine.analysis.eventlog.log import EventLog
from engine.rules.flow import ControlFlow, FlowKind
from tests.analysis.discovery_logs import flow, random, words

SUPPLEMENT = """
    START > x1
    x1 > receive
    receive > x2
    x2 > review supplement END2
    supplement > x1
    review > END
"""
PARALLEL = """
    START > p1
    p1 > a b
    a > p2
    b > p2
    p2 > x1
    x1 > c d
    c > END
    d > END
"""


def replay(given: ControlFlow, log: EventLog) -> Replay:
    return Replay.of(log, given, {each: each for each in log.activities if each in given.nodes})


def counted(given: ControlFlow, log: EventLog) -> dict[str, list[float]]:
    """How often each way of each gateway was gone."""
    return {each.node: [way.count for way in each.branches] for each in choices(replay(given, log))}


def fits(given: ControlFlow, log: EventLog) -> Fitness:
    return fitness(replay(given, log))


# -- exclusive ---------------------------------------------------------------------------------


def test_a_loop_and_an_end_are_counted() -> None:
    late = ["receive review"] * 30
    log = words("receive supplement receive review", "receive", *late)
    assert counted(flow(SUPPLEMENT), log) == {"x2": [31, 1, 1]}


def test_what_may_be_still_going_on_is_no_end() -> None:
    log = words(*["receive review"] * 30, "receive")
    assert counted(flow(SUPPLEMENT), log) == {"x2": [30, 0, 0]}


def test_what_usually_follows_soon_and_has_not_long_since_is_an_end() -> None:
    log = words("receive", *["receive review"] * 30)
    assert counted(flow(SUPPLEMENT), log) == {"x2": [30, 0, 1]}


def test_gateway_behind_gateway() -> None:
    given = flow("START > x1\n x1 > a x2\n x2 > b c\n a > END\n b > END\n c > END")
    log = words("a", "b", "b", "c")
    assert counted(given, log) == {"x1": [1, 3], "x2": [2, 1]}


def test_shares_that_were_drawn_lie_in_their_intervals() -> None:
    """95 of 100 do."""
    rng, inside = random(), 0
    given = flow("START > x1\n x1 > a b c\n a > END\n b > END\n c > END")
    truth = {"a": 0.7, "b": 0.25, "c": 0.05}
    for _ in range(60):
        log = words(*rng.choice([*truth], 400, p=[*truth.values()]).tolist())
        (found,) = choices(replay(given, log))
        assert found.visits == 400
        assert sum(each.share for each in found.branches) == pytest.approx(1)
        inside += sum(each.low <= truth[each.target] <= each.high for each in found.branches)
    assert inside / 180 > 0.9


def test_ways_that_cannot_be_told_apart_share_the_count() -> None:
    given = flow("START > x1\n x1 > b1 b2\n b1 > a\n b2 > a\n a > END")
    nodes = dict(given.nodes)
    for name in ("b1", "b2"):
        nodes[name] = replace(nodes[name], kind=FlowKind.PASS)
    (found,) = choices(replay(ControlFlow(nodes, {}), words("a", "a", "a")))
    assert [each.count for each in found.branches] == [1.5, 1.5]
    assert (found.visits, found.untold) == (3, 3)


def test_work_that_never_occurs_is_passed() -> None:
    """Whoever is refused applies again, which no log has."""
    given = flow("START > x1\n x1 > a\n a > x2\n x2 > b again\n again > x1\n b > END")
    assert counted(given, words("a b", "a a b", "a b")) == {"x2": [3, 1]}


def test_of_ways_to_the_same_work_the_one_was_gone_that_the_log_would_have() -> None:
    """`issue` would have been recorded, as `decide` is."""
    given = flow(
        "START > decide\n decide > x1\n x1 > x2 issue\n issue > x2\n x2 > deliver\n deliver > END"
    )
    (found,) = choices(replay(given, words("decide deliver", "decide deliver")))
    assert [each.count for each in found.branches] == [2, 0]
    assert found.untold == 0


def test_but_not_where_the_log_has_not_what_comes_before_either() -> None:
    given = flow(
        "START > decide\n decide > x1\n x1 > x2 issue\n issue > x2\n x2 > deliver\n deliver > END"
    )
    (found,) = choices(replay(given, words("deliver", "deliver")))
    assert (found.visits, found.untold) == (2, 2)


# -- parallel and inclusive --------------------------------------------------------------------


def test_the_last_at_a_join_goes_on() -> None:
    log = words("a b c", "b a d", "a b c")
    assert counted(flow(PARALLEL), log) == {"x1": [2, 1]}


def test_choices_inside_parallel_ways_do_not_disturb_each_other() -> None:
    given = flow(
        "START > p1\n p1 > x1 x2\n x1 > a b\n x2 > c d\n"
        "a > p2\n b > p2\n c > p2\n d > p2\n p2 > END"
    )
    assert counted(given, words("a c", "d a", "b d")) == {"x1": [2, 1], "x2": [1, 2]}


def test_inclusive_ways_are_chances_of_their_own() -> None:
    given = flow("START > i1\n i1 > a b\n a > i2\n b > i2\n i2 > c\n c > END")
    log = words("a c", "b a c", "b c", "a b c")
    assert counted(given, log) == {"i1": [3, 3]}


def test_a_case_with_two_starts() -> None:
    given = flow(
        "START1 > x1\n x1 > a b\n START2 > x2\n x2 > c d\n a > END\n b > END\n c > END2\n d > END2"
    )
    assert counted(given, words("a c", "d b")) == {"x1": [1, 1], "x2": [1, 1]}


@settings(deadline=None, max_examples=40)
@given(st.lists(st.sampled_from(["ab", "abab", "acb", "acacb", "ac"]), min_size=1, max_size=30))
def test_against_reading_words(cases: list[str]) -> None:
    """In a > x > (b, c > a), every a is followed by its choice."""
    given_flow = flow(
        "START > x1\n x1 > a\n a > x2\n x2 > b x3\n b > x4\n x4 > x1 END\n"
        "x3 > c\n c > x5\n x5 > x1 b"
    )
    spaced = [" ".join(each) for each in cases]
    found = counted(given_flow, words(*spaced, *["a b"] * 3))
    to_b = sum(each.count("ab") for each in cases) + 3
    to_c = sum(each.count("ac") for each in cases)
    assert found["x2"] == [to_b, to_c]


@pytest.mark.parametrize(("count", "number"), [(0, 10), (1, 10), (5, 10), (16, 100), (100, 100)])
def test_intervals_are_where_the_score_is_as_far_away_as_the_quantile(
    count: int, number: int
) -> None:
    low, high = wilson(count, number)
    z = NormalDist().inv_cdf(0.975)
    assert 0 <= low <= count / number <= high <= 1
    for bound in (low, high):
        if 0 < bound < 1:
            score = abs(count / number - bound) / np.sqrt(bound * (1 - bound) / number)
            assert score == pytest.approx(z, rel=1e-5)


def test_of_nothing_anything_may_be() -> None:
    assert wilson(0, 0) == (0.0, 1.0)


# -- fitness -----------------------------------------------------------------------------------


def test_a_log_of_the_flow_fits_it() -> None:
    log = words("receive supplement receive review", "receive review", "receive")
    assert fits(flow(SUPPLEMENT), log) == Fitness(1.0, 1.0, 1.0, (), 7)
    assert fits(flow(PARALLEL), words("a b c", "b a d")).allowed == 1.0


def test_what_does_not_fit_is_named() -> None:
    log = words("receive review", "review receive", "supplement gossip receive review")
    found = fits(flow(SUPPLEMENT), log)
    assert found.mapped == 7 / 8
    assert found.allowed == pytest.approx(5 / 7)
    assert found.cases == pytest.approx(1 / 3)
    assert found.misfits == (("", "review", 1), ("", "supplement", 1))


def test_twice_in_a_row_fits_only_a_loop() -> None:
    assert fits(flow("START > a\n a > END"), words("a a")).allowed == 0.5
    assert fits(flow("START > x1\n x1 > a\n a > x2\n x2 > x1 END"), words("a a")).allowed == 1.0


def test_nothing_mapped_fits_nothing() -> None:
    assert fits(flow("START > a\n a > END"), words("b")) == Fitness(0.0, 0.0, 0.0)
