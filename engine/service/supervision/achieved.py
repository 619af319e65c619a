"""What departments took for their cases against what was promised: per item, stage and kind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import case, func, select

from engine.analysis.evaluation import Distribution
from engine.rules.catalogue import Name
from engine.service import names
from engine.service.supervision import figures
from engine.service.supervision.charts import Version, Wanted
from engine.service.supervision.views import rounded
from engine.service.work import Work
from engine.store import tables as t

item, project = t.project_item.c, t.project.c


@dataclass(frozen=True, slots=True)
class Achieved:
    """Decided cases against their promise: of an item, a stage, or a kind of project.

    `planned_days` is the average promise. `p50_days` and `p90_days` are nearest ranks: half, and
    nine of ten, took no longer. `within_percent` were decided by the promised date.
    """

    procedure: str
    kind: str
    stage: str
    item: str
    name: Name
    department: str
    number: int
    planned_days: float | None
    average_days: float | None
    p50_days: int | None
    p90_days: int | None
    within_percent: float | None


class Key(NamedTuple):
    """What decided cases have in common that are counted together."""

    version_id: int
    item: str
    used_days: int
    promised_days: int


class Group(NamedTuple):
    """Decided cases of an item of a version that took equally long."""

    procedure: str
    kind: str
    stage: str
    item: str
    version: Version
    used_days: int
    promised_days: int
    number: int
    within: int


def grouped(work: Work, asked: Wanted, known: Mapping[int, Version]) -> Iterator[Group]:
    """Yield decided cases by version, item and the days they took."""
    counts, within = Counter[Key](), Counter[Key]()
    count = figures.Numbers(work)
    for row in cases(work, asked):
        used_days = count(row.decided_on) - count(row.accepted_on)
        key = Key(row.version_id, row.item, used_days, row.promised_days or 0)
        counts[key] += row.number
        within[key] += int(row.within)
    for key, days_lost in stopped(work, asked):
        counts[key] -= 1
        counts[key._replace(used_days=key.used_days - days_lost)] += 1
    for key, found in counts.items():
        if key.version_id in known:
            yield group_of(known[key.version_id], key, found, within[key])


def group_of(of: Version, key: Key, found: int, within: int) -> Group:
    """Return a group with the place of its item."""
    promised, _law = figures.terms(key.promised_days, of.built.procedure.items.get(key.item))
    stage = of.stages.get(key.item, "")
    place = (of.procedure, of.kind, stage, key.item, of)
    return Group(*place, key.used_days, promised, found, within)


def cases(work: Work, asked: Wanted) -> Iterable[Any]:
    """Return decided cases by version, item, promise, and when they were accepted and decided."""
    alike = (project.version_id, item.item, item.accepted_on, item.decided_on, item.promised_days)
    within = func.sum(case((item.decided_on <= item.promised_due_on, 1), else_=0))
    query = (
        select(*alike, func.count().label("number"), within.label("within"))
        .join(t.project, project.id == item.project_id)
        .where(*figures.decided(asked.since, asked.until, item))
        .group_by(*alike)
    )
    return work.db.execute(query)


def stopped(work: Work, asked: Wanted) -> Iterator[tuple[Key, int]]:
    """Yield the groups of single cases whose clock stood still, with the days that took."""
    found = figures.stopped(work, asked.since, asked.until)
    if not found:
        return
    count = figures.Numbers(work)
    told = rows_of(work, {each.project for each in found})
    for each in found:
        version_id, promised = told[each.project, each.item]
        used = count(each.decided_on) - count(each.accepted_on)
        yield Key(version_id, each.item, used, promised or 0), each.days


def rows_of(work: Work, projects: set[int]) -> Mapping[tuple[int, str], tuple[int, int | None]]:
    """Return the version and the promise of projects' items."""
    query = (
        select(item.project_id, item.item, project.version_id, item.promised_days)
        .join(t.project, project.id == item.project_id)
        .where(item.project_id.in_(sorted(projects)))
    )
    return {(row[0], row[1]): (row[2], row[3]) for row in work.db.execute(query)}


@dataclass(slots=True)
class Sum:
    """What groups come to together."""

    first: Group
    spread: Distribution = field(default_factory=lambda: Distribution({}))
    planned: int = 0

    def add(self, group: Group) -> None:
        """Add a group."""
        self.spread += Distribution({group.used_days: group.number}, group.within)
        self.planned += group.promised_days * group.number


def together(groups: Iterable[Group], by: str) -> list[tuple[tuple[str, ...], Sum]]:
    """Return groups added up that have the names of `by` in common."""
    found: dict[tuple[str, ...], Sum] = {}
    for group in groups:
        key = tuple(getattr(group, name) for name in by.split())
        found.setdefault(key, Sum(group)).add(group)
    return sorted(found.items(), key=lambda each: each[0])


def ordered(sums: Iterable[tuple[tuple[str, ...], Sum]]) -> list[tuple[tuple[str, ...], Sum]]:
    """Return sums by procedure, and in the order of its diagrams."""
    return sorted(sums, key=lambda each: (each[0][0], place(each[1].first)))


def place(group: Group) -> tuple[int, int]:
    """Return where a group's stage and item are in its procedure."""
    stages = [each.id for each in group.version.built.procedure.stages]
    return index(stages, group.stage), index(list(group.version.stages), group.item)


def index(names: list[str], name: str) -> int:
    """Return where a name stands in a list, behind it where it does not."""
    return names.index(name) if name in names else len(names)


def achieved(key: tuple[str, ...], of: Sum) -> Achieved:
    """Return what was achieved of an item, a stage, or a kind, by the length of its key."""
    group, spread = of.first, of.spread
    by_item, by_stage = len(key) == 3, len(key) > 1  # noqa: PLR2004
    built = group.version.built
    known = built.procedure.items.get(group.item)
    name = names.item_name(built, group.item) if by_item else names.stage_name(built, group.stage)
    return Achieved(
        procedure=group.procedure if by_stage else "",
        kind=group.kind,
        stage=group.stage if by_stage else "",
        item=group.item if by_item else "",
        name=name if by_stage else Name(group.kind),
        department=known.department if known and by_item else "",
        number=spread.number,
        planned_days=rounded(of.planned / spread.number),
        average_days=rounded(spread.average),
        p50_days=spread.median,
        p90_days=spread.most,
        within_percent=rounded(spread.within_percent),
    )
