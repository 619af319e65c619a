"""The city's departments: what the codes in tasks, items and roles stand for."""

from __future__ import annotations

from api.call import Call
from api.route import Route
from engine.service import departments
from engine.service.departments import Department
from engine.service.views import Page


def find(call: Call) -> Page[Department]:
    return Page(list(departments.find(call.service.settings)))


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
)
