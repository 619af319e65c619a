"""The city's calendar: a year of it, and what is published over the built-in table."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, TextIO

import click

from api.commands.database import working
from api.output import formatted, rows, show
from engine.rules.revision_text import parse
from engine.service import calendars, publication
from engine.service.calendars import YearView
from engine.service.publication import Draft, Preview

YEAR = click.IntRange(2004, 2050)


@click.group()
def calendar() -> None:
    """Show the business calendar in force, and publish what is decided about it."""


@calendar.command("show")
@click.argument("year", metavar="YEAR", type=YEAR)
@formatted
def show_year(year: int, style: str) -> None:
    """Show a year: its working days, and every day that is not as its day of the week."""
    with working() as work:
        found = calendars.year(work, year)
    show(found, style, drawn)


def drawn(found: YearView) -> Any:
    """Return a year as people read it."""
    total = found.totals
    title = f"{found.year}: {total.working_days} working days" + (
        ", provisional" if total.provisional else ""
    )
    lines = [
        (str(day.on), f"{day.on:%a}", day.reason.value, day.name.zh, day.name.en, day.source)
        for day in found.days
    ]
    return rows(("date", "", "reason", "name", "", "source"), lines, title)


@calendar.command()
@click.argument("file", metavar="FILE", type=click.File(encoding="utf-8-sig"))
@click.option("--source", required=True, help="The notice that decides so.")
@click.option("--note", default="", help="What else is to be remembered of it.")
@click.option(
    "--year", type=YEAR, help="It is the whole notice of that year: the next is provisional."
)
@click.option("--dry-run", is_flag=True, help="Show what would change and move; write nothing.")
@formatted
def publish(
    *, file: TextIO, source: str, note: str, year: int | None, dry_run: bool, style: str
) -> None:
    """Publish the days of FILE, and compute every open due date anew.

    A day a line, `2027-02-05 holiday 春节`, or the first and last of several with two dots
    between; or CSV. What is decided is holiday, make_up, closure, extra, or ordinary, which
    undoes an earlier decision. FILE `-` is standard input.
    """
    provisional_from = date(year + 1, 1, 1) if year else None
    draft = Draft(parse(file.read()), source, note, provisional_from)
    with working() as work:
        if dry_run:
            show(publication.preview(work, draft), style, told_before)
        else:
            show(publication.publish(work, draft), style, told)


def told(found: Any) -> str:
    """Return what was published in a line."""
    return f"revision {found.id}: {len(found.days)} days, {found.moved} due dates moved"


def told_before(found: Preview) -> str:
    """Return what would be published as people read it."""
    return "\n".join(lines(found))


def lines(found: Preview) -> Iterator[str]:
    """Yield what would change, what is doubtful, and what would move."""
    for each in found.changes:
        yield f"{each.on} {each.was.value} -> {each.now.value} {each.name.zh}".rstrip()
    for warning in found.warnings:
        yield f"warning: {warning.text}"
    for move in found.moves:
        was = move.was_promised_due_on or move.was_statutory_due_on
        now = move.promised_due_on or move.statutory_due_on
        yield f"{move.code} {move.item} {move.element}".rstrip() + f": {was} -> {now}"
    yield f"{len(found.moves)} due dates of {found.projects} projects would move"
