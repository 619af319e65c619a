"""What is simulated: nodes with their work, people with their hours, arrivals. Plain data.

Hours are of the clock since `Model.origin` (a Monday's midnight, local time); work is in hours
of whoever's calendar it is done on. A day of work is `Calendar.day_hours` of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np

from engine.analysis.simulation.distribution import Distribution, fixed
from engine.errors import Invalid
from engine.rules.flow import FlowKind

NOTHING = fixed(0.0)


class InvalidModel(Invalid):
    """What is to be simulated does not fit together."""

    code = "invalid_model"
    remedy = "Correct the assumption or the diagram's element named."


@dataclass(frozen=True)
class Calendar:
    """When work goes on: open spans [from, to) in hours since the origin, ascending, apart.

    The spans repeat every `period` hours: 168 for a plain week; for dated calendars the length of
    all the years they hold. `day_hours` are the hours of one working day.
    """

    spans: tuple[tuple[float, float], ...]
    period: float
    day_hours: float

    @cached_property
    def times(self) -> Any:
        """The spans as an array of two columns."""
        return np.array(self.spans, np.float64).reshape(-1, 2)

    @cached_property
    def before(self) -> Any:
        """The open hours of a period before each span, and at last all."""
        return np.concatenate([[0.0], np.cumsum(self.times[:, 1] - self.times[:, 0])])


#: work goes on around the clock, and a day has 24 hours
ALWAYS = Calendar(((0.0, 24.0),), 24.0, 24.0)


@dataclass(frozen=True, slots=True)
class Node:
    """One node of the control flow with its numbers.

    WORK: `work` hours by one person of `pool`, or, where `pool` is empty, by itself on
    `calendar`. `counted`: the days between its readiness and its end count against the promise.
    TIMER: `work` on `calendar`. EXCLUSIVE: `shares` add up to 1 over `outgoing`; INCLUSIVE: each
    is a chance of its own, and -1 the default's, gone where no other is.
    `priority`: lower goes first.
    """

    id: str
    kind: FlowKind
    outgoing: tuple[str, ...] = ()
    shares: tuple[float, ...] = ()
    item: str = ""
    work: Distribution = NOTHING
    pool: str = ""
    calendar: str = ""
    counted: bool = False
    waits_for: tuple[str, ...] = ()
    brings: str = ""
    priority: int = 0


@dataclass(frozen=True, slots=True)
class Absence:
    """How often a person is away without notice: a share of the days, so many days at a time."""

    share: float = 0.0
    days: float = 3.0


@dataclass(frozen=True, slots=True)
class Person:
    """One person: whose queues they serve, when, and how often they are away."""

    id: str
    pools: tuple[str, ...]
    calendar: str
    absence: Absence = Absence()


@dataclass(frozen=True, slots=True)
class Pool:
    """A queue of work; who serves it are the people who name it."""

    id: str
    name: str = ""
    department: str = ""


@dataclass(frozen=True, slots=True)
class ModelItem:
    """What is totalled for an item: from `begins` to what brings it about."""

    id: str
    name: str
    stage: str
    department: str
    kind: str
    days: int
    begins: str


@dataclass(frozen=True, slots=True)
class Arrivals:
    """How projects come: by chance, so many a year; `by_month` are the twelve months' weights.

    Where `between` is given, hours of `calendar` between two arrivals are drawn from it instead.
    `classes`: shares of projects by priority, lower first; `backlog`: so many at the beginning.
    """

    per_year: float = 82.0
    by_month: tuple[float, ...] = (1.0,) * 12
    between: Distribution | None = None
    calendar: str = ""
    classes: tuple[tuple[int, float], ...] = ((0, 1.0),)
    backlog: int = 0


@dataclass(frozen=True, slots=True)
class Standing:
    """A project that is under way at the beginning: what of each WORK node is already done.

    `began_at` are hours since the origin, negative before it. `done`: shares by node id, 1 for
    what is finished. `counted_days` and `elapsed_days`: working days already spent.
    """

    id: str
    began_at: float
    done: Mapping[str, float]
    counted_days: float = 0.0
    elapsed_days: float = 0.0
    priority: int = 0


@dataclass(frozen=True, slots=True)
class Model:
    """All that one simulated city is. `clock` names the calendar that days are counted on.

    `opens` is what construction start brings about, `closes` the end of acceptance ("" where
    there is none: then the end of the last token).
    """

    origin: date
    nodes: tuple[Node, ...]
    calendars: Mapping[str, Calendar]
    clock: str
    items: tuple[ModelItem, ...] = ()
    pools: tuple[Pool, ...] = ()
    people: tuple[Person, ...] = ()
    arrivals: Arrivals = Arrivals()
    standing: tuple[Standing, ...] = ()
    opens: str = ""
    promised_days: int | None = None
    window_months: int | None = None
