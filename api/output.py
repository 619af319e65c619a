"""How commands print: tables for people, JSON for programs, one line for what went wrong."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any, TypeVar

import click
from pydantic_core import to_jsonable_python
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn
from rich.table import Table

from engine.errors import LianshenError

F = TypeVar("F", bound=Callable[..., Any])

#: what a remedy says to programs, and to people at a terminal
OVER_HTTP = "send the request again", "run the command again"
TABLE = "table"
JSON = "json"


class Refused(click.ClickException):
    """An error of the engine, in one line: what is wrong, and what to do."""

    exit_code = 1

    def __init__(self, error: LianshenError) -> None:
        super().__init__(error.sentences().replace(*OVER_HTTP))


class Commands(click.Group):
    """A group whose commands end with one line, not with a traceback, for what users can mend."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except LianshenError as error:
            raise Refused(error) from error
        except Exception as error:
            # whoever met a database has loaded this already; the others need not
            failure = import_module("engine.service.health").translated(error)
            if failure is None:
                raise
            failure.message += f": {getattr(error, 'orig', error)}".splitlines()[0]
            raise Refused(failure) from error


def formatted(command: F) -> F:
    """Give a command the option `--format`, as its argument `style`."""
    option = click.option(
        "--format",
        "style",
        type=click.Choice([TABLE, JSON]),
        default=TABLE,
        show_default=True,
        help="How to print the result.",
    )
    return option(command)


def show(value: Any, style: str, table: Callable[[Any], Any]) -> None:
    """Print a result as JSON, or as what `table` makes of it."""
    if style == JSON:
        click.echo(json.dumps(to_jsonable_python(value), ensure_ascii=False, indent=2))
        return
    drawn = table(value)
    if isinstance(drawn, str):
        click.echo(drawn)
    else:
        Console(highlight=False).print(drawn)


@contextmanager
def progress(what: str) -> Iterator[Callable[[int, int], None]]:
    """Give what draws a bar on standard error, told how much of all is done.

    It draws only where somebody watches a terminal, so that what is piped stays as it is.
    """
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn())
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bar:
        task = bar.add_task(what, total=1)
        yield lambda done, every: bar.update(task, completed=done, total=every)


def rows(headings: Iterable[str], lines: Iterable[Iterable[Any]], title: str = "") -> Table:
    """Return a table; numbers stand right."""
    found = [[*line] for line in lines]
    table = Table(title=title or None, box=None, pad_edge=False, title_justify="left")
    for index, heading in enumerate(headings):
        numbers = bool(found) and all(isinstance(line[index], int) for line in found)
        table.add_column(heading, justify="right" if numbers else "left", overflow="fold")
    for line in found:
        table.add_row(*("" if each is None else str(each) for each in line))
    return table
