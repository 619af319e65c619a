"""The ways that projects under way have gone by already: what is past is not drawn again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from engine.analysis.simulation.model import Model, Node, Standing
from engine.rules.flow import FlowKind

#: where time passes, and a token may stand
STANDS = frozenset({FlowKind.WORK, FlowKind.TIMER, FlowKind.GATE})


def past_ways(model: Model) -> Any:
    """Return the place of the flow that was taken, by standing case and node; -1 for what is open.

    A gateway lies behind where the work before it is done. The way that was taken is the one on
    which work is done or under way, else the likeliest.
    """
    nodes = {each.id: each for each in model.nodes}
    found = np.full((len(model.standing), len(nodes)), -1, np.int32)
    first = np.cumsum([0, *(len(each.outgoing) for each in model.nodes)])
    before = incoming_work(nodes)
    for row, standing in zip(found, model.standing, strict=True):
        for place, node in enumerate(model.nodes):
            if behind(node, standing, before):
                row[place] = first[place] + taken(node, standing, nodes)
    return found


def behind(node: Node, standing: Standing, before: Mapping[str, set[str]]) -> bool:
    """Whether a project has passed an exclusive node: some work that leads there is done."""
    if node.kind is not FlowKind.EXCLUSIVE or len(node.outgoing) == 1:
        return False
    return any(standing.done.get(each, 0.0) >= 1.0 for each in before.get(node.id, ()))


def taken(node: Node, standing: Standing, nodes: Mapping[str, Node]) -> int:
    """Return the place of the way that shows work of the project, else of the likeliest."""
    shown = [
        max((standing.done.get(each, 0.0) for each in ahead(target, nodes)), default=0.0)
        for target in node.outgoing
    ]
    # work under way tells more than work of an earlier round that is done
    under_way = [place for place, share in enumerate(shown) if 0.0 < share < 1.0]
    if under_way:
        return under_way[0]
    if max(shown) > 0.0:
        return shown.index(max(shown))
    shares = node.shares or (1.0,)
    return shares.index(max(shares))


def ahead(name: str, nodes: Mapping[str, Node]) -> Iterator[str]:
    """Yield the first nodes from one on at which a token may stand."""
    seen, stack = set[str](), [name]
    while stack:
        each = nodes[stack.pop()]
        if each.id in seen:
            continue
        seen.add(each.id)
        if each.kind in STANDS:
            yield each.id
        else:
            stack.extend(each.outgoing)


def incoming_work(nodes: Mapping[str, Node]) -> dict[str, set[str]]:
    """Return, for each node, the places to stand at that lead there directly."""
    found: dict[str, set[str]] = {}
    for node in nodes.values():
        if node.kind not in STANDS:
            continue
        seen, stack = set[str](), list(node.outgoing)
        while stack:
            name = stack.pop()
            if name in seen:
                continue
            seen.add(name)
            found.setdefault(name, set()).add(node.id)
            if nodes[name].kind not in STANDS:
                stack.extend(nodes[name].outgoing)
    return found
