"""Items of a project: withdrawn by the applicant, applied for again."""

from __future__ import annotations

from sqlalchemy import RowMapping, select

from engine.errors import Conflict, Forbidden, NotFound
from engine.rules.lifecycle import CLOSED_WITHOUT_RESULT, WITHDRAWABLE
from engine.service import access, deployments, standing
from engine.service.cases import Case
from engine.service.running import Running
from engine.service.views import ItemView
from engine.service.work import Work
from engine.store import statements as sql
from engine.store import tables as t


def withdraw(
    work: Work, project_id: int, item: str, reason: str = "", expected_version: int | None = None
) -> ItemView:
    """End an item's case at the applicant's wish; its activity waits for a new application.

    Raises Conflict where there is no case under way, Stale where the project's version is
    not the one that was read.
    """
    running, case = locked(work, project_id, item, expected_version)
    if case.state not in WITHDRAWABLE:
        raise Conflict(f"{item} is {case.state}; there is nothing to withdraw", state=case.state)
    for instance in running.instances.of_item(item):
        running.stop(instance, "withdrawn")
    running.docket.move(case, "withdrawn", **({"reason": reason} if reason else {}))
    running.write()
    return view(work, project_id, item)


def apply_again(
    work: Work, project_id: int, item: str, expected_version: int | None = None
) -> ItemView:
    """Open a new case for an item that was refused, returned, withdrawn or not accepted.

    Raises Conflict where it was not, Stale where the project's version is not the one read.
    """
    running, case = locked(work, project_id, item, expected_version)
    if case.state not in CLOSED_WITHOUT_RESULT:
        raise Conflict(f"{item} is {case.state}; it cannot be applied for again", state=case.state)
    last = last_case(work, project_id, item)
    parent = running.instances.load(last["parent_id"])
    call = parent.execution.before.get(last["parent_task"])
    if call is None:
        raise Conflict(f"the stage no longer waits for {item}", state=case.state)
    running.docket.record("item.applied_again", item, attempt=case.row["attempt"] + 1)
    running.apply_again(parent, call)
    return view(work, project_id, item)


def locked(
    work: Work, project_id: int, item: str, expected_version: int | None = None
) -> tuple[Running, Case]:
    """Take the project's lock and return it with one of its items.

    The applicant or a coordinator may act. Raises NotFound, Stale, Forbidden, Conflict.
    """
    project = access.lock(work, project_id, expected_version)
    if not (work.actor.owns(project) or work.actor.has("coordinator")):
        raise Forbidden("only the project's applicant or a coordinator may do this")
    if project["state"] != "running":
        raise Conflict(f"the project is {project['state']}", state=project["state"])
    running = Running(work, project, deployments.deployment(work.db, project["version_id"]))
    if item not in running.deployment.procedure.items:
        raise NotFound(f"the project has no item {item}", item=item)
    return running, running.docket.case(item)


def last_case(work: Work, project_id: int, item: str) -> RowMapping:
    """Return the newest case of an item."""
    table = t.process_instance
    query = (
        select(table)
        .where(table.c.project_id == project_id, table.c.item == item)
        .order_by(table.c.attempt.desc())
        .limit(1)
    )
    return work.db.execute(query).mappings().one()


def view(work: Work, project_id: int, item: str) -> ItemView:
    """Return an item as it is now."""
    row = work.db.execute(sql.ITEM, {"b_project": project_id, "b_item": item}).mappings().one()
    version = access.row_of(work, project_id)["version_id"]
    return standing.item_view(deployments.deployment(work.db, version), dict(row), work.calendar)
