"""Instants as ISO 8601 with the city's offset, made of few pieces: date, time, fraction, offset."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from enum import StrEnum
from functools import cache
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from engine.analysis.eventlog.gather import Pieces, Places
from engine.analysis.eventlog.log import Times
from engine.analysis.eventlog.zone import DAY, Offsets

#: seconds: a time of our days as a float is exact to a quarter of a microsecond
EXACT = 4e-7


class Unit(StrEnum):
    """How finely times are written."""

    SECOND = "s"
    MILLISECOND = "ms"
    MICROSECOND = "us"

    @property
    def per_second(self) -> int:
        """So many are a second."""
        return {"s": 1, "ms": 1_000, "us": 1_000_000}[self]


@dataclass(frozen=True, slots=True, eq=False)
class Wall:
    """What the times of a log are written with.

    `dates` are the days there are, `place` where each day from `first` on stands among them.
    """

    unit: Unit
    offsets: Offsets
    first: int
    dates: Pieces
    place: npt.NDArray[np.int64]

    @classmethod
    def of(cls, columns: Sequence[Times], timezone: tzinfo, unit: Unit | None = None) -> Wall:
        """Return what is needed to write the times of some columns."""
        known = np.concatenate([np.zeros(0), *(each[np.isfinite(each)] for each in columns)])
        known = known if len(known) else np.zeros(1)
        days = np.floor_divide(known, DAY).astype(np.int64)
        first, last = int(days.min()) - 1, int(days.max()) + 1
        there = np.zeros(last - first + 1, dtype=bool)
        for near in (0, 1, 2):  # local time is up to a day behind or ahead
            there[days - days.min() + near] = True
        dates = (np.flatnonzero(there) + first).astype("datetime64[D]")
        texts = [f"{each}T" for each in np.datetime_as_string(dates)]
        offsets = Offsets.of(timezone, float(known.min()), float(known.max()))
        place = np.cumsum(there) - 1
        return cls(unit or unit_of(known), offsets, first, Pieces.of(texts), place)

    def tables(self, after: str, unknown: str) -> list[Pieces]:
        """Return the pieces of a time: with what follows it, or instead of it if it is unknown."""
        offsets = [f"{written_offset(each)}{after}" for each in self.offsets.ahead]
        return [
            self.dates,
            clock(),
            *map(thousand, FRACTIONS[self.unit]),
            Pieces.of(offsets, unknown),
        ]

    def places(self, times: Times) -> list[Places]:
        """Return which pieces of `tables` each time is made of."""
        known = np.isfinite(times)
        whole = np.where(known, times, self.first * DAY)
        period = self.offsets.period(whole)
        per_second = self.unit.per_second
        units = np.rint(whole * per_second).astype(np.int64)
        units += self.offsets.ahead[period] * per_second
        seconds, fraction = divided(units, per_second)
        day, second = divided(seconds, DAY)
        fractions = {
            Unit.SECOND: [],
            Unit.MILLISECOND: [fraction],
            Unit.MICROSECOND: [*divided(fraction, 1_000)],
        }[self.unit]
        # what is unknown stands before the first day: any piece will do, it is put out below
        date = self.place[np.maximum(day - self.first, 0)]
        columns: list[Places] = [date, second, *fractions, period]
        return columns if known.all() else [np.where(known, each, -1) for each in columns]


def divided(
    whole: npt.NDArray[np.int64], by: int
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return quotient and rest: twice as quick as `np.divmod`."""
    if by == 1:
        return whole, np.zeros_like(whole)
    quotient = whole // by
    return quotient, whole - quotient * by


def unit_of(known: Times) -> Unit:
    """Return the coarsest unit that writes the times as they are, to the microsecond."""
    for unit in (Unit.SECOND, Unit.MILLISECOND):
        scaled = known * unit.per_second
        if (np.abs(scaled - np.rint(scaled)) < EXACT * unit.per_second).all():
            return unit
    return Unit.MICROSECOND


def written_offset(ahead: int) -> str:
    """Return an offset as ISO 8601 writes it."""
    hours, minutes = divmod(abs(int(ahead)) // 60, 60)
    return f"{'-' if ahead < 0 else '+'}{hours:02}:{minutes:02}"


@cache
def clock() -> Pieces:
    """Return every second of a day."""
    seconds = range(DAY)
    return Pieces.of([f"{each // 3600:02}:{each // 60 % 60:02}:{each % 60:02}" for each in seconds])


@cache
def thousand(before: str) -> Pieces:
    """Return all numbers of three digits."""
    return Pieces.of([f"{before}{each:03}" for each in range(1_000)])


#: the numbers that a fraction of a second is written as, each with what stands before it
FRACTIONS: Mapping[Unit, tuple[str, ...]] = MappingProxyType(
    {Unit.SECOND: (), Unit.MILLISECOND: (".",), Unit.MICROSECOND: (".", "")}
)
