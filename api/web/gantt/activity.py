"""What a chart shows of one activity, placed on its axis but not yet in pixels.

A position is a whole number that stands for the *end* of a day: of a date (its ordinal) or of
a working day counted from the start. So a bar from the day of receipt to the last day covers
exactly the days that count, and whatever lies left of today's line has happened.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

Row = Mapping[str, Any]

MILESTONE = "milestone"
#: whose work no legal clock measures
OWN = frozenset({"applicant", "intermediary"})


@dataclass(frozen=True, slots=True)
class Span:
    """Part of a bar, between two positions. `look` names how it is filled."""

    look: str
    start: int
    finish: int


@dataclass(frozen=True, slots=True)
class Note:
    """Words beside a bar."""

    words: str
    look: str = ""


@dataclass(frozen=True, slots=True)
class Activity:
    """One row of a chart. Without spans it has a name and no bar."""

    id: str
    name: str
    department: str
    stage: str
    #: how its outline looks
    look: str
    spans: tuple[Span, ...] = ()
    critical: bool = False
    muted: bool = False
    #: where its work must end at the latest
    float_until: int | None = None
    notes: tuple[Note, ...] = ()
    inside: str = ""
    title: str = ""
    href: str = ""
    cells: tuple[str, ...] = field(default=(), repr=False)

    @property
    def start(self) -> int:
        """The position at which its bar begins."""
        return self.spans[0].start

    @property
    def finish(self) -> int:
        """The position at which its bar ends."""
        return self.spans[-1].finish

    @property
    def end(self) -> int:
        """The last position of anything drawn of it."""
        return max(self.finish, self.float_until or self.finish)


def spans(*parts: tuple[str, int, int]) -> tuple[Span, ...]:
    """Return the parts that have a length; the first one where none has."""
    found = tuple(Span(*each) for each in parts if each[1] < each[2])
    return found or (Span(*parts[0]),)


def visible(rows: Iterable[Row]) -> list[Row]:
    """Return the activities that have a row: all but milestones."""
    return [row for row in rows if row["kind"] != MILESTONE]


def after_opening(rows: Iterable[Row], opening: str) -> frozenset[str]:
    """Return the ids of all that waits for construction start, directly or not."""
    rows = list(rows)
    found = {opening}
    # rows stand in any order, so until nothing is added any more
    while more := {row["id"] for row in rows if not found.isdisjoint(gates(row))} - found:
        found |= more
    return frozenset(found - {opening})


def gates(row: Row) -> list[str]:
    """Return the ids of whatever an activity waits for."""
    return [*row["predecessors"], *row["decision_waits_for"]]
