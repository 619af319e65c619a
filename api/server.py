"""The server process: granian in front, one process of Python threads behind it.

Granian's own process only watches; the child that it forks holds the application, the clock
and the worker. The child ends with its parent, however that ends.
"""

from __future__ import annotations

import os
import secrets
import signal
import socket
import threading
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from multiprocessing.util import Finalize

import click
from flask import Flask
from granian import Granian
from granian.constants import HTTPModes, Interfaces

from api import logs
from api.app import create_app
from engine.clock import Clock, FrozenClock, SystemClock
from engine.errors import Unavailable
from engine.scheduler import Scheduler
from engine.service import bundled, identity
from engine.service.work import SYSTEM, Work
from engine.settings import Settings
from engine.store.database import open_database, transaction, upgrade

#: seconds that requests under way get to end
GRACE_SECONDS = 20
ORPHANED_AFTER_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Start:
    """How to start: with the time frozen or not, with the worker or without."""

    clock: datetime | None = None
    scheduler: bool = True

    def make_clock(self) -> Clock:
        """Return the clock."""
        return FrozenClock(self.clock) if self.clock else SystemClock()


def serve(settings: Settings, host: str, port: int, start: Start) -> None:
    """Serve until told to stop by SIGTERM or SIGINT. Raises Unavailable where the port is taken."""
    refuse_taken(host, port)
    logs.configure()
    setup_code = secrets.token_urlsafe(16)
    new = prepare(settings, start)
    granian = Granian(
        "lianshen",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=settings.threads,
        http=HTTPModes.http1,
        log_enabled=False,
        workers_kill_timeout=GRACE_SECONDS,
    )
    granian.on_startup(partial(announce, host, port, setup_code if new else ""))
    load = partial(application, settings, start, setup_code, os.getpid())
    granian.serve(target_loader=load, wrap_loader=False)


def refuse_taken(host: str, port: int) -> None:
    """Raise Unavailable where nobody can listen at an address."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            text = f"cannot listen at {host}, port {port}: {error.strerror}"
            raise Unavailable(text) from error


def prepare(settings: Settings, start: Start) -> bool:
    """Make the database ready; tell whether there is no user yet.

    Everything it opens is closed again: the process forks afterwards.
    """
    upgrade(settings.database_url)
    engine = open_database(settings.database_url, settings.sqlite_synchronous)
    try:
        with transaction(engine) as db:
            work = Work(db, start.make_clock().now(), SYSTEM, settings)
            bundled.deploy(work)
            return identity.is_empty(work)
    finally:
        engine.dispose()


def announce(host: str, port: int, setup_code: str) -> None:
    """Print where the service is, and how the first administrator comes in."""
    name = f"[{host}]" if ":" in host else host
    click.echo(f"Lianshen listens at http://{name}:{port} (API documentation: /api/docs)")
    if setup_code:
        click.echo(
            "There is no user yet. Add the first administrator with\n"
            f"  lianshen user add NAME --role admin\n"
            f"or, from elsewhere, with POST /api/v1/setup and the code {setup_code}"
        )


def application(settings: Settings, start: Start, setup_code: str, parent: int) -> Flask:
    """Return the application, in the child that serves it."""
    end_with(parent)
    engine = open_database(settings.database_url, settings.sqlite_synchronous)
    clock = start.make_clock()
    Finalize(None, engine.dispose, exitpriority=1)
    if start.scheduler:
        worker = Scheduler(engine, clock, settings)
        worker.start()
        Finalize(None, worker.stop, exitpriority=2)
    return create_app(settings, engine, clock, setup_code)


def end_with(parent: int) -> None:
    """Let this process end, orderly, when its parent is gone."""

    def watch() -> None:
        forever = threading.Event()
        while os.getppid() == parent:
            forever.wait(ORPHANED_AFTER_SECONDS)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="orphan-watch", daemon=True).start()
