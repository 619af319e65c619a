"""What a visitor is told when something is refused: what happened, and what to do.

The engine's own messages are for programs and logs; people get a sentence of their language
that says the same of the error's code and details.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from flask import Request, Response

from api import problem
from api.web import rendering, sentences
from api.web.page import Shown
from api.web.visit import Visit
from engine.errors import LianshenError
from engine.service.tokens import Unauthenticated

LOGIN = "/login"
SEE_OTHER = 303


@dataclass(frozen=True, slots=True)
class Failure:
    """An error as pages show it. `fields` are sentences by the field of the form they are about."""

    code: str
    status: int
    title: str
    remedy: str
    fields: dict[str, str] = field(default_factory=dict)
    detail: dict[str, Any] = field(default_factory=dict)
    request_id: str = ""


def told(error: LianshenError) -> Failure:
    """Return an error in the words of the page."""
    return Failure(
        code=error.code,
        status=problem.status_of(type(error)),
        title=sentences.title(error),
        remedy=sentences.remedy(error),
        fields=sentences.fields(error),
        detail=error.detail,
        request_id=str(error.detail.get("request_id", "")),
    )


def response(visit: Visit, error: LianshenError, asked: Request) -> Response:
    """Show an error that no form shows."""
    htmx = "HX-Request" in asked.headers and "HX-Boosted" not in asked.headers
    live = "X-Live" in asked.headers
    sent = asked.method != "GET"
    if isinstance(error, Unauthenticated) and not (htmx or live or sent):
        return to_login(asked)
    failure = told(error)
    if "HX-Request" in asked.headers and (htmx or sent):
        return beside(visit, failure)
    return rendering.response(
        visit, Shown("failure.html.jinja", {"failure": failure}, failure.status)
    )


def to_login(asked: Request) -> Response:
    """Send a visitor to log in, and back here afterwards."""
    here = asked.full_path if asked.query_string else asked.path
    address = LOGIN if here == "/" else f"{LOGIN}?{urlencode({'next': here})}"
    return Response(status=SEE_OTHER, headers={"Location": address})


def beside(visit: Visit, failure: Failure) -> Response:
    """Tell of an error above the page the visitor is on; what they typed there stays."""
    headers = {
        "HX-Retarget": "#failure",
        "HX-Reswap": "innerHTML show:top",
        "HX-Push-Url": "false",
        "HX-Replace-Url": "false",
        "HX-Reselect": "#failure > *",
    }
    shown = Shown("failure_beside.html.jinja", {"failure": failure}, failure.status, headers)
    return rendering.response(visit, shown)
