"""Projects: opened, started, suspended, ended; and where one stands."""

from __future__ import annotations

from collections.abc import Callable

from api.call import Call, Reply
from api.route import Route
from api.schemas import (
    HistoryQuery,
    NewProject,
    ProjectCriticalPath,
    ProjectFilters,
    ProjectQuery,
    Reason,
)
from engine.service import chronicle, items, portfolio, projects
from engine.service.portfolio import Facets, PortfolioRow, Wanted
from engine.service.views import EventView, ItemView, Page, ProjectView


def create(call: Call) -> Reply:
    body = call.body
    view = projects.create(call.work, body.name, body.procedure, body.applicant)
    return Reply(view, headers={"Location": f"/api/v1/projects/{view.id}"})


def find(call: Call) -> Page[PortfolioRow]:
    query = dict(call.query)
    place = {name: query.pop(name) for name in ("sort", "cursor", "limit")}
    return portfolio.find(call.work, Wanted(**query), **place)


def facets(call: Call) -> Facets:
    return portfolio.facets(call.work, Wanted(**dict(call.query)))


def get(call: Call) -> ProjectView:
    return projects.get(call.work, call.path["project"])


def critical_path(call: Call) -> dict[str, object]:
    return projects.critical_path(call.work, call.path["project"])


def history(call: Call) -> Page[EventView]:
    query, project = call.query, call.path["project"]
    part = {"cursor": query.cursor, "limit": query.limit}
    if not (query.newest or query.item or query.kind):
        return projects.history(call.work, project, **part)
    found = chronicle.find(call.work, project, kind=query.kind or "", item=query.item or "", **part)
    return Page([each.event for each in found.items], found.next)


def move(verb: Callable[..., ProjectView]) -> Callable[[Call], ProjectView]:
    """Return the handler of a move of a project."""

    def handler(call: Call) -> ProjectView:
        return verb(
            call.work,
            call.path["project"],
            reason=call.body.reason,
            expected_version=call.expected_version,
        )

    return handler


def withdraw(call: Call) -> ItemView:
    return items.withdraw(call.work, call.path["project"], call.path["item"], call.body.reason)


def apply_again(call: Call) -> ItemView:
    return items.apply_again(call.work, call.path["project"], call.path["item"])


def moving(name: str, verb: Callable[..., ProjectView], summary: str) -> Route:
    """Return the route of a move of a project."""
    return Route(
        f"{name}_project",
        "POST",
        f"/projects/<key:project>/{name}",
        move(verb),
        summary,
        "Projects",
        answer=ProjectView,
        body=Reason,
        etag=True,
        conditional=True,
        conflicts=True,
    )


PROJECT = "/projects/<key:project>"
ITEM = f"{PROJECT}/items/<name:item>"

ROUTES = (
    Route(
        "create_project",
        "POST",
        "/projects",
        create,
        "Open a project",
        "Projects",
        answer=ProjectView,
        status=201,
        body=NewProject,
        etag=True,
        description="It keeps the version of the procedure that is the newest now.",
    ),
    Route(
        "list_projects",
        "GET",
        "/projects",
        find,
        "List projects, the newest first, or in another order",
        "Projects",
        answer=Page[PortfolioRow],
        query=ProjectQuery,
        description=(
            "Where a project stands is written down shortly after it changed and once a day: "
            "`as_of_on` says for which day. What the project itself says is always of now."
        ),
    ),
    Route(
        "project_facets",
        "GET",
        "/projects/facets",
        facets,
        "Count projects by the values of each filter, under all the other filters",
        "Projects",
        answer=Facets,
        query=ProjectFilters,
    ),
    Route(
        "get_project",
        "GET",
        PROJECT,
        get,
        "Get a project: its items, its day, its forecast, and what holds it",
        "Projects",
        answer=ProjectView,
        etag=True,
    ),
    moving("start", projects.start, "Start a project: its stages wait at their gates"),
    moving("suspend", projects.suspend, "Suspend a project: its tasks cannot be completed"),
    moving("resume", projects.resume, "Let a suspended project go on"),
    moving("close", projects.close, "End a project that will not be built"),
    moving("cancel", projects.cancel, "Cancel a project and everything open in it"),
    Route(
        "project_critical_path",
        "GET",
        f"{PROJECT}/critical-path",
        critical_path,
        "Get a project's critical path with real and forecast dates",
        "Projects",
        answer=ProjectCriticalPath,
    ),
    Route(
        "project_history",
        "GET",
        f"{PROJECT}/history",
        history,
        "List what happened to a project, in order",
        "Projects",
        answer=Page[EventView],
        query=HistoryQuery,
        description="Narrowed to an item or a kind of event, the newest comes first.",
    ),
    Route(
        "withdraw_item",
        "POST",
        f"{ITEM}/withdraw",
        withdraw,
        "Withdraw an item's application",
        "Projects",
        answer=ItemView,
        body=Reason,
        conflicts=True,
    ),
    Route(
        "apply_again",
        "POST",
        f"{ITEM}/apply-again",
        apply_again,
        "Apply again for an item that ended without a result",
        "Projects",
        answer=ItemView,
        conflicts=True,
    ),
)
