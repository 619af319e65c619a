"""Revisions of the business calendar: what is decided after the built-in table, laid over it.

A revision is one decision, a national notice or the city's own, with the days it decides. Of
several decisions on a date the newest revision's holds. `ordinary` undoes whatever was decided
before, by the nation or the city, and leaves the plain week.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from engine.rules.calendar import REASONS, WORKED, BusinessCalendar, Name, Reason, SpecialDay

UNNAMED = Name("", "")


class Decision(StrEnum):
    """What a revision says of a day."""

    #: off by national notice (放假)
    HOLIDAY = "holiday"
    #: a weekend day worked by national notice (调休上班)
    MAKE_UP = "make_up"
    #: off by the city's own decision
    CLOSURE = "closure"
    #: worked by the city's own decision
    EXTRA = "extra"
    #: as its day of the week: undoes an earlier decision
    ORDINARY = "ordinary"


NATIONAL = frozenset({Decision.HOLIDAY, Decision.MAKE_UP})
DECISIONS = {each: REASONS[Reason(each)] for each in Decision if each is not Decision.ORDINARY} | {
    Decision.ORDINARY: Name("照常", "as its day of the week")
}


@dataclass(frozen=True, slots=True)
class DecidedDay:
    """One day of a revision. `name` is the holiday's; for a make-up day, of what it makes up for.

    `line` is where a text said so, 0 where none did.
    """

    on: date
    decision: Decision
    name: Name = UNNAMED
    line: int = 0


@dataclass(frozen=True, slots=True)
class Revision:
    """One decision. `id` orders revisions: the highest is the newest.

    `provisional_from` is the first day that is without notice from then on; None where that
    stays as it was.
    """

    id: int
    source: str
    days: tuple[DecidedDay, ...]
    provisional_from: date | None = None


def laid(base: BusinessCalendar, revisions: Iterable[Revision]) -> BusinessCalendar:
    """Return a calendar with revisions laid over it, in the order of their ids.

    Its `source` names the newest revision's, and its `revision` that one's id with a digest of
    everything below it, so that equal pairs hold equal days. Without revisions it is `base`.
    Raises `errors.CalendarRange` for a day outside it.
    """
    in_order = sorted(revisions, key=lambda each: each.id)
    if not in_order:
        return base
    special, provisional_from = dict(base.special), base.provisional_from
    for revision in in_order:
        provisional_from = revision.provisional_from or provisional_from
        for day in revision.days:
            special.pop(day.on, None)
            if day.decision is not Decision.ORDINARY:
                special[day.on] = exception(day, revision.source)
    newest = in_order[-1]
    return BusinessCalendar(
        source=f"{base.source}+{newest.source}",
        revision=f"{newest.id}-{digest(base, in_order)}",
        first_on=base.first_on,
        last_on=base.last_on,
        provisional_from=provisional_from,
        special=special,
    )


def exception(day: DecidedDay, source: str) -> SpecialDay:
    """Return a decided day as calendars hold it; without a name, its reason is its name."""
    name = day.name if day.name.zh or day.name.en else DECISIONS[day.decision]
    return SpecialDay(day.on, Reason(day.decision), Name(name.zh or name.en, name.en), source)


def digest(base: BusinessCalendar, revisions: Sequence[Revision]) -> str:
    """Return what differs wherever a day, a name or a source does."""
    lines = [base.revision]
    for each in revisions:
        lines.append(f"{each.id}|{each.source}|{each.provisional_from}")
        days = sorted(each.days, key=lambda day: day.on)
        lines += [f"{day.on}|{day.decision}|{day.name.zh}|{day.name.en}" for day in days]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:8]


def deciding(revisions: Iterable[Revision]) -> dict[date, Revision]:
    """Return which revision decided each date last; dates that none touched are missing."""
    in_order = sorted(revisions, key=lambda each: each.id)
    return {day.on: revision for revision in in_order for day in revision.days}


@dataclass(frozen=True, slots=True)
class Change:
    """A day that is another one after a revision than it was before."""

    on: date
    was: Reason
    now: Reason
    name: Name

    @property
    def counted(self) -> int:
        """1 where a working day is gained, -1 where one is lost, 0 where only its reason is new."""
        return (self.now in WORKED) - (self.was in WORKED)


def changes(
    before: BusinessCalendar, after: BusinessCalendar, days: Iterable[DecidedDay]
) -> tuple[Change, ...]:
    """Return the days that differ between two calendars, of those a revision decides, by date."""
    found = []
    for on in sorted({day.on for day in days}):
        was, now = before.day(on), after.day(on)
        if was.reason is not now.reason:
            found.append(Change(on, was.reason, now.reason, now.name or was.name or UNNAMED))
    return tuple(found)
