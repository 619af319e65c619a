"""The order of the lanes, where it is free: few crossings and short ways."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from itertools import combinations

from engine.workflow.diagram import Diagram, Lane
from engine.workflow.layout_arrangement import arrange
from engine.workflow.layout_columns import links
from engine.workflow.layout_rows import cost

#: what it costs to put one lane above another that came before it: less than a crossing
INVERSION = 2.0


def order_lanes(diagram: Diagram, fixed: Collection[str]) -> Diagram:
    """Move lanes where that makes the drawing plainer; those `fixed` by id stay on top.

    The given order counts as the natural one, and is left only for a clear gain.
    """
    top = [lane for lane in diagram.lanes if lane.id in fixed]
    natural = [lane for lane in diagram.lanes if lane.id not in fixed]
    turned = links(diagram)

    def price(order: Sequence[Lane]) -> float:
        _, woven, stacked = arrange(diagram, turned, [lane.id for lane in (*top, *order)])
        return cost(woven, stacked) + INVERSION * _inversions(natural, order)

    best, least = natural, price(natural)
    while True:
        dearer = [(price(order), at, order) for at, order in enumerate(_moves(best))]
        cheapest = min(dearer, default=None, key=lambda told: told[:2])
        if cheapest is None or cheapest[0] >= least:
            return replace(diagram, lanes=(*top, *best))
        least, _, best = cheapest


def _moves(order: Sequence[Lane]) -> Iterator[list[Lane]]:
    """Every way to move one lane to another place."""
    for lane in order:
        rest = [other for other in order if other != lane]
        for place in range(len(order)):
            if place != order.index(lane):
                yield [*rest[:place], lane, *rest[place:]]


def _inversions(natural: Sequence[Lane], order: Sequence[Lane]) -> int:
    return sum(order.index(a) > order.index(b) for a, b in combinations(natural, 2))
