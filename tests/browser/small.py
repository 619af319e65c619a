"""A small site to try the pages' scripts on: a few addresses, the built files, the real policy."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page

from tests.browser.watch import Watch

STATIC = Path(__file__).parents[2] / "api" / "web" / "static"
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; "
    "img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
HTMX = (
    '{"allowEval":false,"includeIndicatorStyles":false,"selfRequestsOnly":true,'
    '"historyCacheSize":0,"refreshOnHistoryMiss":true,"scrollIntoViewOnBoost":false,'
    '"responseHandling":[{"code":"[23]..","swap":true},{"code":"[45]..","swap":true,"error":true}]}'
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as an address of the small site sees it."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: str


@dataclass(frozen=True, slots=True)
class Told:
    """An answer. A status of 0 hangs up instead."""

    body: str = ""
    status: int = 200
    kind: str = "text/html; charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)


Answer = Callable[[Asked], Told]


def built(name: str) -> str:
    """Return the address of a built file."""
    manifest = json.loads((STATIC / "manifest.json").read_text(encoding="utf-8"))
    return f"/static/{manifest[name]}"


def page(body: str, *, title: str = "页", more: tuple[str, ...] = ()) -> Told:
    """Return a page in the layout's frame; `more` names built files besides app.js and app.css."""
    names = ("app.css", "app.js", *more)
    loads = "".join(
        f'<link rel="stylesheet" href="{built(name)}">'
        if name.endswith(".css")
        else f'<script type="module" src="{built(name)}"></script>'
        for name in names
    )
    return Told(
        f'<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>{title}</title>'
        f"<meta name=\"htmx-config\" content='{HTMX}'>{loads}</head>"
        f'<body hx-boost="true" data-login-url="/login" data-icons="{built("icons.svg")}">'
        '<div id="connection" class="connection" role="status" hidden data-lost="连接中断"'
        ' data-unsent="没有发出去" data-failed="服务出错" data-gone="已不存在" data-back="已恢复"'
        ' data-expired="登录已过期" data-log-in="登录"></div><div id="failure"></div>'
        f'<main id="main" tabindex="-1"><h1>{title}</h1>{body}</main>'
        '<div id="announcer" class="visually-hidden" aria-live="polite"></div></body></html>'
    )


class Site:
    """Addresses and what they answer; `asked` has every request but those for built files."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {"/favicon.ico": lambda _: Told(status=204)}
        self.asked: list[Asked] = []
        self.address = ""

    def shows(self, path: str, answer: Told | Answer) -> None:
        """Let an address answer the same thing, or what a function says."""
        self.answers[path] = answer if callable(answer) else lambda _: answer

    def sent(self, path: str) -> list[Asked]:
        """Return what an address was asked, in order."""
        return [each for each in self.asked if each.path == path]

    def answer(self, asked: Asked) -> Told:
        if asked.path.startswith("/static/"):
            file = STATIC / asked.path.removeprefix("/static/")
            return Told(file.read_text(encoding="utf-8"), kind=TYPES[file.suffix])
        self.asked.append(asked)
        found = self.answers.get(asked.path)
        return found(asked) if found else Told("nothing here", 404)


@contextmanager
def served() -> Iterator[Site]:
    """Serve a small site on a port of its own."""
    site = Site()
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler(site))
    site.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def handler(site: Site) -> type[BaseHTTPRequestHandler]:
    """Return the class that answers for a site."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            size = int(self.headers.get("Content-Length", 0))
            body = self.rfile.read(size).decode("utf-8", "replace")
            parts = urlsplit(self.path)
            told = site.answer(
                Asked(self.command, parts.path, parts.query, dict(self.headers), body)
            )
            if told.status:
                self.tell(told)
            else:
                self.close_connection = True

        do_POST = do_GET  # noqa: N815 - the server's name for it

        def tell(self, told: Told) -> None:
            body = told.body.encode()
            self.send_response(told.status)
            headers = {"Content-Type": told.kind, "Content-Length": str(len(body)), **told.headers}
            for name, value in {"Content-Security-Policy": POLICY, **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *arguments: object) -> None:
            """Keep the output of tests clean."""

    return Handler


@dataclass(frozen=True, slots=True)
class Stage:
    """A small site, and a browser that looks at it."""

    site: Site
    page: Page
    watch: Watch

    def show(self, body: str, **how: Any) -> Page:
        """Open a page with a body at /, its scripts loaded."""
        self.site.shows("/", page(body, **how))
        return self.open("/")

    def open(self, path: str) -> Page:
        self.page.goto(f"{self.site.address}{path}")
        return self.page


@contextmanager
def stage(chromium: Browser, **device: Any) -> Iterator[Stage]:
    """Yield a stage; whatever its pages complain of fails the test."""
    with served() as site:
        context = chromium.new_context(viewport={"width": 1200, "height": 700}, **device)
        context.set_default_timeout(15_000)
        watch = Watch(context, site.address)
        yield Stage(site, context.new_page(), watch)
        context.close()
    assert not watch.faults, "\n".join(["the pages complained:", *watch.faults])
