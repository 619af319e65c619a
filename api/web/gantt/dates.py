"""The axis of dates: rest days are tinted, holidays named, make-up days marked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from itertools import groupby

from flask_babel import lazy_gettext as _l

from api.web.gantt import lettering
from api.web.gantt.chart import Mark
from api.web.gantt.scale import HEAD, LANE, TICKS, Run, pixels, unit_of
from api.web.gantt.words import gettext as _
from api.web.language import named
from engine.rules.calendar import BusinessCalendar, Day, Reason

#: pixels a date may take
UNIT = (5.0, 24.0)
HOLIDAYS = frozenset({Reason.HOLIDAY, Reason.CLOSURE})
WORKED_SPECIALLY = frozenset({Reason.MAKE_UP, Reason.EXTRA})
WEEK = timedelta(days=7)
MONTHS = (
    _l("1月"),
    _l("2月"),
    _l("3月"),
    _l("4月"),
    _l("5月"),
    _l("6月"),
    _l("7月"),
    _l("8月"),
    _l("9月"),
    _l("10月"),
    _l("11月"),
    _l("12月"),
)


@dataclass(frozen=True)
class Dates:
    """Every date has a column; a position is a date's ordinal."""

    calendar: BusinessCalendar
    first_on: date
    unit: float
    width: float

    @classmethod
    def over(cls, calendar: BusinessCalendar, first_on: date, last_on: date, width: float) -> Dates:
        """Return the axis from a Monday to the last day, fitted to a width."""
        monday = max(first_on - timedelta(days=first_on.weekday()), calendar.first_on)
        unit = unit_of((last_on - monday).days + 1, UNIT, width)
        return cls(calendar, monday, unit, width)

    @property
    def last_on(self) -> date:
        """The last date that has room; its column may be cut."""
        days = -int(-self.width // self.unit)
        return min(self.first_on + timedelta(days=max(1, days) - 1), self.calendar.last_on)

    def x(self, position: int) -> float:
        return (position - self.first_on.toordinal() + 1) * self.unit

    def left(self, on: date) -> float:
        """Return where a date's column begins."""
        return pixels(self.x(on.toordinal()) - self.unit)

    def reaching(self, width: float) -> Dates:
        return replace(self, width=pixels(max(self.width, width)))

    @cached_property
    def days(self) -> tuple[Day, ...]:
        return self.calendar.days(self.first_on, self.last_on)

    def runs(self, chosen: Callable[[Day], bool]) -> Iterator[tuple[Run, Day]]:
        """Yield stretches of the days chosen, each with its first day; a name ends a stretch."""
        for (wanted, _name), group in groupby(self.days, key=lambda day: (chosen(day), day.name)):
            if wanted:
                days = list(group)
                yield Run(self.left(days[0].on), pixels(len(days) * self.unit)), days[0]

    def rest(self) -> list[Run]:
        return [run for run, _day in self.runs(lambda day: day.reason is Reason.WEEKEND)]

    def holidays(self) -> list[Run]:
        return [run for run, _day in self.runs(lambda day: day.reason in HOLIDAYS)]

    def minor(self) -> list[float]:
        return [self.left(on) for on in self.mondays()]

    def major(self) -> list[float]:
        return [self.left(on) for on in self.firsts()]

    def mondays(self) -> Iterator[date]:
        """Yield the first days of the weeks."""
        on = self.first_on + timedelta(days=-self.first_on.weekday() % 7)
        while on <= self.last_on:
            yield on
            on += WEEK

    def firsts(self) -> list[date]:
        """Return the first days of the months."""
        return [day.on for day in self.days if day.on.day == 1]

    @cached_property
    def specials(self) -> list[tuple[float, str, str, int]]:
        """The names of holidays and make-up days: (x, words, look, lane), centred at x."""
        named_runs = [
            (run.x + run.width / 2, holiday_name(day), "holiday")
            for run, day in self.runs(lambda day: day.reason in HOLIDAYS)
        ]
        worked = [
            (run.x + run.width / 2, _("班"), "worked")
            for run, _day in self.runs(lambda day: day.reason in WORKED_SPECIALLY)
        ]
        labels = [self.kept_inside(*each) for each in (*named_runs, *worked)]
        halves = [lettering.width(words) / 2 for _x, words, _look in labels]
        boxes = [(x - half, x + half) for (x, *_rest), half in zip(labels, halves, strict=True)]
        return [(*label, lane) for label, lane in zip(labels, lettering.lanes(boxes), strict=True)]

    def kept_inside(self, x: float, words: str, look: str) -> tuple[float, str, str]:
        """Return a label moved so that neither edge of the chart cuts it."""
        half = lettering.width(words) / 2
        return pixels(min(max(x, half), self.width - half)), words, look

    @property
    def lanes(self) -> int:
        return max((lane + 1 for *_label, lane in self.specials), default=0)

    @property
    def head(self) -> float:
        return HEAD + self.lanes * LANE + TICKS

    def marks(self) -> tuple[Mark, ...]:
        ticks = HEAD + self.lanes * LANE
        return (
            *self.months(HEAD - 6),
            *(
                Mark(x, HEAD + lane * LANE + 12, words, look)
                for x, words, look, lane in self.specials
            ),
            *self.weeks(ticks + 13),
        )

    def foot(self) -> tuple[Mark, ...]:
        return (*self.weeks(13), *self.months(TICKS + 14))

    def weeks(self, y: float) -> Iterator[Mark]:
        for on in self.mondays():
            words = str(on.day)
            half = lettering.width(words) / 2
            # the first column may be narrower than its number, the last one cut
            x = max(self.left(on) + self.unit / 2, half + 1)
            if x + half <= self.width:
                yield Mark(pixels(x), y, words, "tick")

    def months(self, y: float) -> Iterator[Mark]:
        """Yield the months' names, where the chart begins too if there is room."""
        starts = list(dict.fromkeys([self.first_on, *self.firsts()]))
        ends = [*(self.left(on) for on in starts[1:]), self.width]
        for on, end in zip(starts, ends, strict=True):
            x, words = self.left(on), month_name(on)
            if x + lettering.width(words, bold=True) + 6 > end:
                words = str(MONTHS[on.month - 1])
            if x + lettering.width(words, bold=True) <= end:
                yield Mark(pixels(x + 2), y, words, "month")


def month_name(on: date) -> str:
    """Return a month with its year."""
    return _("%(year)s年%(month)s", year=on.year, month=str(MONTHS[on.month - 1]))


def holiday_name(day: Day) -> str:
    """Return a holiday's name in the page's language."""
    return named(day.name or day.reason_name)
