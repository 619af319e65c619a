"""Follow-up evaluation (跟踪评价): planned against achieved, and with whom a project's days were.

Pure: distributions are counts by days, and a project's days are dealt out from who had something
in hand when. All days are working days.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from enum import StrEnum
from typing import Final, Protocol

from engine.errors import Invalid

MEDIAN, MOST = 50, 90


class Days(Protocol):
    """What is asked of a calendar; `engine.rules.calendar.BusinessCalendar` gives it."""

    def is_working_day(self, on: date, /) -> bool:
        """Whether a date is worked."""
        ...


# -- distributions ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Distribution:
    """How long decisions took, as how many took how many days; `within` came as promised."""

    counts: Mapping[int, int]
    within: int = 0

    @property
    def number(self) -> int:
        """How many there are."""
        return sum(self.counts.values())

    @property
    def average(self) -> float | None:
        """The mean of days; None of none."""
        if not self.number:
            return None
        return sum(days * count for days, count in self.counts.items()) / self.number

    @property
    def median(self) -> int | None:
        """P50: half took no longer."""
        return nearest_rank(self.counts, MEDIAN)

    @property
    def most(self) -> int | None:
        """P90: nine of ten took no longer."""
        return nearest_rank(self.counts, MOST)

    @property
    def within_percent(self) -> float | None:
        """How many of a hundred came as promised."""
        return 100 * self.within / self.number if self.number else None

    def __add__(self, other: Distribution) -> Distribution:
        counts = dict(self.counts)
        for days, count in other.counts.items():
            counts[days] = counts.get(days, 0) + count
        return Distribution(counts, self.within + other.within)


def nearest_rank(counts: Mapping[int, int], percent: int) -> int | None:
    """Return a percentile by nearest rank: the smallest value that so many are no greater than.

    It is always one of the values, and never between two. None of nothing; raises Invalid for
    a percentage outside 1 to 100.
    """
    if not 1 <= percent <= 100:  # noqa: PLR2004 - a percentage
        raise Invalid(f"{percent} is no percentage from 1 to 100", field="percent")
    rank = -(-percent * sum(counts.values()) // 100)
    for days in sorted(counts):
        rank -= counts[days]
        if rank <= 0 and counts[days]:
            return days
    return None


# -- where the days went ---------------------------------------------------------------------------


class Holder(StrEnum):
    """With whom a day of a project was."""

    DEPARTMENT = "department"
    APPLICANT = "applicant"
    INTERMEDIARY = "intermediary"
    SUSPENDED = "suspended"


@dataclass(frozen=True, slots=True)
class Held:
    """Somebody has something in hand: after the first date up to and including the last.

    `still` are the dates on which its clock stood still (a stop of this item alone). A whole
    project that stands still is held by `SUSPENDED` itself.
    """

    holder: Holder
    after_on: date
    until_on: date
    still: frozenset[date] = frozenset()

    def on(self, day: date) -> bool:
        """Tell whether it is in hand on a date, its clock running or not."""
        return self.after_on < day <= self.until_on


@dataclass(frozen=True, slots=True)
class Shares:
    """The working days of a project by with whom they were; together they are its elapsed days."""

    department: int = 0
    applicant: int = 0
    intermediary: int = 0
    suspended: int = 0

    def __add__(self, other: Shares) -> Shares:
        names = (each.name for each in fields(self))
        return Shares(*(getattr(self, name) + getattr(other, name) for name in names))

    @property
    def total(self) -> int:
        """All of them."""
        return self.department + self.applicant + self.intermediary + self.suspended


#: who has a day that several have: what stood still was in nobody's hand, and a department that
#: works on something has the day whoever works beside it
PRECEDENCE: Final = (
    Holder.SUSPENDED,
    Holder.DEPARTMENT,
    Holder.APPLICANT,
    Holder.INTERMEDIARY,
)


def deal_out(calendar: Days, started_on: date, opened_on: date, held: Iterable[Held]) -> Shares:
    """Return with whom the working days after a start up to and including an opening were.

    Each day has one holder, by `PRECEDENCE`. Where only items were in hand whose own clocks
    stood still it was suspended; where nothing was, the applicant's, who is to apply again.
    Raises Invalid where the opening is before the start.
    """
    if opened_on < started_on:
        raise Invalid(f"{opened_on} is before {started_on}", field="opened_on")
    several = [each for each in held if each.until_on > started_on and each.after_on < opened_on]
    counts = dict.fromkeys(Holder, 0)
    for ordinal in range(started_on.toordinal() + 1, opened_on.toordinal() + 1):
        day = date.fromordinal(ordinal)
        if calendar.is_working_day(day):
            counts[holder_of(day, several)] += 1
    return Shares(**{str(holder): count for holder, count in counts.items()})


def holder_of(day: date, held: Sequence[Held]) -> Holder:
    """Return with whom a day was."""
    there = [each for each in held if each.on(day)]
    running = {each.holder for each in there if day not in each.still}
    for holder in PRECEDENCE:
        if holder in running:
            return holder
    return Holder.SUSPENDED if there else Holder.APPLICANT


def without(after_on: date, until_on: date | None, last_on: date) -> frozenset[date]:
    """Return the dates of a stop as `Held.still` has them; one that goes on, until a last date."""
    last = min(until_on or last_on, last_on)
    days = (last - after_on).days
    return frozenset(after_on + timedelta(days=number) for number in range(1, days + 1))
