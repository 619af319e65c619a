"""Search: a page of its own, and suggestions below the bar."""

from __future__ import annotations

from api.web.page import Answer, Shown, show
from api.web.visit import Visit
from engine.service import search

SUGGESTED, LISTED = 4, 20


def find(visit: Visit) -> Answer:
    """Show everything a text stands for."""
    found = search.find(visit.work, visit.argument("q"), LISTED)
    return Shown("search.html.jinja", {"section": "/search", "found": found})


def suggest(visit: Visit) -> Answer:
    """Show the first few, as a list below the field."""
    found = search.find(visit.work, visit.argument("q"), SUGGESTED)
    return Shown("search_suggestions.html.jinja", {"found": found})


PAGES = (
    show("search", "/search", find, "search"),
    show("suggestions", "/search/suggestions", suggest, "search"),
)
