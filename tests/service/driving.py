"""Driving a project to its end: on time, everything else at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from engine.service import deployments, procedures, tasks
from engine.service.views import ProjectView, TaskView
from tests.service.city import City

#: answers other than the plain one, by item and element
Answers = dict[tuple[str, str], tuple[str, dict[str, Any]]]
MAX_DAYS = 400


def run_on_time(
    city: City,
    project: int,
    *,
    applicant_takes_its_days: bool = False,
    each_day: Callable[[ProjectView], None] = lambda _: None,
    answers: Answers | None = None,
    until_open: bool = False,
) -> ProjectView:
    """Run a project: decisions on their last promised day, all else as soon as it is there."""
    own = own_elements(city, city.project(project).procedure)
    for _ in range(MAX_DAYS):
        take_steps(city, project, own, applicant_takes_its_days, answers or {})
        view = city.project(project)
        each_day(view)
        if view.state == "completed" or (until_open and view.opened_on):
            return view
        city.wait()
    raise AssertionError("the project does not end")


def take_steps(
    city: City,
    project: int,
    own: set[str],
    expected: bool,  # noqa: FBT001
    answers: Answers,
) -> None:
    """Complete whatever is to be completed today; `own` are the stages' elements."""
    days = {each.id: each.promised_days or 0 for each in city.project(project).items}
    while ready := [
        task
        for task in city.open_tasks(project)
        if is_ready(city, task, days[task.item] if expected else 0, own_work=task.element in own)
    ]:
        for task in ready:
            outcome, data = answers.get((task.item, task.element), (None, {}))
            city.do(tasks.complete, task.id, outcome, data)


def own_elements(city: City, procedure: str) -> set[str]:
    """The elements of the stages themselves, in which an item is worked on without a case."""
    with city.work(read_only=True) as work:
        built = deployments.deployment(work.db, procedures.latest(work, procedure))
    return {name for stage in built.stages.values() for name in stage.elements}


def is_ready(city: City, task: TaskView, expected_days: int, *, own_work: bool) -> bool:
    """Tell whether a task is completed today."""
    if task.kind in {"applicant", "intermediary"}:
        began_on = task.created_at.astimezone(city.settings.zone).date()
        days = expected_days if own_work else 0
        return city.calendar.add(began_on, days) <= city.today
    decides = task.element == "decide" or own_work
    return not decides or task.promised_due_on is None or task.promised_due_on <= city.today
