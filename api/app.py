"""The application: routes and pages on one service, every answer with the same manners."""

from __future__ import annotations

import re
import secrets
from functools import cache
from time import perf_counter
from typing import TYPE_CHECKING, Any

import structlog
from flask import Flask, Response, g, request
from werkzeug.exceptions import HTTPException
from werkzeug.routing import BaseConverter, IntegerConverter, Map, RequestRedirect

from api import docs, openapi, problem, v1
from api.boundary import view
from api.call import Service
from api.metrics import Metrics
from api.secret import secret_key
from api.web import site
from engine.clock import Clock, FrozenClock, SystemClock
from engine.errors import LianshenError
from engine.service import health
from engine.settings import Settings
from engine.store.database import open_database

if TYPE_CHECKING:
    from api.call import Database

log = structlog.get_logger()

REQUEST_ID = re.compile(r"[\w.-]{1,64}")
METHODS = frozenset({"GET", "HEAD", "POST", "PATCH", "PUT", "DELETE", "OPTIONS"})
#: for answers that say nothing else
MANNERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}


class KeyConverter(IntegerConverter):
    """The id of a row: a whole number that a database column holds."""

    def __init__(self, map: Map) -> None:  # noqa: A002 - Werkzeug's name
        super().__init__(map, max=2**63 - 1)


class NameConverter(BaseConverter):
    """A name in a path: no slash, nothing unprintable."""

    regex = r"[^/\x00-\x1f\x7f]{1,200}"


def create_app(
    settings: Settings,
    engine: Database | None = None,
    clock: Clock | None = None,
    setup_code: str = "",
) -> Flask:
    """Return the application. A frozen clock adds `POST /api/v1/clock`.

    `engine` is a database whose schema is the newest; without one the settings' is opened.
    """
    clock = clock or SystemClock()
    routes = v1.routes(frozen_clock=isinstance(clock, FrozenClock))
    service = Service(
        engine=engine or open_database(settings.database_url, settings.sqlite_synchronous),
        settings=settings,
        clock=clock,
        secret_key=secret_key(settings),
        setup_code=setup_code or secrets.token_urlsafe(16),
        metrics=Metrics(),
        document=described(frozen_clock=isinstance(clock, FrozenClock)),
    )
    app = Flask(__name__, static_folder=None, template_folder="web/templates")
    app.extensions["lianshen"] = service
    app.url_map.merge_slashes = False
    app.url_map.converters.update(key=KeyConverter, name=NameConverter)
    for route in routes:
        rule, answer = route.prefix + route.rule, view(service, route)
        app.add_url_rule(rule, route.name, answer, methods=[route.method])
    app.register_blueprint(docs.pages)
    site.register(app, service)
    mind_manners(app, service)
    return app


@cache
def described(*, frozen_clock: bool) -> bytes:
    """Return the document of the routes, which is the same for every application of a process."""
    return openapi.document(v1.routes(frozen_clock=frozen_clock))


def mind_manners(app: Flask, service: Service) -> None:
    """Give every answer its headers, every failure its problem, every request its metrics."""

    @app.before_request
    def begin() -> None:
        given = request.headers.get("X-Request-Id", "")
        g.request_id = given if REQUEST_ID.fullmatch(given) else secrets.token_hex(8)
        g.began = perf_counter()

    @app.after_request
    def end(answer: Response) -> Response:
        answer.headers["X-Request-Id"] = g.request_id
        for name, value in MANNERS.items():
            answer.headers.setdefault(name, value)
        rule = request.url_rule.rule if request.url_rule else "unknown"
        method = request.method if request.method in METHODS else "other"
        service.metrics.request(rule, method, answer.status_code, perf_counter() - g.began)
        return answer

    def refused(error: LianshenError) -> Response:
        if site.for_people():
            return site.refuse(service, error)
        return problem.response(error, request.path)

    app.register_error_handler(LianshenError, refused)

    @app.errorhandler(HTTPException)
    def refuse_early(error: HTTPException) -> Any:
        if isinstance(error, RequestRedirect):
            return error
        answer = refused(problem.of_framework(error))
        if allowed := getattr(error, "valid_methods", None):
            answer.headers["Allow"] = ", ".join(sorted(allowed))
        return answer

    @app.errorhandler(Exception)
    def fail(error: Exception) -> Response:
        log.error("request_failed", request_id=g.request_id, path=request.path, exc_info=error)
        meaning = health.translated(error) or problem.Unexpected(request_id=g.request_id)
        return refused(meaning)
