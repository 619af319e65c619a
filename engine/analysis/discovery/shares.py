"""How often each branch of a gateway was taken in a log.

A token is followed from every row (and from the start of every case) through the gateways behind
it. At an exclusive gateway it went the way whose work comes next in the case, among all work that
any of its ways comes to first; where nothing of that follows, the way that ends. Ways that the
log cannot tell apart share the count equally. Work that never occurs in the log is passed, but
where the log has the work before a gateway, it would have that behind it too: the way past less
unseen work was gone. At a parallel join the token that comes last goes on. What may still be going
on when the log ends is not counted as an end.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from math import sqrt
from typing import Any

import numpy as np

from engine.analysis.discovery.families import Array
from engine.analysis.discovery.replay import NEVER, Replay
from engine.rules.flow import Flow, FlowKind, FlowNode

#: the 97.5 % quantile of the normal distribution
Z = 1.959964
#: work that usually follows within a time (this quantile) and has not by the log's end is awaited
USUALLY = 0.9
JOINS = frozenset({FlowKind.PARALLEL, FlowKind.INCLUSIVE})


@dataclass(frozen=True, slots=True)
class Branch:
    """One way out of a gateway: how often it was taken, its share with a 95 % interval."""

    flow: str
    target: str
    name: str
    count: float
    share: float
    low: float
    high: float

    def data(self) -> dict[str, Any]:
        """Return it as JSON."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class Choice:
    """One exclusive or inclusive gateway. `untold` of the visits could not be told apart."""

    node: str
    name: str
    kind: str
    visits: float
    untold: float
    branches: tuple[Branch, ...]

    def data(self) -> dict[str, Any]:
        """Return it as JSON."""
        told = {name: getattr(self, name) for name in ("node", "name", "kind", "visits", "untold")}
        return {**told, "branches": [each.data() for each in self.branches]}


@dataclass(slots=True)
class Counts:
    """What has been counted of one gateway."""

    taken: Array
    visits: float = 0.0
    untold: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Tokens:
    """Tokens at a node: each came after a row of its case, and counts for its weight.

    `direct`: no work that the log does not have was passed since.
    """

    node: str
    after: Array
    case: Array
    weight: Array
    path: frozenset[str] = field(default=frozenset())
    direct: bool = True

    def some(self, node: str, chosen: Array, share: Array) -> Tokens:
        """Return the chosen ones one node on."""
        path = self.path | {self.node}
        weight = (self.weight * share)[chosen]
        return Tokens(node, self.after[chosen], self.case[chosen], weight, path, self.direct)


def choices(replay: Replay) -> tuple[Choice, ...]:
    """Return the gateways that cases of a log came by, in the flow's order."""
    counts: dict[str, Counts] = {}
    stack = [each for node in replay.flow.nodes.values() for each in leaving(replay, node)]
    while stack:
        tokens = stack.pop()
        if len(tokens.after) and tokens.node not in tokens.path:
            stack.extend(passing(replay, tokens, counts))
    nodes = replay.flow.nodes
    return tuple(choice(nodes[each], counts[each]) for each in nodes if each in counts)


def leaving(replay: Replay, node: FlowNode) -> list[Tokens]:
    """Return the tokens that leave a WORK node with each of its rows, or a START with each case."""
    if node.kind not in {FlowKind.WORK, FlowKind.START}:
        return []
    rows = replay.at([node.id]) if node.kind is FlowKind.WORK else replay.heads
    after = rows if node.kind is FlowKind.WORK else rows - 1
    ones = np.ones(len(rows))
    return [Tokens(flow.target, after, replay.case[rows], ones) for flow in node.outgoing]


def passing(replay: Replay, tokens: Tokens, counts: dict[str, Counts]) -> list[Tokens]:
    """Return the tokens one node on, and count what they chose."""
    node = replay.flow.nodes.get(tokens.node)
    if node is None or node.kind is FlowKind.END or node.id in replay.seen:
        return []
    if node.kind in JOINS:
        tokens = last_at_join(replay, tokens)
    if node.kind is FlowKind.WORK:
        tokens = replace(tokens, direct=False)
    if len(node.outgoing) > 1 and node.kind in {FlowKind.EXCLUSIVE, FlowKind.INCLUSIVE}:
        how = exclusive if node.kind is FlowKind.EXCLUSIVE else inclusive
        return how(replay, node, tokens, counts.setdefault(node.id, none(node)))
    every = np.ones(len(tokens.after), bool)
    return [tokens.some(flow.target, every, np.ones(len(every))) for flow in node.outgoing]


def none(node: FlowNode) -> Counts:
    """Return the counts of a gateway that nothing has come by."""
    return Counts(np.zeros(len(node.outgoing)))


