"""How an item is handled, and what time the law gives: alone, or together (行政许可法 art. 26, 42).

One department decides within 20 days; several that handle an item together (统一办理, 联合办理)
within 45. Either may be extended once, by whom the article names. A special law prevails: what is
counted in calendar days has its time, and no extension, from a law of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from engine.rules.deadline import DayUnit


class Handling(StrEnum):
    """Who handles an item."""

    #: one department
    SINGLE = "single"
    #: several departments together, under the government
    JOINT = "joint"


@dataclass(frozen=True, slots=True)
class TimeOfLaw:
    """The working days the law gives, how many more, and who approves those."""

    days: int
    extension_days: int
    #: the head of the item's department, or of the government
    government: bool
    source: str


TIMES: Mapping[Handling, TimeOfLaw] = {
    Handling.SINGLE: TimeOfLaw(20, 10, government=False, source="行政许可法 art. 42 para. 1"),
    Handling.JOINT: TimeOfLaw(45, 15, government=True, source="行政许可法 art. 42 para. 2"),
}


def statutory_days(handling: Handling, days: int | None, unit: DayUnit) -> int | None:
    """The days the law gives an item: art. 42's own grow when it is handled together."""
    general = TIMES[Handling.SINGLE].days
    if handling is Handling.JOINT and unit is DayUnit.WORKING and days == general:
        return TIMES[Handling.JOINT].days
    return days


def extension_days(handling: Handling, unit: DayUnit, special: int | None = None) -> int:
    """The days by which an item may be extended at most, of its own unit; 0 for none.

    `special` is what a law of its own allows, where the catalogue says.
    """
    if special is not None:
        return special
    return TIMES[handling].extension_days if unit is DayUnit.WORKING else 0
