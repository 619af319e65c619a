"""Event logs on the command line: brought in, sent out, looked at."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, tzinfo
from pathlib import Path
from typing import Any, TypeVar

import click
from rich.console import Group

from api.commands.database import working
from api.commands.log_discovery import discover
from api.commands.scenario import acting, by
from api.commands.target import Target
from api.output import formatted, progress, rows, show
from engine.analysis.eventlog import csvlog, xes
from engine.analysis.eventlog.log import EventLog
from engine.service.logs import history, logs, reading
from engine.service.logs.history import Asked
from engine.service.logs.reading import Brought
from engine.service.logs.views import LogView
from engine.service.work import Work
from engine.settings import Settings

F = TypeVar("F", bound=Callable[..., Any])
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
OUTPUT = Target()
DATE = click.DateTime(["%Y-%m-%d"])
#: what a file is written in, by its ending
WRITERS = {".xes": xes.parts, ".csv": csvlog.parts}
#: options of a mapping: which column of a CSV file is what
COLUMNS = {
    "case": "what belongs together: a project, an application",
    "activity": "what was done",
    "end": "when it was done; the timestamp of a log that has one",
    "start": "when work on it began",
    "ready": "when it could have begun",
    "lifecycle": "what happened at the timestamp: start, complete …",
    "resource": "who did it",
    "group": "their department",
}
identified = click.argument("identifier", metavar="ID", type=click.IntRange(1))


def mapped(command: F) -> F:
    """Give a command the options that say which column of a CSV file is what."""
    text = "How times are written, as in strptime: %d/%m/%Y %H:%M."
    command = click.option("--date-format", help=text)(command)
    traits = "Column of what belongs to the case. May be repeated."
    command = click.option("--trait", "traits", multiple=True, help=traits)(command)
    for name, what in reversed(COLUMNS.items()):
        command = click.option(f"--{name}", help=f"Column: {what}.")(command)
    return command


def mapping_of(given: dict[str, Any], seen: dict[str, Any]) -> dict[str, Any] | None:
    """Return the mapping of the options over what the columns seem to be; None without any."""
    chosen = {name: value for name, value in given.items() if value}
    return {**seen, **chosen} if chosen else None


def read(file: Path, given: dict[str, Any], settings: Settings) -> Brought:
    """Return the log of a file, with a bar where somebody watches."""
    with progress(f"reading {file.name}") as told:
        told(0, 1)
        content = file.read_bytes()
        chosen = any(given.values())
        seen = reading.preview(content, settings).guess.data() if chosen else {}
        found = reading.read(content, mapping_of(given, seen), settings)
        told(1, 1)
    return found


@click.group()
def log() -> None:
    """Event logs: brought in, sent out, and what they tell of how long work takes."""


log.add_command(discover)


@log.command("import")
@click.argument("file", type=FILE)
@click.option("--name", help="What it is called; the file's name without it.")
@mapped
@by
@formatted
def bring_in(file: Path, name: str | None, user: str | None, style: str, **given: Any) -> None:
    """Keep the event log FILE: XES or CSV, packed by gzip or not.

    Which column of a CSV file is what is guessed from their names; the options correct that.
    """
    brought = read(file, given, Settings.from_env())
    with acting(user) as work:
        key = logs.keep(work, name or stem(file), brought, file.name)
        found = logs.get(work, key)
    show(found, style, shown)


def stem(file: Path) -> str:
    """Return a file's name without what tells its kind."""
    return Path(file.name.removesuffix(".gz")).stem


@log.command("list")
@click.option("--procedure", help="Only those calibrated on this procedure.")
@formatted
def find(procedure: str | None, style: str) -> None:
    """List the event logs, the newest first."""
    with working() as work:
        found = logs.find(work, procedure=procedure, limit=500).items
        zone = work.settings.zone
    lines = [line(each, zone) for each in found]
    show({"items": found}, style, lambda _told: rows(HEADINGS, lines))


