"""Silence that passes an item (超时默认): decided on the promised day at the latest."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from engine.rules.flow import ControlFlow, Flow, FlowItem, FlowKind, FlowNode

#: nodes that nobody drew: the promised days beside the work, and whichever of both is first
SILENCE, EARLIER, IN_TIME = "silence", "earlier", "in-time"


def lapsing(flow: ControlFlow) -> ControlFlow:
    """Return a control flow in which a timer of the promised days runs beside what may lapse.

    It begins with the item's acceptance, once: who applies again after a refusal is accepted at
    once and keeps the first promise, as a timer cannot be stopped.
    """
    nodes = dict(flow.nodes)
    for item in flow.items.values():
        if item.lapses and item.accepted not in ("", item.main):
            nodes.update({each.id: each for each in beside(nodes, item)})
    return replace(flow, nodes=nodes)


def beside(nodes: dict[str, FlowNode], item: FlowItem) -> Iterator[FlowNode]:
    """Yield the nodes of an item that change or are new."""
    accepted = nodes[item.accepted]
    decided = next(each for each in nodes.values() if each.brings == item.id)
    silence, earlier, in_time = (f"{item.id}~{each}" for each in (SILENCE, EARLIER, IN_TIME))
    clock = replace(accepted, id=silence, kind=FlowKind.TIMER, brings="", counted=True)
    yield replace(clock, outgoing=(way(silence, earlier),))
    passing = replace(clock, kind=FlowKind.EXCLUSIVE, counted=False)
    yield replace(passing, id=in_time, outgoing=(way(in_time, earlier),))
    yield replace(passing, id=earlier, kind=FlowKind.FIRST, outgoing=(way(earlier, decided.id),))
    yield replace(accepted, outgoing=(*accepted.outgoing, way(accepted.id, silence)))
    for node in nodes.values():
        aims = {decided.id: in_time}
        if node.element == "again" and node.item == item.id:
            aims = {item.begins: accepted.outgoing[0].target}
        if node.id != accepted.id and any(each.target in aims for each in node.outgoing):
            ways = (
                replace(each, target=aims.get(each.target, each.target)) for each in node.outgoing
            )
            yield replace(node, outgoing=tuple(ways))


def way(source: str, target: str) -> Flow:
    """Return a way that nobody drew."""
    return Flow(f"{source}--{target}", target)
