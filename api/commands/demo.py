"""A demonstration city."""

from __future__ import annotations

import secrets

import click

from api import demonstration
from api.commands.database import OPERATOR
from api.output import formatted, show
from engine.clock import SystemClock
from engine.service import identity
from engine.service.work import Work
from engine.settings import Settings
from engine.store.database import open_database, transaction, upgrade


@click.group()
def demo() -> None:
    """Load demonstration data."""


@demo.command()
@click.option("--if-empty", is_flag=True, help="Do nothing where there are users already.")
@formatted
def load(*, if_empty: bool, style: str) -> None:
    """Load a demonstration city: users of every role, and projects that have come some way.

    The projects are run through the same services as any other, day by day. All users get one
    password, made anew and shown this once.
    """
    settings = Settings.from_env()
    upgrade(settings.database_url)
    engine = open_database(settings.database_url, settings.sqlite_synchronous)
    with transaction(engine, read_only=True) as db:
        empty = identity.is_empty(Work(db, SystemClock().now(), OPERATOR, settings))
    if empty or not if_empty:
        password = secrets.token_urlsafe(9)
        city = demonstration.Demonstration(engine, settings, SystemClock().now())
        show({**city.load(password), "password": password}, style, told)
    engine.dispose()


def told(shown: dict[str, object]) -> str:
    """Return what was loaded as people read it."""
    return (
        f"{shown['projects']} projects, {shown['tasks']} tasks completed\n"
        f"users: {', '.join(shown['users'])}\n"  # type: ignore[arg-type]
        f"their password, shown this once: {shown['password']}"
    )
