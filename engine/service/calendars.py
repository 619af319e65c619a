"""The business calendar as it is read: its years, where each day comes from, what was published."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, literal_column, select

from engine.errors import CalendarRange, NotFound
from engine.rules import china
from engine.rules.calendar import EXCEPTIONAL, BusinessCalendar, Day, Name, Reason
from engine.rules.revision import DecidedDay, Decision, deciding
from engine.service import present_calendar
from engine.service.clock.due import NEVER
from engine.service.pages import decode_cursor, number, page
from engine.service.present_calendar import current
from engine.service.views import Page
from engine.service.work import Work
from engine.store import tables as t

__all__ = ["current", "get", "overview", "revisions", "year"]


@dataclass(frozen=True, slots=True)
class YearTotal:
    """How many days of a year are what; `provisional`: its last day has no notice yet."""

    year: int
    working_days: int
    holidays: int
    make_up_days: int
    closures: int
    extra_days: int
    provisional: bool


@dataclass(frozen=True, slots=True)
class CalendarView:
    """The calendar in force. `newest` is the id of the newest revision, 0 without any.

    `provisional_tasks` are the open tasks whose due date lies in days without notice.
    """

    source: str
    revision: str
    newest: int
    first_on: date
    last_on: date
    provisional_from: date
    provisional_tasks: int
    years: list[YearTotal]


@dataclass(frozen=True, slots=True)
class ExceptionalDay:
    """A day that is not as its day of the week, and who decided so.

    `revision` is None for a day of the built-in table. `url` is where its notice is, '' where
    that is not known.
    """

    on: date
    reason: Reason
    working: bool
    name: Name
    provisional: bool
    source: str
    url: str
    revision: int | None


@dataclass(frozen=True, slots=True)
class YearView:
    """One year of the calendar. `months` are the working days of each, from January on."""

    year: int
    source: str
    revision: str
    provisional_from: date
    totals: YearTotal
    months: list[int]
    days: list[ExceptionalDay]


@dataclass(frozen=True, slots=True)
class RevisedDay:
    """A day of a published revision."""

    on: date
    reason: Decision
    name: Name


@dataclass(frozen=True, slots=True)
class RevisionView:
    """A published revision; `moved` is how many due dates of items and steps it moved."""

    id: int
    source: str
    note: str
    provisional_from: date | None
    published_at: datetime
    published_by: str
    published_by_name: str
    moved: int
    days: list[RevisedDay]


def overview(work: Work) -> CalendarView:
    """Return the calendar in force, with the totals of each of its years."""
    calendar = work.calendar
    years = range(calendar.first_on.year, calendar.last_on.year + 1)
    return CalendarView(
        source=calendar.source,
        revision=calendar.revision,
        newest=newest(work),
        first_on=calendar.first_on,
        last_on=calendar.last_on,
        provisional_from=calendar.provisional_from,
        provisional_tasks=provisional_tasks(work),
        years=[totals(calendar, each) for each in years],
    )


def newest(work: Work) -> int:
    """Return the id of the newest revision; 0 without any."""
    return present_calendar.newest(work.db) or 0


def totals(calendar: BusinessCalendar, year: int) -> YearTotal:
    """Return how many days of a year are what."""
    found = Counter(day.reason for on, day in calendar.special.items() if on.year == year)
    last = date(year, 12, 31)
    first = date(year, 1, 1)
    worked = calendar.between(first, last) + calendar.is_working_day(first)
    return YearTotal(
        year=year,
        working_days=worked,
        holidays=found[Reason.HOLIDAY],
        make_up_days=found[Reason.MAKE_UP],
        closures=found[Reason.CLOSURE],
        extra_days=found[Reason.EXTRA],
        provisional=calendar.is_provisional(last),
    )


def provisional_tasks(work: Work) -> int:
    """Return how many open tasks are due on a day without notice."""
    table = t.task.c
    query = select(func.count(literal_column("*"))).where(
        table.state == "open", table.due_on >= work.calendar.provisional_from, table.due_on < NEVER
    )
    return int(work.db.execute(query).scalar_one())


def year(work: Work, number: int) -> YearView:
    """Return a year of the calendar, each exceptional day with its source.

    Raises CalendarRange for a year the calendar does not have.
    """
    calendar = work.calendar
    days = days_of(calendar, number)
    decided = deciding(present_calendar.revisions(work.db))
    return YearView(
        year=number,
        source=calendar.source,
        revision=calendar.revision,
        provisional_from=calendar.provisional_from,
        totals=totals(calendar, number),
        months=[sum(day.working for day in days if day.on.month == m) for m in range(1, 13)],
        days=[
            exceptional(day, decided[day.on].id if day.on in decided else None)
            for day in days
            if day.reason in EXCEPTIONAL
        ],
    )


def days_of(calendar: BusinessCalendar, number: int) -> tuple[Day, ...]:
    """Return every day of a year. Raises CalendarRange where the calendar has it not."""
    if not calendar.first_on.year <= number <= calendar.last_on.year:
        text = f"{number}: the calendar has {calendar.first_on.year} to {calendar.last_on.year}."
        raise CalendarRange(text, first_on=calendar.first_on, last_on=calendar.last_on)
    return calendar.days(date(number, 1, 1), date(number, 12, 31))


def exceptional(day: Day, revision: int | None) -> ExceptionalDay:
    """Return a day with the title and the address of its notice."""
    notice = china.notices().get(day.source or "") if revision is None else None
    return ExceptionalDay(
        on=day.on,
        reason=day.reason,
        working=day.working,
        name=day.name or day.reason_name,
        provisional=day.provisional,
        source=notice.title if notice else day.source or "",
        url=notice.url if notice else "",
        revision=revision,
    )


def revisions(work: Work, *, cursor: str | None = None, limit: int = 50) -> Page[RevisionView]:
    """Return what was published, the newest first."""
    table = t.calendar_revision.c
    query = columns().order_by(table.id.desc()).limit(limit + 1)
    if cursor:
        query = query.where(table.id < decode_cursor(cursor, number)[0])
    rows = list(work.db.execute(query).mappings())
    found = page(rows, limit, lambda last: (last["id"],))
    days = days_by_revision(work, [row["id"] for row in found.items])
    return Page([view(dict(row), days) for row in found.items], found.next)


def get(work: Work, identifier: int) -> RevisionView:
    """Return a published revision. Raises NotFound."""
    query = columns().where(t.calendar_revision.c.id == identifier)
    row = work.db.execute(query).mappings().one_or_none()
    if row is None:
        raise NotFound(f"there is no revision {identifier} of the calendar")
    return view(dict(row), days_by_revision(work, [identifier]))


def columns() -> Any:
    """Return the query of revisions with the names of those who published them."""
    table = t.calendar_revision
    return select(table, t.user.c.display_name).outerjoin(
        t.user, t.user.c.name == table.c.published_by
    )


def days_by_revision(work: Work, identifiers: list[int]) -> Mapping[int, list[RevisedDay]]:
    """Return the days of revisions, by date."""
    table = t.calendar_day.c
    query = select(t.calendar_day).where(table.revision_id.in_(identifiers)).order_by(table.on)
    found: dict[int, list[RevisedDay]] = {}
    for row in work.db.execute(query).mappings():
        name = Name(row["name_zh"], row["name_en"])
        day = RevisedDay(row["on"], Decision(row["reason"]), name)
        found.setdefault(row["revision_id"], []).append(day)
    return found


def view(row: Mapping[str, Any], days: Mapping[int, list[RevisedDay]]) -> RevisionView:
    """Return a row as a revision."""
    names = ("id", "source", "note", "provisional_from", "published_at", "published_by", "moved")
    return RevisionView(
        **{name: row[name] for name in names},
        published_by_name=row["display_name"] or row["published_by"],
        days=days.get(row["id"], []),
    )


def decided_days(days: list[RevisedDay]) -> Iterator[DecidedDay]:
    """Yield a published revision's days as they would be sent again."""
    yield from (DecidedDay(day.on, day.reason, day.name) for day in days)
