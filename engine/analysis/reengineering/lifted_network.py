"""The network of a lifted plan: its total, its circles, and what is finished before what."""

from __future__ import annotations

from collections.abc import Iterable

import networkx as nx

from engine.analysis.network import ACCEPTANCE_STAGE
from engine.analysis.reengineering.lifted import (
    NO,
    NO_DAYS,
    ONE_DAY,
    Days,
    Truth,
    both,
    choose,
    either,
    ever,
    greater,
    later,
    opposite,
    plus,
    some,
    without,
)
from engine.analysis.reengineering.lifted_plan import LiftedPlan
from engine.rules.precondition import Precondition
from engine.rules.procedure import OPEN, Kind


def ordered(plan: LiftedPlan) -> list[list[str]]:
    """Activities in an order that holds in every subset.

    Those that wait for one another, each in other subsets, stand together.
    """
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from(plan.there)
    graph.add_edges_from((one, other) for one, other, where in plan.edges() if ever(where))
    groups = nx.condensation(graph)
    return [list(groups.nodes[at]["members"]) for at in nx.topological_sort(groups)]


def refuse_circles(plan: LiftedPlan) -> None:
    """Note as conflicts the subsets in which activities wait in a circle.

    In a circle of n the longest walk grows at every pass; elsewhere it stands after n - 1.
    """
    for group in ordered(plan):
        if len(group) > 1:
            plan.refuse(_circle(plan, group))


def _circle(plan: LiftedPlan, group: list[str]) -> Truth:
    depth: dict[str, Days] = dict.fromkeys(group, NO_DAYS)
    grown: Truth = NO
    for _ in group:
        grown = NO
        for name in group:
            for before, where in plan.gates(name).items():
                if before in depth:
                    there = plus(depth[before], ONE_DAY)
                    deeper = both(where, greater(there, depth[name]))
                    grown = either(grown, deeper)
                    depth[name] = choose(deeper, there, depth[name])
    return grown


def total(plan: LiftedPlan, order: Iterable[list[str]]) -> Days:
    """Counted days to OPEN; where there is none, to the last activity that is no acceptance."""
    finish: dict[str, Days] = {}
    for group in order:
        finish.update(dict.fromkeys(group, NO_DAYS))
        for _ in group:
            finish.update((name, _finish(plan, name, finish)) for name in group)
    if OPEN in finish:
        return finish[OPEN]
    end: Days = NO_DAYS
    for name, day in finish.items():
        if plan.base[name].stage != ACCEPTANCE_STAGE:
            end = later(end, choose(plan.there[name], day, NO_DAYS))
    return end


def _finish(plan: LiftedPlan, name: str, finish: dict[str, Days]) -> Days:
    counts = plan.base[name].kind is Kind.APPROVAL
    start = _latest(plan.starts[name], finish)
    done = plus(start, plan.days[name]) if counts else start
    return later(done, _latest(plan.decides[name], finish))


def _latest(gates: dict[str, Truth], finish: dict[str, Days]) -> Days:
    latest: Days = NO_DAYS
    for before, where in gates.items():
        # what waits nowhere may not have been reached yet
        latest = later(latest, choose(where, finish.get(before, NO_DAYS), NO_DAYS))
    return latest


def lawful(plan: LiftedPlan, order: list[list[str]], laws: Iterable[Precondition]) -> Truth:
    """Where every precondition is kept, and nothing is decided by whom or as it may not be."""
    kept = without(opposite(plan.unlawful), _beyond_power(plan))
    for law in laws:
        kept = both(kept, _kept(plan, order, law))
    return kept


def _beyond_power(plan: LiftedPlan) -> Truth:
    """Where something is decided without its department, or on a word that cannot stand for it."""
    alone = (
        without(where, plan.seats[home].get(plan.base[name].department, NO))
        for name in plan.reserved
        for home, where in plan.homes[name].items()
    )
    on_a_word = (
        both(where, both(plan.there[name], plan.guarded[name]))
        for name, where in plan.committed.items()
    )
    return either(some(alone), some(on_a_word))


def _kept(plan: LiftedPlan, order: list[list[str]], law: Precondition) -> Truth:
    doers, reached = plan.homes[law.before], dict[str, Truth]()
    for group in order:
        reached.update(dict.fromkeys(group, NO))
        for _ in group:
            reached.update((name, _waits_for(plan, name, doers, reached)) for name in group)
    return opposite(
        some(
            both(where, opposite(either(doers.get(home, NO), reached[home])))
            for home, where in plan.homes[law.after].items()
        )
    )


def _waits_for(
    plan: LiftedPlan, name: str, doers: dict[str, Truth], reached: dict[str, Truth]
) -> Truth:
    return some(
        both(where, either(doers.get(before, NO), reached.get(before, NO)))
        for before, where in plan.gates(name).items()
    )
