"""A service with a small procedure and a user of every role; answers are held to the document."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import Engine

from api.app import create_app
from engine.clock import FrozenClock
from engine.service import identity, procedures, tokens
from engine.service.work import ROLES, SYSTEM, Work
from engine.settings import Settings
from engine.store.database import open_database, transaction
from tests.api import small
from tests.api.conformity import Conformity

#: everybody, with the department their role is bound to
DEPARTMENTS = {"clerk": "PLAN", "reviewer": "LAND"}


class Compiled(BytecodeCache):
    """Templates compiled once for all applications of a process."""

    def __init__(self) -> None:
        self.known: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self.known:
            bucket.bytecode_from_string(self.known[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.known[bucket.key] = bucket.bytecode_to_string()


COMPILED = Compiled()


@dataclass
class Client:
    """A client with a token, or without; paths are below /api/v1."""

    app: Flask
    conformity: Conformity
    token: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.browser = self.app.test_client()

    def call(self, method: str, path: str, **options: Any) -> Any:
        headers = {**self.headers, **options.pop("headers", {})}
        if self.token:
            headers.setdefault("Authorization", f"Bearer {self.token}")
        where = (
            path
            if path.startswith(("/api", "/healthz", "/readyz", "/metrics"))
            else f"/api/v1{path}"
        )
        answer = self.browser.open(where, method=method, headers=headers, **options)
        self.conformity.check(answer)
        return answer

    def get(self, path: str, **options: Any) -> Any:
        return self.call("GET", path, **options)

    def post(self, path: str, body: Any = None, **options: Any) -> Any:
        if body is not None:
            options["json"] = body
        return self.call("POST", path, **options)

    def patch(self, path: str, body: Any, **options: Any) -> Any:
        return self.call("PATCH", path, json=body, **options)

    def delete(self, path: str, **options: Any) -> Any:
        return self.call("DELETE", path, **options)


@dataclass
class Service:
    """A service under test."""

    app: Flask
    engine: Engine
    settings: Settings
    clock: FrozenClock
    conformity: Conformity
    secrets: dict[str, str] = field(default_factory=dict)

    def __call__(self, name: str = "") -> Client:
        """A client of a user; without a name, of nobody."""
        return Client(self.app, self.conformity, self.secrets[name] if name else "")

    def act(self, verb: Callable[..., Any], *given: Any, **named: Any) -> Any:
        """Do something through the services, as the service itself."""
        with transaction(self.engine) as db:
            return verb(Work(db, self.clock.now(), SYSTEM, self.settings), *given, **named)

    def add_user(self, name: str, *roles: tuple[str, str], password_hash: str | None = None) -> int:
        """Add a user with a token; returns their id."""
        view = self.act(identity.create, name, password_hash=password_hash, roles=set(roles))
        self.secrets[name] = self.act(tokens.create, view.id, "test").token
        return int(view.id)

    def project(self, applicant: str = "applicant") -> int:
        """A started project of the small procedure; returns its id."""
        body = {"name": "Plant", "procedure": small.PROCEDURE, "applicant": applicant}
        project = self("coordinator").post("/projects", body).json
        started = self("coordinator").post(f"/projects/{project['id']}/start")
        assert started.status_code == 200
        return int(project["id"])

    def task(self, project: int) -> dict[str, Any]:
        """The one open task of a project."""
        found = self("coordinator").get(f"/tasks?project={project}").json
        [task] = found["items"]
        return dict(task)


@pytest.fixture
def bare(sqlite_url: str, tmp_path: Path, clock: FrozenClock) -> Iterator[Service]:
    """A service without users or procedures, on SQLite."""
    yield from stand_up(sqlite_url, tmp_path, clock)


@pytest.fixture
def service(bare: Service) -> Service:
    """A service with a user of every role and the small procedure, on SQLite."""
    return furnish(bare)


@pytest.fixture
def both(database_url: str, tmp_path: Path, clock: FrozenClock) -> Iterator[Service]:
    """The same as `service`, on SQLite and on PostgreSQL in turn."""
    for found in stand_up(database_url, tmp_path, clock):
        yield furnish(found)


def stand_up(url: str, folder: Path, clock: FrozenClock) -> Iterator[Service]:
    settings = replace(Settings(), database_url=url, data_dir=folder)
    engine = open_database(url, "NORMAL")
    app = create_app(settings, engine, clock, setup_code="the-code")
    app.jinja_env.bytecode_cache = COMPILED
    conformity = Conformity(app, app.extensions["lianshen"].document)
    yield Service(app, engine, settings, clock, conformity)
    engine.dispose()


def furnish(service: Service) -> Service:
    for role in ROLES:
        service.add_user(role, (role, DEPARTMENTS.get(role, "")))
    service.act(procedures.deploy, {"small.bpmn": small.diagram()})
    return service
