"""The inbox: open tasks with their lights, how many there are, and many claimed at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.call import Call
from api.route import Route
from api.schemas import Claims, InboxCounts, InboxFilters, InboxQuery
from engine.service import inbox
from engine.service.inbox import Claimed, InboxRow, Neighbours
from engine.service.inbox_query import Wanted
from engine.service.views import Page


def find(call: Call) -> Page[InboxRow]:
    query = dict(call.query)
    place = {name: query.pop(name) for name in ("cursor", "limit")}
    return inbox.find(call.work, wanted(query), **place)


def counts(call: Call) -> Mapping[str, int]:
    return inbox.counts(call.work, wanted(dict(call.query)))


def neighbours(call: Call) -> Neighbours:
    return inbox.neighbours(call.work, call.path["task"], wanted(dict(call.query)))


def claim(call: Call) -> Page[Claimed]:
    return Page(inbox.claim_many(call.work, call.body.tasks))


def wanted(query: dict[str, Any]) -> Wanted:
    """Return what a query asks for; its light is the inbox's group."""
    return Wanted(group=query.pop("light"), **query)


INBOX: dict[str, Any] = {"tag": "Tasks"}

ROUTES = (
    Route(
        "inbox",
        "GET",
        "/inbox",
        find,
        "List open tasks with their lights by what is due first",
        answer=Page[InboxRow],
        query=InboxQuery,
        **INBOX,
    ),
    Route(
        "inbox_counts",
        "GET",
        "/inbox/counts",
        counts,
        "Count an inbox's tasks by groups of lights, under the other filters",
        answer=InboxCounts,
        query=InboxFilters,
        **INBOX,
    ),
    Route(
        "task_neighbours",
        "GET",
        "/tasks/<name:task>/neighbours",
        neighbours,
        "Get the tasks before and after one in an inbox",
        answer=Neighbours,
        query=InboxFilters,
        **INBOX,
    ),
    Route(
        "claim_tasks",
        "POST",
        "/tasks/claim",
        claim,
        "Take several tasks: one that cannot be taken keeps no other from it",
        answer=Page[Claimed],
        body=Claims,
        description="For each task the answer says whether it was claimed, and why it was not.",
        **INBOX,
    ),
)
