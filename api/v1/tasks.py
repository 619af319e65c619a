"""User tasks: found, claimed, assigned, completed."""

from __future__ import annotations

from api.call import Call
from api.route import Route
from api.schemas import Assignment, Completion, TaskQuery
from engine.service import tasks
from engine.service.clock import explain
from engine.service.clock.explained import DeadlineView
from engine.service.views import Page, TaskView

ME = "me"


def find(call: Call) -> Page[TaskView]:
    wanted = dict(call.query)
    if wanted["assignee"] == ME:
        wanted["assignee"] = call.actor.name
    return tasks.find(call.work, **wanted)


def get(call: Call) -> TaskView:
    return tasks.get(call.work, call.path["task"])


def deadline(call: Call) -> DeadlineView:
    return explain.explain(call.work, call.path["task"])


def claim(call: Call) -> TaskView:
    return tasks.claim(call.work, call.path["task"], call.expected_version)


def unclaim(call: Call) -> TaskView:
    return tasks.unclaim(call.work, call.path["task"], call.expected_version)


def assign(call: Call) -> TaskView:
    return tasks.assign(call.work, call.path["task"], call.body.user, call.expected_version)


def complete(call: Call) -> TaskView:
    body = call.body
    return tasks.complete(
        call.work, call.path["task"], body.outcome, body.data, call.expected_version
    )


TASK = "/tasks/<name:task>"

ROUTES = (
    Route(
        "list_tasks",
        "GET",
        "/tasks",
        find,
        "List tasks by what is due first",
        "Tasks",
        answer=Page[TaskView],
        query=TaskQuery,
        description="Without `state` the open ones.",
    ),
    Route("get_task", "GET", TASK, get, "Get a task", "Tasks", answer=TaskView, etag=True),
    Route(
        "task_deadline",
        "GET",
        f"{TASK}/deadline",
        deadline,
        "Explain a task's due date, so that it can be computed anew by hand",
        "Tasks",
        answer=DeadlineView,
        description=(
            "Each of its terms has every day from the start to the due date, counted or not, and "
            "why. A task without a due date answers 404."
        ),
    ),
    Route(
        "claim_task",
        "POST",
        f"{TASK}/claim",
        claim,
        "Take a task: nobody else may complete it then",
        "Tasks",
        answer=TaskView,
        etag=True,
        conditional=True,
        conflicts=True,
    ),
    Route(
        "unclaim_task",
        "POST",
        f"{TASK}/unclaim",
        unclaim,
        "Give a task back to its department",
        "Tasks",
        answer=TaskView,
        etag=True,
        conditional=True,
        conflicts=True,
    ),
    Route(
        "assign_task",
        "POST",
        f"{TASK}/assign",
        assign,
        "Give a task to a user who may complete it",
        "Tasks",
        answer=TaskView,
        body=Assignment,
        etag=True,
        conditional=True,
        conflicts=True,
    ),
    Route(
        "complete_task",
        "POST",
        f"{TASK}/complete",
        complete,
        "Complete a task with one of its outcomes, and all that follows from it",
        "Tasks",
        answer=TaskView,
        body=Completion,
        etag=True,
        conditional=True,
        conflicts=True,
        problems=("round_closed", "not_concludable", "reasons_missing"),
        description=(
            "A step that fails for a reason in the diagram answers 409 with the code `incident` "
            "and the incident's number; the task stays open."
        ),
    ),
)
