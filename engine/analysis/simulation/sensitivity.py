"""What the answer hangs on: one input at a time made smaller and larger, everything else alike."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from engine.analysis.simulation.model import Model, Node
from engine.analysis.simulation.plan import Plan
from engine.analysis.simulation.result import Result
from engine.analysis.simulation.run import Cancelled, Progress, simulate
from engine.analysis.simulation.totals import rounded
from engine.rules.flow import FlowKind
from engine.rules.procedure import Kind

#: durations are made a fifth shorter and longer, chances of going back half and half again as large
LESS, MORE = 0.8, 1.2
RARER, OFTENER = 0.5, 1.5
#: cases are enough at this number: both sides meet the same ones
ENOUGH = 1_500

Change = Callable[[Model], Model]


@dataclass(frozen=True, slots=True)
class Input:
    """One input with its two other values, and what the model is with them."""

    id: str
    kind: str
    name: str
    low: float
    high: float
    less: Change
    more: Change


def inputs(model: Model) -> Iterator[Input]:
    """Yield what is varied: days of items, the applicants' days, people, shares of ways aside."""
    for each in model.items:
        own = {node.id for node in model.nodes if node.item == each.id and node.counted}
        if own:
            yield longer(each.id, "item", each.name, frozenset(own))
    outside = {each.id for each in model.items if each.kind != Kind.APPROVAL}
    others = {node.id for node in model.nodes if node.item in outside}
    if others:
        yield longer("applicants", "applicant", "applicants", frozenset(others))
    for pool in model.pools:
        people = sum(pool.id in each.pools for each in model.people)
        if people:
            # who is alone cannot be spared: only a second one is tried
            less = partial(fewer, pool=pool.id) if people > 1 else same
            more, name = partial(another, pool=pool.id), pool.name or pool.id
            yield Input(pool.id, "pool", name, max(1, people - 1), people + 1, less, more)
    for name in gateways(model):
        ends = (partial(bent, name=name, factor=factor) for factor in (RARER, OFTENER))
        yield Input(name, "share", name, RARER, OFTENER, *ends)


def longer(name: str, kind: str, words: str, nodes: frozenset[str]) -> Input:
    """Return the input of some nodes' durations."""
    less, more = (partial(scaled, nodes=nodes, factor=factor) for factor in (LESS, MORE))
    return Input(name, kind, words, LESS, MORE, less, more)


def scaled(model: Model, nodes: frozenset[str], factor: float) -> Model:
    """Return a model in which some nodes' work takes so many times as long."""
    changed = (
        replace(each, work=each.work.scaled(factor)) if each.id in nodes else each
        for each in model.nodes
    )
    return replace(model, nodes=tuple(changed))


def same(model: Model) -> Model:
    """Return the model as it is."""
    return model


def fewer(model: Model, pool: str) -> Model:
    """Return a model in which the last who serves a pool serves it no longer."""
    last = max(at for at, each in enumerate(model.people) if pool in each.pools)
    left = replace(
        model.people[last], pools=tuple(each for each in model.people[last].pools if each != pool)
    )
    kept = (left,) if left.pools else ()
    return replace(model, people=(*model.people[:last], *kept, *model.people[last + 1 :]))


def another(model: Model, pool: str) -> Model:
    """Return a model with one person more in a pool, like the last who serves it."""
    last = [each for each in model.people if pool in each.pools][-1]
    more = replace(last, id=f"{last.id}+1", pools=(pool,))
    return replace(model, people=(*model.people, more))


def gateways(model: Model) -> list[str]:
    """Return the names of the gateways at which some files do not go straight on."""
    return sorted(
        {
            named(each)
            for each in model.nodes
            if each.kind is FlowKind.EXCLUSIVE and 0 < max(each.shares, default=0.0) < 1
        }
    )


def named(node: Node) -> str:
    """Return what a gateway is called in its diagram."""
    return node.id.rpartition("/")[2]


def bent(model: Model, name: str, factor: float) -> Model:
    """Return a model in which all but the likeliest way of some gateways are so much likelier."""
    return replace(
        model,
        nodes=tuple(rarer(each, factor) if named(each) == name else each for each in model.nodes),
    )


def rarer(node: Node, factor: float) -> Node:
    """Return a gateway whose ways aside are so much likelier, at most nine in ten together."""
    if node.kind is not FlowKind.EXCLUSIVE or len(node.shares) <= 1:
        return node
    main = node.shares.index(max(node.shares))
    aside = 1.0 - node.shares[main]
    scale = min(factor, 0.9 / aside) if aside > 0 else 1.0
    found = [share * scale for share in node.shares]
    found[main] = 1.0 - aside * scale
    return replace(node, shares=tuple(found))


def sensitivity(
    model: Model, plan: Plan, *, processes: int = 1, progress: Progress | None = None
) -> list[dict[str, Any]]:
    """Return a row for each input, the widest first: mean and 90th percentile of the counted days.

    `low` and `high` are factors of durations and shares, people of pools; `base` is the mean and
    the percentile with every input as it is. Raises as `simulate`.
    """
    wanted = [*inputs(model)]
    short = replace(plan, cases=min(plan.cases, max(ENOUGH, plan.replications)))
    usual = simulate(model, short, processes=processes).measures["counted"]
    base = [rounded(usual.mean), rounded(usual.quantile(0.9))]
    rows = []
    for done, each in enumerate(wanted, start=1):
        changed = (change(model) for change in (each.less, each.more))
        found = row(each, [simulate(it, short, processes=processes) for it in changed])
        rows.append({**found, "base": base})
        if progress is not None and not progress(done, len(wanted)):
            raise Cancelled("the run was cancelled")
    return sorted(rows, key=width, reverse=True)


def width(row: Mapping[str, Any]) -> float:
    """Return how far an input moves the 90th percentile; -1 where that is not known."""
    low, high = row["p90"]
    return -1.0 if low is None or high is None else abs(high - low)


def row(each: Input, ends: list[Result]) -> dict[str, Any]:
    """Return one input's row."""
    counted, elapsed = ([end.measures[view] for end in ends] for view in ("counted", "elapsed"))
    return {
        "input": each.id,
        "kind": each.kind,
        "name": each.name,
        "low": each.low,
        "high": each.high,
        "mean": [rounded(end.mean) for end in counted],
        "p90": [rounded(end.quantile(0.9)) for end in counted],
        "elapsed_p90": [rounded(end.quantile(0.9)) for end in elapsed],
    }
