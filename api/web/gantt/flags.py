"""Vertical lines with flags: today, the target, the window. No flag lies on another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from api.web.gantt import lettering
from api.web.gantt.chart import Flag
from api.web.gantt.scale import pixels

HEIGHT, LANE, PADDING = 18, 22, 6


@dataclass(frozen=True, slots=True)
class Line:
    """A vertical line at a position; `look` is today, target, window, paused or ended."""

    look: str
    position: int
    words: str

    @property
    def width(self) -> float:
        """The width of its flag."""
        return lettering.width(self.words, bold=True) + 2 * PADDING


def flags(lines: Sequence[Line], at: Sequence[float], top: float, end: float) -> tuple[Flag, ...]:
    """Return the flags of lines that lie at these pixels, in lanes from `top` down.

    The first line of the list has its flag in the first lane. No flag leaves 0 … `end`.
    """
    lefts = [left_of(line, x, end) for line, x in zip(lines, at, strict=True)]
    boxes = [(left, left + line.width) for left, line in zip(lefts, lines, strict=True)]
    return tuple(
        Flag(
            look=line.look,
            x=pixels(x),
            left=pixels(left),
            y=top + lane * LANE,
            width=pixels(line.width),
            words=line.words,
        )
        for line, x, left, lane in zip(lines, at, lefts, lettering.lanes(boxes), strict=True)
    )


def left_of(line: Line, x: float, end: float) -> float:
    """Return where a flag begins: centred on its line, unless an edge is near."""
    return max(0, min(x - line.width / 2, end - line.width))


def height(found: Sequence[Flag]) -> float:
    """Return the height of all lanes."""
    lanes = {flag.y for flag in found}
    return len(lanes) * LANE
