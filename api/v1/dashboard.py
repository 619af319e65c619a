"""The dashboard: what is mine and late, the stages, what is at risk, decisions in time."""

from __future__ import annotations

from api.call import Call
from api.route import Route
from api.schemas import DashboardQuery
from engine.service import dashboard
from engine.service.dashboard import Dashboard


def show(call: Call) -> Dashboard:
    return dashboard.show(call.work, call.query.scope, stage=call.query.stage)


ROUTES = (
    Route(
        "dashboard",
        "GET",
        "/dashboard",
        show,
        "Get what is mine and late, the stages' cases, the projects at risk, and the trend",
        "Projects",
        answer=Dashboard,
        query=DashboardQuery,
        description=(
            "`mine` and `department` are about the departments you work for, `city` about all; "
            "applicants are shown their own projects. The trend has the last twelve months."
        ),
    ),
)
