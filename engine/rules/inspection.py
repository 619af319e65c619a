"""The quarterly inspection (季度督查): figures of departments, how they add up, and the grade.

The on-time rate, reduction against the statute, deemed opinions and cards are what peers publish;
the grades are named in the sources (fsou.net lar/170306/17030624_1), their limits are proposed.
All days are working days.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import Final

from engine.errors import Invalid
from engine.rules.catalogue import Name

WHOLE: Final = 100


@dataclass(frozen=True, slots=True)
class Tally:
    """What was done with cases, as numbers that add up.

    `used_days`, `promised_days` and `suspended_days` are of the decided cases; `statutory_days`
    and `bound_days` of those for which a law sets a time: what it gives, and what was promised;
    `bound` is how many these are.
    """

    accepted: int = 0
    decided: int = 0
    on_time: int = 0
    used_days: int = 0
    promised_days: int = 0
    bound: int = 0
    bound_days: int = 0
    statutory_days: int = 0
    suspended_days: int = 0
    extended: int = 0
    deemed: int = 0
    yellow: int = 0
    red: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(*(getattr(self, name) + getattr(other, name) for name in FIELDS))

    @property
    def cards(self) -> int:
        """The cards that stand."""
        return self.yellow + self.red

    @property
    def on_time_percent(self) -> float | None:
        """How many of a hundred decisions came by the effective due date; None without any."""
        return percent(self.on_time, self.decided)

    @property
    def average_used_days(self) -> float | None:
        """The days a decision took."""
        return quotient(self.used_days, self.decided)

    @property
    def average_promised_days(self) -> float | None:
        """The days that were promised for a decision."""
        return quotient(self.promised_days, self.decided)

    @property
    def average_statutory_days(self) -> float | None:
        """The days the law gives for a decision, where it gives any."""
        return quotient(self.statutory_days, self.bound)

    @property
    def reduction_percent(self) -> float | None:
        """By how many of a hundred statutory days the promises are shorter."""
        return percent(self.statutory_days - self.bound_days, self.statutory_days)


FIELDS: Final = tuple(each.name for each in fields(Tally))


def total(tallies: Iterable[Tally]) -> Tally:
    """Return several as one."""
    return sum(tallies, start=Tally())


def percent(part: int, whole: int) -> float | None:
    """Return a part of a whole as a percentage; None where there is no whole."""
    return WHOLE * part / whole if whole else None


def quotient(total_days: int, number: int) -> float | None:
    """Return an average; None of nothing."""
    return total_days / number if number else None


class Grade(StrEnum):
    """How a department did in a quarter, the best first."""

    EXCELLENT = "excellent"
    GOOD = "good"
    FAIR = "fair"
    POOR = "poor"


GRADES: Final[Mapping[Grade, Name]] = {
    Grade.EXCELLENT: Name("优秀", "Excellent"),
    Grade.GOOD: Name("良好", "Good"),
    Grade.FAIR: Name("合格", "Fair"),
    Grade.POOR: Name("不合格", "Poor"),
}


@dataclass(frozen=True, slots=True)
class Standard:
    """What a grade asks for: decisions in time, and no more cards than these."""

    on_time_percent: int
    yellow: int
    red: int

    def __post_init__(self) -> None:
        if not 0 <= self.on_time_percent <= WHOLE:
            text = "city.yaml: on_time_percent of a grade must be 0 to 100"
            raise Invalid(text, field="supervision")

    def met_by(self, tally: Tally) -> bool:
        """Tell whether a department meets it; without a decision only its cards tell."""
        rate = tally.on_time_percent
        in_time = rate is None or rate >= self.on_time_percent
        return in_time and tally.yellow <= self.yellow and tally.red <= self.red

    def as_strict_as(self, other: Standard) -> bool:
        """Tell whether whoever meets it meets the other."""
        fewer = self.yellow <= other.yellow and self.red <= other.red
        return fewer and self.on_time_percent >= other.on_time_percent


@dataclass(frozen=True, slots=True)
class SupervisionRules:
    """A city's target, and what its grades ask for (proposed)."""

    #: the share of decisions in time that the city aims at
    target_percent: int = 95
    excellent: Standard = field(default_factory=lambda: Standard(98, 0, 0))
    good: Standard = field(default_factory=lambda: Standard(95, 2, 0))
    fair: Standard = field(default_factory=lambda: Standard(85, 5, 1))

    def __post_init__(self) -> None:
        ordered = self.excellent.as_strict_as(self.good) and self.good.as_strict_as(self.fair)
        if not ordered or not 0 <= self.target_percent <= WHOLE:
            text = "city.yaml: each grade must ask for at least as much as the one below it"
            raise Invalid(text, field="supervision")

    def grade(self, tally: Tally) -> Grade | None:
        """Return the grade of a department; None where there was nothing to judge."""
        if not tally.decided and not tally.cards:
            return None
        named = ((grade, getattr(self, grade)) for grade in Grade if grade is not Grade.POOR)
        return next((grade for grade, standard in named if standard.met_by(tally)), Grade.POOR)
