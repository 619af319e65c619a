"""The times of a CSV file: how they are written is found from the whole column."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta, tzinfo
from statistics import median
from types import MappingProxyType

from engine.analysis.eventlog.instant import Moment, instant, moment
from engine.analysis.eventlog.notes import Note, Notes
from engine.analysis.eventlog.refusal import InvalidLog

AUTO = "auto"
EXCEL_DAY = datetime(1899, 12, 30)  # noqa: DTZ001 - day 0 of local time
DIGITS = re.compile(r"\d{4,20}(?:[.,]\d+)?")
COMPACT = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])(?:\d{4}|\d{6})?")
#: two numbers and a year, in which the first two may be day and month or month and day
EITHER = re.compile(r"\s*(\d{1,2})[-/.\s]\s*(\d{1,2})[-/.\s]\s*(?:\d{4}|\d{2})(?!\d)")
#: what is written where nothing is known
BLANK = frozenset({"", "null", "none", "nan", "nat", "n/a", "na", "-", "--", "无"})
#: the largest number that is a day, a second, a millisecond, a microsecond
SCALES = ((1e6, "excel"), (1e11, "epoch"), (1e14, "epoch_ms"), (1e17, "epoch_us"))
#: a number of this many digits is of the month, unless it is of the day
MONTHS = 12

Reader = Callable[[str, tzinfo], Moment]


def since_epoch(per_second: float) -> Reader:
    """Return a reader of numbers since 1970 in UTC."""

    def read(text: str, zone: tzinfo) -> Moment:
        return moment_of(float(text.replace(",", ".")) / per_second, zone)

    return read


def moment_of(seconds: float, zone: tzinfo) -> Moment:
    """Return the moment of seconds since 1970; midnight is the zone's. Raises ValueError."""
    try:
        return seconds, moment(datetime.fromtimestamp(seconds, zone), zone)[1]
    except (OverflowError, OSError) as error:
        raise ValueError(str(error)) from error


def excel(text: str, zone: tzinfo) -> Moment:
    """Return the moment of a spreadsheet's day number: local time, days since 1899-12-30."""
    try:
        at = EXCEL_DAY + timedelta(milliseconds=round(float(text.replace(",", ".")) * 86_400_000))
        return moment(at, zone)
    except OverflowError as error:
        raise ValueError(str(error)) from error


def compact(text: str, zone: tzinfo) -> Moment:
    """Return the moment of a date in 8 digits, with 4 or 6 of the time of day behind it."""
    pattern = {8: "%Y%m%d", 12: "%Y%m%d%H%M", 14: "%Y%m%d%H%M%S"}.get(len(text), "%Y%m%d")
    return moment(datetime.strptime(text, pattern), zone)  # noqa: DTZ007 - moment() adds the zone


def in_order(order: str) -> Reader:
    """Return a reader of dates in an order."""
    return lambda text, zone: instant(text, zone, order)


#: how dates are written, by name
FORMATS: Mapping[str, Reader] = MappingProxyType(
    {
        "ymd": in_order("ymd"),
        "dmy": in_order("dmy"),
        "mdy": in_order("mdy"),
        "compact": compact,
        "excel": excel,
        "epoch": since_epoch(1),
        "epoch_ms": since_epoch(1e3),
        "epoch_us": since_epoch(1e6),
    }
)


def check_format(name: str) -> None:
    """Raise InvalidLog for what is neither a name of a format nor a pattern."""
    if name != AUTO and name not in FORMATS and "%" not in name:
        text = f"date_format is {AUTO}, {', '.join(FORMATS)}, or a pattern such as %d.%m.%Y %H:%M"
        raise InvalidLog(text, field="mapping.date_format")


def is_blank(text: str) -> bool:
    """Tell whether a cell says nothing."""
    return text.strip().lower() in BLANK


def reader_of(name: str, values: Sequence[str], notes: Notes) -> Reader:
    """Return the reader of a format; of `auto`, of the one that the values seem to have."""
    chosen = decided(values, notes) if name == AUTO else name
    return FORMATS.get(chosen) or patterned(chosen)


def patterned(pattern: str) -> Reader:
    """Return a reader of a pattern."""

    def read(text: str, zone: tzinfo) -> Moment:
        try:
            return moment(datetime.strptime(text.strip(), pattern), zone)  # noqa: DTZ007
        except (re.error, OverflowError, IndexError) as error:
            raise ValueError(str(error)) from error

    return read


def decided(values: Sequence[str], notes: Notes) -> str:
    """Return the format that values seem to have, all of them looked at.

    Day first or month first shows where a number is above 12. Where it nowhere does, days are
    taken to come first, and a note says so.
    """
    numbers = [each.strip() for each in values if DIGITS.fullmatch(each.strip())]
    if len(numbers) * 2 > len(values):
        return numeric(numbers)
    either = [found.groups() for each in values if (found := EITHER.match(each))]
    if not either:
        return "ymd"
    day_first = sum(int(first) > MONTHS for first, _ in either)
    month_first = sum(int(second) > MONTHS for _, second in either)
    if day_first and month_first:
        notes.say(Note.BOTH_ORDERS)
    if not day_first and not month_first:
        notes.say(Note.DAY_OR_MONTH)
    return "mdy" if month_first > day_first else "dmy"


def numeric(numbers: Sequence[str]) -> str:
    """Return the format of numbers: dates in digits, or a count of some unit by its size."""
    if sum(COMPACT.fullmatch(each) is not None for each in numbers) * 2 > len(numbers):
        return "compact"
    usual = median(float(each.replace(",", ".")) for each in numbers)
    return next((name for most, name in SCALES if usual < most), "epoch_us")
