"""Search: one text for projects, items, procedures and users."""

from __future__ import annotations

from pydantic import Field

from api.call import Call
from api.route import Route
from api.schemas import Query, Word
from engine.service import search
from engine.service.search import Found


class SearchQuery(Query):
    """What to look for."""

    q: Word = Field(description="part of a name, an applicant, a code or an item's id")
    limit: int = Field(6, ge=1, le=50, description="how many of each kind at most")


def find(call: Call) -> Found:
    return search.find(call.work, call.query.q, call.query.limit)


ROUTES = (
    Route(
        "search",
        "GET",
        "/search",
        find,
        "Find projects, items, procedures and users by a text",
        "Search",
        answer=Found,
        query=SearchQuery,
        description="Applicants find their own projects; users are found by administrators.",
    ),
)
