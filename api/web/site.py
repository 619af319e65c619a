"""All pages of the application."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules

from flask import Flask, Response, request

from api.call import Service
from api.web import assets, failure, rendering, views
from api.web.boundary import stranger, view
from api.web.page import Page
from engine.errors import LianshenError

#: addresses that programs ask for and people do not
OF_PROGRAMS = ("/api/", "/healthz", "/readyz", "/metrics")

#: what the names of all endpoints of pages begin with
PREFIX = "page."


def pages() -> Iterator[Page]:
    """Yield every page that a module of `api.web.views` names in PAGES."""
    for found in sorted(iter_modules(views.__path__), key=lambda module: module.name):
        module = import_module(f"{views.__name__}.{found.name}")
        yield from getattr(module, "PAGES", ())


def register(app: Flask, service: Service) -> None:
    """Give an application its pages."""
    rendering.prepare(app)
    app.secret_key = service.secret_key
    app.config.update(
        SESSION_COOKIE_NAME="lianshen_notice",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PROVIDE_AUTOMATIC_OPTIONS=False,
    )
    app.add_url_rule("/static/<path:name>", f"{PREFIX}static", assets.serve)
    for page in pages():
        endpoint = f"{PREFIX}{page.name}"
        app.add_url_rule(page.rule, endpoint, view(service, page), methods=[page.method])


def for_people() -> bool:
    """Tell whether the address asked for is a page's, not a program's."""
    return not request.path.startswith(OF_PROGRAMS)


def refuse(service: Service, error: LianshenError) -> Response:
    """Show an error that no page's own boundary met."""
    return failure.response(stranger(service, request), error, request)
