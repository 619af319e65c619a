"""The pages of a big city: how long the service takes, how often it asks, how much is loaded."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import quantiles
from time import perf_counter, process_time
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser
from sqlalchemy import Engine, event

from api.app import create_app
from api.auth import COOKIE
from bench import metropolis
from engine.clock import FrozenClock
from engine.service import identity, tokens
from engine.service.work import SYSTEM, Work
from engine.settings import Settings
from engine.store.database import open_database, transaction
from tests.browser import chromium, city
from tests.browser.places import places
from tests.browser.sites import NOBODY, SITES, Site
from tests.e2e.servers import Installation

WARM_UP = 5
REQUESTS = 60
GOALS = ("goal", "≤ 100", "", "≤ 12", "", "≤ 1,500")


@dataclass
class Metropolis:
    """The service in this process, on the database of a big city."""

    app: Flask
    engine: Engine
    settings: Settings
    where: dict[str, str] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    sessions: dict[str, str] = field(default_factory=dict)

    def session(self, name: str) -> str:
        """Return the secret of somebody's login session."""
        if name not in self.sessions:
            with transaction(self.engine) as db:
                work = Work(db, city.NOW, SYSTEM, self.settings)
                user = identity.named(work, name)
                self.sessions[name] = tokens.open_session(work, user.id)
        return self.sessions[name]

    def client(self, name: str) -> FlaskClient:
        """Return the client of somebody who is logged in, or of nobody."""
        client = self.app.test_client()
        if name != NOBODY:
            client.set_cookie(COOKIE, self.session(name))
        return client

    def get(self, name: str, path: str) -> Any:
        """Look something up over REST."""
        return json.loads(self.client(name).get(f"/api/v1{path}").data)


@dataclass(frozen=True, slots=True)
class Cost:
    """What a page costs: milliseconds on the clock and of the processor, statements, bytes sent."""

    p95_ms: float
    processor_ms: float
    statements: int
    bytes: int


@contextmanager
def metropolis_in(folder: Path) -> Iterator[Metropolis]:
    """Build a big city in a folder."""
    home = folder / "metropolis"
    city.build("full", home)
    url = f"sqlite:///{home / city.DATABASE}"
    settings = replace(Settings(), database_url=url, data_dir=home)
    engine = open_database(url, settings.sqlite_synchronous)
    app = create_app(settings, engine, FrozenClock(city.NOW))
    built = Metropolis(app, engine, settings)
    built.where = places(built.get)
    built.rows = metropolis.fill(engine)
    yield built
    engine.dispose()


def measured(built: Metropolis) -> Iterator[tuple[Site, Cost]]:
    """Yield every page that shows the full city, with its cost; one that fails is told of."""
    seen = [0]

    @event.listens_for(built.engine, "before_cursor_execute")
    def note(*_: Any) -> None:
        seen[0] += 1

    for site in SITES:
        if site.city != "full" or site.status != 200:
            continue
        try:
            yield site, cost(built, site, seen)
        except RuntimeError as error:
            print(f"not measured: {error}", file=sys.stderr)


def cost(built: Metropolis, site: Site, seen: list[int]) -> Cost:
    """Return what a page costs. Raises RuntimeError where it does not answer."""
    path, name = site.at(built.where)
    client = built.client(name)
    times, worked, statements, size = [], [], 0, 0
    for _ in range(WARM_UP + REQUESTS):
        seen[0], began, busy = 0, perf_counter(), process_time()
        answer = client.get(path, headers={"Accept-Encoding": "gzip"})
        times.append(1000 * (perf_counter() - began))
        worked.append(1000 * (process_time() - busy))
        if answer.status_code != site.status:
            raise RuntimeError(f"{path}: {answer.status_code}")
        statements, size = max(statements, seen[0]), len(answer.data)
    return Cost(p95(times), p95(worked), statements, size)


def p95(figures: Sequence[float]) -> float:
    """Return the 95th of a hundred, the warm-up left out."""
    return quantiles(figures[WARM_UP:], n=20)[-1]


def row(site: Site, cost: Cost, load: int | None) -> tuple[str, ...]:
    """Return a page's figures as a row of the report."""
    first = "–" if load is None else f"{load / 1000:,.0f}"
    return (
        site.name,
        f"{cost.p95_ms:.1f}",
        f"{cost.processor_ms:.1f}",
        str(cost.statements),
        f"{cost.bytes / 1000:.1f}",
        first,
    )


def size(rows: Mapping[str, int]) -> str:
    """Return how big the city is, in a sentence."""
    return f"In the database: {', '.join(f'{n:,} rows of {table}' for table, n in rows.items())}."


def first_loads(built: Metropolis, sites: Sequence[Site]) -> dict[str, int]:
    """Return the bytes that an empty browser receives, by page; none where no browser starts."""
    installation = Installation(built.settings.database_url, built.settings.data_dir)
    try:
        with (
            chromium.started() as browser,
            installation.server("--clock", city.NOW.isoformat(), "--no-scheduler") as address,
        ):
            return {site.name: first_load(built, site, browser, address) for site in sites}
    except chromium.CannotStart as refusal:
        print(f"first loads are not measured: {refusal}", file=sys.stderr)
        return {}


def first_load(built: Metropolis, site: Site, browser: Browser, address: str) -> int:
    """Return the bytes of everything one page loads into an empty browser, headers included."""
    path, name = site.at(built.where)
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    if name != NOBODY:
        secret = built.session(name)
        context.add_cookies([{"name": COOKIE, "value": secret, "url": address}])
    page = context.new_page()
    received = [0.0]
    wire = context.new_cdp_session(page)
    wire.send("Network.enable")
    wire.on("Network.loadingFinished", lambda told: received.append(told["encodedDataLength"]))
    page.goto(f"{address}{path}", wait_until="networkidle")
    context.close()
    return int(sum(received))
