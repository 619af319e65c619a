"""What the handler of a page is given: who asks, for what, and what they typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from werkzeug.datastructures import FileStorage, MultiDict

from api.call import Origin, Service
from engine.errors import Invalid, LianshenError
from engine.service.work import Actor, Work

#: fields of a form that belong to the boundary, not to the page
CSRF, KEY, VERSION, SEEN = "_csrf", "_key", "_version", "_seen"


@dataclass(slots=True)
class Visit:
    """One request of a page. `error` is why the form that is shown again was refused."""

    service: Service
    origin: Origin
    actor: Actor
    path: Mapping[str, Any]
    args: MultiDict[str, str]
    form: MultiDict[str, str] = field(default_factory=MultiDict)
    files: MultiDict[str, FileStorage] = field(default_factory=MultiDict)
    error: LianshenError | None = None
    #: the address that was asked for, with its query
    here: str = "/"
    #: what the page's `prepare` returned
    prepared: Any = None
    #: the secret of the login session, '' without one
    session: str = ""
    unit: Work | None = None

    @property
    def work(self) -> Work:
        """The unit of work: missing only in `prepare`."""
        if self.unit is None:
            raise TypeError("there is no transaction yet")
        return self.unit

    def text(self, name: str) -> str:
        """Return what was typed in a field, without the space around it."""
        return self.form.get(name, "").strip()

    def whole(self, name: str) -> int | None:
        """Return a field that holds a whole number; None where it is empty. Raises Invalid."""
        text = self.text(name)
        if not text:
            return None
        if not (text.isascii() and text.isdecimal() and len(text) < 19):  # noqa: PLR2004 - of a key
            raise Invalid(f"{name} must be a whole number", field=name)
        return int(text)

    @property
    def expected_version(self) -> int | None:
        """The version of what the form was made from."""
        return self.whole(VERSION)

    def argument(self, name: str, choices: Mapping[str, Any] | None = None) -> str:
        """Return an argument of the address; '' where it is missing or none of the choices."""
        value = self.args.get(name, "").strip()
        return value if choices is None or value in choices else ""

    @property
    def query(self) -> str:
        """The address's query as it was asked, to be kept in links and saved views."""
        return "&".join(f"{name}={value}" for name, value in self.args.items(multi=True) if value)
