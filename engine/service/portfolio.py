"""All projects at a glance: where each stands, what holds it, and how many there are of what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select, tuple_

from engine.errors import Invalid
from engine.rules.catalogue import Name
from engine.service import access, codes, deployments, names
from engine.service.access import Row
from engine.service.pages import decode_cursor, number, page, words
from engine.service.views import Page, ProjectSummary
from engine.service.work import Work
from engine.store import tables as t

project, version, standing = t.project.c, t.procedure_version.c, t.project_standing.c

#: what is taken over of a project, and of where it stands
OF_PROJECT = (
    *("id", "name", "applicant", "state", "version", "created_at", "started_on", "opened_on"),
)
OF_STANDING = (
    *("as_of_on", "light", "stage", "day", "counted_days", "elapsed_day", "forecast_finish_on"),
    *("forecast_counted_days", "slack_days", "window_ends_on", "window_slack_days", "provisional"),
    *("items", "decided", "held_item", "held_department", "held_due_on", "held_days_late"),
    *("open_tasks", "overdue_tasks"),
)
#: what there are filters of, each with its column
FILTERS: Mapping[str, ColumnElement[Any]] = {
    "state": project.state,
    "procedure": version.procedure,
    "kind": version.project_type,
    "stage": standing.stage,
    "light": standing.light,
    "department": standing.held_department,
}


@dataclass(frozen=True, slots=True)
class Sort:
    """An order of the list: its columns, the last one being unique, and how cursors name them."""

    columns: tuple[ColumnElement[Any], ...]
    kinds: tuple[Callable[[str], Any], ...]
    back: bool = False


def whole(part: str) -> int:
    """Return a part of a place that is a number of days."""
    value = int(part)
    if abs(value) >= 2**31:
        raise ValueError(part)
    return value


SORTS: Mapping[str, Sort] = {
    "slack": Sort((standing.slack_order, standing.project_id), (whole, number)),
    "forecast": Sort((standing.forecast_order, standing.project_id), (date.fromisoformat, number)),
    "newest": Sort((project.id,), (number,), back=True),
    "name": Sort((project.name, project.id), (words, number)),
}


@dataclass(frozen=True, slots=True)
class PortfolioRow(ProjectSummary):
    """A project and where it stood on `as_of_on`, which is today or the day it ended.

    `stage` is the first that is not completed. `held_…` is the activity that holds the finish
    most: who has it, until when, and how many working days late it is.
    """

    kind: str
    as_of_on: date
    light: str
    stage: str
    stage_name: Name
    day: int
    counted_days: int
    elapsed_day: int
    forecast_finish_on: date | None
    forecast_counted_days: int
    slack_days: int | None
    window_ends_on: date | None
    window_slack_days: int | None
    provisional: bool
    items: int
    decided: int
    held_item: str
    held_item_name: Name
    held_department: str
    held_due_on: date | None
    held_days_late: int
    open_tasks: int
    overdue_tasks: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which projects; None for any. `kind`: industrial or real_estate; `department`: holds it."""

    state: str | None = None
    procedure: str | None = None
    kind: str | None = None
    stage: str | None = None
    light: str | None = None
    department: str | None = None
    #: part of a name or applicant, or a code
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Facets:
    """How many projects have which value of each filter, under all the other filters.

    `total` is under all of them.
    """

    total: int = 0
    state: Mapping[str, int] = field(default_factory=dict)
    procedure: Mapping[str, int] = field(default_factory=dict)
    kind: Mapping[str, int] = field(default_factory=dict)
    stage: Mapping[str, int] = field(default_factory=dict)
    light: Mapping[str, int] = field(default_factory=dict)
    department: Mapping[str, int] = field(default_factory=dict)


