"""What is wrong with a revision of the calendar, all of it at once, and what only looks wrong."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from engine.errors import Invalid
from engine.rules import china
from engine.rules.calendar import BusinessCalendar, Reason
from engine.rules.revision import NATIONAL, DecidedDay, Decision

_SATURDAY = 5
#: how long a name may be
MOST_NAME = 100
#: how many problems one message tells of; the error lists all
MOST_TOLD = 10
#: days off by law: the first year they are in force from, and how many
#: (全国年节及纪念日放假办法 art. 2, as amended by 国务院令第513号 and 第795号)
LAWFUL_DAYS = ((2025, 13), (2008, 11), (2000, 10))
#: what a city may work on all the same
OFF = frozenset({Reason.HOLIDAY, Reason.CLOSURE})


class InvalidRevision(Invalid):
    """The days of a revision cannot be published; `problems` lists all that is wrong."""

    code = "invalid_calendar"
    remedy = "Correct every line listed and send it again."


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about a day, or about the revision as a whole where `on` is None.

    `code` stays the same; `text` is for programs and logs; `detail` is what sentences need.
    """

    code: str
    text: str
    on: date | None = None
    line: int = 0
    detail: dict[str, Any] = field(default_factory=dict)

    def plain(self) -> dict[str, Any]:
        """Return it as a problem document holds it."""
        on = str(self.on) if self.on else None
        return {"code": self.code, "on": on, "line": self.line or None, "text": self.text}


def check(
    calendar: BusinessCalendar, days: Sequence[DecidedDay], provisional_from: date | None = None
) -> None:
    """Raise InvalidRevision with everything for which days cannot be laid over a calendar."""
    problems = [*of_days(calendar, days), *of_period(calendar, days, provisional_from)]
    if problems:
        raise refusal(problems)


def refusal(problems: Sequence[Finding]) -> InvalidRevision:
    """Return the error that lists problems."""
    text = "; ".join(each.text.rstrip(".") for each in problems[:MOST_TOLD])
    text += f"; and {len(problems) - MOST_TOLD} more" if problems[MOST_TOLD:] else ""
    return InvalidRevision(text, field="days", problems=[each.plain() for each in problems])


def of_days(calendar: BusinessCalendar, days: Sequence[DecidedDay]) -> Iterator[Finding]:
    """Yield what is wrong with each day, in order."""
    seen: set[date] = set()
    for day in days:
        if day.on in seen:
            yield finding("twice", day, f"{day.on} is decided twice.")
        seen.add(day.on)
        if not calendar.first_on <= day.on <= calendar.last_on:
            ends = f"{calendar.first_on} to {calendar.last_on}"
            yield finding("out_of_range", day, f"{day.on} is outside the calendar ({ends}).")
        else:
            yield from of_day(calendar, day)


def of_day(calendar: BusinessCalendar, day: DecidedDay) -> Iterator[Finding]:
    """Yield why a day cannot be decided so."""
    weekday = day.on.weekday() < _SATURDAY
    if day.decision is Decision.MAKE_UP and weekday:
        text = f"{day.on} is a weekday, which is worked anyway: `ordinary` undoes a day off."
        yield finding("weekday", day, text)
    if day.decision is Decision.EXTRA and weekday and calendar.day(day.on).reason not in OFF:
        yield finding("worked", day, f"{day.on} is worked already.")
    if day.decision in NATIONAL and not (day.name.zh or day.name.en):
        yield finding("unnamed", day, f"{day.on}: name the holiday.")
    if not all(
        len(name) <= MOST_NAME and name.isprintable() for name in (day.name.zh, day.name.en)
    ):
        yield finding("bad_name", day, f"{day.on}: a name has up to {MOST_NAME} plain characters.")


def of_period(
    calendar: BusinessCalendar, days: Sequence[DecidedDay], provisional_from: date | None
) -> Iterator[Finding]:
    """Yield what is wrong with a revision as a whole."""
    if not days and provisional_from is None:
        yield Finding("empty", "The revision decides nothing.")
    last = calendar.last_on + timedelta(days=1)
    if provisional_from and not calendar.first_on <= provisional_from <= last:
        yield Finding("out_of_range", f"{provisional_from} is outside the calendar.")


def warnings(
    before: BusinessCalendar,
    after: BusinessCalendar,
    days: Sequence[DecidedDay],
    today: date,
) -> tuple[Finding, ...]:
    """Return what can be published but looks like a mistake."""
    return (
        *of_doubtful_days(before, days, today),
        *of_years(after, days),
        *of_provision(before, after),
    )


def of_doubtful_days(
    before: BusinessCalendar, days: Iterable[DecidedDay], today: date
) -> Iterator[Finding]:
    """Yield the days that lie in the past, and those that undo nothing."""
    for day in days:
        if day.on < today:
            yield finding("past", day, f"{day.on} has passed.")
        if day.decision is Decision.ORDINARY and day.on not in before.special:
            yield finding("nothing_to_undo", day, f"{day.on} is as its day of the week already.")


def of_years(after: BusinessCalendar, days: Iterable[DecidedDay]) -> Iterator[Finding]:
    """Yield the years of a national notice whose days off and make-up days do not balance."""
    for year in sorted({day.on.year for day in days if day.decision in NATIONAL}):
        if date(year, 12, 31) >= after.provisional_from:
            text = f"{year} stays provisional: no revision says that its notice is complete."
            yield Finding("still_provisional", text, detail={"year": year})
        else:
            yield from of_year(after, year)


def of_year(after: BusinessCalendar, year: int) -> Iterator[Finding]:
    """Yield what looks wrong in a year whose notice is complete."""
    lawful, found = lawful_days(year), balance(after, year)
    if lawful is not None and found != lawful:
        text = (
            f"{year} has {found} days off net of make-up days; by law {lawful} are usual "
            "(a notice may move one across the turn of the year)."
        )
        yield Finding("balance", text, detail={"year": year, "found": found, "usual": lawful})
    by_law = [day for day in after.special.values() if day.source == china.LAWFUL_HOLIDAYS]
    kept = sum(day.on.year == year for day in by_law)
    if kept:
        text = f"{year}: {kept} days off by law are not in the notice, and stay."
        yield Finding("by_law_only", text, detail={"year": year, "days": kept})


def of_provision(before: BusinessCalendar, after: BusinessCalendar) -> Iterator[Finding]:
    """Yield whether years that had a notice are without one again."""
    if after.provisional_from < before.provisional_from:
        text = f"Days from {after.provisional_from} on become provisional again."
        detail = {"from_on": str(after.provisional_from)}
        yield Finding("provisional_again", text, detail=detail)


def balance(calendar: BusinessCalendar, year: int) -> int:
    """Return the weekdays off by national notice, less the weekend days worked for them."""
    national = [day for day in calendar.special.values() if day.on.year == year]
    off = sum(day.reason is Reason.HOLIDAY and day.on.weekday() < _SATURDAY for day in national)
    return off - sum(day.reason is Reason.MAKE_UP for day in national)


def lawful_days(year: int) -> int | None:
    """Return how many days a year are off by law; None before the law counted here."""
    return next((days for first, days in LAWFUL_DAYS if year >= first), None)


def finding(code: str, day: DecidedDay, text: str) -> Finding:
    """Return a finding about a day."""
    return Finding(code, text, day.on, day.line)
