"""Where a task of a joint review is done: not on its own page, but where its round is."""

from __future__ import annotations

from collections.abc import Mapping

from api.web.views.review_points import SECTION
from engine.service.views import TaskView

#: behind the address of the round, by the step
PLACES: Mapping[str, str] = {
    "give-opinion": "/opinion?department={department}",
    "issue-opinion": "/opinion?department={department}",
    "conclude": "/conclusion",
    "settle": "/conclusion",
    "minutes": "/minutes",
    "reply": "/reply",
}


def address(task: TaskView) -> str:
    """Return where a task of a round is done, or was; '' for any other task."""
    if task.round_id is None:
        return ""
    place = PLACES.get(task.element, "") if task.state == "open" else ""
    return f"{SECTION}/{task.round_id}{place.format(department=task.department)}"
