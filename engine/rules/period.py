"""Periods that figures are told for: a month, a quarter or a year, by their codes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from engine.errors import Invalid

CODE: Final = re.compile(r"(?P<year>[12]\d{3})(?:Q(?P<quarter>[1-4])|-(?P<month>0[1-9]|1[0-2]))?")


class Grain(StrEnum):
    """How long a period is."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


MONTHS: Final = {Grain.MONTH: 1, Grain.QUARTER: 3, Grain.YEAR: 12}
YEAR_MONTHS: Final = 12


@dataclass(frozen=True, slots=True)
class Period:
    """So many months from the first day of one of them; `grain` says how many."""

    first_on: date
    grain: Grain = Grain.QUARTER

    @classmethod
    def of(cls, code: str) -> Period:
        """Read 2014, 2014Q4 or 2014-10. Raises Invalid."""
        found = CODE.fullmatch(code)
        if found is None:
            text = f"{code!r} is no period such as 2014, 2014Q4 or 2014-10"
            raise Invalid(text, field="period")
        year, quarter, month = int(found["year"]), found["quarter"], found["month"]
        if quarter:
            return cls(date(year, int(quarter) * 3 - 2, 1), Grain.QUARTER)
        if month:
            return cls(date(year, int(month), 1), Grain.MONTH)
        return cls(date(year, 1, 1), Grain.YEAR)

    @classmethod
    def around(cls, on: date, grain: Grain = Grain.QUARTER) -> Period:
        """Return the period of a grain that a date lies in."""
        size = MONTHS[grain]
        return cls(date(on.year, (on.month - 1) // size * size + 1, 1), grain)

    @property
    def code(self) -> str:
        """Its code: 2014, 2014Q4 or 2014-10."""
        quarter = (self.first_on.month - 1) // 3 + 1
        codes = {
            Grain.YEAR: f"{self.first_on.year}",
            Grain.QUARTER: f"{self.first_on.year}Q{quarter}",
            Grain.MONTH: f"{self.first_on:%Y-%m}",
        }
        return codes[self.grain]

    @property
    def last_on(self) -> date:
        """Its last day."""
        return self.shifted(1).first_on - timedelta(days=1)

    def shifted(self, by: int) -> Period:
        """Return the period so many after this one, or before it."""
        return Period(months_from(self.first_on, by * MONTHS[self.grain]), self.grain)

    def until(self, today: date) -> date:
        """Return its last day as far as it has passed; no earlier than its first."""
        return max(self.first_on, min(self.last_on, today))

    def holds(self, on: date) -> bool:
        """Tell whether a date lies in it."""
        return self.first_on <= on <= self.last_on

    def quarters(self) -> tuple[str, ...]:
        """Return the codes of the quarters it touches."""
        first = Period.around(self.first_on)
        several = [first.shifted(number) for number in range(4)]
        return tuple(each.code for each in several if each.first_on <= self.last_on)

    def check_begun(self, today: date) -> None:
        """Raise Invalid where it has not begun yet."""
        if self.first_on > today:
            raise Invalid(f"{self.code} has not begun yet", field="period")


def months_from(on: date, months: int) -> date:
    """Return the first day of the month so many after another's, or before it."""
    count = on.year * YEAR_MONTHS + on.month - 1 + months
    return date(count // YEAR_MONTHS, count % YEAR_MONTHS + 1, 1)


def months_between(first_on: date, last_on: date) -> Iterator[date]:
    """Yield the first days of the months from one date's to another's."""
    on = first_on.replace(day=1)
    while on <= last_on:
        yield on
        on = months_from(on, 1)
