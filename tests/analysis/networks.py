"""Networks to test with: the four procedures, and random ones."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from hypothesis import strategies as st

from engine.analysis.network import ActivityNetwork
from engine.rules.procedure import OPEN, START, Activity, Kind

if TYPE_CHECKING:
    from collections.abc import Callable

FACTS = Path(__file__).parents[1] / "data" / "reconstruction.yaml"
PROCEDURES = ("industrial-2013", "industrial-2014", "real-estate-2013", "real-estate-2014")
WORKERS = (Kind.APPROVAL, Kind.APPROVAL, Kind.APPROVAL, Kind.APPLICANT, Kind.INTERMEDIARY)


def procedure(name: str) -> ActivityNetwork:
    """One of the four procedures, from the facts alone."""
    facts = yaml.safe_load(FACTS.read_text(encoding="utf-8"))
    drawn = facts["procedures"][name]
    items = [
        _item(item, row, facts["items"][item.rsplit("-", 1)[1]])
        for item, row in drawn["items"].items()
    ]
    opening = milestone(OPEN, *drawn["open_waits_for"], stage="construction")
    return ActivityNetwork([milestone(START), *items, opening])


def _item(item: str, row: dict[str, Any], constant: dict[str, Any]) -> Activity:
    kind, department = Kind(constant["kind"]), constant["department"]
    name = constant["name"]["zh"]
    return Activity(item, name, row["stage"], department, kind, row["days"], tuple(row["after"]))


def milestone(name: str, *after: str, stage: str = "") -> Activity:
    return Activity(name, name, stage, "", Kind.MILESTONE, 0, after)


def work(  # what a test says of an activity, and no more
    name: str,
    days: int,
    *after: str,
    waits: tuple[str, ...] = (),
    kind: Kind = Kind.APPROVAL,
    stage: str = "planning",
) -> Activity:
    return Activity(name, name, stage, "PLAN", kind, days, after, waits)


def network(*activities: Activity) -> ActivityNetwork:
    return ActivityNetwork(activities)


def with_days(net: ActivityNetwork, **days: int) -> ActivityNetwork:
    """The same network with other days for the activities named."""
    return ActivityNetwork(replace(a, days=days.get(a.id, a.days)) for a in net)


def drawn(rng: random.Random, size: int, *, opens: bool = True) -> ActivityNetwork:
    """A random network: soft gates, zero days, all kinds, acceptance and side branches."""
    return _drawn(rng.randint, size, opens=opens)


@st.composite
def networks(draw: st.DrawFn, size: int = 7) -> ActivityNetwork:
    """Random networks, small enough to try every path."""
    count = draw(st.integers(1, size))
    return _drawn(lambda low, high: draw(st.integers(low, high)), count, opens=draw(st.booleans()))


def _drawn(pick: Callable[[int, int], int], size: int, *, opens: bool) -> ActivityNetwork:
    before = [f"W{i}" for i in range(size)]
    activities = [milestone(START)]
    activities += [_random(pick, name, before[:i], "planning") for i, name in enumerate(before)]
    if opens:
        needs = [name for name in before if pick(0, 1)] or [before[-1]]
        activities.append(milestone(OPEN, *needs, stage="construction"))
        after = [OPEN, *(f"Z{i}" for i in range(min(size, 3)))]
        # what follows OPEN is acceptance, or now and then nobody's business
        activities += [
            _random(pick, name, after[: i + 1], "acceptance" if pick(0, 3) else "construction")
            for i, name in enumerate(after[1:])
        ]
    return ActivityNetwork(activities)


def _random(pick: Callable[[int, int], int], name: str, earlier: list[str], stage: str) -> Activity:
    near = earlier[-6:]
    gates = {before: pick(0, 5) for before in near}
    starts = [before for before, gate in gates.items() if gate <= 1]
    waits = [before for before, gate in gates.items() if gate in {1, 2}]
    floor = [OPEN] if OPEN in earlier else [START]
    kind = WORKERS[pick(0, len(WORKERS) - 1)]
    days = pick(0, 6)
    return work(name, days, *(starts or floor), waits=tuple(waits), kind=kind, stage=stage)
