"""What the two axes have in common: pixels of days, and what charts ask of an axis."""

from __future__ import annotations

from dataclasses import dataclass
from math import floor
from typing import Protocol

from api.web.gantt.chart import Mark
from api.web.language import CHINESE, ENGLISH, language

#: pixels that a page of 1440 leaves beside the names, which are longer in English; a shorter
#: chart is filled up to it
WIDTHS = {CHINESE: 1070, ENGLISH: 970}
#: the heights of the lines above the rows
HEAD, LANE, TICKS = 20, 16, 18


@dataclass(frozen=True, slots=True)
class Run:
    """Days next to one another, from `x` on."""

    x: float
    width: float


class Scale(Protocol):
    """What charts need of an axis."""

    @property
    def width(self) -> float:
        """The width of the whole axis."""
        ...

    @property
    def head(self) -> float:
        """The height of what is written above the rows."""
        ...

    def x(self, position: int) -> float:
        """The pixels at which a position lies."""
        ...

    def reaching(self, width: float) -> Scale:
        """The same axis, so wide if it is not wider."""
        ...

    def marks(self) -> tuple[Mark, ...]:
        """The words above the rows."""
        ...

    def foot(self) -> tuple[Mark, ...]:
        """The words that long charts repeat under their last row."""
        ...

    def rest(self) -> list[Run]:
        """The days of rest that have no name."""
        ...

    def holidays(self) -> list[Run]:
        """The holidays."""
        ...

    def minor(self) -> list[float]:
        """Where thin lines run."""
        ...

    def major(self) -> list[float]:
        """Where stronger lines run."""
        ...


def preferred_width() -> float:
    """Return the width of charts in the page's language."""
    return WIDTHS.get(language(), WIDTHS[CHINESE])


def pixels(value: float) -> float:
    """Return a number as it is written: whole, or with one digit."""
    return int(value) if value == int(value) else round(value, 1)


def unit_of(length: int, limits: tuple[float, float], width: float) -> float:
    """Return the pixels a day takes, so that so many fill the width."""
    least, most = limits
    # rounded down, so that what was fitted stays inside
    return floor(min(most, max(least, width / max(1, length))) * 100) / 100
