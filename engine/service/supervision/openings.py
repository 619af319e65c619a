"""Projects that came to construction start: totals, windows, and with whom their days were."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, case, func, select

from engine.analysis.evaluation import Distribution, Shares
from engine.rules.catalogue import Name
from engine.service import codes
from engine.service.pages import decode_cursor, number, page
from engine.service.supervision.charts import Version, Wanted
from engine.service.supervision.views import rounded
from engine.service.views import Page
from engine.service.work import Work
from engine.store import tables as t

days, project = t.project_days.c, t.project.c
SHARES = ("department", "applicant", "intermediary", "suspended")


@dataclass(frozen=True, slots=True)
class Opened:
    """Projects that came to construction start, of a procedure: totals achieved and promised.

    `window_percent` of those whose procedure has a window of `window_months` came within it.
    """

    procedure: str
    name: Name
    kind: str
    number: int
    promised_days: float | None
    average_days: float | None
    p50_days: int | None
    p90_days: int | None
    within_percent: float | None
    window_months: int | None
    window_percent: float | None
    elapsed_days: float | None
    shares: Shares


@dataclass(frozen=True, slots=True)
class OpenedProject:
    """A project that came to construction start, and with whom its days were."""

    id: int
    code: str
    name: str
    procedure: str
    kind: str
    opened_on: date
    counted_days: int
    promised_days: int
    window_ends_on: date | None
    elapsed_days: int
    shares: Shares


def opened_in(asked: Wanted, known: Mapping[int, Version]) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions of the projects that opened in a time."""
    between = days.opened_on.between(asked.since, asked.until)
    return (between, days.version_id.in_(sorted(known))) if asked.procedure else (between,)


def opened_by_procedure(
    work: Work, asked: Wanted, known: Mapping[int, Version]
) -> Iterator[Opened]:
    """Yield the projects that opened in a time, by procedure."""
    alike = (days.version_id, days.counted_days, days.promised_days)
    in_window = func.sum(case((days.opened_on <= days.window_ends_on, 1), else_=0))
    sums = (func.sum(days[f"{name}_days"]).label(name) for name in SHARES)
    query = (
        select(
            *alike,
            func.count().label("number"),
            func.count(days.window_ends_on).label("with_window"),
            in_window.label("in_window"),
            *sums,
        )
        .where(*opened_in(asked, known))
        .group_by(*alike)
    )
    rows: dict[str, list[Any]] = {}
    for row in work.db.execute(query):
        rows.setdefault(known[row.version_id].procedure, []).append(row)
    for _procedure, several in sorted(rows.items()):
        yield opened_of(known[several[-1].version_id], several)


def opened_of(of: Version, rows: Iterable[Any]) -> Opened:
    """Return the projects of a procedure together."""
    several = list(rows)
    spread = Distribution({})
    for row in several:
        within = row.number if row.counted_days <= row.promised_days else 0
        spread += Distribution({row.counted_days: row.number}, within)
    shares = Shares(*(sum(int(getattr(row, name)) for row in several) for name in SHARES))
    with_window = sum(row.with_window for row in several)
    in_window = sum(int(row.in_window) for row in several)
    promised = sum(row.promised_days * row.number for row in several)
    return Opened(
        procedure=of.procedure,
        name=of.built.procedure.name,
        kind=of.kind,
        number=spread.number,
        promised_days=rounded(promised / spread.number),
        average_days=rounded(spread.average),
        p50_days=spread.median,
        p90_days=spread.most,
        within_percent=rounded(spread.within_percent),
        window_months=of.built.procedure.window_months,
        window_percent=rounded(100 * in_window / with_window) if with_window else None,
        elapsed_days=rounded(shares.total / spread.number),
        shares=shares,
    )


def projects(
    work: Work, asked: Wanted, *, cursor: str | None = None, limit: int = 50
) -> Page[OpenedProject]:
    """Return the projects that opened in a time, the latest first. Raises Invalid."""
    known = asked.chosen
    query = (
        select(t.project_days, project.name, project.created_at)
        .join(t.project, project.id == days.project_id)
        .where(*opened_in(asked, known))
        .order_by(days.opened_on.desc(), days.project_id.desc())
        .limit(limit + 1)
    )
    if cursor:
        opened_on, identifier = decode_cursor(cursor, date.fromisoformat, number)
        behind = (days.opened_on < opened_on) | (days.project_id < identifier)
        query = query.where(days.opened_on <= opened_on, behind)
    rows = list(work.db.execute(query).mappings())
    found = page(rows, limit, lambda last: (last["opened_on"], last["project_id"]))
    return Page([opened_project(work, row, known) for row in found.items], found.next)


def opened_project(work: Work, row: RowMapping, known: Mapping[int, Version]) -> OpenedProject:
    """Return a project that opened."""
    of = known[row["version_id"]]
    same = ("opened_on", "counted_days", "promised_days", "window_ends_on", "elapsed_days")
    return OpenedProject(
        id=row["project_id"],
        code=codes.code_of(work, dict(row), "project_id"),
        name=row["name"],
        procedure=of.procedure,
        kind=of.kind,
        **{name: row[name] for name in same},
        shares=Shares(*(row[f"{name}_days"] for name in SHARES)),
    )
