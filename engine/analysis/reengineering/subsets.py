"""Every subset of a list of operations: its days, its cost, and whether it can and may be done.

Subsets are numbered: bit n-1-i of a subset's number stands for operation i of n. They are looked
at a chunk at a time, in which the first operations are all on or off and the last ones vary.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from engine.analysis.reengineering.legality import BreachKind, breaches, judged
from engine.analysis.reengineering.lifted import Truth, both, opposite
from engine.analysis.reengineering.lifted_network import lawful, ordered, refuse_circles, total
from engine.analysis.reengineering.lifted_plan import LiftedPlan
from engine.analysis.reengineering.operation import Operation, OperationKind
from engine.analysis.reengineering.plan import Plan
from engine.rules.precondition import Precondition
from engine.rules.procedure import OPEN, START

#: operations that vary within a chunk: 65,536 subsets, whose arrays stay in a processor's cache
CHUNK_BITS = 16
#: what may make activities wait in a circle
CIRCLING = {OperationKind.MERGE, OperationKind.PARALLELISE, OperationKind.MOVE_TO_POST}


@dataclass(frozen=True, slots=True)
class Chunk:
    """Subsets with consecutive numbers; the arrays are over them."""

    #: number of the first
    first: int
    #: counted working days
    days: NDArray[np.int32]
    #: points
    cost: NDArray[np.int32]
    #: it can be applied, breaks no law, and holds no two that exclude one another
    allowed: NDArray[np.bool_]


def chunks(
    base: Plan, operations: Sequence[Operation], laws: Sequence[Precondition] = ()
) -> Iterator[Chunk]:
    """Yield all 2^n subsets, chunk by chunk."""
    bits = min(CHUNK_BITS, len(operations))
    laws = [law for law in judged(base, laws) if law.before != START]
    for first in range(0, 1 << len(operations), 1 << bits):
        yield _chunk(base, operations, laws, first, 1 << bits)


def _chunk(
    base: Plan,
    operations: Sequence[Operation],
    laws: Sequence[Precondition],
    first: int,
    size: int,
) -> Chunk:
    plan = LiftedPlan(base)
    numbers = np.arange(first, first + size)
    cost = np.zeros(size, np.int32)
    active: dict[str, Truth] = {}
    for place, operation in enumerate(operations):
        on = active[operation.id] = _on(numbers, len(operations) - 1 - place)
        cost += np.int32(operation.cost.total) * on
        plan.apply(operation, on)
        _judge(plan, base, operation, on)
        if operation.kind in CIRCLING:
            refuse_circles(plan)
    for operation in operations:
        for other in operation.excludes:
            plan.refuse(both(active[operation.id], active.get(other, np.False_)))
    order = ordered(plan)
    allowed = both(opposite(plan.conflict), lawful(plan, order, laws))
    days = total(plan, order)
    return Chunk(
        first, np.broadcast_to(days, size), cost, np.broadcast_to(np.asarray(allowed), size)
    )


def _on(numbers: NDArray[np.int64], bit: int) -> Truth:
    """In which subsets an operation is on; one value where that is all of them or none."""
    if numbers[0] >> bit == numbers[-1] >> bit:
        return np.bool_(numbers[0] >> bit & 1)
    return (numbers >> bit & 1).astype(np.bool_)


def _judge(plan: LiftedPlan, base: Plan, operation: Operation, on: Truth) -> None:
    """A promise above the statute is so in every subset."""
    kinds = {breach.kind for breach in breaches(base, operation)}
    if BreachKind.ABOVE_STATUTE in kinds:
        plan.refuse(on)


def members(number: int, operations: Sequence[Operation]) -> tuple[Operation, ...]:
    """The operations of a subset, by its number."""
    last = len(operations) - 1
    return tuple(each for place, each in enumerate(operations) if number >> last - place & 1)


def relevant(
    base: Plan, operations: Sequence[Operation], laws: Sequence[Precondition] = ()
) -> tuple[Operation, ...]:
    """The operations that could move construction start at all, whatever else is done.

    Left out is only what touches nothing that OPEN could come to wait for, and nothing that could
    make an operation that does possible or lawful.
    """
    if OPEN not in base.activities:
        return tuple(operations)
    graph, needed = _ever(base, operations), {OPEN}
    while True:
        needed = needed.union(*(nx.ancestors(graph, each) for each in needed))
        found = tuple(each for each in operations if not needed.isdisjoint(_touched(each)))
        wanted = needed.union(*map(_touched, found))
        wanted |= {law.after for law in laws if law.before in needed and law.after in graph}
        if wanted == needed:
            return found
        needed = wanted


def _ever(base: Plan, operations: Sequence[Operation]) -> nx.DiGraph[str]:
    """All that could come to wait for what, and some that could not."""
    graph: nx.DiGraph[str] = nx.DiGraph(base.network.graph)
    known = -1
    while known < graph.number_of_edges():
        known = graph.number_of_edges()
        for operation in operations:
            graph.add_edges_from(_possible(graph, operation))
    return graph


def _possible(graph: nx.DiGraph[str], operation: Operation) -> list[tuple[str, str]]:
    """The edges an operation may come to make, and some that it may not."""
    graph.add_nodes_from(_touched(operation))
    after = {operation.item, *operation.add_to}
    after = after.union(*(nx.descendants(graph, each) for each in operation.absorb))
    return [(one, other) for one in _touched(operation) for other in after if one != other]


def _touched(operation: Operation) -> set[str]:
    return {
        operation.item,
        *operation.absorb,
        *operation.predecessors,
        *operation.remove_from,
        *operation.add_to,
    }
