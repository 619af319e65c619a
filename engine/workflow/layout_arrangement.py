"""Columns and rows together: where the nodes of a diagram stand to each other."""

from __future__ import annotations

from collections.abc import Sequence

from engine.workflow.diagram import Diagram
from engine.workflow.layout_columns import Link, columns, split
from engine.workflow.layout_rows import Rows, hits, stack
from engine.workflow.layout_strands import Weave, weave

Arrangement = tuple[dict[str, int], Weave, Rows]


def arrange(diagram: Diagram, turned: Sequence[Link], lanes: Sequence[str]) -> Arrangement:
    """Return the column of each node, the strands, and their rows by lane.

    A gateway whose axis would hit a node gets a column of its own.
    """
    column = columns(diagram.nodes, turned)
    while True:
        woven = weave(diagram, turned, column)
        stacked = stack(woven, lanes)
        hitting = hits(woven, stacked)
        if not hitting:
            return column, woven, stacked
        # one gateway of a column at a time, or two that hit each other would stay together
        column = split(column, {column[gateway]: gateway for gateway in hitting}.values())
