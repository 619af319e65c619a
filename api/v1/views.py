"""Saved views: lists with their filters, as each user keeps them."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from api.call import Call, Reply
from api.route import Route
from api.schemas import Body, Query, Text, Word, example
from engine.service import saved_views
from engine.service.saved_views import SavedView
from engine.service.views import Page

ListName = Literal["projects", "tasks"]


class ViewQuery(Query):
    """Views of which list."""

    list: ListName


class NewView(Body):
    """A view to keep."""

    model_config = example(list="projects", name="规划阶段逾期", query="stage=planning")
    list: ListName
    name: Word
    query: Text = Field("", description="the query of the page's address")


class ViewName(Body):
    """Another name for a view."""

    model_config = example(name="本周重点")
    name: Word


def find(call: Call) -> Page[SavedView]:
    return Page(saved_views.find(call.work, call.query.list))


def add(call: Call) -> Reply:
    body = call.body
    return Reply(saved_views.add(call.work, body.list, body.name, body.query))


def rename(call: Call) -> None:
    saved_views.rename(call.work, call.path["view"], call.body.name)


def remove(call: Call) -> None:
    saved_views.remove(call.work, call.path["view"])


VIEW = "/views/<key:view>"
VIEWS: dict[str, Any] = {"tag": "Views"}

ROUTES = (
    Route(
        "list_views",
        "GET",
        "/views",
        find,
        "List your saved views of a list",
        answer=Page[SavedView],
        query=ViewQuery,
        **VIEWS,
    ),
    Route(
        "add_view",
        "POST",
        "/views",
        add,
        "Keep a view",
        answer=SavedView,
        status=201,
        body=NewView,
        conflicts=True,
        **VIEWS,
    ),
    Route(
        "rename_view",
        "PATCH",
        VIEW,
        rename,
        "Give a view another name",
        status=204,
        body=ViewName,
        conflicts=True,
        **VIEWS,
    ),
    Route("remove_view", "DELETE", VIEW, remove, "Forget a view", status=204, **VIEWS),
)
