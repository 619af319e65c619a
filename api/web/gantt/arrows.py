"""Arrows from one critical activity to the next, as path data with right angles.

They turn right behind the bar they leave: beyond that stand words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from api.web.gantt.bars import BAR, BAR_Y, MIDDLE
from api.web.gantt.chain import DECISION_GATE, Link
from api.web.gantt.chart import Bar, Row
from api.web.gantt.scale import pixels

#: room beside a bar for the vertical part, and for the head of an arrow
ELBOW, HEAD = 6, 8


def arrows(links: Iterable[Link], rows: Iterable[Row]) -> tuple[str, ...]:
    """Return the path of each link whose two activities have bars."""
    return tuple(paths(links, {row.id: row for row in rows}))


def paths(links: Iterable[Link], rows: Mapping[str, Row]) -> Iterator[str]:
    """Yield the paths."""
    for link in links:
        before, after = rows.get(link.before), rows.get(link.after)
        if before and after and before.bar and after.bar:
            yield path(before, before.bar, after, after.bar, link.gate)


def path(before: Row, source: Bar, after: Row, target: Bar, gate: str) -> str:
    """Return the way from the end of one bar to the start of another, or to its end."""
    x, y = source.x + source.width, before.y + MIDDLE
    if gate == DECISION_GATE:
        return around(x, y, target.x + target.width, after.y + MIDDLE)
    if target.x - x >= ELBOW + HEAD:
        return into_side(x, y, target.x, after.y + MIDDLE)
    down = after.y > before.y
    edge = after.y + (BAR_Y if down else BAR_Y + BAR)
    return onto_edge(x, y, target, edge)


def around(x: float, y: float, end: float, end_y: float) -> str:
    """Return a path into the right end of a bar."""
    turn = max(x, end) + ELBOW + HEAD
    return f"M{pixels(x)} {y}H{pixels(turn)}V{end_y}H{pixels(end + 1)}"


def into_side(x: float, y: float, start: float, end_y: float) -> str:
    """Return a path into the left end of a bar that begins later."""
    return f"M{pixels(x)} {y}H{pixels(x + ELBOW)}V{end_y}H{pixels(start - 1)}"


def onto_edge(x: float, y: float, target: Bar, edge: float) -> str:
    """Return a path down onto (or up to) a bar that begins where the other ends."""
    turn = max(x, target.x) + min(ELBOW, target.width / 2)
    return f"M{pixels(x)} {y}H{pixels(turn)}V{pixels(edge)}"
