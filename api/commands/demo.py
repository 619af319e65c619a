"""A demonstration city."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

from api.commands.database import OPERATOR
from api.demonstration.city import Demonstration
from api.instant import InstantType
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
@click.option(
    "--clock",
    type=InstantType(),
    help="Load the city as it stands at that instant, for a server with the same --clock.",
)
@formatted
def load(*, if_empty: bool, clock: datetime | None, style: str) -> None:
    """Load a demonstration city: users of every role, and projects at every age.

    The projects are run through the same services as any other, day by day, for a year. All
    users get one password, made anew. Never load it into a database that works for a city:
    users and projects that are there stay, and the demonstration is added.
    """
    settings = Settings.from_env()
    upgrade(settings.database_url)
    engine = open_database(settings.database_url, settings.sqlite_synchronous)
    now = clock or SystemClock().now()
    with transaction(engine, read_only=True) as db:
        empty = identity.is_empty(Work(db, now, OPERATOR, settings))
    if empty or not if_empty:
        password = secrets.token_urlsafe(9)
        with progress() as told:
            loaded = Demonstration(engine, settings, now).load(password, told)
        show({**loaded, "password": password}, style, told_of)
    engine.dispose()


@contextmanager
def progress() -> Iterator[Callable[[float], object]]:
    """Give what draws a bar of the simulated year, where somebody watches a terminal."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn())
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bar:
        year = bar.add_task("a year in the city", total=1.0)
        yield lambda done: bar.update(year, completed=done)


def told_of(shown: dict[str, object]) -> str:
    """Return what was loaded as people read it."""
    return (
        f"{shown['projects']} projects, {shown['tasks']} tasks completed\n"
        f"users: {', '.join(shown['users'])}\n"  # type: ignore[arg-type]
        f"their password: {shown['password']}"
    )
