"""How wide letters are, and which labels would lie on one another: browsers say it too late."""

from __future__ import annotations

from collections.abc import Sequence
from unicodedata import east_asian_width

#: the size of all letters in a chart, in pixels
SIZE = 12
#: widths as parts of the size, rounded up: a label may have room to spare, never too little
FULL, NARROW, WIDE, PLAIN = 1.0, 0.34, 0.86, 0.6
SLIM = frozenset(" .,:;'|!iljtfrI()[]-·")
BROAD = frozenset("mwMW%@")
#: bold letters are wider than plain ones
BOLD = 1.06


def width(words: str, *, bold: bool = False) -> float:
    """Return about how many pixels words take on one line."""
    length = sum(map(part, words)) * SIZE
    return length * BOLD if bold else length


def part(letter: str) -> float:
    """Return a letter's width as a part of its size."""
    if east_asian_width(letter) in "WF":
        return FULL
    if letter in SLIM:
        return NARROW
    return WIDE if letter in BROAD else PLAIN


def lanes(boxes: Sequence[tuple[float, float]], gap: float = 4) -> list[int]:
    """Return a lane for each (left, right), so that no two in one lane touch.

    Each takes the first lane that is free where it lies, in the order given.
    """
    taken: list[list[tuple[float, float]]] = []
    found = []
    for box in boxes:
        lane = next((n for n, lane in enumerate(taken) if is_free(lane, box, gap)), len(taken))
        taken[lane:] = taken[lane:] or [[]]
        taken[lane].append(box)
        found.append(lane)
    return found


def is_free(lane: Sequence[tuple[float, float]], box: tuple[float, float], gap: float) -> bool:
    """Tell whether a box touches nothing in a lane."""
    left, right = box
    return all(right + gap <= start or end + gap <= left for start, end in lane)