def find(
    work: Work,
    wanted: Wanted,
    *,
    sort: str = "slack",
    cursor: str | None = None,
    limit: int = 50,
) -> Page[PortfolioRow]:
    """Return projects: the smallest slack first, or in another order. Applicants see their own.

    Raises Invalid for an order there is not.
    """
    if sort not in SORTS:
        raise Invalid(f"sort must be one of {', '.join(SORTS)}", field="sort")
    order = SORTS[sort]
    place = [each.label(f"by_{n}") for n, each in enumerate(order.columns)]
    query = columns().add_columns(*place).where(*conditions(work, wanted)).limit(limit + 1)
    query = query.order_by(*(each.desc() if order.back else each for each in order.columns))
    if cursor:
        query = query.where(behind(order, decode_cursor(cursor, *order.kinds)))
    rows = list(work.db.execute(query).mappings())
    found = page(rows, limit, lambda last: tuple(last[each.name] for each in place))
    return Page([view(work, dict(row)) for row in found.items], found.next)


def columns() -> Select[Any]:
    """Return the query of projects with where they stand."""
    return (
        select(
            *(project[name] for name in OF_PROJECT),
            *(standing[name] for name in OF_STANDING),
            project.version_id,
            version.procedure,
            version.version.label("procedure_version"),
            version.project_type.label("kind"),
        )
        .select_from(t.project_standing)
        .join(t.project, project.id == standing.project_id)
        .join(t.procedure_version, version.id == project.version_id)
    )


def conditions(work: Work, wanted: Wanted) -> list[ColumnElement[bool]]:
    """Return what the filters ask for."""
    given = {name: getattr(wanted, name) for name in FILTERS}
    found = [FILTERS[name] == value for name, value in given.items() if value is not None]
    return [*found, *common(work, wanted)]


def common(work: Work, wanted: Wanted) -> list[ColumnElement[bool]]:
    """Return what holds under whatever filters: what may be seen, and the text."""
    return [
        access.visible(work.actor),
        *([codes.matches(work, wanted.text)] if wanted.text else []),
    ]


def behind(order: Sort, place: list[Any]) -> ColumnElement[bool]:
    """Return the condition of the rows behind a place."""
    here = tuple_(*order.columns)
    return here < tuple_(*place) if order.back else here > tuple_(*place)


def view(work: Work, row: Row) -> PortfolioRow:
    """Return a row as it is shown."""
    built = deployments.deployment(work.db, row["version_id"])
    own = (*OF_PROJECT, *OF_STANDING, "procedure", "procedure_version", "kind")
    return PortfolioRow(
        **{name: row[name] for name in own},
        code=codes.code_of(work, row),
        stage_name=names.stage_name(built, row["stage"]),
        held_item_name=names.item_name(built, row["held_item"]),
    )


def facets(work: Work, wanted: Wanted) -> Facets:
    """Return how many projects there are of what, each filter's values under the others."""
    rows = [*grouped(work, wanted)]
    given = {name: getattr(wanted, name) for name in FILTERS}
    given = {name: value for name, value in given.items() if value is not None}
    counts = {name: of_filter(rows, name, given) for name in FILTERS}
    total = sum(row["number"] for row in rows if fits(row, given))
    return Facets(total, **{each.name: counts[each.name] for each in fields(Facets)[1:]})


def grouped(work: Work, wanted: Wanted) -> Iterable[Row]:
    """Yield how many projects have the same values of all filters."""
    own = {name: each for name, each in FILTERS.items() if name not in {"procedure", "kind"}}
    by = (project.version_id, *(each.label(name) for name, each in own.items()))
    query = (
        select(*by, func.count().label("number"))
        .select_from(t.project_standing)
        .join(t.project, project.id == standing.project_id)
        .where(*common(work, wanted))
        .group_by(project.version_id, *own.values())
    )
    kinds = select(version.id, version.procedure, version.project_type.label("kind"))
    known = {row["id"]: dict(row) for row in work.db.execute(kinds).mappings()}
    for row in work.db.execute(query).mappings():
        yield {**known[row["version_id"]], **row}


def of_filter(rows: Iterable[Row], name: str, given: Mapping[str, str]) -> dict[str, int]:
    """Return how many projects have which value of a filter, under the other filters."""
    others = {other: value for other, value in given.items() if other != name}
    counts: Counter[str] = Counter()
    for row in rows:
        counts[row[name]] += row["number"] if fits(row, others) else 0
    return dict(sorted(counts.items()))


def fits(row: Row, given: Mapping[str, str]) -> bool:
    """Tell whether a row has the values that filters ask for."""
    return all(row[name] == value for name, value in given.items())
