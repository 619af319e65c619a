"""Somebody in front of a browser: logged in to a city, in a language, at a desk or on a phone."""

from __future__ import annotations

from dataclasses import dataclass
from time import monotonic
from typing import Any

from playwright.sync_api import Browser, Page

from api.auth import COOKIE as SESSION
from api.web.language import COOKIE as LANGUAGE
from tests.browser.city import NOW, City
from tests.browser.watch import Watch

SECONDS = 15
#: a page is at rest when it has drawn itself so often and asked for nothing
QUIET = 3
DRAWN = """() => document.fonts.ready.then(() => new Promise(
    drawn => requestAnimationFrame(() => requestAnimationFrame(() => drawn()))))"""
DESK: dict[str, Any] = {"viewport": {"width": 1440, "height": 900}}
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "has_touch": True,
    "is_mobile": True,
    "device_scale_factor": 2,
}


@dataclass(frozen=True, slots=True)
class Visitor:
    """A browser of their own, with one page open; `watch` has what went wrong in it."""

    city: City
    name: str
    page: Page
    watch: Watch

    def open(self, path: str, status: int = 200) -> Page:
        """Go to an address of the city; it must answer with the status. Returns the page."""
        if status >= 400:
            self.watch.expected.add(status)
        answer = self.page.goto(f"{self.city.address}{path}")
        assert answer is not None
        assert answer.status == status, f"{path}: {answer.status} for {self.name or 'nobody'}"
        return self.page

    def rest(self) -> Page:
        """Wait until the page has loaded and drawn all it shows, diagrams and charts too."""
        self.page.wait_for_load_state("load")
        last_call, quiet = monotonic() + SECONDS, 0
        while quiet < QUIET:
            assert monotonic() < last_call, f"{self.page.url} does not come to rest"
            self.page.evaluate(DRAWN)
            quiet = 0 if self.watch.pending else quiet + 1
        return self.page

    def log_in(self) -> None:
        """Come in, or come in again after a session ended."""
        secret, _ = self.city.session(self.name)
        self.page.context.add_cookies([cookie(self.city, SESSION, secret)])

    def leave(self) -> None:
        self.page.context.close()


def visit(
    chromium: Browser, city: City, name: str, *, language: str = "zh", phone: bool = False
) -> Visitor:
    """Let somebody sit down in front of a browser; '' is nobody the city knows."""
    device = PHONE if phone else DESK
    context = chromium.new_context(
        **device,
        locale="zh-CN" if language == "zh" else "en-GB",
        timezone_id="Asia/Shanghai",
        reduced_motion="reduce",
    )
    context.set_default_timeout(1000 * SECONDS)
    context.clock.set_fixed_time(NOW)
    context.add_cookies([cookie(city, LANGUAGE, language)])
    watch = Watch(context, city.address)
    visitor = Visitor(city, name, context.new_page(), watch)
    if name:
        visitor.log_in()
    return visitor


def cookie(city: City, name: str, value: str) -> Any:
    """Return a cookie of a city."""
    return {"name": name, "value": value, "url": city.address}
