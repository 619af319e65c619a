"""What supervision counts of departments: a few sums, however many cases there are.

Days used are a sum too: with N(d) the working days up to a date, those of many cases are the sum
of N(decision) less that of N(acceptance), less what stops took. So no case is read by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, case, func, or_, select, union_all

from engine.rules.case_clock import stopped_days
from engine.rules.catalogue import Item
from engine.rules.deadline import DayUnit, planned_days
from engine.rules.inspection import Tally
from engine.rules.legal_clock import Stop
from engine.rules.period import Period
from engine.rules.procedure import Kind
from engine.service import deployments
from engine.service.work import Work
from engine.store import tables as t

#: every case there ever was: of each item the present attempt, and those before it
NAMES = tuple(column.name for column in t.past_case.columns)
EVERY = union_all(
    *(select(*(table.c[name] for name in NAMES)) for table in (t.project_item, t.past_case))
).subquery("every_case")
item = EVERY.c
suspension = t.suspension.c
#: a case whose department had promised a day, and decided
IN_TIME: ColumnElement[bool] = and_(
    item.decided_on <= item.promised_due_on,
    or_(item.statutory_due_on.is_(None), item.decided_on <= item.statutory_due_on),
)


class DayRow(NamedTuple):
    """What a department decided on a day."""

    on: date
    department: str
    decided: int
    on_time: int


class Group(NamedTuple):
    """Decided cases of an item that were accepted on one day and promised the same."""

    department: str
    item: str
    accepted_on: date
    promised_days: int | None
    decided: int
    extended: int
    deemed: int


def decided(first_on: date, last_on: date, of: Any = item) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions of the cases that were decided between two dates, both included.

    `of` are the columns of cases: of every one, or of those a query looks at.
    """
    return (
        of.kind == Kind.APPROVAL,
        of.decided_on.between(first_on, last_on),
        of.promised_due_on.is_not(None),
        of.accepted_on.is_not(None),
    )


def by_day(work: Work, first_on: date, last_on: date) -> list[DayRow]:
    """Return what was decided day by day."""
    in_time = func.sum(case((IN_TIME, 1), else_=0))
    query = (
        select(item.decided_on, item.department, func.count(), in_time)
        .where(*decided(first_on, last_on))
        .group_by(item.decided_on, item.department)
    )
    return [DayRow(on, code, count, int(good)) for on, code, count, good in work.db.execute(query)]


def by_acceptance(work: Work, first_on: date, last_on: date) -> list[Group]:
    """Return the cases decided between two dates, grouped by when they were accepted."""
    alike = (item.department, item.item, item.accepted_on, item.promised_days)
    query = (
        select(
            *alike,
            func.count(),
            func.sum(case((item.extension_days > 0, 1), else_=0)),
            func.sum(case((item.deemed_on.is_not(None), 1), else_=0)),
        )
        .where(*decided(first_on, last_on))
        .group_by(*alike)
    )
    found = work.db.execute(query)
    return [Group._make(row) for row in found]


def accepted(work: Work, first_on: date, last_on: date) -> Mapping[str, int]:
    """Return how many cases each department accepted between two dates."""
    query = (
        select(item.department, func.count().label("number"))
        .where(item.kind == Kind.APPROVAL, item.accepted_on.between(first_on, last_on))
        .group_by(item.department)
    )
    return {row.department: row.number for row in work.db.execute(query)}


# -- stops -----------------------------------------------------------------------------------------


class Stopped(NamedTuple):
    """A decided case whose clock stood still, and for how many working days."""

    project: int
    item: str
    department: str
    accepted_on: date
    decided_on: date
    days: int


def stopped(work: Work, first_on: date, last_on: date) -> list[Stopped]:
    """Return the cases decided between two dates whose clock stood still, or their project's."""
    query = (
        select(
            *(item.project_id, item.item, item.department, item.accepted_on, item.decided_on),
            *(suspension.from_on, suspension.until_on),
        )
        .join_from(EVERY, t.suspension, suspension.project_id == item.project_id)
        .where(*decided(first_on, last_on))
        .where(suspension.item.in_(["", item.item]), suspension.from_on < item.decided_on)
        .where(or_(suspension.until_on.is_(None), suspension.until_on > item.accepted_on))
    )
    cases: dict[tuple[Any, ...], list[Stop]] = {}
    for *key, from_on, until_on in work.db.execute(query):
        cases.setdefault(tuple(key), []).append(Stop(from_on, until_on or key[-1]))
    return [stopped_case(work, key, stops) for key, stops in cases.items()]


