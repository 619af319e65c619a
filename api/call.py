"""What a handler is given, and what it may answer beyond a plain view."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any, TypeAlias

from api.metrics import Metrics
from engine.clock import Clock
from engine.service.work import Actor, Work
from engine.settings import Settings

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

#: what transactions are opened on, and what one is
Database: TypeAlias = "Engine"
Transaction: TypeAlias = "Connection"


LOCAL_NAMES = frozenset({"localhost", "127.0.0.1", "[::1]"})


@dataclass(frozen=True, slots=True)
class Service:
    """What all requests share. `setup_code` lets the first administrator in from elsewhere."""

    engine: Database
    settings: Settings
    clock: Clock
    secret_key: bytes
    setup_code: str
    metrics: Metrics
    #: the OpenAPI document
    document: bytes


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a request comes from."""

    address: str
    #: the name it was sent to, without the port
    host: str
    #: a proxy passed it on
    forwarded: bool
    secure: bool
    #: the secret of the session cookie, '' without one
    session: str = ""

    @property
    def local(self) -> bool:
        """Tell whether the client itself runs on this machine, and was not led here by a name."""
        if self.forwarded or self.host not in LOCAL_NAMES:
            return False
        try:
            return ip_address(self.address).is_loopback
        except ValueError:
            return False


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it was sent; `name` is '' where the request gave none."""

    name: str
    content_type: str
    content: bytes
    field: str = ""


@dataclass(frozen=True, slots=True)
class Call:
    """One request, read and checked. `work` is missing where a route works outside transactions."""

    service: Service
    origin: Origin
    actor: Actor
    path: Mapping[str, Any]
    query: Any
    body: Any
    _work: Work | None = None
    #: what the route's `prepare` returned
    prepared: Any = None
    #: the version an If-Match header names
    expected_version: int | None = None
    #: the secret of the login session that the actor came with, '' for a token
    session: str = ""

    @property
    def work(self) -> Work:
        """The unit of work; only routes inside a transaction have one."""
        if self._work is None:
            raise TypeError("this route works outside transactions")
        return self._work


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer with a status or headers of its own."""

    value: Any
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Content:
    """A file as an answer, in one or in pieces."""

    content: bytes | Iterator[bytes]
    content_type: str
    name: str = ""
