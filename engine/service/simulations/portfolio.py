"""The projects under way as a simulation begins with them: what of each step is already done.

Of what is in hand, the share of the plan's days that has passed counts as done, at most all of
them: how much work really lies behind a task nobody records. A project of an older version stands
where the newest has the same steps.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, time

from sqlalchemy import select

from engine.analysis.simulation.model import Standing
from engine.rules.flow import ControlFlow, FlowKind
from engine.service import deployments, outlook, standings
from engine.service.access import Row
from engine.service.simulations.modelling import flow_of, monday
from engine.service.work import Work
from engine.store import tables as t
from engine.workflow.deployment import Deployment

#: what of a step in hand is done at least
BEGUN = 1e-6


def under_way(work: Work, built: Deployment) -> Iterator[Standing]:
    """Yield where the running projects of a procedure stand, by their ids."""
    projects = running(work, built.procedure.id)
    keys = [each["id"] for each in projects]
    items, tasks, days = standings.item_rows(work, keys), tasks_of(work, keys), days_of(work, keys)
    flow = flow_of(built)
    for each in projects:
        key, found = each["id"], items.get(each["id"], [])
        yield Standing(
            id=str(key),
            began_at=hours(work, each["started_at"]),
            done=done(flow, tasks.get(key, []), found, shares(work, each, found)),
            counted_days=days[key][0],
            elapsed_days=days[key][1],
        )


def running(work: Work, procedure: str) -> list[Row]:
    """Return the rows of a procedure's running projects."""
    query = (
        select(t.project)
        .join(t.procedure_version, t.procedure_version.c.id == t.project.c.version_id)
        .where(t.procedure_version.c.procedure == procedure, t.project.c.state == "running")
        .order_by(t.project.c.id)
    )
    return [dict(row) for row in work.db.execute(query).mappings()]


def hours(work: Work, at: datetime) -> float:
    """Return the hours since this week's Monday, midnight; negative before it."""
    origin = datetime.combine(monday(work.today), time(), work.settings.zone)
    return (at - origin).total_seconds() / 3600


def tasks_of(work: Work, projects: Sequence[int]) -> Mapping[int, list[Row]]:
    """Return the tasks of the diagrams that projects run now: of the present attempts."""
    table, instance = t.task.c, t.process_instance.c
    query = (
        select(table.project_id, table.item, table.element, table.state)
        .join(t.process_instance, instance.id == table.instance_id)
        .where(table.project_id.in_(projects), instance.status == "running")
        .order_by(table.created_at, table.id)
    )
    found: dict[int, list[Row]] = {}
    for row in work.db.execute(query).mappings():
        found.setdefault(row["project_id"], []).append(dict(row))
    return found


def days_of(work: Work, projects: Sequence[int]) -> Mapping[int, tuple[float, float]]:
    """Return the days projects have spent, counted and elapsed: kept today, or computed."""
    row, project = t.project_standing.c, t.project.c
    query = (
        select(row.project_id, row.day, row.elapsed_day)
        .join(t.project, project.id == row.project_id)
        .where(
            row.project_id.in_(projects),
            row.project_version == project.version,
            row.as_of_on == work.today,
        )
    )
    known = [dict(each) for each in work.db.execute(query).mappings()]
    missing = {*projects} - {each["project_id"] for each in known}
    known += standings.compute(work, sorted(missing)) if missing else []
    return {each["project_id"]: (float(each["day"]), float(each["elapsed_day"])) for each in known}


def shares(work: Work, project: Row, items: Iterable[Row]) -> Mapping[str, float]:
    """Return how much of the plan's days of each item in hand has passed, 0 to 1, by item."""
    network = outlook.network_of(deployments.deployment(work.db, project["version_id"]))
    found = {}
    for row in items:
        if row["item"] in network and row["decided_on"] is None:
            used = outlook.progress(work, project, network, row).used_days or 0
            found[row["item"]] = min(1.0, used / max(1, network[row["item"]].days))
    return found


def done(
    flow: ControlFlow, tasks: Iterable[Row], items: Iterable[Row], passed: Mapping[str, float]
) -> Mapping[str, float]:
    """Return what of each step is done, by node: all of it, a share, or (left out) nothing.

    A step in hand has a share however small: by it the ways are known that the project has gone.
    Of a decided item all is done but what is in hand still: the paper that is to be delivered.
    """
    decided = {row["item"] for row in items if row["decided_on"] is not None}
    state = {(row["item"], row["element"]): row["state"] for row in tasks}
    main = {each.main for each in flow.items.values()}
    found = {}
    for node in flow.nodes.values():
        if node.kind is FlowKind.WORK:
            at = state.get((node.item, node.element))
            share = passed.get(node.item, 0.0) if node.id in main else 0.0
            ended = at == "completed" or (at != "open" and node.item in decided)
            found[node.id] = 1.0 if ended else max(share, BEGUN) if at == "open" else 0.0
    return {name: share for name, share in found.items() if share}
