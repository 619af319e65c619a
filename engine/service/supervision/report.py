"""The inspection report (督查通报) of a quarter or a year: each department's figures and grade."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from engine.errors import Invalid
from engine.rules.catalogue import Item, Name
from engine.rules.inspection import GRADES, Grade, Standard, SupervisionRules, Tally, total
from engine.rules.period import Grain, Period
from engine.rules.procedure import Kind
from engine.rules.supervision import RUNGS, Rung
from engine.service import departments
from engine.service.supervision import figures, tally_cards
from engine.service.supervision.tally_cards import Cards
from engine.service.supervision.views import TERMS, Figures
from engine.service.supervision.views import figures as told
from engine.service.work import Work
from engine.store import tables as t

REPORTED = (Grain.QUARTER, Grain.YEAR)


@dataclass(frozen=True, slots=True)
class DepartmentReport:
    """A department in a report: its figures, what its cards lead to, and its grade.

    `grade` is None where there was nothing to judge.
    """

    department: str
    name: Name
    figures: Figures
    rung: Rung
    grade: Grade | None


@dataclass(frozen=True, slots=True)
class Definition:
    """What a figure is called, and how it is made."""

    name: Name
    text: Name


@dataclass(frozen=True, slots=True)
class Report:
    """The report of a period, up to `as_of_on`; `complete` once the period has passed.

    `standards` is what each grade asks for: proposed, unless the city says otherwise.
    """

    period: str
    first_on: date
    last_on: date
    as_of_on: date
    complete: bool
    working_days: int
    target_percent: int
    city: Figures
    departments: list[DepartmentReport]
    grades: Mapping[str, int]
    standards: Mapping[str, Standard]
    definitions: Mapping[str, Definition]


@dataclass(frozen=True, slots=True)
class ReportPeriod:
    """A period there is a report of."""

    period: str
    first_on: date
    last_on: date
    complete: bool


def reported(work: Work, code: str) -> Period:
    """Return the period of a report. Raises Invalid for a month, and what has not begun."""
    period = Period.of(code)
    if period.grain not in REPORTED:
        text = f"there are reports of quarters and years, such as 2014Q4 and 2014, not of {code}"
        raise Invalid(text, field="period")
    period.check_begun(work.today)
    return period


def get(work: Work, code: str) -> Report:
    """Return the report of a quarter or a year, as far as it has passed. Raises Invalid."""
    period = reported(work, code)
    until = period.until(work.today)
    cards, catalogue = tally_cards.find(work, period), figures.items(work)
    tallies = whole(work, period, cards, catalogue)
    rules = work.rules.supervision
    lines = list(department_lines(work, tallies, cards, every(work, catalogue, tallies)))
    return Report(
        period=period.code,
        first_on=period.first_on,
        last_on=period.last_on,
        as_of_on=until,
        complete=work.today > period.last_on,
        working_days=working_days(work, period.first_on, until),
        target_percent=rules.target_percent,
        city=told(total(tallies.values())),
        departments=lines,
        grades={grade: sum(line.grade == grade for line in lines) for grade in GRADES},
        standards=standards(rules),
        definitions={name: Definition(*both) for name, both in TERMS.items()},
    )


def whole(
    work: Work, period: Period, cards: Mapping[str, Cards], catalogue: Mapping[str, Item]
) -> dict[str, Tally]:
    """Return everything that is counted of each department in a period."""
    first_on, last_on = period.first_on, period.last_on
    days = figures.by_day(work, first_on, last_on)
    done = figures.tallies(work, period, days, catalogue)
    begun = figures.accepted(work, first_on, last_on)
    parts = [
        *done.items(),
        *((code, Tally(accepted=count)) for code, count in begun.items()),
        *((code, each.tally) for code, each in cards.items()),
    ]
    return figures.summed(parts)


def department_lines(
    work: Work,
    tallies: Mapping[str, Tally],
    cards: Mapping[str, Cards],
    names: Mapping[str, Name],
) -> Iterator[DepartmentReport]:
    """Yield the lines of departments."""
    rules, ladder = work.rules.supervision, work.rules.cards.ladder
    for code, name in names.items():
        tally = tallies.get(code, Tally())
        yield DepartmentReport(
            department=code,
            name=name,
            figures=told(tally),
            rung=cards[code].rung(ladder) if code in cards else Rung.NONE,
            grade=rules.grade(tally),
        )


def every(work: Work, catalogue: Mapping[str, Item], also: Iterable[str]) -> Mapping[str, Name]:
    """Return the departments that decide items, and others of which there is something to tell.

    They come in the city's order.
    """
    deciding = {each.department for each in catalogue.values() if each.kind is Kind.APPROVAL}
    known = {each.id: each.name for each in departments.find(work.settings)}
    wanted = deciding | set(also)
    others = {code: Name(code) for code in sorted(wanted - set(known) - {""})}
    return {code: name for code, name in known.items() if code in wanted} | others


def working_days(work: Work, first_on: date, last_on: date) -> int:
    """Return the working days from a date to another, both included."""
    before = work.calendar.is_working_day(first_on)
    return work.calendar.between(first_on, last_on) + before


def standards(rules: SupervisionRules) -> Mapping[str, Standard]:
    """Return what each grade but the lowest asks for."""
    return {grade: getattr(rules, grade) for grade in GRADES if grade is not Grade.POOR}


def rung_name(rung: str) -> Name:
    """Return what a rung is called."""
    return RUNGS[Rung(rung)]


def periods(work: Work) -> list[ReportPeriod]:
    """Return the quarters since the first project was started, the newest first."""
    first = work.db.execute(select(func.min(t.project.c.started_on))).scalar_one()
    found, period = [], Period.around(work.today)
    while period.last_on >= (first or work.today):
        complete = work.today > period.last_on
        found.append(ReportPeriod(period.code, period.first_on, period.last_on, complete))
        period = period.shifted(-1)
    return found
