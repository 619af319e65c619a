"""Retrying a failed step: the same answer once more, with corrected data where given."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.errors import ModelError
from engine.service import access, incidents, tasks, timers
from engine.service.views import IncidentView
from engine.service.work import Work
from engine.store import statements as sql


def retry(work: Work, identifier: int, data: Mapping[str, Any] | None = None) -> IncidentView:
    """Take the failed step again; `data` is laid over what was answered then.

    It reaches the stage, too, where the step failed behind the item's decision.

    Raises ModelError with the cause as it is now where it fails again; the incident stays.
    Raises Conflict where it was resolved, or its task has ended or its project stands still.
    """
    project = access.lock(work, incidents.get(work, identifier).project)
    # read under the lock: of two retries at once the second finds it resolved
    row = incidents.waiting(work, identifier)
    action = row["action"]
    try:
        if action["verb"] == "fire":
            timers.again(work, project, action["timer"])
        else:
            again(work, project, action, data or {})
    except ModelError as error:
        text = f"{row['element']}: {error.message}"
        raise ModelError(text, incident=identifier, element=row["element"]) from error
    incidents.resolve(work, row, "incident.resolved")
    return incidents.get(work, identifier)


def again(
    work: Work, project: access.Row, action: Mapping[str, Any], data: Mapping[str, Any]
) -> None:
    """Complete the task of a failed step once more."""
    bound = {"b_task": action["task"]}
    task = dict(work.db.execute(sql.TASK_WITH_INSTANCE, bound).mappings().one())
    tasks.check_open(work, task, project)
    given, correction = tasks.checked_data(action["data"]), tasks.checked_data(data)
    tasks.run(work, project, task, action["outcome"], given, correction=correction)
