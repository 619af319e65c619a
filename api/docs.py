"""Interactive documentation at /api/docs, with Swagger UI served by us: nothing from elsewhere."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from flask import Blueprint, Response, send_from_directory

#: the folder of a release of Swagger UI, in the package that only holds it
VENDORED = next(Path(str(files("swagger_ui_bundle") / "vendor")).glob("swagger-ui-*"))
FILES = frozenset({"swagger-ui.css", "swagger-ui-bundle.js", "favicon-32x32.png"})
OWN = Path(__file__).parent / "pages"

#: Swagger UI sets style attributes, and draws its icons from data: addresses
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; connect-src 'self'; font-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)

pages = Blueprint("docs", __name__)


@pages.get("/api/docs")
def docs() -> Response:
    """Show every operation, to be tried."""
    return page("docs.html")


@pages.get("/api/docs/<name>")
def asset(name: str) -> Response:
    """Return a file of the documentation."""
    home = VENDORED if name in FILES else OWN
    return send_from_directory(home, name, max_age=86400)


def page(name: str) -> Response:
    """Return a page that may load from this host only."""
    answer = send_from_directory(OWN, name)
    answer.headers["Content-Security-Policy"] = POLICY
    return answer
