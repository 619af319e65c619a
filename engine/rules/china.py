"""Mainland China's calendar: the State Council's yearly notices 2004-2026 as a dated table.

Four files in `data/`; adding a year means adding rows, no code:

- `china-days.csv`      date, kind (holiday | make-up), holiday, notice
- `china-notices.csv`   id, year, title, url of the notice
- `china-holidays.csv`  id and names of the holidays
- `china-lunar.csv`     dates of the lunar and solar-term holidays in years without notice

Years without notice hold weekends and the statutory holidays (全国年节及纪念日放假办法 art. 2, as
amended by 国务院令第795号 from 2025). Which working day makes up for a holiday that falls on
a weekend (art. 6) is for the notice to say, so none is guessed.
"""

from __future__ import annotations

import csv
import hashlib
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from engine.rules.calendar import BusinessCalendar, Name, Reason, SpecialDay, by_date

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

FIRST_ON = date(2004, 1, 1)
LAWFUL_HOLIDAYS = "全国年节及纪念日放假办法"

_KINDS = {"holiday": Reason.HOLIDAY, "make-up": Reason.MAKE_UP}
_FIXED = (
    (1, 1, "new-year"),
    (5, 1, "labour-day"),
    (5, 2, "labour-day"),
    (10, 1, "national-day"),
    (10, 2, "national-day"),
    (10, 3, "national-day"),
)


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice that decided days; `SpecialDay.source` holds its id."""

    id: str
    year: int
    title: str
    url: str


@cache
def calendar() -> BusinessCalendar:
    """The national calendar, 2004-2050, provisional after the last notice. Built once.

    Its revision is a digest of the table, so that no edit can pass unnoticed.
    """
    noticed_to = max(notice.year for notice in notices().values())
    noticed = list(_noticed_days())
    return BusinessCalendar(
        source="china",
        revision=_revision(),
        first_on=FIRST_ON,
        last_on=date(max(map(int, _lunar())), 12, 31),
        provisional_from=date(noticed_to + 1, 1, 1),
        special=by_date(noticed) | by_date(_statutory_days(noticed_to + 1)),
    )


@cache
def notices() -> Mapping[str, Notice]:
    """The notices by id."""
    rows = _rows("china-notices.csv")
    return {r["id"]: Notice(r["id"], int(r["year"]), r["title"], r["url"]) for r in rows}


@cache
def holidays() -> Mapping[str, Name]:
    """The names of the holidays by id."""
    return {row["id"]: Name(row["zh"], row["en"]) for row in _rows("china-holidays.csv")}


def _noticed_days() -> Iterator[SpecialDay]:
    for row in _rows("china-days.csv"):
        yield SpecialDay(
            on=date.fromisoformat(row["date"]),
            reason=_KINDS[row["kind"]],
            name=holidays()[row["holiday"]],
            source=notices()[row["notice"]].id,
        )


def _statutory_days(first_year: int) -> Iterator[SpecialDay]:
    """Holidays by law of every year without notice; two may share a date, the lunar one yields."""
    for year in sorted(int(year) for year in _lunar() if int(year) >= first_year):
        for on, holiday in (_lunar_days(year) | _fixed_days(year)).items():
            yield SpecialDay(on, Reason.HOLIDAY, holidays()[holiday], LAWFUL_HOLIDAYS)


def _fixed_days(year: int) -> dict[date, str]:
    return {date(year, month, day): holiday for month, day, holiday in _FIXED}


def _lunar_days(year: int) -> dict[date, str]:
    row = _lunar()[str(year)]
    new_year = date.fromisoformat(row["spring_festival"])
    # New Year's Eve and the first three days: four by law since 2025.
    spring = {new_year + timedelta(days=n): "spring-festival" for n in range(-1, 3)}
    return spring | {
        date.fromisoformat(row["qingming"]): "qingming",
        date.fromisoformat(row["dragon_boat"]): "dragon-boat",
        date.fromisoformat(row["mid_autumn"]): "mid-autumn",
    }


@cache
def _lunar() -> Mapping[str, dict[str, str]]:
    return {row["year"]: row for row in _rows("china-lunar.csv")}


def _rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(_text(name).splitlines()))


def _revision() -> str:
    text = _text("china-days.csv") + _text("china-notices.csv") + _text("china-lunar.csv")
    return hashlib.sha256(text.encode()).hexdigest()[:12]


@cache
def _text(name: str) -> str:
    return (files("engine.rules") / "data" / name).read_text(encoding="utf-8")
