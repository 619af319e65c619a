"""What an inbox can be narrowed to, and how many tasks each choice would leave.

One pass over the inbox's open tasks, grouped; the sums of each filter leave its own choice out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from sqlalchemy import RowMapping, func, select, union_all

from engine.rules.catalogue import Name
from engine.service import deployments
from engine.service.inbox_query import (
    OPEN,
    Wanted,
    branches,
    count,
    filters,
    group,
    scopes,
)
from engine.service.work import Work
from engine.store import tables as t

#: the filters that are chosen from a list
FACETS = ("department", "stage", "item", "kind")

Counts = Mapping[str, Mapping[str, int]]


def facets(work: Work, wanted: Wanted) -> Counts:
    """Return how many tasks each value of each filter has, under all the other filters."""
    rows = groups(work, wanted)
    chosen = {name: getattr(wanted, name) for name in FACETS if getattr(wanted, name)}
    return {name: summed(rows, name, chosen) for name in FACETS}


def groups(work: Work, wanted: Wanted) -> Sequence[RowMapping]:
    """Return the numbers of an inbox's tasks by department, stage, item and kind."""
    plain = Wanted(scope=wanted.scope, group=wanted.group, text=wanted.text)
    further = (*filters(work, plain), *group(work, plain.group))
    columns = [t.task.c[name] for name in FACETS]
    parts = [
        select(*columns, func.count().label("count"))
        .where(OPEN, *each, *further)
        .group_by(*columns)
        for each in branches(work.actor, wanted.scope)
    ]
    return work.db.execute(union_all(*parts)).mappings().all() if parts else ()


def summed(rows: Sequence[RowMapping], name: str, chosen: Mapping[str, str]) -> Mapping[str, int]:
    """Return the numbers by one filter's values, of the rows that the other filters leave."""
    others = {each: value for each, value in chosen.items() if each != name}
    found: Counter[str] = Counter()
    for row in rows:
        if all(row[each] == value for each, value in others.items()):
            found[row[name]] += row["count"]
    return found


def late_by_department(work: Work, scope: str) -> Mapping[str, int]:
    """Return how many overdue tasks of an inbox lie with which department.

    They are counted here: grouped by the database, they would be read in the order of departments
    and not by their due dates, of which few are past.
    """
    late = (OPEN, *group(work, "overdue"))
    parts = [
        select(t.task.c.department).where(*late, *each) for each in branches(work.actor, scope)
    ]
    return Counter(work.db.execute(union_all(*parts)).scalars()) if parts else {}


def scope_counts(work: Work) -> Mapping[str, int]:
    """Return how many tasks each inbox has that the actor may look at."""
    offered = scopes(work.actor)
    numbers = (count(branches(work.actor, scope)).label(scope) for scope in offered)
    return dict(work.db.execute(select(*numbers)).mappings().one())


def item_names(work: Work) -> tuple[Mapping[str, Name], Mapping[str, Name]]:
    """Return what items and stages are called, in the newest procedures first."""
    items: dict[str, Name] = {}
    stages: dict[str, Name] = {}
    for built in deployments.newest(work.db):
        procedure = built.procedure
        items |= {each.id: each.name for each in procedure.items.values()}
        stages |= {each.id: each.name for each in procedure.stages}
    return items, stages
