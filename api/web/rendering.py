"""From a template and its values to an answer: what every page has, and its headers."""

from __future__ import annotations

import gzip
import secrets
from datetime import date, datetime
from typing import Any

from flask import Flask, Response, render_template, request

from api import auth
from api.web import assets, card_words, display, failure, labels, links
from api.web.language import COOKIE, LANGUAGES, TAGS, language, named, speak
from api.web.page import Shown
from api.web.visit import Visit
from engine.service import departments, identity, inbox
from engine.service.work import ROLES, Work

HTML = "text/html; charset=utf-8"
#: nothing from elsewhere and no script in a page; bpmn-js and ECharts set style attributes
POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; "
    "img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
#: pages shorter than this are sent as they are
COMPRESSED_FROM = 1_000


def prepare(app: Flask) -> None:
    """Let an application render pages."""
    speak(app)
    environment = app.jinja_env
    environment.autoescape = True
    environment.trim_blocks = environment.lstrip_blocks = True
    environment.globals.update(
        asset=assets.url,
        here_with=links.here_with,
        language=language,
        languages=LANGUAGES,
        new_key=lambda: secrets.token_urlsafe(12),
        **display.GLOBALS,
        **labels.GLOBALS,
        **card_words.GLOBALS,
    )
    environment.filters.update(named=named, **display.FILTERS)


def response(visit: Visit, shown: Shown) -> Response:
    """Return a template as an answer."""
    body = render_template(shown.template, **frame(visit), **shown.values).encode()
    headers = {"Content-Security-Policy": POLICY, "Vary": "Cookie, Accept-Encoding"}
    if len(body) >= COMPRESSED_FROM and request.accept_encodings["gzip"] > 0:
        body = gzip.compress(body, 5, mtime=0)
        headers["Content-Encoding"] = "gzip"
    return Response(body, shown.status, {**headers, **shown.headers}, content_type=HTML)


def frame(visit: Visit) -> dict[str, Any]:
    """Return what every page has around its own: who is here, what waits for them, the day."""
    session = visit.session
    common = {
        "visit": visit,
        "error": failure.told(visit.error) if visit.error else None,
        "csrf": auth.masked(auth.csrf_token(visit.service, session)) if session else "",
        "lang": TAGS[language()],
        "language_cookie": COOKIE,
        "me": None,
        "icons": assets.url("icons.svg"),
        "today": today(visit),
    }
    if visit.unit is None or visit.actor.id is None:
        return common
    work = visit.unit
    return {
        **common,
        "me": identity.get(work, visit.actor.id),
        "badge": dict(zip(("open", "overdue"), inbox.badge(work), strict=True)),
        "may": Permissions(work),
        "calendar": work.calendar,
        "day_of_year": day_of_year(work),
        "departments": department_names(work),
    }


def today(visit: Visit) -> date:
    """Return the date in the service's time zone."""
    settings = visit.service.settings
    now: datetime = visit.service.clock.now()
    return now.astimezone(settings.zone).date()


def day_of_year(work: Work) -> int:
    """Return which working day of the year it is."""
    before = date(work.today.year - 1, 12, 31)
    return work.calendar.between(before, work.today)


def department_names(work: Work) -> dict[str, str]:
    """Return the departments' names in the page's language, by code."""
    return {each.id: named(each.name) for each in departments.find(work.settings)}


class Permissions:
    """What the visitor may do, as templates ask: `may.coordinator`, `may.admin`."""

    def __init__(self, work: Work) -> None:
        self.actor = work.actor

    def __getattr__(self, role: str) -> bool:
        if role not in ROLES:
            raise AttributeError(role)
        return self.actor.has(role)
