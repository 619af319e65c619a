"""The business calendar: which days are worked, and how working days are counted.

A period is counted in working days (行政许可法 art. 82): the day of receipt is not counted,
day 1 is the next working day, make-up days (调休上班) count. The national table is built in
`engine/rules/china.py`; a city lays its own closures over it with `with_closures`.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from engine import errors


class Reason(StrEnum):
    """Why a day is worked or not."""

    #: Monday to Friday, and no notice says otherwise
    WORKING_DAY = "working_day"
    #: Saturday or Sunday, and no notice says otherwise
    WEEKEND = "weekend"
    #: off by national notice (放假)
    HOLIDAY = "holiday"
    #: a weekend day worked by national notice (调休上班)
    MAKE_UP = "make_up"
    #: off by the city's own decision
    CLOSURE = "closure"
    #: worked by the city's own decision
    EXTRA = "extra"


WORKED = frozenset({Reason.WORKING_DAY, Reason.MAKE_UP, Reason.EXTRA})
EXCEPTIONAL = frozenset({Reason.HOLIDAY, Reason.MAKE_UP, Reason.CLOSURE, Reason.EXTRA})

_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Name:
    """A name in the interface's two languages."""

    zh: str
    en: str


REASONS: Mapping[Reason, Name] = {
    Reason.WORKING_DAY: Name("工作日", "working day"),
    Reason.WEEKEND: Name("周末", "weekend"),
    Reason.HOLIDAY: Name("法定节假日", "holiday"),
    Reason.MAKE_UP: Name("调休上班", "make-up working day"),
    Reason.CLOSURE: Name("本地休息", "local closure"),
    Reason.EXTRA: Name("本地上班", "local working day"),
}


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """A day that a decision took out of the ordinary week.

    `reason` is one of `EXCEPTIONAL`; `name` is the holiday's (for a make-up day, of the holiday
    it makes up for); `source` names the notice that decided it.
    """

    on: date
    reason: Reason
    name: Name
    source: str

    @property
    def working(self) -> bool:
        return self.reason in WORKED


@dataclass(frozen=True, slots=True)
class Day:
    """One day of a calendar and why it is worked or not.

    `provisional`: the year has no notice yet, so the answer may change (see `BusinessCalendar`).
    """

    on: date
    reason: Reason
    name: Name | None = None
    source: str | None = None
    provisional: bool = False

    @property
    def working(self) -> bool:
        return self.reason in WORKED

    @property
    def make_up(self) -> bool:
        return self.reason is Reason.MAKE_UP

    @property
    def reason_name(self) -> Name:
        return REASONS[self.reason]


