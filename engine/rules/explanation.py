"""A due date counted by hand: every day from the start to the due date, counted or not, and why.

It counts as one does on paper, one day after the other, and not as `deadline` does: what it comes
to is held against the date that is stored.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from engine.rules.calendar import BusinessCalendar, Day
from engine.rules.case_clock import Period
from engine.rules.deadline import DayUnit
from engine.rules.legal_clock import Stop

NEXT = timedelta(days=1)


class Mark(StrEnum):
    """What a day is to a count."""

    #: the day the count begins with: not counted
    START = "start"
    COUNTED = "counted"
    #: counted, one of the days of an extension
    EXTENDED = "extended"
    #: nobody works
    REST = "rest"
    #: the clock stands still
    STOPPED = "stopped"
    #: the day the clock goes on: not counted
    RESUMED = "resumed"
    #: after the last day, which was a day of rest: the time ends on the next working day
    ROLLED = "rolled"


COUNTED = frozenset({Mark.COUNTED, Mark.EXTENDED})


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule in the interface's two languages, and where it is from."""

    zh: str
    en: str
    source: str = ""


PROPOSED = "proposed"
#: by the mark of a day; what the calendar says of a day comes with it
MARKS: Mapping[Mark, Rule] = {
    Mark.START: Rule("起算当日不计", "start, not counted", "民法典 art. 201"),
    Mark.COUNTED: Rule("计入", "counted", "行政许可法 art. 82"),
    Mark.EXTENDED: Rule("延长期内，计入", "extension, counted", "行政许可法 art. 42"),
    Mark.REST: Rule("休息日不计", "not worked", "行政许可法 art. 82"),
    Mark.STOPPED: Rule("中止不计", "clock stopped", "行政许可法 art. 45"),
    Mark.RESUMED: Rule("恢复当日不计", "clock goes on, not counted", PROPOSED),
    Mark.ROLLED: Rule("最后一日为休息日，顺延", "last day was no working day", "民法典 art. 203"),
}
#: what silence past the time means, by the outcome it counts as
LAPSES: Mapping[str, Rule] = {
    "": Rule("逾期不等于许可", "nothing: late is no approval", "行政许可法 art. 74"),
    "accept": Rule(
        "逾期未告知，自收件之日起视为受理",
        "accepted from the day of receipt",
        "行政许可法 art. 32",
    ),
    "deem": Rule(
        "超时默认：视为通过，其他部门可继续办理，本部门须补发结果",
        "passed for other departments; the paper is to be issued",
        "泰政办发〔2022〕58号",
    ),
    "deemed_agree": Rule(
        "超时视为同意", "the department counts as agreeing", "泰政办发〔2022〕58号"
    ),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One day of a count; `number` is which counted day it is, 0 where it is not counted.

    `stop` is the place, from 1, of the stop it lies in; 0 where it lies in none.
    """

    day: Day
    mark: Mark
    number: int = 0
    stop: int = 0

    @property
    def on(self) -> date:
        return self.day.on

    @property
    def counted(self) -> bool:
        return self.mark in COUNTED


def count(
    calendar: BusinessCalendar,
    start_on: date,
    period: Period,
    stops: Sequence[Stop] = (),
    extension_days: int = 0,
) -> tuple[Line, ...]:
    """Return every day from the start of a period to its last, which is the last line's.

    Where the clock stands still yet, the lines end with the day it stopped: what is left is
    counted once it goes on. Raises `errors.CalendarRange` where the calendar ends before.
    """
    lines = [Line(calendar.day(start_on), Mark.START)]
    standing = min((each.from_on for each in stops if each.until_on is None), default=None)
    last, number = period.days + extension_days, 0
    while number < last and lines[-1].on != standing:
        if standing is not None and lines[-1].on > standing:
            break
        line = counting(calendar, lines[-1].on + NEXT, period, stops, number)
        number += line.counted
        lines.append(line)
    if number == last and last and period.unit is DayUnit.CALENDAR:
        # what stands still yet moves a date once it goes on
        ended = [each for each in stops if each.until_on is not None]
        lines.extend(rolled(calendar, lines[-1].on, ended))
    return tuple(lines)


def counting(
    calendar: BusinessCalendar, on: date, period: Period, stops: Sequence[Stop], number: int
) -> Line:
    """Return a day after the start, `number` days having been counted before."""
    day, stop = calendar.day(on), stop_on(stops, on)
    if period.unit is DayUnit.WORKING and not day.working:
        return Line(day, Mark.REST)
    if stop:
        resumed = stops[stop - 1].until_on == on
        return Line(day, Mark.RESUMED if resumed else Mark.STOPPED, stop=stop)
    mark = Mark.COUNTED if number < period.days else Mark.EXTENDED
    return Line(day, mark, number + 1)


def rolled(calendar: BusinessCalendar, on: date, stops: Sequence[Stop]) -> Iterator[Line]:
    """Yield the days by which a last day moves that nobody works on."""
    while not calendar.is_working_day(on) or stop_on(stops, on):
        on += NEXT
        yield Line(calendar.day(on), Mark.ROLLED, stop=stop_on(stops, on))


def stop_on(stops: Sequence[Stop], on: date) -> int:
    """Return the place, from 1, of the first stop that holds a date; 0 where none does."""
    return next((place for place, stop in enumerate(stops, 1) if stop.holds(on)), 0)


def counted(lines: Sequence[Line]) -> int:
    """Return how many days of a count are counted."""
    return max(line.number for line in lines)
