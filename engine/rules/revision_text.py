"""The days of a revision as text, as they are pasted from a notice or kept in a file.

One day a line, `2027-02-05 holiday 春节 Spring Festival`: the date, or the first and the last of
several as `2027-02-05..2027-02-11`; what is decided; the holiday's Chinese and English names. The
same as CSV (`date,reason,name_zh,name_en`) or with tabs, as spreadsheets copy. Empty lines and
lines that begin with `#` say nothing. A known holiday's English name may be left out.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta

from engine.rules import china
from engine.rules.calendar import Name
from engine.rules.revision import UNNAMED, DecidedDay, Decision
from engine.rules.revision_check import Finding, refusal

HEADINGS = frozenset({"date", "日期"})
#: days that one line, and one text, may decide
MOST_DAYS = 366
MOST_IN_ALL = 1_000

#: what is decided, as texts say it
WORDS: Mapping[str, Decision] = {
    **{each.value: each for each in Decision},
    "make-up": Decision.MAKE_UP,
    "放假": Decision.HOLIDAY,
    "休": Decision.HOLIDAY,
    "上班": Decision.MAKE_UP,
    "班": Decision.MAKE_UP,
    "调休上班": Decision.MAKE_UP,
    "本地休息": Decision.CLOSURE,
    "本地上班": Decision.EXTRA,
    "照常": Decision.ORDINARY,
}


class _Unreadable(Exception):
    """A line says no day: its code and why."""


def parse(text: str) -> tuple[DecidedDay, ...]:
    """Return the days a text decides, in its order.

    Raises InvalidRevision with every line that cannot be read.
    """
    found: list[DecidedDay] = []
    problems: list[Finding] = []
    for number, line in enumerate(text.splitlines(), 1):
        try:
            found += days_of(line, number)
        except _Unreadable as error:
            code, why = error.args
            problems.append(Finding(code, f"line {number}: {why}", line=number))
        if len(found) + len(problems) > MOST_IN_ALL:
            why = f"line {number}: a text decides up to {MOST_IN_ALL} days"
            raise refusal([Finding("too_long", why, line=number)])
    if problems:
        raise refusal(problems)
    return tuple(found)


def written(days: Iterable[DecidedDay]) -> str:
    """Return days as `parse` reads them, a line each."""
    lines = [" ".join(cells(day)).rstrip() for day in days]
    return "".join(f"{line}\n" for line in lines)


def cells(day: DecidedDay) -> Iterator[str]:
    """Yield the parts of a day's line. A Chinese name with spaces is written without them."""
    yield from (str(day.on), day.decision.value)
    yield from ("".join(day.name.zh.split()), day.name.en)


def days_of(line: str, number: int) -> Iterator[DecidedDay]:
    """Yield the days of one line; none of an empty one."""
    fields = split(line.strip().lstrip("\ufeff"))
    if not fields or fields[0].startswith("#") or fields[0].lower() in HEADINGS:
        return
    first, last = period(fields[0])
    decision = decided(fields[1] if fields[1:] else "")
    name = called(*fields[2:4]) if decision is not Decision.ORDINARY else UNNAMED
    for ordinal in range(first.toordinal(), last.toordinal() + 1):
        yield DecidedDay(date.fromordinal(ordinal), decision, name, number)


def split(line: str) -> list[str]:
    """Return the parts of a line: of CSV, of a row with tabs, or of words between spaces."""
    if not line or line.startswith("#"):
        return []
    plain = line.replace("，", ",")
    for mark in ("\t", ","):
        if mark in plain:
            row = next(csv.reader([plain], delimiter=mark))
            return [each.strip() for each in row]
    return line.split(maxsplit=3)


def period(text: str) -> tuple[date, date]:
    """Return the first and the last day a line names."""
    first, dots, last = text.partition("..")
    begin = day_of(first)
    end = day_of(last) if dots else begin
    if end < begin:
        raise _Unreadable("backwards", f"{last} is before {first}")
    if end - begin >= timedelta(days=MOST_DAYS):
        raise _Unreadable("too_long", f"{text} are more than {MOST_DAYS} days")
    return begin, end


def day_of(text: str) -> date:
    """Return a date written as 2027-02-05 or 2027/2/5."""
    try:
        year, month, day = text.replace("/", "-").split("-")
        return date(int(year), int(month), int(day))
    except ValueError:
        raise _Unreadable("no_date", f"{text!r} is no date such as 2027-02-05") from None


def decided(word: str) -> Decision:
    """Return what a word decides."""
    if word.lower() not in WORDS:
        known = ", ".join(each.value for each in Decision)
        raise _Unreadable("no_decision", f"{word!r} is none of {known}")
    return WORDS[word.lower()]


def called(zh: str = "", en: str = "") -> Name:
    """Return a name; that of a known holiday is completed, by its name or its id."""
    for identifier, name in china.holidays().items():
        if zh in {identifier, name.zh, name.en} or (not zh and en in {identifier, name.en}):
            return Name(name.zh, en or name.en)
    if zh.isascii() and zh:
        # the words of an English name
        en = f"{zh} {en}".strip()
        known = [name for name in china.holidays().values() if name.en.lower() == en.lower()]
        return known[0] if known else Name(en, en)
    return Name(zh or en, en)
