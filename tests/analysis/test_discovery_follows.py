"""A flow found in what follows what: the chain that was drawn, without its noise."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.analysis.discovery.fitness import fitness
from engine.analysis.discovery.follows import Found, discovered
from engine.analysis.discovery.replay import Replay
from engine.analysis.discovery.shares import choices
from engine.errors import Invalid
from engine.rules.flow import FlowKind
from engine.workflow.xml import ID
from tests.analysis.discovery_logs import log, random, words

CHAIN = {
    "START": {"receive": 1.0},
    "receive": {"supplement": 0.16, "review": 0.84},
    "supplement": {"receive": 1.0},
    "review": {"END": 0.9, "refer": 0.1},
    "refer": {"review": 1.0},
}


def walks(count: int, seed: int = 4) -> list[str]:
    rng = random(seed)
    found = []
    for _ in range(count):
        at, walk = "START", list[str]()
        while at != "END":
            ways = CHAIN[at]
            at = str(rng.choice([*ways], p=[*ways.values()]))
            walk.append(at)
        found.append(" ".join(walk[:-1]))
    return found


def moves(found: Found) -> dict[tuple[str, str], int]:
    return {(each.source, each.target): each.count for each in found.moves}


def test_the_chain_that_was_drawn_is_found() -> None:
    found = discovered(words(*walks(2_000)), cover=1.0)
    shares = {(each.source, each.target): each.share for each in found.moves}
    assert shares.keys() == {(one, other) for one, ways in CHAIN.items() for other in ways}
    for (one, other), share in shares.items():
        assert share == pytest.approx(CHAIN[one][other], abs=0.03)
    assert (found.covered, found.dropped) == (1.0, {})


def test_counts_are_those_of_neighbours() -> None:
    cases = walks(300)
    neighbours = Counter(
        pair for each in cases for pair in pairwise(["START", *each.split(), "END"])
    )
    assert moves(discovered(words(*cases), cover=1.0)) == dict(neighbours)


def test_noise_is_left_out() -> None:
    noise = ["review receive", "gossip", "receive gossip review"]
    found = discovered(words(*walks(1_000), *noise), cover=0.95)
    assert found.nodes.keys() == CHAIN.keys() - {"START"}
    assert found.dropped == {"gossip": 2}
    assert 0.95 <= found.covered < 1


def test_a_flow_of_gateways_before_and_behind() -> None:
    found = discovered(words(*walks(500)), cover=1.0)
    nodes = found.flow.nodes
    kinds = {each.id: each.kind for each in nodes.values()}
    assert kinds["receive-in"] == kinds["receive-out"] == FlowKind.EXCLUSIVE
    assert "refer-in" not in kinds
    assert [each.target for each in nodes["receive-out"].outgoing] == ["review-in", "supplement"]
    assert [each.default for each in nodes["receive-out"].outgoing] == [True, False]
    assert nodes["receive"].name == "receive"
    assert found.flow.items["receive"].main == "receive"


def test_the_found_flow_explains_the_log_and_gives_its_shares_again() -> None:
    told = words(*walks(800))
    found = discovered(told, cover=1.0)
    laid = Replay.of(told, found.flow, found.nodes)
    assert (fitness(laid).allowed, fitness(laid).cases) == (1.0, 1.0)
    shares = {way.flow: way.share for each in choices(laid) for way in each.branches}
    assert shares["receive-out--supplement"] == pytest.approx(0.16, abs=0.04)


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.lists(st.sampled_from("abcdef"), min_size=1, max_size=8), min_size=1, max_size=30),
    st.sampled_from([0.0, 0.5, 0.8, 1.0]),
    st.sampled_from([1, 5, 40]),
)
def test_a_way_leads_from_the_start_over_every_node_to_the_end(
    cases: list[list[str]], cover: float, most: int
) -> None:
    found = discovered(words(*map(" ".join, cases)), cover=cover, most=most)
    nodes = found.flow.nodes
    ahead = {each: [way.target for way in node.outgoing] for each, node in nodes.items()}
    back: dict[str, list[str]] = {}
    for each, targets in ahead.items():
        for target in targets:
            back.setdefault(target, []).append(each)
    assert spread("START", ahead) == spread("END", back) == set(nodes)
    assert len(found.moves) <= most + 7
    if most == 40 and cover < 1:
        assert found.covered >= cover


def spread(first: str, ways: dict[str, list[str]]) -> set[str]:
    found, stack = set[str](), [first]
    while stack:
        each = stack.pop()
        if each not in found:
            found.add(each)
            stack.extend(ways.get(each, ()))
    return found


def test_where_all_is_different_a_diagram_is_still_small() -> None:
    rng = random()
    done = [f"a{each}" for each in rng.integers(0, 40, 4_000)]
    told = log(np.repeat(np.arange(400), 10), done, np.arange(4_000))
    found = discovered(told)
    assert len(found.moves) <= 60
    assert found.flow.nodes


def test_names_become_ids_that_differ() -> None:
    names = ["收件 受理", "审查", "1 check", "Check", "check", "START", "a" * 90, "a" * 91, "?"]
    rows = [(at, name) for at in range(3) for name in names]
    told = log([at for at, _ in rows], [name for _, name in rows], range(len(rows)))
    ids = discovered(told, cover=1.0).nodes
    assert set(ids) == set(names)
    assert len({each.lower() for each in ids.values()}) == len(names)
    assert all(ID.fullmatch(each) for each in ids.values())
    assert not {"start", "end"} & {each.lower() for each in ids.values()}


def test_a_log_without_events_has_no_flow() -> None:
    with pytest.raises(Invalid, match="no events"):
        discovered(log([], [], []))
