"""A page: one address as data. `api.web.boundary` serves it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from api.call import Content
from api.permissions import PUBLIC, allowed
from engine.settings import Settings

if TYPE_CHECKING:
    from api.web.visit import Visit


@dataclass(frozen=True, slots=True)
class Shown:
    """A template with its values as the answer."""

    template: str
    values: Mapping[str, Any] = field(default_factory=dict)
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Redirect:
    """Go on to another address; `notice` is told there, in the visitor's language."""

    url: str
    notice: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


Answer = Shown | Redirect | Content
Handler = Callable[["Visit"], Answer]


def request_limit(settings: Settings) -> int:
    """Return how long an ordinary form may be, in bytes."""
    return settings.request_max_bytes


@dataclass(frozen=True, slots=True)
class Page:
    """One address and method. `operation` is its key in the table of permissions.

    A form names in `form` what shows it: where what was sent is refused, the form is shown again
    with the error, and with everything that was typed.
    """

    name: str
    rule: str
    handler: Handler
    operation: str
    method: str = "GET"
    form: Handler | None = None
    #: a form may be this long
    limit: Callable[[Settings], int] = request_limit
    #: runs before the transaction, once it is known who asks: what takes long
    prepare: Callable[[Visit], Any] | None = None

    @property
    def safe(self) -> bool:
        """Tell whether it changes nothing."""
        return self.method == "GET"

    @property
    def public(self) -> bool:
        """Tell whether nobody need be logged in."""
        return allowed(self.operation) == PUBLIC


def show(name: str, rule: str, handler: Handler, operation: str) -> Page:
    """Return a page that shows something."""
    return Page(name, rule, handler, operation)


def act(
    name: str, rule: str, handler: Handler, operation: str, *, form: Handler | None, **more: Any
) -> Page:
    """Return the address a form is sent to."""
    return Page(name, rule, handler, operation, method="POST", form=form, **more)
