"""What the city's departments did month by month, counted out of indexes alone."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, case, func, literal, select, union_all

from engine.rules.procedure import Kind
from engine.service.work import Work
from engine.store import tables as t

item = t.project_item.c


@dataclass(frozen=True, slots=True)
class Month:
    """A month, by its first day: items begun, decided, and decided by the promised date."""

    month_on: date
    entered: int = 0
    decided: int = 0
    on_time: int = 0

    @property
    def percent(self) -> float | None:
        """How many of a hundred decisions came in time; None where there was none."""
        return 100 * self.on_time / self.decided if self.decided else None


def together(month_on: date, months: Collection[Month]) -> Month:
    """Return months, of several stages perhaps, as one."""
    entered, decided = sum(each.entered for each in months), sum(each.decided for each in months)
    return Month(month_on, entered, decided, sum(each.on_time for each in months))


def by_month(
    work: Work, first_on: date, *conditions: ColumnElement[bool]
) -> Mapping[str, Mapping[date, Month]]:
    """Return the months from a day until now, by stage; of the items of some conditions."""
    found: dict[str, dict[date, list[Month]]] = {}
    for row in work.db.execute(days(first_on, conditions)).mappings():
        on = row["on"].replace(day=1)
        several = found.setdefault(row["stage"], {}).setdefault(on, [])
        several.append(Month(on, row["entered"], row["decided"], int(row["on_time"])))
    return {
        stage: {on: together(on, several) for on, several in months.items()}
        for stage, months in found.items()
    }


def days(first_on: date, conditions: Collection[ColumnElement[bool]]) -> CompoundSelect[Any]:
    """Return the query that counts the items of each day and stage."""
    nothing = literal(0)
    in_time = func.sum(case((item.decided_on <= item.promised_due_on, 1), else_=0))
    entered = counted(item.opened_on, first_on, func.count(), nothing, nothing)
    decided = counted(item.decided_on, first_on, nothing, func.count(), in_time)
    promised = decided.where(item.promised_due_on.is_not(None))
    return union_all(*(each.where(*conditions) for each in (entered, promised)))


def counted(on: ColumnElement[Any], first_on: date, *numbers: ColumnElement[Any]) -> Any:
    """Return the query of the numbers of each day and stage, in the order of an index."""
    names = ("entered", "decided", "on_time")
    labelled = (each.label(name) for each, name in zip(numbers, names, strict=True))
    query = select(on.label("on"), item.stage, *labelled)
    return query.where(item.kind == Kind.APPROVAL, on >= first_on).group_by(on, item.stage)


def months_back(on: date, number: int) -> Iterator[date]:
    """Yield the first days of the last months, that of a date being the last."""
    for back in range(number - 1, -1, -1):
        months = on.year * 12 + on.month - 1 - back
        yield date(months // 12, months % 12 + 1, 1)
