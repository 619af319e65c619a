"""The panel of a legal clock: both due dates with their bars, its weeks, its ranges."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from engine.rules.deadline import DayUnit, days_left
from engine.rules.legal_clock import ClockDay, LegalClock, Span, Term
from engine.rules.light import DEFAULT, Light, Limits, task_light

#: weeks that are shown whole; of more the middle is left out
MOST_WEEKS, FIRST_WEEKS, LAST_WEEKS = 8, 2, 5
#: days shown behind the last that matters
BEYOND = timedelta(days=4)
WHOLE = 100

Week = tuple[ClockDay, ...]


@dataclass(frozen=True, slots=True)
class Side:
    """One due date: `used` of `term.days` counted days; `left` working days until it.

    `share` is how much of the bar is filled, in hundredths. A clock that has ended was in time
    or late by so many days, and has no light.
    """

    kind: str
    term: Term
    used: int
    left: int
    light: Light | None

    @property
    def share(self) -> int:
        days = self.term.days or self.used or 1
        return min(WHOLE, WHOLE * self.used // days)


@dataclass(frozen=True, slots=True)
class Panel:
    """A clock as the page shows it. `weeks` holds None where some are left out."""

    clock: LegalClock
    today: date
    sides: tuple[Side, ...]
    weeks: tuple[Week | None, ...]
    spans: tuple[Span, ...]
    left_out: int

    @property
    def used(self) -> int:
        return self.clock.used(self.today)

    def is_due(self, on: date, kind: str) -> bool:
        """Tell whether a date is the due date of a kind."""
        return any(side.kind == kind and side.term.due_on == on for side in self.sides)


def panel(
    clock: LegalClock, today: date, limits: Limits = DEFAULT, *, paused: bool = False
) -> Panel:
    """Return the panel of a clock on a day."""
    sides = tuple(sides_of(clock, clock.as_of(today), limits, paused=paused))
    seen = min(today, clock.end_on or today)
    first_due = sides[0].term.due_on if sides else seen
    weeks = clock.weeks(max(first_due, seen) + BEYOND)
    return Panel(
        clock=clock,
        today=today,
        sides=sides,
        weeks=tuple(folded(weeks)),
        spans=clock.spans(max(seen, clock.start_on)),
        left_out=max(0, len(weeks) - FIRST_WEEKS - LAST_WEEKS) if len(weeks) > MOST_WEEKS else 0,
    )


def sides_of(clock: LegalClock, seen: date, limits: Limits, *, paused: bool) -> Iterator[Side]:
    """Yield both due dates, the promised one first."""
    for kind, term in (("promised", clock.promised), ("statutory", clock.statutory)):
        if term is not None:
            yield side(clock, kind, term, seen, limits, paused=paused)


def side(
    clock: LegalClock, kind: str, term: Term, seen: date, limits: Limits, *, paused: bool
) -> Side:
    """Return one due date as of a day, the clock's last where it has ended."""
    lawful = term.due_on if kind == "statutory" else None
    days = term.days if term.unit is DayUnit.WORKING else None
    light = task_light(
        clock.calendar, seen, term.due_on, lawful, days=days, paused=paused, limits=limits
    )
    return Side(
        kind=kind,
        term=term,
        used=clock.used(seen, term.unit),
        left=days_left(clock.calendar, term.due_on, seen),
        light=None if clock.end_on else light,
    )


def folded(weeks: Sequence[Week]) -> Iterator[Week | None]:
    """Yield the weeks; of many the first and the last, with None for what lies between."""
    if len(weeks) <= MOST_WEEKS:
        yield from weeks
        return
    yield from weeks[:FIRST_WEEKS]
    yield None
    yield from weeks[-LAST_WEEKS:]
