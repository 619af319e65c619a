"""What people say of a procedure beyond its diagrams: durations, people, calendars, arrivals.

Written as YAML or JSON; every part may be left out. A reader names each key that is wrong, all of
them at once. `bpmn/staffing.yaml` is an example with every key.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields, is_dataclass
from datetime import date
from math import isclose
from typing import Any

from engine.analysis.simulation import calendars
from engine.analysis.simulation.calendars import Hours
from engine.analysis.simulation.distribution import Distribution
from engine.analysis.simulation.model import Absence, Arrivals
from engine.analysis.simulation.reading import (
    Problem,
    Problems,
    day,
    flag,
    listed,
    named,
    number,
    one,
    record,
    refuse,
    text,
)
from engine.errors import Invalid

MONTHS = 12
PRESENT, BY_CHANCE = Absence(), Arrivals()


@dataclass(frozen=True, slots=True)
class ItemRule:
    """An item's main step: `days` of work, whose queue, who goes first (lower)."""

    days: Distribution | None = None
    pool: str | None = None
    priority: int = 0


@dataclass(frozen=True, slots=True)
class StepRule:
    """A step: its work in `days` or in `hours`, and whose queue it stands in."""

    days: Distribution | None = None
    hours: Distribution | None = None
    pool: str | None = None


AT_ONCE = StepRule()


@dataclass(frozen=True, slots=True)
class PoolRule:
    """A queue, with so many nameless people who serve it alone."""

    name: str = ""
    department: str = ""
    people: int = 0
    calendar: str = ""
    absence: Absence = PRESENT


@dataclass(frozen=True, slots=True)
class PersonRule:
    """Somebody who serves several queues."""

    id: str
    pools: tuple[str, ...]
    calendar: str = ""
    absence: Absence = PRESENT


@dataclass(frozen=True, slots=True)
class Assumptions:
    """All that is assumed. `durations` are factors of the plan's days, by kind of worker."""

    start: date | None = None
    calendars: Mapping[str, Hours] = field(default_factory=dict)
    clock: str = ""
    durations: Mapping[str, Distribution] = field(default_factory=dict)
    items: Mapping[str, ItemRule] = field(default_factory=dict)
    steps: Mapping[str, StepRule] = field(default_factory=dict)
    pools: Mapping[str, PoolRule] = field(default_factory=dict)
    people: tuple[PersonRule, ...] = ()
    shares: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    #: the applicant's days before applying again after a refusal or return
    again: StepRule = AT_ONCE
    #: silence past the promise passes the items that have it so
    arrivals: Arrivals = BY_CHANCE

    @classmethod
    def of(cls, data: Any) -> Assumptions:
        """Read what was written. Raises InvalidAssumptions with every problem."""
        problems: Problems = []
        found: Assumptions | None = READER(data, "", problems)
        refuse(problems)
        return found or cls()

    def data(self) -> dict[str, Any]:
        """Return it as it is written, without what has its default; `of` reads it again."""
        found: dict[str, Any] = written(self)
        return found


def written(value: Any) -> Any:
    """Return a value as plain data."""
    if isinstance(value, Distribution):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {name: written(each) for name, each in value.items()}
    if isinstance(value, tuple):
        return [written(each) for each in value]
    if is_dataclass(value):
        pairs = ((each, getattr(value, each.name)) for each in fields(value))
        return {own.name: written(each) for own, each in pairs if each != default(own)}
    return value


def default(own: Any) -> Any:
    """Return the default of a dataclass's field."""
    return own.default_factory() if own.default_factory is not MISSING else own.default


def step(given: Any, at: str, problems: Problems) -> Any:
    """Read a step."""
    found = STEP(given, at, problems)
    if found is not None and found.days and found.hours:
        problems.append(Problem(at, "write days or hours, not both"))
    return found


def classes(given: Any, at: str, problems: Problems) -> Any:
    """Read classes of projects: pairs of a priority and a share, which add up to 1."""
    start = len(problems)
    found = listed(listed(number(-1000, 1000)))(given, at, problems)
    if len(problems) == start and not (all(map(is_class, found)) and whole(found)):
        said = "write pairs of a priority and a share, [[0, 0.15], [1, 0.85]]; shares add up to 1"
        problems.append(Problem(at, said))
    return found


def is_class(pair: tuple[float, ...]) -> bool:
    """Whether something is a priority with a share."""
    return len(pair) == len(("priority", "share")) and isinstance(pair[0], int) and pair[1] >= 0


def whole(pairs: tuple[tuple[float, float], ...]) -> bool:
    """Whether shares add up to 1."""
    return isclose(sum(share for _, share in pairs), 1.0, abs_tol=1e-9)


def months(given: Any, at: str, problems: Problems) -> Any:
    """Read twelve weights."""
    start = len(problems)
    found = listed(number())(given, at, problems)
    if len(problems) == start and (len(found) != MONTHS or not sum(found)):
        problems.append(Problem(at, "write twelve weights, January's first, not all 0"))
    return found


def name(given: Any) -> str:
    """Return a name. Raises Invalid."""
    found = text(given)
    if not found:
        raise Invalid("a name is not empty")
    return found


TEXT, NAME = one(text), one(name)
DISTRIBUTION = one(Distribution.of)
ABSENCE = record(Absence, share=number(0, 0.95), days=number(0.01))
CALENDAR = record(Hours, hours=one(calendars.hours), days=one(calendars.days), always=one(flag))
ITEM = record(ItemRule, days=DISTRIBUTION, pool=TEXT, priority=number(-1000, 1000, whole=True))
STEP = record(StepRule, days=DISTRIBUTION, hours=DISTRIBUTION, pool=TEXT)
POOL = record(
    PoolRule,
    name=TEXT, department=TEXT, people=number(0, 10_000, whole=True), calendar=TEXT,
    absence=ABSENCE,
)  # fmt: skip
PERSON = record(
    PersonRule, ("id", "pools"), id=NAME, pools=listed(NAME), calendar=TEXT, absence=ABSENCE
)
ARRIVALS = record(
    Arrivals,
    per_year=number(), by_month=months, between=DISTRIBUTION, calendar=TEXT, classes=classes,
    backlog=number(0, 1_000_000, whole=True),
)  # fmt: skip
READER = record(
    Assumptions,
    start=one(day),
    calendars=named(CALENDAR),
    clock=TEXT,
    durations=record(
        dict, approval=DISTRIBUTION, applicant=DISTRIBUTION, intermediary=DISTRIBUTION
    ),
    items=named(ITEM),
    steps=named(step),
    pools=named(POOL),
    people=listed(PERSON),
    shares=named(named(number(0, 1))),
    again=record(StepRule, days=DISTRIBUTION, hours=DISTRIBUTION),
    arrivals=ARRIVALS,
)
