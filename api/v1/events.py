"""The feed of every change, in order, for other systems to follow."""

from __future__ import annotations

from api.call import Call
from api.route import Route
from api.schemas import EventQuery
from engine.service import events
from engine.service.views import EventView, Page


def feed(call: Call) -> Page[EventView]:
    return events.feed(call.work, call.query.cursor, call.query.limit)


ROUTES = (
    Route(
        "list_events",
        "GET",
        "/events",
        feed,
        "Follow every change, in order",
        "Events",
        answer=Page[EventView],
        query=EventQuery,
        description=(
            "`next` is given also at the end: ask again with it later to go on from there."
        ),
    ),
)
