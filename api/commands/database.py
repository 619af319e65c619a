"""The database of the settings, as commands use it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click

from engine.clock import SystemClock
from engine.service.work import ADMIN, Actor, Work
from engine.settings import Settings
from engine.store.database import open_database, transaction, upgrade

#: who acts where somebody types commands on the server: they reach the database anyway
OPERATOR = Actor(None, "command line", frozenset({(ADMIN, "")}))


@contextmanager
def working() -> Iterator[Work]:
    """Open the database, its schema the newest, and commit what is done in it at the end."""
    settings = Settings.from_env()
    upgrade(settings.database_url)
    engine = open_database(settings.database_url, settings.sqlite_synchronous)
    try:
        with transaction(engine) as db:
            yield Work(db, SystemClock().now(), OPERATOR, settings)
    finally:
        engine.dispose()


@click.group("db")
def database() -> None:
    """Look after the database."""


@database.command("upgrade")
def bring_up() -> None:
    """Bring the database to the present schema; what is in it stays."""
    upgrade(Settings.from_env().database_url)
    click.echo("the schema is the newest")
