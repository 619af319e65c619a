"""The axis of working days counted from the start: days of rest have no room."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from api.web.gantt.chart import Mark
from api.web.gantt.scale import HEAD, TICKS, Run, pixels, unit_of
from api.web.gantt.words import gettext as _

#: pixels a day may take
UNIT = (8.0, 40.0)
#: room before day 0
MARGIN = 12
#: the least room for a label, and how many days may lie between two
TICK_ROOM = 30
STEPS = (1, 5, 10, 20, 50, 100, 200, 500)


@dataclass(frozen=True)
class Days:
    """A position is a number of working days after the start."""

    unit: float
    width: float

    @classmethod
    def over(cls, last: int, width: float) -> Days:
        """Return the axis of so many working days, fitted to a width."""
        return cls(unit_of(last, UNIT, width - MARGIN), width)

    def x(self, position: int) -> float:
        return MARGIN + position * self.unit

    def reaching(self, width: float) -> Days:
        return replace(self, width=pixels(max(self.width, width)))

    @property
    def step(self) -> int:
        """How many days lie between two labels."""
        return next((each for each in STEPS if each * self.unit >= TICK_ROOM), STEPS[-1])

    def labelled(self) -> range:
        return range(0, int((self.width - MARGIN) / self.unit) + 1, self.step)

    def rest(self) -> list[Run]:
        return []

    def holidays(self) -> list[Run]:
        return []

    def minor(self) -> list[float]:
        return self.at(self.labelled())

    def major(self) -> list[float]:
        return self.at([0])

    def at(self, numbers: Iterable[int]) -> list[float]:
        return [pixels(self.x(number)) for number in numbers]

    @property
    def head(self) -> float:
        return HEAD + TICKS

    def marks(self) -> tuple[Mark, ...]:
        title = Mark(2, HEAD - 6, _("启动后第几个工作日"), "month")
        return (title, *self.ticks(HEAD + 13))

    def foot(self) -> tuple[Mark, ...]:
        return tuple(self.ticks(13))

    def ticks(self, y: float) -> Iterator[Mark]:
        numbers = self.labelled()
        for number, x in zip(numbers, self.at(numbers), strict=True):
            yield Mark(x, y, str(number), "tick")
