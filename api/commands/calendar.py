"""Questions about working days."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date as date_type
from datetime import datetime
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeVar

import click

from api.output import formatted, rows, show
from engine.rules import china
from engine.rules import workdays as answers
from engine.rules.deadline import DayUnit
from engine.rules.legal_clock import Stop

if TYPE_CHECKING:
    from engine.rules.calendar import BusinessCalendar

F = TypeVar("F", bound=Callable[..., Any])
DATE = click.DateTime(["%Y-%m-%d"])
DAYS = click.IntRange(min=0)


def by_city(command: F) -> F:
    """Give a command the option `--city`."""
    text = "Count by the city's calendar, with all that was published; this needs its database."
    return click.option("--city", is_flag=True, help=text)(command)


def chosen(*, city: bool) -> BusinessCalendar:
    """Return the national calendar as built in, or the city's."""
    if not city:
        return china.calendar()
    # whoever counts by the national calendar need not load, nor have, a database
    database: Any = import_module("api.commands.database")
    with database.working() as work:
        found: BusinessCalendar = work.calendar
        return found


@click.group()
def workdays() -> None:
    """Count working days by the national calendar: make-up days count, holidays do not.

    The first day is not counted, worked or not; day 1 is the next working day.
    """


@workdays.command()
@click.argument("date", metavar="DATE", type=DATE)
@click.argument("number", metavar="N", type=DAYS)
@by_city
@formatted
def add(date: datetime, number: int, style: str, *, city: bool) -> None:
    """Show the date N working days after DATE."""
    show(answers.add(chosen(city=city), date.date(), number), style, lambda found: found["date"])


@workdays.command()
@click.argument("start", metavar="A", type=DATE)
@click.argument("end", metavar="B", type=DATE)
@by_city
@formatted
def between(start: datetime, end: datetime, style: str, *, city: bool) -> None:
    """Show how many working days lie after A up to and including B."""
    found = answers.between(chosen(city=city), start.date(), end.date())
    show(found, style, lambda count: str(count["working_days"]))


class Span(click.ParamType[Stop]):
    """A time a clock stood still, as FROM/UNTIL."""

    name = "FROM/UNTIL"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Stop:
        try:
            from_on, until_on = map(date_type.fromisoformat, str(value).split("/"))
        except ValueError:
            self.fail(f"{value!r} is not two dates such as 2014-10-14/2014-10-20", param, ctx)
        if until_on < from_on:
            self.fail(f"{value!r}: it ends before it begins", param, ctx)
        return Stop(from_on, until_on)


@workdays.command()
@click.argument("date", metavar="DATE", type=DATE)
@click.argument("number", metavar="N", type=DAYS)
@click.option(
    "--unit",
    type=click.Choice([each.value for each in DayUnit]),
    default=DayUnit.WORKING.value,
    show_default=True,
    help="What N counts. Calendar days that end on a day of rest end on the next working day.",
)
@click.option(
    "--stop",
    "stops",
    type=Span(),
    multiple=True,
    help="The clock stood still: the first day counts, the last does not. May be repeated.",
)
@click.option("--extension", type=DAYS, default=0, help="So many days more, of the same unit.")
@by_city
@formatted
def explain(
    date: datetime,
    number: int,
    unit: str,
    stops: tuple[Stop, ...],
    extension: int,
    style: str,
    *,
    city: bool,
) -> None:
    """Show every day from DATE to N working days later, and why it counts or does not."""
    calendar, kind = chosen(city=city), DayUnit(unit)
    found = answers.explain(calendar, date.date(), number, kind, stops, extension)
    show(found, style, listed)


def listed(found: Any) -> Any:
    """Return the days as people read them."""
    lines = [
        (day["date"], day["weekday"][:3], day["number"] or "", day["reason"], day["source"])
        for day in found["days"]
    ]
    return rows(("date", "", "day", "reason", "source"), lines)
