"""The city's departments: what the codes in tasks, items and roles stand for."""

from __future__ import annotations

from api.call import Call
from api.route import Route
from engine.service import departments, workload
from engine.service.departments import Department
from engine.service.views import Page
from engine.service.workload import Workload


def find(call: Call) -> Page[Department]:
    return Page(list(departments.find(call.service.settings)))


def find_workload(call: Call) -> Page[Workload]:
    return Page(workload.find(call.work))


ROUTES = (
    Route(
        "list_departments",
        "GET",
        "/departments",
        find,
        "List the departments with their names",
        "Departments",
        answer=Page[Department],
    ),
    Route(
        "department_workload",
        "GET",
        "/departments/workload",
        find_workload,
        "List the departments with their items, users and open tasks",
        "Departments",
        answer=Page[Workload],
        description=(
            "Items are those of each procedure's newest version. Overdue is what inboxes call so: "
            "past its due date, in a project that is not suspended."
        ),
    ),
)