def last_at_join(replay: Replay, tokens: Tokens) -> Tokens:
    """Return the tokens after which nothing more comes to a join before it lets go."""
    coming = replay.following(replay.feeders[tokens.node], tokens.after, tokens.case)
    going = replay.following(replay.firsts[tokens.node], tokens.after, tokens.case)
    last = (going < coming) | (coming == NEVER)
    kept = (tokens.after[last], tokens.case[last], tokens.weight[last])
    return replace(tokens, after=kept[0], case=kept[1], weight=kept[2])


def exclusive(replay: Replay, node: FlowNode, tokens: Tokens, counts: Counts) -> list[Tokens]:
    """Count the one way that each token took, and return the tokens behind it."""
    targets = [flow.target for flow in node.outgoing]
    coming = [replay.following(replay.firsts[to], tokens.after, tokens.case) for to in targets]
    following = np.stack(coming)
    soonest = following.min(0)
    ended = soonest == NEVER
    unseen = passing_unseen(replay, targets, soonest)
    taken = (following == soonest) & np.isfinite(unseen)
    taken &= ~(ended & awaited(replay, tokens, soonest))
    if tokens.direct:
        taken &= unseen == unseen.min(0)
    ways = taken.sum(0)
    share = taken / np.maximum(ways, 1)
    counts.taken += (share * tokens.weight).sum(1)
    counts.visits += float(tokens.weight[ways > 0].sum())
    counts.untold += float(tokens.weight[ways > 1].sum())
    return [tokens.some(to, taken[at], share[at]) for at, to in enumerate(targets)]


def passing_unseen(replay: Replay, targets: list[str], soonest: Array) -> Array:
    """Return past how much unseen work each way leads to what comes next, by way and token.

    To the end of the case where nothing comes; infinite where a way does not lead there.
    """
    ways = np.full((len(targets), len(replay.ids) + 1), np.inf)
    for at, target in enumerate(targets):
        passed = replay.passed[target]
        ways[at, :-1] = [passed.get(each, np.inf) for each in replay.ids]
        closing = replay.closing[target]
        ways[at, -1] = np.inf if closing is None else closing
    nodes = np.append(replay.node, len(replay.ids))
    return ways[:, nodes[np.minimum(soonest, len(replay.node))]]


def awaited(replay: Replay, tokens: Tokens, soonest: Array) -> Array:
    """Tell for which tokens what follows may be still to come when the log ends."""
    known = soonest != NEVER
    before = np.maximum(tokens.after, 0)
    # a token from the start came before the first row of its case
    inside = (tokens.after >= 0) & (replay.case[before] == tokens.case)
    at = replay.ends[np.where(inside, before, tokens.after + 1)]
    if not known.any():
        return np.zeros(len(at), bool)
    usual = np.quantile(replay.ends[soonest[known]] - at[known], USUALLY)
    late: Array = replay.ends.max() - at < usual
    return late


def inclusive(replay: Replay, node: FlowNode, tokens: Tokens, counts: Counts) -> list[Tokens]:
    """Count the ways that each token took: those whose work follows before it comes again."""
    again = replay.following(replay.feeders[node.id], tokens.after, tokens.case)
    found = []
    counts.visits += float(tokens.weight.sum())
    for at, flow in enumerate(node.outgoing):
        following = replay.following(replay.firsts[flow.target], tokens.after, tokens.case)
        taken = (following != NEVER) & (following <= again)
        counts.taken[at] += float(tokens.weight[taken].sum())
        found.append(tokens.some(flow.target, taken, np.ones(len(taken))))
    return found


def choice(node: FlowNode, counts: Counts) -> Choice:
    """Return a gateway with its shares."""
    branches = tuple(
        branch(flow, float(taken), counts.visits)
        for flow, taken in zip(node.outgoing, counts.taken, strict=True)
    )
    visits, untold = round(counts.visits, 3), round(counts.untold, 3)
    return Choice(node.id, node.name, str(node.kind), visits, untold, branches)


def branch(flow: Flow, count: float, visits: float) -> Branch:
    """Return one way with its share."""
    low, high = wilson(count, visits)
    share = count / visits if visits else 0.0
    return Branch(flow.id, flow.target, flow.name, round(count, 3), share, low, high)


def wilson(count: float, number: float) -> tuple[float, float]:
    """Return the 95 % score interval of a share (Wilson 1927)."""
    if number <= 0:
        return 0.0, 1.0
    share = count / number
    below = 1 + Z * Z / number
    middle = (share + Z * Z / (2 * number)) / below
    half = Z * sqrt(share * (1 - share) / number + Z * Z / (4 * number * number)) / below
    return max(0.0, middle - half), min(1.0, middle + half)