@dataclass(frozen=True)
class BusinessCalendar:
    """Working days from `first_on` to `last_on`, both included.

    Equal and hashable by `source` and `revision`: two calendars with the same pair must hold
    the same days, so a deadline stored with both can be recomputed when they change.
    From `provisional_from` on no notice has been published: weekends and statutory holidays
    only, no make-up days. Outside the range every method raises `errors.CalendarRange`.
    """

    source: str
    revision: str
    first_on: date = field(compare=False)
    last_on: date = field(compare=False)
    provisional_from: date = field(compare=False)
    special: Mapping[date, SpecialDay] = field(compare=False, repr=False)
    # Ordinals of all working days, ascending: counting is then a search, not a walk.
    _worked: tuple[int, ...] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        first, last = self.first_on.toordinal(), self.last_on.toordinal()
        worked = {day for day in range(first, last + 1) if _is_weekday(day)}
        for special in self.special.values():
            change = worked.add if special.working else worked.discard
            change(self._ordinal(special.on))
        object.__setattr__(self, "_worked", tuple(sorted(worked)))

    def is_working_day(self, on: date) -> bool:
        """Whether offices work on that date."""
        index = self._count_to(on)
        return index > 0 and self._worked[index - 1] == on.toordinal()

    def is_provisional(self, on: date) -> bool:
        """Whether no notice covers that date yet. A due date is as provisional as its last day."""
        self._ordinal(on)
        return on >= self.provisional_from

    def day(self, on: date) -> Day:
        """The day with its reason, holiday name and source."""
        provisional = self.is_provisional(on)
        special = self.special.get(on)
        if special:
            return Day(on, special.reason, special.name, special.source, provisional)
        worked = _is_weekday(on.toordinal())
        reason = Reason.WORKING_DAY if worked else Reason.WEEKEND
        return Day(on, reason, provisional=provisional)

    def days(self, first_on: date, last_on: date) -> tuple[Day, ...]:
        """Every day from `first_on` to `last_on`, both included: what a calendar page shows."""
        ordinals = range(self._ordinal(first_on), self._ordinal(last_on) + 1)
        return tuple(self.day(date.fromordinal(ordinal)) for ordinal in ordinals)

    def add(self, on: date, days: int) -> date:
        """The date `days` working days after `on`: the last day of the period.

        `on` itself is not counted, worked or not; 0 days is `on` itself.
        Raises `errors.Invalid` for a negative number.
        """
        if days < 0:
            raise errors.Invalid("Days are counted forward only.", days=days)
        if days == 0:
            return date.fromordinal(self._ordinal(on))
        index = self._count_to(on) + days - 1
        if index >= len(self._worked):
            raise self._out_of_range(f"{on} and {days} working days")
        return date.fromordinal(self._worked[index])

    def add_calendar_days(self, on: date, days: int) -> date:
        """The date `days` days after `on`, worked or not. Raises as `add` does."""
        if days < 0:
            raise errors.Invalid("Days are counted forward only.", days=days)
        ordinal = self._ordinal(on) + days
        if ordinal > self.last_on.toordinal():
            raise self._out_of_range(f"{on} and {days} days")
        return date.fromordinal(ordinal)

    def between(self, start_on: date, end_on: date) -> int:
        """Working days after `start_on` up to and including `end_on`: the inverse of `add`.

        Raises `errors.Invalid` if `end_on` is the earlier one: whoever asks knows which
        date is late, and a silent negative number would hide a mistaken order.
        """
        count = self._count_to(end_on) - self._count_to(start_on)
        if end_on < start_on:
            raise errors.Invalid(
                f"{end_on} is before {start_on}.", start_on=start_on, end_on=end_on
            )
        return count

    def next_working_day(self, on: date) -> date:
        """The first working day from `on` on: `on` itself if it is worked."""
        return on if self.is_working_day(on) else self.add(on, 1)

    def with_closures(
        self,
        days: Iterable[SpecialDay],
        *,
        source: str,
        revision: str,
        provisional_from: date | None = None,
    ) -> BusinessCalendar:
        """The same calendar with a city's own days on top, which win over its own.

        Takes any exceptional days, so a national notice can also be laid on before the
        built-in table has it: name the first day then still without notice in
        `provisional_from`. Raises `errors.Invalid` if `days` decide a date twice.
        """
        return BusinessCalendar(
            source=f"{self.source}+{source}",
            revision=f"{self.revision}+{revision}",
            first_on=self.first_on,
            last_on=self.last_on,
            provisional_from=provisional_from or self.provisional_from,
            special={**self.special, **by_date(days)},
        )

    def _count_to(self, on: date) -> int:
        return bisect_right(self._worked, self._ordinal(on))

    def _ordinal(self, on: date) -> int:
        # An instant has no date until a time zone is chosen; `date` would accept it silently.
        if isinstance(on, datetime):
            raise errors.Invalid("A date is needed, not an instant.", value=on)
        if not self.first_on <= on <= self.last_on:
            raise self._out_of_range(str(on))
        return on.toordinal()

    def _out_of_range(self, what: str) -> errors.CalendarRange:
        return errors.CalendarRange(
            f"{what}: outside the calendar ({self.first_on} to {self.last_on}).",
            first_on=self.first_on,
            last_on=self.last_on,
        )


def by_date(days: Iterable[SpecialDay]) -> dict[date, SpecialDay]:
    """Special days by their date. Raises `errors.Invalid` for a date twice or an ordinary day."""
    table: dict[date, SpecialDay] = {}
    for day in days:
        if day.on in table:
            raise errors.Invalid(f"{day.on} is decided twice.", on=day.on)
        if day.reason not in EXCEPTIONAL:
            raise errors.Invalid(f"{day.on}: {day.reason} is no exception.", on=day.on)
        table[day.on] = day
    return table


def _is_weekday(ordinal: int) -> bool:
    return date.fromordinal(ordinal).weekday() < _SATURDAY
