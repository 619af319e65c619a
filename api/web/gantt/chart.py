"""A chart that is ready to be drawn: every coordinate in pixels, every word chosen.

The template copies these values into SVG and HTML; it computes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Axis = Literal["dates", "days"]
AXES: tuple[Axis, ...] = ("dates", "days")


@dataclass(frozen=True, slots=True)
class Mark:
    """Words at a point; `look` names their class."""

    x: float
    y: float
    words: str
    look: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a bar, filled as its look says."""

    look: str
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class Bar:
    """An activity's bar: filled pieces inside one outline, `hit` is where it can be clicked."""

    x: float
    width: float
    look: str
    critical: bool
    pieces: tuple[Piece, ...]
    hit: tuple[float, float]
    #: words inside it, and where their middle lies
    inside: str = ""
    inside_x: float = 0


@dataclass(frozen=True, slots=True)
class Whisker:
    """Float: how far the work may still grow."""

    x: float
    end: float


@dataclass(frozen=True, slots=True)
class Row:
    """One activity: its name at the left, its bar, words beside the bar. `y` is its upper edge."""

    id: str
    y: float
    name: str
    department: str
    title: str
    href: str
    critical: bool
    muted: bool
    bar: Bar | None
    whisker: Whisker | None
    notes: tuple[Mark, ...]
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """A stage and its rows; `note` stands for rows that are not drawn yet."""

    id: str
    name: str
    lead: str
    y: float
    note: str
    rows: tuple[Row, ...]
    #: rows of the table alone
    later: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class Flag:
    """A vertical line from its flag to the foot of the chart; (left, y) is the flag's corner."""

    look: str
    x: float
    left: float
    y: float
    width: float
    words: str


@dataclass(frozen=True, slots=True)
class Diamond:
    """The day construction starts, and in words how that compares with the target."""

    look: str
    x: float
    y: float
    words: str
    words_x: float


@dataclass(frozen=True, slots=True)
class Grid:
    """What lies under the bars, as path data, and the words above them."""

    stages: str
    rest: str
    holidays: str
    rows: str
    minor: str
    major: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Gantt:
    """A whole chart. `top` is where its rows begin; `today_x` where to look first, if anywhere."""

    axis: Axis
    axes: tuple[Axis, ...]
    width: float
    height: float
    top: float
    bottom: float
    label: str
    caption: str
    grid: Grid
    groups: tuple[Group, ...]
    arrows: tuple[str, ...]
    flags: tuple[Flag, ...]
    diamond: Diamond | None
    #: (look, words)
    legend: tuple[tuple[str, str], ...]
    #: the table's columns, and whether they hold numbers
    heads: tuple[tuple[str, bool], ...]
    today_x: float | None = None

    @property
    def rows(self) -> tuple[Row, ...]:
        """All rows that are drawn, from top to bottom."""
        return tuple(row for group in self.groups for row in group.rows)
