"""Somebody who visits the pages: opens addresses, fills in forms, reads what is shown."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from lxml import html


@dataclass
class Shown:
    """A page as its reader sees it."""

    status: int
    headers: Any
    body: bytes

    @property
    def tree(self) -> Any:
        """The parsed page."""
        return html.fromstring(self.body.decode())

    @property
    def text(self) -> str:
        """What is written on it, without scripts and repeated space."""
        return " ".join(self.tree.xpath("string(//body)").split())

    def all(self, path: str) -> list[str]:
        """The texts an XPath expression finds."""
        found = self.tree.xpath(path)
        texts = [each if isinstance(each, str) else each.text_content() for each in found]
        return [" ".join(each.split()) for each in texts]

    def one(self, path: str) -> str:
        """The only text an XPath expression finds."""
        [found] = self.all(path)
        return found


@dataclass
class Visitor:
    """A browser without scripts; `last` is the page it is on."""

    app: Flask
    language: str = "zh"
    last: Shown = field(default_factory=lambda: Shown(0, {}, b""))

    def __post_init__(self) -> None:
        self.client = self.app.test_client()
        self.client.set_cookie("lianshen_language", self.language)

    def get(self, path: str, **headers: str) -> Shown:
        """Open an address, following redirects."""
        return self.seen(self.client.get(path, headers=headers, follow_redirects=True))

    def send(self, action: str, /, page: str = "", **fields: Any) -> Shown:
        """Fill in the form with an action, on this page or another, and send it."""
        if page:
            self.get(page)
        data = self.form(action) | {name.rstrip("_"): value for name, value in fields.items()}
        given = {name: value for name, value in data.items() if value is not None}
        return self.post(action, given)

    def post(self, action: str, data: Any, **headers: str) -> Shown:
        """Send fields as they are."""
        answer = self.client.post(action, data=data, headers=headers, follow_redirects=True)
        return self.seen(answer)

    def form(self, action: str) -> dict[str, Any]:
        """The fields of the form with an action, as they are filled in already."""
        [found] = [each for each in self.last.tree.forms if each.get("action") == action]
        return {name: value for name, value in found.form_values() if value is not None}

    def seen(self, answer: Any) -> Shown:
        self.last = Shown(answer.status_code, answer.headers, answer.get_data())
        return self.last
