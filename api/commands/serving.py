"""The server, and the worker alone."""

from __future__ import annotations

import signal
import threading
from datetime import datetime

import click

from api import server
from api.instant import InstantType
from engine import scheduler as worker
from engine.clock import SystemClock
from engine.settings import Settings
from engine.store.database import open_database, upgrade


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen at.")
@click.option("--port", default=8080, show_default=True, type=click.IntRange(1, 65535))
@click.option(
    "--clock",
    type=InstantType(),
    help="Freeze the time, for trials and tests; POST /api/v1/clock moves it.",
)
@click.option(
    "--scheduler/--no-scheduler",
    default=True,
    show_default=True,
    help="Sweep for what falls due in this process.",
)
def serve(host: str, port: int, clock: datetime | None, *, scheduler: bool) -> None:
    """Serve the REST interface and its documentation.

    Brings the schema up to date and deploys the city's procedures first.
    """
    server.serve(Settings.from_env(), host, port, server.Start(clock, scheduler))


@click.command()
def scheduler() -> None:
    """Sweep for what falls due, without serving: beside servers with --no-scheduler."""
    settings = Settings.from_env()
    upgrade(settings.database_url)
    engine = open_database(settings.database_url, settings.sqlite_synchronous)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    worker.run(engine, SystemClock(), settings, stop)
    engine.dispose()
