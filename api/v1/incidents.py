"""Incidents: steps that failed for a reason in the diagram."""

from __future__ import annotations

from api.call import Call
from api.route import Route
from api.schemas import IncidentQuery, Retry
from engine.service import incidents, retries
from engine.service.views import IncidentView, Page


def find(call: Call) -> Page[IncidentView]:
    return incidents.find(call.work, **dict(call.query))


def get(call: Call) -> IncidentView:
    return incidents.get(call.work, call.path["incident"])


def retry(call: Call) -> IncidentView:
    return retries.retry(call.work, call.path["incident"], call.body.data)


INCIDENT = "/incidents/<key:incident>"

ROUTES = (
    Route(
        "list_incidents",
        "GET",
        "/incidents",
        find,
        "List incidents, the oldest first",
        "Incidents",
        answer=Page[IncidentView],
        query=IncidentQuery,
        description="Without `state` the open ones.",
    ),
    Route(
        "get_incident",
        "GET",
        INCIDENT,
        get,
        "Get an incident: element and cause",
        "Incidents",
        answer=IncidentView,
    ),
    Route(
        "retry_incident",
        "POST",
        f"{INCIDENT}/retry",
        retry,
        "Take the failed step again, with corrected data where given",
        "Incidents",
        answer=IncidentView,
        body=Retry,
        conflicts=True,
    ),
)