def stopped_case(work: Work, key: tuple[Any, ...], stops: Iterable[Stop]) -> Stopped:
    """Return a case with the working days its stops took."""
    *_case, accepted_on, decided_on = key
    return Stopped._make((*key, lost(work, accepted_on, decided_on, stops)))


def lost(work: Work, accepted_on: date, decided_on: date, stops: Iterable[Stop]) -> int:
    """Return the working days between two dates on which a clock stood still, each once."""
    worked = work.calendar.is_working_day
    days = stopped_days(stops)
    return sum(accepted_on < on <= decided_on and worked(on) for on in days)


# -- together --------------------------------------------------------------------------------------


class Numbers:
    """Working days up to a date, each date counted once."""

    def __init__(self, work: Work) -> None:
        self.calendar = work.calendar
        self.known: dict[date, int] = {}

    def __call__(self, on: date) -> int:
        """Return how many working days there are from the beginning of the calendar to a date."""
        if on not in self.known:
            self.known[on] = self.calendar.between(self.calendar.first_on, on)
        return self.known[on]


def tallies(
    work: Work, period: Period, days: Iterable[DayRow], catalogue: Mapping[str, Item]
) -> dict[str, Tally]:
    """Return what each department decided in a period, without its acceptances and cards.

    `days` are the decisions day by day, of the period or more; `catalogue` says what the law
    gives for an item.
    """
    first_on, last_on = period.first_on, period.last_on
    number = Numbers(work)
    parts: list[tuple[str, Tally]] = [
        (row.department, of_day(row, number)) for row in days if first_on <= row.on <= last_on
    ]
    parts += [
        (group.department, of_group(group, number, catalogue.get(group.item)))
        for group in by_acceptance(work, first_on, last_on)
    ]
    parts += [
        (each.department, Tally(used_days=-each.days, suspended_days=each.days))
        for each in stopped(work, first_on, last_on)
    ]
    return summed(parts)


def summed(parts: Iterable[tuple[str, Tally]]) -> dict[str, Tally]:
    """Return tallies added up by department."""
    found: dict[str, Tally] = {}
    for code, part in parts:
        found[code] = found.get(code, Tally()) + part
    return found


def of_day(row: DayRow, number: Numbers) -> Tally:
    """Return what a day's decisions add."""
    used = row.decided * number(row.on)
    return Tally(decided=row.decided, on_time=row.on_time, used_days=used)


def of_group(group: Group, number: Numbers, known: Item | None) -> Tally:
    """Return what a group of decided cases adds; their decisions are counted by day."""
    count = group.decided
    promised, statutory = terms(group.promised_days, known)
    bound = count if statutory is not None else 0
    return Tally(
        used_days=-count * number(group.accepted_on),
        promised_days=count * promised,
        bound=bound,
        bound_days=bound * promised,
        statutory_days=bound * (statutory or 0),
        extended=int(group.extended),
        deemed=int(group.deemed),
    )


def terms(promised_days: int | None, known: Item | None) -> tuple[int, int | None]:
    """Return what was promised of a case and what the law gives, as working days of a plan."""
    unit = known.promised_unit if known else DayUnit.WORKING
    promised = planned_days(promised_days or 0, unit)
    law = known.statutory if known else None
    return promised, planned_days(law.days, law.unit) if law else None


def items(work: Work) -> Mapping[str, Item]:
    """Return what the newest versions of the procedures say of items."""
    return dict(every_item(work))


def every_item(work: Work) -> Iterator[tuple[str, Item]]:
    """Yield the items of the newest versions; of one in several procedures each."""
    for built in deployments.newest(work.db):
        yield from built.procedure.items.items()
