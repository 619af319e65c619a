"""One timestamp as it is written: ISO 8601 and what comes near it, dates in three orders.

A moment is seconds since 1970 in UTC and whether the clock stood at midnight where it was written.
What has no offset is local time of the zone given.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from types import MappingProxyType
from typing import TypeAlias

Moment: TypeAlias = tuple[float, bool]
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SECOND = timedelta(seconds=1)
LONGEST = 64
#: digits of a day, a month and a year without its century
SHORT = 2
PIVOT = 70
WRITTEN = re.compile(
    r"""\s*(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+)?
    (?P<a>\d{1,4}|[a-z]{3,9})\.?(?:[-/.年,\s]\s*)
    (?P<b>\d{1,2}|[a-z]{3,9})\.?(?:[-/.月,\s]\s*)
    (?P<c>\d{1,4})\s*日?
    (?:[t,\s]\s*(?P<before>am|pm|上午|下午)?\s*
       (?P<hour>\d{1,2})[:时点](?P<minute>\d{1,2})?
       (?:[:分](?P<second>\d{1,2})?(?:[.,](?P<fraction>\d{1,9}))?)?[分秒]?
       \s*(?P<after>am|pm|a\.m\.|p\.m\.)?
       \s*(?P<offset>z|utc|gmt|[-+]\d{2}(?::?\d{2})?)?)?\s*""",
    re.IGNORECASE | re.VERBOSE,
)
MONTHS = MappingProxyType(
    {
        name: number
        for number, name in enumerate(
            ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
        )
    }
)
#: which part of a date is the year, which the month, which the day
ORDERS: Mapping[str, str] = MappingProxyType({"ymd": "abc", "dmy": "cba", "mdy": "cab"})


def instant(text: str, zone: tzinfo, order: str = "ymd") -> Moment:
    """Return the moment of a timestamp. Raises ValueError for what is none.

    `order` (a key of `ORDERS`) is how dates are read that do not begin with a year of four digits
    and have no month in letters.
    """
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        at = read(text, order)
    try:
        return moment(at, zone)
    except OverflowError as error:
        raise ValueError(str(error)) from error


def moment(at: datetime, zone: tzinfo) -> Moment:
    """Return the moment of a date and time, in the zone where it names none."""
    midnight = not (at.hour or at.minute or at.second or at.microsecond)
    aware = at if at.tzinfo else at.replace(tzinfo=zone)
    return (aware - EPOCH) / SECOND, midnight


def read(text: str, order: str) -> datetime:
    """Return the date and time of a text in words and numbers. Raises ValueError."""
    match = WRITTEN.fullmatch(text) if len(text) <= LONGEST else None
    if match is None:
        raise ValueError(f"{text[:LONGEST]!r} is no date")
    parts = match.groupdict()
    year, month, day = (parts[name] for name in ORDERS[order_of(parts, order)])
    at = datetime(year_of(year), month_of(month), int(day), tzinfo=offset_of(parts["offset"]))
    try:
        return at + time_of(parts)
    except OverflowError as error:
        raise ValueError(str(error)) from error


def order_of(parts: Mapping[str, str | None], order: str) -> str:
    """Return the order of a date: what it shows itself goes before what is asked."""
    first, second = parts["a"] or "", parts["b"] or ""
    if not first.isdigit():
        return "mdy"
    if len(first) > SHORT:
        return "ymd"
    return order if second.isdigit() else "dmy"


def year_of(text: str) -> int:
    """Return a year; one of two digits is of 1970 to 2069."""
    year = int(text)
    if len(text) > SHORT:
        return year
    return year + (2000 if year < PIVOT else 1900)


def month_of(text: str) -> int:
    """Return a month by number or name. Raises ValueError."""
    if text.isdigit():
        return int(text)
    return MONTHS.get(text[:3].lower(), 0)


def time_of(parts: Mapping[str, str | None]) -> timedelta:
    """Return the time of day of a text's parts. Raises ValueError."""
    hour, minute, second = (int(parts[name] or 0) for name in ("hour", "minute", "second"))
    half = (parts["before"] or parts["after"] or "").lower()[:1]
    if half:
        hour = hour % 12 + (12 if half in "p下" else 0)
    if hour > 24 or minute > 59 or second > 60:  # noqa: PLR2004 - 24:00 and leap seconds are written
        raise ValueError("there is no such time of day")
    fraction = float(f"0.{parts['fraction'] or 0}")
    return timedelta(hours=hour, minutes=minute, seconds=second + fraction)


def offset_of(text: str | None) -> tzinfo | None:
    """Return a written offset from UTC. Raises ValueError."""
    if not text:
        return None
    if text[0] not in "+-":
        return UTC
    digits = text[1:].replace(":", "").ljust(4, "0")
    ahead = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-ahead if text[0] == "-" else ahead)