HEADINGS = ("id", "name", "events", "cases", "from", "until", "calibrated on", "by")


def line(found: LogView, zone: tzinfo) -> tuple[Any, ...]:
    """Return a log's line, with days of a time zone."""
    on = (found.procedure or "itself") if found.calibrated else ""
    days = [
        each and f"{each.astimezone(zone):%Y-%m-%d}" for each in (found.first_at, found.last_at)
    ]
    return (found.id, found.name, found.events, found.cases, *days, on, found.created_by)


@log.command("show")
@identified
@formatted
def show_one(identifier: int, style: str) -> None:
    """Show what is known of an event log."""
    with working() as work:
        found = logs.get(work, identifier)
    show(found, style, shown)


def shown(found: LogView) -> Group:
    """Return a log as people read it, with days of the city's."""
    zone = Settings.from_env().zone
    head = f"{found.id} {found.name}: {found.events} events of {found.cases} cases"
    rest = f"{found.activities} activities, {found.resources} resources"
    span = ""
    if found.first_at and found.last_at:
        first, last = (each.astimezone(zone) for each in (found.first_at, found.last_at))
        span = f"{first:%Y-%m-%d} to {last:%Y-%m-%d}"
    one = ["no event says when work began: waiting and work cannot be told apart"]
    columns = {name: value for name, value in found.mapping.items() if value and name in COLUMNS}
    return Group(
        *filter(None, (head, rest, span)),
        *(one if found.one_timestamp else ()),
        *(f"note: {each}" for each in found.notes),
        *(f"{name}: column {value}" for name, value in columns.items()),
    )


@log.command()
@click.argument("file", type=OUTPUT)
@click.option("--log", "identifier", type=click.IntRange(1), help="A kept log, not the history.")
@click.option("--procedure", help="Only projects of this procedure.")
@click.option("--since", type=DATE, help="Only projects started on this day or later.")
@click.option("--until", type=DATE, help="Only projects started on this day or earlier.")
@click.option("--level", type=click.Choice([*history.LEVELS]), default="step", show_default=True)
@click.option("--named", is_flag=True, help="With the names of people and projects.")
def export(*, file: Path, identifier: int | None, named: bool, **asked: Any) -> None:
    """Write the city's own history into FILE, a .xes or .csv; or, with --log, a kept log.

    People are numbers and projects have codes alone, unless --named is given.
    """
    if file.suffix not in WRITERS:
        raise click.BadParameter("an event log is a .xes or .csv file", param_hint="FILE")
    with working() as work, progress(f"writing {file.name}") as told:
        told(0, 1)
        found = chosen(work, identifier, wanted(asked, named=named))
        with file.open("wb") as target:
            target.writelines(WRITERS[file.suffix](found, timezone=work.settings.zone))
        told(1, 1)
    click.echo(f"{file}: {counted(found)}")


def chosen(work: Work, identifier: int | None, asked: Asked) -> EventLog:
    """Return a kept log, or the city's own history where none is named."""
    return history.own(work, **asked) if identifier is None else logs.log(work, identifier)


def wanted(asked: dict[str, Any], *, named: bool) -> Asked:
    """Return which history is asked for."""
    return Asked(
        procedure=asked["procedure"],
        since=day(asked["since"]),
        until=day(asked["until"]),
        level=asked["level"],
        anonymous=not named,
    )


def day(given: datetime | None) -> date | None:
    """Return the day of an option."""
    return given.date() if given else None


def counted(found: EventLog) -> str:
    """Return how much a log holds, in words."""
    return f"{len(found)} events of {len(found.cases)} cases"


@log.command()
@identified
@by
def remove(identifier: int, user: str | None) -> None:
    """Remove an event log with all that was found in it."""
    with acting(user) as work:
        logs.remove(work, identifier)
    click.echo(f"event log {identifier} is removed")
